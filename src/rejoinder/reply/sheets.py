"""Template files that hold several letters, and which of them a mail gets.

    {# letter: warm final #}

starts a letter; what stands above the first one belongs to all of them. The
words after the colon say when it is meant. Of the letters that fit a mail best
one is taken by the mail's number, so that ten companies do not get one text,
and one mail always gets the same. A file without such lines is one letter.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from rejoinder.patterns import lazy

_MARK = lazy(r"^\{#-? *letter: *([^#\n]*?) *-?#\}[ \t]*$", re.MULTILINE)

TONES = ("warm", "plain")
STAGES = ("initial", "mid", "final", "unknown")
#: How a soft no holds the door open; `open` in any other way.
DOORS = ("hold", "waiting_list", "runner_up", "open")
#: `offered`: feedback is. `dated`: a time is named. `talked`: there was a conversation.
FLAGS = ("offered", "dated", "talked")
#: All that may stand after `letter:`.
TAGS = (*TONES, *STAGES, *DOORS, *FLAGS)


class Sheet(NamedTuple):
    """A template file: its letters, each with the words that say when it is meant."""

    tags: tuple[frozenset[str], ...]
    sources: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> Sheet:
        """The letters of a file; line numbers inside them are those of the file."""
        marks = list(_MARK.finditer(text))
        if not marks:
            return cls((), (text,))
        head = text[: marks[0].start()]
        ends = [*(mark.start() for mark in marks[1:]), len(text)]
        sources = tuple(
            head + "\n" * text.count("\n", len(head), mark.start()) + text[mark.start() : end]
            for mark, end in zip(marks, ends, strict=True)
        )
        return cls(tuple(frozenset(mark[1].split()) for mark in marks), sources)

    def fitting(self, facts: frozenset[str]) -> list[int]:
        """The letters meant for a mail; where none is, those that come closest."""
        if not self.tags:
            return [0]
        scores = [(not tags - facts, _weight(tags & facts) - len(tags - facts)) for tags in self.tags]
        best = max(scores)
        return [number for number, score in enumerate(scores) if score == best]

    def choose(self, facts: frozenset[str], number: int) -> int:
        """The one letter for a mail."""
        fitting = self.fitting(facts)
        return fitting[number % len(fitting)]


def _weight(tags: frozenset[str]) -> int:
    """How much tags say about a mail: that feedback is offered is more than that it was a first interview."""
    return len(tags) + len(tags.intersection(FLAGS))
