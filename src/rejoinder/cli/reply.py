"""`rejoinder reply`: one mail in, its drafts out."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from rejoinder.cli import uncollected
from rejoinder.cli.common import NO_REPLY, one_line_errors, read_mail
from rejoinder.cli.delivery import Delivery, deliver, format_for
from rejoinder.pipeline import answer
from rejoinder.types import NoReply


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
    help="Write there: a file, or a folder or .mbox for all drafts as mails.",
)
@click.option(
    "--calendar",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the days of the plan to an .ics file, too.",
)
@click.option("--copy", is_flag=True, help="Put the text of the first draft into the clipboard, too.")
@click.option("--review", is_flag=True, help="Add a sheet to look back on the interview with.")
@click.option(
    "--templates", type=click.Path(path_type=Path), metavar="DIR", help="A folder with your own templates."
)
@click.option("--model", type=click.Path(path_type=Path), metavar="PATH", help="Another model.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The date to plan from; default: today.")
@click.option(
    "--country", metavar="CODE", help="Count its public holidays as days off: DE, US-CA, GB-ENG ..."
)
@click.option(
    "--wait",
    type=click.IntRange(1, 60),
    metavar="N",
    help="Working days before asking for feedback; default: 3, after a final round 4.",
)
def command(
    mail: str | None,
    form: str,
    output: Path | None,
    today: datetime | None,
    calendar: Path | None,
    copy: bool,
    review: bool,
    **wishes: Any,
) -> None:
    """Draft the reply to MAIL: a file, or `-` or nothing for standard input.

    The reading goes to stderr, the drafts to stdout. Ends with 3 when no reply
    is possible or useful: the reason is on stderr then, and stdout is empty,
    except for the JSON object (its "draft" is null) and for --review.
    """
    asked = click.get_current_context().get_parameter_source("form") is ParameterSource.COMMANDLINE
    how = Delivery(format_for(form, output, asked), output, calendar, copy, review)
    if review and how.form == "eml" and output is None:
        raise click.UsageError(
            "With --format eml the sheet of --review would end up in the mail: give -o, too."
        )
    with uncollected(), one_line_errors():
        raw, origin = read_mail(mail)
        result = answer(raw, origin=origin, today=today.date() if today else None, **wishes)
        deliver(result, how)
    if isinstance(result.drafts, NoReply):
        sys.exit(NO_REPLY)
