"""Corrections and the mails they belong to: found by id or text, and turned into examples."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

from rejoinder.corrections import Correction, keep, letter_id, read_journal
from rejoinder.errors import ExamplesError, RejoinderError
from rejoinder.learn.labelled import Problem, own_names
from rejoinder.learn.rows import Row, letter_text
from rejoinder.mail.parsing import parse
from rejoinder.mail.sources import RawMail, read_path
from rejoinder.model.card import is_own_label
from rejoinder.model.scorer import Scorer
from rejoinder.resources import corrections_path
from rejoinder.types import Message


def said_of(message: Message, labels: tuple[str, ...] | None, stage: str = "") -> Correction:
    """What is said about a message, with all that it takes to know it again and to learn from it."""
    text = letter_text(message)
    return Correction(
        message.id, labels, stage, letter_id(text), message.subject, str(message.sender or ""), text
    )


def own_known(scorer: Scorer, more: Collection[str] = ()) -> tuple[str, ...]:
    """Labels of the user's own that need no introduction: those given, the model's, and those in the corrections.

    Raises ExamplesError for a given one that cannot be a label.
    """
    return tuple(dict.fromkeys((*own_names(more), *scorer.own_labels, *own_said(corrections_path()))))


def own_said(journal: Path) -> tuple[str, ...]:
    """The labels beside the five that somebody gave mails in a journal."""
    said = (label for item in read_journal(journal) for label in item.labels or ())
    return tuple(label for label in dict.fromkeys(said) if is_own_label(label))


def correct(said: Correction, path: Path | None = None) -> Correction:
    """Keep a correction; what was known about the mail before stays with it. What was kept is returned.

    Raises ResourceError when it cannot be written.
    """
    if not said.text:
        for old in read_journal(path or corrections_path()):
            if old.id == said.id:
                said = replace(old, labels=said.labels, stage=said.stage or old.stage)
    keep(said, path)
    return said


def find_message(identity: str, source: Path) -> Message | None:
    """The message with an id in a mail, a mailbox, or what `scan` wrote; None where its file is gone since.

    Raises ExamplesError when the source does not know the id.
    """
    origin = _scanned(identity, source)
    if origin is None:
        found = _search(identity, source)
        if found is None:
            raise ExamplesError(
                f"No mail in {source} has the id {identity}.",
                "The ids are those that `classify --format jsonl` and `scan` give.",
            )
        return found
    name = origin.rpartition("#")[0] if origin.rpartition("#")[2].isdigit() else origin
    path = Path(name.partition("!")[0])
    places = (path, source.parent / path) if not path.is_absolute() else (path,)
    return next((_search(identity, place) for place in places if place.exists()), None)


def _search(identity: str, path: Path) -> Message | None:
    for mail in read_path(path):
        if isinstance(mail, RawMail) and hashlib.sha256(mail.raw).hexdigest().startswith(identity):
            return parse(mail.raw, mail.origin)
    return None


def _scanned(identity: str, source: Path) -> str | None:
    """Where a mail came from by what `scan` wrote about it; None where the source is no such file."""
    if source.suffix.lower() not in (".jsonl", ".ndjson", ".csv"):
        return None
    try:
        with source.open(encoding="utf-8", errors="replace", newline="") as file:
            for record in _records(file, source):
                if isinstance(record, dict) and record.get("id") == identity:
                    return str(record.get("source") or "")
    except (OSError, ValueError, csv.Error) as error:
        raise ExamplesError(
            f"{source} cannot be read as what `scan` wrote: {error}.", "Name the mail or mailbox itself."
        ) from error
    raise ExamplesError(
        f"{source} knows no mail with the id {identity}.", "Its ids are in the column or field `id`."
    )


def _records(file: IO[str], source: Path) -> Iterator[object]:
    if source.suffix.lower() == ".csv":
        return iter(csv.DictReader(file))
    return (json.loads(line) for line in file if line.strip())


def is_journal(path: Path) -> bool:
    """Whether a file is a journal of corrections or of labelling, by its first line."""
    with path.open("rb") as file:
        return b'"text_id"' in file.readline(4096)[:600]


def journal_rows(path: Path, notes: list[str]) -> Iterator[Row]:
    """The mails of a journal whose text is known; how many are not goes to `notes`."""
    without = 0
    for item in read_journal(path):
        if item.labels is not None and item.text:
            yield Row(
                f"{path}, mail {item.id}", item.text, item.labels, item.subject, item.sender, item.stage
            )
        elif item.labels is not None:
            without += 1
    if without:
        are = "correction has" if without == 1 else "corrections have"
        notes.append(f"{without} {are} no mail text to learn from; name the mailbox and --corrections {path}")


def mailbox_rows(mailbox: Path, journal: Path, notes: list[str]) -> Iterator[Row | Problem]:
    """The mails of a mailbox that a journal speaks about, labelled as it says."""
    said = [item for item in read_journal(journal) if item.labels is not None]
    by_id = {item.id: item for item in said}
    by_text = {item.text_id: item for item in said if item.text_id}
    found: set[str] = set()
    for mail in read_path(mailbox) if said else ():
        if not isinstance(mail, RawMail):
            continue
        try:
            message = parse(mail.raw, mail.origin)
            text = letter_text(message)
        except RejoinderError:
            continue
        item = by_id.get(message.id) or by_text.get(letter_id(text))
        if item is not None:
            found.add(item.id)
            where = str(mail.origin)
            yield Row(where, text, item.labels, message.subject, str(message.sender or ""), item.stage)
    if not found:
        raise ExamplesError(
            f"There is no usable example in {mailbox}: nobody has said yet what any mail in it is.",
            "Label some (`rejoinder label`), or give a CSV, JSON Lines or a folder whose subfolders are labels.",
        )
    if len(by_id) > len(found):
        notes.append(
            f"{len(by_id) - len(found)} of {len(by_id)} corrections are about mails not in {mailbox}"
        )
