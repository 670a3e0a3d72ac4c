"""What a long scan has done so far, so that it can go on after a kill, or read only what is new.

A journal beside the output: one line of JSON for each piece of work that is
done and whose rows are safely written. Every line carries a hash over all
lines before it, so that half a line, or a foreign one, is noticed and dropped.
"""

from __future__ import annotations

import hashlib
import json
import os
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from rejoinder.errors import RejoinderError
from rejoinder.mail.owner import OwnerCount
from rejoinder.mail.sources import Slice, Source, slices
from rejoinder.scan.batch import State
from rejoinder.scan.reading import Read
from rejoinder.scan.threads import Clue

FORMAT = 1
#: So many bytes before the end of what was read tell whether a file has only grown.
TAIL = 4096


class ProgressError(RejoinderError):
    """A scan that cannot be begun, gone on with or written."""


def source_json(source: Source) -> list[Any]:
    """A source as JSON can hold it."""
    return [str(source.path), source.kind, source.size, source.folder, source.member]


def source_from(value: list[Any]) -> Source:
    """The source that `source_json` wrote."""
    path, kind, size, folder, member = value
    return Source(Path(path), kind, size, folder, member)


def tail_of(source: Source, end: int) -> str | None:
    """A hash of the last bytes before `end`, or None where they cannot be read."""
    try:
        with source.path.open("rb") as file:
            file.seek(max(0, end - TAIL))
            return hashlib.sha256(file.read(min(TAIL, end))).hexdigest()[:16]
    except OSError:
        return None


class Journal:
    """An append-only file of JSON lines, each sealed by a hash over all before it."""

    def __init__(self, path: Path, head: dict[str, Any], resume: bool) -> None:
        self.path = path
        self.seal = ""
        self.resumed = resume and path.is_file()
        if self.resumed:
            self._load(head)
        else:
            self._begin(head)

    def _begin(self, head: dict[str, Any]) -> None:
        try:
            self.file: IO[bytes] = self.path.open("xb", buffering=0)
        except FileExistsError as error:
            raise ProgressError(
                f"{self.path} is there already: an earlier scan wrote it.",
                "Go on with that scan by --resume, or choose another name with -o.",
            ) from error
        except OSError as error:
            raise ProgressError(
                f"{self.path} cannot be written: {error.strerror}.", "Choose another -o."
            ) from error
        self.add({"format": FORMAT, **head})

    def _load(self, head: dict[str, Any]) -> None:
        good = 0
        found: dict[str, Any] = {}
        with self.path.open("rb") as file:
            for line in file:
                body = self._unsealed(line)
                if body is None:
                    break
                found = found or body
                good += len(line)
        different = sorted(name for name in head if found.get(name) != head[name])
        if found.get("format") != FORMAT or different:
            raise ProgressError(
                f"{self.path} belongs to another scan{': other ' + ', '.join(different) if different else ''}.",
                "Give the same options as then, or another name with -o.",
            )
        self.file = self.path.open("r+b", buffering=0)
        self.file.truncate(good)
        self.file.seek(good)

    def _unsealed(self, line: bytes) -> dict[str, Any] | None:
        seal, _, text = line.partition(b" ")
        expected = self._sealed(text.rstrip(b"\n"))
        if not line.endswith(b"\n") or seal.decode("ascii", "replace") != expected:
            return None
        self.seal = expected
        body: dict[str, Any] = json.loads(text)
        return body

    def _sealed(self, text: bytes) -> str:
        return hashlib.sha256(self.seal.encode() + text).hexdigest()[:16]

    def add(self, body: dict[str, Any]) -> None:
        """Write a line; when this returns, a kill can no longer undo it."""
        text = json.dumps(body, ensure_ascii=True).encode()
        seal = self._sealed(text)
        end = self.file.tell()
        try:
            line = memoryview(f"{seal} ".encode() + text + b"\n")
            while line:  # not buffered: what did not fit must not be tried again when the file is closed
                line = line[self.file.write(line) :]
        except OSError:
            self._undo(end)
            raise
        self.seal = seal

    def close(self) -> None:
        """Let go of the file."""
        self.file.close()

    def _undo(self, end: int) -> None:
        """Drop what was half written, as far as a full disk lets us."""
        with suppress(OSError):  # a later --resume drops it
            os.truncate(self.path, end)

    def bodies(self) -> Iterator[dict[str, Any]]:
        """All lines behind the first, read from the file one at a time."""
        with self.path.open("rb") as file:
            next(file, None)
            for line in file:
                yield json.loads(line.partition(b" ")[2])


@dataclass(slots=True)
class Done:
    """What earlier runs have read: how far in each file, and the state they left behind."""

    state: State = field(default_factory=State)
    reached: dict[tuple[str, str | None], tuple[int, int, str | None]] = field(default_factory=dict)

    def replay(self, body: dict[str, Any]) -> None:
        """Take over a line that `describe` wrote."""
        state = self.state
        keys = b64decode(body["keys"])
        state.keys.update(int.from_bytes(keys[at : at + 8], "little") for at in range(0, len(keys), 8))
        senders, delivered, addressed = (Counter(counts) for counts in body["owner"])
        state.owner += OwnerCount(senders, delivered, addressed)
        state.positions.update(body["positions"])
        for item in body["clues"]:
            state.threads.add(Clue.from_json(item))
        sources = [source_from(value) for value in body["sources"]]
        for source in sources:
            end = source.size if body["end"] is None else body["end"]
            self.reached[str(source.path), source.member] = (end, source.size, body["tail"])

    def left(self, source: Source) -> int | None:
        """Where to go on reading in a source; None where it has been read to its end."""
        known = self.reached.get((str(source.path), source.member))
        if known is None:
            return 0
        end, size, tail = known
        if source.kind != "mbox" or source.member is not None:
            return None if size == source.size else 0
        if source.size < end or tail_of(source, end) != tail:
            return 0
        return None if source.size == end else end

    def pieces(self, sources: list[Source], size: int) -> Iterator[Slice]:
        """What is still to be read, cut at the places where a single run would cut it."""
        fresh: list[Source] = []
        for source in sources:
            start = self.left(source)
            if start == 0:
                fresh.append(source)
                continue
            if start is None:
                continue
            yield from slices(fresh, size)
            fresh = []
            for begin in range(start, source.size, size):
                yield Slice((source,), begin, min(begin + size, source.size))
        yield from slices(fresh, size)


def describe(read: Read, keys: list[int], clues: list[Clue], positions: dict[str, int]) -> dict[str, Any]:
    """The journal line of a piece: where it lies, and what it adds to the state."""
    piece, owner = read.piece, read.owner
    only = piece.sources[0] if len(piece.sources) == 1 else None
    end = None if only is None or only.kind != "mbox" or only.member is not None else piece.end
    return {
        "sources": [source_json(source) for source in piece.sources],
        "start": piece.start,
        "end": end,
        "tail": tail_of(only, end) if only is not None and end is not None else None,
        "keys": b64encode(b"".join(key.to_bytes(8, "little") for key in keys)).decode(),
        "owner": [dict(owner.senders), dict(owner.delivered), dict(owner.addressed)],
        "positions": positions,
        "clues": [clue.as_json() for clue in clues],
    }
