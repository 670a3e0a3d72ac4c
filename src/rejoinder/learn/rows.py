"""Rows of example files as they stand there, each with the place it came from: JSON Lines, and folders of mails."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from rejoinder.errors import EmptyLetterError, RejoinderError
from rejoinder.learn.labelled import Problem, read_labels
from rejoinder.mail.cleaning import clean
from rejoinder.mail.parsing import MAX_MAIL_BYTES, parse
from rejoinder.mail.sources import RawMail, read_path
from rejoinder.types import Message, Origin

#: What sources call a file that does not look like mail.
_UNKNOWN = "UnknownFile"
#: Files that systems leave in folders.
_LITTER = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Row:
    """One example before anything is checked; `labels` is None where the file says nothing about them."""

    where: str
    text: str
    labels: tuple[str, ...] | None
    subject: str = ""
    sender: str = ""
    stage: str = ""


def json_rows(path: Path) -> Iterator[Row | Problem]:
    """The rows of a JSON Lines file."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if line.strip():
                yield _json_row(line, f"{path}, line {number}")


def _json_row(line: bytes, where: str) -> Row | Problem:
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return Problem(where, "encoding", "not UTF-8; JSON Lines always is. Save the file as UTF-8")
    except (ValueError, RecursionError) as error:
        return Problem(where, "line", f"no JSON object ({error})")
    if not isinstance(record, dict):
        return Problem(where, "line", 'no JSON object; each line is one, such as {"text": ..., "labels": []}')
    for field in ("text", "subject", "from", "stage"):
        if not isinstance(record.get(field) or "", str):
            return Problem(where, field, "not text")
    labels = record.get("labels")
    if isinstance(labels, str):
        labels = labels.split(";")
    if labels is not None and not (isinstance(labels, list) and all(isinstance(one, str) for one in labels)):
        return Problem(where, "labels", "not a list of names")
    return Row(
        where,
        record.get("text") or "",
        None if labels is None else tuple(labels),
        record.get("subject") or "",
        record.get("from") or "",
        record.get("stage") or "",
    )


def folder_rows(folder: Path, extra: Collection[str], notes: list[str]) -> Iterator[Row | Problem]:
    """The mails in the subfolders of a folder, each labelled with its subfolder's name (`soft_no;skill_gap` is two)."""
    loose = 0
    for place in sorted(folder.iterdir()):
        if _is_litter(place):
            continue
        if not place.is_dir():
            loose += 1
            continue
        labels = tuple(re.split("[;+,]", place.name))
        wrong = read_labels(labels, extra)[1]
        if wrong:
            yield Problem(str(place), "folder name", wrong)
        else:
            yield from _mails_in(place, labels)
    if loose:
        notes.append(f"{loose} file{'s' if loose > 1 else ''} beside the labels' folders left out")


def _is_litter(path: Path) -> bool:
    return path.name.startswith(".") or path.name.lower() in _LITTER


def _mails_in(place: Path, labels: tuple[str, ...]) -> Iterator[Row | Problem]:
    for mail in read_path(place):
        path = Path(mail.origin.path)
        if _is_litter(path):
            continue
        if isinstance(mail, RawMail):
            yield _mail_row(mail.raw, mail.origin, labels)
        elif mail.error == _UNKNOWN:
            # The folder says that these are mails, whatever their names end in.
            with path.open("rb") as file:
                yield _mail_row(file.read(MAX_MAIL_BYTES + 1), mail.origin, labels)
        else:
            yield Problem(str(mail.origin), "file", mail.reason)


def _mail_row(raw: bytes, origin: Origin, labels: tuple[str, ...]) -> Row | Problem:
    try:
        message = parse(raw, origin)
        text = letter_text(message)
    except RejoinderError as error:
        return Problem(str(origin), "file", error.what)
    return Row(str(origin), text, labels, message.subject, str(message.sender or ""))


def letter_text(message: Message) -> str:
    """What the writer said; the subject where that says everything, nothing where nothing is said."""
    try:
        return clean(message).text
    except EmptyLetterError:
        return message.subject if len(message.subject.split()) >= 3 else ""
