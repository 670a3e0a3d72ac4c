"""The messages of a mailbox in order, seen together: duplicates, the owner's own mail, applications.

Everything here happens in one place and in the mailbox's order, so the results
do not depend on how many processes did the reading.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from rejoinder.mail.owner import OwnerCount
from rejoinder.mail.sources import Source, find_sources, slices
from rejoinder.pipeline import Reading, draft, read_on
from rejoinder.reply.drafting import Wishes
from rejoinder.scan.how import How
from rejoinder.scan.keys import Keys
from rejoinder.scan.reading import SKIPPED, Read, Seen, left_out, moved
from rejoinder.scan.shards import PIECE_BYTES, read_pieces
from rejoinder.scan.threads import RANK, Clue, Threads
from rejoinder.types import Failure, NoReply, Origin, Result, Stage

#: From fewer mails than this nobody is taken for the owner of a mailbox.
OWNER_MAILS = 5
NOT_ASKED = NoReply("no drafts were asked for")
#: What a summary calls the failures that have a name of their own; the others are `unreadable`.
_REASONS = {
    "TooLarge": "too large",
    "EmptyLetterError": "empty",
    "UnknownFile": "unknown file",
    "NotFollowed": "not followed",
    "FolderData": "folder data",
}


def reason_of(value: Failure) -> str:
    """The word under which a summary counts a message that was not read."""
    return value.reason if value.error == SKIPPED else _REASONS.get(value.error, "unreadable")


class Placed(NamedTuple):
    """A value with the place it was read at: what is needed to read it again."""

    value: Reading | Failure
    source: Source | None
    offset: int
    key: int
    clue: Clue | None


@dataclass(slots=True)
class State:
    """What is known of a mailbox so far; grows by a few numbers a message."""

    keys: Keys = field(default_factory=Keys)
    owner: OwnerCount = field(default_factory=OwnerCount)
    threads: Threads = field(default_factory=Threads)
    positions: Counter[str] = field(default_factory=Counter)

    def take(self, read: Read, how: How) -> Iterator[Placed]:
        """The messages of the next piece of work as they are, given all before them."""
        self.owner += read.owner
        own = how.mine or self._owner()
        for seen in read.seen:
            value = self._numbered(seen.value)
            if isinstance(value, Reading):
                value = self._judged(value, seen, own, how)
            clue = seen.clue if isinstance(value, Reading) else None
            source = read.piece.sources[seen.source] if read.piece.sources else None
            yield Placed(value, source, seen.offset, seen.key, clue)

    def _owner(self) -> frozenset[str]:
        """The owner's addresses, once enough mails point to them: a few could be anybody's."""
        count = self.owner
        enough = count.senders.total() + count.delivered.total() + count.addressed.total() >= OWNER_MAILS
        return count.addresses() if enough else frozenset()

    def _numbered(self, value: Reading | Failure) -> Reading | Failure:
        """Positions count from the beginning of a file, not of a piece of it."""
        origin = value.origin if isinstance(value, Failure) else value.message.origin
        if origin.position is None:
            return value
        self.positions[origin.path] += 1
        place = Origin(origin.path, self.positions[origin.path])
        if isinstance(value, Failure):
            return replace(value, origin=place)
        return moved(value, place)

    def _judged(self, value: Reading, seen: Seen, own: frozenset[str], how: How) -> Reading | Failure:
        if seen.sender in own and "sent" not in how.include:
            return left_out(value.message.origin, "sent")
        if seen.key in self.keys:
            return left_out(value.message.origin, "duplicate")
        self.keys.add(seen.key)
        if seen.clue is None:
            return value
        self.threads.add(seen.clue)
        return self._staged(value, seen.clue, how)

    def _staged(self, value: Reading, clue: Clue, how: How) -> Reading:
        stage = self.threads.stage(clue) if value.verdict.rejection and how.stage is None else Stage.UNKNOWN
        if RANK[stage] <= RANK[value.verdict.stage] or value.verdict.stage_source == "you":
            return value
        verdict = replace(value.verdict, stage=stage, stage_source="thread")
        return read_on(value.message, value.letter, verdict, today=how.today)


class Found(NamedTuple):
    """What there is to read, and what was found that is no mail."""

    sources: list[Source]
    failures: list[Failure]


def find(paths: Iterable[Path | str]) -> Found:
    """All sources at some paths, each file once, in order.

    Raises UnreadableMailError for a path at which there is nothing.
    """
    sources: dict[tuple[Path, str | None], Source] = {}
    failures: list[Failure] = []
    for path in paths:
        for item in find_sources(Path(path)):
            if isinstance(item, Failure):
                failures.append(item)
            else:
                sources.setdefault((item.path.resolve(), item.member), item)
    return Found(list(sources.values()), failures)


def result(reading: Reading, wishes: Wishes | None) -> Result:
    """A reading with its drafts, or without them where `wishes` is None."""
    drafts: Any = NOT_ASKED
    if wishes is not None:
        drafts = draft(reading.message, reading.letter, reading.verdict, reading.plan, wishes)
    return Result(reading.message, reading.letter, reading.verdict, reading.details, reading.plan, drafts)


def results(
    paths: Iterable[Path | str],
    how: How,
    *,
    jobs: int = 1,
    cluster: str | None = None,
    drafts: bool = False,
    me: str | None = None,
    templates: Path | str | None = None,
) -> Iterator[Result | Failure]:
    """See `rejoinder.scan`."""
    found = find(paths)
    wishes = Wishes(me=me, templates=Path(templates) if templates else None) if drafts else None
    yield from found.failures
    state = State()
    for read in read_pieces(slices(found.sources, PIECE_BYTES), how, jobs=jobs, cluster=cluster):
        for placed in state.take(read, how):
            value = placed.value
            yield value if isinstance(value, Failure) else result(value, wishes)
