"""Rows to labelled mails: what is wrong with a row, and with rows beside each other."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable

from rejoinder.learn.labelled import LabelledMail, Problem, read_labels, read_stage
from rejoinder.learn.rows import Row


def checked(
    rows: Iterable[Row | Problem], extra: Collection[str]
) -> tuple[list[LabelledMail], list[Problem]]:
    """The rows that are in order as mails, and the problems of the others."""
    mails: list[LabelledMail] = []
    problems: list[Problem] = []
    for row in rows:
        if isinstance(row, Problem):
            problems.append(row)
            continue
        found = _mail(row, extra)
        if isinstance(found, list):
            problems.extend(found)
        else:
            mails.append(found)
    return mails, problems


def _mail(row: Row, extra: Collection[str]) -> LabelledMail | list[Problem]:
    """The row as a mail, or all that is wrong with it."""
    labels, wrong_labels = read_labels(row.labels or (), extra)
    if row.labels is None:
        wrong_labels = "missing; for a mail that is no rejection, say so with not_rejection"
    stage, wrong_stage = read_stage(row.stage)
    wrong_text = "" if row.text.strip() else "empty"
    wrongs = {"text": wrong_text, "labels": wrong_labels, "stage": wrong_stage}
    problems = [Problem(row.where, field, what) for field, what in wrongs.items() if what]
    if problems:
        return problems
    return LabelledMail(row.text, row.subject.strip(), row.sender.strip(), labels, stage, row.where)


def distinct(mails: Iterable[LabelledMail]) -> tuple[list[LabelledMail], list[Problem], int]:
    """Each text once; the texts that are labelled in two ways, none of which is kept; how many were repeated."""
    first: dict[bytes, LabelledMail] = {}
    torn: set[bytes] = set()
    problems: list[Problem] = []
    repeated = 0
    for mail in mails:
        key = text_key(mail.text)
        known = first.setdefault(key, mail)
        if known.labels != mail.labels:
            torn.add(key)
            problems.append(
                Problem(mail.where, "labels", f"other labels than {known.where}, for the same text")
            )
        elif known is not mail:
            repeated += 1
    return [mail for key, mail in first.items() if key not in torn], problems, repeated


def text_key(text: str) -> bytes:
    """The same for texts that differ in case and white space only."""
    return hashlib.sha256(" ".join(text.casefold().split()).encode("utf-8", "surrogatepass")).digest()
