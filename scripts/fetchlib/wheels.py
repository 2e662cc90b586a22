"""Gets one exact wheel, from a folder that the user names or with pip, and refuses any other file."""

from __future__ import annotations

import base64
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import urllib.parse
import urllib.request
import zipfile

from .errors import broken, unavailable
from .pins import Wheel
from .progress import growth, say

# pip accepts exactly the named platforms: all platforms of the pinned wheels.
PLATFORMS = [f"manylinux_2_{minor}_x86_64" for minor in (28, 27, 25, 18, 17, 12, 5)]
PLATFORMS += ["manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64"]


def sha256(path: pathlib.Path) -> str:
    """Returns the hexadecimal SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def check(path: pathlib.Path, wheel: Wheel) -> None:
    """Refuses a file that is not, byte for byte, the pinned wheel."""
    actual = sha256(path)
    if actual != wheel.sha256:
        raise broken(
            f"{path} ({path.stat().st_size} bytes) is broken, cut short or another file, and was not used\n"
            f"  SHA-256 expected {wheel.sha256}\n"
            f"  SHA-256 found    {actual}"
        )


def check_record(path: pathlib.Path) -> None:
    """Refuses a wheel whose files differ from the checksums in its own RECORD; for wheels without a pinned one."""
    try:
        with zipfile.ZipFile(path) as archive:
            record = next(name for name in archive.namelist() if name.endswith(".dist-info/RECORD"))
            for line in archive.read(record).decode().splitlines():
                name, expected, _ = line.rsplit(",", 2)
                if not expected:
                    continue
                digest = hashlib.sha256()
                with archive.open(name.strip('"')) as stream:
                    while block := stream.read(1 << 20):
                        digest.update(block)
                actual = "sha256=" + base64.urlsafe_b64encode(digest.digest()).decode().rstrip("=")
                if actual != expected:
                    raise broken(f"{path} is broken, at {name}\n  RECORD says {expected}\n  found       {actual}")
    except (zipfile.BadZipFile, StopIteration, KeyError, ValueError, EOFError) as error:
        raise broken(f"{path} is no whole wheel: {error or 'it has no RECORD'}") from error


def local_folders(find_links: list[str]) -> list[pathlib.Path]:
    """Returns the folders that may hold wheels: --find-links, DUOVOX_WHEELS, then the local ones of PIP_FIND_LINKS."""
    names = list(find_links)
    names += filter(None, os.environ.get("DUOVOX_WHEELS", "").split(os.pathsep))
    names += os.environ.get("PIP_FIND_LINKS", "").split()
    folders = []
    for name in names:
        parts = urllib.parse.urlsplit(name)
        path = urllib.request.url2pathname(parts.path) if parts.scheme == "file" else name
        if parts.scheme in ("", "file") and pathlib.Path(path).is_dir():
            folders.append(pathlib.Path(path))
    return folders


def cpu_build(wheel: Wheel, folders: list[pathlib.Path]) -> pathlib.Path | None:
    """Returns a local `+cpu` build of the same release, which needs no companions, or None."""
    for folder in folders:
        for path in sorted(folder.glob(f"{wheel.package}-{wheel.version}+cpu-*x86_64.whl")):
            return path
    return None


def obtain(wheel: Wheel, into: pathlib.Path, folders: list[pathlib.Path]) -> pathlib.Path:
    """Returns the path of the checked wheel: in a local folder, or downloaded."""
    for folder in folders:
        path = folder / wheel.file
        if path.is_file():
            say(f"{wheel.package} {wheel.version}: using {path}")
            check(path, wheel)
            return path
    path = _download(wheel, into)
    check(path, wheel)
    return path


def _download(wheel: Wheel, into: pathlib.Path) -> pathlib.Path:
    into.mkdir(parents=True, exist_ok=True)
    command = [*_pip(), "download", "--no-deps", "--no-cache-dir", "--disable-pip-version-check", "--only-binary=:all:"]
    command += ["--implementation", "cp", "--python-version", "3.11", "--abi", "cp311", "--abi", "abi3", "--abi", "none"]
    for platform in PLATFORMS:
        command += ["--platform", platform]
    command += ["--dest", str(into), wheel.requirement]
    # pip downloads and unpacks in TMPDIR: within our folder nothing remains when it is killed.
    environment = dict(os.environ, TMPDIR=str(into), PIP_NO_INPUT="1")
    log = into / "pip.log"
    say(f"downloading {wheel.package} {wheel.version}")
    with log.open("w") as errors:
        if sys.stderr.isatty():
            code = subprocess.run(command, env=environment, stdout=sys.stderr, stderr=errors).returncode
        else:
            with growth(into, f"{wheel.package} {wheel.version}"):
                command += ["--progress-bar", "off", "--quiet"]
                code = subprocess.run(command, env=environment, stdout=errors, stderr=errors).returncode
    path = into / wheel.file
    if code or not path.is_file():
        raise unavailable(_missing(wheel, log))
    return path


def _pip() -> list[str]:
    own = [sys.executable, "-m", "pip"]
    if subprocess.run([*own, "--version"], capture_output=True).returncode == 0:
        return own
    if other := shutil.which("pip3"):
        return [other]
    raise unavailable(f"{sys.executable} has no pip (Debian package: python3-pip), and there is no pip3 on PATH")


def _missing(wheel: Wheel, log: pathlib.Path) -> str:
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    reasons = [line for line in lines if line.startswith("ERROR")][:2] or lines[-2:]
    text = f"pip could not download {wheel.requirement}"
    text += "".join(f"\n  pip: {line}" for line in reasons)
    text += f"\n  Without a network, provide the file {wheel.file}"
    text += f"\n  (SHA-256 {wheel.sha256}) in a folder and set DUOVOX_WHEELS to it"
    if wheel.package == "torch":
        text += ",\n  or set LIBTORCH to an unpacked libtorch 2.11 to 2.15"
    return text + "."
