"""The table of a model: what each n-gram says, looked up when it is first asked for."""

from __future__ import annotations

import hashlib
import sys
from array import array
from bisect import bisect_left

from rejoinder.model.features import Ngrams

_LANE = 32
_RAISED = bytes(byte ^ 0x80 for byte in range(256))
#: So many n-grams are remembered: twice some 2 MB, for mailboxes; a single mail has a thousand.
MAX_KNOWN = 9_000


def ngram_hash(ngram: str) -> int:
    """The 64-bit key of an n-gram: BLAKE2b, the same on every machine."""
    return int.from_bytes(hashlib.blake2b(ngram.encode(), digest_size=8).digest(), "little")


class Rows(dict[str | tuple[str, ...], int]):
    """Each n-gram's weights as one integer; 0 for those unknown. Several words are a tuple.

    32 bits an output, each weight 128 higher than it is, so that none is
    below zero and whole rows add up at once; behind the last output a one.
    """

    def __init__(self, keys: memoryview, weights: memoryview, width: int) -> None:
        super().__init__()
        self.keys_, self.weights, self.width = keys, weights.cast("B"), width
        self.one = 1 << _LANE * width
        self.older: dict[str | tuple[str, ...], int] = {}

    def total(self, ngrams: Ngrams) -> list[int]:
        """The sums of the outputs' weights over all n-grams of a sentence.

        A model knows what stands in enough sentences, and so no words in a row
        of which it does not know every part: most need not be looked up.
        """
        row = self.__getitem__
        known = {word for word in ngrams.words if row(word)}
        pairs = {pair for pair in ngrams.pairs if pair[0] in known and pair[1] in known and row(pair)}
        triples = [triple for triple in ngrams.triples if triple[:2] in pairs and triple[1:] in pairs]
        parts = (known, pairs, triples, ngrams.pieces)
        return _unpacked(sum([sum(map(row, part)) for part in parts]), self.width)

    def __missing__(self, ngram: str | tuple[str, ...]) -> int:
        packed = self.older.get(ngram)
        if packed is None:
            packed = self._packed(ngram if isinstance(ngram, str) else " ".join(ngram))
        if len(self) >= MAX_KNOWN:
            # What is asked for again finds its way back; the rest is forgotten with the next change.
            self.older = dict(self)
            self.clear()
        self[ngram] = packed
        return packed

    def _packed(self, ngram: str) -> int:
        key = ngram_hash(ngram)
        row = bisect_left(self.keys_, key)
        if row == len(self.keys_) or self.keys_[row] != key:
            return 0
        lanes = bytearray(4 * self.width)
        lanes[::4] = bytes(self.weights[row * self.width : (row + 1) * self.width]).translate(_RAISED)
        return int.from_bytes(lanes, "little") + self.one


def _unpacked(total: int, width: int) -> list[int]:
    """The sums of the outputs' weights, from the sum of their rows."""
    found = total >> _LANE * width
    lanes = array("I", total.to_bytes(4 * width + 8, "little"))
    if sys.byteorder == "big":
        lanes.byteswap()
    return [lane - 128 * found for lane in lanes[:width]]
