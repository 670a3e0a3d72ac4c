"""RFC 5322 header fields: found, unfolded, decoded (RFC 2047), made safe to show."""

from __future__ import annotations

import binascii
import re

from rejoinder.mail.charsets import decode

#: Limits that trusted readers set (Dovecot, Postfix, Gmail): what is over is left out, not refused.
MAX_HEADER_BYTES = 64 * 1024
MAX_HEADERS = 1000
_MAX_FOLDED = 4 * MAX_HEADER_BYTES

_FIELD = re.compile(rb"([!-9;-~]{1,76})[ \t]*:")
#: A field with the lines that it goes on in; one of blanks alone is no such line. Nothing is tried twice:
#: where there are millions of lines, what could be tried again would fill the memory.
_FOLDED_FIELD = re.compile(rb"([!-9;-~]{1,76})[ \t]*+:([^\n]*+(?:\n[ \t][ \t\r\f\v]*+[^\s][^\n]*+)*+)\n?")
_NO_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
_EMPTY = re.compile(rb"[ \t\r\f\v]*(?:\n|\Z)")
_BLANK_LINE = re.compile(rb"\n[ \t\r\f\v]*\n")
#: A few bare question marks inside are no end of the word: senders forget to encode them.
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*(?:(?<!=)\?(?!=)[^?]*){0,3})\?=")
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+"
)

Headers = dict[str, list[bytes]]


def safe(text: str) -> str:
    """One line without control, bidirectional or surrogate characters."""
    if text.isascii() and text.isprintable():
        return text.strip(" ") if "  " not in text else " ".join(text.split())
    return " ".join(_UNSAFE.sub(" ", text).split())


def is_field(line: bytes) -> bool:
    """Whether a line begins like a header field, `Name: value`."""
    return _FIELD.match(line) is not None


def split_headers(raw: bytes) -> tuple[Headers, bytes]:
    """Header fields by lower-case name, and the body.

    The block ends at the first empty line, or at the first line that cannot
    belong to it: senders forget the empty line.
    """
    headers, body = read_headers(raw, 0, len(raw))
    return headers, raw[body:]


def read_headers(
    raw: bytes, start: int, end: int, wanted: frozenset[bytes] | None = None
) -> tuple[Headers, int]:
    """Header fields of the mail or part between two places, and where its body begins.

    Nothing is copied but the values: a part may be an attachment of megabytes.
    With `wanted`, lower-case names, the others are passed over.
    """
    headers: Headers = {}
    held: list[bytes] = []
    count, position = 0, start
    while position < end:
        field = _FOLDED_FIELD.match(raw, position, end)
        if field is not None:
            count += 1
            name, value = field.groups()
            position, name = field.end(), name.lower()
            held = []
            if count > MAX_HEADERS:
                blank = _BLANK_LINE.search(raw, position - 1, end)
                return headers, blank.end() if blank else end
            if wanted is None or name in wanted:
                held = headers.setdefault(name.decode("ascii"), [])
                held.append(_unfolded(value))
            continue
        if empty := _EMPTY.match(raw, position, end):
            return headers, empty.end()
        folded = count and raw.startswith((b" ", b"\t"), position)
        if not folded and not raw.startswith((b"From ", b">From "), position):
            return headers, position
        line, position = position, raw.find(b"\n", position, end) + 1 or end
        if folded and held and len(held[-1]) < MAX_HEADER_BYTES:  # behind a From_ line in a field
            held[-1] = _unfolded(held[-1] + b"\n" + raw[line : min(position, line + MAX_HEADER_BYTES)])
    return headers, end


def _unfolded(value: bytes) -> bytes:
    value = value[:_MAX_FOLDED]
    if b"\n" in value:
        value = b" ".join([line.strip() for line in value.split(b"\n")])
    return value.strip()[:MAX_HEADER_BYTES]


def decode_words(value: bytes) -> str:
    """A header value as safe text, encoded-words (RFC 2047) decoded.

    Linear in its length. Neighbouring words of one charset are joined before
    decoding, because senders split characters across them.
    """
    text = decode(value[:MAX_HEADER_BYTES])
    if "=?" not in text:
        return safe(text)
    out: list[str] = []
    charset, collected, position = "", b"", 0
    for word in _ENCODED_WORD.finditer(text):
        between = text[position : word.start()]
        label = word.group(1).partition("*")[0].lower()
        if between.strip() or label != charset:
            out.append(decode(collected, charset))
            collected = b""
        if between.strip():
            out.append(between)
        charset, position = label, word.end()
        collected += _word_bytes(word.group(2), word.group(3))
    return safe("".join([*out, decode(collected, charset), text[position:]]))


def _word_bytes(encoding: str, payload: str) -> bytes:
    data = payload.encode("ascii", "ignore")
    if encoding in "bB":
        return base64_bytes(data)
    return binascii.a2b_qp(data, header=True)


def base64_bytes(data: bytes) -> bytes:
    """Decoded base64, however the padding and line ends have suffered."""
    data = data.translate(None, _NO_BASE64)
    if len(data) % 4 == 1:
        data = data[:-1]
    return binascii.a2b_base64(data + b"=" * (-len(data) % 4))
