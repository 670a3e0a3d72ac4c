"""Results as a tired person reads them on a screen."""

from __future__ import annotations

import textwrap
from datetime import date

from rejoinder.patterns import lazy
from rejoinder.types import Draft, Result, Stage, Step, Verdict, label_words

WIDTH = 88
#: C0 but tab and line feed, DEL, C1, bidi controls, line separators, lone surrogates.
CONTROLS = lazy(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]"
)

#: Not from the locale: everything around them is English.
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip

_STAGE_WORDS = {
    Stage.INITIAL: "after your application",
    Stage.MID: "after an interview or test",
    Stage.FINAL: "after the final round",
    Stage.UNKNOWN: "not shown by the mail",
}
#: What each shipped template is, in a sentence such as "send the thank-you".
_TEMPLATE_WORDS = {
    "acknowledge": "short acknowledgement",
    "thank_you": "thank-you",
    "feedback_request": "feedback question",
    "feedback_thanks": "thank-you for the feedback",
    "skill_gap": "thank-you for the feedback",
    "culture_fit": "thank-you",
    "keep_in_touch": "keep-in-touch note",
}


def printable(text: str) -> str:
    """Text that can do nothing to a terminal: no control or direction characters but line breaks."""
    # None of them counts as printable, and most texts hold nothing else that does not.
    return text if "".join(text.split("\n")).isprintable() else CONTROLS.sub("", text)


def reading(result: Result) -> str:
    """What the mail is and why, and the plan; no draft."""
    verdict, details = result.verdict, result.details
    lines = [headline(verdict)]
    facts = [("Stage", _STAGE_WORDS[verdict.stage]), ("Company", details.company), ("Role", details.role)]
    if details.contact and details.contact.name:
        facts.append(("From", details.contact.name))
    if verdict.rejection:
        lines += [f"{name + ':':<9}{value}" for name, value in facts if value]
        lines += ["", "What says so:", *evidence(verdict)]
        lines += ["", *_plan(result)]
    if result.plan.route.warning:
        lines += ["", _wrapped(f"Note: {result.plan.route.warning}")]
    return printable("\n".join(lines)) + "\n"


def _chance(probability: float) -> str:
    """Two digits, and never none or all of it: no reading is that sure."""
    if probability >= 0.995:
        return "over 0.99"
    return "under 0.01" if probability < 0.005 else f"{probability:.2f}"


def headline(verdict: Verdict) -> str:
    """The verdict in one line, with its probability."""
    names = ", ".join(label_words(label) for label in verdict.labels)
    if verdict.label_source == "you":
        return (
            f"A rejection: {names} (you said so)." if verdict.rejection else "Not a rejection (you said so)."
        )
    if verdict.rejection is None:
        return f"Cannot tell what this mail says (language: {verdict.language})."
    probability = verdict.probabilities["rejection"]
    if not verdict.rejection:
        text = f"Not a rejection (probability of one: {_chance(probability)})"
    else:
        text = f"A rejection: {names} (probability {_chance(probability)})"
    return text + (" - not sure, please judge for yourself." if verdict.unsure else ".")


def evidence(verdict: Verdict) -> list[str]:
    """Each telling sentence once, with the labels it speaks for."""
    labels: dict[str, list[str]] = {}
    for item in verdict.evidence:
        labels.setdefault(item.text, []).append(label_words(item.label))
    return [
        textwrap.fill(f'"{text}" ({", ".join(names)})', WIDTH, initial_indent="  ", subsequent_indent="   ")
        for text, names in labels.items()
    ]


def _plan(result: Result) -> list[str]:
    dated = result.plan.dated
    first = dated[0].when if dated else None
    return [
        "What to do:",
        *(
            textwrap.fill(_step(step, first), WIDTH, initial_indent="  - ", subsequent_indent="    ")
            for step in result.plan.steps
        ),
    ]


def _step(step: Step, first: date | None) -> str:
    """A step as a sentence with its day before it, and its reason after it."""
    what = step.text or f"Send the {template_words(step.template or '')}{_pause(step, first)}."
    if step.when:
        latest = (
            f" ({day_words(step.until, first)} at the latest)" if step.until and not step.pause_hours else ""
        )
        what = f"{day_words(step.when, first)}{latest}: {what[0].lower()}{what[1:]}"
    return f"{what} {step.reason or ''}".strip()


def _pause(step: Step, first: date | None) -> str:
    if not step.pause_hours or step.until is None:
        return ""
    return f", once you are calm: in an hour, or by {day_words(step.until, first)}"


def template_words(template: str) -> str:
    """What a template is, as a person would call it."""
    return _TEMPLATE_WORDS.get(template, f"{template.replace('_', ' ')} draft")


def day_words(day: date, near: date | None = None) -> str:
    """A day as people write it, `Thu 12 March`; with its year where that is not the year of `near`."""
    year = "" if near and near.year == day.year else f" {day.year}"
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}{year}"


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH)


def draft_text(draft: Draft) -> str:
    """A draft as headers, an empty line and the body."""
    head = f"To: {draft.to}\n" if draft.to else ""
    return printable(f"{head}Subject: {draft.subject}\n\n{draft.body}")


def drafts_text(drafts: tuple[Draft, ...]) -> str:
    """All drafts in order; those after the first under a line that says when to send them."""
    blocks = [draft_text(drafts[0])]
    for draft in drafts[1:]:
        when = f"on {day_words(draft.send_on, drafts[0].send_on)}" if draft.send_on else "later"
        blocks.append(f"----- send {when} -----\n{draft_text(draft)}")
    return "\n".join(blocks)


def blanks_note(drafts: tuple[Draft, ...]) -> str:
    """What the candidate has to fill in before sending, or nothing."""
    blanks = list(dict.fromkeys(blank for draft in drafts for blank in draft.blanks))
    if not blanks:
        return ""
    count = "1 blank" if len(blanks) == 1 else f"{len(blanks)} blanks"
    hints = []
    if any("name" in blank for blank in blanks):
        hints.append("--me")
    if any("conversation" in blank for blank in blanks):
        hints.append("--mention")
    tip = f" (or give {' and '.join(hints)})" if hints else ""
    return (
        printable(
            _wrapped(
                f"{count} to fill in before you send{tip}: " + "; ".join(f"[{blank}]" for blank in blanks)
            )
        )
        + "\n"
    )


def classification(result_source: str, verdict: Verdict, company: str | None, role: str | None) -> str:
    """A mail's verdict as a short block for `classify`."""
    about = " - ".join(part for part in (company, role) if part)
    lines = [f"{result_source}: {headline(verdict)}"]
    if verdict.rejection:
        lines.append(f"  {about + '; ' if about else ''}{_STAGE_WORDS[verdict.stage]}")
        lines += evidence(verdict)
    return printable("\n".join(lines)) + "\n"
