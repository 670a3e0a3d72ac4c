"""A set of 64-bit numbers in eight bytes each: a mailbox of a million messages needs 8 MB, not 100."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import merge

#: So many of the last ones are kept in an ordinary set.
RECENT = 2048


@dataclass(slots=True)
class Keys:
    """Grows only. The last ones are in a set, the others in sorted runs, each at least twice as long as the next."""

    recent: set[int] = field(default_factory=set)
    runs: list[array[int]] = field(default_factory=list)

    def __contains__(self, key: int) -> bool:
        return key in self.recent or any(_holds(run, key) for run in self.runs)

    def add(self, key: int) -> None:
        """Take a number in that is not in yet."""
        self.recent.add(key)
        if len(self.recent) < RECENT:
            return
        run = array("Q", sorted(self.recent))
        self.recent = set()
        while self.runs and len(self.runs[-1]) < 2 * len(run):
            run = array("Q", merge(self.runs.pop(), run))
        self.runs.append(run)

    def update(self, keys: Iterable[int]) -> None:
        """Take several in, whether they are in already or not."""
        for key in keys:
            if key not in self:
                self.add(key)


def _holds(run: array[int], key: int) -> bool:
    at = bisect_left(run, key)
    return at < len(run) and run[at] == key
