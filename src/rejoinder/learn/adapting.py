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

from rejoinder.learn.sheets import Floats, Ints
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
    """What is added to the shipped model: weights (n-grams, outputs) over sorted keys, and intercepts."""

    weights: Floats
    intercepts: Floats

    def on(self, rows: csr_matrix) -> Floats:
        """What it adds to the logits of rows over the same keys."""
        return np.asarray(rows @ self.weights + self.intercepts)


#: How freely a user's n-grams get weights, and how much each of the user's sentences counts beside a shipped one.
FREEDOM = 10.0
WEIGHT = 4.0
ROUNDS = 3


def adapt(
    mine: csr_matrix,
    mine_logits: Floats,
    starts: Ints,
    said: Ints,
    kept: csr_matrix,
    kept_logits: Floats,
    *,
    rounds: int = ROUNDS,
    weight: float = WEIGHT,
    freedom: float = FREEDOM,
    kept_weight: Floats | float = 1.0,
) -> Difference:
    """The difference that teaches what the mails say, and leaves shipped mails as they were.

    `mine` are the sentences of the user's mails, of which mail m has those
    from `starts[m]` to `starts[m + 1]`; `said` is (mails, outputs). `kept` are
    sentences about which the model shall go on saying what it says.
    """
    weights = np.repeat((said >= 0).astype(float) * weight, np.diff(starts), axis=0)
    difference = Difference(np.zeros((mine.shape[1], said.shape[1])), np.zeros(said.shape[1]))
    for _ in range(rounds):
        targets = _believed(mine_logits + difference.on(mine), starts, said)
        difference = _fit(
            mine, mine_logits, targets, weights, kept, kept_logits, kept_weight, freedom, difference
        )
    return difference


def _believed(logits: Floats, starts: Ints, said: Ints) -> Floats:
    """How much each sentence is believed to be the one, given that some sentence of its mail is."""
    chances = sigmoid(logits)
    out = np.zeros_like(chances)
    for at in range(len(starts) - 1):
        inside = slice(starts[at], starts[at + 1])
        some = 1 - np.prod(1 - chances[inside], axis=0)
        out[inside] = np.where(said[at] == 1, np.minimum(chances[inside] / np.maximum(some, 1e-9), 1), 0)
    return out


def sigmoid(values: Floats) -> Floats:
    """The logistic function of an array."""
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -40, 40))))


def _fit(mine, mine_logits, targets, weights, kept, kept_logits, kept_weight, freedom, start) -> Difference:
    columns, outputs = start.weights.shape
    kept_targets = sigmoid(kept_logits)
    kw = np.broadcast_to(np.asarray(kept_weight, dtype=float), kept_logits.shape)

    def loss(flat):
        d = flat.reshape(columns + 1, outputs)
        total = 0.5 / freedom * np.sum(d * d)
        grad = d / freedom
        for rows, base, t, w in (
            (mine, mine_logits, targets, weights),
            (kept, kept_logits, kept_targets, kw),
        ):
            z = base + rows @ d[:-1] + d[-1]
            total += np.sum(w * (np.logaddexp(0, z) - t * z))
            g = w * (sigmoid(z) - t)
            grad[:-1] += rows.T @ g
            grad[-1] += g.sum(axis=0)
        return total, grad.ravel()

    x0 = np.vstack([start.weights, start.intercepts]).ravel()
    r = minimize(loss, x0, jac=True, method="L-BFGS-B", options={"maxiter": 60, "maxcor": 8, "ftol": 1e-5})
    d = r.x.reshape(columns + 1, outputs)
    return Difference(d[:-1], d[-1])
