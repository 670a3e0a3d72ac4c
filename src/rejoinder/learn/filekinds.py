"""What a file of examples is, by its name and its first bytes."""

from __future__ import annotations

import codecs
from pathlib import Path

from rejoinder.errors import ExamplesError
from rejoinder.mail.mbox import is_mbox

JSON = (".jsonl", ".ndjson", ".json")
_MAIL = (".mbox", ".eml", ".emlx", ".msg")
_WORKBOOKS = {
    b"PK\x03\x04": "an Excel workbook or a zip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
}


def start_of(path: Path) -> bytes:
    """The first bytes of a file."""
    with path.open("rb") as file:
        return file.read(4096)


def is_mailbox(path: Path) -> bool:
    """Whether a path holds mail that no folder name labels."""
    if not path.is_dir():
        suffix = path.suffix.lower()
        return suffix in _MAIL or (suffix not in (".csv", ".tsv", *JSON) and is_mbox(start_of(path)))
    places = [one.name for one in path.iterdir() if one.is_dir() and not one.name.startswith(".")]
    return not places or "cur" in places


def refuse_binary(path: Path, start: bytes) -> None:
    """Raise ExamplesError for a file that starts as no text does."""
    what = next((name for magic, name in _WORKBOOKS.items() if start.startswith(magic)), "")
    wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not what and b"\0" in start and not wide:
        what = "not a text file"
    if what:
        raise ExamplesError(f"{path} is {what}.", "Save it as CSV UTF-8, or name another file.")


def encoding_of(path: Path, notes: list[str]) -> str:
    """UTF-16 where the file says so, Windows-1252 where no line with a letter beyond ASCII is UTF-8, else UTF-8."""
    good = bad = 0
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        file.seek(0)
        for line in file:
            if not line.removeprefix(codecs.BOM_UTF8).isascii():
                try:
                    line.decode("utf-8")
                    good += 1
                except UnicodeDecodeError:
                    bad += 1
    if bad and not good:
        notes.append(f"{path.name} is not UTF-8 and was read as Windows-1252; check names with accents")
        return "cp1252"
    return "utf-8-sig"
