"""Installs one package, and the CUDA libraries on top of an installed libtorch."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import platform
import shutil

from . import install, pins, wheels
from .errors import broken, unavailable
from .progress import say


@dataclasses.dataclass(frozen=True)
class Options:
    """Where to look, and whether anything may be fetched; without a named cache, the user's cache."""

    named_cache: pathlib.Path | None
    find_links: list[str]
    check_only: bool = False

    @property
    def cache(self) -> pathlib.Path:
        """Resolved only when needed: a libtorch that the user names needs no home folder."""
        return (self.named_cache or install.default_cache()).absolute()


def ensure(package: pins.Package, options: Options) -> pathlib.Path:
    """Returns the folder of a package in the cache; fetches it when it is missing or damaged."""
    target = options.cache / package.folder
    if _usable(package, target, options):
        return target
    require_platform(package.name)
    with install.locked(options.cache, package.name):
        if not _usable(package, target, options):
            _install(package, target, options)
    return target


def require_platform(name: str) -> None:
    """Refuses systems other than that of the pinned wheels."""
    system, machine = platform.system(), platform.machine()
    if system != "Linux" or machine not in ("x86_64", "AMD64"):
        hint = "; set LIBTORCH to an unpacked libtorch 2.11 to 2.15" if name == "libtorch" else ""
        raise unavailable(f"{name} is pinned for Linux on x86-64, this is {system} on {machine}{hint}")


def _usable(package: pins.Package, target: pathlib.Path, options: Options) -> bool:
    if not target.exists():
        if options.check_only:
            raise unavailable(f"{package.name} {package.version} is not in {options.cache}; get it with `duovox fetch {package.name}`")
        return False
    found = install.faults(target)
    if not found:
        return True
    text = f"{target} is damaged: " + "; ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")
    if options.check_only:
        raise broken(f"{text}; repair it with `duovox fetch {package.name}`")
    say(f"{text}; installing it again")
    return False


def _install(package: pins.Package, target: pathlib.Path, options: Options) -> None:
    folders = wheels.local_folders(options.find_links)
    with install.partial(options.cache, package) as temporary:
        whole, record, files = temporary / "whole", [], {}
        whole.mkdir()
        for wheel, path in _obtain_all(package, temporary, folders):
            files.update(install.unpack(path, wheel, whole))
            record.append({"file": path.name, "sha256": wheels.sha256(path)})
        install.write_manifest(whole, package, record, files)
        install.publish(whole, target)
    say(f"installed {package.name} {package.version} in {target}")


def _obtain_all(package: pins.Package, temporary: pathlib.Path, folders: list[pathlib.Path]):
    """Yields the checked wheels one by one; a downloaded wheel is removed after it is unpacked."""
    for wheel in package.wheels:
        if package is pins.LIBTORCH and (path := wheels.cpu_build(pins.TORCH, folders)):
            say(f"using the CPU build {path}")
            wheels.check_record(path)
            yield wheel, path
            return
        downloads = temporary / "downloads"
        yield wheel, wheels.obtain(wheel, downloads, folders)
        shutil.rmtree(downloads, ignore_errors=True)


def ensure_cuda(options: Options) -> pathlib.Path:
    """Returns the folder of the cached libtorch with all libraries that libtorch_cuda.so loads."""
    target = ensure(pins.LIBTORCH, options)
    if _has_cuda(target):
        return target
    if pins.TORCH.file not in install.installed_wheels(target):
        raise unavailable(f"{target} is a CPU build of libtorch; remove it and fetch libtorch again without the +cpu wheel")
    if options.check_only:
        raise unavailable(f"{target} has no CUDA libraries; get them (1.9 GB) with `duovox fetch cuda`")
    with install.locked(options.cache, pins.LIBTORCH.name):
        if not _has_cuda(target):
            _lay_over(target, options)
    return target


def _has_cuda(target: pathlib.Path) -> bool:
    return {wheel.file for wheel in pins.CUDA.wheels} <= set(install.installed_wheels(target))


def _lay_over(target: pathlib.Path, options: Options) -> None:
    folders = wheels.local_folders(options.find_links)
    manifest = install.read_manifest(target)
    record, files = manifest["wheels"], manifest["files"]
    with install.partial(options.cache, pins.CUDA) as temporary:
        whole = temporary / "whole"
        shutil.copytree(target, whole, copy_function=os.link, symlinks=True)
        for wheel, path in _obtain_all(pins.CUDA, temporary, folders):
            files.update(install.unpack(path, wheel, whole))
            record.append({"file": path.name, "sha256": wheel.sha256})
        (whole / install.MANIFEST).unlink()
        install.write_manifest(whole, pins.CUDA, record, files)
        install.publish(whole, target)
    say(f"installed the CUDA libraries in {target}")
