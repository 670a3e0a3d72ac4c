"""The second reading of sentences and the pooling of letters, for many letters at once.

The same numbers that `model.context.SecondReading` and `Scorer.pooled` give for
one letter, as arrays; tests hold both to each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from rejoinder.model.context import CLIP, NOBODY, width
from rejoinder.model.functions import IN_CONTEXT, JOB_NO, OUTPUTS, SIGNALS, TOPIC
from rejoinder.model.scorer import HIGHEST

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: How many numbers `pool_letters` gives for a letter, without those for a user's own labels.
POOLED = 2 * len(SIGNALS) + 1
_KNOWN = len(OUTPUTS)


def sigmoid(values: Array) -> Array:
    """The logistic function of an array."""
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -700, 700))))


@dataclass(frozen=True)
class Context:
    """The second reading: one row of weights over `surroundings` for each name in `IN_CONTEXT`, and its intercept."""

    weights: Array
    intercepts: Array

    @classmethod
    def of(cls, card: dict[str, Any]) -> Context:
        """The second reading that a model's card holds."""
        return cls(np.array(card["context"]["weights"]), np.array(card["context"]["intercepts"]))

    def read(self, logits: Array, lengths: Ints) -> Array:
        """One logit per sentence and name in `IN_CONTEXT`, from the first reading of whole letters."""
        again: Array = surroundings(logits, lengths) @ self.weights.T + self.intercepts
        return again


def fit_context(logits: Array, lengths: Ints, targets: Array, penalty: float) -> Context:
    """Logistic regressions over what surrounds each sentence, their scaling folded into the weights.

    `logits` and `targets` are (sentences, outputs) of consecutive letters.
    """
    around = surroundings(logits, lengths)
    scaler = StandardScaler().fit(around)
    scaled = scaler.transform(around)
    fitted = Parallel(n_jobs=2)(
        delayed(_fit_reader)(scaled, targets[:, OUTPUTS.index(name)], penalty) for name in IN_CONTEXT
    )
    weights, intercepts = zip(*(folded(reader, scaler) for reader in fitted), strict=True)
    return Context(np.vstack(weights), np.concatenate(intercepts))


def _fit_reader(scaled: Array, target: Array, penalty: float) -> LogisticRegression:
    return LogisticRegression(C=penalty, max_iter=100, tol=1e-3).fit(scaled, target)


def folded(regression: LogisticRegression, scaler: StandardScaler) -> tuple[Array, Array]:
    """Weights (answers, inputs) and intercepts of a regression for inputs that were not scaled, as a card keeps them."""
    weights = regression.coef_ / scaler.scale_
    intercepts = regression.intercept_ - (weights * scaler.mean_).sum(axis=1)
    return nine_digits(weights), nine_digits(intercepts)


def nine_digits(values: Array) -> Array:
    """Numbers as a card keeps them: with nine digits, so that it stays small and the same everywhere."""
    rounded: Array = np.vectorize(lambda value: float(f"{value:.9g}"), otypes=[float])(values)
    return rounded


def surroundings(logits: Array, lengths: Ints) -> Array:
    """What surrounds each sentence of consecutive letters, (sentences, width), as `model.context.width` orders it."""
    out = np.zeros((len(logits), width(_KNOWN)))
    if not len(logits):
        return out
    of = np.repeat(lengths, lengths)
    starts = np.cumsum(lengths) - lengths
    place = np.arange(len(logits)) - np.repeat(starts, lengths)
    first, last = place == 0, place == of - 1
    clipped = np.clip(logits[:, :_KNOWN], -CLIP, CLIP)
    out[:, :_KNOWN] = clipped
    out[:, _KNOWN : 2 * _KNOWN] = np.where(first[:, None], NOBODY, np.roll(clipped, 1, axis=0))
    out[:, 2 * _KNOWN : 3 * _KNOWN] = np.where(last[:, None], NOBODY, np.roll(clipped, -1, axis=0))
    highest = np.maximum.reduceat(clipped, starts[lengths > 0])
    out[:, 3 * _KNOWN : 4 * _KNOWN] = np.repeat(highest, lengths[lengths > 0], axis=0)
    out[:, 4 * _KNOWN :] = np.stack([place / of, first, last, np.log1p(of)], axis=1)
    return out


def pool_letters(logits: Array, lengths: Sequence[int] | Ints, context: Context) -> Array:
    """What the sentences of each letter say together, (letters, POOLED + 2 per own label); zeros for an empty letter.

    `logits` are (sentences, outputs and own labels) of consecutive letters.
    """
    counts = np.asarray(lengths, dtype=np.int64)
    known, own = logits[:, :_KNOWN], logits[:, _KNOWN:]
    out = np.zeros((len(counts), POOLED + 2 * own.shape[1]))
    full = counts > 0
    starts = (np.cumsum(counts) - counts)[full]
    if not len(starts):
        return out
    refused = np.minimum(known[:, OUTPUTS.index("any_no")], known[:, OUTPUTS.index(TOPIC)])
    assert SIGNALS.index(JOB_NO) == _KNOWN
    signals = np.hstack([known, refused[:, None], context.read(known, counts), own])
    both = np.empty((len(starts), 2 * signals.shape[1]))
    both[:, 0::2] = sigmoid(np.maximum.reduceat(signals, starts))
    both[:, 1::2] = np.log1p(np.add.reduceat(np.exp(np.minimum(signals, HIGHEST)), starts))
    out[full, : POOLED - 1] = both[:, : POOLED - 1]
    out[full, POOLED - 1] = np.log1p(counts[full])
    out[full, POOLED:] = both[:, POOLED - 1 :]
    return out
