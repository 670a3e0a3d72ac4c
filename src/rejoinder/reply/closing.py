"""The lines that close a letter: who signs, for whom."""

from __future__ import annotations

import re

from rejoinder.mail.cleaning.endings import VALEDICTION
from rejoinder.types import Letter

#: Legal forms, by which a company's full name is known.
LEGAL = re.compile(
    r"\b(?:Inc|LLC|LLP|Ltd|Limited|PLC|Plc|plc|GmbH|AG|B\.?V|Pty|S\.A|a\.s|AB|Oy|SE|Corporation|Incorporated)\b\.?"
)


def closing_lines(letter: Letter) -> list[str]:
    """The lines that end a letter without being sentences: under the valediction, or after the last full stop."""
    under = below_valediction(letter)
    if len(under) > 1:
        return under
    lines = [line.strip() for line in letter.text.split("\n") if line.strip()]
    closing: list[str] = []
    for line in reversed(lines[1:][-5:]):
        if len(line.split()) > 7 or (line[-1] in ".!?:;" and not LEGAL.search(line[-14:])):
            break
        closing.insert(0, line)
    return closing or under


def below_valediction(letter: Letter) -> list[str]:
    """The lines under `Kind regards,`; without one, the last line of the letter if it is short."""
    lines = [line.strip() for line in letter.text.split("\n")]
    at = next((i for i in range(len(lines) - 1, -1, -1) if VALEDICTION.match(lines[i])), None)
    if at is not None:
        return [line for line in lines[at + 1 :] if line]
    return lines[-1:] if lines and len(lines) > 1 and len(lines[-1].split()) <= 6 else []
