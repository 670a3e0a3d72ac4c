"""What a user's mails change about the second level: heads moved as little as what they say asks for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize

from rejoinder.learn.context import POOLED, sigmoid
from rejoinder.learn.readers import Head, Reader
from rejoinder.learn.sheets import Bools, Floats
from rejoinder.model.card import ASKED

#: What a mail of the user's counts beside a shipped one, and how far heads may move for it.
WEIGHT = 1.5
FREEDOM = 0.1
#: The pull on the slope of an own label's head towards one, the limits tried for its threshold, and the share of
#: shipped rejections that may pass it.
_SLOPE = 1.0
_STRANGE = 0.03
_LIMITS = np.linspace(0.1, 0.7, 61)
#: Fitted to nothing but the user's mails, heads may move further.
_ALONE = 3.0
#: The logit that an own label has in shipped mails, as far as anybody knows.
FIRM = -5.0


def heads(
    reader: Reader,
    pooled: Floats,
    labels: Sequence[frozenset[str]],
    kept: Floats,
    kept_before: Floats,
    kept_rejections: Bools,
) -> dict[str, Head]:
    """All heads: those of the five labels moved, those of own labels made, the stage's left alone.

    `pooled` are the user's mails as a first level that never saw them reads
    them. About the `kept` mails, which read `kept_before` before the first
    level was changed, the heads shall go on saying what they said.
    """
    rejections = np.array([bool(one) for one in labels])
    out = dict(reader.heads)
    for name in ASKED:
        mine, theirs = (slice(None), slice(None)) if name == "rejection" else (rejections, kept_rejections)
        there = rejections if name == "rejection" else np.array([name in one for one in labels])
        out[name] = _moved(reader.heads[name], pooled[mine], there[mine], kept[theirs], kept_before[theirs])
    for at, name in enumerate(reader.own):
        there = np.array([name in one for one in labels])
        place = POOLED + 2 * at
        out[name] = _own(place, pooled[rejections, place], there[rejections], kept[kept_rejections, place])
    return out


def _moved(head: Head, mine: Floats, there: Bools, kept: Floats, kept_before: Floats) -> Head:
    """The head with the small difference that fits the user's mails and leaves the kept ones where they were."""
    start = np.concatenate([head.values(mine)[:, 0], head.values(kept)[:, 0]])
    usual = (kept_before if len(kept_before) else mine)[:, head.inputs]
    mine, kept = mine[:, head.inputs], kept[:, head.inputs]
    middle, spread = usual.mean(axis=0), np.maximum(usual.std(axis=0), 1e-3)
    rows = (np.vstack([mine, kept]) - middle) / spread
    targets = np.concatenate([there.astype(float), sigmoid(head.values(kept_before)[:, 0])])
    weights = np.concatenate([np.full(len(mine), WEIGHT), np.ones(len(kept))])
    freedom = FREEDOM if len(kept) else _ALONE

    def loss(found: Floats) -> tuple[float, Floats]:
        values = start + rows @ found[:-1] + found[-1]
        slope = weights * (sigmoid(values) - targets)
        pull = np.append(found[:-1] / freedom, 0.1 * found[-1])
        total = np.sum(weights * (np.logaddexp(0, values) - targets * values)) + 0.5 * np.sum(pull * found)
        return float(total), pull + np.append(rows.T @ slope, slope.sum())

    found = np.asarray(minimize(loss, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B").x)
    weights_moved = found[:-1] / spread
    return Head(
        head.inputs,
        head.weights + weights_moved,
        head.intercepts + found[-1] - np.sum(weights_moved * middle),
    )


def _own(at: int, mine: Floats, there: Bools, kept: Floats) -> Head:
    """The head of an own label: its loudest sentence, scaled so that one half is the best limit.

    The slope is never negative: what looks more like the label is no less
    likely to be it. Shipped rejections were not read for the label, but few of
    them can have it, so that the limit lets few through: without that, all
    that is foreign to the user's mails would be taken for it.
    """
    middle, spread = float(mine.mean()), max(float(mine.std()), 1e-3)

    def loss(line: Floats) -> float:
        values = line[0] * (mine - middle) / spread + line[1]
        fit = np.sum(np.logaddexp(0, values) - there * values)
        return float(fit + 0.5 / _SLOPE * (line[0] - 1) ** 2)

    slope, start = minimize(loss, [1.0, -1.0], method="L-BFGS-B", bounds=[(0.2, None), (None, None)]).x
    weight, start = slope / spread, start - slope / spread * middle
    least = float(np.quantile(sigmoid(weight * kept + start), 1 - _STRANGE)) if len(kept) else 0.0
    limit = best_limit(sigmoid(weight * mine + start), there, least)
    return Head(np.array([at]), np.array([[weight]]), np.array([start - np.log(limit / (1 - limit))]))


def best_limit(chances: Floats, there: Bools, least: float) -> float:
    """The middle of the limits from `least` on that do about as well by F1 as the best one: the very best is chance."""
    limits = np.clip(_LIMITS, min(max(least, 0.001), 0.999), None)
    found = chances[None, :] >= limits[:, None]
    true = (found & there).sum(axis=1)
    scores = 2 * true / np.maximum(found.sum(axis=1) + there.sum(), 1)
    good = limits[scores >= scores.max() - 0.003]
    return float((good[0] + good[-1]) / 2)
