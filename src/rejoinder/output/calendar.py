"""The dated steps of a plan as an iCalendar file (RFC 5545) that calendars import."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from rejoinder.errors import RejoinderError
from rejoinder.output.mailfile import one_line
from rejoinder.output.text import CONTROLS, day_words, template_words
from rejoinder.pipeline import Reading
from rejoinder.types import Result, Step

if TYPE_CHECKING:
    from icalendar import Calendar, Event

#: What all our identifiers are made under.
_NAMESPACE = UUID("6f2f5c0e-8f0b-5d0e-9d43-5a0c2b1f7e11")
#: From the midnight the day begins with: nine in the morning.
_REMIND_AFTER = timedelta(hours=9)
_MAX_NAME = 80
_PROPERTIES = {
    "BEGIN", "END", "PRODID", "VERSION", "METHOD", "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION",
    "TRANSP", "CLASS", "ACTION", "TRIGGER", "X-MICROSOFT-CDO-BUSYSTATUS",
}  # fmt: skip


def calendar(result: Result | Reading, now: datetime | None = None) -> bytes:
    """The dated steps as events; the same step of the same mail always has the same identifier.

    Importing a newer file therefore moves an event where it would otherwise
    stand twice. The file is parsed again and compared before it is handed
    out. Raises RejoinderError when it came out wrong, or there is no date.
    """
    from icalendar import Calendar

    if not result.plan.dated:
        raise RejoinderError("The plan holds no date to put in a calendar.", "Leave out --calendar.")
    made = Calendar()
    made.add("prodid", "-//rejoinder//plan//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")  # without it Outlook opens a second calendar instead of importing
    now = now or datetime.now(UTC)
    for step in result.plan.dated:
        made.add_component(_event(result, step, now))
    data: bytes = made.to_ical()
    _compare(data, made)
    return data


def _event(result: Result | Reading, step: Step, now: datetime) -> Event:
    """One step as an all-day event that blocks no time.

    An event, because Google and Outlook import no to-dos (VTODO); all day,
    because a step has a day and no hour, and no time zone can then move it.
    """
    from icalendar import Alarm, Event

    assert step.when is not None
    event, alarm = Event(), Alarm()
    event.add("uid", str(uuid5(_NAMESPACE, f"{result.message.id} {step.do} {step.template or ''}")))
    event.add("dtstamp", now)
    event.add("dtstart", step.when)
    event.add("dtend", step.when + timedelta(days=1))
    event.add("summary", _summary(result, step))
    event.add("description", _description(result, step))
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "FREE")
    event.add("class", "PRIVATE")  # a calendar at work may be seen by others
    alarm.add("action", "DISPLAY")
    alarm.add("description", _summary(result, step))
    alarm.add("trigger", _REMIND_AFTER)
    event.add_component(alarm)
    return event


def _summary(result: Result | Reading, step: Step) -> str:
    contact = result.details.contact
    who = one_line(result.details.company or (contact.name if contact else ""))[:_MAX_NAME]
    what = f"Send the {template_words(step.template)}" if step.template else "Ask how things stand"
    return f"{what}: {who}" if who else what


def _description(result: Result | Reading, step: Step) -> str:
    """Why, until when, and about which mail; the words of the draft stay out of the calendar."""
    latest = f"At the latest on {day_words(step.until)}." if step.until else ""
    subject = one_line(result.message.subject)[:200]
    lines = [step.text, step.reason, latest, f"About the mail: {subject}" if subject else ""]
    return "\n".join(one_line(line) for line in lines if line)


def _compare(data: bytes, made: Calendar) -> None:
    """Raises RejoinderError unless a calendar reads just the events that were meant."""
    from icalendar import Calendar

    unfolded = data.decode("utf-8").replace("\r\n ", "").split("\r\n")
    names = {line.partition(":")[0].partition(";")[0] for line in unfolded if line}
    same = _facts(Calendar.from_ical(data)) == _facts(made)
    if not same or not names <= _PROPERTIES or any(CONTROLS.search(line) for line in unfolded):
        raise RejoinderError("The calendar could not be written: it came out wrong.", "Leave out --calendar.")


def _facts(read: Calendar) -> list[tuple[str, ...]]:
    keys = ("UID", "DTSTART", "SUMMARY", "DESCRIPTION")
    return [tuple(repr(event[key].to_ical()) for key in keys) for event in read.walk("VEVENT")]
