"""Progress messages, all on standard error, so that standard output holds only the result."""

from __future__ import annotations

import contextlib
import os
import pathlib
import sys
import threading


def say(message: str) -> None:
    """Prints one line for the user."""
    print(f"fetch: {message}", file=sys.stderr, flush=True)


def folder_bytes(folder: pathlib.Path) -> int:
    """Returns the bytes of the files below a folder; another process may be writing there."""
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            total += path.stat().st_size
    return total


@contextlib.contextmanager
def growth(folder: pathlib.Path, what: str):
    """Reports regularly how much of a download is in a folder, for logs without a progress bar."""
    done = threading.Event()
    seconds = float(os.environ.get("DUOVOX_HEARTBEAT", "10"))

    def report():
        while not done.wait(seconds):
            say(f"{what}: {folder_bytes(folder) // 1_000_000} MB so far")

    thread = threading.Thread(target=report, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
