"""Drafts as `.eml` files and `mailto:` links that a mail program opens."""

from __future__ import annotations

import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from rejoinder.errors import RejoinderError
from rejoinder.output.text import CONTROLS
from rejoinder.types import Address, Draft

if TYPE_CHECKING:
    from email.headerregistry import Address as MailAddress

_ID = re.compile(r"<[!-;=?-~]{1,250}>\Z")
_ADDRESS = re.compile(r"^[^\s<>()\[\],;:\"@\x00-\x1f]+@[^\s<>()\[\],;:\"@\x00-\x1f]+$")
_FOLD = "\r\n "
_END_OF_HEAD = b"\r\n\r\n"
#: Longer links are cut or refused by mail programs.
MAX_MAILTO = 1600


def eml(draft: Draft) -> bytes:
    """The draft as an unsent mail; Date and Message-ID are left to the program that sends it.

    Written, parsed again and compared before it is handed out, so that
    nothing in the mail that is answered can smuggle a header in.
    """
    mail = EmailMessage(policy=policy.SMTP)
    mail["X-Unsent"] = "1"
    if draft.to and _ADDRESS.match(draft.to.address):
        mail["To"] = _mailbox(draft.to)
    mail["Subject"] = one_line(draft.subject)
    mail.set_content(draft.body, charset="utf-8", cte="quoted-printable")
    thread = _thread(draft)
    # The standard library would write long ids as encoded-words, which no thread survives.
    lines = [f"{name}: {_FOLD.join(ids)}\r\n" for name, ids in thread.items()]
    data = mail.as_bytes().replace(_END_OF_HEAD, "\r\n{}\r\n".format("".join(lines)).encode("ascii"), 1)
    _compare(data, mail, thread)
    return data


def one_line(text: str) -> str:
    """Text as it may stand in a header: no line breaks, no control characters."""
    return " ".join(CONTROLS.sub(" ", text).split())


def _mailbox(to: Address) -> MailAddress | str:
    from email.errors import HeaderParseError
    from email.headerregistry import Address as MailAddress

    try:
        return MailAddress(display_name=one_line(to.name), addr_spec=to.address)
    except (ValueError, IndexError, HeaderParseError):
        return to.address


def _thread(draft: Draft) -> dict[str, list[str]]:
    """The ids for In-Reply-To and References; those that are no ASCII tokens are left out."""
    wanted = {"In-Reply-To": [draft.in_reply_to or ""], "References": draft.references}
    valid = {name: [token for token in ids if _ID.match(token)] for name, ids in wanted.items()}
    return {name: ids for name, ids in valid.items() if ids}


def _compare(data: bytes, mail: EmailMessage, thread: dict[str, list[str]]) -> None:
    """Raises RejoinderError unless a mail program reads just the headers and the text that were meant."""
    found = BytesParser(policy=policy.SMTP).parsebytes(data)
    same = sorted(found.keys()) == sorted([*mail.keys(), *thread])
    same = same and all(str(found[name]).split() == ids for name, ids in thread.items())
    # Where a header is folded, spaces may come and go; nothing else may.
    same = same and all(_squeezed(found[name]) == _squeezed(mail[name]) for name in mail)
    if not same or found.get_content().splitlines() != mail.get_content().splitlines():
        raise RejoinderError(
            "The draft could not be written as a mail: it came out wrong.", "Use --format text."
        )


def _squeezed(value: object) -> str:
    return "".join(str(value).split())


def mailto(draft: Draft) -> str:
    """A `mailto:` link of at most 1,600 characters.

    Raises RejoinderError when the draft is too long for one.
    """
    to = quote(draft.to.address, safe="@") if draft.to else ""
    body = draft.body.replace("\n", "\r\n")
    link = f"mailto:{to}?subject={quote(draft.subject)}&body={quote(body)}"
    if len(link) > MAX_MAILTO:
        raise RejoinderError(
            f"The draft is too long for a mailto: link ({len(link)} characters).", "Use --format eml."
        )
    return link


def write_eml(drafts: tuple[Draft, ...], target: Path) -> list[Path]:
    """One file a draft in a folder, or the first draft in a `.eml` file; never over an existing file."""
    if target.suffix.lower() == ".eml":
        return [write_new(target, eml(drafts[0]))]
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RejoinderError(
            f"The folder {target} cannot be made: {error.strerror}.", "Choose another with -o."
        ) from error
    return [
        write_new(target / f"{number}-{draft.template}-{draft.send_on or 'now'}.eml", eml(draft))
        for number, draft in enumerate(drafts, 1)
    ]


def write_new(path: Path, data: bytes) -> Path:
    """Write a file that is not there yet.

    Raises RejoinderError when it exists or cannot be written.
    """
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError as error:
        raise RejoinderError(
            f"{path} is there already, and is left as it was.", "Choose another name with -o."
        ) from error
    except OSError as error:
        raise RejoinderError(
            f"{path} cannot be written: {error.strerror}.", "Choose another place with -o."
        ) from error
    return path
