"""Which mails are worth labelling first: those the model is unsure of, each unlike those before it."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rejoinder.model.features import tokens
from rejoinder.types import Label, Verdict

#: Mails are taken in bands of about equal uncertainty, and within a band the most different first.
BAND = 40
#: Closer to one that was chosen (1 - cosine), a mail is a copy and comes last of all.
COPY = 0.02
_WORDS = 256


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mail that might be labelled: its letter, and what the model makes of it."""

    text: str
    verdict: Verdict


def uncertainty(verdict: Verdict) -> float:
    """How little the model knows, 0..1: about the kind, or, where it may be a rejection, about a label.

    0 for mail in another language: labels for it could not be learnt from.
    """
    if verdict.rejection is None:
        return 0.0
    kind = verdict.probabilities["rejection"]
    labels = [verdict.probabilities[label] / max(kind, 1e-9) for label in Label]
    return max(_doubt(kind), *(kind * _doubt(min(value, 1.0)) for value in labels))


def _doubt(probability: float) -> float:
    return 1 - 2 * abs(probability - 0.5)


def most_instructive(candidates: Sequence[Candidate], labelled: Collection[int] = ()) -> list[int]:
    """The positions of the candidates that are not labelled, the most instructive first; copies last."""
    if not candidates:
        return []
    names = sorted({name for one in candidates for name in one.verdict.signals})
    vectors = np.stack([_vector(one, names) for one in candidates])
    doubts = np.array([uncertainty(one.verdict) for one in candidates])
    nearest = np.full(len(candidates), 2.0)
    for at in labelled:
        nearest = np.minimum(nearest, 1 - vectors @ vectors[at])
    taken = set(labelled)
    open_ = [int(at) for at in np.argsort(-doubts, kind="stable") if int(at) not in taken]
    chosen: list[int] = []
    copies: list[int] = []
    for start in range(0, len(open_), BAND):
        band = open_[start : start + BAND]
        while band:
            best = max(band, key=lambda at: (nearest[at], doubts[at], -at))
            band.remove(best)
            (copies if nearest[best] < COPY else chosen).append(best)
            nearest = np.minimum(nearest, 1 - vectors @ vectors[best])
    return chosen + copies


def _vector(candidate: Candidate, names: Sequence[str]) -> npt.NDArray[np.float32]:
    """What the sentences do and which words stand there, each half of length one."""
    signals = np.array([candidate.verdict.signals.get(name, 0.0) for name in names], dtype=np.float32)
    words = np.zeros(_WORDS, dtype=np.float32)
    for word in set(tokens(candidate.text)):
        words[zlib.crc32(word.encode("utf-8", "replace")) % _WORDS] = 1
    halves = [half / max(float(np.linalg.norm(half)), 1e-9) for half in (signals, words)]
    return np.asarray(np.concatenate(halves) / np.sqrt(2), dtype=np.float32)
