"""Bytes to Result: the whole story."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from rejoinder.errors import EmptyLetterError
from rejoinder.mail.cleaning import clean
from rejoinder.mail.parsing import parse
from rejoinder.model.classifier import classify_letter
from rejoinder.model.scorer import Scorer
from rejoinder.model.store import load_model
from rejoinder.reply.details import find_details
from rejoinder.reply.drafting import Wishes, write_draft
from rejoinder.reply.own_labels import with_own_letters
from rejoinder.reply.policy import Timing, make_plan, why_no_reply
from rejoinder.reply.workdays import workdays_of
from rejoinder.resources import corrections_path
from rejoinder.types import (
    Details,
    Draft,
    Label,
    Letter,
    Message,
    NoReply,
    Origin,
    Plan,
    Result,
    Stage,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything known about one mail before anything is written: a Result without its drafts."""

    message: Message
    letter: Letter
    verdict: Verdict
    details: Details
    plan: Plan


def classify(
    mail: bytes | str | Message | Letter,
    *,
    stage: Stage | str | None = None,
    model: Scorer | Path | str | None = None,
    message_id: str = "",
) -> Verdict:
    """What kind of no a mail is, if it is one, and the sentences that say so.

    What the user said about the mail (`rejoinder correct`) goes before what the
    model says; a Letter is known again by its text, and by its `message_id`
    (`Message.id`) if that is given. Raises UnreadableMailError or
    EmptyLetterError for what holds no text, and ModelError when the model
    cannot be used.
    """
    scorer = model if isinstance(model, Scorer) else load_model(model)
    if not isinstance(mail, Letter):
        message = mail if isinstance(mail, Message) else parse(mail)
        mail, message_id = clean(message), message.id
    said = None
    if corrections_path().exists():
        # Only then: most people never correct anything, and every reply would wait for it.
        from rejoinder.corrections import find

        said = find(message_id, mail.text)
    return classify_letter(mail, scorer, Stage(stage) if stage else None, said)


def plan(
    message: Message,
    letter: Letter,
    verdict: Verdict,
    *,
    today: date | None = None,
    kind: str = "auto",
    country: str | None = None,
    wait: int | None = None,
    templates: Path | str | None = None,
) -> Plan:
    """What to send when, and what to do next; `kind` asks for one sort of reply.

    A label of the user's own has the letter of its name, from `templates` or their folder.

    Days are working days, with the public holidays of a `country` (`DE`,
    `US-CA`); `wait` is how many of them to let pass before asking for feedback.
    Raises RejoinderError for a country that nobody keeps a calendar for.
    """
    reading = read_on(
        message, letter, verdict, today=today, kind=kind, country=country, wait=wait, templates=templates
    )
    return reading.plan


def details(message: Message, letter: Letter, verdict: Verdict) -> Details:
    """The names in a mail: company, role, who wrote, who is written to, skills missed."""
    gaps, doors = (
        tuple(item.text for item in verdict.evidence if item.label == label)
        for label in (Label.SKILL_GAP, Label.SOFT_NO)
    )
    return find_details(message, letter, gaps, doors, verdict.signals)


def draft(
    message: Message, letter: Letter, verdict: Verdict, plan: Plan, wishes: Wishes | None = None
) -> tuple[Draft, ...] | NoReply:
    """The drafts of a plan in order, or why there is nothing to send."""
    reading = Reading(message, letter, verdict, details(message, letter, verdict), plan)
    return _write(reading, wishes or Wishes())


def _write(reading: Reading, wishes: Wishes) -> tuple[Draft, ...] | NoReply:
    message, letter, verdict, names = reading.message, reading.letter, reading.verdict, reading.details
    if not reading.plan.sends:
        return why_no_reply(reading.plan)
    return tuple(
        write_draft(step, message, letter, verdict, names, reading.plan, wishes)
        for step in reading.plan.sends
    )


def read(
    mail: bytes | str,
    *,
    stage: Stage | str | None = None,
    kind: str = "auto",
    today: date | None = None,
    country: str | None = None,
    wait: int | None = None,
    model: Scorer | Path | str | None = None,
    templates: Path | str | None = None,
    origin: Origin | None = None,
) -> Reading:
    """A mail read, labelled and planned for; nothing is written, so no template is needed.

    Raises a RejoinderError for mail that cannot be read, and for a model or
    country that cannot be used.
    """
    message = parse(mail, origin)
    letter = letter_of(message)
    verdict = classify(letter, stage=stage, model=model, message_id=message.id)
    return read_on(
        message, letter, verdict, today=today, kind=kind, country=country, wait=wait, templates=templates
    )


def read_on(
    message: Message,
    letter: Letter,
    verdict: Verdict,
    *,
    today: date | None = None,
    kind: str = "auto",
    country: str | None = None,
    wait: int | None = None,
    templates: Path | str | None = None,
) -> Reading:
    """The reading of a mail whose verdict is known: its names, and what to do."""
    timing = Timing(today or date.today(), workdays_of(country), wait)
    names = details(message, letter, verdict)
    steps = make_plan(message, letter, verdict, names, timing, kind)
    if kind == "auto" and verdict.own_labels:
        steps = with_own_letters(steps, verdict, Path(templates) if templates else None)
    return Reading(message, letter, verdict, names, steps)


def answer(
    mail: bytes | str,
    *,
    me: str | None = None,
    to_name: str | None = None,
    company: str | None = None,
    role: str | None = None,
    mention: str | None = None,
    stage: Stage | str | None = None,
    kind: str = "auto",
    today: date | None = None,
    country: str | None = None,
    wait: int | None = None,
    templates: Path | str | None = None,
    tone: str = "warm",
    model: Scorer | Path | str | None = None,
    origin: Origin | None = None,
) -> Result:
    """All of it: a mail read, labelled, planned for, and answered.

    The options override what the mail says. Raises a RejoinderError for mail
    that cannot be read, and for a model, template or country that cannot be used.
    """
    reading = read(
        mail, stage=stage, kind=kind, today=today, country=country, wait=wait, model=model,
        templates=templates, origin=origin,
    )  # fmt: skip
    wishes = Wishes(me, to_name, company, role, mention, Path(templates) if templates else None, tone)
    drafts = _write(reading, wishes)
    names = replace(
        reading.details, company=company or reading.details.company, role=role or reading.details.role
    )
    return Result(reading.message, reading.letter, reading.verdict, names, reading.plan, drafts)


def letter_of(message: Message) -> Letter:
    """The cleaned letter; a mail that says everything in its subject is read from there.

    Raises EmptyLetterError if nothing is left.
    """
    try:
        return clean(message)
    except EmptyLetterError:
        if len(message.subject.split()) < 3:
            raise
        return Letter(message.subject, message.subject)
