"""The figures of an evaluation, and what they are made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rejoinder.learn.labelled import LabelledMail
from rejoinder.types import Evidence

#: The name of the first question, whether a mail is one at all, where it stands beside the labels.
REJECTION = "rejection"


@dataclass(frozen=True, slots=True)
class Score:
    """True and false positives and false negatives of one label, and what follows from them."""

    true: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of those found that are right; 0 when none was found."""
        return self.true / max(self.true + self.false, 1)

    @property
    def recall(self) -> float:
        """Share of those there that were found; 0 when there are none."""
        return self.true / max(self.true + self.missed, 1)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.true / max(2 * self.true + self.false + self.missed, 1)

    @property
    def there(self) -> int:
        """How many mails have the label."""
        return self.true + self.missed

    @property
    def defined(self) -> bool:
        """Whether the label is there, or was found, at all."""
        return self.true + self.false + self.missed > 0


@dataclass(frozen=True, slots=True)
class Bin:
    """The mails to which a probability in a range was given: how many, its mean, and the share that it was true of."""

    low: float
    high: float
    mails: int
    mean: float
    share: float


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mail that was misjudged; `weight` says how sure the model was of it (0..1).

    `evidence` is for the labels that were found, and `overlooked` is what
    speaks most for those that were not.
    """

    mail: LabelledMail
    found: tuple[str, ...]
    cannot_tell: bool
    weight: float
    evidence: tuple[Evidence, ...]
    overlooked: tuple[Evidence, ...]


@dataclass(frozen=True)
class Report:
    """All figures of an evaluation. Confusions count (what it is, what was said)."""

    total: int
    model: str
    scores: dict[str, Score]
    macro_interval: tuple[float, float]
    kinds: Counter[tuple[str, str]]
    labels: Counter[tuple[str, str]]
    stage_right: tuple[int, int]
    stage_wrong: tuple[int, int]
    reliability: tuple[Bin, ...]
    calibration_error: float
    mistakes: tuple[Mistake, ...]

    @property
    def macro_f1(self) -> float:
        """Mean F1 of the labels that are there or were found; 0 when none is."""
        values = [score.f1 for name, score in self.scores.items() if name != REJECTION and score.defined]
        return sum(values) / max(len(values), 1)


def reliability(pairs: Sequence[tuple[float, bool]], bins: int = 10) -> tuple[Bin, ...]:
    """Probabilities against what came true, in ranges of equal width; empty ranges are left out."""
    out = []
    for at in range(bins):
        inside = [(p, y) for p, y in pairs if at / bins <= p < (at + 1) / bins or (at == bins - 1 and p == 1)]
        if inside:
            mean, share = sum(p for p, _ in inside) / len(inside), sum(y for _, y in inside) / len(inside)
            out.append(Bin(at / bins, (at + 1) / bins, len(inside), mean, share))
    return tuple(out)


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: the mean gap between probability and share."""
    return sum(one.mails * abs(one.mean - one.share) for one in bins) / max(sum(one.mails for one in bins), 1)
