"""Which days people are at work: no weekends and, for a country, no public holidays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from rejoinder.errors import RejoinderError

_DAY = timedelta(days=1)
#: Plans reach weeks ahead, never beyond the last year the calendar knows.
_LAST = date.max - timedelta(days=400)


class Workdays(NamedTuple):
    """A calendar of working days; `public` is a country's, from `workdays_of`, or None for weekends alone."""

    public: Any = None

    def is_workday(self, day: date) -> bool:
        """Whether people can be expected at work."""
        if self.public is None:
            return day.weekday() < 5
        # The country's own weekend, and days moved to it, are in there too.
        return bool(self.public.is_working_day(day))

    def after(self, day: date, count: int) -> date:
        """The date `count` working days after a day; the day itself for none."""
        for _ in range(count):
            day = self.on_or_after(_next(day))
        return day

    def on_or_after(self, day: date) -> date:
        """The day itself when it is a working day, else the next one."""
        while not self.is_workday(day):
            day = _next(day)
        return day


#: Nobody's holidays, for those who name no country.
WEEKDAYS = Workdays()


def _next(day: date) -> date:
    if day > _LAST:
        raise RejoinderError(f"The date {day} is too far ahead to plan from.", "Give another date.")
    return day + _DAY


def workdays_of(country: str | None) -> Workdays:
    """The calendar of a country (`DE`), or of a region in it (`US-CA`, `GB-ENG`); weekends alone for None.

    Raises RejoinderError for a code that nobody keeps a calendar for.
    """
    if not country:
        return WEEKDAYS
    import holidays  # 60 ms, for those alone who name a country

    code, _, region = country.strip().upper().partition("-")
    regions = holidays.list_supported_countries().get(code)
    if regions is None:
        raise _unknown_country(country)
    if region and region not in regions:
        raise _unknown_region(code, region, regions)
    return Workdays(holidays.country_holidays(code, subdiv=region or None))


def country_codes() -> dict[str, tuple[str, ...]]:
    """Every country code there is a calendar for, with the codes of its regions."""
    import holidays

    known = holidays.list_supported_countries(include_aliases=False)
    return {code: tuple(regions) for code, regions in sorted(known.items())}


def _unknown_country(country: str) -> RejoinderError:
    return RejoinderError(
        f"There is no calendar of public holidays for the country {_short(country)!r}.",
        "Give a two-letter code such as US, GB, DE or IN, or one with a region such as US-CA; "
        "`rejoinder info --countries` lists them all.",
    )


def _unknown_region(code: str, region: str, regions: list[str]) -> RejoinderError:
    if not regions:
        return RejoinderError(
            f"The calendar of {code} has no regions, and so no {_short(region)!r}.", f"Give {code} alone."
        )
    import difflib

    near = difflib.get_close_matches(region, regions, 3, 0) if len(regions) > 12 else regions
    return RejoinderError(
        f"The calendar of {code} has no region {_short(region)!r}.",
        f"Give {code} alone, or one such as {', '.join(f'{code}-{name}' for name in near)}.",
    )


def _short(text: str) -> str:
    return text if len(text) <= 20 else text[:20] + "..."
