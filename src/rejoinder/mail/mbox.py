"""The mails in an mbox file of any variant, found on blocks of bytes.

Which variant a file is, is never asked: one rule fits them all. A line that
starts with `From ` begins a mail if it is the first of the file, or looks like
one that a mail program wrote, and the next line looks like a header.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from rejoinder.mail.parsing import KNOWN_HEADERS, MAX_MAIL_BYTES

#: A longer From_ line is none.
_MAX_LINE = 1000
_MAX_NAME = 200
#: So much must lie behind a `From ` before it can be judged.
_LOOK = _MAX_LINE + _MAX_NAME
_BOM = b"\xef\xbb\xbf"

_SENDER = re.compile(rb"From +(?:-(?=\s)|MAILER-DAEMON\b|[^\s@]+@[^\s@])")
_TIME = re.compile(rb"\d:\d\d")
_YEAR = re.compile(rb"\b(?:19|20)\d\d\b")
#: A header, not the address of a web page.
_HEADER = re.compile(rb"[!-9;-~]{1,76}[ \t]*:(?!//)")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)

#: Where the headers are that mail programs put first.
_TOP = 8192
_FOLDER_DATA = re.compile(rb"^Subject:.*DON'T DELETE THIS MESSAGE.*FOLDER INTERNAL DATA", re.MULTILINE)
_STATUS = re.compile(rb"^X-(Mozilla-)?Status:[ \t]*([0-9A-Za-z]{1,8})", re.MULTILINE | re.IGNORECASE)
#: Bits of X-Mozilla-Status, and letters of X-Status.
_MOZILLA = {0x1: "seen", 0x2: "replied", 0x8: "trashed"}
_LETTERS = {"D": "trashed", "T": "draft", "A": "replied"}


class Found(NamedTuple):
    """A mail in an mbox: where its From_ line is, its bytes (None if they are too many), how many it has."""

    offset: int
    raw: bytes | None
    size: int


def is_mbox(head: bytes) -> bool:
    """Whether a file whose first 2 KB these are is an mbox."""
    start = first_byte(head)
    body = _behind_line(head, start)
    if body < 0:
        return False
    name = head[body : body + _MAX_NAME].partition(b":")[0].strip().lower()
    return name in KNOWN_HEADERS or _signed(head[start:body])


def first_byte(head: bytes) -> int:
    """Where the first line that is not blank begins, behind a byte-order mark."""
    start = len(_BOM) if head.startswith(_BOM) else 0
    return len(head) - len(head[start:].lstrip(b"\r\n\t "))


def split(blocks: Iterable[bytes], at: int, end: int, begun: bool) -> Iterator[Found]:
    """The mails in a file from offset `at` on that begin before `end`, in order.

    `blocks` are its bytes from there on, in pieces of any size; no more of them
    are taken than needed. `begun` says that the first line of the file is at
    `at`; else the first mail is the one behind the first From_ line. Memory is
    that of the longest mail.
    """
    mail = _Mail(at, first=True) if begun else None
    data = b""
    for block, last in _with_last(blocks):
        data = data + block if data else block
        limit = len(data) if last else max(0, len(data) - _LOOK)
        kept = 0
        for line, body in _from_lines(data, limit):
            if body < 0:  # a line of the mail itself, quoted
                if mail is not None:
                    mail.quoted = True
                continue
            if mail is not None:
                mail.add(data[kept:line])
                yield mail.found()
            if at + line >= end:
                return
            mail, kept = _Mail(at + line), body
        if mail is None and at + limit >= end:
            return
        # A From_ line found may reach beyond the limit.
        limit = max(kept, limit)
        if mail is not None:
            mail.add(data[kept:limit])
        data, at = data[limit:], at + limit
    if mail is not None:
        yield mail.found()


@dataclass(slots=True)
class _Mail:
    """A mail whose end is still to come."""

    offset: int
    first: bool = False
    quoted: bool = False
    size: int = 0
    pieces: list[bytes] = field(default_factory=list)

    def add(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > MAX_MAIL_BYTES + _MAX_LINE:
            self.pieces.clear()
        else:
            self.pieces.append(piece)

    def found(self) -> Found:
        if not self.pieces and self.size:
            return Found(self.offset, None, self.size)
        raw = self.pieces[0] if len(self.pieces) == 1 else b"".join(self.pieces)
        self.pieces.clear()  # the mail is held while it is read: once is enough
        if self.first:
            raw = raw[max(_behind_line(raw, 0), 0) :]
        # The blank line that ends the mail is not of it, unless it is the one behind the headers.
        for blank in (b"\n\n", b"\n\r\n"):
            if raw.endswith(blank) and raw.find(blank) < len(raw) - len(blank):
                raw = raw[: 1 - len(blank)]
                break
        if len(raw) > MAX_MAIL_BYTES:
            return Found(self.offset, None, self.size)
        return Found(self.offset, _QUOTED.sub(rb"\1", raw) if self.quoted else raw, self.size)


def _from_lines(data: bytes, limit: int) -> Iterator[tuple[int, int]]:
    """Where From_ lines whose line end before them is before `limit` begin and end, the quoted with -1."""
    # One search finds both sorts; it costs as much as all else together.
    at = data.find(b"From ", 0, limit + 5)
    while at >= 0:
        before = data[at - 1 : at]
        if before == b"\n":
            body = _behind_line(data, at)
            if body >= 0 and _signed(data[at:body]):
                yield at, body
        elif before == b">":
            yield at, -1
        at = data.find(b"From ", at + 5, limit + 5)


def _behind_line(data: bytes, at: int) -> int:
    """Where the header behind a line `From ` at `at` begins, or -1 if there is no such line or header."""
    end = data.find(b"\n", at, at + _MAX_LINE)
    if end < 0 or not data.startswith(b"From ", at) or not _HEADER.match(data, end + 1, end + _MAX_NAME):
        return -1
    return end + 1


def _signed(line: bytes) -> bool:
    """Whether a `From ` line has what a sentence has not: a sender, or a time and a year."""
    return _SENDER.match(line) is not None or (
        _TIME.search(line) is not None and _YEAR.search(line) is not None
    )


def _with_last(blocks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each block, and whether it is the last."""
    held: bytes | None = None
    for block in blocks:
        if held is not None:
            yield held, False
        held = block
    if held is not None:
        yield held, True


def is_folder_data(raw: bytes) -> bool:
    """Whether a mail is none, but what Pine and its kin keep about the folder in its first place."""
    return b"FOLDER INTERNAL DATA" in raw[:_TOP] and _FOLDER_DATA.search(raw, 0, _TOP) is not None


def status_flags(raw: bytes) -> frozenset[str]:
    """What the headers say that mail programs add in the file: deleted but not yet gone, draft, replied."""
    if b"Status:" not in raw[:_TOP]:
        return frozenset()
    end = raw.find(b"\n\n", 0, _TOP)
    flags: set[str] = set()
    for mozilla, value in _STATUS.findall(raw[: end if end >= 0 else _TOP]):
        if mozilla:
            bits = int(value, 16) if re.fullmatch(rb"[0-9A-Fa-f]+", value) else 0
            flags |= {name for bit, name in _MOZILLA.items() if bits & bit}
        else:
            flags |= {_LETTERS[letter] for letter in value.decode().upper() if letter in _LETTERS}
    return frozenset(flags)
