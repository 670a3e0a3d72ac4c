"""What surrounds a sentence: its neighbours, the loudest of its letter, its place.

"We went with somebody else." makes "She has run three kitchens." a reason;
alone, that sentence says nothing about the reader. So every sentence is read
twice: first by its words, then by what it and those around it seemed to do.
"""

from __future__ import annotations

import math

#: A logit beyond this says nothing more.
CLIP = 5.0
#: What stands for the neighbour of a first or last sentence: probably nothing.
NOBODY = -CLIP / 2
#: How many numbers describe a sentence's place.
_PLACE = 4


def width(outputs: int) -> int:
    """How many numbers `surroundings` gives for a sentence when there are this many outputs."""
    return 4 * outputs + _PLACE


def surroundings(logits: list[list[float]]) -> list[list[float]]:
    """For each sentence of a letter: its own clipped logits, those of the one before and the one after,
    the highest of the letter, and its place: relative, first, last, and how long the letter is."""
    if not logits:
        return []
    clipped = [[min(max(value, -CLIP), CLIP) for value in row] for row in logits]
    highest = [max(column) for column in zip(*clipped, strict=True)]
    nobody = [NOBODY] * len(highest)
    last = len(clipped) - 1
    return [
        [
            *row,
            *(clipped[at - 1] if at else nobody),
            *(clipped[at + 1] if at < last else nobody),
            *highest,
            at / len(clipped),
            float(at == 0),
            float(at == last),
            math.log1p(len(clipped)),
        ]
        for at, row in enumerate(clipped)
    ]
