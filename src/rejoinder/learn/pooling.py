"""What `Scorer.pooled` computes, for many letters at once; a test holds both to the same numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from rejoinder.learn.sheets import Floats, Ints
from rejoinder.model.functions import OUTPUTS, SIGNALS, TOPIC
from rejoinder.model.scorer import HIGHEST


def sigmoid(values: Floats) -> Floats:
    """The logistic function of an array."""
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -700, 700))))


def pool_letters(card: dict[str, Any], logits: Floats, lengths: Ints) -> Floats:
    """What the sentences of each letter say together, two numbers per signal and own label; zeros for an empty letter."""
    own = logits.shape[1] - len(OUTPUTS)
    shared = 2 * len(SIGNALS)
    out = np.zeros((len(lengths), shared + 1 + 2 * own))
    full = lengths > 0
    starts = (np.cumsum(lengths) - lengths)[full]
    if not len(starts):
        return out
    signals = np.hstack([_signals(card, logits[:, : len(OUTPUTS)], lengths), logits[:, len(OUTPUTS) :]])
    both = np.empty((len(starts), 2 * signals.shape[1]))
    both[:, 0::2] = sigmoid(np.maximum.reduceat(signals, starts))
    both[:, 1::2] = np.log1p(np.add.reduceat(np.exp(np.minimum(signals, HIGHEST)), starts))
    out[full, :shared] = both[:, :shared]
    out[full, shared] = np.log1p(lengths[full])
    out[full, shared + 1 :] = both[:, shared:]
    return out


def _signals(card: dict[str, Any], logits: Floats, lengths: Ints) -> Floats:
    """The logits with what is computed from them, in the order of `SIGNALS`."""
    refused = np.minimum(logits[:, OUTPUTS.index("any_no")], logits[:, OUTPUTS.index(TOPIC)])
    return np.hstack([logits, refused[:, None]])
