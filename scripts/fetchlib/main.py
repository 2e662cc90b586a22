"""Command line of scripts/fetch: prints the path (or, with --json, an object) of what was asked for."""

from __future__ import annotations

import argparse
import json
import pathlib
import shutil
import signal
import subprocess
import sys

from . import pins
from .errors import FetchError
from .libtorch import Libtorch, find
from .packages import Options, ensure, ensure_cuda
from .progress import say


def main(arguments: list[str]) -> int:
    """Exit code: 0 done, 2 usage, 65 broken file, 69 unavailable, 73 cache cannot be written."""
    options = _parser().parse_args(arguments)
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _stop)
    try:
        result = _fetch(options)
    except FetchError as error:
        say(str(error))
        if options.json:
            print(json.dumps({"name": options.name, "found": False, "problem": str(error)}))
        return error.exit_code
    except KeyboardInterrupt:
        say("interrupted; nothing half-done is left")
        return 130
    print(json.dumps(result) if options.json else result["path"])
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fetch", description=sys.modules[__name__].__doc__)
    parser.add_argument("name", choices=["libtorch", "speech-embedding", "cuda", "cuda-headers", "clang-format", "codespell"])
    parser.add_argument("--cache", type=pathlib.Path, default=None, help="folder to install into (default: ~/.cache/duovox)")
    parser.add_argument("--find-links", action="append", default=[], metavar="DIR", help="folder with wheels; repeatable")
    parser.add_argument("--libtorch", metavar="DIR", help="a libtorch to use instead of any other")
    parser.add_argument("--check", action="store_true", help="only tell what is there; fetch nothing")
    parser.add_argument("--json", action="store_true", help="print a JSON object")
    return parser


def _stop(number, _frame):
    raise SystemExit(128 + number)  # unwinds, so that the partial folder is removed


def _fetch(arguments: argparse.Namespace) -> dict:
    options = Options(arguments.cache, arguments.find_links, arguments.check)
    if arguments.name == "libtorch":
        return _describe_libtorch(find(options, arguments.libtorch))
    if arguments.name == "cuda":
        folder = ensure_cuda(options)
        return _result("cuda", folder, pins.LIBTORCH_VERSION, "cache")
    if arguments.name == "speech-embedding":
        return _result("speech-embedding", ensure(pins.SPEECH_EMBEDDING, options), pins.SPEECH_EMBEDDING.version, "cache")
    if arguments.name == "cuda-headers":
        return _describe_cuda_headers(ensure(pins.CUDA_HEADERS, options))
    if arguments.name == "codespell":
        return _result("codespell", ensure(pins.CODESPELL, options), pins.CODESPELL.version, "cache")
    return _clang_format(options)


def _describe_cuda_headers(folder: pathlib.Path) -> dict:
    result = _result("cuda-headers", folder, pins.CUDA_HEADERS.version, "cache")
    result["include_dirs"] = [str(folder / "include"), str(folder / "include/cccl")]
    return result


def _clang_format(options: Options) -> dict:
    """The machine's clang-format when it is exactly the pinned version, else the one from the cache."""
    version = pins.CLANG_FORMAT.version
    if own := shutil.which("clang-format"):
        said = subprocess.run([own, "--version"], capture_output=True, text=True).stdout
        if version in said.split():
            return _result("clang-format", pathlib.Path(own), version, "PATH")
    return _result("clang-format", ensure(pins.CLANG_FORMAT, options) / "clang-format", version, "cache")


def _describe_libtorch(found: Libtorch) -> dict:
    result = _result("libtorch", found.root, found.version, found.source)
    result["library_dirs"] = [str(folder) for folder in found.library_dirs]
    return result


def _result(name: str, path: pathlib.Path, version: str, source: str) -> dict:
    return {"name": name, "found": True, "path": str(path), "version": version, "source": source}
