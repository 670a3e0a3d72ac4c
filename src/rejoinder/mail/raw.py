"""What sources hand on: mail as it lies there, and the pieces of work that reading it is cut into."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rejoinder.mail.parsing import MAX_MAIL_BYTES
from rejoinder.types import Failure, Origin


@dataclass(frozen=True, slots=True)
class RawMail:
    """One message as it lies in a source, undecoded.

    `raw` is RFC 5322 without From_ line. `origin.position` counts from 1 in
    its slice where a file holds several mails. `offset` is where its From_ line
    or entry begins in the file, with the path a stable address. `folder` is the
    folder it lay in as the source names it, `flags` what the source says of it
    (`draft`, `trashed`, `seen`, `replied`).
    """

    raw: bytes
    origin: Origin
    offset: int = 0
    folder: str = ""
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Source:
    """One file, or one member of an archive, that holds mail.

    `kind` is `mbox`, `mail`, `emlx`, `msg` or `pst`; `size` is in bytes, and
    what a file grows by later is not read. `member` is None for a file, and
    empty for what a `.gz` file holds, whose `size` is that of the `.gz` file.
    """

    path: Path
    kind: str
    size: int
    folder: str = ""
    member: str | None = None

    @property
    def name(self) -> str:
        """What a reader is told: the path, and behind a `!` the member of an archive."""
        return f"{self.path}!{self.member}" if self.member else str(self.path)


@dataclass(frozen=True, slots=True)
class Slice:
    """A piece of work: a range of bytes in one big file, or a batch of small files."""

    sources: tuple[Source, ...]
    start: int = 0
    end: int | None = None


def failure(name: str, error: str, reason: str, position: int | None = None) -> Failure:
    """What could not be read: `error` is the same word for all of one sort, `reason` says it to a person."""
    return Failure(Origin(name, position), error, reason)


def too_large(name: str, size: int, position: int | None = None) -> Failure:
    """The failure of a mail that is longer than any mail should be."""
    reason = f"too large ({size / 1e6:.0f} MB; the limit is {MAX_MAIL_BYTES // 2**20} MB)"
    return failure(name, "TooLarge", reason, position)
