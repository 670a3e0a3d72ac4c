"""What a user's mails change about the first level: a difference to the shipped weights.

A mail says which labels it has, not which sentence gave them. So each label
stands for an output of the first level that some sentence of the mail must
have, and which one is found by expectation and maximisation: the sentence
that looks most like it is believed most, and learnt from, and looked at again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from rejoinder.learn.context import sigmoid
from rejoinder.learn.readers import Reader
from rejoinder.learn.sheets import Floats, Ints, Keys, Sheet
from rejoinder.model.functions import TOPIC, UNIONS
from rejoinder.types import Label

_SOFT = UNIONS["any_soft"]
_PLAIN_REASONS = ("reason_other", "weakness", "strength")


@dataclass(frozen=True)
class Lesson:
    """What a mail's labels say about one output: some sentence has it (1), none has (0), or nothing (-1)."""

    output: str
    said: Ints


def lessons(labels: Sequence[frozenset[str]], extra: Sequence[str]) -> list[Lesson]:
    """For each output that labels bear upon, what each mail says about it."""

    def lesson(output: str, yes: str | None, no: str) -> Lesson:
        said = [1 if yes and _is(yes, one) else 0 if _is(no, one) else -1 for one in labels]
        return Lesson(output, np.array(said))

    return [
        lesson("any_no", "rejection", "nothing"),
        lesson(TOPIC, "rejection", "never"),
        lesson("final_decision", Label.HARD_NO, "nothing"),
        lesson("implied_decision", None, "nothing"),
        lesson("any_soft", Label.SOFT_NO, "not soft"),
        *(lesson(name, None, "not soft") for name in _SOFT),
        lesson("any_reason", Label.FEEDBACK_GIVEN, "no feedback"),
        *(lesson(name, None, "no feedback") for name in _PLAIN_REASONS),
        lesson("reason_skill", Label.SKILL_GAP, "no skill"),
        lesson("reason_culture", Label.CULTURE_FIT, "no culture"),
        *(lesson(name, name, f"no {name}") for name in extra),
    ]


def _is(what: str, labels: frozenset[str]) -> bool:
    tests = {
        "rejection": bool(labels),
        "nothing": not labels,
        "never": False,
        "not soft": Label.SOFT_NO not in labels,
        # Praise and reproach stand in mails that are no rejection, too.
        "no feedback": bool(labels) and Label.FEEDBACK_GIVEN not in labels,
        "no skill": bool(labels) and Label.SKILL_GAP not in labels,
        "no culture": bool(labels) and Label.CULTURE_FIT not in labels,
    }
    if what in tests:
        return tests[what]
    return what.removeprefix("no ") not in labels if what.startswith("no ") else what in labels


@dataclass(frozen=True)
class Difference:
    """What is added to a model: weights (n-grams, outputs) over sorted keys, and intercepts."""

    keys: Keys
    outputs: tuple[str, ...]
    weights: Floats
    intercepts: Floats

    def on(self, sheet: Sheet) -> Floats:
        """What it adds to the logits of its outputs, (sentences, outputs)."""
        return np.asarray(sheet.over(self.keys) @ self.weights + self.intercepts)


@dataclass(frozen=True)
class Replay:
    """Shipped mails about which the model shall go on saying what it says: sentences, their logits by output, and the wanted ones."""

    sheet: Sheet
    logits: Floats
    wanted: Floats


#: How freely n-grams get weights of their own, and what a sentence of the user's counts beside a shipped one.
FREEDOM = 3.0
WEIGHT = 8.0
#: Shipped mails were not read for an own label, so that they hardly speak against it.
UNREAD = 0.2
ROUNDS = 4
#: An n-gram is learnt when the shipped model knows it, or when so many of the user's sentences have it.
COMMON = 2
#: With more sentences than these, n-grams must be more common, and one round less is enough.
_MANY = 5000
_STEPS = (50, 20)
#: A logit below which a wrong sentence does no harm.
_STAKE = -1.5
_CORRECTIONS = 6


def adapt(
    sheet: Sheet, logits: Floats, guess: Floats, taught: Sequence[Lesson], replay: Replay, reader: Reader
) -> Difference:
    """The difference to a model that teaches what the mails' labels say.

    `logits` are the model's for the sentences of the mails, `guess` those by
    which to look first; both by output, as those of the replay are.
    """
    keys = _keys(sheet, reader.keys)
    taught = [
        lesson
        for lesson in taught
        if _at_stake(lesson, sheet, logits[:, reader.outputs.index(lesson.output)])
    ]
    outputs = tuple(lesson.output for lesson in taught)
    places = [reader.outputs.index(name) for name in outputs]
    said = np.stack([lesson.said for lesson in taught], axis=1)
    mine = _Part.of(
        sheet.over(keys), logits[:, places], np.repeat((said >= 0) * WEIGHT, sheet.lengths, axis=0)
    )
    weights = np.where([name in reader.own for name in outputs], UNREAD, 1.0)
    kept = _Part.of(replay.sheet.over(keys), replay.logits[:, places], weights)
    kept_targets = sigmoid(replay.wanted[:, places])
    found = np.zeros((len(keys) + 1, len(outputs)))
    believed = guess[:, places]
    for turn in range(ROUNDS if len(sheet.pointers) <= _MANY else ROUNDS - 1):
        targets = _believed(believed, sheet.starts, said)
        found = _fit(((mine, targets), (kept, kept_targets)), found, _STEPS[min(turn, 1)])
        believed = mine.values(found)
    return Difference(keys, outputs, found[:-1], found[-1])


def _at_stake(lesson: Lesson, sheet: Sheet, logits: Floats) -> bool:
    """Whether there is anything to learn: some mail has it, or a sentence seems to have it that should not."""
    none = np.repeat(lesson.said == 0, sheet.lengths)
    return bool((lesson.said == 1).any() or (logits[none] > _STAKE).any())


def _keys(sheet: Sheet, known: Keys) -> Keys:
    counts = np.bincount(sheet.indices, minlength=len(sheet.keys))
    rare = int(len(sheet.pointers) > _MANY)
    return sheet.keys[(counts >= COMMON + rare) | ((counts > rare) & np.isin(sheet.keys, known))]


def _believed(logits: Floats, starts: Ints, said: Ints) -> Floats:
    """How much each sentence is believed to be the one, given that some sentence of its mail is."""
    if not len(logits):
        return logits
    full = np.flatnonzero(np.diff(starts))
    chances = sigmoid(logits)
    none = np.exp(np.add.reduceat(np.log1p(-np.minimum(chances, 1 - 1e-12)), starts[full], axis=0))
    lengths = np.diff(starts)[full]
    some = np.repeat(np.maximum(1 - none, 1e-9), lengths, axis=0)
    return np.where(np.repeat(said[full], lengths, axis=0) == 1, np.minimum(chances / some, 1), 0)


@dataclass(frozen=True)
class _Part:
    """Rows to fit, what the model says about them already, and how much each counts."""

    rows: csr_matrix
    turned: csr_matrix
    start: Floats
    weights: Floats

    @classmethod
    def of(cls, rows: csr_matrix, start: Floats, weights: Floats) -> _Part:
        rows = rows.astype(np.float32)  # half the memory to go through, and more than exact enough
        return cls(rows, csr_matrix(rows.T), start, weights)

    def values(self, found: Floats) -> Floats:
        return np.asarray(self.start + self.rows @ found[:-1].astype(np.float32) + found[-1])


def _fit(parts: Sequence[tuple[_Part, Floats]], start: Floats, steps: int) -> Floats:
    """The weights, and below them the intercepts, of least cross-entropy and size; all outputs in one go."""

    def loss(flat: Floats) -> tuple[float, Floats]:
        found = flat.reshape(start.shape)
        gradient = found / FREEDOM
        total = 0.5 / FREEDOM * float(np.sum(found * found))
        for part, targets in parts:
            values = part.values(found)
            small = np.exp(-np.abs(values))  # one exponential serves the loss and its slope
            total += float(
                np.sum(part.weights * (np.log1p(small) + np.maximum(values, 0) - targets * values))
            )
            slope = part.weights * (np.where(values > 0, 1, small) / (1 + small) - targets)
            gradient[:-1] += part.turned @ slope.astype(np.float32)
            gradient[-1] += slope.sum(axis=0)
        return total, gradient.ravel()

    options = {"maxiter": steps, "maxcor": _CORRECTIONS, "ftol": 1e-5}
    best = minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options=options)
    return np.asarray(best.x).reshape(start.shape)
