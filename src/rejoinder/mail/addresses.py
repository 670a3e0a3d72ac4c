"""Mailboxes out of header values, without believing what spoofers write into display names."""

from __future__ import annotations

import re
from functools import lru_cache

from rejoinder.mail.charsets import decode
from rejoinder.mail.headers import decode_words, safe
from rejoinder.types import Address

#: More are never needed to find whom to answer.
MAX_ADDRESSES = 50
_MAX_KNOWN = 200
_MAX_VALUE = 8 * 1024

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,128}@[^\s<>()\[\],;:\"@]{1,255}")
_ANGLE = re.compile(r"<([^<>]{0,400})>")
#: A group's name stands before its members, `Team: Ann <ann@a.example>, ...;`.
_GROUP = re.compile(rb"^[^\"<>():=@,;]{1,80}:")
_COMMENT_TEXT = re.compile(r"\(([^()]*)\)")
_COMMENT = re.compile(r"\([^()]*\)")
#: A quote needs no end: one that never closes is tried once, not from every quotation mark.
_QUOTED_OR_COMMENT = re.compile(r'"(?:[^"\\]|\\.?)*"?|\([^()]*\)')
#: Comments lie in comments this deep at most.
_MAX_COMMENTS = 5


def parse_addresses(value: bytes) -> tuple[Address, ...]:
    """The mailboxes of a From, To or Reply-To value, in order.

    What stands in angle brackets is the address, whatever the text before it
    looks like: in `hr@a.com <x@b.c>` the mail goes to `x@b.c`. Linear in the
    length of the value; group syntax and quoted commas are understood.
    """
    found: list[Address] = []
    if not value:
        return ()
    for piece in _split(value[:_MAX_VALUE].replace(b"\r", b" ").replace(b"\n", b" ")):
        address = _known_mailbox(piece) if len(piece) <= _MAX_KNOWN else _mailbox(piece)
        if address is not None:
            found.append(address)
        if len(found) == MAX_ADDRESSES:
            break
    return tuple(found)


def _split(value: bytes) -> list[bytes]:
    """Pieces between commas and semicolons that stand outside quotes, comments and brackets."""
    if b"," not in value and b";" not in value:
        return [value]
    pieces: list[bytes] = []
    start, quoted, depth, angle, escaped = 0, False, 0, False, False
    for at, char in enumerate(value):
        if escaped:
            escaped = False
        elif char == 0x5C:
            escaped = True
        elif char == 0x22 and not depth:
            quoted = not quoted
        elif quoted:
            continue
        elif char == 0x28:
            depth += 1
        elif char == 0x29 and depth:
            depth -= 1
        elif char == 0x3C:
            angle = True
        elif char == 0x3E:
            angle = False
        elif char in b",;" and not depth and not angle:
            pieces.append(value[start:at])
            start = at + 1
    pieces.append(value[start:])
    return pieces


@lru_cache(maxsize=2048)
def _known_mailbox(piece: bytes) -> Address | None:
    """The same few people write most of the mails in a mailbox, and one reads them all."""
    return _mailbox(piece)


def _mailbox(piece: bytes) -> Address | None:
    # The address is read before encoded-words are decoded: one of them must not become an address.
    raw = safe(decode(_GROUP.sub(b"", piece)))
    angle = _last_angle(_masked(raw)) or _last_angle(raw)
    if angle:
        match = _ADDRESS.search(raw, angle.start(1), angle.end(1))
        name = decode_words(raw[: angle.start()].encode())
    else:
        match = _ADDRESS.search(raw)
        name = decode_words(raw.encode()).replace(match.group(), " ") if match else ""
        comment = _COMMENT_TEXT.search(name)
        name = comment.group(1) if comment else name.partition("<")[0].rpartition(":")[2]
    if match is None:
        return None
    return Address(_display_name(name), match.group().strip("."))


def _last_angle(text: str) -> re.Match[str] | None:
    return max(_ANGLE.finditer(text), key=lambda found: found.start(), default=None)


def _masked(text: str) -> str:
    """Text of the same length with quoted strings and comments blanked: no address in them counts."""
    if '"' not in text and "(" not in text:
        return text
    text = _QUOTED_OR_COMMENT.sub(lambda found: " " * len(found.group()), text)
    for _ in range(_MAX_COMMENTS):
        shorter = _COMMENT.sub(lambda found: " " * len(found.group()), text)
        if shorter == text:
            break
        text = shorter
    return text


def _display_name(name: str) -> str:
    name = name.strip()
    if name.startswith('"') and name.endswith('"') and len(name) > 1:
        name = name[1:-1]
    return safe(name.replace('\\"', '"').replace("\\\\", "\\")).strip(" '\"")[:200]
