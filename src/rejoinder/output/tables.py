"""Rows as a table on a screen, as CSV that no spreadsheet runs, and as Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from rejoinder.output.text import printable
from rejoinder.types import Label, label_words

Row = dict[str, Any]

#: What a terminal shows of a rejection, and how wide.
_SHOWN = (("date", 10), ("company", 22), ("role", 28), ("label", 14), ("stage", 7), ("subject", 44))
#: The columns of flat tables; lists are joined by semicolons.
COLUMNS = (
    "id", "message_id", "source", "date", "from", "subject", "rejection", "label", "labels", "probability",
    *(f"p_{label}" for label in Label),
    "unsure", "language", "stage", "stage_source", "company", "role", "contact_name", "contact_address", "skills",
    "evidence", "reply_possible", "reply_reason", "plan", "model",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ROWS_AT_ONCE = 5000


def table_head() -> str:
    """The heading of the table for a terminal."""
    return "  ".join(f"{name:<{width}}" for name, width in _SHOWN).rstrip() + "\n"


def table_line(row: Row) -> str:
    """A row for a terminal: safe to print, cut where it is too long."""
    cells = [printable(_shown(name, row.get(name))).replace("\n", " ") for name, _ in _SHOWN]
    line = "  ".join(
        f"{cell if len(cell) <= width else cell[: width - 1] + '…':<{width}}"
        for cell, (_, width) in zip(cells, _SHOWN, strict=True)
    )
    return line.rstrip() + "\n"


def _shown(name: str, value: Any) -> str:
    if name == "date":
        return (value or "")[:10]
    if value is None:
        return ""
    return label_words(value) if name == "label" else str(value)


def columns(own: Sequence[str] = ()) -> tuple[str, ...]:
    """The columns of flat tables, with probabilities of labels that the user taught after those of the five."""
    after = COLUMNS.index("unsure")
    return (*COLUMNS[:after], *(f"p_{label}" for label in own), *COLUMNS[after:])


def flat(row: Row, own: Sequence[str] = ()) -> Row:
    """A row with one plain value a column."""
    contact = row["contact"] or {}
    return {
        **{name: row[name] for name in COLUMNS if name in row},
        **{f"p_{label}": row["probabilities"].get(label) for label in own},
        "labels": ";".join(row["labels"]),
        "probability": row["probabilities"]["rejection"],
        **{f"p_{label}": row["probabilities"][label] for label in Label},
        "contact_name": contact.get("name"),
        "contact_address": contact.get("address"),
        "skills": ";".join(row["skills"]),
        "evidence": " | ".join(dict.fromkeys(item["text"] for item in row["evidence"])),
        "reply_possible": row["reply"]["possible"],
        "reply_reason": row["reply"]["reason"],
        "plan": "; ".join(
            f"{step['when']} {step['template']}" for step in row["plan"] if step["do"] == "send"
        ),
    }


def csv_head(own: Sequence[str] = ()) -> str:
    """The first line of the CSV."""
    return ",".join(columns(own)) + "\r\n"


def csv_line(row: Row, own: Sequence[str] = ()) -> str:
    """A row as CSV; text that a spreadsheet would take for a formula gets a quote before it."""
    line = io.StringIO()
    values = flat(row, own)
    csv.writer(line).writerow([_safe(values[name]) for name in columns(own)])
    return line.getvalue()


def _safe(value: Any) -> Any:
    if isinstance(value, str) and value.lstrip(" \n").startswith(_FORMULA):
        return "'" + value
    return value


def write_parquet(rows: Iterable[Row], path: Path, own: Sequence[str] = ()) -> None:
    """Write a Parquet file, some thousand rows at a time."""
    import pyarrow as pa
    from pyarrow import parquet

    booleans = {"rejection", "unsure", "reply_possible"}
    schema = pa.schema(
        [
            (
                name,
                pa.bool_()
                if name in booleans
                else pa.float64()
                if name.startswith("p_") or name == "probability"
                else pa.string(),
            )
            for name in columns(own)
        ]
    )
    with parquet.ParquetWriter(path, schema) as writer:
        for chunk in _chunks(flat(row, own) for row in rows):
            writer.write_table(pa.Table.from_pylist(chunk, schema=schema))


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, _ROWS_AT_ONCE)):
        yield chunk
