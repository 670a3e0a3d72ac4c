"""Times named in a mail, and the first day each can mean."""

import time
from datetime import date

import pytest

from rejoinder import NamedTime
from rejoinder.reply.dates import named_times

#: A Thursday.
SENT = date(2026, 3, 12)


@pytest.mark.parametrize(
    ("sentence", "text", "earliest"),
    [
        ("I will call you in the second week of April.", "in the second week of April", "2026-04-08"),
        ("Write to me again in Q3.", "in Q3", "2026-07-01"),
        ("We expect to resume in Q1.", "in Q1", "2026-03-12"),
        ("Budgets are set in the third quarter.", "in the third quarter", "2026-07-01"),
        ("We can talk again next year.", "next year", "2027-01-01"),
        ("We will know more by the end of June.", "by the end of June", "2026-06-30"),
        ("Let us speak again in three months.", "in three months", "2026-06-12"),
        ("You are welcome to apply again in six months.", "in six months", "2026-09-12"),
        ("Come back after 30 September.", "after 30 September", "2026-10-01"),
        ("The post opens on September 30th, 2027.", "on September 30th, 2027", "2027-09-30"),
        ("Early in the new year I shall have news.", "Early in the new year", "2027-01-01"),
        ("We decide by mid-May.", "by mid-May", "2026-05-15"),
        ("Hiring starts again in late summer.", "in late summer", "2026-08-01"),
        ("I will be staffing it after the summer.", "after the summer", "2026-09-01"),
        ("We will hire again after Easter.", "after Easter", "2026-04-07"),
        ("They answer by Friday.", "by Friday", "2026-03-13"),
        ("I will ring you on Monday.", "on Monday", "2026-03-16"),
        ("You will hear from us by the 28th.", "by the 28th", "2026-03-28"),
        ("It should clear by the 20th of next month.", "by the 20th of next month", "2026-04-20"),
        ("The list holds until next March.", "until next March", "2027-03-01"),
        ("We open again on 2026-09-01.", "on 2026-09-01", "2026-09-01"),
        ("We will open a desk in January.", "in January", "2027-01-01"),
        ("We should know within two weeks.", "within two weeks", "2026-03-26"),
        ("I will call you tomorrow.", "tomorrow", "2026-03-13"),
        ("Two desks open in the first half of 2027.", "in the first half of 2027", "2027-01-01"),
        ("Our budget comes at the end of the month.", "at the end of the month", "2026-03-31"),
        ("The last round is on Wednesday 18 November.", "on Wednesday 18 November", "2026-11-18"),
        ("I will be in touch in a few weeks.", "in a few weeks", None),
        ("It is paused until the next fiscal year.", "until the next fiscal year", None),
        ("We meet again on 30 February.", "on 30 February", None),
    ],
)
def test_one_time(sentence, text, earliest):
    """A time is found as it is written, with the first day it can mean counted from the day of the mail."""
    (found,) = named_times([sentence], SENT)
    assert found.text == text
    assert (found.earliest.isoformat() if found.earliest else None) == earliest


@pytest.mark.parametrize(
    "sentence",
    [
        "You are first on our waiting list.",
        "I may have something for you.",
        "Do stay in touch.",
        "We liked you on 5 March.",
        "All hiring has been frozen since Christmas.",
        "We froze all starts on Monday.",
        "The project was on hold for two years.",
        "",
    ],
)
def test_no_time_to_come(sentence):
    """What names no time, or one that is over, names none."""
    assert named_times([sentence], SENT) == ()


def test_several_in_order_each_once():
    """Several times come in the order of the mail, each once."""
    found = named_times(["We decide in June and open in September.", "So in June I will call."], SENT)
    assert [time.text for time in found] == ["in June", "in September"]


def test_without_the_day_of_the_mail():
    """Without a Date header only what names its year becomes a day."""
    found = named_times(["We decide in June, or by 3 May 2027."], None)
    assert found == (NamedTime("in June", None), NamedTime("by 3 May 2027", date(2027, 5, 3)))


def test_last_days_of_a_calendar():
    """Days at the end of months and of time do not break it."""
    assert named_times(["in one month"], date(2026, 1, 31))[0].earliest == date(2026, 2, 28)
    assert named_times(["next month"], date(2026, 12, 31))[0].earliest == date(2027, 1, 1)
    assert named_times(["next year"], date(9999, 12, 31))[0].earliest is None
    assert named_times(["by the 31st"], date(2026, 6, 1))[0].earliest is None


def test_no_sentence_stalls_it():
    """Times are looked for in linear time, whatever the sentence."""
    start = time.process_time()
    for text in (
        "in the " * 20_000,
        "1 " * 40_000,
        "next " * 20_000,
        "the end of " * 9_000,
        "2026-" * 20_000,
    ):
        named_times([text], SENT)
    assert time.process_time() - start < 2
