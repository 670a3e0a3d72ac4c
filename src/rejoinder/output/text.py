"""Results as a tired person reads them on a screen."""

from __future__ import annotations

import re
import textwrap
from datetime import date

from rejoinder.types import Draft, Result, Stage, Verdict, label_words

WIDTH = 88
#: C0 but tab and line feed, DEL, C1, bidi controls, line separators, lone surrogates.
CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]"
)

_STAGE_WORDS = {
    Stage.INITIAL: "after your application",
    Stage.MID: "after an interview or test",
    Stage.FINAL: "after the final round",
    Stage.UNKNOWN: "not shown by the mail",
}


def printable(text: str) -> str:
    """Text that can do nothing to a terminal: no control or direction characters but line breaks."""
    return CONTROLS.sub("", text)


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
        text = f"Not a rejection (probability of one: {probability:.2f})"
    else:
        text = f"A rejection: {names} (probability {probability:.2f})"
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
    lines = ["What to do:"]
    for step in result.plan.steps:
        if step.when and step.template:
            what = f"{_day(step.when)}: send the {step.template.replace('_', ' ')} draft. {step.reason or ''}"
        else:
            what = step.text or ""
        lines.append(textwrap.fill(what.strip(), WIDTH, initial_indent="  - ", subsequent_indent="    "))
    return lines


def _day(day: date) -> str:
    return f"{day:%a} {day.isoformat()}"


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
        when = _day(draft.send_on) if draft.send_on else "later"
        blocks.append(f"----- send on {when} -----\n{draft_text(draft)}")
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
