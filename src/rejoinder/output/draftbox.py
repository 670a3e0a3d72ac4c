"""The drafts of a whole mailbox: a folder of `.eml` files, or one mbox."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
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
    return f"{draft.send_on or 'now'}-{company}-{row['id']}-{number}-{re.sub('[^a-z_]', '', draft.template)}.eml"


def write_folder(rows: Iterable[Row], folder: Path) -> int:
    """Write one file a draft; those that are there already stay as they are. Returns how many are new."""
    new = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in _files(rows):
            try:
                with (folder / name).open("xb") as file:
                    file.write(data)
            except FileExistsError:
                continue
            new += 1
    except OSError as error:
        raise RejoinderError(
            f"The drafts cannot be written to {folder}: {error.strerror}.", "Choose another folder with --drafts."
        ) from error
    return new


def _files(rows: Iterable[Row]) -> Iterator[tuple[str, bytes]]:
    for row in rows:
        for number, draft in enumerate(drafts_of(row), 1):
            yield file_name(row, draft, number), eml(draft)


def write_mbox(rows: Iterable[Row], file: IO[bytes]) -> int:
    """Write all drafts into one mbox, as mail programs import it; returns how many."""
    count = 0
    for _, data in _files(rows):
        body = _FROM_LINE.sub(rb">\1", data.replace(b"\r\n", b"\n"))
        file.write(b"From - Thu Jan  1 00:00:00 1970\n" + body.rstrip(b"\n") + b"\n\n")
        count += 1
    return count
