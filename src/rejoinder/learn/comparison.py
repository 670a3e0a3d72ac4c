"""Two models on the same mails: figures by label, how far the difference may be chance, and what to make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from rejoinder.learn.intervals import f1_interval
from rejoinder.learn.scores import REJECTION
from rejoinder.learn.sheets import Floats
from rejoinder.types import Label

Labels = frozenset[str]
Range = tuple[float, float]
_RESAMPLES = 2000
#: What the new model may lose on shipped mails before it counts as worse.
TOLERANCE = 0.01


class Outcome(StrEnum):
    """What a comparison comes to."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "not distinguishable"


@dataclass(frozen=True, slots=True)
class Line:
    """One label: how many mails have it, both F1s with 95 % intervals, and the paired difference with its own."""

    label: str
    there: int
    before: float
    before_range: Range
    after: float
    after_range: Range
    change: float
    change_range: Range


@dataclass(frozen=True, slots=True)
class Comparison:
    """All labels of a set of mails; `mean` is the mean F1 of those that are there or were found."""

    mails: int
    lines: tuple[Line, ...]
    mean: Line

    @property
    def outcome(self) -> Outcome:
        """Better or worse only where the interval of the mean difference leaves no doubt."""
        low, high = self.mean.change_range
        if low > 0:
            return Outcome.BETTER
        return Outcome.WORSE if high < 0 else Outcome.SAME


def compare(truth: Sequence[Labels], before: Sequence[Labels], after: Sequence[Labels]) -> Comparison:
    """Two models' labels of the same mails, side by side."""
    own = sorted({label for one in truth for label in one} - {label.value for label in Label})
    names = (REJECTION, *(label.value for label in Label), *own)
    cells = np.array(
        [[[_cell(name, true, found) for name in names] for true, found in zip(truth, side, strict=True)]
         for side in (before, after)], dtype=float,
    ).reshape(2, len(truth), len(names), 3)  # fmt: skip
    seen = [at for at in range(len(names)) if cells[:, :, at].sum() > 0]
    whole = cells.sum(axis=1)
    draws = _draws(len(truth))
    drawn = np.stack([np.tensordot(draws, side, axes=1) for side in cells])  # sides, draws, labels, cells
    ranges = [_range(_f1(drawn[1, :, at]) - _f1(drawn[0, :, at])) for at in range(len(names))]
    lines = tuple(_line(names[at], whole[:, at], ranges[at]) for at in seen)
    means = [_f1(drawn[side][:, seen]).mean(axis=1) if seen else np.zeros(len(draws)) for side in (0, 1)]
    return Comparison(len(truth), lines, _mean(lines, len(truth), means))


def _cell(name: str, true: Labels, found: Labels) -> tuple[bool, bool, bool]:
    there = bool(true) if name == REJECTION else name in true
    said = bool(found) if name == REJECTION else name in found
    return there and said, said and not there, there and not said


def _draws(mails: int) -> Floats:
    """How often each mail is in each resample; the same resamples for both models, so that they are paired."""
    if not mails:
        return np.zeros((1, 0))
    return np.random.default_rng(0).multinomial(mails, np.full(mails, 1 / mails), _RESAMPLES).astype(float)


def _f1(cells: Floats) -> Floats:
    double = 2 * cells[..., 0]
    return np.asarray(double / np.maximum(double + cells[..., 1] + cells[..., 2], 1))


def _range(values: Floats) -> Range:
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)


def _line(label: str, whole: Floats, change: Range) -> Line:
    before, after = (float(_f1(side)) for side in whole)
    limits = [f1_interval(*(int(count) for count in side)) for side in whole]
    return Line(
        label, int(whole[0, 0] + whole[0, 2]), before, limits[0], after, limits[1], after - before, change
    )


def _mean(lines: Sequence[Line], mails: int, means: list[Floats]) -> Line:
    before, after = (
        sum(getattr(line, side) for line in lines) / max(len(lines), 1) for side in ("before", "after")
    )
    return Line(
        "mean", mails, before, _range(means[0]), after, _range(means[1]), after - before, _range(means[1] - means[0])
    )  # fmt: skip


def judge(mine: Comparison, shipped: Comparison | None) -> tuple[Outcome, str]:
    """What both comparisons come to, and the sentence that says so."""
    change = f"{mine.mean.change:+.2f}, 95 % interval {mine.mean.change_range[0]:+.2f} to {mine.mean.change_range[1]:+.2f}"
    if shipped is not None and shipped.outcome == Outcome.WORSE and shipped.mean.change < -TOLERANCE:
        return Outcome.WORSE, (
            f"Worse on shipped mails: mean F1 {shipped.mean.before:.3f} before, {shipped.mean.after:.3f} after "
            f"(on yours {change})."
        )
    texts = {
        Outcome.BETTER: f"Better on your mails: mean F1 {mine.mean.before:.2f} before, {mine.mean.after:.2f} after ({change}).",
        Outcome.WORSE: f"Worse on your mails: mean F1 {mine.mean.before:.2f} before, {mine.mean.after:.2f} after ({change}).",
        Outcome.SAME: f"Not distinguishable on your mails: mean F1 {mine.mean.before:.2f} before, {mine.mean.after:.2f} after ({change}).",
    }
    return mine.outcome, texts[mine.outcome]
