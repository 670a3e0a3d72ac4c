"""Mail in `.zip` and `.gz` files: read in a stream, never unpacked to disk, never more than they may hold."""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from rejoinder.mail.files import BLOCK, open_regular

MAX_MEMBERS = 100_000
#: Mail shrinks to a tenth; what shrinks to less than this part of itself was made to do harm.
MAX_RATIO = 200
#: Smaller members may shrink as they like.
_RATIO_FREE = 10 * 1024 * 1024
#: All members together, and what an archive of any size may hold.
_MAX_TOTAL = 64 * 1024**3
_TOTAL_FREE = 1024**3
#: The list of members is read whole.
_MAX_LIST = 64 * 1024 * 1024
#: The other methods can fill the memory while a few bytes of them are read.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    struct.error,
    RuntimeError,
    ValueError,
    OverflowError,
)
#: What zlib calls the format of `.gz` files.
_GZIP = 31
_PACKED = 64 * 1024
_END = b"PK\x05\x06"
_END_SIZE = 22
_END64 = b"PK\x06\x06"
_END64_BEFORE = 56 + 20


class ArchiveError(Exception):
    """An archive, or a member of one, that cannot or must not be read, and why."""

    def __init__(self, reason: str, error: str = "BrokenArchive") -> None:
        self.error = error
        super().__init__(reason)


class Archive:
    """A `.zip` or `.gz` file opened for reading; a `.gz` has one member, without a name."""

    def __init__(self, path: Path) -> None:
        self._file = open_regular(path)
        self._zip: zipfile.ZipFile | None = None
        self._infos: dict[str, zipfile.ZipInfo] = {}
        self._total = 0
        try:
            self._size = os.fstat(self._file.fileno()).st_size
            with _broken():
                self._open()
        except BaseException:
            self._file.close()
            raise

    def _open(self) -> None:
        if self._file.read(2) != b"PK":
            return
        _check_list(self._file, self._size)
        self._zip = zipfile.ZipFile(self._file)
        for info in self._zip.infolist():
            name, again = info.filename, 1
            while name in self._infos:  # names need not be unique
                again += 1
                name = f"{info.filename}#{again}"
            self._infos[name] = info

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        if self._zip is not None:
            self._zip.close()
        self._file.close()

    def members(self) -> Iterator[tuple[str, int]]:
        """Name and size of every member that is a file, in the order of the archive."""
        if self._zip is None:
            yield "", self._size
        for name, info in self._infos.items():
            if not name.endswith("/"):  # `is_dir` trips over an empty name
                yield name, info.file_size

    def blocks(self, member: str, size: int = BLOCK) -> Iterator[bytes]:
        """The bytes of a member in blocks; ArchiveError where they are broken, secret or far too many."""
        with _broken():
            if self._zip is None:
                yield from self._unzipped(size)
                return
            info = self._infos.get(member)
            if info is None:
                raise ArchiveError("it is in the archive no more", "Changed")
            self._check(info)
            with self._zip.open(info) as stream:
                assert isinstance(stream, zipfile.ZipExtFile)
                # Not `read`, which keeps back what it has where the rest is broken.
                while block := stream.read1(size):
                    yield block

    def _unzipped(self, size: int) -> Iterator[bytes]:
        """A `.gz` file, by hand: `gzip` keeps back what it has when the file ends too soon."""
        self._file.seek(0)
        stream = zlib.decompressobj(_GZIP)
        packed, read, total = b"", 0, 0
        while True:
            if not packed:
                packed = self._file.read(_PACKED)
                read += len(packed)
            if not packed or (stream.eof and not packed.strip(b"\0")):
                break
            if stream.eof:  # another one behind it is no error
                stream = zlib.decompressobj(_GZIP)
            block = stream.decompress(packed, size)
            packed = stream.unused_data if stream.eof else stream.unconsumed_tail
            total += len(block)
            if total > _RATIO_FREE and total > MAX_RATIO * read:
                raise ArchiveError(_bomb(), "ZipBomb")
            if block:
                yield block
        if not stream.eof:
            raise ArchiveError("the archive is broken here: it ends too soon")

    def admit(self, member: str) -> None:
        """Add a member to what is read of the archive; ArchiveError if that becomes too much."""
        if self._zip is None:
            return
        info = self._infos[member]
        self._check(info)
        self._total += info.file_size
        if self._total > min(_MAX_TOTAL, max(_TOTAL_FREE, MAX_RATIO * self._size)):
            raise ArchiveError(f"the archive holds more than {self._total / 1e9:.0f} GB", "ZipBomb")

    def _check(self, info: zipfile.ZipInfo) -> None:
        if stat.S_ISLNK(info.external_attr >> 16):
            raise ArchiveError("not followed: a link", "NotFollowed")
        if info.flag_bits & 1:
            raise ArchiveError("encrypted: unpack the archive with its password first", "Encrypted")
        if info.compress_type not in _METHODS:
            raise ArchiveError("packed in a way that cannot be read here: unpack the archive first")
        if info.file_size > _RATIO_FREE and info.file_size > MAX_RATIO * info.compress_size:
            raise ArchiveError(_bomb(), "ZipBomb")


def _bomb() -> str:
    return f"unpacked it would be more than {MAX_RATIO} times as large, which no mail is"


@contextmanager
def _broken() -> Iterator[None]:
    """Turn what the standard library says of broken archives into ArchiveError."""
    try:
        yield
    except _BROKEN as error:
        raise ArchiveError(f"the archive is broken here: {error}") from error


def _check_list(file: FileIO, size: int) -> None:
    """Refuse a `.zip` whose list of members is too long to be read whole."""
    start = max(0, size - _END_SIZE - 0xFFFF)
    file.seek(start)
    tail = file.read(_END_SIZE + 0xFFFF)
    plain = tail[-_END_SIZE:]
    at = len(tail) - _END_SIZE if plain.startswith(_END) and plain.endswith(b"\0\0") else tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        raise ArchiveError("the archive is broken: its end is missing")
    length = int(struct.unpack_from("<L", tail, at + 12)[0])
    before = at - _END64_BEFORE
    if before >= 0 and tail.startswith(_END64, before):
        length, at = int(struct.unpack_from("<Q", tail, before + 40)[0]), before
    if length <= _MAX_LIST:
        file.seek(max(0, start + at - length))
        names = file.read(length)
        if len(re.findall(rb"PK\x01\x02", names)) <= MAX_MEMBERS:
            file.seek(0)
            return
    raise ArchiveError(f"the archive has more than {MAX_MEMBERS:,} members: unpack it first")
