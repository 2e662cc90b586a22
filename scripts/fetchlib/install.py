"""Installs checked wheels into the cache: unpacks beside the target, then renames, so that no install is ever partial."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import pathlib
import pwd
import shutil
import stat
import zipfile

from .errors import FetchError, broken, cannot_write, unavailable
from .pins import Package, Wheel
from .progress import say

MANIFEST = "duovox-manifest.json"


def default_cache() -> pathlib.Path:
    """${XDG_CACHE_HOME:-~/.cache}/duovox, as in org.duovox.io.CacheDirectory; a relative path is ignored."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if base.startswith("/"):
        return pathlib.Path(base) / "duovox"
    home = os.environ.get("HOME", "")
    home = home if home.startswith("/") else _recorded_home()
    if not home:
        raise unavailable(
            f"no home folder is known (HOME is not set, and user {os.getuid()} has none in the password database), "
            "so there is no place for downloads: set HOME or XDG_CACHE_HOME to an absolute path"
        )
    return pathlib.Path(home) / ".cache" / "duovox"


def _recorded_home() -> str:
    """Returns the home folder of the password database; ignores /, as Java does."""
    try:
        home = pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        return ""
    return home if home.startswith("/") and len(home) > 2 else ""


def faults(folder: pathlib.Path) -> list[str]:
    """Lists the files whose names or sizes differ from the manifest of an installed folder; empty when it is intact."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
        files = manifest["files"].items()
    except (OSError, ValueError, KeyError, AttributeError) as error:
        return [f"{MANIFEST} cannot be read ({error})"]
    found = []
    for name, size in files:
        try:
            actual = (folder / name).stat().st_size
        except OSError:
            found.append(f"{name} is missing")
            continue
        if actual != size:
            found.append(f"{name} has {actual} bytes instead of {size}")
    return found


def read_manifest(folder: pathlib.Path) -> dict:
    """Returns the manifest written when a folder was installed."""
    return json.loads((folder / MANIFEST).read_text())


def installed_wheels(folder: pathlib.Path) -> list[str]:
    """Returns the file names of the wheels that a folder was made from."""
    return [wheel["file"] for wheel in read_manifest(folder)["wheels"]]


@contextlib.contextmanager
def locked(cache: pathlib.Path, name: str):
    """Holds the lock of a cached package; a process that waits for it then finds the package installed."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        lock = (cache / f".lock-{name}").open("w")
    except OSError as error:
        raise cannot_write(cache, error) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say(f"another process is installing {name}; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def partial(cache: pathlib.Path, package: Package):
    """Yields a temporary folder beside the target and removes it at the end; the caller holds the lock, so older ones are stale."""
    for leftover in cache.glob(f".partial-{package.name}-*"):  # of any version
        shutil.rmtree(leftover, ignore_errors=True)
    free = shutil.disk_usage(cache).free
    if free < package.bytes_needed:
        lack = OSError(errno.ENOSPC, f"{package.bytes_needed // 1_000_000} MB needed, {free // 1_000_000} MB free")
        raise cannot_write(cache, lack)
    folder = cache / f".partial-{package.folder}-{os.getpid()}"
    try:
        folder.mkdir()
        yield folder
    except OSError as error:
        raise cannot_write(error.filename or folder, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def unpack(archive_path: pathlib.Path, wheel: Wheel, target: pathlib.Path) -> dict[str, int]:
    """Unpacks the wanted parts of a wheel; returns the size of each file by its name below target."""
    say(f"unpacking {archive_path.name}")
    written = {}
    try:
        with zipfile.ZipFile(archive_path) as archive:
            for member in archive.infolist():
                name = _target_name(member, wheel)
                if name:
                    _extract(archive, member, target / name)
                    written[name] = member.file_size
    except (zipfile.BadZipFile, EOFError) as error:
        raise broken(f"{archive_path} cannot be unpacked: {error}") from error
    if not written:
        raise broken(f"{archive_path} holds none of {', '.join(part for part, _ in wheel.parts)}")
    return written


def _target_name(member: zipfile.ZipInfo, wheel: Wheel) -> str | None:
    for prefix, replacement in wheel.parts:
        if not member.filename.startswith(prefix) or member.is_dir():
            continue
        path = pathlib.PurePosixPath(replacement + member.filename[len(prefix):])
        is_link = stat.S_ISLNK(member.external_attr >> 16)
        if path.is_absolute() or ".." in path.parts or "\\" in member.filename or is_link:
            raise broken(f"{wheel.file}: member {member.filename!r} would leave the folder it is unpacked into")
        return str(path)
    return None


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: pathlib.Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # it may be a hard link to an installed file
    with archive.open(member) as source, path.open("xb") as sink:
        shutil.copyfileobj(source, sink, 1 << 20)
    if member.external_attr >> 16 & 0o111:
        path.chmod(0o755)


def write_manifest(folder: pathlib.Path, package: Package, wheels: list[dict], files: dict[str, int]) -> None:
    """Records what a folder holds, for faults()."""
    manifest = {"name": package.name, "version": package.version, "wheels": wheels, "files": files}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")


def publish(folder: pathlib.Path, target: pathlib.Path) -> None:
    """Renames a complete folder to its final name; what was there before is moved away first and then removed."""
    try:
        if target.exists():
            old = folder.with_name(folder.name + "-old")
            target.rename(old)
            folder.rename(target)
            shutil.rmtree(old, ignore_errors=True)
        else:
            folder.rename(target)
    except OSError as error:
        raise FetchError(cannot_write(target, error).exit_code, f"cannot install {target}: {error.strerror}") from error
