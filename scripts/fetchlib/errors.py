"""Failures that end scripts/fetch, each with the exit code that README's table documents."""

USAGE, BROKEN, UNAVAILABLE, CANNOT_WRITE = 2, 65, 69, 73


class FetchError(Exception):
    """Its message says what is wrong, where, and what to do; exit_code is that of the program."""

    def __init__(self, exit_code, message):
        super().__init__(message)
        self.exit_code = exit_code


def broken(message):
    """Returns the error for a damaged or unexpected file."""
    return FetchError(BROKEN, message)


def unavailable(message):
    """Returns the error for something that is neither installed nor reachable."""
    return FetchError(UNAVAILABLE, message)


def cannot_write(path, cause):
    """Returns the error for a cache folder that cannot be written."""
    reason = cause.strerror if isinstance(cause, OSError) and cause.strerror else cause
    return FetchError(CANNOT_WRITE, f"cannot write {path}: {reason}; name another folder with --cache or XDG_CACHE_HOME")
