"""What to answer, when, and what to do next: how the tables are read."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from rejoinder.model.functions import SAID
from rejoinder.reply import tables
from rejoinder.reply.recipients import route
from rejoinder.reply.tables import Send
from rejoinder.reply.workdays import WEEKDAYS, Workdays
from rejoinder.types import Details, Label, Letter, Message, NoReply, Plan, ReplyRoute, Stage, Step, Verdict


class Timing(NamedTuple):
    """From which day to plan, on which working days, and how many of them to wait before asking.

    `wait` of None leaves it to the stage.
    """

    today: date
    workdays: Workdays = WEEKDAYS
    wait: int | None = None

    def send(self, row: Send) -> Step:
        """The step of a row of the tables, with its days."""
        after = row.after if self.wait is None or not row.after else self.wait
        when = self.workdays.after(self.today, after)
        return Step(
            "send",
            when,
            row.template,
            reason=row.reason,
            until=self.workdays.after(when, row.window),
            pause_hours=0 if after else tables.PAUSE_HOURS,
        )


class _Said(NamedTuple):
    """What the mail says about feedback."""

    given: bool
    refused: bool
    offered: bool


def make_plan(
    message: Message,
    letter: Letter,
    verdict: Verdict,
    details: Details,
    timing: Timing | date,
    kind: str = "auto",
) -> Plan:
    """The steps that fit the mail: drafts to send with their days, a day to follow up, and advice.

    `plan.route` says whether a reply is possible at all; where it is not, or
    would be of no use, there are no steps to send.
    """
    timing = timing if isinstance(timing, Timing) else Timing(timing)
    said = _said(verdict, details)
    way = _route(message, letter, verdict, details, kind)
    sends = tuple(timing.send(row) for row in (_sends(verdict, said, kind) if way.possible else ()))
    if not verdict.rejection:
        return Plan(way, sends)
    asks = any(step.template == tables.OFFERED.template for step in sends)
    return Plan(way, (*sends, *_follow_up(verdict, details, timing), *_advice(verdict, details, said, asks)))


def why_no_reply(plan: Plan) -> NoReply:
    """Why a plan without anything to send has nothing to send."""
    return NoReply(plan.route.reason or "there is nothing to answer in it")


def _said(verdict: Verdict, details: Details) -> _Said:
    return _Said(
        given=Label.FEEDBACK_GIVEN in verdict.labels or bool(tables.COVERS_FEEDBACK & set(verdict.labels)),
        # Details found without a verdict know only what patterns find.
        refused=details.feedback_refused or verdict.signals.get("no_feedback", 0) >= SAID,
        offered=details.feedback_offered or verdict.signals.get("feedback_offered", 0) >= SAID,
    )


def _route(message: Message, letter: Letter, verdict: Verdict, details: Details, kind: str) -> ReplyRoute:
    found = route(message, letter)
    refusal = _never(message, verdict)
    if refusal:
        return ReplyRoute(False, found.to, refusal)
    if found.possible and kind == "auto" and _is_form_letter(verdict, details):
        return ReplyRoute(False, found.to, tables.UNSIGNED[verdict.stage])
    return found


def _never(message: Message, verdict: Verdict) -> str | None:
    """The mails that no draft is ever made for."""
    if verdict.rejection is None:
        if verdict.language in ("en", "und"):
            return "there is too little to read in it to tell what it says"
        return (
            "it seems to be written in another language "
            f"({verdict.language}) than the English this model reads"
        )
    if message.bounced:
        return "it is a delivery report, not a letter"
    if message.list_id:
        return "it came over a mailing list"
    if not verdict.rejection:
        return "it does not read like a rejection of your application"
    return None


def _is_form_letter(verdict: Verdict, details: Details) -> bool:
    person = details.contact is not None and bool(details.contact.name)
    plain = set(verdict.labels) <= {Label.HARD_NO}
    return (
        not person
        and plain
        and not _said(verdict, details).offered
        and verdict.stage in (Stage.INITIAL, Stage.UNKNOWN)
    )


def _sends(verdict: Verdict, said: _Said, kind: str) -> tuple[Send, ...]:
    if kind != "auto":
        asked = tables.KINDS[kind]
        refused = said.refused and asked == tables.OFFERED.template
        return (Send(asked, tables.ASKED_FOR_REFUSED if refused else tables.ASKED_FOR),)
    for label, row in tables.BY_LABEL:
        if label in verdict.labels:
            return (row,)
    # Refused and offered in one mail is "not in writing, but call me": a mail that asks would be wrong.
    if said.offered and not said.refused:
        return (tables.OFFERED,)
    rows = tables.BY_STAGE[verdict.stage]
    return tuple(row for row in rows if not (said.refused and row.template == tables.OFFERED.template))


def _follow_up(verdict: Verdict, details: Details, timing: Timing) -> tuple[Step, ...]:
    """The first working day from a time on that an open door named, while it lies ahead."""
    if Label.SOFT_NO not in verdict.labels:
        return ()
    named = [(time.earliest, time.text) for time in details.dates if time.earliest]
    days = [(day, words) for day, words in named if day > timing.today]
    if not days:
        return ()
    day, words = min(days)
    advice = tables.FOLLOW_UP
    when = timing.workdays.on_or_after(day)
    return (Step("follow_up", when, text=advice.text, reason=advice.reason.format(time=words)),)


def _advice(verdict: Verdict, details: Details, said: _Said, asks: bool) -> tuple[Step, ...]:
    labels = [label for label, _ in tables.BY_LABEL if label in verdict.labels]
    if tables.COVERS_FEEDBACK & set(labels):
        labels = [label for label in labels if label != Label.FEEDBACK_GIVEN]
    rows = [tables.ADVICE_BY_LABEL[label] for label in labels]
    if not details.skills:
        rows = [tables.PRACTISE_UNNAMED if row is tables.PRACTISE else row for row in rows]
    if said.offered and not said.given and not asks:
        rows.append(tables.TAKE_UP_OFFER)
    if Label.SOFT_NO not in verdict.labels:
        rows.append(tables.ADVICE_BY_STAGE[verdict.stage])
    if said.refused and not said.given and not said.offered:
        rows.append(tables.OUTSIDE_VIEW_INITIAL if verdict.stage == Stage.INITIAL else tables.OUTSIDE_VIEW)
    skill = details.skills[0] if details.skills else ""
    return tuple(
        Step("advice", text=row.text.format(skill=skill), reason=row.reason)
        for row in (*rows, tables.ARCHIVE)
    )
