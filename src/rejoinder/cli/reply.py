"""`rejoinder reply`: one mail in, its drafts out."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from rejoinder.cli.common import NO_REPLY, one_line_errors, read_mail, write_out
from rejoinder.output.text import blanks_note, drafts_text, printable, reading
from rejoinder.pipeline import answer
from rejoinder.types import Draft, NoReply, Result


@click.command("reply")
@click.argument("mail", required=False)
@click.option(
    "--stage",
    type=click.Choice(["initial", "mid", "final"]),
    help="How far you got, if the mail does not show it.",
)
@click.option("--me", metavar="NAME", help="Your name, for the signature.")
@click.option("--to-name", metavar="NAME", help="How to greet the writer.")
@click.option("--company", metavar="NAME", help="The company, if it is not found.")
@click.option("--role", metavar="NAME", help="The role, if it is not found.")
@click.option(
    "--mention",
    metavar="TEXT",
    help="Something real from the conversation, to stand after 'I particularly enjoyed'.",
)
@click.option(
    "--tone",
    type=click.Choice(["warm", "plain"]),
    default="warm",
    show_default=True,
    help="How the drafts sound.",
)
@click.option(
    "--kind",
    type=click.Choice(["auto", "thanks", "feedback", "keep-in-touch"]),
    default="auto",
    show_default=True,
    help="Ask for one kind of reply.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "eml", "json", "mailto"]),
    default="text",
    show_default=True,
    help="How to write the drafts.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write there: a file, or a folder for several .eml drafts.",
)
@click.option(
    "--templates", type=click.Path(path_type=Path), metavar="DIR", help="A folder with your own templates."
)
@click.option("--model", type=click.Path(path_type=Path), metavar="PATH", help="Another model.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The date to plan from; default: today.")
def command(mail: str | None, form: str, output: Path | None, today: datetime | None, **wishes: Any) -> None:
    """Draft the reply to MAIL: a file, or `-` or nothing for standard input.

    The reading goes to stderr, the drafts to stdout. Ends with 3 when no reply
    is possible or useful.
    """
    with one_line_errors():
        raw, origin = read_mail(mail)
        result = answer(raw, origin=origin, today=today.date() if today else None, **wishes)
        _write(result, form, output)
    if isinstance(result.drafts, NoReply):
        sys.exit(NO_REPLY)


def _write(result: Result, form: str, output: Path | None) -> None:
    if form == "json":
        from rejoinder.output.records import record_with_drafts, to_json

        write_out(to_json(record_with_drafts(result), indent=2) + "\n", output)
        if isinstance(result.drafts, NoReply):
            click.echo(f"No reply: {printable(result.drafts.reason)}.", err=True)
        return
    click.echo(reading(result), err=True)
    if isinstance(result.drafts, NoReply):
        click.echo(f"No reply: {printable(result.drafts.reason)}.", err=True)
        return
    _write_drafts(result.drafts, form, output)
    if note := blanks_note(result.drafts):
        click.echo("\n" + note, err=True, nl=False)


def _write_drafts(drafts: tuple[Draft, ...], form: str, output: Path | None) -> None:
    if form == "text":
        write_out(drafts_text(drafts), output)
        return
    from rejoinder.output.mailfile import eml, mailto, write_eml

    if form == "mailto":
        write_out(mailto(drafts[0]) + "\n", output)
    elif output is None:
        write_out(eml(drafts[0]), None)
    else:
        for path in write_eml(drafts, output):
            click.echo(f"Wrote {path}", err=True)
