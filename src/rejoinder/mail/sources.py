"""Where mail lies: found, cut into pieces of work, and read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from rejoinder.errors import UnreadableMailError
from rejoinder.mail.files import ChangedError, blocks, open_regular
from rejoinder.mail.maildir import flags_of
from rejoinder.mail.mbox import first_byte, is_mbox, split
from rejoinder.mail.raw import MAX_MAIL_BYTES, RawMail, Slice, Source, failure, too_large
from rejoinder.types import Failure, Origin

__all__ = [
    "MAX_MAIL_BYTES",
    "RawMail",
    "Slice",
    "Source",
    "find_sources",
    "read_path",
    "read_slice",
    "slices",
]

#: A slice of a big file, and what a batch of small ones adds up to.
SLICE_BYTES = 32 * 1024 * 1024
_BATCH_FILES = 500
#: So far are blank lines looked through for the first mail of an mbox.
_HEAD = 64 * 1024
_SNIFFED = 4096


def find_sources(path: Path) -> Iterator[Source | Failure]:
    """Everything that holds mail at a path, in a steady order, and what is there besides.

    Raises UnreadableMailError if there is nothing at the path.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise UnreadableMailError(
            f"{path} cannot be read: {error.strerror or error}.", "Check the path and its permissions."
        ) from error
    if stat.S_ISDIR(status.st_mode):
        yield from _walk(path, ())
    else:
        yield from _file(path, status, ())


def _walk(folder: Path, inside: tuple[str, ...]) -> Iterator[Source | Failure]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: _order(entry.name))
    except OSError as error:
        yield failure(str(folder), "Unreadable", f"folder cannot be read: {error.strerror}")
        return
    for entry in entries:
        path = folder / entry.name
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError as error:
            yield failure(str(path), "Unreadable", f"cannot be read: {error.strerror}")
            continue
        if stat.S_ISDIR(status.st_mode):
            if entry.name != "tmp":
                yield from _walk(path, (*inside, entry.name))
        else:
            yield from _file(path, status, inside)


def _order(name: str) -> tuple[int, int, str]:
    return (0, int(name), name) if name.isascii() and name.isdigit() else (1, 0, name)


def _file(path: Path, status: os.stat_result, inside: tuple[str, ...]) -> Iterator[Source | Failure]:
    if not stat.S_ISREG(status.st_mode):
        what = "link" if stat.S_ISLNK(status.st_mode) else "pipe, socket or device"
        yield failure(str(path), "NotFollowed", f"not followed: {what}")
        return
    if path.parent.name in ("cur", "new"):
        yield Source(path, "mail", status.st_size, "/".join(inside[:-1]))
    elif path.suffix.lower() in (".eml", ".txt"):
        yield Source(path, "mail", status.st_size, "/".join(inside))
    else:
        with open_regular(path) as file:
            head = file.read(_SNIFFED)
        if is_mbox(head):
            yield Source(path, "mbox", status.st_size, "/".join((*inside, path.name)))
        else:
            yield failure(str(path), "UnknownFile", "unknown file")


def slices(sources: Iterable[Source], size: int = SLICE_BYTES) -> Iterator[Slice]:
    """The sources as pieces of work of about `size` bytes, in order; the files are not opened."""
    batch: list[Source] = []
    held = 0
    for source in sources:
        big = source.kind in ("mbox", "pst")
        if batch and (big or held + source.size > size or len(batch) == _BATCH_FILES):
            yield Slice(tuple(batch))
            batch, held = [], 0
        if not big:
            batch.append(source)
            held += source.size
        elif source.kind == "mbox" and source.member is None:
            for start in range(0, max(source.size, 1), size):
                yield Slice((source,), start, min(start + size, source.size))
        else:
            yield Slice((source,))
    if batch:
        yield Slice(tuple(batch))


def read_slice(piece: Slice) -> Iterator[RawMail | Failure]:
    """The mails of a piece of work in order, and why the rest cannot be read.

    A mail belongs to the piece in which its From_ line begins, wherever it ends.
    """
    for source in piece.sources:
        try:
            if source.kind == "mbox":
                yield from _mbox(source, piece)
            else:
                yield _one(source)
        except FileNotFoundError:
            yield failure(source.name, "Changed", "it is gone since it was found")
        except ChangedError as error:
            yield failure(source.name, "Changed", f"changed while it was read: {error}")
        except OSError as error:
            yield failure(source.name, "Unreadable", f"cannot be read: {error.strerror or error}")


def _mbox(source: Source, piece: Slice) -> Iterator[RawMail | Failure]:
    with open_regular(source.path) as file:
        end = source.size if piece.end is None else piece.end
        first = first_byte(file.read(min(_HEAD, source.size)))
        begun = piece.start <= first
        if begun and first >= end:
            return
        start = first if begun else piece.start - 1
        found = split(blocks(file, start, source.size), start, end, begun)
        for position, mail in enumerate(found, 1):
            origin = Origin(source.name, position)
            if mail.raw is None:
                yield too_large(source.name, mail.size, position)
            else:
                yield RawMail(mail.raw, origin, mail.offset, source.folder)


def _one(source: Source) -> RawMail | Failure:
    with open_regular(source.path) as file:
        raw = file.read(MAX_MAIL_BYTES + 1)
    if len(raw) > MAX_MAIL_BYTES:
        return too_large(source.name, source.size)
    return RawMail(raw, Origin(source.name), 0, source.folder, flags_of(source.path.name))


def read_path(path: Path) -> Iterator[RawMail | Failure]:
    """Every mail at a path in order, numbered from 1 in each file that holds several."""
    name, count = "", 0
    found: list[Failure] = []

    def kept() -> Iterator[Source]:
        for item in find_sources(path):
            if isinstance(item, Failure):
                found.append(item)
            else:
                yield item

    for piece in slices(kept()):
        yield from found
        found.clear()
        for mail in read_slice(piece):
            if mail.origin.position is None:
                yield mail
                continue
            count = count + 1 if mail.origin.path == name else 1
            name = mail.origin.path
            yield replace(mail, origin=Origin(name, count))
    yield from found
