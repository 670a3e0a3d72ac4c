"""Bytes or pasted text to a Message."""

from __future__ import annotations

import re
from dataclasses import replace

from rejoinder.errors import UnreadableMailError
from rejoinder.mail.addresses import parse_addresses
from rejoinder.mail.charsets import decode
from rejoinder.mail.headers import Headers, decode_words, is_field, read_headers
from rejoinder.mail.mime import PART_HEADERS, TextPart, text_parts
from rejoinder.patterns import lazy
from rejoinder.types import Address, Message, Origin, message_digest

MAX_MAIL_BYTES = 25 * 1024 * 1024

#: A paste counts as a mail with headers only if it starts with one of these; "Note: ..." is prose.
KNOWN_HEADERS = frozenset(
    b"from to cc bcc subject date sent reply-to sender received return-path delivered-to message-id "
    b"mime-version content-type content-transfer-encoding references in-reply-to x-received dkim-signature "
    b"authentication-results arc-seal list-id list-unsubscribe auto-submitted precedence x-original-to "
    b"x-gm-thrid x-gmail-labels x-mozilla-status x-priority importance envelope-to thread-topic user-agent "
    b"x-mailer organization received-spf resent-from resent-date domainkey-signature".split()
)
_MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip archive or an Office document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a gzip archive",
    b"!BDN": "an Outlook .pst file",
    b"\x7fELF": "a program",
}
_HTML_START = lazy(r"\s*(?:<!doctype\s+html|<html|<head|<body|<div|<p[ >]|<table|<meta|<span)", re.IGNORECASE)
_HTML_END_TAG = lazy(r"</(?:p|div|td|span|a|body|html|li|strong|b)>", re.IGNORECASE)
_MESSAGE_ID = lazy(r"<[^<>\s]{1,250}>")
_FORMFEED = lazy(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
#: First line and `to` line of a mail copied out of Gmail; between them stand at most a time and blanks.
_GMAIL_SENDER = lazy(r"(?P<name>[^<>]{0,80})<(?P<address>[^\s<>@]{1,128}@[^\s<>]{1,255})>[^.!?]{0,80}")
_GMAIL_TO = lazy(r"(?:to|an|à|para)\s+\S[^.!?]{0,60}")
_GMAIL_BETWEEN = 5
_FROM_LINE = lazy(rb">?From (?![ \t]*:)[^\n]*\n")
#: What a From_ line holds and a sentence does not: a time and a year, an address, a dash or the daemon.
_FROM_SIGN = lazy(rb">?From +(?:-|MAILER-DAEMON|[^\s@]{1,200}@)|\d\d:\d\d.{0,40}\b(?:19|20)\d\d\b")
#: Where a mail was delivered, by whichever server said so.
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to")
#: The headers that are looked at.
_READ = PART_HEADERS.union(
    b"from sender to cc reply-to subject date sent message-id references in-reply-to list-id list-post "
    b"auto-submitted return-path x-gmail-labels x-gm-thrid delivered-to x-original-to envelope-to".split()
)
_LABEL = lazy(r'"([^"]*)"|([^,"]+)')
_EMLX_COUNT = lazy(rb"\s{0,10}(\d{1,12})[ \t]*\r?\n")
_OLE = b"\xd0\xcf\x11\xe0"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def parse(source: bytes | str, origin: Origin | None = None, *, identified: bool = True) -> Message:
    """The message in RFC 5322 bytes, `.emlx`, `.msg`, HTML, or pasted text with or without header lines.

    Broken MIME, charsets and headers are read as far as they go; mail over
    25 MB is read up to there. With `identified` false the id is left empty:
    that hash takes a sixth of the time. Raises UnreadableMailError for what is
    no text at all, such as a PDF or a picture.
    """
    raw = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    origin = origin or Origin("<text>")
    if raw.startswith(_OLE):
        from rejoinder.mail.outlook import unpack_msg

        raw, _ = unpack_msg(raw, str(origin))
    digest = message_digest(raw) if identified else ""
    notes = () if len(raw) <= MAX_MAIL_BYTES else ("only the first 25 MB were read",)
    # What was text already is UTF-8 now, whatever charset it declares.
    charset = "utf-8" if isinstance(source, str) or raw.startswith(_WIDE_BOMS) else None
    raw = _normalise(raw[:MAX_MAIL_BYTES])
    headed = _has_headers(raw)
    _refuse_binary(raw, origin, headed)
    if headed:
        return _from_headers(raw, digest, origin, notes, charset)
    return _from_paste(decode(raw), digest, origin, notes)


def with_id(message: Message, raw: bytes) -> Message:
    """A message with its id, by the bytes it was parsed from."""
    return message if message.id else replace(message, id=message_digest(raw))


def _normalise(raw: bytes) -> bytes:
    """The mail itself: without byte-order mark, emlx count line, mbox From_ line or leading blanks."""
    if raw.startswith(_WIDE_BOMS):
        raw = decode(raw).encode("utf-8", "replace")
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    count = _EMLX_COUNT.match(raw[:64])
    if count and is_field(raw[count.end() : count.end() + 200]):
        raw = raw[count.end() :][: int(count.group(1))]
    stripped = raw.lstrip(b"\r\n\t ")
    line = _FROM_LINE.match(stripped[:2000])
    if line is None:
        return stripped
    rest = stripped[line.end() :]
    known = is_field(rest[:200]) and (_FROM_SIGN.search(line.group()) or _has_headers(rest))
    return rest if known else stripped


def kind_by_magic(start: bytes) -> str | None:
    """What a file that starts so is called, if it is one of those that are often mistaken for mail."""
    return next((name for magic, name in _MAGIC.items() if start.startswith(magic)), None)


def _refuse_binary(raw: bytes, origin: Origin, headed: bool) -> None:
    start = raw[:4096]
    what = kind_by_magic(start)
    if what is None and not headed and len(_FORMFEED.findall(start)) * 20 > len(start):
        what = "a binary file"
    if what:
        raise UnreadableMailError(
            f"{origin} is {what}, not a mail.", "Give the mail as .eml, or paste its text."
        )


def _has_headers(raw: bytes) -> bool:
    name, colon, _ = raw[:200].partition(b":")
    lower = name.strip().lower()
    if not colon or not is_field(raw[:200]):
        return False
    if lower in KNOWN_HEADERS:
        return True
    # Exotic first fields are common in real mail; then the block must hold something we know.
    block = raw[:20000].replace(b"\r\n", b"\n").partition(b"\n\n")[0].split(b"\n")
    names = {line.partition(b":")[0].strip().lower() for line in block if is_field(line)}
    return b" " not in lower and len(names & KNOWN_HEADERS) >= 2


def _from_headers(
    raw: bytes, digest: str, origin: Origin, notes: tuple[str, ...], charset: str | None
) -> Message:
    headers, body = read_headers(raw, 0, len(raw), _READ)
    parts = text_parts(headers, raw, charset, body)
    plain, html = _bodies(parts)
    if not notes and any(part.cut and not part.attached for part in parts):
        notes = ("only the first 2 MB of the text were read",)

    def one(name: str) -> str:
        return decode_words(headers[name][0]) if name in headers else ""

    senders = parse_addresses(b", ".join(headers.get("from", [])) or b", ".join(headers.get("sender", [])))
    ids = _MESSAGE_ID.findall(one("message-id"))
    return Message(
        id=digest,
        origin=origin,
        plain=plain,
        html=html,
        subject=one("subject")[:2000],
        sender=senders[0] if senders else None,
        reply_to=parse_addresses(b", ".join(headers.get("reply-to", []))),
        to=parse_addresses(b", ".join(headers.get("to", []) + headers.get("cc", []))),
        date_header=one("date") or one("sent"),
        message_id=ids[0] if ids else None,
        references=tuple(_MESSAGE_ID.findall(one("references") or one("in-reply-to"))),
        list_id=one("list-id") or one("list-post") or None,
        auto_submitted=one("auto-submitted").lower() not in ("", "no"),
        bounced=_is_bounce(headers),
        notes=notes,
        labels=_labels(one("x-gmail-labels")),
        thread=one("x-gm-thrid") or None,
        delivered_to=tuple({_last_word(one(name)): None for name in _DELIVERED if name in headers}),
    )


def _last_word(value: str) -> str:
    """The address in `Delivered-To`, before which some servers say what sort it is of."""
    return value.rpartition(" ")[2].strip("<>").lower()


def _labels(value: str) -> tuple[str, ...]:
    """Gmail's labels; a comma in one of them stands between quotation marks."""
    found = (quoted or bare.strip() for quoted, bare in _LABEL.findall(value))
    return tuple(label for label in found if label)


def _is_bounce(headers: Headers) -> bool:
    kind = headers.get("content-type", [b""])[0].lower()
    return b"multipart/report" in kind or (
        headers.get("return-path", [b""])[0].strip() == b"<>"
        and (b"mailer-daemon" in headers.get("from", [b""])[0].lower())
    )


def _bodies(parts: list[TextPart]) -> tuple[str, str]:
    """Plain and HTML text; attachments only when the mail has no other text."""
    inline = [part for part in parts if not part.attached and part.text.strip()] or parts
    plain = "\n".join(part.text for part in inline if part.subtype == "plain")
    html = "\n".join(part.text for part in inline if part.subtype == "html")
    if not html.strip() and looks_like_html(plain):
        plain, html = "", plain
    return plain, html


def looks_like_html(text: str) -> bool:
    """Whether text is HTML source, judged by how it starts and whether tags are closed."""
    start = text[:5000]
    return _HTML_START.match(start) is not None and (
        "<html" in start.lower() or _HTML_END_TAG.search(text[:200_000]) is not None
    )


def _from_paste(text: str, digest: str, origin: Origin, notes: tuple[str, ...]) -> Message:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if looks_like_html(text):
        return Message(id=digest, origin=origin, html=text, notes=notes)
    sender, rest = _gmail_head(text)
    return Message(id=digest, origin=origin, plain=rest, sender=sender, notes=notes)


def _gmail_head(text: str) -> tuple[Address | None, str]:
    """Sender and text of a mail copied out of Gmail; nobody and all the text if it is none."""
    first, *below = text[:2000].lstrip().split("\n", _GMAIL_BETWEEN + 2)
    sender = _GMAIL_SENDER.fullmatch(first)
    if sender is None:
        return None, text
    for at, line in enumerate(below[:_GMAIL_BETWEEN]):
        if _GMAIL_TO.fullmatch(line.strip()):
            found = parse_addresses(
                f"{sender['name'].strip()} <{sender['address']}>".encode("utf-8", "replace")
            )
            return (found[0] if found else None), text.lstrip().split("\n", at + 2)[-1]
        if line.strip() and not re.search(r"\d", line[:80]):
            break
    return None, text
