"""Finds libtorch: the folder the user names, the torch of an active Python, the cache, else the pinned download."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import re

from . import pins
from .errors import FetchError, broken
from .packages import Options, ensure
from .progress import say

_NEEDED = ("lib/libtorch_cpu.so", "lib/libc10.so", "include/ATen/ATen.h", "include/torch/csrc/api/include/torch/torch.h")
# Newer releases first: theirs includes the other.
_VERSION_HEADERS = ("include/torch/headeronly/version.h", "include/torch/csrc/api/include/torch/version.h")


@dataclasses.dataclass(frozen=True)
class Libtorch:
    """A usable libtorch: root holds include/ and lib/; library_dirs are for the RPATH."""

    root: pathlib.Path
    version: str
    source: str

    @property
    def library_dirs(self) -> list[pathlib.Path]:
        companions = sorted((self.root.parent / "nvidia").glob("*/lib"))
        return [self.root / "lib", *companions]


def find(options: Options, named: str | None = None) -> Libtorch:
    """Returns the first usable libtorch in the documented order."""
    for source, place in (("--libtorch", named), ("LIBTORCH", os.environ.get("LIBTORCH"))):
        if place:
            return inspect(pathlib.Path(place), source)
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        found = _of_python(os.environ.get(variable), variable)
        if found:
            return found
    return inspect(ensure(pins.LIBTORCH, options) / "torch", "cache")


def inspect(folder: pathlib.Path, source: str) -> Libtorch:
    """Checks that a folder is a libtorch of a supported release; also accepts the folder that contains torch/."""
    folder = folder.absolute()
    roots = [root for root in (folder, folder / "torch") if (root / "lib").is_dir()]
    root = roots[0] if roots else folder
    missing = [name for name in _NEEDED if not (root / name).is_file()]
    if missing:
        raise broken(f"{source}: {folder} is no libtorch: it has no {missing[0]}")
    version = _version(root)
    if not pins.LIBTORCH_OLDEST <= version[:2] <= pins.LIBTORCH_NEWEST:
        text = ".".join(map(str, version))
        raise broken(f"{source}: {folder} is libtorch {text}; 2.11 to 2.15 is supported")
    return Libtorch(root, ".".join(map(str, version)), source)


def _version(root: pathlib.Path) -> tuple[int, ...]:
    for header in _VERSION_HEADERS:
        path = root / header
        text = path.read_text(errors="replace") if path.is_file() else ""
        numbers = [re.search(rf"#define TORCH_VERSION_{part}\s+(\d+)", text) for part in ("MAJOR", "MINOR", "PATCH")]
        if all(numbers):
            return tuple(int(number.group(1)) for number in numbers)
    raise broken(f"{root} names no version in {_VERSION_HEADERS[0]}")


def _of_python(prefix: str | None, variable: str) -> Libtorch | None:
    """Returns the torch of an active environment; ignores one of an unsupported release, with a message."""
    if not prefix:
        return None
    for folder in sorted(pathlib.Path(prefix).glob("lib/python3*/site-packages/torch")):
        try:
            return inspect(folder, variable)
        except FetchError as error:
            say(f"not used: {error}")
    return None
