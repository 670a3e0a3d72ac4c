"""The nouns: what arrives, what it says, what it means, and what to answer.

All of them are frozen; everything else in the package turns one into the next.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Label(StrEnum):
    """What kind of no a rejection is: one outcome, and any reasons."""

    HARD_NO = "hard_no"
    SOFT_NO = "soft_no"
    FEEDBACK_GIVEN = "feedback_given"
    SKILL_GAP = "skill_gap"
    CULTURE_FIT = "culture_fit"

    @property
    def words(self) -> str:
        """The label as a person would say it."""
        return label_words(self)


def label_words(label: str) -> str:
    """Any label as a person would say it, the user's own ones included."""
    return label.replace("_", " ")


#: Where a single label is wanted, the most telling one comes first.
PRIMARY_ORDER = (Label.SKILL_GAP, Label.CULTURE_FIT, Label.FEEDBACK_GIVEN, Label.SOFT_NO, Label.HARD_NO)


class Stage(StrEnum):
    """How far the application had come."""

    INITIAL = "initial"
    MID = "mid"
    FINAL = "final"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a mail came from: a file, and its position there when the file holds several."""

    path: str
    position: int | None = None

    def __str__(self) -> str:
        return self.path if self.position is None else f"{self.path}#{self.position}"


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox as in RFC 5322: display name (may be empty) and address."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """The part after the last @, lower case, or an empty string."""
        return self.address.rpartition("@")[2].lower() if "@" in self.address else ""

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


def message_digest(raw: bytes) -> str:
    """The `id` of the message in some bytes."""
    return hashlib.sha256(raw).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Message:
    """What arrived: decoded headers, and the text parts as they stood.

    Header values are decoded, on one line, and free of control characters.
    `id` is the first 16 hex digits of the raw bytes' sha256. `labels` and
    `thread` are Gmail's; `delivered_to` are the addresses, lower case, at which
    servers say that they took it in.
    """

    id: str
    origin: Origin
    plain: str = ""
    html: str = ""
    subject: str = ""
    sender: Address | None = None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    date_header: str = ""
    message_id: str | None = None
    references: tuple[str, ...] = ()
    list_id: str | None = None
    auto_submitted: bool = False
    bounced: bool = False
    notes: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    thread: str | None = None
    delivered_to: tuple[str, ...] = ()

    @property
    def date(self) -> datetime | None:
        """When it was sent, by its Date header; None where that is missing or broken."""
        from email.utils import parsedate_to_datetime  # 15 ms that only those pay who ask

        try:
            return parsedate_to_datetime(self.date_header[:100]) if self.date_header else None
        except (ValueError, TypeError, OverflowError, IndexError):
            return None

    @classmethod
    def from_text(cls, text: str, subject: str = "", sender: Address | None = None) -> Message:
        """A message that is nothing but text, such as a labelled example."""
        digest = message_digest(text.encode("utf-8", "surrogatepass"))
        return cls(id=digest, origin=Origin("<text>"), plain=text, subject=subject, sender=sender)


@dataclass(frozen=True, slots=True)
class Trimmed:
    """A passage that cleaning took out of the letter: `quote`, `signature`, `footer` or `hidden`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What the writer said, and what was cut away around it."""

    subject: str
    text: str
    trimmed: tuple[Trimmed, ...] = ()

    def trimmed_text(self, kind: str) -> str:
        """All trimmed passages of one kind, joined by newlines."""
        return "\n".join(cut.text for cut in self.trimmed if cut.kind == kind)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of the mail that speaks for a label; a higher weight speaks louder."""

    label: str
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the model makes of a letter.

    `rejection` is None when it cannot tell: another language, or nothing to
    read. `labels` are members of `Label`, then any that the user taught; it is empty unless `rejection` is True. `signals` maps each
    sentence function to the highest probability any sentence gave it (0..1).
    `label_source` is `you` where the user said what the mail is; probabilities
    are the model's in any case.
    """

    rejection: bool | None
    labels: tuple[str, ...]
    probabilities: dict[str, float]
    evidence: tuple[Evidence, ...]
    stage: Stage
    stage_source: str
    language: str
    unsure: bool
    model: str
    signals: dict[str, float] = field(default_factory=dict)
    label_source: str = "model"

    @property
    def own_labels(self) -> tuple[str, ...]:
        """Those labels that are none of the five: the user's own."""
        return tuple(label for label in self.labels if label not in PRIMARY_ORDER)

    @property
    def label(self) -> Label | None:
        """The one label to show where only one can be shown."""
        given = [label for label in PRIMARY_ORDER if label in self.labels]
        if given[:2] == [Label.SKILL_GAP, Label.CULTURE_FIT]:
            return max(given[:2], key=lambda label: self.probabilities[label])
        return given[0] if given else None


@dataclass(frozen=True, slots=True)
class NamedTime:
    """A time as a mail names it (`after 30 September`), and the first day it can mean, where that can be said."""

    text: str
    earliest: date | None = None


@dataclass(frozen=True, slots=True)
class Details:
    """Names found in the mail; None or empty where nothing was found, never a guess.

    `contact` is the person who wrote, `candidate` the one written to.
    `reference` is the number of the requisition or the application.
    `interviewers` are people the mail says the candidate met or talked to.
    `skills` are those missed. `dates` stand in sentences that hold a door
    open; `date_named` is whether there are any. `feedback_offered` and
    `feedback_refused` are what the mail says about giving more of it.
    `other_addresses` are addresses in the body besides the sender's that
    somebody may read.
    """

    company: str | None = None
    role: str | None = None
    contact: Address | None = None
    greeting_name: str | None = None
    candidate: str | None = None
    skills: tuple[str, ...] = ()
    date_named: bool = False
    british: bool = False
    reference: str | None = None
    interviewers: tuple[str, ...] = ()
    dates: tuple[NamedTime, ...] = ()
    feedback_offered: bool = False
    feedback_refused: bool = False
    other_addresses: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplyRoute:
    """Whether a reply can reach somebody, at which address, and what to beware of."""

    possible: bool
    to: Address | None = None
    reason: str | None = None
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: `send` a template on a day, `follow_up` on a day, or an `advice` without a date.

    `until` is the last day on which sending is still good, and `pause_hours`
    how long to let the news settle first.
    """

    do: str
    when: date | None = None
    template: str | None = None
    text: str | None = None
    reason: str | None = None
    until: date | None = None
    pause_hours: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What to send when, and what the candidate does next."""

    route: ReplyRoute
    steps: tuple[Step, ...]

    @property
    def sends(self) -> tuple[Step, ...]:
        """The steps that need a draft, in order."""
        return tuple(step for step in self.steps if step.do == "send")

    @property
    def dated(self) -> tuple[Step, ...]:
        """The steps that belong to a day, in order."""
        return tuple(step for step in self.steps if step.when)


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply ready to be read over and sent; `blanks` names what only the candidate can fill in."""

    to: Address | None
    subject: str
    body: str
    template: str
    send_on: date | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    blanks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoReply:
    """There is nothing to send, and this is why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Result:
    """Everything known about one mail."""

    message: Message
    letter: Letter
    verdict: Verdict
    details: Details
    plan: Plan
    drafts: tuple[Draft, ...] | NoReply

    @property
    def draft(self) -> Draft | NoReply:
        """The first draft to send, or why there is none."""
        if isinstance(self.drafts, NoReply):
            return self.drafts
        return self.drafts[0]


@dataclass(frozen=True, slots=True)
class Failure:
    """A mail that could not be read, and why."""

    origin: Origin
    error: str
    reason: str
