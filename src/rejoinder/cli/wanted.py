"""What a scan is asked for on the command line, and what must not change while it goes on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rejoinder.output.records import to_json
from rejoinder.output.tables import Row, csv_head, csv_line, table_head, table_line
from rejoinder.reply.drafting import Wishes
from rejoinder.scan.how import How

#: The forms that are written line by line.
BY_LINE = ("jsonl", "csv", "table")


def lines(form: str, own: tuple[str, ...] = ()) -> tuple[str, Callable[[Row], str]]:
    """How a form is written line by line: what stands above the lines, and a row as one.

    `own` are labels that the user taught.
    """
    if form == "csv":
        return csv_head(own), lambda row: csv_line(row, own)
    return (table_head(), table_line) if form == "table" else ("", lambda row: to_json(row) + "\n")


def is_mbox(path: Path) -> bool:
    """Whether a name asks for one mbox rather than a folder of files."""
    return path.suffix.lower() == ".mbox"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for."""

    how: How
    wishes: Wishes
    form: str = "table"
    output: Path | None = None
    drafts: Path | None = None
    report: Path | None = None
    summary: Path | None = None
    resume: bool = False
    jobs: int = 1
    cluster: str | None = None
    own: tuple[str, ...] = ()

    @property
    def streamed(self) -> Path | None:
        """The output that rows are written to as they are found; the other forms are written at the end."""
        return self.output if self.form == "jsonl" else None

    @property
    def at_the_end(self) -> tuple[Path, ...]:
        """The files that are written as a whole."""
        output = None if self.streamed else self.output
        drafts = self.drafts if self.drafts is not None and is_mbox(self.drafts) else None
        return tuple(path for path in (output, drafts, self.report, self.summary) if path is not None)

    @property
    def shows_failures(self) -> bool:
        """Whether the form has a place for what could not be read."""
        return self.form in ("jsonl", "sqlite")

    def head(self) -> dict[str, Any]:
        """What must be the same for a scan to be gone on with."""
        how = self.how
        return {
            "model": hashlib.sha256(how.model.with_suffix(".json").read_bytes()).hexdigest()[:16],
            "--format": self.form,
            "--all": how.every,
            "--since": how.since.isoformat() if how.since else None,
            "--include": sorted(how.include),
            "--me-address": sorted(how.mine),
            "--stage": how.stage,
            "--drafts": self.drafts is not None,
        }
