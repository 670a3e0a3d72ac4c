"""`rejoinder correct`: what a mail really was."""

from __future__ import annotations

import re
from pathlib import Path

import click

from rejoinder.cli.common import one_line_errors, own_labels, read_mail
from rejoinder.corrections import Correction
from rejoinder.errors import ExamplesError
from rejoinder.learn.corrections import correct, find_message, own_known, said_of
from rejoinder.learn.labelled import NOT_REJECTION, own_names, read_labels
from rejoinder.mail.parsing import parse
from rejoinder.model.store import load_model
from rejoinder.resources import corrections_path
from rejoinder.types import Message

_ID = re.compile(r"[0-9a-f]{16}")


@click.command("correct")
@click.argument("mail", metavar="ID")
@click.argument("labels", nargs=-1)
@click.option(
    "--source",
    type=click.Path(path_type=Path, exists=True),
    metavar="PATH",
    help="Where the mail with this id is: a mail, a mailbox, or what scan wrote as JSON Lines or CSV.",
)
@click.option("--stage", type=click.Choice(["initial", "mid", "final"]), help="How far you had got.")
@own_labels
@click.option("--remove", is_flag=True, help="Take back what you said about this mail.")
def command(
    mail: str,
    labels: tuple[str, ...],
    source: Path | None,
    stage: str | None,
    own: tuple[str, ...],
    remove: bool,
) -> None:
    """Say what a mail really was: LABELS from now on, whatever the model thinks.

    ID is the `id` that scan, classify and reply give in JSON; the mail itself, as
    a file or - for standard input, will do as well. LABELS are one or several of
    hard_no, soft_no, feedback_given, skill_gap, culture_fit, or not_rejection.
    """
    if remove == bool(labels):
        raise click.UsageError("Give either the right LABELS or --remove.")
    with one_line_errors():
        given = None if remove else _labels(labels, own)
        message, identity = _message(mail, source)
        reached = stage or ""
        said = said_of(message, given, reached) if message else Correction(identity, given, reached)
        kept = correct(said)
        click.echo(_answer(kept))


def _labels(names: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...]:
    given = [one for name in names for one in re.split("[;,]", name)]
    labels, wrong = read_labels(given, own_names(own))
    if wrong:
        labels, wrong = read_labels(given, own_known(load_model(), own))
    if wrong:
        raise ExamplesError(f"Nothing was kept: {wrong}.", "A label of your own needs --label NAME.")
    return tuple(sorted(labels))


def _message(mail: str, source: Path | None) -> tuple[Message | None, str]:
    """The mail that is meant, if it can be had, and its id."""
    if _ID.fullmatch(mail.lower()) and not Path(mail).exists():
        identity = mail.lower()
        return (find_message(identity, source) if source else None), identity
    if mail != "-" and not Path(mail).exists():
        raise ExamplesError(
            f"{mail} is neither an id nor a file.",
            "An id is the 16 hex digits that `classify --format jsonl`, `reply --format json` and `scan` give.",
        )
    raw, origin = read_mail(mail)
    message = parse(raw, origin)
    return message, message.id


def _answer(kept: Correction) -> str:
    if kept.labels is None:
        return f"Taken back: {kept.id} is what the model says again."
    names = ", ".join(kept.labels) or NOT_REJECTION
    first = f"Kept: {kept.id} is {names}, from now on and in {corrections_path()}."
    if kept.text:
        return f"{first}\nIts text is kept with it, so the next training can learn from it."
    return (
        f"{first}\nOnly its id is known, which is enough for that. "
        "For training to learn from it, say it again with --source and the mail or mailbox."
    )
