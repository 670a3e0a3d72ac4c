"""The files of a scan: rows read back from where they were written, and files that appear whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rejoinder.cli.wanted import is_mbox, lines
from rejoinder.output.tables import Row, write_parquet
from rejoinder.scan.progress import Journal, ProgressError


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


@dataclass(slots=True)
class Files:
    """The files that are written whole; what was written is in the journal, so that nobody else's is replaced."""

    journal: Journal
    wrote: dict[str, str] = field(default_factory=dict)

    def replace(self, path: Path, write: Callable[[Path], None], **more: Any) -> int:
        """Write a file beside its place, say so in the journal, and rename it; returns its size."""
        new = _beside(path)
        try:
            new.unlink(missing_ok=True)
            write(new)
            size = new.stat().st_size
            if "changed" in more:
                more["size"] = size
            self.journal.add({**more, "wrote": {str(path): _hash(new)}})
            os.replace(new, path)
        except OSError as error:
            with suppress(OSError):
                new.unlink(missing_ok=True)
            raise ProgressError(
                f"{path} cannot be written: {error.strerror}; what was found is kept.",
                "Make room or choose another place, then run the same command with --resume.",
            ) from error
        return size

    def take_up(self, streamed: Path | None, size: int, others: Iterable[Path]) -> None:
        """Make the files what they were when the journal last spoke of them.

        Raises ProgressError for a file that somebody else has changed.
        """
        others = tuple(others)
        for path in (*others, *([streamed] if streamed else [])):
            new = _beside(path)
            if new.is_file() and self.wrote.get(str(path)) == _hash(new):
                os.replace(new, path)  # killed between the journal's line and the renaming
        for path in others:
            if path.is_file() and self.wrote.get(str(path)) != _hash(path):
                raise ProgressError(
                    f"{path} is there already, and not as this scan left it.", "Choose another name."
                )
        if streamed and streamed.is_file() and streamed.stat().st_size >= size:
            os.truncate(streamed, size)
        elif streamed and size:
            raise ProgressError(
                f"{streamed} is gone or has become shorter since the scan wrote it.",
                f"Remove {self.journal.path} to scan anew.",
            )


def append(path: Path, text: str, size: int) -> int:
    """Write text behind the first `size` bytes of a file; returns its new size. A failure leaves nothing behind."""
    try:
        with path.open("ab") as file:
            file.write(text.encode("utf-8", "replace"))
            file.flush()
            return file.tell()
    except OSError:
        with suppress(OSError):
            os.truncate(path, size)
        raise


def write_form(form: str, rows: Iterable[Row], path: Path, own: tuple[str, ...] = ()) -> None:
    """Write rows as `table`, `jsonl`, `csv`, `parquet` or `sqlite`; `own` are labels that the user taught."""
    if form == "sqlite":
        from rejoinder.output.database import write_database

        write_database(rows, path)
        return
    if form != "jsonl":
        rows = (row for row in rows if "error" not in row)
    if form == "parquet":
        write_parquet(rows, path, own)
        return
    head, line = lines(form, own)
    with path.open("wb") as file:
        file.write(head.encode())
        file.writelines(line(row).encode("utf-8", "replace") for row in rows)


def write_text(text: str, path: Path) -> None:
    """Write text as UTF-8."""
    path.write_bytes(text.encode("utf-8", "replace"))


def write_drafts(rows: Iterable[Row], target: Path, path: Path) -> list[str]:
    """Write the drafts of rows to a path: as an mbox if that is what the target is called, else as a folder.

    Returns the sources of the mails whose drafts could not be written as mail.
    """
    from rejoinder.output.draftbox import write_folder, write_mbox

    if not is_mbox(target):
        return write_folder(rows, path)
    with path.open("wb") as file:
        return write_mbox(rows, file)


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".new")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
