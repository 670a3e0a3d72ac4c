"""The text parts of a MIME message, found on bytes without decoding anything else.

A walker of our own rather than `email.parser`: that one raises RecursionError
on nested multiparts, decodes attachments nobody asked for, and costs 40 ms to
import. A test compares the two on everything well formed.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from rejoinder.mail.charsets import decode
from rejoinder.mail.headers import Headers, base64_bytes, read_headers

MAX_PARTS = 1000
MAX_DEPTH = 50
#: Lines that begin like a delimiter, which need not part anything.
_MAX_DELIMITERS = 20 * MAX_PARTS
#: A letter longer than this is no letter; what is cut is said in `Message.notes`.
MAX_TEXT_BYTES = 2 * 1024 * 1024

#: What is asked of a part.
PART_HEADERS = frozenset((b"content-type", b"content-transfer-encoding", b"content-disposition"))

_LINE_ENDS = re.compile(rb"[\r\n]*")
_PARAMETER = re.compile(rb';\s*([A-Za-z0-9_*\-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^\s;]*))')
_ESCAPED = re.compile(rb"\\(.)")
_NAME_END = re.compile(rb"[\s;(]")
_KIND = re.compile(rb"\s*([^\s;()/]{1,80}/[^\s;()/]{1,80})(?:\s*\([^()]*\))?\s*")
_BEHIND_DELIMITER = re.compile(rb"(--)?[ \t]*\r?(?:\n|\Z)")
_FIRST_DELIMITER = re.compile(rb"(?m)^--([^\s][^\r\n]{0,200})\r?$")
#: Where base64 ends: at what is no base64, at a line of words, and behind padding.
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]|\n[A-Za-z]{1,20}[ \t]{1,3}[A-Za-z]|=\s*[^\s=]")


class TextPart(NamedTuple):
    """A decoded text part: `plain` or `html`, whether it came as an attachment, and whether it was cut."""

    subtype: str
    text: str
    attached: bool
    cut: bool = False


def content_type(headers: Headers) -> tuple[str, dict[str, str]]:
    """Type such as `text/plain`, lower case, and its parameters, the pieces of RFC 2231 joined."""
    value = headers.get("content-type", [b"text/plain"])[0][:4096]
    kind = _KIND.match(value)
    rest = value[kind.end() :] if kind else value.partition(b";")[2]
    parameters: dict[str, str] = {}
    for name, quoted, bare in _PARAMETER.findall(b";" + rest.lstrip(b"; \t")):
        key, star, section = name.decode("ascii").lower().partition("*")
        section = section or star
        text = _parameter(_ESCAPED.sub(rb"\1", quoted) or bare, section)
        parameters[key] = parameters.get(key, "") + text if section.rstrip("*") not in ("", "0") else text
    return kind.group(1).lower().decode("ascii", "ignore") if kind else "text/plain", parameters


def _parameter(value: bytes, section: str) -> str:
    """The text of a parameter or a section of one (RFC 2231); `*` and `*0*` begin with a charset."""
    if not section.endswith("*"):
        return value.decode("utf-8", "replace")
    charset, quote, rest = value.partition(b"'") if section in ("*", "0*") else (b"", b"", value)
    if quote:
        value = rest.partition(b"'")[2]
    value = re.sub(rb"%([0-9A-Fa-f]{2})", lambda code: binascii.unhexlify(code.group(1)), value)
    return decode(value, charset.decode("ascii", "ignore"))


def text_parts(headers: Headers, raw: bytes, charset: str | None = None, start: int = 0) -> list[TextPart]:
    """All text/plain and text/html parts in order, attached messages included.

    The body begins at `start`. `charset` is that of parts without a transfer
    encoding where it is known better than from what they declare. Parts deeper
    than 50 levels, or after the first 1,000, are left out.
    """
    found: list[TextPart] = []
    stack: list[tuple[Headers, int, int, int]] = [(headers, start, len(raw), 0)]
    seen = 0
    while stack and seen < MAX_PARTS:
        part_headers, start, end, depth = stack.pop()
        seen += 1
        kind, parameters = content_type(part_headers)
        if kind.startswith("multipart/"):
            children = _children(raw, start, end, parameters.get("boundary", ""))
            if children and depth < MAX_DEPTH:
                default = b"message/rfc822" if kind == "multipart/digest" else b"text/plain"
                parts = [_part(raw, *child, default) for child in children[:MAX_PARTS]]
                stack.extend((*part, depth + 1) for part in reversed(parts))
                continue
            if not children:
                found.append(_text(part_headers, raw, start, end, "plain", parameters, charset))
        elif kind == "message/rfc822" and depth < MAX_DEPTH:
            start = _LINE_ENDS.match(raw, start, end).end()  # type: ignore[union-attr]
            stack.append((*read_headers(raw, start, end, PART_HEADERS), end, depth + 1))
        elif kind in ("text/plain", "text/html", "text/enriched", "text/*"):
            subtype = "html" if kind == "text/html" else "plain"
            found.append(_text(part_headers, raw, start, end, subtype, parameters, charset))
    return found


def _children(raw: bytes, start: int, end: int, boundary: str) -> list[tuple[int, int]]:
    """Where the parts between delimiter lines are; a boundary that never occurs is guessed from the text."""
    delimiter = b"--" + boundary.strip().encode("utf-8", "replace")
    if len(delimiter) == 2 or raw.find(delimiter, start, end) < 0:
        guess = _FIRST_DELIMITER.search(raw, start, end)
        if guess is None:
            return []
        delimiter = b"--" + guess.group(1).rstrip(b" \t")
    parts: list[tuple[int, int]] = []
    begun = -1
    for line, behind, closing in _delimiters(raw, start, end, delimiter):
        if begun >= 0:
            parts.append((begun, line))
        begun = -1 if closing else behind
        if len(parts) > MAX_PARTS:
            break
    if begun >= 0:
        parts.append((begun, end))
    return parts


def _delimiters(raw: bytes, start: int, end: int, delimiter: bytes) -> Iterator[tuple[int, int, bool]]:
    """Where delimiter lines begin and end, and whether they close the multipart."""
    at = start if raw.startswith(delimiter, start, end) else _next_line(raw, start, end, delimiter)
    for _ in range(_MAX_DELIMITERS):
        if at < 0:
            return
        mark = _BEHIND_DELIMITER.match(raw, at + len(delimiter), end)
        if mark:
            yield at, mark.end(), mark.group(1) is not None
        at = _next_line(raw, at, end, delimiter)


def _next_line(raw: bytes, start: int, end: int, beginning: bytes) -> int:
    found = raw.find(b"\n" + beginning, start, end)
    return found + 1 if found >= 0 else -1


def _part(raw: bytes, start: int, end: int, default: bytes) -> tuple[Headers, int, int]:
    headers, body = read_headers(raw, start, end, PART_HEADERS)
    headers.setdefault("content-type", [default])
    return headers, body, end


def _text(
    headers: Headers,
    raw: bytes,
    start: int,
    end: int,
    subtype: str,
    parameters: dict[str, str],
    charset: str | None,
) -> TextPart:
    disposition = headers.get("content-disposition", [b""])[0].strip().lower()
    data, encoded = _transfer_decoded(headers, raw[start : min(end, start + MAX_TEXT_BYTES * 2)])
    declared = parameters.get("charset")
    text = decode(data[:MAX_TEXT_BYTES], declared if encoded else charset or declared)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if parameters.get("format", "").lower() == "flowed" and subtype == "plain":
        text = _unflow(text, parameters.get("delsp", "").lower() == "yes")
    attached = disposition.startswith(b"attachment") or (b"filename" in disposition and subtype == "plain")
    cut = end - start > MAX_TEXT_BYTES * 2 or len(data) > MAX_TEXT_BYTES
    return TextPart(subtype, text, attached, cut)


def _transfer_decoded(headers: Headers, data: bytes) -> tuple[bytes, bool]:
    """The bytes without their transfer encoding, and whether they had one."""
    value = headers.get("content-transfer-encoding", [b""])[0][:200].lower()
    encoding = _NAME_END.split(value.strip(), maxsplit=1)[0]
    if encoding == b"base64":
        return _base64_text(data), True
    if encoding == b"quoted-printable":
        return binascii.a2b_qp(data), True
    if encoding in (b"x-uuencode", b"uuencode", b"x-uue"):
        return _uu_bytes(data), True
    return data, False


def _base64_text(data: bytes) -> bytes:
    """Decoded base64; plain lines that a list server put behind it stay as they are."""
    data = data.strip()
    with suppress(binascii.Error):  # most is as it should be
        return binascii.a2b_base64(data.translate(None, b"\r\n"), strict_mode=True)
    end = _NO_BASE64.search(data)
    if end is None:
        return base64_bytes(data)
    # Give the half-eaten last line back, unless padding says where the base64 ended.
    cut = end.start() + 1 if end.group().startswith((b"=", b"\n")) else data.rfind(b"\n", 0, end.start()) + 1
    return base64_bytes(data[:cut]) + b"\n" + data[cut:]


def _uu_bytes(data: bytes) -> bytes:
    out = []
    for line in data.splitlines():
        if not line or line.startswith((b"begin ", b"end")):
            continue
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            continue
    return b"".join(out)


def _unflow(text: str, delete_space: bool) -> str:
    """Paragraphs of format=flowed text (RFC 3676) on one line again."""
    out: list[str] = []
    joining = True
    for line in text.split("\n"):
        quoted, delimiter = line.startswith(">"), line == "-- "
        if not joining or ((quoted or delimiter) and out):
            out.append("\n")
        flowed = line.endswith(" ") and not delimiter
        line = line.removeprefix(" ")
        out.append(line[:-1] if flowed and delete_space else line)
        joining = flowed and not quoted
    return "".join(out)
