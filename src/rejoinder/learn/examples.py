"""Labelled examples from files: read, checked, and every problem named with its place."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from rejoinder.errors import ExamplesError
from rejoinder.learn.labelled import Examples, LabelledMail, Problem, read_labels, read_stage
from rejoinder.learn.rows import Row, folder_rows, json_rows

__all__ = ["Examples", "LabelledMail", "Problem", "read_examples"]

#: Far above any set that somebody labelled; beyond it, the wrong file was named.
MAX_BYTES = 256 * 1024 * 1024
#: Problems named in full.
SHOWN = 10
_COLUMNS = ("text", "labels", "subject", "from", "stage")
_CHUNK = 500
#: Room for fields that a line has too many, so that they are noticed and not dropped.
_SURPLUS = ["surplus 1", "surplus 2", "surplus 3", "surplus 4"]


def read_examples(path: Path, *, skip_bad: bool = False, extra_labels: Collection[str] = ()) -> Examples:
    """The labelled mails in a JSON Lines or CSV file, or in a folder whose subfolders are named after labels.

    Labels are normalised and completed (see `read_labels`), duplicates dropped
    and counted in `notes`. Raises ExamplesError naming the problems, unless
    `skip_bad` leaves out the mails that have one; in any case for a file that
    cannot be read on, or that holds no example at all.
    """
    notes: list[str] = []
    mails, problems = _checked(_rows(path, notes), extra_labels)
    mails, contradictions, dropped = _distinct(mails)
    problems += contradictions
    if dropped:
        notes.append(f"{dropped} duplicate{'s' if dropped > 1 else ''} left out")
    if problems and not skip_bad:
        raise _refusal(path, problems)
    if not mails:
        raise ExamplesError(f"There are no usable examples in {path}.", _HOW)
    return Examples(tuple(mails), tuple(problems), tuple(notes))


_HOW = (
    "Give a CSV or JSON Lines file with `text` and `labels`, "
    "or a folder with subfolders such as hard_no and not_rejection that hold mails."
)


def _refusal(path: Path, problems: list[Problem]) -> ExamplesError:
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    shown = "; ".join(map(str, problems[:SHOWN]))
    rest = f"; and {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
    return ExamplesError(
        f"{count} in {path}, so nothing was used: {shown}{rest}.",
        "Correct them, or leave these examples out with --skip-bad.",
    )


def _rows(path: Path, notes: list[str]) -> Iterator[Row | Problem]:
    if path.is_dir():
        return folder_rows(path)
    try:
        size = path.stat().st_size
    except OSError as error:
        raise ExamplesError(f"{path} cannot be read: {error.strerror}.", "Check the path.") from error
    if size > MAX_BYTES:
        raise ExamplesError(
            f"{path} is {size / 1e9:.1f} GB; labelled examples are read up to {MAX_BYTES // 2**20} MB.",
            "Give the part of it that is labelled.",
        )
    return _csv_rows(path, notes) if path.suffix.lower() in (".csv", ".tsv") else json_rows(path)


def _checked(
    rows: Iterable[Row | Problem], extra: Collection[str]
) -> tuple[list[LabelledMail], list[Problem]]:
    mails: list[LabelledMail] = []
    problems: list[Problem] = []
    for row in rows:
        if isinstance(row, Problem):
            problems.append(row)
            continue
        found = _mail(row, extra)
        problems.extend(found) if isinstance(found, list) else mails.append(found)
    return mails, problems


def _mail(row: Row, extra: Collection[str]) -> LabelledMail | list[Problem]:
    """The row as a mail, or all that is wrong with it."""
    labels, wrong = read_labels(row.labels, extra) if row.labels is not None else (frozenset(), "missing")
    stage, wrong_stage = read_stage(row.stage)
    empty = "" if row.text.strip() else "empty"
    wrongs = {"text": empty, "labels": wrong, "stage": wrong_stage}
    problems = [Problem(row.where, field, what) for field, what in wrongs.items() if what]
    return problems or LabelledMail(
        row.text, row.subject.strip(), row.sender.strip(), labels, stage, row.where
    )


def _distinct(mails: list[LabelledMail]) -> tuple[list[LabelledMail], list[Problem], int]:
    """Each text once; texts labelled in two ways, which are left out; and how many were dropped."""
    first: dict[bytes, LabelledMail] = {}
    torn: set[bytes] = set()
    problems: list[Problem] = []
    for mail in mails:
        key = hashlib.sha256(" ".join(mail.text.casefold().split()).encode("utf-8", "replace")).digest()
        known = first.setdefault(key, mail)
        if known.labels != mail.labels:
            torn.add(key)
            problems.append(
                Problem(mail.where, "labels", f"the same text as {known.where}, with other labels")
            )
    kept = [mail for key, mail in first.items() if key not in torn]
    return kept, problems, len(mails) - len(first) - len(problems)


def _csv_rows(path: Path, notes: list[str]) -> Iterator[Row | Problem]:
    import pandas as pd

    with path.open("rb") as raw, _text(raw) as file:
        head = file.readline()
        names = [name.strip(' "\r\n').lower() for name in head.split(",")]
        frames = pd.read_csv(
            file, names=[*names, *_SURPLUS], header=None, dtype=object, keep_default_na=False,
            skip_blank_lines=False, chunksize=_CHUNK, engine="python", index_col=False,
        )  # fmt: skip
        line = 2
        for frame in frames:
            for values in frame.to_dict("records"):
                where = f"{path}, line {line}"
                line += 1 + sum(str(value).count("\n") for value in values.values() if value is not None)
                yield _csv_row(values, where)


def _text(raw: IO[bytes]) -> io.TextIOWrapper:
    return io.TextIOWrapper(raw, "utf-8-sig", "surrogateescape", newline="")


def _csv_row(values: dict[str, Any], where: str) -> Row | Problem:
    text, labels, subject, sender, stage = (values.get(name) or "" for name in _COLUMNS)
    return Row(where, text, tuple(labels.split(";")), subject, sender, stage)
