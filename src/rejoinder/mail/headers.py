"""RFC 5322 header fields: found, unfolded, decoded (RFC 2047), made safe to show."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from rejoinder.mail.charsets import decode

#: Limits that trusted readers set (Dovecot, Postfix, Gmail): what is over is left out, not refused.
MAX_HEADER_BYTES = 64 * 1024
MAX_HEADERS = 1000

_FIELD = re.compile(rb"([!-9;-~]{1,76})[ \t]*:")
#: A few bare question marks inside are no end of the word: senders forget to encode them.
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*(?:(?<!=)\?(?!=)[^?]*){0,3})\?=")
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+"
)

Headers = dict[str, list[bytes]]


def safe(text: str) -> str:
    """One line without control, bidirectional or surrogate characters."""
    return " ".join(_UNSAFE.sub(" ", text).split())


def is_field(line: bytes) -> bool:
    """Whether a line begins like a header field, `Name: value`."""
    return _FIELD.match(line) is not None


def split_headers(raw: bytes) -> tuple[Headers, bytes]:
    """Header fields by lower-case name, and the body.

    The block ends at the first empty line, or at the first line that cannot
    belong to it: senders forget the empty line.
    """
    headers: Headers = {}
    name = ""
    count = position = 0
    for line, end in _lines(raw):
        if not line.strip():
            return headers, raw[end:]
        if line[:1] in b" \t" and name:
            held = headers[name][-1]
            if len(held) < MAX_HEADER_BYTES:
                headers[name][-1] = held + b" " + line.strip()[: MAX_HEADER_BYTES - len(held)]
        elif field := _FIELD.match(line):
            count += 1
            if count <= MAX_HEADERS:
                name = field.group(1).decode("ascii").lower()
                headers.setdefault(name, []).append(line[field.end() :].strip()[:MAX_HEADER_BYTES])
        elif not line.startswith((b"From ", b">From ")):
            return headers, raw[position:]
        position = end
    return headers, b""


def _lines(raw: bytes) -> Iterator[tuple[bytes, int]]:
    position = 0
    while position < len(raw):
        end = raw.find(b"\n", position)
        end = len(raw) if end < 0 else end + 1
        yield raw[position:end].rstrip(b"\r\n"), end
        position = end


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
    data = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    if len(data) % 4 == 1:
        data = data[:-1]
    return binascii.a2b_base64(data + b"=" * (-len(data) % 4))
