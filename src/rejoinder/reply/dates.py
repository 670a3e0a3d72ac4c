"""Times that a mail names, such as `in Q3` or `after 30 September`, and the first day each can mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import cache

from rejoinder.patterns import lazy
from rejoinder.reply import days
from rejoinder.reply.days import NoTimeError
from rejoinder.reply.words import word_set
from rejoinder.types import NamedTime

#: What makes a day of a match; None where it cannot be said.
_Reader = Callable[[re.Match[str], date], date | None]


_WORDS = lazy(r"[a-z]{3,}|q(?=[1-4]\b)|\d")
#: Without one of these words a pattern cannot match, and is not even compiled.
_DIGITS = word_set("0 1 2 3 4 5 6 7 8 9")
_MONTHS = word_set(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec"
)
_SEASONS = word_set("spring summer autumn fall winter")
_UNITS = word_set("day days week weeks fortnight fortnights month months quarter quarters year years half")
_QUARTERS = word_set("q quarter")
_YEAR = word_set("year")
_FEASTS = word_set("easter christmas")
_WEEKDAYS = word_set("monday tuesday wednesday thursday friday")
_TOMORROW = word_set("tomorrow")
_PARTS = word_set(
    "early mid middle late end start beginning first second third fourth last week later half st nd rd th"
)

_MONTH = r"(?P<month>(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|tember|ober|ember)?)\b\.?"
_BEHIND = r"(?:,? (?P<year>20\d\d)\b)?"
_BEFORE = r"(?:\b(?P<how>after|until|till|by|before|from|since|on|in|around|about|at|towards?|for|through)(?: the)? )?"
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? (?:the )?)?"
_NUMBER = r"(?P<number>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen|an?|a couple of|couple of|half a)"
_PART = r"(?P<part>early(?: in)?|mid|middle of|late(?: in)?|(?:the )?end of|(?:the )?(?:start|beginning) of|(?:the )?(?:first|second|third|fourth|last|1st|2nd|3rd|4th) (?:week|half) (?:of|in)|(?:the )?week of|later (?:in|this))"
#: What makes a pattern worth trying, the pattern, and its reader; the longest readings come first.
_TABLE: tuple[tuple[frozenset[str], str, _Reader], ...] = (
    (_DIGITS, rf"{_BEFORE}\b(?P<year>20\d\d)-(?P<monthno>\d\d)-(?P<day>\d\d)\b", days.day),
    (_MONTHS, rf"{_BEFORE}{_WEEKDAY}\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}{_BEHIND}", days.day),
    (_MONTHS, rf"{_BEFORE}{_WEEKDAY}\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:){_BEHIND}", days.day),
    (_PARTS, rf"{_BEFORE}\b{_PART}[ -](?:the )?(?:{_MONTH}{_BEHIND}|(?P<season>spring|summer|autumn|fall|winter)\b|(?P<span>(?:this |next |the )?(?:new )?(?:week|month|quarter|year|half)|20\d\d)\b|q(?P<quarter>[1-4])\b(?:,? (?P<qyear>20\d\d)\b)?)", days.part),
    (_QUARTERS, rf"{_BEFORE}\bq(?P<quarter>[1-4])\b{_BEHIND}", days.quarter),
    (_QUARTERS, rf"{_BEFORE}\b(?:the )?(?P<ordinal>first|second|third|fourth) quarter\b{_BEHIND}", days.quarter),
    (_UNITS, rf"\b(?P<how>in|within|after|for) (?:the next |another |about |around )?{_NUMBER} (?P<unit>day|week|fortnight|month|year)s?(?:['’] time| time)?\b", days.ahead),
    (_UNITS, rf"\b{_NUMBER} (?P<unit>day|week|fortnight|month|year)s?(?: from now| ahead| later)\b", days.ahead),
    (_DIGITS, r"\b(?P<how>by|on|after|until|before|around|from) the (?P<day>\d{1,2})(?:st|nd|rd|th)\b(?P<next> of next month)?", days.day_of_month),
    (_UNITS | _SEASONS, rf"{_BEFORE}\b(?P<next>next|this|coming) (?P<unit>week|month|quarter|year|spring|summer|autumn|fall|winter|fiscal year|financial year)\b", days.next_span),
    (_YEAR, rf"{_BEFORE}\bnew year\b", days.new_year),
    (_FEASTS, rf"{_BEFORE}\b(?P<feast>easter|christmas)\b", days.feast),
    (_MONTHS, rf"{_BEFORE}(?<![\w-])(?P<next>next )?{_MONTH}{_BEHIND}", days.month),
    (_SEASONS, r"\b(?P<how>after|until|by|from|in|over|around|during|before|come)(?: the)? (?P<season>spring|summer|autumn|fall|winter)\b", days.season),
    (_WEEKDAYS, rf"{_BEFORE}\b(?P<next>next |this |coming )?(?P<weekday>monday|tuesday|wednesday|thursday|friday)\b", days.weekday),
    (_TOMORROW, r"\btomorrow\b", lambda _, sent: sent + timedelta(days=1)),
    (_DIGITS, r"\b(?P<how>in|by|from) (?P<year>20\d\d)\b", lambda match, _: date(int(match["year"]), 1, 1)),
    (_UNITS, r"\bin (?:a few|some|several|the coming|the next few|the next couple of) (?:days|weeks|months)\b", lambda *_: None),
)  # fmt: skip


def named_times(sentences: Iterable[str], sent: date | None) -> tuple[NamedTime, ...]:
    """The times that sentences name, in order, each with the first day it can mean.

    `sent` is the day of the mail: what is relative counts from there, and
    without it only dates with a year are resolved. Times that are over are
    left out.
    """
    found: dict[str, NamedTime] = {}
    for sentence in sentences:
        for time in _in_sentence(" ".join(sentence[:2000].split()), sent):
            found.setdefault(time.text.lower(), time)
    return tuple(found.values())


def _in_sentence(text: str, sent: date | None) -> list[NamedTime]:
    taken: list[tuple[int, int]] = []
    found: list[tuple[int, NamedTime]] = []
    words = set(_WORDS.findall(text.lower()))
    for at, (triggers, _, reader) in enumerate(_TABLE):
        if not words.isdisjoint(triggers):
            for match in _pattern(at).finditer(text):
                if any(match.start() < end and start < match.end() for start, end in taken):
                    continue
                taken.append(match.span())
                time = _time(match, reader, sent)
                if time is not None:
                    found.append((match.start(), time))
    return [time for _, time in sorted(found, key=lambda item: item[0])]


def _time(match: re.Match[str], reader: _Reader, sent: date | None) -> NamedTime | None:
    text = match.group().strip(" .,")
    try:
        day = reader(match, sent or date.min)
    except NoTimeError:
        return None
    except (ValueError, OverflowError):
        return NamedTime(text, None)
    if match.groupdict().get("how") == "since" or _is_past(match):
        return None
    if sent is None:
        # Only a year in the mail makes a day without the day of the mail.
        return NamedTime(text, day if re.search(r"\b20\d\d", text) else None)
    return None if day is not None and day < sent else NamedTime(text, day)


def _is_past(match: re.Match[str]) -> bool:
    """Whether a bare weekday is one that has been: `we froze all starts on Monday`."""
    names = match.groupdict()
    if not names.get("weekday") or names["next"] or names["how"] in ("by", "until", "till", "before", "from"):
        return False
    return (
        re.search(
            r"\b(?:will|shall|going to|let you know|can|may|might|expects?|due|doesn['’]t|is|are)\b|['’]ll\b",
            match.string,
        )
        is None
    )


@cache
def _pattern(at: int) -> re.Pattern[str]:
    """A pattern of the table, compiled when the first mail holds a word it needs."""
    return re.compile(_TABLE[at][1], re.IGNORECASE)
