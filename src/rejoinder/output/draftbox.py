"""The drafts of a whole mailbox: a folder of `.eml` files, or one mbox."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import IO

from rejoinder.errors import RejoinderError
from rejoinder.output.mailfile import eml
from rejoinder.output.tables import Row
from rejoinder.types import Address, Draft

_FROM_LINE = re.compile(rb"^(>*From )", re.MULTILINE)
_LONGEST_NAME = 60


def drafts_of(row: Row) -> list[Draft]:
    """The drafts that a row carries."""
    return [
        Draft(
            to=_address(item["to"]),
            subject=item["subject"],
            body=item["body"],
            template=item["template"],
            send_on=date.fromisoformat(item["send_on"]) if item["send_on"] else None,
            in_reply_to=item["in_reply_to"],
            references=tuple(item["references"]),
            blanks=tuple(item["blanks"]),
        )
        for item in row.get("drafts", ())
    ]


def _address(text: str | None) -> Address | None:
    if not text:
        return None
    name, bracket, address = text.rpartition(" <")
    return Address(name, address.removesuffix(">")) if bracket else Address("", text)


def file_name(row: Row, draft: Draft, number: int) -> str:
    """A name that is safe on any disk and unlike any other: day, company, the message's id, which draft."""
    plain = unicodedata.normalize("NFKD", row["company"] or "unknown").encode("ascii", "ignore").decode()
    company = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:_LONGEST_NAME] or "unknown"
    return (
        f"{draft.send_on or 'now'}-{company}-{row['id']}-{number}-{re.sub('[^a-z_]', '', draft.template)}.eml"
    )


def write_folder(rows: Iterable[Row], folder: Path) -> list[str]:
    """Write one file a draft; those that are there already stay as they are.

    Returns the sources of the mails whose drafts could not be written as mail.
    """
    failed: list[str] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in _files(rows, failed):
            with suppress(FileExistsError), (folder / name).open("xb") as file:
                file.write(data)
    except OSError as error:
        raise RejoinderError(
            f"The drafts cannot be written to {folder}: {error.strerror}.",
            "Choose another folder with --drafts.",
        ) from error
    return failed


def _files(rows: Iterable[Row], failed: list[str]) -> Iterator[tuple[str, bytes]]:
    for row in rows:
        for number, draft in enumerate(drafts_of(row), 1):
            try:
                yield file_name(row, draft, number), eml(draft)
            except RejoinderError:
                failed.append(row["source"])


def write_mbox(rows: Iterable[Row], file: IO[bytes]) -> list[str]:
    """Write all drafts into one mbox, as mail programs import it; returns what `write_folder` does."""
    failed: list[str] = []
    for _, data in _files(rows, failed):
        body = _FROM_LINE.sub(rb">\1", data.replace(b"\r\n", b"\n"))
        file.write(b"From - Thu Jan  1 00:00:00 1970\n" + body.rstrip(b"\n") + b"\n\n")
    return failed
