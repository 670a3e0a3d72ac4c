"""What to answer, when, and what to do next: the tables, and how they are read.

Sources: the five articles this project grew from, and some thirty career
guides; where those disagree, the defaults here are the cautious ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from rejoinder.reply.recipients import route
from rejoinder.types import Details, Label, Letter, Message, NoReply, Plan, ReplyRoute, Stage, Step, Verdict

#: From this probability on, what a sentence does counts as said.
SAID = 0.5


@dataclass(frozen=True, slots=True)
class Send:
    """A template, and how many working days to wait before sending it."""

    template: str
    after: int
    reason: str


#: What to send after a plain no, by the stage reached.
BY_STAGE: dict[Stage, tuple[Send, ...]] = {
    Stage.INITIAL: (
        Send(
            "acknowledge",
            0,
            "Somebody signed this, so two sentences are kind; nobody has notes for feedback.",
        ),
    ),
    Stage.UNKNOWN: (
        Send("acknowledge", 0, "The mail does not show that you talked, so two sentences are enough."),
    ),
    Stage.MID: (
        Send("thank_you", 0, "You talked, so thank them; send it when you are calm, within a day."),
        Send("feedback_request", 3, "A few days later is when a question about feedback is welcome."),
    ),
    Stage.FINAL: (
        Send(
            "thank_you",
            0,
            "They gave you hours; a gracious thank-you keeps the door open. Send it when you are calm.",
        ),
        Send(
            "feedback_request",
            4,
            "After a final round it is fair to ask what would have made the difference.",
        ),
    ),
}

#: What to send when the mail itself says more than no; the first that applies wins.
BY_LABEL: tuple[tuple[Label, Send], ...] = (
    (Label.SOFT_NO, Send("keep_in_touch", 0, "The door is held open: confirm your interest, no goodbye.")),
    (
        Label.SKILL_GAP,
        Send("skill_gap", 0, "They told you why: thank them for the point, and do not argue it."),
    ),
    (Label.CULTURE_FIT, Send("culture_fit", 0, "Thank them, and do not ask why: fit is not up for debate.")),
    (
        Label.FEEDBACK_GIVEN,
        Send(
            "feedback_thanks",
            0,
            "They told you something about yourself: thank them for that, ask for nothing more.",
        ),
    ),
)
OFFERED = Send("feedback_request", 0, "They offer feedback: ask now, the way they offer it.")

ADVICE_BY_LABEL: dict[Label, str] = {
    Label.SOFT_NO: (
        "Treat it as a no all the same: keep applying without a pause, and note any date they named."
    ),
    Label.SKILL_GAP: "Targeted practice or a certificate in {skill} closes the gap for the next application.",
    Label.CULTURE_FIT: (
        "Before the next interview, read up on how the company works "
        "and practise the conversation, not only the answers."
    ),
    Label.FEEDBACK_GIVEN: "Write the point down; over several rejections look for the pattern.",
}
ADVICE_BY_STAGE: dict[Stage, str] = {
    Stage.INITIAL: "Apply elsewhere within the hour; a first no says little about you.",
    Stage.UNKNOWN: (
        "If you had interviews with them, run this again with --stage mid or --stage final for a fuller plan."
    ),
    Stage.MID: "While it is fresh, write down what was asked, and which answers felt strong or weak.",
    Stage.FINAL: "You were nearly there: apply for like roles at once with what you learnt.",
}
NO_FEEDBACK_ADVICE = "They give no feedback, so do not ask: an outside mock interview finds the blind spots."
ARCHIVE_ADVICE = "Move the mail out of your inbox into a folder: kept, but out of sight."

#: Why a mail that nobody signed is better left without a reply.
UNSIGNED: dict[Stage, str] = {
    Stage.INITIAL: "it is a form mail after an application and nobody signed it: a reply would reach no one who knows you",
    Stage.UNKNOWN: "nobody signed it, and nothing in it shows that you talked: a reply would hardly reach anyone who knows you",
}

KINDS = {
    "thanks": "thank_you",
    "feedback": "feedback_request",
    "keep-in-touch": "keep_in_touch",
}


def make_plan(
    message: Message, letter: Letter, verdict: Verdict, details: Details, today: date, kind: str = "auto"
) -> Plan:
    """The steps that fit the mail: drafts to send with their days, and advice.

    `plan.route` says whether a reply is possible at all; where it is not, or
    would be of no use, there are no steps to send.
    """
    way = _route(message, letter, verdict, details, kind)
    sends = () if not way.possible else _sends(verdict, kind)
    steps = tuple(
        Step("send", working_days_after(today, send.after), send.template, reason=send.reason)
        for send in sends
    )
    return Plan(way, (*steps, *_advice(verdict, details)))


def why_no_reply(verdict: Verdict, plan: Plan) -> NoReply:
    """Why a plan without anything to send has nothing to send."""
    return NoReply(plan.route.reason or "there is nothing to answer in it")


def working_days_after(day: date, count: int) -> date:
    """The date `count` working days (Monday to Friday) after a day; the day itself for none."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _route(message: Message, letter: Letter, verdict: Verdict, details: Details, kind: str) -> ReplyRoute:
    found = route(message, letter)
    refusal = _never(message, verdict)
    if refusal:
        return ReplyRoute(False, found.to, refusal)
    if found.possible and kind == "auto" and _is_form_letter(verdict, details):
        return ReplyRoute(False, found.to, UNSIGNED[verdict.stage])
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
    offered = verdict.signals.get("feedback_offered", 0) >= SAID
    return not person and plain and not offered and verdict.stage in (Stage.INITIAL, Stage.UNKNOWN)


def _sends(verdict: Verdict, kind: str) -> tuple[Send, ...]:
    if kind != "auto":
        return (Send(KINDS[kind], 0, "You asked for this kind of reply."),)
    for label, send in BY_LABEL:
        if label in verdict.labels:
            return (send,)
    if verdict.signals.get("feedback_offered", 0) >= SAID:
        return (OFFERED,)
    sends = BY_STAGE[verdict.stage]
    if verdict.signals.get("no_feedback", 0) >= SAID:
        return tuple(send for send in sends if send.template != "feedback_request")
    return sends


def _advice(verdict: Verdict, details: Details) -> tuple[Step, ...]:
    if not verdict.rejection:
        return ()
    lines = [ADVICE_BY_LABEL[label] for label, _ in BY_LABEL if label in verdict.labels]
    if {Label.SKILL_GAP, Label.CULTURE_FIT} & set(verdict.labels):  # the point itself has its own advice
        lines = [line for line in lines if line != ADVICE_BY_LABEL[Label.FEEDBACK_GIVEN]]
    if Label.SOFT_NO not in verdict.labels:
        lines.append(ADVICE_BY_STAGE[verdict.stage])
    if verdict.signals.get("no_feedback", 0) >= SAID and Label.FEEDBACK_GIVEN not in verdict.labels:
        lines.append(NO_FEEDBACK_ADVICE)
    lines.append(ARCHIVE_ADVICE)
    skill = details.skills[0] if details.skills else "what they named"
    return tuple(Step("advice", text=line.format(skill=skill)) for line in lines)
