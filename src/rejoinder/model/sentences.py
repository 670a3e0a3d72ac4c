"""A letter's text into sentences, however its lines were wrapped."""

from __future__ import annotations

import re

#: Text whose punctuation was lost comes as one endless sentence; it is read in overlapping windows.
LONGEST = 45
WINDOW = 28
STRIDE = 14

_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|mx|dr|prof|st|sr|jr|inc|ltd|co|corp|llc|plc|dept|no|nos|ref|approx|vs|etc|e\.g|i\.e|eg|ie|a\.m|p\.m|am|pm|jan|feb|mar"
    r"|apr|jun|jul|aug|sep|sept|oct|nov|dec|ext|tel|u\.s|u\.k|ph\.d|b\.sc|m\.sc|[a-z]))\.$",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(r"(?<=[.!?…])[\"'”’)\]*]*\s+(?=\S)")
_PARAGRAPHS = re.compile(r"\n\s*\n")
_WORD = re.compile(r"\w")
_BULLET = re.compile(r"^\s*(?:[-*•·–—>]|\d{1,2}[.)]|[a-z]\))\s+")
_CLAUSE = re.compile(
    r"\s*(?:;|:(?=\s)|\s[-–—]{1,2}(?=\s))\s*|,\s+(?=(?:but|however|unfortunately|so|and (?:we|i|so|have|has|regret|unfortunately))\b)",
    re.IGNORECASE,
)
_TURN = re.compile(
    r"\s+(?=(?:Unfortunately|However|Although|After|While|Thank|Thanks|We|As|At|This|Please|Regrettably|Your|If|Our|The)\s)"
)


def split(text: str) -> list[str]:
    """The sentences of a text in order, each on one line.

    Wrapped lines are joined again, list items and headings stand alone, and
    sentences over 45 words are read in pieces.
    """
    out: list[str] = []
    for paragraph in _PARAGRAPHS.split(text):
        for block in _unwrap(paragraph.split("\n")):
            for sentence in _sentences(block):
                out.extend(_pieces(sentence))
    return [sentence for sentence in out if _WORD.search(sentence)]


def _unwrap(lines: list[str]) -> list[str]:
    """Lines of a paragraph joined where a line ended only because it was full."""
    lines = [line.strip() for line in lines if line.strip()]
    width = max((len(line) for line in lines), default=0)
    blocks: list[str] = []
    for at, line in enumerate(lines):
        if at and not _BULLET.match(line) and _runs_on(lines[at - 1], line, width):
            blocks[-1] += " " + line
        else:
            blocks.append(_BULLET.sub("", line))
    return blocks


def _runs_on(before: str, line: str, width: int) -> bool:
    if len(before) + 1 + len(line.split()[0]) > width:
        return True
    return line[0].islower() and before[-1] not in ".!?:;,"


def _sentences(block: str) -> list[str]:
    out: list[str] = []
    start = 0
    for boundary in _BOUNDARY.finditer(block):
        head = block[start : boundary.start()].rstrip("\"'”’)]*")
        if _ABBREVIATION.search(head[-12:]) and not head.endswith("!"):
            continue
        out.append(block[start : boundary.end()].strip())
        start = boundary.end()
    out.append(block[start:].strip())
    return out


def _pieces(sentence: str) -> list[str]:
    if len(sentence.split()) <= LONGEST:
        return [sentence]
    pieces = [piece for piece in _CLAUSE.split(sentence) if piece and piece.strip()]
    return [window for piece in pieces for window in _windows(piece)]


def _windows(piece: str) -> list[str]:
    if len(piece.split()) <= LONGEST:
        return [piece]
    out: list[str] = []
    for clause in _TURN.split(piece):
        words = clause.split()
        if len(words) <= LONGEST:
            out.append(clause)
        else:
            starts = range(0, len(words) - WINDOW + STRIDE, STRIDE)
            out.extend(" ".join(words[start : start + WINDOW]) for start in starts)
    return out
