"""The rows of a scan, read back from where they were written, and turned into files of any form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rejoinder.output.database import write_database
from rejoinder.output.tables import Row, csv_head, csv_line, table_head, table_line, write_parquet
from rejoinder.scan.progress import Journal


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a scan in order: in its JSON Lines output, else in its journal."""

    journal: Journal
    streamed: Path | None
    size: int

    def __iter__(self) -> Iterator[Row]:
        return self._from_output(self.streamed) if self.streamed else self._from_journal()

    def _from_output(self, path: Path) -> Iterator[Row]:
        if not path.exists():
            return
        with path.open("rb") as file:
            while file.tell() < self.size and (line := file.readline()):
                yield json.loads(line)

    def _from_journal(self) -> Iterator[Row]:
        changed: dict[int, Row] = {}
        for body in self.journal.bodies():
            changed |= {int(at): row for at, row in body.get("changed", {}).items()}
        rows = (row for body in self.journal.bodies() for row in body.get("rows", ()))
        for at, row in enumerate(rows):
            yield changed.get(at, row)

    def at(self, place: int) -> Row:
        """The row at a place, counted from 0."""
        return next(row for at, row in enumerate(self) if at == place)


def write_form(form: str, rows: Rows, path: Path) -> None:
    """Write rows as `table`, `csv`, `parquet` or `sqlite`."""
    if form == "sqlite":
        write_database(rows, path)
        return
    read = (row for row in rows if "error" not in row)
    if form == "parquet":
        write_parquet(read, path)
        return
    head, line = (csv_head(), csv_line) if form == "csv" else (table_head(), table_line)
    with path.open("wb") as file:
        file.write(head.encode())
        file.writelines(line(row).encode("utf-8", "replace") for row in read)
