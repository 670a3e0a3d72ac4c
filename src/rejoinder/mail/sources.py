"""Mail from wherever it lies: found, cut into pieces of work, and read in a stream.

`find_sources` says what there is, `slices` cuts it up without opening anything,
and `read_slice` reads a piece: what cannot be read is a Failure, never an exception.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from rejoinder.errors import RejoinderError
from rejoinder.mail.apple import unpack_emlx
from rejoinder.mail.archive import Archive, ArchiveError
from rejoinder.mail.files import ChangedError, blocks, open_regular
from rejoinder.mail.finding import find_sources
from rejoinder.mail.headers import is_field
from rejoinder.mail.maildir import flags_of
from rejoinder.mail.mbox import Found, first_byte, is_folder_data, split, status_flags
from rejoinder.mail.outlook import unpack_msg, unpack_pst
from rejoinder.mail.parsing import MAX_MAIL_BYTES
from rejoinder.mail.raw import RawMail, Slice, Source, failure, too_large
from rejoinder.types import Failure, Origin

__all__ = ["RawMail", "Slice", "Source", "find_sources", "read_path", "read_slice", "slices"]

#: A slice of a big file, and what a batch of small ones adds up to.
SLICE_BYTES = 32 * 1024 * 1024
_BATCH_FILES = 500
#: So far are blank lines looked through for the first mail of an mbox.
_HEAD = 64 * 1024
#: The end of a stream whose length nobody knows.
_ENDLESS = 1 << 62


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
        else:  # what can only be read from its beginning
            yield Slice((source,))
    if batch:
        yield Slice(tuple(batch))


def read_path(path: Path) -> Iterator[RawMail | Failure]:
    """Every mail at a path in order, numbered from 1 in each file that holds several."""
    name, count = "", 0
    for item in find_sources(path):
        if isinstance(item, Failure):
            yield item
            continue
        for piece in slices([item]):
            for mail in read_slice(piece):
                if mail.origin.position is None:
                    yield mail
                    continue
                count = count + 1 if mail.origin.path == name else 1
                name = mail.origin.path
                origin = Origin(name, count)
                if isinstance(mail, Failure):
                    yield Failure(origin, mail.error, mail.reason)
                else:
                    yield RawMail(mail.raw, origin, mail.offset, mail.folder, mail.flags)


def read_slice(piece: Slice) -> Iterator[RawMail | Failure]:
    """The mails of a piece of work in order, and why the rest of it cannot be read.

    A mail belongs to the piece in which its From_ line begins, wherever it ends.
    Memory is that of the longest mail.
    """
    opened = _Opened()
    try:
        for source in piece.sources:
            problems: list[Exception] = []
            try:
                yield from _read(source, piece, opened, problems)
            except _EXPECTED as error:
                problems.append(error)
            for problem in problems:
                yield _failure(source, problem)
    finally:
        opened.close()


_EXPECTED = (OSError, ChangedError, ArchiveError, RejoinderError)


def _failure(source: Source, error: Exception) -> Failure:
    if isinstance(error, ArchiveError):
        return failure(source.name, error.error, str(error))
    if isinstance(error, RejoinderError):
        return failure(source.name, type(error).__name__, str(error))
    if isinstance(error, FileNotFoundError):
        return failure(source.name, "Changed", "gone since it was found")
    if isinstance(error, OSError):
        return failure(source.name, "Unreadable", f"cannot be read: {error.strerror or error}")
    return failure(source.name, "Changed", f"changed while it was read: {error}")


class _Opened:
    """The archive that the last source lay in, kept open because the next will lie in it too."""

    def __init__(self) -> None:
        self.path: Path | None = None
        self.archive: Archive | None = None

    def get(self, path: Path) -> Archive:
        if self.archive is None or self.path != path:
            self.close()
            self.archive, self.path = Archive(path), path
        return self.archive

    def close(self) -> None:
        if self.archive is not None:
            self.archive.close()
        self.archive = None


def _read(
    source: Source, piece: Slice, opened: _Opened, problems: list[Exception]
) -> Iterator[RawMail | Failure]:
    if source.kind == "pst":
        yield from _pst(source)
    elif source.kind != "mbox":
        yield _one(source, opened)
    elif source.member is None:
        yield from _mbox_file(source, piece, problems)
    else:
        data = _until(opened.get(source.path).blocks(source.member), problems)
        yield from _mbox_stream(source, data)


def _until(data: Iterator[bytes], problems: list[Exception]) -> Iterator[bytes]:
    """The blocks up to the first problem, so that what was read before it is not lost."""
    try:
        yield from data
    except _EXPECTED as error:
        problems.append(error)


def _mbox_file(source: Source, piece: Slice, problems: list[Exception]) -> Iterator[RawMail | Failure]:
    with open_regular(source.path) as file:
        end = source.size if piece.end is None else piece.end
        first = first_byte(file.read(min(_HEAD, source.size)))
        begun = piece.start <= first
        if begun and first >= end:
            return
        start = first if begun else piece.start - 1
        data = _until(blocks(file, start, source.size), problems)
        yield from _mails(source, split(data, start, end, begun), first)


def _mbox_stream(source: Source, data: Iterator[bytes]) -> Iterator[RawMail | Failure]:
    head = next(data, b"")
    first = first_byte(head)

    def rest() -> Iterator[bytes]:
        yield head[first:]
        yield from data

    if first < len(head):
        yield from _mails(source, split(rest(), first, _ENDLESS, True), first)


def _mails(source: Source, found: Iterable[Found], first: int) -> Iterator[RawMail | Failure]:
    for position, (offset, raw, size) in enumerate(found, 1):
        if raw is None:
            yield too_large(source.name, size, position)
        elif is_folder_data(raw):
            reason = "no mail: what the mail program has written there for itself"
            yield failure(source.name, "FolderData", reason, position)
        elif offset == first and not is_field(raw[:200]):
            reason = f"no mail: {size:,} bytes before the first one"
            yield failure(source.name, "UnknownText", reason, position)
        else:
            origin = Origin(source.name, position)
            yield RawMail(raw, origin, offset, source.folder, status_flags(raw))


def _one(source: Source, opened: _Opened) -> RawMail | Failure:
    """The mail in a file that holds one."""
    if source.size > MAX_MAIL_BYTES and source.member != "":
        return too_large(source.name, source.size)
    if source.member is None:
        with open_regular(source.path) as file:
            raw = b"".join(blocks(file, 0, source.size))
    else:
        found = bytearray()
        for block in opened.get(source.path).blocks(source.member):
            found += block
            if len(found) > MAX_MAIL_BYTES:
                return too_large(source.name, len(found))
        raw = bytes(found)
    flags = flags_of(source.member or source.path.name)
    if source.kind == "emlx":
        raw, flags = unpack_emlx(raw)
    elif source.kind == "msg":
        raw, flags = unpack_msg(raw, source.name)
    return RawMail(raw, Origin(source.name), 0, source.folder, flags)


def _pst(source: Source) -> Iterator[RawMail | Failure]:
    with open_regular(source.path) as file:
        for position, (raw, folder) in enumerate(unpack_pst(file, source.name), 1):
            if raw is None:
                yield failure(source.name, "Unreadable", "cannot be read: it is broken", position)
            else:
                yield RawMail(raw, Origin(source.name, position), position, folder)
