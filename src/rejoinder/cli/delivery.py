"""Where the drafts of `rejoinder reply` go: screen, files, calendar, clipboard."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import click

from rejoinder.cli.common import write_out
from rejoinder.errors import RejoinderError
from rejoinder.output.text import blanks_note, drafts_text, printable, reading
from rejoinder.types import Draft, NoReply, Result, Stage

#: Endings that say which format is meant, where none is asked for.
_BY_ENDING = {".eml": "eml", ".mbox": "eml", ".json": "json"}
_REVIEW_FILE = "review.md"
_NO_REVIEW = {
    Stage.INITIAL: "Nothing to look back on: this no came before any interview.",
    Stage.UNKNOWN: "Nothing to look back on: the mail shows no interview. "
    "If you had one, add --stage mid or --stage final.",
}


class Delivery(NamedTuple):
    """How the drafts are wanted: format, place, and what goes along."""

    form: str
    output: Path | None = None
    calendar: Path | None = None
    copy: bool = False
    review: bool = False

    @property
    def in_folder(self) -> bool:
        """Whether each draft becomes a file of its own."""
        if self.form != "eml" or self.output is None:
            return False
        return self.output.is_dir() or self.output.suffix.lower() not in (".eml", ".mbox")


def format_for(form: str, output: Path | None, asked: bool) -> str:
    """The format asked for; where none was, the one that the place is made for."""
    if asked or output is None:
        return form
    return "eml" if output.is_dir() else _BY_ENDING.get(output.suffix.lower(), form)


def deliver(result: Result, how: Delivery) -> None:
    """Print the reading, and hand over drafts, review sheet and calendar.

    Raises RejoinderError where something cannot be written; nothing that is
    there already is touched.
    """
    dates = _calendar(result, how.calendar)
    sheet = _review(result) if how.review else None
    if how.form == "json":
        _write_json(result, how, sheet)
    else:
        click.echo(reading(result), err=True)
    if isinstance(result.drafts, NoReply):
        click.echo(f"No reply: {printable(result.drafts.reason)}.", err=True)
        if sheet and how.form != "json":
            write_out(sheet, None)
    elif how.form != "json":
        _write_drafts(result.drafts, how, sheet)
    if how.calendar and dates:
        from rejoinder.output.mailfile import write_new

        write_new(how.calendar, dates, "--calendar")
        click.echo(f"Wrote {how.calendar}", err=True)
    if isinstance(result.drafts, NoReply):
        return
    if how.form != "json" and (note := blanks_note(result.drafts)):
        click.echo("\n" + note, err=True, nl=False)
    if how.copy:
        _copy(result.drafts[0])


def _calendar(result: Result, path: Path | None) -> bytes | None:
    """What to write into the calendar file, made before anything else is written."""
    if path is None:
        return None
    from rejoinder.output.calendar import calendar
    from rejoinder.output.mailfile import refuse_existing

    refuse_existing(path, "--calendar")
    if not result.plan.dated:
        click.echo(f"{path} is not written: there is no date to put in a calendar.", err=True)
        return None
    return calendar(result)


def _review(result: Result) -> str | None:
    from rejoinder.reply.review import review_sheet

    sheet = review_sheet(result.verdict, result.details)
    if sheet is None and result.verdict.rejection:
        click.echo(_NO_REVIEW.get(result.verdict.stage, ""), err=True)
    return printable(sheet) if sheet else None


def _write_json(result: Result, how: Delivery, sheet: str | None) -> None:
    from rejoinder.output.records import record_with_drafts, to_json

    made = record_with_drafts(result)
    if how.review:
        made["review"] = sheet
    write_out(to_json(made, indent=2) + "\n", how.output)


def _write_drafts(drafts: tuple[Draft, ...], how: Delivery, sheet: str | None) -> None:
    after = f"\n----- for yourself -----\n{sheet}" if sheet else ""
    if how.form == "text":
        write_out(drafts_text(drafts) + after, how.output)
        return
    from rejoinder.output.mailfile import eml, mailto, refuse_existing, write_eml, write_new

    if how.form == "mailto":
        write_out(mailto(drafts[0]) + "\n" + after, how.output)
        return
    if how.output is None:
        write_out(eml(drafts[0]), None)
        return
    beside = how.output / _REVIEW_FILE if sheet and how.in_folder else None
    if beside:
        refuse_existing(beside)
    paths = write_eml(drafts, how.output)
    if beside and sheet:
        paths.append(write_new(beside, sheet.encode("utf-8")))
    for path in paths:
        click.echo(f"Wrote {path}", err=True)
    if sheet and not beside:
        write_out(sheet, None)


def _copy(draft: Draft) -> None:
    """The text of a draft into the clipboard, for a reply that is opened already."""
    import pyperclip

    try:
        pyperclip.copy(printable(draft.body))
    except pyperclip.PyperclipException as error:
        raise RejoinderError(
            "There is no clipboard here that a program could write to.",
            "Take the draft from the output, or give -o FILE; on Linux, xclip or wl-clipboard adds one.",
        ) from error
    click.echo(
        "The text of the first draft is in the clipboard: open a reply to the mail, and paste.", err=True
    )
