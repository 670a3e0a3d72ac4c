"""Rows as a SQLite database: messages, their evidence, and what to do about them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from rejoinder.output.tables import Row, flat

_SCHEMA = """
CREATE TABLE messages (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL, message_id TEXT, source TEXT NOT NULL, date TEXT, "from" TEXT, subject TEXT,
  rejection INTEGER, label TEXT, labels TEXT NOT NULL, probability REAL NOT NULL, unsure INTEGER NOT NULL,
  language TEXT NOT NULL, stage TEXT NOT NULL, stage_source TEXT NOT NULL, company TEXT, role TEXT,
  contact_name TEXT, contact_address TEXT, skills TEXT NOT NULL, reply_possible INTEGER NOT NULL, reply_reason TEXT,
  reply_warning TEXT, model TEXT NOT NULL
);
CREATE TABLE labels (
  message INTEGER NOT NULL REFERENCES messages(number), label TEXT NOT NULL, probability REAL,
  PRIMARY KEY (message, label)
);
CREATE TABLE evidence (
  message INTEGER NOT NULL REFERENCES messages(number), label TEXT NOT NULL, text TEXT NOT NULL, weight REAL NOT NULL
);
CREATE TABLE plan (
  message INTEGER NOT NULL REFERENCES messages(number), step INTEGER NOT NULL, "when" TEXT, "do" TEXT NOT NULL,
  template TEXT, text TEXT, reason TEXT,
  until TEXT, pause_hours REAL, PRIMARY KEY (message, step)
);
CREATE TABLE unread (source TEXT NOT NULL, error TEXT NOT NULL, reason TEXT NOT NULL);
"""
_INDEXES = """
CREATE INDEX messages_date ON messages(date);
CREATE INDEX messages_company ON messages(company);
CREATE INDEX messages_label ON messages(label, stage);
CREATE INDEX messages_message_id ON messages(message_id);
CREATE INDEX labels_label ON labels(label);
CREATE INDEX evidence_message ON evidence(message);
"""
#: Of the flat tables' columns: what has a table of its own here is not among them.
_COLUMNS = (
    "id", "message_id", "source", "date", "from", "subject", "rejection", "label", "labels", "probability", "unsure",
    "language", "stage", "stage_source", "company", "role", "contact_name", "contact_address", "skills",
    "reply_possible", "reply_reason", "model",
)  # fmt: skip


def write_database(rows: Iterable[Row], path: Path) -> None:
    """Write a new database file; rows that say why a message was not read go to a table of their own."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA foreign_keys = ON")
        database.executescript(_SCHEMA)
        with database:
            for number, row in enumerate(rows, 1):
                if "error" in row:
                    _insert(database, "unread", row)
                else:
                    _message(database, number, row)
        database.executescript(_INDEXES)


def _insert(database: sqlite3.Connection, table: str, values: Row) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    places = ", ".join("?" * len(values))
    database.execute(
        f"INSERT INTO {table} ({names}) VALUES ({places})", [_value(value) for value in values.values()]
    )


def _value(value: Any) -> Any:
    """What SQLite can hold: no lone surrogates."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _message(database: sqlite3.Connection, number: int, row: Row) -> None:
    values = flat(row)
    columns = {name: values[name] for name in _COLUMNS}
    _insert(database, "messages", {"number": number, **columns, "reply_warning": row["reply"]["warning"]})
    for label in row["labels"]:
        _insert(
            database,
            "labels",
            {"message": number, "label": label, "probability": row["probabilities"].get(label)},
        )
    for item in row["evidence"]:
        _insert(database, "evidence", {"message": number, **item})
    for step, item in enumerate(row["plan"], 1):
        _insert(database, "plan", {"message": number, "step": step, **item})
