"""What the user said a mail really is: kept by content, and stronger than any model.

A journal is a JSON Lines file that only grows: for each mail its last line
counts. Lines that cannot be read, such as one that a full disk cut off, count
for nothing and cost nothing. Labelled mails are kept in the same form, so that
a journal can be learnt from as it is.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from rejoinder.errors import ResourceError
from rejoinder.resources import corrections_path

#: Far more than anybody says in a lifetime.
MAX_BYTES = 256 * 1024 * 1024
#: Shorter letters, such as "See attached.", are not the same mail because they are the same text.
_ENOUGH_WORDS = 6
#: The other fields, in the order that `Correction` has them.
_TEXTS = ("stage", "text_id", "subject", "from", "text")


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody said about a mail; `labels` is None where they took it back or passed it over (`skipped`).

    `id` is the message's, `text_id` that of the cleaned letter, which is the
    same however it was sent or pasted. `text` is empty where only the id is known.
    """

    id: str
    labels: tuple[str, ...] | None
    stage: str = ""
    text_id: str = ""
    subject: str = ""
    sender: str = ""
    text: str = ""
    skipped: bool = False


def letter_id(text: str) -> str:
    """The first 16 hex digits of the letter's sha256, white space and case aside; empty for very short letters."""
    words = text.casefold().split()
    if len(words) < _ENOUGH_WORDS:
        return ""
    return hashlib.sha256(" ".join(words).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def find(message_id: str, text: str) -> Correction | None:
    """What the user said about a message or its cleaned text, if anything; all but free without a journal."""
    path = str(corrections_path())
    try:
        status = os.stat(path)
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    by_id, by_text = _index(path, status.st_mtime_ns, status.st_size)
    return by_id.get(message_id) or by_text.get(letter_id(text))


@lru_cache(maxsize=2)
def _index(path: str, changed: int, size: int) -> tuple[dict[str, Correction], dict[str, Correction]]:
    """The corrections in force, by message and by text; a changed file is read anew."""
    by_id: dict[str, Correction] = {}
    by_text: dict[str, Correction] = {}
    for item in read_journal(Path(path)):
        if item.labels is None:
            continue
        if item.text_id:
            # What was said later about the same text holds for its earlier copies, too.
            by_id.pop(by_text.get(item.text_id, item).id, None)
            by_text[item.text_id] = item
        by_id[item.id] = item
    return by_id, by_text


def read_journal(path: Path) -> list[Correction]:
    """The last word on each mail, in the order of the last words.

    Raises ResourceError when something is there that cannot be read.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            raise ResourceError(f"{path} is no file of corrections.", "Move it away, or choose another.")
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ResourceError(
            f"{path} cannot be read: {error.strerror}.", "Check its permissions, or move it away."
        ) from error
    last: dict[str, Correction] = {}
    for line in lines:
        item = _correction(line)
        if item is not None:
            last.pop(item.id, None)
            last[item.id] = item
    return list(last.values())


def _correction(line: bytes) -> Correction | None:
    try:
        record = json.loads(line)
        labels = record["labels"]
        said = None if labels is None else tuple(map(str, labels))
        stage, text_id, subject, sender, text = (str(record.get(name) or "") for name in _TEXTS)
        skipped = record.get("skipped") is True
        return Correction(str(record["id"]), said, stage, text_id, subject, sender, text, skipped)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def keep(correction: Correction, path: Path | None = None) -> Path:
    """Add a line to a journal, safe on the disk when this returns; the path of the journal.

    Raises ResourceError when it cannot be written; what stood there stays.
    """
    path = path or corrections_path()
    line = json.dumps(_record(correction), ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Mail is private: nobody else needs to read it.
        with open(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b", buffering=0) as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(end - 1, 0))
            if end and file.read(1) != b"\n":
                line = b"\n" + line
            if file.write(line) != len(line):
                raise OSError(28, os.strerror(28))
            os.fsync(file.fileno())
    except OSError as error:
        raise ResourceError(
            f"{path} cannot be written: {error.strerror}.",
            "What stood there stays. Make room, or choose another place, and say it again.",
        ) from error
    return path


def _record(item: Correction) -> dict[str, Any]:
    texts = (item.stage, item.text_id, item.subject, item.sender, item.text)
    labels = None if item.labels is None else list(item.labels)
    passed = {"skipped": True} if item.skipped else {}
    return {"id": item.id, "labels": labels, **passed, **dict(zip(_TEXTS, texts, strict=True))}
