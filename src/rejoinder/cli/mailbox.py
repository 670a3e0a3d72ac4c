"""One run of `rejoinder scan`: rows written as they are found, and progress that outlives a kill."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rejoinder.cli.outputs import Files, Rows, append, write_drafts, write_form, write_text
from rejoinder.cli.wanted import Wanted, lines
from rejoinder.mail.sources import Slice, Source
from rejoinder.output.records import record, record_with_drafts, to_json
from rejoinder.output.summary import Tally
from rejoinder.output.tables import Row
from rejoinder.pipeline import Reading
from rejoinder.scan.batch import Found, Placed, result
from rejoinder.scan.progress import Done, Journal, ProgressError, describe, source_from, source_json
from rejoinder.scan.reading import SKIPPED, Read, read_again
from rejoinder.scan.shards import PIECE_BYTES, read_pieces
from rejoinder.scan.threads import RANK, Clue
from rejoinder.types import Failure, Stage


@dataclass(slots=True)
class No:
    """A rejection whose stage later mails of the mailbox may still tell: its row, and how to read it again."""

    clue: Clue
    row: int
    stage: str
    name: str
    source: Source
    offset: int
    key: int

    def as_json(self) -> list[Any]:
        """As a line of the journal holds it."""
        return [
            self.clue.as_json(),
            self.row,
            self.stage,
            self.name,
            source_json(self.source),
            self.offset,
            self.key,
        ]

    @classmethod
    def from_json(cls, value: list[Any]) -> No:
        """What `as_json` wrote."""
        clue, row, stage, name, source, *place = value
        return cls(Clue.from_json(clue), row, stage, name, source_from(source), *place)


@dataclass
class Run:
    """A scan under way. `journal` lies beside the output, or in a temporary folder where there is none."""

    wanted: Wanted
    found: Found
    journal: Journal
    files: Files
    done: Done = field(default_factory=Done)
    tally: Tally = field(default_factory=Tally)
    nos: list[No] = field(default_factory=list)
    #: Rows so far, and how many bytes of them are in the output.
    count: int = 0
    size: int = 0
    #: What was found that is no mail, and has been told of.
    named: set[str] = field(default_factory=set)
    #: Mails whose drafts could not be written.
    undrafted: list[str] = field(default_factory=list)

    @property
    def rows(self) -> Rows:
        """All rows written so far."""
        return Rows(self.journal, self.wanted.streamed, self.size)

    def take_up(self) -> None:
        """Take over what earlier runs did, and make the output what it was when they last said so."""
        for body in self.journal.bodies():
            if "sources" in body:
                self.done.replay(body)
                self.nos += map(No.from_json, body["nos"])
            for no in self.nos if "changed" in body else ():
                if str(no.row) in body["changed"]:
                    no.stage = body["changed"][str(no.row)]["stage"]
            self.count += body.get("count", 0)
            self.size = body.get("size", self.size)
            self.tally.counts.update(body.get("tally", {}))
            self.named.update(body.get("named", ()))
            self.files.wrote |= body.get("wrote", {})
        self.files.take_up(self.wanted.streamed, self.size, self.wanted.at_the_end)

    def pieces(self) -> list[Slice]:
        """What is still to be read."""
        return list(self.done.pieces(self.found.sources, PIECE_BYTES))

    def go(self, pieces: list[Slice], advance: Callable[[int], None]) -> None:
        """Read all pieces, and write the rows of each as soon as it is read."""
        wanted = self.wanted
        if wanted.output is None:
            self._say(lines(wanted.form, wanted.own)[0])
        fresh = [item for item in self.found.failures if str(item.origin) not in self.named]
        if fresh:
            rows = [_failure(item) for item in fresh] if wanted.shows_failures else []
            self._write(fresh, rows, {"named": [str(item.origin) for item in fresh]})
        for read in read_pieces(pieces, wanted.how, jobs=wanted.jobs, cluster=wanted.cluster):
            self._take(read)
            advance(piece_bytes(read.piece))

    def _take(self, read: Read) -> None:
        state = self.done.state
        before = state.positions.copy()
        rows: list[Row] = []
        nos: list[No] = []
        placed = list(state.take(read, self.wanted.how))
        for item in placed:
            row = self._row(item)
            if row is None:
                continue
            if isinstance(item.value, Reading) and item.value.verdict.rejection and item.clue and item.source:
                place = item.source, item.offset, item.key
                nos.append(No(item.clue, self.count + len(rows), row["stage"], row["source"], *place))
            rows.append(row)
        keys = [item.key for item in placed if isinstance(item.value, Reading)]
        clues = [item.clue for item in placed if item.clue]
        body = describe(read, keys, clues, dict(state.positions - before))
        self._write([item.value for item in placed], rows, {**body, "nos": [no.as_json() for no in nos]})
        self.nos += nos

    def _row(self, item: Placed) -> Row | None:
        value = item.value
        if isinstance(value, Failure):
            shown = self.wanted.shows_failures and (value.error != SKIPPED or self.wanted.how.every)
            return _failure(value) if shown else None
        return self._record(value) if value.verdict.rejection or self.wanted.how.every else None

    def _record(self, reading: Reading) -> Row:
        if self.wanted.drafts is None:
            return record(reading)
        return record_with_drafts(result(reading, self.wanted.wishes))

    def _write(self, values: Sequence[Reading | Failure], rows: list[Row], body: dict[str, Any]) -> None:
        """Rows first, then the journal's line: what that does not know of is cut off again."""
        streamed = self.wanted.streamed
        tally = Tally()
        for value in values:
            tally.add(value)
        body |= {"tally": tally.counts, "count": len(rows)}
        try:
            if self.wanted.output is None:
                line = lines(self.wanted.form, self.wanted.own)[1]
                self._say(
                    "".join(line(row) for row in rows if self.wanted.shows_failures or "error" not in row)
                )
            if streamed is None:
                self.journal.add({**body, "rows": rows})
            else:
                size = append(streamed, "".join(map(lines("jsonl")[1], rows)), self.size)
                self.journal.add({**body, "size": size})
                self.size = size
        except BrokenPipeError:
            raise
        except OSError as error:
            raise ProgressError(
                f"Writing to {self.wanted.output or 'the output'} failed: {error.strerror}; what was found before is kept.",
                "Make room, then run the same command with --resume." if self.wanted.output else "",
            ) from error
        self.tally.counts.update(tally.counts)
        self.count += len(rows)

    @staticmethod
    def _say(text: str) -> None:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()

    def restage(self) -> None:
        """Look at every rejection again now that the whole mailbox is known, and correct its row."""
        changed: dict[str, Row] = {}
        tally = Tally()
        for no in self.nos if self.wanted.how.stage is None else ():
            stage = self.done.state.threads.stage(no.clue)
            if RANK[stage] <= RANK[Stage(no.stage)]:
                continue
            reading = read_again(no.source, no.offset, no.key, stage, self.wanted.how)
            if reading is not None:
                changed[str(no.row)] = {**self._record(reading), "source": no.name}
                tally.restage(no.stage, stage)
                no.stage = str(stage)
        if not changed:
            return
        body = {"changed": changed, "tally": tally.counts}
        if self.wanted.streamed is None:
            self.journal.add(body)
        else:
            rows = (changed.get(str(at), row) for at, row in enumerate(self.rows))
            self.size = self.files.replace(
                self.wanted.streamed, lambda path: write_form("jsonl", rows, path), **body
            )
        self.tally.counts.update(tally.counts)

    def finish(self, seconds: float) -> None:
        """Write everything that is written at the end: tables, database, drafts, report, summary."""
        wanted = self.wanted
        self.restage()
        if wanted.streamed is not None:
            wanted.streamed.touch()
        elif wanted.output is not None:
            self.files.replace(
                wanted.output, lambda path: write_form(wanted.form, self.rows, path, wanted.own)
            )
        if wanted.drafts is not None:
            self._write_drafts(wanted.drafts)
        counts = self.tally.as_json(seconds)
        if wanted.report is not None:
            from rejoinder.output.report import render_report

            page = render_report(self.rows, counts)
            self.files.replace(wanted.report, lambda path: write_text(page, path))
        if wanted.summary is not None:
            text = to_json(counts, indent=1) + "\n"
            self.files.replace(wanted.summary, lambda path: write_text(text, path))

    def _write_drafts(self, target: Path) -> None:
        def write(path: Path) -> None:
            self.undrafted = write_drafts(self.rows, target, path)

        if target in self.wanted.at_the_end:
            self.files.replace(target, write)
        else:
            write(target)


def piece_bytes(piece: Slice) -> int:
    """How much there is to read in a piece of work."""
    if piece.end is not None:
        return piece.end - piece.start
    return sum(source.size for source in piece.sources)


def _failure(value: Failure) -> Row:
    return {"source": str(value.origin), "error": value.error, "reason": value.reason}
