"""The lines that close a letter: who signs, for whom."""

from __future__ import annotations

from rejoinder.mail.cleaning.endings import is_valediction
from rejoinder.patterns import lazy
from rejoinder.types import Letter

_INITIAL = lazy(r"\b[A-Z]\.$")
#: Legal forms, by which a company's full name is known.
LEGAL = lazy(
    r"\b(?:Inc|LLC|LLP|Ltd|Limited|PLC|Plc|plc|GmbH|AG|B\.?V|Pty|S\.A|a\.s|AB|Oy|SE|Corporation|Incorporated)\b\.?"
)


def closing_lines(letter: Letter) -> list[str]:
    """The lines that end a letter without being sentences: under the valediction, or after the last full stop."""
    lines = [line.strip() for line in letter.text.split("\n") if line.strip()]
    at = next((i for i in range(len(lines) - 1, -1, -1) if is_valediction(lines[i])), None)
    if at is not None:
        return lines[at + 1 :]
    closing: list[str] = []
    for line in reversed(lines[1:][-5:]):
        if len(line.split()) > 7 or (
            line[-1] in ".!?:;" and not LEGAL.search(line[-14:]) and not _INITIAL.search(line)
        ):
            break
        closing.insert(0, line)
    # "Affectionately," and its like, which no list holds.
    return closing[1:] if len(closing) > 1 and closing[0].endswith(",") else closing
