"""Which company a letter is signed for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rejoinder.reply.closing import LEGAL, closing_lines
from rejoinder.reply.names import TEAM_WORDS, is_person, names_post, names_team
from rejoinder.reply.titles import names_job
from rejoinder.reply.words import ORGANISATION, word_set
from rejoinder.types import Letter


def signed_for(letter: Letter) -> Iterator[tuple[str, float]]:
    """What the closing lines may name as the company, and how much that is worth.

    It is a team's company, the one behind a title, or a line of its own.
    """
    lines = [*closing_lines(letter)[:5], *letter.trimmed_text("signature").split("\n")[:5]]
    signer = lines[0] if lines and is_person(lines[0].split(",")[0]) else ""
    for at, line in enumerate(line[:200] for line in lines):
        parts = [
            part
            for part in re.split(
                r"\s*(?:[|•·(]|\bat\b|@|\s[–—-]\s|,(?! (?:Inc|LLC|Ltd|L\.)))\s*", line.strip()
            )
            if part
        ]
        for index, part in enumerate(parts):
            worth = _worth(part, index, parts, at, signer)
            if worth:
                yield re.sub(r"^(?:The|Your|All at|Everyone at|.{2,30} and the)\s+", "", part), worth


_SMALL = word_set("of and the at for & team")


def _worth(part: str, index: int, parts: list[str], at: int, signer: str) -> float:
    words = part.split()
    if (
        not part[:1].isupper()
        or len(words) > 7
        or names_post(part)
        or re.search(r"\d{3}|@|www\.|https?:", part)
    ):
        return 0.0
    if names_team(part):
        return 2.0 if all(word[0].isupper() or word in _SMALL | TEAM_WORDS for word in words) else 0.0
    if index == 1 and len(parts) == 2 and names_team(parts[0]):
        return 2.0  # `HR, Acme`
    if len(words) == 1 and index and (part.isupper() and len(part) < 6):
        return 0.5
    if LEGAL.search(part) or (
        signer and signer != part and len(words) > 1 and signer.split()[-1] in (words[0], *words[:-1])
    ):
        return 2.0
    if len(words) > 1 and words[-1].lower().strip(".") in ORGANISATION:
        return 2.0
    if index and (names_post(parts[index - 1]) or names_job(parts[index - 1])):
        # Behind `Head of People` stands the company, behind `Director` the department.
        return 2.0 if re.search(r"\bof\b|\b(?:HR|People|Talent|Recruit)", parts[index - 1]) else 1.0
    if (
        index == 1
        and len(parts) == 2
        and signer
        and parts[0] == signer.split(",")[0]
        and " and " not in signer
    ):
        return 2.0
    return 1.0 if at or index else 0.5
