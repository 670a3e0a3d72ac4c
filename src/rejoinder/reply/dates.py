"""Times that a mail names, such as `in Q3` or `after 30 September`, and the first day each can mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import cache

from rejoinder.reply import days
from rejoinder.reply.days import NoTimeError
from rejoinder.types import NamedTime

#: What makes a day of a match; None where it cannot be said.
_Reader = Callable[[re.Match[str], date], date | None]


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
    for pattern, reader in _patterns():
        for match in pattern.finditer(text):
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
def _patterns() -> tuple[tuple[re.Pattern[str], _Reader], ...]:
    """The patterns, the longest readings first; compiled when the first mail names a time."""
    month = r"(?P<month>(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|tember|ober|ember)?)\b\.?"
    year = r"(?:,? (?P<year>20\d\d)\b)?"
    before = r"(?:\b(?P<how>after|until|till|by|before|from|since|on|in|around|about|at|towards?|for|through)(?: the)? )?"
    weekday = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? (?:the )?)?"
    number = r"(?P<number>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen|an?|a couple of|couple of|half a)"
    part = r"(?P<part>early(?: in)?|mid|middle of|late(?: in)?|(?:the )?end of|(?:the )?(?:start|beginning) of|(?:the )?(?:first|second|third|fourth|last|1st|2nd|3rd|4th) (?:week|half) (?:of|in)|(?:the )?week of|later (?:in|this))"
    table: tuple[tuple[str, _Reader], ...] = (
        (rf"{before}\b(?P<year>20\d\d)-(?P<monthno>\d\d)-(?P<day>\d\d)\b", days.day),
        (rf"{before}{weekday}\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {month}{year}", days.day),
        (rf"{before}{weekday}\b{month} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:){year}", days.day),
        (rf"{before}\b{part}[ -](?:the )?(?:{month}{year}|(?P<season>spring|summer|autumn|fall|winter)\b|(?P<span>(?:this |next |the )?(?:new )?(?:week|month|quarter|year|half)|20\d\d)\b|q(?P<quarter>[1-4])\b(?:,? (?P<qyear>20\d\d)\b)?)", days.part),
        (rf"{before}\bq(?P<quarter>[1-4])\b{year}", days.quarter),
        (rf"{before}\b(?:the )?(?P<ordinal>first|second|third|fourth) quarter\b{year}", days.quarter),
        (rf"\b(?P<how>in|within|after|for) (?:the next |another |about |around )?{number} (?P<unit>day|week|fortnight|month|year)s?(?:['’] time| time)?\b", days.ahead),
        (rf"\b{number} (?P<unit>day|week|fortnight|month|year)s?(?: from now| ahead| later)\b", days.ahead),
        (r"\b(?P<how>by|on|after|until|before|around|from) the (?P<day>\d{1,2})(?:st|nd|rd|th)\b(?P<next> of next month)?", days.day_of_month),
        (rf"{before}\b(?P<next>next|this|coming) (?P<unit>week|month|quarter|year|spring|summer|autumn|fall|winter|fiscal year|financial year)\b", days.next_span),
        (rf"{before}\bnew year\b", days.new_year),
        (rf"{before}\b(?P<feast>easter|christmas)\b", days.feast),
        (rf"{before}(?<![\w-])(?P<next>next )?{month}{year}", days.month),
        (r"\b(?P<how>after|until|by|from|in|over|around|during|before|come)(?: the)? (?P<season>spring|summer|autumn|fall|winter)\b", days.season),
        (rf"{before}\b(?P<next>next |this |coming )?(?P<weekday>monday|tuesday|wednesday|thursday|friday)\b", days.weekday),
        (r"\btomorrow\b", lambda _, sent: sent + timedelta(days=1)),
        (r"\b(?P<how>in|by|from) (?P<year>20\d\d)\b", lambda match, _: date(int(match["year"]), 1, 1)),
        (r"\bin (?:a few|some|several|the coming|the next few|the next couple of) (?:days|weeks|months)\b", lambda *_: None),
    )  # fmt: skip
    return tuple((re.compile(pattern, re.IGNORECASE), reader) for pattern, reader in table)
