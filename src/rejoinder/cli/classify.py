"""`rejoinder classify`: what each mail is."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from rejoinder.cli.common import one_line_errors, read_mail, write_out
from rejoinder.errors import RejoinderError
from rejoinder.output.text import classification, printable
from rejoinder.pipeline import read


@click.command("classify")
@click.argument("mails", metavar="[MAIL ...]", nargs=-1)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "jsonl"]),
    default="text",
    show_default=True,
    help="A short block, or one JSON object a mail.",
)
@click.option(
    "--stage",
    type=click.Choice(["initial", "mid", "final"]),
    help="How far you got, if the mails do not show it.",
)
@click.option("--model", type=click.Path(path_type=Path), metavar="PATH", help="Another model.")
def command(mails: tuple[str, ...], form: str, **options: Any) -> None:
    """Say what kind of no each MAIL is, if it is one, and which sentences say so.

    MAIL is a file, or `-` or nothing for standard input. A mail that cannot be
    read is reported, and the others are still classified; the end is then 1.
    """
    failed = 0
    with one_line_errors():
        for mail in mails or ("-",):
            try:
                _classify(mail, form, options)
            except RejoinderError as error:
                failed += 1
                _report(mail, error, form)
    sys.exit(1 if failed else 0)


def _classify(mail: str, form: str, options: dict[str, Any]) -> None:
    raw, origin = read_mail(mail)
    result = read(raw, origin=origin, **options)
    if form == "jsonl":
        from rejoinder.output.records import record, to_json

        write_out(to_json(record(result)) + "\n", None)
    else:
        write_out(
            classification(str(origin), result.verdict, result.details.company, result.details.role), None
        )


def _report(mail: str, error: RejoinderError, form: str) -> None:
    click.echo("Error: " + " ".join(printable(str(error)).split()), err=True)
    if form == "jsonl":
        from rejoinder.output.records import to_json

        line = {"source": mail, "error": type(error).__name__, "reason": str(error)}
        write_out(to_json(line) + "\n", None)
