"""What job titles look like: occupations, and what does not belong to a title."""

from __future__ import annotations

import re

from rejoinder.patterns import folded, lazy
from rejoinder.reply.words import LINKING, STATES, TITLE_ENDINGS, TITLE_WORDS

_MAX_WORDS = 11
_WORDS = lazy(r"[a-zà-ÿ]+")
_SALARY = lazy(r"\s+(?:up to\b|[$£€]|\+|salary\b).*$", re.IGNORECASE)
_NUMBER_BEHIND = lazy(
    r"(?:\s+|\s*[-–,(\[#]\s*)(?:(?:req(?:uisition)?|job|ref(?:erence)?|id|no|number|r|jr)\b\.?[-\s#.:]*)*"
    r"(?:[A-Z]{0,4}-?\d{3,}[\w-]*|(?:req(?:uisition)?|ref(?:erence)?|id|no)\b\.?\s?[A-Z]{0,4}-?\d*)[)\]]?$",
    re.IGNORECASE,
)
_SEASON = lazy(r"[\s,]+(?:(?:spring|summer|fall|autumn|winter)(?:\s+20\d\d)?|20\d\d)$", re.IGNORECASE)
_LETTERS = lazy(r"[A-Za-z]{2}")
_POSSESSIVE = lazy(r"['’]s$")
_LEVEL = lazy(r"(?:[IVX]{1,4}|[A-Z]?\d{1,2})$")


def names_job(text: str) -> bool:
    """Whether a phrase holds a word that names an occupation, such as `engineer` or `nurse`."""
    low = text.lower()
    return "co-op" in low or any(_is_occupation(word) for word in _WORDS.findall(low))


def ends_in_job(text: str) -> bool:
    """Whether a phrase ends like a job title, a level or letters behind it aside."""
    words = _WORDS.findall(re.sub(r"(?:['’]s\b|\s+(?:[IVX]+|\w?\d+|ICU|FTE))+$", "", text).lower())
    return bool(words) and (_is_occupation(words[-1]) or words[-2:] == ["co", "op"])


def _is_occupation(word: str) -> bool:
    return (
        word in TITLE_WORDS
        or (word.endswith("s") and word[:-1] in TITLE_WORDS)
        or (len(word) > 7 and word.removesuffix("s").endswith(TITLE_ENDINGS))
    )


def tidy_title(title: str) -> str:
    """A title without numbers, salary, place and stray punctuation; empty if it can be none."""
    title = _SALARY.sub("", " ".join(title.split()).strip(' *"“”,-–:.'))
    title = _without_number(title) if not _LEVEL.match(title.split()[-1] if title else "") else title
    title = _SEASON.sub("", _without_place(title)).strip(" ,-–:/")
    if len(title.split()) > _MAX_WORDS:
        title = re.split(r"\s[-–—]\s", title, maxsplit=1)[0]
    title = title.strip("() ") if title.count("(") != title.count(")") or title[:1] == "(" else title
    title = title.rstrip("?! ")
    words = title.split()
    while words and words[-1].lower() in LINKING:
        words.pop()
    title = " ".join(words)
    if not 1 <= len(words) <= _MAX_WORDS or not _LETTERS.search(title):
        return ""
    return _POSSESSIVE.sub("", title)


def _without_number(title: str) -> str:
    """A title without the `(Req 4711)` behind it."""
    low = folded(title)
    if not any(word in low for word in ("req", "ref", "id", "no")) and not any(map(str.isdigit, low)):
        return title
    return _NUMBER_BEHIND.sub("", title)


def _without_place(title: str) -> str:
    """A title without the `Ames IA location` behind it."""
    words = title.split()
    for at in range(2, len(words)):
        if (
            words[at].strip(",") in STATES
            and words[at - 1][:1].isupper()
            and ends_in_job(" ".join(words[: at - 1]))
        ):
            return " ".join(words[: at - 1])
    return title
