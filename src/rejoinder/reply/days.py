"""The first day that a time named in a mail can mean, counted from the day of the mail.

Each function reads one kind of match that `dates` makes.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_NUMBERS = {
    word: number
    for number, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
        start=1,
    )
} | {"a": 1, "an": 1, "a couple of": 2, "couple of": 2, "half a": 6, "eighteen": 18}
_ORDINALS = {"first": 1, "second": 8, "third": 15, "fourth": 22, "1st": 1, "2nd": 8, "3rd": 15, "4th": 22}
_UNITS = {"day": 1, "week": 7, "fortnight": 14}
#: A day this short a time ago is the day of the interview, not the same day next year.
_JUST_PAST = timedelta(days=90)


class NoTimeError(Exception):
    """What matched is not a time after all."""


def _group(match: re.Match[str], name: str) -> str:
    return (match.groupdict().get(name) or "").lower()


def _month_number(match: re.Match[str]) -> int:
    if _group(match, "monthno"):
        return int(match["monthno"])
    return next(at for at, name in enumerate(_MONTHS, 1) if name.startswith(_group(match, "month")[:3]))


def _after(match: re.Match[str], first: date, following: date) -> date:
    """The first day of a span, or the day behind it for what comes `after`."""
    return following if _group(match, "how") in ("after", "since") else first


def day(match: re.Match[str], sent: date) -> date | None:
    """The day that a date names."""
    month, day = _month_number(match), int(match["day"])
    if _group(match, "year"):
        found = date(int(match["year"]), month, day)
    else:
        found = date(sent.year, month, day)
        if found < sent - _JUST_PAST:
            found = date(sent.year + 1, month, day)
    return _after(match, found, found + timedelta(days=1))


def _coming(month: int, sent: date, year: str) -> date:
    """The first of a month that is not over."""
    if year:
        return date(int(year), month, 1)
    return date(sent.year + (month < sent.month), month, 1)


def _following_month(first: date, months: int = 1) -> date:
    at = first.year * 12 + first.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


def _now_or(day: date, sent: date, end: date) -> date:
    """The day, or the day of the mail where the span has begun."""
    return sent if day < sent < end else day


def month(match: re.Match[str], sent: date) -> date | None:
    """The first of a month, or the day of the mail in its course."""
    if match["month"].lower() == "may" and match["month"][0] != "M":
        raise NoTimeError("the verb")
    first = _coming(_month_number(match), sent, _group(match, "year"))
    if _group(match, "next") and first <= sent:
        first = first.replace(year=first.year + 1)
    end = _following_month(first)
    return _after(match, _now_or(first, sent, end), end)


def part(match: re.Match[str], sent: date) -> date | None:
    """The day that a part of a month, season, quarter or year begins."""
    first, end = _span(match, sent)
    part = _group(match, "part").removeprefix("the ")
    length = (end - first).days
    if part.startswith(("end", "late")):
        day = end - timedelta(days=1) if part.startswith("end") else first + timedelta(days=length * 2 // 3)
    elif part.startswith("mid"):
        day = first + timedelta(days=14 if length < 32 else length // 2)
    elif part.startswith("last"):
        day = end - timedelta(days=7 if "week" in part else length // 2)
    elif part.split()[0] in _ORDINALS:
        offset = _ORDINALS[part.split()[0]] - 1
        day = first + timedelta(days=offset if "week" in part else (length // 2 if offset else 0))
    else:
        day = first
    return _after(match, _now_or(day, sent, end), end)


def _span(match: re.Match[str], sent: date) -> tuple[date, date]:
    """First day, and first day behind, of the month, season, quarter, week or year a match speaks of."""
    if _group(match, "month"):
        first = _coming(_month_number(match), sent, _group(match, "year"))
        return first, _following_month(first)
    if _group(match, "season"):
        first = _coming_season(_group(match, "season"), sent)
        return first, _following_month(first, 3)
    if _group(match, "quarter"):
        first = _quarter_start(int(match["quarter"]), sent, _group(match, "qyear"))
        return first, _following_month(first, 3)
    words = _group(match, "span").split()
    if words[0].isdigit():
        return date(int(words[0]), 1, 1), date(int(words[0]) + 1, 1, 1)
    ahead = int("next" in words or "new" in words)
    if words[-1] == "week":
        first = sent - timedelta(days=sent.weekday() - 7 * ahead)
        return first, first + timedelta(days=5)
    if words[-1] == "month":
        first = _following_month(sent.replace(day=1), ahead)
        return first, _following_month(first)
    if words[-1] in ("quarter", "half"):
        size = 3 if words[-1] == "quarter" else 6
        first = _following_month(date(sent.year, (sent.month - 1) // size * size + 1, 1), size * ahead)
        return first, _following_month(first, size)
    return date(sent.year + ahead, 1, 1), date(sent.year + ahead + 1, 1, 1)


def _quarter_start(quarter: int, sent: date, year: str) -> date:
    first = quarter * 3 - 2
    if year:
        return date(int(year), first, 1)
    return date(sent.year + (first + 2 < sent.month), first, 1)


def quarter(match: re.Match[str], sent: date) -> date | None:
    """The first day of a quarter."""
    name = _group(match, "quarter") or str(
        ["first", "second", "third", "fourth"].index(_group(match, "ordinal")) + 1
    )
    first = _quarter_start(int(name), sent, _group(match, "year"))
    end = _following_month(first, 3)
    return _after(match, _now_or(first, sent, end), end)


def ahead(match: re.Match[str], sent: date) -> date | None:
    """The day a number of days, weeks or months from the mail."""
    name, unit = _group(match, "number"), _group(match, "unit")
    count = int(name) if name.isdigit() else _NUMBERS[name]
    if _group(match, "how") == "for":
        raise NoTimeError("a length, not a time")
    if unit in _UNITS:
        return sent + timedelta(days=_UNITS[unit] * count)
    months = count * 12 if unit == "year" and name != "half a" else count
    first = _following_month(sent.replace(day=1), months)
    return first + timedelta(days=min(sent.day, (_following_month(first) - first).days) - 1)


def next_span(match: re.Match[str], sent: date) -> date | None:
    """The first day of the next, or this, week, month, quarter, year or season."""
    unit, ahead = _group(match, "unit"), int(_group(match, "next") != "this")
    if unit in _SEASONS:
        first = _coming_season(unit, sent)
        return _after(match, _now_or(first, sent, _following_month(first, 3)), _following_month(first, 3))
    if unit in ("fiscal year", "financial year"):
        return None
    if unit == "week":
        first = sent + timedelta(days=7 * ahead - sent.weekday())
        return _after(match, max(first, sent), first + timedelta(days=7))
    size = {"month": 1, "quarter": 3, "year": 12}[unit]
    start = date(sent.year, (sent.month - 1) // size * size + 1, 1)
    first = _following_month(start, size * ahead)
    end = _following_month(first, size)
    return _after(match, _now_or(first, sent, end), end)


def new_year(match: re.Match[str], sent: date) -> date | None:
    """The first of January to come."""
    return date(sent.year + 1, 1, 1) if sent.month > 1 else sent


def _coming_season(name: str, sent: date) -> date:
    first = date(sent.year, _SEASONS[name], 1)
    return first if sent < _following_month(first, 3) else date(sent.year + 1, _SEASONS[name], 1)


def season(match: re.Match[str], sent: date) -> date | None:
    """The first day of a season, as the northern weather service counts it."""
    first = _coming_season(match["season"].lower(), sent)
    end = _following_month(first, 3)
    return _after(match, _now_or(first, sent, end), end)


def weekday(match: re.Match[str], sent: date) -> date | None:
    """The weekday to come."""
    days = (_WEEKDAYS.index(_group(match, "weekday")) - sent.weekday()) % 7 or 7
    return _after(match, sent + timedelta(days=days), sent + timedelta(days=days + 1))


def day_of_month(match: re.Match[str], sent: date) -> date | None:
    """The day to come with this number."""
    first = _following_month(sent.replace(day=1), int(bool(_group(match, "next"))))
    found = first.replace(day=int(match["day"]))
    if found < sent:
        found = _following_month(first).replace(day=int(match["day"]))
    return _after(match, found, found + timedelta(days=1))


def feast(match: re.Match[str], sent: date) -> date | None:
    """Easter or Christmas; for what comes after, two days on."""
    for year in (sent.year, sent.year + 1):
        day = date(year, 12, 25) if _group(match, "feast") == "christmas" else _easter(year)
        if day >= sent:
            return _after(match, day, day + timedelta(days=2))
    return None


def _easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian computus."""
    golden, century, rest = year % 19, year // 100, year % 100
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    shift = epact + weekday - 7 * ((golden + 11 * epact + 22 * weekday) // 451) + 114
    return date(year, shift // 31, shift % 31 + 1)
