"""A model as arrays: the same figures as `model.scorer`, for many mails at once, and made to be changed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rejoinder.learn.context import Context, pool_letters, sigmoid
from rejoinder.learn.sheets import Bools, Floats, Ints, Keys, Sheet
from rejoinder.model.card import ASKED
from rejoinder.model.classifier import labels_of, whole
from rejoinder.model.functions import OUTPUTS
from rejoinder.model.scorer import Scorer

#: The logit of an own label's output where nothing is known of a sentence.
SILENT = -3.0


@dataclass(frozen=True)
class Head:
    """A head of the second level: which pooled numbers it reads, and one row of weights per answer."""

    inputs: Ints
    weights: Floats
    intercepts: Floats

    def values(self, pooled: Floats) -> Floats:
        """Decision values, (letters, answers)."""
        return np.asarray(pooled[:, self.inputs] @ self.weights.T + self.intercepts)


@dataclass(frozen=True)
class Reader:
    """Both levels of a model over sorted n-gram keys; `scorer` is the model whose way of pooling it shares."""

    scorer: Scorer
    keys: Keys
    weights: Floats
    intercepts: Floats
    heads: dict[str, Head]
    thresholds: dict[str, float]
    own: tuple[str, ...] = ()

    @classmethod
    def of(cls, scorer: Scorer) -> Reader:
        """The model that a file holds."""
        card = scorer.card
        keys = np.frombuffer(scorer.keys, dtype="<u8").astype(np.uint64)
        counts = np.frombuffer(scorer.weights, dtype=np.int8).reshape(len(keys), len(card["outputs"]))
        heads = {
            name: Head(
                np.array(head["inputs"], dtype=np.int64),
                np.array(head["weights"], dtype=float).reshape(len(head["intercepts"]), -1),
                np.array(head["intercepts"], dtype=float),
            )
            for name, head in card["heads"].items()
        }
        return cls(
            scorer,
            keys,
            counts * np.array(card["scales"]),
            np.array(card["intercepts"], dtype=float),
            heads,
            dict(card["thresholds"]),
            scorer.own_labels,
        )

    def blank(self) -> Reader:
        """The same, having learnt nothing."""
        heads = {
            name: Head(head.inputs, head.weights * 0, head.intercepts * 0)
            for name, head in self.heads.items()
            if name not in self.own
        }
        count = len(OUTPUTS)
        return replace(
            self, keys=self.keys[:0], weights=np.zeros((0, count)), intercepts=np.full(count, SILENT), heads=heads,
            thresholds=dict.fromkeys(ASKED, 0.5), own=(),
        )  # fmt: skip

    def with_own(self, own: tuple[str, ...]) -> Reader:
        """The same with silent outputs for labels of the user's own, in place of any that it had."""
        count = len(OUTPUTS)
        return replace(
            self,
            weights=np.hstack([self.weights[:, :count], np.zeros((len(self.keys), len(own)))]),
            intercepts=np.concatenate([self.intercepts[:count], np.full(len(own), SILENT)]),
            own=own,
        )

    @property
    def outputs(self) -> tuple[str, ...]:
        """The names of the columns of `logits`."""
        return (*OUTPUTS, *self.own)

    def logits(self, sheet: Sheet) -> Floats:
        """The first level's logits, (sentences, outputs)."""
        return np.asarray(sheet.over(self.keys) @ self.weights + self.intercepts)

    def pooled(self, logits: Floats, lengths: Ints) -> Floats:
        """What the sentences of each letter say together; zeros for an empty letter."""
        return pool_letters(logits, lengths, Context.of(self.scorer.card))

    def labels(self, pooled: Floats, readable: Bools) -> list[frozenset[str]]:
        """The labels of letters; none where the language is not one that is read."""
        names = (*ASKED, *self.own)
        values = sigmoid(np.hstack([self.heads[name].values(pooled) for name in names]))
        out = []
        for row, known in zip(values.tolist(), readable.tolist(), strict=True):
            chances = whole(dict(zip(names, row, strict=True)))
            given = known and chances["rejection"] >= self.thresholds["rejection"]
            out.append(frozenset(map(str, labels_of(chances, self.thresholds))) if given else frozenset())
        return out
