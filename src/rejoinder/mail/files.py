"""Files opened so that nothing hangs on them: regular ones only, in blocks, up to the size seen first."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

BLOCK = 256 * 1024


class ChangedError(Exception):
    """A file holds less than it did when it was found, or is none any more."""


def open_regular(path: Path) -> FileIO:
    """The file opened for reading; ChangedError if it is a pipe, a device or a folder by now."""
    file = FileIO(path, opener=_open)
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise ChangedError("it is no ordinary file")
    return file


def _open(path: str, flags: int) -> int:
    # A pipe would wait for its writer.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def blocks(file: FileIO, at: int, size: int) -> Iterator[bytes]:
    """The bytes from `at` to `size` in blocks; ChangedError where the file ends before.

    Read, not mapped into memory: a file that is cut short under a mapping kills the process.
    """
    file.seek(at)
    while at < size:
        block = file.read(min(BLOCK, size - at))
        if not block:
            raise ChangedError(f"it ends after {at:,} bytes where it had {size:,}")
        at += len(block)
        yield block
