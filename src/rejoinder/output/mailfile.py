"""Drafts as `.eml` files and `mailto:` links that a mail program opens."""

from __future__ import annotations

import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from urllib.parse import quote

from rejoinder.errors import RejoinderError
from rejoinder.types import Draft

_ID = re.compile(r"^<[^<>\s\x00-\x1f]{1,250}>$")
_ADDRESS = re.compile(r"^[^\s<>()\[\],;:\"@\x00-\x1f]+@[^\s<>()\[\],;:\"@\x00-\x1f]+$")
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
        from email.headerregistry import Address

        try:
            mail["To"] = Address(display_name=draft.to.name, addr_spec=draft.to.address)
        except (ValueError, IndexError):
            mail["To"] = draft.to.address
    mail["Subject"] = draft.subject
    if draft.in_reply_to and _ID.match(draft.in_reply_to):
        mail["In-Reply-To"] = draft.in_reply_to
    references = [reference for reference in draft.references if _ID.match(reference)]
    if references:
        mail["References"] = " ".join(references)
    mail.set_content(draft.body, charset="utf-8", cte="quoted-printable")
    data = mail.as_bytes()
    if sorted(BytesParser(policy=policy.SMTP).parsebytes(data).keys()) != sorted(mail.keys()):
        raise RejoinderError("The draft could not be written as a mail: a header came out wrong.", "Use --format text.")
    return data


def mailto(draft: Draft) -> str:
    """A `mailto:` link of at most 1,600 characters.

    Raises RejoinderError when the draft is too long for one.
    """
    to = quote(draft.to.address, safe="@") if draft.to else ""
    link = f"mailto:{to}?subject={quote(draft.subject)}&body={quote(draft.body.replace(chr(10), chr(13) + chr(10)))}"
    if len(link) > MAX_MAILTO:
        raise RejoinderError(f"The draft is too long for a mailto: link ({len(link)} characters).", "Use --format eml.")
    return link


def write_eml(drafts: tuple[Draft, ...], target: Path) -> list[Path]:
    """One file a draft in a folder, or the first draft in a `.eml` file; never over an existing file."""
    if target.suffix.lower() == ".eml":
        return [write_new(target, eml(drafts[0]))]
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RejoinderError(f"The folder {target} cannot be made: {error.strerror}.", "Choose another with -o.") from error
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
        raise RejoinderError(f"{path} is there already, and is left as it was.", "Choose another name with -o.") from error
    except OSError as error:
        raise RejoinderError(f"{path} cannot be written: {error.strerror}.", "Choose another place with -o.") from error
    return path
