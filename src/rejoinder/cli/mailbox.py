"""One run of `rejoinder scan`: rows written as they are found, and progress that outlives a kill."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rejoinder.cli.outputs import Rows, write_form
from rejoinder.errors import RejoinderError
from rejoinder.mail.sources import Slice, Source
from rejoinder.output.draftbox import write_folder, write_mbox
from rejoinder.output.records import record, record_with_drafts, to_json
from rejoinder.output.report import render_report
from rejoinder.output.summary import Tally
from rejoinder.output.tables import Row, csv_head, csv_line, table_head, table_line
from rejoinder.pipeline import Reading
from rejoinder.reply.drafting import Wishes
from rejoinder.scan.batch import Found, Placed, result
from rejoinder.scan.progress import Done, Journal, ProgressError, describe, source_from, source_json
from rejoinder.scan.reading import SKIPPED, How, Read, read_again
from rejoinder.scan.shards import PIECE_BYTES, read_pieces
from rejoinder.scan.threads import RANK, Clue
from rejoinder.types import Failure, Stage

LINES: dict[str, tuple[str, Callable[[Row], str]]] = {
    "jsonl": ("", lambda row: to_json(row) + "\n"),
    "csv": (csv_head(), csv_line),
    "table": (table_head(), table_line),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for."""

    how: How
    wishes: Wishes
    form: str = "table"
    output: Path | None = None
    every: bool = False
    drafts: Path | None = None
    report: Path | None = None
    summary: Path | None = None
    resume: bool = False
    jobs: int = 1
    cluster: str | None = None

    def head(self) -> dict[str, Any]:
        """What must be the same for a scan to be gone on with."""
        how = self.how
        return {
            "model": hashlib.sha256(how.model.with_suffix(".json").read_bytes()).hexdigest()[:16],
            "--format": self.form,
            "--all": self.every,
            "--since": how.since.isoformat() if how.since else None,
            "--include": sorted(how.include),
            "--me-address": sorted(how.mine),
            "--stage": how.stage,
            "--drafts": self.drafts is not None,
        }


@dataclass(slots=True)
class No:
    """A rejection whose stage later mails of the mailbox may still tell."""

    clue: Clue
    row: int
    stage: str
    source: Source
    offset: int
    key: int

    def as_json(self) -> list[Any]:
        """As a line of the journal holds it."""
        return [self.clue.as_json(), self.row, self.stage, source_json(self.source), self.offset, self.key]

    @classmethod
    def from_json(cls, value: list[Any]) -> No:
        """What `as_json` wrote."""
        clue, row, stage, source, *place = value
        return cls(Clue.from_json(clue), row, stage, source_from(source), *place)


@dataclass
class Run:
    """A scan under way. `journal` lies beside the output, or in a temporary folder where there is none."""

    wanted: Wanted
    found: Found
    journal: Journal
    done: Done = field(default_factory=Done)
    tally: Tally = field(default_factory=Tally)
    nos: list[No] = field(default_factory=list)
    #: Rows so far, and how many bytes of them are in the output.
    count: int = 0
    size: int = 0
    named: set[str] = field(default_factory=set)
    wrote: dict[str, str] = field(default_factory=dict)
    #: Mails whose drafts could not be written.
    undrafted: list[str] = field(default_factory=list)

    @property
    def rows(self) -> Rows:
        """All rows written so far."""
        streamed = self.wanted.output if self.wanted.form == "jsonl" else None
        return Rows(self.journal, streamed, self.size)

    def take_up(self) -> None:
        """Take over what earlier runs did, and make the output what it was when they last said so."""
        for body in self.journal.bodies():
            if "sources" in body:
                self.done.replay(body)
                self.nos += map(No.from_json, body["nos"])
                self.count += body["count"]
            if "changed" in body:
                for no in self.nos:
                    if str(no.row) in body["changed"]:
                        no.stage = body["changed"][str(no.row)]["stage"]
            self.size = body.get("size", self.size)
            self.tally.counts.update(body.get("tally", {}))
            self.named.update(body.get("named", ()))
            self.wrote |= body.get("wrote", {})
        self._mend()

    def _mend(self) -> None:
        output = self.wanted.output
        if output is None:
            return
        for path in (output, self.wanted.report, self.wanted.summary):
            if (
                path is not None
                and _beside(path).is_file()
                and self.wrote.get(str(path)) == _hash(_beside(path))
            ):
                os.replace(_beside(path), path)  # killed between the journal's line and the renaming
        if self.wanted.form == "jsonl":
            if output.is_file():
                if output.stat().st_size < self.size:
                    raise ProgressError(
                        f"{output} has become shorter since.", "Scan anew under another name."
                    )
                os.truncate(output, self.size)
            elif self.size:
                raise ProgressError(
                    f"{output} is gone, but its journal is here.", f"Remove {self.journal.path} to scan anew."
                )
        for path in (output, self.wanted.report, self.wanted.summary):
            streamed = path == output and self.wanted.form == "jsonl"
            if (
                path is not None
                and not streamed
                and path.is_file()
                and self.wrote.get(str(path)) != _hash(path)
            ):
                raise ProgressError(
                    f"{path} is there already, and not as this scan left it.", "Choose another name."
                )

    def pieces(self) -> list[Slice]:
        """What is still to be read."""
        return list(self.done.pieces(self.found.sources, PIECE_BYTES))

    def go(self, pieces: list[Slice], advance: Callable[[int], None]) -> None:
        """Read all pieces, and write the rows of each as soon as it is read."""
        fresh = [item for item in self.found.failures if str(item.origin) not in self.named]
        if not self.journal.resumed and self.wanted.output is None:
            self._say(LINES[self.wanted.form][0])
        if fresh:
            rows = [_failure(item) for item in fresh] if self._shows_failures() else []
            self._write(fresh, rows, {"named": [str(item.origin) for item in fresh]})
        for read in read_pieces(pieces, self.wanted.how, jobs=self.wanted.jobs, cluster=self.wanted.cluster):
            self._take(read)
            advance(piece_bytes(read.piece))

    def _shows_failures(self) -> bool:
        return self.wanted.form in ("jsonl", "sqlite")

    def _take(self, read: Read) -> None:
        state = self.done.state
        before = state.positions.copy()
        placed = list(state.take(read, self.wanted.how))
        rows: list[Row] = []
        nos: list[No] = []
        for item in placed:
            row = self._row(item)
            if row is None:
                continue
            if isinstance(item.value, Reading) and item.value.verdict.rejection and item.clue and item.source:
                stage = str(item.value.verdict.stage)
                nos.append(No(item.clue, self.count + len(rows), stage, item.source, item.offset, item.key))
            rows.append(row)
        values = [item.value for item in placed]
        keys = [item.key for item in placed if isinstance(item.value, Reading)]
        clues = [item.clue for item in placed if item.clue]
        self.nos += nos
        body = describe(read, keys, clues, dict(state.positions - before))
        self._write(values, rows, {**body, "nos": [no.as_json() for no in nos], "count": len(rows)})

    def _row(self, item: Placed) -> Row | None:
        value = item.value
        if isinstance(value, Failure):
            shown = self._shows_failures() and (value.error != SKIPPED or self.wanted.every)
            return _failure(value) if shown else None
        if not (value.verdict.rejection or self.wanted.every):
            return None
        return self._record(value)

    def _record(self, reading: Reading) -> Row:
        if self.wanted.drafts is None:
            return record(reading)
        return record_with_drafts(result(reading, self.wanted.wishes))

    def _write(self, values: list[Any], rows: list[Row], body: dict[str, Any]) -> None:
        """Rows first, then the journal's line: what that does not know of is cut off again."""
        wanted = self.wanted
        tally = Tally()
        for value in values:
            tally.add(value)
        try:
            if wanted.output is None:
                line = LINES[wanted.form][1]
                shown = rows if wanted.form == "jsonl" else [row for row in rows if "error" not in row]
                self._say("".join(map(line, shown)))
            if wanted.form == "jsonl" and wanted.output is not None:
                size = self._append("".join(map(LINES["jsonl"][1], rows)))
                self.journal.add({**body, "tally": tally.counts, "size": size})
                self.size = size
            else:
                self.journal.add({**body, "tally": tally.counts, "rows": rows})
        except BrokenPipeError:
            raise
        except OSError as error:
            raise ProgressError(
                f"Writing to {wanted.output or 'the output'} failed: {error.strerror}; what was found before is kept.",
                "Make room, then run the same command with --resume." if wanted.output else "",
            ) from error
        self.tally.counts.update(tally.counts)
        self.count += len(rows)

    @staticmethod
    def _say(text: str) -> None:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()

    def _append(self, text: str) -> int:
        output = self.wanted.output
        assert output is not None
        try:
            with output.open("ab") as file:
                file.write(text.encode("utf-8", "replace"))
                file.flush()
                return file.tell()
        except OSError:
            with suppress(OSError):
                os.truncate(output, self.size)
            raise

    def restage(self) -> None:
        """Look at every rejection again now that the whole mailbox is known, and correct its row."""
        changed: dict[str, Row] = {}
        tally = Tally()
        for no in self.nos:
            stage = self.done.state.threads.stage(no.clue) if self.wanted.how.stage is None else Stage.UNKNOWN
            if RANK[stage] <= RANK[Stage(no.stage)]:
                continue
            reading = read_again(no.source, no.offset, no.key, stage, self.wanted.how)
            if reading is None:
                continue
            old = self.rows.at(no.row)
            changed[str(no.row)] = {**self._record(reading), "source": old["source"]}
            tally.restage(no.stage, stage)
            no.stage = str(stage)
        if not changed:
            return
        body = {"changed": changed, "tally": tally.counts}
        if self.wanted.form == "jsonl" and self.wanted.output is not None:
            text = (changed.get(str(at), row) for at, row in enumerate(self.rows))
            self._replace(self.wanted.output, lambda path: _write_lines(text, path), body)
            self.size = self.wanted.output.stat().st_size
        else:
            self.journal.add(body)
        self.tally.counts.update(tally.counts)

    def _replace(self, path: Path, write: Callable[[Path], None], body: dict[str, Any] | None = None) -> None:
        """Write a file beside its place, say so in the journal, and rename it."""
        beside = _beside(path)
        try:
            beside.unlink(missing_ok=True)
            write(beside)
            size = {"size": beside.stat().st_size} if path == self.wanted.output else {}
            self.journal.add({**(body or {}), "wrote": {str(path): _hash(beside)}, **size})
            os.replace(beside, path)
        except OSError as error:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise ProgressError(
                f"{path} cannot be written: {error.strerror}; what was found is kept.",
                "Make room or choose another place, then run the same command with --resume.",
            ) from error

    def finish(self, seconds: float) -> None:
        """Write everything that is written at the end: tables, database, drafts, report, summary."""
        wanted = self.wanted
        self.restage()
        if wanted.output is not None and wanted.form != "jsonl":
            self._replace(wanted.output, lambda path: write_form(wanted.form, self.rows, path))
        elif wanted.output is not None and not wanted.output.exists():
            wanted.output.touch()
        counts = self.tally.as_json(seconds)
        if wanted.drafts is not None:
            self.undrafted = _write_drafts(self.rows, wanted.drafts)
        if wanted.report is not None:
            page = render_report(self.rows, counts)
            self._replace(wanted.report, lambda path: _write_text(page, path))
        if wanted.summary is not None:
            text = to_json(counts, indent=1) + "\n"
            self._replace(wanted.summary, lambda path: _write_text(text, path))


def piece_bytes(piece: Slice) -> int:
    """How much there is to read in a piece of work."""
    if piece.end is not None:
        return piece.end - piece.start
    return sum(source.size for source in piece.sources)


def _failure(value: Failure) -> Row:
    return {"source": str(value.origin), "error": value.error, "reason": value.reason}


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".new")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_text(text: str, path: Path) -> None:
    path.write_bytes(text.encode("utf-8", "replace"))


def _write_lines(rows: Iterator[Row], path: Path) -> None:
    with path.open("wb") as file:
        file.writelines((to_json(row) + "\n").encode("utf-8", "replace") for row in rows)


def _write_drafts(rows: Rows, target: Path) -> list[str]:
    if target.suffix.lower() != ".mbox":
        return write_folder(rows, target)
    try:
        with target.open("wb") as file:
            return write_mbox(rows, file)
    except OSError as error:
        raise RejoinderError(
            f"{target} cannot be written: {error.strerror}.", "Choose another with --drafts."
        ) from error


def stopwatch() -> Callable[[], float]:
    """A function that says how many seconds have gone by."""
    start = time.monotonic()
    return lambda: time.monotonic() - start
