"""What surrounds a sentence: its neighbours, the loudest of its letter, its place.

"We went with somebody else." makes "She has run three kitchens." a reason;
alone, that sentence says nothing about the reader. So every sentence is read
twice: first by its words, then by what it and those around it seemed to do.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from operator import mul

#: A logit beyond this says nothing more.
CLIP = 5.0
#: What stands for the neighbour of a first or last sentence: probably nothing.
NOBODY = -CLIP / 2
#: How many numbers describe a sentence's place.
_PLACE = 4
#: Logits and weights as integers: so many bits behind the point. A logit is a single digit of Python's integers.
_LOGIT, _WEIGHT = 26, 36
_UNIT = 1 << _LOGIT
#: Each output has a lane of 11 bytes in an integer that holds all of them. A weight fills the lower eight; of
#: a sum the upper eight are read, so that heavier weights than this would reach into the next lane.
HEAVIEST = 1 << 13
_LOWER, _UPPER = "Q3x", "3xQ"
_RAISED = 1 << 63
#: What the lowest bit of a sum that is read is worth.
_GRAIN = 2.0 ** (24 - _LOGIT - _WEIGHT)


def width(outputs: int) -> int:
    """How many numbers surround a sentence when there are this many outputs.

    In this order: its own clipped logits, those of the one before and the one
    after, the highest of the letter, and its place: relative, whether first,
    whether last, and log(1 + sentences).
    """
    return 4 * outputs + _PLACE


def _clipped(logits: list[list[float]]) -> list[list[float]]:
    return [
        [value if -CLIP < value < CLIP else CLIP if value > 0 else -CLIP for value in row] for row in logits
    ]


class SecondReading:
    """What every sentence of a letter says to one who knows those around it: linear in what surrounds it.

    All outputs are computed at once, each in its lane of one large integer:
    three times as fast as one after the other, and right to the seventh digit.
    What the whole letter adds is the same for each sentence.
    """

    def __init__(self, weights: Sequence[Sequence[float]], intercepts: Sequence[float]) -> None:
        """From one row of weights, as many as `width` says, and one intercept for each output.

        Raises ValueError for weights that are none or far too large.
        """
        if not all(-HEAVIEST < weight < HEAVIEST for row in weights for weight in row):
            raise ValueError("weights out of range")
        self.intercepts = intercepts
        lanes = struct.Struct("<" + _LOWER * len(intercepts))
        raised = int.from_bytes(lanes.pack(*[_RAISED] * len(intercepts)), "little")
        unit = float(1 << _WEIGHT)
        packed = [
            int.from_bytes(lanes.pack(*[int(weight * unit) + _RAISED for weight in column]), "little")
            - raised
            for column in zip(*weights, strict=True)
        ]
        outputs = (len(packed) - _PLACE) // 4
        parts = [packed[at : at + outputs] for at in range(0, 4 * outputs, outputs)]
        self.own, self.before, self.after, self.highest = parts
        self.place = packed[4 * outputs :]
        nobody = int(NOBODY * _UNIT)
        self.nobody_before, self.nobody_after = sum(self.before) * nobody, sum(self.after) * nobody
        self.sums = struct.Struct("<" + _UPPER * len(intercepts))
        self.raised = int.from_bytes(self.sums.pack(*[_RAISED] * len(intercepts)), "little")

    def of(self, logits: list[list[float]]) -> list[list[float]]:
        """One logit per output for each sentence of a letter, by the logits of its first reading."""
        if not logits:
            return []
        rows = [[int(value * _UNIT) for value in row] for row in _clipped(logits)]
        count, last = len(rows), len(rows) - 1
        highest = [max(column) for column in zip(*rows, strict=True)]
        relative, first, at_end, length = self.place
        letter = _dot(self.highest, highest) + length * int(math.log1p(count) * _UNIT)
        out = []
        for at, row in enumerate(rows):
            total = letter + _dot(self.own, row) + relative * int(at / count * _UNIT)
            total += _dot(self.before, rows[at - 1]) if at else self.nobody_before + first * _UNIT
            total += _dot(self.after, rows[at + 1]) if at < last else self.nobody_after + at_end * _UNIT
            out.append(self._unpacked(total))
        return out

    def _unpacked(self, total: int) -> list[float]:
        sums = self.sums.unpack((total + self.raised).to_bytes(self.sums.size, "little"))
        return [
            (value - _RAISED) * _GRAIN + start for value, start in zip(sums, self.intercepts, strict=True)
        ]


def _dot(weights: list[int], values: list[int]) -> int:
    return sum(map(mul, weights, values))
