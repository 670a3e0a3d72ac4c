"""Working days: weekends always, and a country's holidays where one is named."""

import subprocess
import sys
from datetime import date

import pytest

from rejoinder import RejoinderError
from rejoinder.reply.workdays import WEEKDAYS, country_codes, workdays_of

MONDAY = date(2026, 3, 2)
FRIDAY = date(2026, 3, 6)
SATURDAY = date(2026, 3, 7)


@pytest.mark.parametrize("day", [MONDAY, FRIDAY, SATURDAY, date(2026, 3, 8)])
@pytest.mark.parametrize("count", range(8))
def test_weekdays(day, count):
    """A number of working days later is a working day, with just that many after the start."""
    end = WEEKDAYS.after(day, count)
    assert (end == day) is (count == 0)
    passed = [date.fromordinal(at) for at in range(day.toordinal() + 1, end.toordinal() + 1)]
    assert sum(each.weekday() < 5 for each in passed) == count
    assert count == 0 or end.weekday() < 5


def test_on_or_after():
    """A working day is itself; a Saturday becomes the Monday."""
    assert WEEKDAYS.on_or_after(FRIDAY) == FRIDAY
    assert WEEKDAYS.on_or_after(SATURDAY) == date(2026, 3, 9)


@pytest.mark.parametrize(
    ("country", "day", "following"),
    [
        (None, date(2026, 4, 2), date(2026, 4, 3)),
        ("", date(2026, 4, 2), date(2026, 4, 3)),
        ("DE", date(2026, 4, 2), date(2026, 4, 7)),  # Good Friday to Easter Monday
        ("de", date(2026, 4, 2), date(2026, 4, 7)),
        ("GB-ENG", date(2026, 4, 2), date(2026, 4, 7)),
        ("GB-SCT", date(2026, 4, 2), date(2026, 4, 6)),  # no Easter Monday there
        ("UK", date(2026, 12, 24), date(2026, 12, 29)),  # Boxing Day falls on a Saturday and is moved
        ("US", date(2026, 9, 4), date(2026, 9, 8)),
        ("US-CA", date(2026, 3, 30), date(2026, 4, 1)),  # a Californian holiday
        ("US", date(2026, 3, 30), date(2026, 3, 31)),
        ("DE-BY", date(2027, 1, 5), date(2027, 1, 7)),
        ("DE-BE", date(2027, 1, 5), date(2027, 1, 6)),
    ],
)
def test_public_holidays(country, day, following):
    """A country's and a region's public holidays are no working days."""
    assert workdays_of(country).after(day, 1) == following


@pytest.mark.parametrize(
    ("country", "said"),
    [
        ("ZZ", "'ZZ'"),
        ("zz", "info --countries"),
        ("Atlantis", "'Atlantis'"),
        ("-", "'-'"),
        ("US-ZZ", "US alone"),
        ("GB-XYZ", "GB-ENG, GB-NIR, GB-SCT, GB-WLS"),
        ("SG-X", "has no regions"),
        ("x" * 5000, "such as US, GB, DE or IN"),
        ("\x1b[31m\nDE", "no calendar"),
    ],
    ids=lambda value: value[:10].strip(),
)
def test_unknown_countries(country, said):
    """An unknown code is an error that says how to find the right one, short and on one line."""
    with pytest.raises(RejoinderError) as error:
        workdays_of(country)
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 300


def test_the_codes_that_are_listed_work():
    """Every listed country has a calendar."""
    codes = country_codes()
    assert {"US", "GB", "DE", "IN"} <= set(codes)
    assert "CA" in codes["US"]
    for code in list(codes)[::25]:
        assert workdays_of(code).after(FRIDAY, 3) > FRIDAY


@pytest.mark.parametrize("day", [date.max, date(9998, 12, 1)])
def test_the_end_of_time(day):
    """A date near the end of the calendar is an error, not an exception of the language's."""
    with pytest.raises(RejoinderError, match="too far ahead"):
        WEEKDAYS.after(day, 3)


def test_holidays_are_loaded_for_a_country_alone():
    """The holidays package is loaded only when a country is named."""
    code = (
        "import sys; from rejoinder.reply.workdays import workdays_of\n"
        "workdays_of(None); assert 'holidays' not in sys.modules\n"
        "workdays_of('DE'); assert 'holidays' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
