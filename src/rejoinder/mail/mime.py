"""The text parts of a MIME message, found on bytes without decoding anything else.

A walker of our own rather than `email.parser`: that one raises RecursionError
on nested multiparts, decodes attachments nobody asked for, and costs 40 ms to
import. A test compares the two on everything well formed.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

from rejoinder.mail.charsets import decode
from rejoinder.mail.headers import Headers, base64_bytes, split_headers

MAX_PARTS = 1000
MAX_DEPTH = 50
#: A letter longer than this is no letter; what is cut is said in `Message.notes`.
MAX_TEXT_BYTES = 2 * 1024 * 1024

_PARAMETER = re.compile(rb';\s*([A-Za-z0-9_*\-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^\s;]*))')
_FIRST_DELIMITER = re.compile(rb"(?m)^--([^\s][^\r\n]{0,200}?)[ \t]*\r?$")


@dataclass(frozen=True, slots=True)
class TextPart:
    """A decoded text part: subtype `plain` or `html`, and whether it came as an attachment."""

    subtype: str
    text: str
    attached: bool


def content_type(headers: Headers) -> tuple[str, dict[str, str]]:
    """Type such as `text/plain`, lower case, and its parameters."""
    value = headers.get("content-type", [b"text/plain"])[0][:4096]
    kind = value.partition(b";")[0].strip().lower().decode("ascii", "ignore")
    parameters = {
        name.decode("ascii").lower().rstrip("*"): (quoted or bare).decode("utf-8", "replace")
        for name, quoted, bare in _PARAMETER.findall(b";" + value.partition(b";")[2])
    }
    return kind if "/" in kind else "text/plain", parameters


def text_parts(headers: Headers, body: bytes) -> list[TextPart]:
    """All text/plain and text/html parts in order, attached messages included.

    Parts deeper than 50 levels, or after the first 1,000, are left out.
    """
    found: list[TextPart] = []
    stack: list[tuple[Headers, bytes, int]] = [(headers, body, 0)]
    seen = 0
    while stack and seen < MAX_PARTS:
        part_headers, payload, depth = stack.pop()
        seen += 1
        kind, parameters = content_type(part_headers)
        if kind.startswith("multipart/"):
            children = _children(payload, parameters.get("boundary", ""))
            if children and depth < MAX_DEPTH:
                stack.extend((*split_headers(child), depth + 1) for child in reversed(children[:MAX_PARTS]))
                continue
            if not children:
                found.append(_text(part_headers, payload, "plain", parameters))
        elif kind == "message/rfc822" and depth < MAX_DEPTH:
            stack.append((*split_headers(payload.lstrip(b"\r\n")), depth + 1))
        elif kind.startswith("text/") and kind[5:] in ("plain", "html", "enriched", "x-amp-html", "*"):
            if kind != "text/x-amp-html":
                subtype = "html" if kind == "text/html" else "plain"
                found.append(_text(part_headers, payload, subtype, parameters))
    return found


def _children(payload: bytes, boundary: str) -> list[bytes]:
    """The parts between delimiter lines; a boundary that never occurs is guessed from the text."""
    delimiter = boundary.strip().encode("utf-8", "replace")
    if not delimiter or b"--" + delimiter not in payload:
        guess = _FIRST_DELIMITER.search(payload)
        if guess is None:
            return []
        delimiter = guess.group(1)
    line = re.compile(rb"(?m)^--" + re.escape(delimiter) + rb"(--)?[ \t]*\r?(?:\n|\Z)")
    parts: list[bytes] = []
    start = -1
    for mark in line.finditer(payload):
        if start >= 0:
            parts.append(payload[start : mark.start()])
        start = -1 if mark.group(1) else mark.end()
        if len(parts) > MAX_PARTS:
            break
    if start >= 0:
        parts.append(payload[start:])
    return parts


def _text(headers: Headers, payload: bytes, subtype: str, parameters: dict[str, str]) -> TextPart:
    encoding = headers.get("content-transfer-encoding", [b""])[0].strip().lower()
    disposition = headers.get("content-disposition", [b""])[0].strip().lower()
    data = payload[: MAX_TEXT_BYTES * 2]
    if encoding == b"base64":
        data = _base64_text(data)
    elif encoding == b"quoted-printable":
        data = binascii.a2b_qp(data)
    elif encoding in (b"x-uuencode", b"uuencode", b"x-uue"):
        data = _uu_bytes(data)
    text = decode(data[:MAX_TEXT_BYTES], parameters.get("charset"))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if parameters.get("format", "").lower() == "flowed" and subtype == "plain":
        text = _unflow(text, parameters.get("delsp", "").lower() == "yes")
    attached = disposition.startswith(b"attachment") or (b"filename" in disposition and subtype == "plain")
    return TextPart(subtype, text, attached)


def _base64_text(data: bytes) -> bytes:
    """Decoded base64; plain lines that a list server put behind it stay as they are."""
    kept = re.match(rb"(?:[A-Za-z0-9+/=\s]*)", data)
    encoded = kept.group() if kept else b""
    rest = data[len(encoded) :]
    if rest:  # give the half-eaten last line back
        cut = encoded.rfind(b"\n") + 1
        encoded, rest = data[:cut], data[cut:]
    return base64_bytes(encoded) + (b"\n" + rest if rest.strip() else b"")


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
    joining = False
    for line in text.split("\n"):
        flowed = line.endswith(" ") and line != "-- "
        if joining and not line.startswith(">") and line != "-- ":
            out[-1] += line
        else:
            out.append(line.removeprefix(" ") if not line.startswith("  ") else line)
        if flowed and delete_space:
            out[-1] = out[-1][:-1]
        joining = flowed and not line.startswith(">")
    return "\n".join(out)
