"""Letters for labels that a user taught: found by the label's name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rejoinder.resources import home, search_path
from rejoinder.types import Plan, Step, Verdict, label_words

_KIND = "templates/replies"
_SUFFIX = ".txt.j2"


def with_own_letters(plan: Plan, verdict: Verdict, templates: Path | None = None) -> Plan:
    """The plan whose first draft is written from the template named after a label of the user's own.

    Where there is none, the plan stays, and its advice says what was looked for.
    """
    if not verdict.own_labels or not plan.sends:
        return plan
    named = [label for label in verdict.own_labels if _there(label, templates)]
    if not named:
        return replace(plan, steps=(*plan.steps, _missing(verdict.own_labels[0], plan.sends[0])))
    at = plan.steps.index(plan.sends[0])
    reason = f"You have a letter of your own for {label_words(named[0])}."
    own = replace(plan.sends[0], template=named[0], reason=reason)
    return replace(plan, steps=(*plan.steps[:at], own, *plan.steps[at + 1 :]))


def _there(label: str, templates: Path | None) -> bool:
    return any((folder / f"{label}{_SUFFIX}").is_file() for folder in search_path(_KIND, templates))


def _missing(label: str, first: Step) -> Step:
    place = home() / _KIND / f"{label}{_SUFFIX}"
    used = (first.template or "").replace("_", " ")
    return Step(
        "advice",
        text=f"There is no letter for your label {label_words(label)}, so the {used} one is used; write {place} to have one.",
    )
