"""Retraining: the shipped model, and what a user's own mails change about it.

The shipped weights hold the shipped corpus. What is learnt is a difference to
them, so that fifty mails of a user's count and little is forgotten: shipped
mails are replayed, about which the model shall go on saying what it said.
Everything that is judged is held out: of the user's mails by folds that keep
near-copies together, of the shipped ones by a slice that is never replayed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

from rejoinder.learn import answering
from rejoinder.learn.adapting import Difference, Replay, adapt, lessons
from rejoinder.learn.comparison import Comparison, Outcome, compare, judge
from rejoinder.learn.lots import FOLDS, Labels, Lot
from rejoinder.learn.readers import SILENT, Head, Reader
from rejoinder.learn.sheets import Bools, Floats
from rejoinder.learn.shelf import Shelf, open_shelf
from rejoinder.learn.weighing import merged
from rejoinder.model.scorer import Scorer
from rejoinder.types import Label

#: How often progress is told, at most: once a fold, and around them.
STEPS = FOLDS + 5

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Trained:
    """A new model with what is known about it: held-out labels of the user's mails, and both comparisons."""

    reader: Reader
    held_out: tuple[Labels, ...]
    mine: Comparison
    shipped: Comparison
    outcome: Outcome
    sentence: str
    notes: tuple[str, ...]


def train(
    lot: Lot, shipped: Scorer, current: Scorer, *, recorded: Sequence[Labels | None] = (),
    from_scratch: bool = False, progress: Progress = lambda _: None,
) -> Trained:  # fmt: skip
    """The model that the user's mails make of the shipped one, and how it compares with the `current` one.

    `recorded` are, for mails that the current model was trained on, the labels
    that it gave them while they were held out: to ask it again would flatter it.
    """
    shelf = open_shelf(progress)
    with threadpool_limits(1):  # ten times faster: the arrays are too small to share among threads
        return _train(lot, shelf, shipped, current, recorded, from_scratch, progress)


def _train(
    lot: Lot, shelf: Shelf, shipped: Scorer, current: Scorer,
    recorded: Sequence[Labels | None], from_scratch: bool, progress: Progress,
) -> Trained:  # fmt: skip
    before = Reader.of(shipped)
    base = (before.blank() if from_scratch else before).with_own(lot.own)
    teacher = Teacher.of(lot, base, before, shelf, from_scratch)
    folds = range(int(lot.folds.max()) + 1)
    masks = [np.ones(len(lot.labels), dtype=bool), *(lot.folds != fold for fold in folds)]
    differences = []
    jobs = (delayed(teacher.difference)(mask) for mask in masks)
    for found in Parallel(n_jobs=2, prefer="threads", return_as="generator")(jobs):
        differences.append(found)
        progress(f"learning what your mails say, {len(differences)} of {len(masks)}")
    final, *partial = differences
    progress("holding out mails to check by")
    unseen = teacher.logits.copy()
    for fold, difference in zip(folds, partial, strict=True):
        held = lot.folds == fold
        unseen[np.repeat(held, lot.sheet.lengths)] = teacher.changed(difference, held)
    pooled = base.pooled(unseen, lot.sheet.lengths)
    held_out = teacher.held_out(pooled, partial)
    progress("comparing with the model in force")
    new = teacher.finished(final, pooled)
    now = _labels(Reader.of(current), lot)
    if recorded:
        now = [one if then is None else then for then, one in zip(recorded, now, strict=True)]
    mine = compare(lot.labels, now, held_out)
    theirs = _on_slice(shelf, before, Reader.of(current), new, from_scratch)
    outcome, sentence = judge(mine, theirs)
    return Trained(new, tuple(held_out), mine, theirs, outcome, sentence, lot.notes)


@dataclass(frozen=True)
class Teacher:
    """What all folds share: the base model, the lessons' mails with its logits, and the shipped mails to replay."""

    lot: Lot
    base: Reader
    logits: Floats
    guess: Floats
    replay: Replay
    kept: Floats
    kept_rejections: Bools

    @classmethod
    def of(cls, lot: Lot, base: Reader, guide: Reader, shelf: Shelf, from_scratch: bool) -> Teacher:
        """The guide is the model by whose reading sentences are looked at first."""
        replayed = shelf.replay & (not from_scratch)
        sheet = shelf.sheet.only(replayed)
        held = shelf.held[shelf.sheet.sentences_of(replayed)]
        silent, firm = (np.full((len(held), len(lot.own)), value) for value in (SILENT, answering.FIRM))
        replay = Replay(sheet, np.hstack([held, silent]), np.hstack([held, firm]))
        rejections = np.array([bool(one) for one in shelf.labels])[replayed]
        return cls(
            lot, base, base.logits(lot.sheet), guide.with_own(lot.own).logits(lot.sheet),
            replay, base.pooled(replay.logits, sheet.lengths), rejections,
        )  # fmt: skip

    def difference(self, learnt: Bools) -> Difference:
        """What the chosen mails change about the first level."""
        chosen = self.lot.sheet.sentences_of(learnt)
        taught = lessons(
            [one for one, there in zip(self.lot.labels, learnt, strict=True) if there], self.lot.own
        )
        return adapt(
            self.lot.sheet.only(learnt),
            self.logits[chosen],
            self.guess[chosen],
            taught,
            self.replay,
            self.base,
        )

    def changed(self, difference: Difference, letters: Bools) -> Floats:
        """The first level's logits of some of the user's mails after a change."""
        logits = self.logits[self.lot.sheet.sentences_of(letters)].copy()
        logits[:, [self.base.outputs.index(name) for name in difference.outputs]] += difference.on(
            self.lot.sheet.only(letters)
        )
        return logits

    def held_out(self, pooled: Floats, partial: Sequence[Difference]) -> list[Labels]:
        """The labels of each mail by heads that were fitted without its fold."""
        out: list[Labels] = [frozenset()] * len(self.lot.labels)
        for fold, difference in enumerate(partial):
            learnt = self.lot.folds != fold
            heads = self._heads(pooled, learnt, self.replayed(difference))
            reader = replace(self.base, heads=heads, thresholds=self._thresholds())
            found = reader.labels(pooled[~learnt], self.lot.readable[~learnt])
            for at, labels in zip(np.flatnonzero(~learnt).tolist(), found, strict=True):
                out[at] = labels
        return out

    def finished(self, difference: Difference, pooled: Floats) -> Reader:
        """The model with the difference added, rounded as it will be kept, and its heads."""
        whole = merged(self.base, difference)
        kept = self.replayed(difference)
        everything = np.ones(len(self.lot.labels), dtype=bool)
        return replace(whole, heads=self._heads(pooled, everything, kept), thresholds=self._thresholds())

    def replayed(self, difference: Difference) -> Floats:
        """What the shipped mails' sentences say together after a change."""
        logits = self.replay.logits.copy()
        columns = [self.base.outputs.index(name) for name in difference.outputs]
        logits[:, columns] += difference.on(self.replay.sheet)
        return self.base.pooled(logits, self.replay.sheet.lengths)

    def _heads(self, pooled: Floats, learnt: Bools, kept: Floats) -> dict[str, Head]:
        labels = [one for one, there in zip(self.lot.labels, learnt, strict=True) if there]
        return answering.heads(self.base, pooled[learnt], labels, kept, self.kept, self.kept_rejections)

    def _thresholds(self) -> dict[str, float]:
        return {**self.base.thresholds, **dict.fromkeys(self.lot.own, 0.5)}


def _labels(reader: Reader, lot: Lot) -> list[Labels]:
    return reader.labels(reader.pooled(reader.logits(lot.sheet), lot.sheet.lengths), lot.readable)


def _on_slice(shelf: Shelf, before: Reader, current: Reader, new: Reader, from_scratch: bool) -> Comparison:
    """Both models on shipped mails whose writers the shipped part of them is taken never to have seen."""
    sheet = shelf.sheet.only(shelf.slice)
    held = shelf.held[shelf.sheet.sentences_of(shelf.slice)]
    seen = before.logits(sheet)
    readable = np.ones(len(sheet.lengths), dtype=bool)
    sides = []
    for reader in (current, new):
        logits = reader.logits(sheet)
        if not (reader is new and from_scratch):
            logits[:, : held.shape[1]] += held - seen
        sides.append(reader.labels(reader.pooled(logits, sheet.lengths), readable))
    five = frozenset(label.value for label in Label)
    truth = [one for one, there in zip(shelf.labels, shelf.slice, strict=True) if there]
    return compare(truth, *([labels & five for labels in side] for side in sides))
