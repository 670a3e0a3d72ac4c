"""The plan as an iCalendar file: what a calendar reads from it."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from rejoinder import Address, Details, NamedTime, RejoinderError
from rejoinder.output.calendar import calendar
from rejoinder.pipeline import Reading
from rejoinder.reply.policy import make_plan

TODAY = date(2026, 3, 12)
NOW = datetime(2026, 3, 12, 8, 0, tzinfo=UTC)
NAMES = Details("Fenwick", "Cellist", Address("Ada Moor", "ada@fenwick.example"), "Ada")

PROPERTIES = {
    "BEGIN", "END", "PRODID", "VERSION", "METHOD", "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION",
    "TRANSP", "CLASS", "ACTION", "TRIGGER", "X-MICROSOFT-CDO-BUSYSTATUS",
}  # fmt: skip


@pytest.fixture
def reading(verdict, message, letter):
    def make(*labels, names=NAMES, today=TODAY, headers=None, **changes):
        mail, text, given = message(**headers or {}), letter(), verdict(*labels, **changes)
        return Reading(mail, text, given, names, make_plan(mail, text, given, names, today))

    return make


def events(data):
    return Calendar.from_ical(data).walk("VEVENT")


def test_one_event_a_dated_step(reading):
    """Every step with a day is one all-day event of that day, with why and until when."""
    first, second = events(calendar(reading(stage="final"), NOW))
    assert (first["DTSTART"].dt, first["DTEND"].dt) == (TODAY, TODAY + timedelta(days=1))
    assert second["DTSTART"].dt == date(2026, 3, 18)
    assert first["DTSTART"].params["VALUE"] == "DATE"
    assert first["SUMMARY"] == "Send the thank-you: Fenwick"
    assert second["SUMMARY"] == "Send the feedback question: Fenwick"
    assert "At the latest on Thu 19 March 2026." in second["DESCRIPTION"]
    assert "About the mail: Your application" in second["DESCRIPTION"]


def test_follow_up(reading):
    """The day that an open door named is an event, too."""
    names = replace(NAMES, dates=(NamedTime("after 30 September", date(2026, 10, 1)),))
    send, follow = events(calendar(reading("soft_no", names=names), NOW))
    assert send["SUMMARY"] == "Send the keep-in-touch note: Fenwick"
    assert follow["DTSTART"].dt == date(2026, 10, 1)
    assert follow["SUMMARY"] == "Ask how things stand: Fenwick"
    assert 'They named a time: "after 30 September".' in follow["DESCRIPTION"]


def test_reminder_and_privacy(reading):
    """Each event reminds on its morning, blocks no time, and shows nothing to colleagues."""
    for event in events(calendar(reading(stage="final"), NOW)):
        (alarm,) = event.walk("VALARM")
        assert alarm["ACTION"] == "DISPLAY"
        assert alarm["TRIGGER"].dt == timedelta(hours=9)
        assert (event["TRANSP"], event["CLASS"]) == ("TRANSPARENT", "PRIVATE")


def uids(data):
    return [str(event["UID"]) for event in events(data)]


def test_identifiers_are_stable(reading):
    """The same step of the same mail has the same identifier on any day, and no other step has it."""
    one = uids(calendar(reading(stage="final")))
    assert one == uids(calendar(reading(stage="final", today=date(2026, 5, 1))))
    other = uids(calendar(reading(stage="final", headers={"id": "fedcba9876543210"})))
    assert len({*one, *other}) == 4


EVIL = [
    "Acme\r\nATTENDEE:mailto:evil@brindle.example",
    "Acme\nEND:VEVENT\nBEGIN:VEVENT",
    "Acme\u2028X:1",
    "Acme\x85X:1",
    "\x1b[31mAcme\x07\0",
    "Ac\u202eme",
    "a;b,c\\n:d\\",
    '"Acme"',
    "Ünïcode 東京 " * 40,
    "x" * 5000,
]


@pytest.mark.parametrize("evil", EVIL, ids=lambda text: ascii(text[:20]))
@pytest.mark.parametrize("place", ["company", "name", "subject", "time"])
def test_nothing_is_smuggled_in(place, evil, reading):
    """Whatever names, subject and times hold, there are just the events and properties that were meant."""
    times = (NamedTime(evil if place == "time" else "in May", date(2026, 5, 4)),)
    company = evil if place == "company" else None if place == "name" else "Fenwick"
    names = Details(company, contact=Address(evil if place == "name" else "Ada", "a@b.example"), dates=times)
    headers = {"subject": evil} if place == "subject" else {}
    data = calendar(reading("soft_no", names=names, headers=headers), NOW)
    assert len(events(data)) == 2
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    text = data.decode("utf-8").replace("\r\n ", "")
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", text)
    assert {line.partition(":")[0].partition(";")[0] for line in text.split("\r\n") if line} == PROPERTIES


def test_nothing_known(reading):
    """Without company, name or subject the events still say what to do."""
    data = calendar(reading(stage="mid", names=Details(), headers={"subject": ""}), NOW)
    first, second = events(data)
    assert (first["SUMMARY"], second["SUMMARY"]) == ("Send the thank-you", "Send the feedback question")
    assert b"None" not in data
    assert b"About" not in data


def test_no_dates(reading):
    """A plan without a day makes no calendar."""
    with pytest.raises(RejoinderError, match="no date"):
        calendar(reading(stage="mid", headers={"sender": None, "bounced": True}))
