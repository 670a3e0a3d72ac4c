"""Labelled examples from files: read, checked, and every problem named with its place."""

from __future__ import annotations

import io
import stat
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from pathlib import Path

from rejoinder.errors import ExamplesError
from rejoinder.learn.checking import checked, distinct
from rejoinder.learn.corrections import is_journal, journal_rows, mailbox_rows, own_said
from rejoinder.learn.filekinds import JSON, encoding_of, is_mailbox, refuse_binary, start_of
from rejoinder.learn.labelled import NO_LABEL, Examples, LabelledMail, Problem
from rejoinder.learn.rows import Row, folder_rows, json_rows
from rejoinder.resources import corrections_path

__all__ = ["Examples", "LabelledMail", "Problem", "read_examples"]

#: Far above any set that somebody labelled; beyond it, the wrong file was named.
MAX_BYTES = 256 * 1024 * 1024
_COLUMNS = ("text", "labels", "subject", "from", "stage")
_NEEDED = ("text", "labels")
#: Columns that our own files have and examples do without.
_IDLE = frozenset({"id", "where"})
_CHUNK = 500
#: Room for fields that a line has too many, so that they are noticed and not dropped.
_SURPLUS = tuple(f"surplus {number}" for number in range(8))
_HOW = (
    "Give a CSV or JSON Lines file with `text` and `labels`, "
    "or a folder whose subfolders (hard_no, soft_no, not_rejection ...) hold mails."
)
_QUOTING = (
    "A text that holds commas, quotation marks or line breaks must stand in quotation marks, and those in it "
    "be doubled; a spreadsheet program does that when it saves as CSV UTF-8."
)


def read_examples(
    path: Path,
    *,
    skip_bad: bool = False,
    extra_labels: Collection[str] = (),
    corrections: Path | None = None,
) -> Examples:
    """The labelled mails in a CSV or JSON Lines file, or in a folder whose subfolders are named after labels.

    Any other path is a mailbox, and so is any path with `corrections`: its
    examples are the mails that this journal, else the user's own, speaks of.
    Labels beside the five are known when a journal gave them; others are
    `extra_labels`.

    Labels are normalised and completed (see `read_labels`), repeated mails
    dropped and counted in `notes`. Raises ExamplesError with all problems, unless
    `skip_bad` leaves out the mails that have one; in any case for a file that
    cannot be read on, or that holds no example at all.
    """
    notes: list[str] = []
    try:
        journal = _journal(path, corrections)
        known = (*extra_labels, *(own_said(journal) if journal else ()))
        mails, problems = checked(_rows(path, journal, known, notes), known)
    except OSError as error:
        raise ExamplesError(
            f"{path} cannot be read: {error.strerror}.", "Check the path and its permissions."
        ) from error
    mails, contradictions, repeated = distinct(mails)
    problems += contradictions
    named = tuple(map(str, problems))
    if problems and not skip_bad:
        raise ExamplesError(
            f"{_counted(len(problems))} in {path}, so nothing was used.", _tip(problems), named
        )
    if not mails:
        raise ExamplesError(f"There is no usable example in {path}.", _HOW, named)
    notes += _left_out(repeated, "repeated mail", "repeated mails")
    notes += _left_out(len(problems), "example with a problem", "examples with a problem")
    return Examples(tuple(mails), tuple(problems), tuple(notes))


def _left_out(count: int, one: str, many: str) -> list[str]:
    """What is worth saying of mails that do not count; nothing where there are none."""
    if not count:
        return []
    return [f"1 {one} was left out" if count == 1 else f"{count} {many} were left out"]


def _counted(problems: int) -> str:
    return "1 problem" if problems == 1 else f"{problems} problems"


def _tip(problems: Collection[Problem]) -> str:
    strange = any(NO_LABEL in one.what and "did you mean" not in one.what for one in problems)
    own = "; a label of your own needs --label NAME" if strange else ""
    return f"Correct them, or leave these mails out with --skip-bad{own}."


def _journal(path: Path, corrections: Path | None) -> Path | None:
    """The journal that says what the mails of a path are; None where the path says it itself."""
    if not path.is_dir() and not stat.S_ISREG(path.stat().st_mode):
        raise ExamplesError(
            f"{path} is not an ordinary file.", "Save what it gives as a file, and name that."
        )
    if corrections is not None or is_mailbox(path):
        return corrections or corrections_path()
    return path if path.is_file() and is_journal(path) else None


def _rows(
    path: Path, journal: Path | None, extra: Collection[str], notes: list[str]
) -> Iterator[Row | Problem]:
    if journal is not None:
        return journal_rows(path, notes) if journal == path else mailbox_rows(path, journal, notes)
    if path.is_dir():
        return folder_rows(path, extra, notes)
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise ExamplesError(
            f"{path} is {size / 1e9:.1f} GB; labelled examples are read up to {MAX_BYTES // 2**20} MB.",
            "Give only the mails that somebody labelled.",
        )
    start = start_of(path)
    if not start.strip():
        raise ExamplesError(f"{path} is empty.", _HOW)
    refuse_binary(path, start)
    if path.suffix.lower() in JSON or start.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{"):
        return json_rows(path)
    return _csv_rows(path, notes)


class _Lines(io.TextIOWrapper):
    """A text file that knows how many of its lines were read."""

    number = 0

    def __next__(self) -> str:  # type: ignore[override]  # typeshed gives the base class bytes
        self.number += 1
        return super().__next__()


def _csv_rows(path: Path, notes: list[str]) -> Iterator[Row | Problem]:
    """Rows by pandas, some hundred at a time; a cell keeps its place, also after cells with line breaks."""
    import pandas as pd

    encoding = encoding_of(path, notes)
    with path.open("rb") as file, _Lines(file, encoding, "surrogateescape", newline="") as lines:
        try:
            separator, columns = _header(next(lines), path, notes)
            frames = pd.read_csv(
                lines, names=[*columns, *_SURPLUS], header=None, sep=separator, dtype=object, keep_default_na=False,
                skip_blank_lines=False, chunksize=_CHUNK, engine="python", index_col=False, on_bad_lines="error",
            )  # fmt: skip
            line = 2
            for frame in frames:
                for values in frame.to_dict("records"):
                    cells = {str(name): value for name, value in values.items() if isinstance(value, str)}
                    if any(value.strip() for value in cells.values()):
                        yield _csv_row(cells, f"{path}, line {line}")
                    line += 1 + sum(map(_breaks, cells.values()))
        except pd.errors.EmptyDataError:
            return
        except pd.errors.ParserError as error:
            raise ExamplesError(
                f"{path} is no CSV at line {lines.number} or before: {error}.", _QUOTING
            ) from error
        except UnicodeDecodeError as error:
            raise ExamplesError(
                f"{path} is damaged in or after line {lines.number}: {error.reason}.", "Save it as CSV UTF-8."
            ) from error


def _breaks(value: str) -> int:
    return value.count("\n") + value.count("\r") - value.count("\r\n")


def _header(line: str, path: Path, notes: list[str]) -> tuple[str, list[str]]:
    """The separator, and the names of the columns."""
    separator = max(",;\t", key=line.count)
    names = [name.strip(' "\t\r\n').lower() for name in line.split(separator)]
    missing = [f"`{name}`{_instead(name, names)}" for name in _NEEDED if name not in names]
    twice = [f"`{name}` twice" for name in _COLUMNS if names.count(name) > 1]
    if missing or twice:
        what = f"no column {' and no column '.join(missing)}" if missing else ", ".join(twice)
        shown = ", ".join(name[:30] for name in names[:10])
        raise ExamplesError(
            f"{path}, line 1: {what}; the columns are {shown}.",
            "The first line must name the columns text and labels, and perhaps subject, from and stage.",
        )
    idle = [name for name in names if name and name not in _COLUMNS and name not in _IDLE]
    if idle:
        notes.append(f"columns that are not used: {', '.join(name[:30] for name in idle[:10])}")
    return separator, [name if name in _COLUMNS else f"column {at}" for at, name in enumerate(names)]


def _instead(name: str, names: list[str]) -> str:
    close = get_close_matches(name, names, 1, 0.7)
    return f" (rename {close[0]}?)" if close else ""


def _csv_row(cells: dict[str, str], where: str) -> Row | Problem:
    if any(cells.get(name, "").strip() for name in _SURPLUS):
        return Problem(
            where, "line", "more fields than columns; a text that holds the separator must be quoted"
        )
    for name in _COLUMNS:
        if not _is_unicode(cells.get(name, "")):
            return Problem(where, name, "not UTF-8, while other lines are; save the whole file as CSV UTF-8")
    labels = tuple(cells["labels"].split(";")) if "labels" in cells else None
    text, subject, sender, stage = (cells.get(name, "") for name in ("text", "subject", "from", "stage"))
    return Row(where, text, labels, subject, sender, stage)


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
