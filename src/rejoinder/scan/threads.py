"""Mails of one application belong together: how far it had come shows in what was written before the no.

What is kept of a mail is a handful of words. Two mails belong together when
one answers the other, when Gmail says so, or when they name the same company
and no two different roles, within a year and with no other no in between.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rejoinder.model.functions import SAID
from rejoinder.pipeline import Reading
from rejoinder.types import Stage, Verdict

#: Applications that take longer than this are two, in days.
LONGEST = 365
#: A mail may be dated a little after the one that answers it: clocks, and zones.
SLACK = 1
RANK = {Stage.UNKNOWN: 0, Stage.INITIAL: 1, Stage.MID: 2, Stage.FINAL: 3}

#: What a mail was in the course of an application.
NO, RECEIPT, TALK, LAST = "no", "receipt", "talk", "last"
_COMPANY_FORM = re.compile(
    r"\b(?:inc|ltd|llc|plc|gmbh|ag|corp|corporation|co|company|limited|group|holdings?|the|careers?|recruiting|talent|team|hr)\b"
)
_ROLE_NOISE = re.compile(
    r"\([^)]*\)|\b(?:m|f|w|d|x)(?:/(?:m|f|w|d|x))+\b|\b(?:job|role|position|req(?:uisition)?)\b|\W+|\d{3,}"
)


@dataclass(frozen=True, slots=True)
class Clue:
    """What a mail about an application says of its course: who, for what, when, and what it was."""

    what: str
    day: int | None
    ids: tuple[int, ...]
    company: str
    role: str

    def as_json(self) -> list[Any]:
        """The clue as JSON can hold it."""
        return [self.what, self.day, list(self.ids), self.company, self.role]

    @classmethod
    def from_json(cls, value: list[Any]) -> Clue:
        """The clue that `as_json` wrote."""
        what, day, ids, company, role = value
        return cls(what, day, tuple(ids), company, role)


def clue_of(reading: Reading) -> Clue | None:
    """What a mail says of an application's course, or None if it is about none."""
    what = course_of(reading.verdict)
    if what is None:
        return None
    message, details = reading.message, reading.details
    ids = [
        message.message_id or "",
        *message.references,
        f"thread {message.thread}" if message.thread else "",
    ]
    sent = message.date
    return Clue(
        what,
        sent.toordinal() if sent else None,
        tuple(dict.fromkeys(_short(one) for one in ids if one)),
        plain_company(details.company or ""),
        plain_role(details.role or ""),
    )


def _short(name: str) -> int:
    """An id in eight bytes: a mailbox has thousands of them."""
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def course_of(verdict: Verdict) -> str | None:
    """What a mail was in the course of an application, or None if it is about none."""
    if verdict.rejection:
        return NO
    said = {name for name, value in verdict.signals.items() if value >= SAID}
    if "outreach" in said:
        return None
    if "stage_final" in said and said & {"invitation", "reschedule", "next_step", "delay"}:
        return LAST
    if said & {"invitation", "reschedule"} or ("stage_mid" in said and "receipt" not in said):
        return TALK
    return RECEIPT if "receipt" in said else None


def plain_company(name: str) -> str:
    """A company's name as it can be compared: without its legal form and the team that writes."""
    words = re.sub(r"[^\w\s]", " ", name.casefold())
    return " ".join(_COMPANY_FORM.sub(" ", words).split()) or " ".join(words.split())


def plain_role(name: str) -> str:
    """A role as it can be compared: without numbers, brackets and (m/f/d)."""
    return " ".join(_ROLE_NOISE.sub(" ", name.casefold()).split())


@dataclass(slots=True)
class Threads:
    """All clues of a mailbox so far, found again by who answers whom and by company."""

    clues: list[Clue] = field(default_factory=list)
    by_id: dict[int, tuple[int, ...]] = field(default_factory=dict)
    by_company: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def add(self, clue: Clue) -> None:
        """Remember a mail."""
        at = len(self.clues)
        self.clues.append(clue)
        for one in clue.ids:
            self.by_id[one] = (*self.by_id.get(one, ()), at)
        if clue.company:
            self.by_company[clue.company] = (*self.by_company.get(clue.company, ()), at)

    def stage(self, no: Clue) -> Stage:
        """How far the application that a no ends had come, by the other mails known now."""
        near = {at for one in no.ids for at in self.by_id.get(one, ())}
        near |= {at for at in self.by_company.get(no.company, ()) if _same_role(self.clues[at].role, no.role)}
        course = [self.clues[at] for at in near if self.clues[at] != no and _before(self.clues[at], no)]
        ended = max((clue.day for clue in course if clue.what == NO and clue.day is not None), default=None)
        if ended is not None and no.day is not None and ended < no.day:
            course = [clue for clue in course if clue.day is not None and clue.day > ended]
        return _stage(clue for clue in course if clue.what != NO)


def _same_role(one: str, other: str) -> bool:
    return not one or not other or one == other or one in other or other in one


def _before(clue: Clue, no: Clue) -> bool:
    if clue.day is None or no.day is None:
        return True
    return no.day - LONGEST <= clue.day <= no.day + SLACK


def _stage(course: Iterable[Clue]) -> Stage:
    """A last round, or talks on several days: final. One talk or test: mid. A receipt alone: initial."""
    known = list(course)
    talks = {clue.day for clue in known if clue.what == TALK}
    if any(clue.what == LAST for clue in known) or len(talks) > 1:
        return Stage.FINAL
    if talks:
        return Stage.MID
    return Stage.INITIAL if known else Stage.UNKNOWN
