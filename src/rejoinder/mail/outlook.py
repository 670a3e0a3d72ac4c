"""Outlook's own formats as RFC 5322: `.msg` by python-oxmsg, `.pst` and `.ost` by libpff, where they are installed.

A mail that Outlook keeps as RTF alone is read from that, by compressed-rtf and striprtf.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from datetime import datetime
from io import FileIO
from typing import Any

from rejoinder.errors import UnreadableMailError
from rejoinder.mail.headers import safe

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# Properties (MS-OXPROPS) that python-oxmsg has no name for.
_SMTP_ADDRESS = 0x5D01
_MESSAGE_ID = 0x1035
_IN_REPLY_TO = 0x1042
_REFERENCES = 0x1039
_HEADERS = 0x007D
_FLAGS = 0x0E07
_UNSENT = 0x8
_HTML = 0x1013
_RTF = 0x1009
_CLASS = 0x001A
_RECIPIENT_TYPE = 0x0C15
_RECIPIENT_FIELDS = {1: "To", 2: "Cc"}

#: Items of a store that nobody sent to anybody. Meeting requests are mail: invitations to interviews come so.
_NO_MAIL = (
    "ipm.appointment", "ipm.contact", "ipm.abchperson", "ipm.distlist", "ipm.task", "ipm.stickynote", "ipm.activity",
    "ipm.configuration", "ipm.microsoft",
)  # fmt: skip
#: RTF says a letter in more bytes than a mail does, but a letter of this length is none.
_MAX_RTF = 2 * 1024 * 1024

#: The body is composed anew, so what the headers say of the old one must not count.
_OLD_BODY = re.compile(
    r"^(?:content-[\w\-]+|mime-version)[ \t]*:.*(?:\r?\n[ \t].*)*\r?\n?", re.IGNORECASE | re.MULTILINE
)


def unpack_msg(data: bytes, name: str) -> tuple[bytes, frozenset[str]]:
    """A `.msg` file as RFC 5322, without its attachments, and whether it is a draft.

    The same file always gives the same bytes. Raises UnreadableMailError, also
    where the library that reads it is not installed.
    """
    try:
        from oxmsg import Message
    except ImportError as error:
        raise UnreadableMailError(
            f"{name} is an Outlook .msg file, and what reads those is not installed.",
            'Run `pip install "rejoinder[outlook]"`, or save the mail as .eml or text.',
        ) from error
    try:
        message = Message.load(io.BytesIO(data))
        headers = _msg_headers(message)
        plain, html = message.body or "", _msg_html(message)
        if not plain and not html:
            plain = _msg_rtf(message)
        draft = bool((message.properties.int_prop_value(_FLAGS) or 0) & _UNSENT)
        if not (headers or plain or html):
            raise ValueError("nothing of a mail is in it")
    except Exception as error:  # it reads bytes of strangers, and says in many ways that they are broken
        raise UnreadableMailError(
            f"{name} is an Outlook .msg or old Office file in which no mail can be read.",
            "Open it in your mail program and save it as .eml or text, or paste its text.",
        ) from error
    return _compose(headers, plain, html), frozenset({"draft"} if draft else ())


def _msg_html(message: Any) -> str:
    try:
        return message.html_body or ""
    except (UnicodeError, LookupError):
        from rejoinder.mail.charsets import decode

        return decode(message.properties.binary_prop_value(_HTML) or b"")


def _msg_rtf(message: Any) -> str:
    from compressed_rtf import decompress

    data = message.properties.binary_prop_value(_RTF)
    return _rtf_text(decompress(data)) if data else ""


def _rtf_text(rtf: bytes) -> str:
    from striprtf.striprtf import rtf_to_text

    # What is not ASCII in RTF is escaped.
    text: str = rtf_to_text(rtf[:_MAX_RTF].decode("latin-1"), errors="ignore")  # type: ignore[no-untyped-call]
    return text


def _msg_headers(message: Any) -> str:
    """The headers it came with; for a mail that was never sent, those it would have had."""
    properties = message.properties
    came = properties.str_prop_value(_HEADERS) or ""
    lines = [_without_body_headers(came)]
    have = {line.partition(":")[0].strip().lower() for line in lines[0].split("\n")}
    sender = message.sender or ""
    smtp = properties.str_prop_value(_SMTP_ADDRESS)
    if smtp and "@" not in sender:
        sender = f"{sender.partition('<')[0]} <{smtp}>"
    fields = [
        ("From", sender),
        ("Subject", message.subject),
        ("Date", _date(message.sent_date)),
        ("Message-ID", properties.str_prop_value(_MESSAGE_ID)),
        ("In-Reply-To", properties.str_prop_value(_IN_REPLY_TO)),
        ("References", properties.str_prop_value(_REFERENCES)),
    ]
    for kind, field in _RECIPIENT_FIELDS.items():
        found = [one for one in message.recipients if one.properties.int_prop_value(_RECIPIENT_TYPE) == kind]
        people = [f'"{safe(one.name).replace(chr(34), "")}" <{one.email_address}>' for one in found]
        fields.append((field, ", ".join(people)))
    return lines[0] + _fields([(name, value) for name, value in fields if name.lower() not in have])


def _fields(fields: list[tuple[str, str | None]]) -> str:
    return "".join(f"{name}: {safe(value)}\n" for name, value in fields if value and safe(value))


def _without_body_headers(headers: str) -> str:
    """Headers as lines, without those that speak of the body, and without empty lines."""
    text = _OLD_BODY.sub("", headers.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""))
    return "".join(f"{line}\n" for line in text.split("\n") if line.strip())


def _date(when: datetime | None) -> str:
    return when.strftime("%a, %d %b %Y %H:%M:%S +0000") if when else ""


def _compose(headers: str, plain: str, html: str) -> bytes:
    """A mail of these headers with both forms of its text."""
    texts = {"plain": plain.encode("utf-8", "replace"), "html": html.encode("utf-8", "replace")}
    boundary = b"=_" + hashlib.sha256(texts["plain"] + texts["html"]).hexdigest().encode()
    out = [
        headers.encode("utf-8", "replace"),
        b'MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="',
        boundary + b'"\n\n',
    ]
    for subtype, text in texts.items():
        if text.strip(b"\0 \r\n\t"):
            kind = f"Content-Type: text/{subtype}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
            out += [b"--" + boundary + b"\n", kind.encode(), text.replace(b"\r\n", b"\n"), b"\n"]
    return b"".join([*out, b"--" + boundary + b"--\n"])


def unpack_pst(file: FileIO, name: str) -> Iterator[tuple[bytes | None, str]]:
    """Every mail of a `.pst` as RFC 5322 (None if it is broken) with the path of its folder.

    What lies in it besides, appointments and contacts, is passed over. Raises
    UnreadableMailError, also where the library that reads it is not installed.
    """
    try:
        import pypff
    except ImportError as error:
        raise UnreadableMailError(
            f"{name} is an Outlook .pst file, and what reads those is not installed.",
            'Run `pip install "rejoinder[pst]"`, or turn it into mbox files: `readpst -r -o FOLDER FILE.pst`.',
        ) from error
    store = pypff.file()
    try:
        store.open_file_object(file)
        root = store.get_root_folder()
    except (OSError, RuntimeError, ValueError) as error:
        raise UnreadableMailError(
            f"{name} is an Outlook .pst file that cannot be opened.",
            "Turn it into mbox files: `readpst -r -o FOLDER FILE.pst`.",
        ) from error
    yield from walk_store(root)
    store.close()


def walk_store(root: Any) -> Iterator[tuple[bytes | None, str]]:
    """Every mail in the folders of an opened store, with the path of its folder."""
    stack = [(root, "")]
    while stack:
        folder, path = stack.pop()
        for message in _each(folder, "message"):
            if message is None or not _item_class(message).startswith(_NO_MAIL):
                yield _pst_mail(message), path
        for inner in reversed(list(_each(folder, "folder"))):
            if inner is not None:
                stack.append((inner, f"{path}/{inner.name or ''}".strip("/")))


def _each(folder: Any, what: str) -> Iterator[Any]:
    """The folders or messages in a folder; None for one that is broken."""
    try:
        count = getattr(folder, f"get_number_of_sub_{what}s")()
    except OSError:
        return
    for at in range(count):
        try:
            yield getattr(folder, f"get_sub_{what}")(at)
        except OSError:
            yield None


def _item_class(message: Any) -> str:
    """What sort of item it is, such as `ipm.note`; empty where it does not say."""
    try:
        for record_set in message.record_sets:
            for entry in record_set.entries:
                if entry.entry_type == _CLASS:
                    return (entry.data_as_string or "").lower()
    except OSError:
        pass
    return ""


def _pst_mail(message: Any) -> bytes | None:
    if message is None:
        return None
    try:
        headers = _without_body_headers(_text(message.transport_headers))
        # Two characters before it say how long its `Re: ` is.
        subject = re.sub(r"^\x01.", "", message.subject or "", flags=re.DOTALL)
        sent = message.client_submit_time or message.delivery_time
        fields = [("From", message.sender_name), ("Subject", subject), ("Date", _date(sent))]
        have = {line.partition(":")[0].strip().lower() for line in headers.split("\n")}
        headers += _fields([field for field in fields if field[0].lower() not in have])
        plain, html = _text(message.plain_text_body), _text(message.html_body)
        if not plain and not html and message.rtf_body:
            plain = _rtf_text(message.rtf_body)
        return _compose(headers, plain, html)
    except Exception:  # bytes of strangers again: one broken item, and the next is read
        return None


def _text(value: bytes | str | None) -> str:
    from rejoinder.mail.charsets import decode

    return decode(value) if isinstance(value, bytes) else value or ""
