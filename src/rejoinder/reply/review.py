"""A sheet to look back on an interview with, while it is fresh."""

from __future__ import annotations

from rejoinder.patterns import lazy
from rejoinder.types import Details, Label, Stage, Verdict

#: What would mean something in Markdown, or to a program that shows it; names keep the rest (`C#`, `R&D`).
_MARKUP = lazy(r"[`<>\[\]|\\\r\n\t]+|[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_REASONS = (Label.SKILL_GAP, Label.CULTURE_FIT, Label.FEEDBACK_GIVEN)

_HEAD = """\
# Looking back: {what}

Ten minutes, while it is fresh. For you alone; leave out what hurts today.

## What they asked

1.
2.
3.

## My answers

| question | strong or weak? | what I would say now |
|---|---|---|
|   |   |   |
|   |   |   |
|   |   |   |

## One question about the past, told again as STAR

- **Situation**, where and when:
- **Task**, what was mine to do:
- **Action**, what I did:
- **Result**, what came of it, with a number if there is one:
"""
_FINAL = """
## The rounds

- The round that went best, and why:
- The round I would like to have again:
"""
_SAID = """
## What they wrote

{quotes}

- What is true of it:
- What I do about it:
"""
_SKILL = """
## The skill they named: {skill}

- What I can show of it today:
- The next thing I do to show more, and by when:
"""
_TAIL = """
## One lesson

-

## One contact to keep

- {contact}
"""


def review_sheet(verdict: Verdict, details: Details) -> str | None:
    """The sheet as Markdown, made out for this mail; None where there was no interview to look back on."""
    if not verdict.rejection or verdict.stage not in (Stage.MID, Stage.FINAL):
        return None
    parts = [_HEAD.format(what=_what(details))]
    if verdict.stage is Stage.FINAL:
        parts.append(_FINAL)
    quotes = dict.fromkeys(
        f"> {_plain(item.text)}"
        for item in verdict.evidence
        if item.label in verdict.labels and item.label in _REASONS
    )
    if quotes:
        parts.append(_SAID.format(quotes="\n>\n".join(quotes)))
    if details.skills:
        parts.append(_SKILL.format(skill=_plain(", ".join(details.skills))))
    parts.append(_TAIL.format(contact=_contact(details)))
    return "".join(parts)


def _what(details: Details) -> str:
    found = [_plain(name) for name in (details.role, details.company) if name]
    return " at ".join(found) or "an interview"


def _contact(details: Details) -> str:
    name = _plain(details.contact.name) if details.contact and details.contact.name else ""
    return f"{name}: worth a line in some months?" if name else "Who was kind, or knew their work?"


def _plain(text: str) -> str:
    return " ".join(_MARKUP.sub(" ", text).split())
