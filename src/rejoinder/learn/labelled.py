"""Labelled mails, what may be wrong with them, and labels as people write them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from rejoinder.errors import ExamplesError
from rejoinder.model.card import MAX_OWN, is_own_label
from rejoinder.types import Label, Stage

#: What stands for "no rejection at all" where a label is wanted.
NOT_REJECTION = "not_rejection"
#: How it is said that a label is unknown.
NO_LABEL = "there is no label"
_NO_REJECTION = frozenset({NOT_REJECTION, "not_a_rejection", "no_rejection"})
_REASONS = frozenset({Label.SKILL_GAP.value, Label.CULTURE_FIT.value})
_OUTCOMES = frozenset({Label.HARD_NO.value, Label.SOFT_NO.value})


@dataclass(frozen=True, slots=True)
class LabelledMail:
    """A mail and what it is: `labels` is empty for no rejection, `where` says where it came from."""

    text: str
    subject: str
    sender: str
    labels: frozenset[str]
    stage: str
    where: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps an example from being learnt from: file and line, the field, and what is wrong."""

    where: str
    field: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}, {self.field}: {self.what}"


@dataclass(frozen=True, slots=True)
class Examples:
    """Labelled mails without the bad ones, the problems of those, and what else is worth saying."""

    mails: tuple[LabelledMail, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()


def known_labels(extra: Collection[str] = ()) -> tuple[str, ...]:
    """All labels that may be given, the user's own ones last."""
    return (*(label.value for label in Label), *(normal(name) for name in extra))


def normal(name: str) -> str:
    """A label as it is written inside: `Hard No` and `hard-no` are `hard_no`."""
    return re.sub(r"[\s_\-]+", "_", name.strip().lower())


def own_names(names: Collection[str]) -> tuple[str, ...]:
    """Own labels as they are written inside; the five are no own labels.

    Raises ExamplesError for what cannot be one.
    """
    own = [name for name in dict.fromkeys(map(normal, names)) if name not in set(Label)]
    for name in own:
        if not is_own_label(name):
            raise ExamplesError(
                f"{name!r} cannot be a label of your own.",
                "Use a word or two in plain letters, such as salary or visa_needed.",
            )
    if len(own) > MAX_OWN:
        raise ExamplesError(
            f"{len(own)} labels of your own are too many for one model.", f"Teach up to {MAX_OWN}."
        )
    return tuple(own)


def read_labels(names: Iterable[str], extra: Collection[str] = ()) -> tuple[frozenset[str], str]:
    """The labels meant, with those they imply, and what is wrong with them (nothing if nothing is).

    A reason brings `feedback_given` with it, and any label without an outcome
    is a `hard_no`: the decision is final unless the mail says otherwise.
    """
    given = {normal(name) for name in names if name.strip()}
    nothing = given & _NO_REJECTION
    labels = given - nothing
    known = known_labels(extra)
    for name in sorted(labels - set(known)):
        return frozenset(), f"{NO_LABEL} {name!r}{_guess(name, known)}"
    if nothing and labels:
        return frozenset(), f"{NOT_REJECTION} beside {', '.join(sorted(labels))}: it can only be one of them"
    if labels >= _OUTCOMES:
        return frozenset(), "hard_no beside soft_no: a mail has one outcome"
    if labels & _REASONS:
        labels.add(Label.FEEDBACK_GIVEN.value)
    if labels and not labels & _OUTCOMES:
        labels.add(Label.HARD_NO.value)
    return frozenset(labels), ""


def read_stage(name: str) -> tuple[str, str]:
    """The stage meant, `unknown` where none is given, and what is wrong with it."""
    stage = normal(name) or Stage.UNKNOWN.value
    known = [one.value for one in Stage]
    if stage in known:
        return stage, ""
    return Stage.UNKNOWN.value, f"there is no stage {stage!r}{_guess(stage, known)}"


def _guess(name: str, known: Collection[str]) -> str:
    names = [*known, NOT_REJECTION] if "hard_no" in known else list(known)
    close = get_close_matches(name, names, 1)
    return f" (did you mean {close[0]}?)" if close else f" (there are {', '.join(names)})"
