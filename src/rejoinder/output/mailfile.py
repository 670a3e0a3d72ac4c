"""Drafts as `.eml` files, mbox files and `mailto:` links that a mail program opens."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from datetime import date
from email import policy
from email.header import Header
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from urllib.parse import quote

from rejoinder.errors import RejoinderError
from rejoinder.output.text import CONTROLS, printable
from rejoinder.types import Address, Draft

_ID = re.compile(r"<[!-;=?-~]{1,250}>\Z")
_ADDRESS = re.compile(r"^[^\s<>()\[\],;:\"@\x00-\x1f]+@[^\s<>()\[\],;:\"@\x00-\x1f]+$")
#: A display name with any of these has to be quoted.
_SPECIAL = re.compile(r"[^A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]")
_FOLD = "\r\n "
_END_OF_HEAD = b"\r\n\r\n"
#: Mbox files take a line that begins so for the start of the next mail; encoded, it stays in its own.
_FROM_LINE = re.compile(rb"^From ", re.MULTILINE)
_FROM_ENCODED = b"=46rom =\r\n"
#: Links must stay under this: longer ones are cut or refused by mail programs.
MAX_MAILTO = 1600
_MAX_NAME = 200
#: The first id of a thread and so many of the last ones are what mail programs hang it on.
_LAST_IDS = 20


def eml(draft: Draft) -> bytes:
    """The draft as an unsent mail; Date and Message-ID are left to the program that sends it.

    Written, parsed again and compared before it is handed out, so that
    nothing in the mail that is answered can smuggle a header in.
    """
    to, subject, thread = _recipient(draft.to), one_line(draft.subject), _thread(draft)
    content = EmailMessage(policy=policy.SMTP)
    content.set_content(printable(draft.body), charset="utf-8", cte="quoted-printable")
    # Set by hand: the standard library loses spaces of long subjects between encoded-words,
    # and writes long ids as encoded-words, which no thread survives.
    lines = ["X-Unsent: 1"]
    lines += [f"To: {_phrase(to.name)}<{to.address}>" if to.name else f"To: {to.address}"] if to else []
    lines += [f"Subject: {_text(subject, 'Subject')}"]
    lines += [f"{name}: {_FOLD.join(ids)}" for name, ids in thread.items()]
    head, _, body = content.as_bytes().partition(_END_OF_HEAD)
    ours = "".join(f"{line}\r\n" for line in lines).encode("ascii")
    data = ours + head + _END_OF_HEAD + _FROM_LINE.sub(_FROM_ENCODED, body)
    _compare(data, content, {"X-Unsent": ["1"], "Subject": subject.split(), **thread}, to)
    return data


def one_line(text: str) -> str:
    """Text as it may stand in a header: no line breaks, no control characters."""
    return " ".join(CONTROLS.sub(" ", text).split())


def _recipient(to: Address | None) -> Address | None:
    """Whom to write to, with an address that every server takes; None where there is no such one."""
    if to is None or not _ADDRESS.match(to.address) or CONTROLS.search(to.address):
        return None
    local, _, domain = to.address.rpartition("@")
    try:
        address = f"{local.encode('ascii').decode()}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return None
    return Address(one_line(to.name)[:_MAX_NAME].strip(), address)


def _text(text: str, name: str) -> str:
    """The value of a header that holds words: folded, in encoded-words where it is more than ASCII."""
    charset = "us-ascii" if text.isascii() and "=?" not in text else "utf-8"
    return Header(text, charset, header_name=name).encode(linesep="\r\n")


def _phrase(name: str) -> str:
    """A display name, quoted, and the space or line break after it."""
    if name.isascii() and "=?" not in name:
        return (
            '"{}" '.format(name.replace("\\", "\\\\").replace('"', '\\"'))
            if _SPECIAL.search(name)
            else f"{name} "
        )
    return _text(name, "To") + _FOLD


def _thread(draft: Draft) -> dict[str, list[str]]:
    """The ids for In-Reply-To and References; those that are no ASCII tokens are left out."""
    wanted = {"In-Reply-To": [draft.in_reply_to or ""], "References": draft.references}
    valid = {name: [token for token in ids if _ID.match(token)] for name, ids in wanted.items()}
    return {name: _first_and_last(ids) for name, ids in valid.items() if ids}


def _first_and_last(ids: list[str]) -> list[str]:
    return ids if len(ids) <= _LAST_IDS + 1 else [ids[0], *ids[-_LAST_IDS:]]


def _compare(data: bytes, content: EmailMessage, words: dict[str, list[str]], to: Address | None) -> None:
    """Raises RejoinderError unless a mail program reads just the headers and the text that were meant."""
    found = BytesParser(policy=policy.SMTP).parsebytes(data)
    wanted = [*words, *content.keys(), *(["To"] if to else [])]
    same = sorted(found.keys()) == sorted(wanted)
    same = same and all(str(found[name]).split() == given for name, given in words.items())
    if same and to:
        # Python's own reader adds spaces between the encoded-words of a name; nothing else may differ.
        read = [(_squeezed(one.display_name), one.addr_spec) for one in found["To"].addresses]
        same = read == [(_squeezed(to.name), to.address)]
    if not same or found.get_content().splitlines() != content.get_content().splitlines():
        raise RejoinderError(
            "The draft could not be written as a mail: it came out wrong.", "Use --format text."
        )


def _squeezed(text: str) -> str:
    return "".join(text.split())


def mbox(drafts: Iterable[Draft]) -> bytes:
    """The drafts as one mbox file, as Thunderbird and Apple Mail import it."""
    return b"".join(_separator(draft) + eml(draft).replace(b"\r\n", b"\n") + b"\n" for draft in drafts)


def _separator(draft: Draft) -> bytes:
    day = draft.send_on or date(1970, 1, 1)
    return f"From MAILER-DAEMON {day.ctime()}\n".encode("ascii")


def mailto(draft: Draft) -> str:
    """A `mailto:` link of less than 1,600 characters.

    Raises RejoinderError when the draft is too long for one.
    """
    to = quote(one_line(draft.to.address), safe="@") if draft.to else ""
    body = printable(draft.body).replace("\n", "\r\n")
    link = f"mailto:{to}?subject={quote(one_line(draft.subject))}&body={quote(body)}"
    if len(link) >= MAX_MAILTO:
        raise RejoinderError(
            f"The draft is too long for a mailto: link ({len(link)} characters).", "Use --format eml."
        )
    return link


def write_eml(drafts: tuple[Draft, ...], target: Path) -> list[Path]:
    """The files written: all drafts in a `.mbox`, the first in a `.eml`, else one file a draft in a folder.

    Raises RejoinderError, and writes nothing, where a file is there already
    or the place cannot be written.
    """
    kind = target.suffix.lower()
    if kind in (".eml", ".mbox") and not target.is_dir():
        return [write_new(target, mbox(drafts) if kind == ".mbox" else eml(drafts[0]))]
    files = {
        target / f"{number}-{draft.template}-{draft.send_on or 'now'}.eml": eml(draft)
        for number, draft in enumerate(drafts, 1)
    }
    make_folder(target)
    for path in files:
        refuse_existing(path)
    return [write_new(path, data) for path, data in files.items()]


def make_folder(folder: Path) -> None:
    """Make a folder where there is none; raises RejoinderError where that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RejoinderError(
            f"The folder {folder} cannot be made: {error.strerror}.", "Choose another with -o."
        ) from error


def refuse_existing(path: Path, option: str = "-o") -> None:
    """Raises RejoinderError when there is anything at the place of a file that is still to be written."""
    if os.path.lexists(path):
        raise RejoinderError(
            f"{path} is there already, and is left as it was.", f"Choose another name with {option}."
        )


def write_new(path: Path, data: bytes, option: str = "-o") -> Path:
    """Write a file that is not there yet; `option` is the one that names it.

    Raises RejoinderError when it exists or cannot be written.
    """
    refuse_existing(path, option)
    try:
        with path.open("xb") as file:
            file.write(data)
    except OSError as error:
        raise RejoinderError(
            f"{path} cannot be written: {error.strerror}.", f"Choose another place with {option}."
        ) from error
    return path
