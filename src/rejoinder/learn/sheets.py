"""Letters as sparse rows of hashed n-grams, which is all that retraining needs of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from rejoinder.model.features import sentence_features
from rejoinder.model.rows import ngram_hash

Keys = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

_key = lru_cache(maxsize=500_000)(ngram_hash)


@dataclass(frozen=True)
class Sheet:
    """The sentences of letters in order, one row each, over the sorted `keys` of all their n-grams.

    `indices` and `pointers` say which n-grams a sentence has, as in a CSR
    matrix; `lengths` how many sentences each letter has.
    """

    keys: Keys
    indices: npt.NDArray[np.int32]
    pointers: Ints
    lengths: Ints

    @classmethod
    def of(cls, letters: Iterable[Sequence[str]]) -> Sheet:
        """The sheet of letters given as lists of sentences."""
        hashes: list[int] = []
        pointers, lengths = [0], []
        for letter in letters:
            lengths.append(len(letter))
            for sentence in letter:
                hashes.extend(_key(ngram) for ngram in dict.fromkeys(sentence_features(sentence)))
                pointers.append(len(hashes))
        keys, indices = np.unique(np.array(hashes, dtype=np.uint64), return_inverse=True)
        return cls(keys, indices.astype(np.int32), np.array(pointers), np.array(lengths, dtype=np.int64))

    @property
    def starts(self) -> Ints:
        """Where each letter's sentences begin, and where the last one's end."""
        return np.concatenate([[0], np.cumsum(self.lengths)])

    def over(self, columns: Keys) -> csr_matrix:
        """The scaled rows over other sorted keys: what is not among them is left out, but counts for the length."""
        sizes = np.diff(self.pointers)
        place = np.minimum(np.searchsorted(columns, self.keys), max(len(columns) - 1, 0))
        known = columns[place] == self.keys if len(columns) else np.zeros(len(self.keys), dtype=bool)
        kept = known[self.indices]
        counts = np.bincount(np.repeat(np.arange(len(sizes)), sizes)[kept], minlength=len(sizes))
        return csr_matrix(
            (
                np.repeat(1 / np.sqrt(np.maximum(sizes, 1)), counts),
                place[self.indices[kept]],
                np.concatenate([[0], np.cumsum(counts)]),
            ),
            shape=(len(sizes), len(columns)),
        )

    def only(self, letters: Bools) -> Sheet:
        """The sheet of the chosen letters, over the same keys."""
        chosen = self.sentences_of(letters)
        sizes = np.diff(self.pointers)
        return Sheet(
            self.keys,
            self.indices[np.repeat(chosen, sizes)],
            np.concatenate([[0], np.cumsum(sizes[chosen])]),
            self.lengths[letters],
        )

    def sentences_of(self, letters: Bools) -> Bools:
        """Which sentences belong to the chosen letters."""
        return np.repeat(letters, self.lengths)
