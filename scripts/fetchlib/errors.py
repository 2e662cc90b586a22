"""Failures that end scripts/fetch, each with the exit code that README's table documents."""

USAGE, BROKEN, UNAVAILABLE, CANNOT_WRITE = 2, 65, 69, 73


class FetchError(Exception):
    """Says what is wrong, where, and what to do; exit_code is the program's."""

    def __init__(self, exit_code, message):
        super().__init__(message)
        self.exit_code = exit_code


def broken(message):
    """A file that is not what it should be."""
    return FetchError(BROKEN, message)


def unavailable(message):
    """Something that is neither here nor reachable."""
    return FetchError(UNAVAILABLE, message)


def cannot_write(path, cause):
    """A cache folder that cannot be written."""
    reason = cause.strerror if isinstance(cause, OSError) and cause.strerror else cause
    return FetchError(CANNOT_WRITE, f"cannot write {path}: {reason}; name another folder with --cache or XDG_CACHE_HOME")
