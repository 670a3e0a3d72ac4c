"""`rejoinder label`: mails one after the other, one key a label."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import click

from rejoinder.cli.common import fail, one_line_errors, own_labels
from rejoinder.learn.corrections import own_known, own_said
from rejoinder.learn.labelling import Item, Session, read_items
from rejoinder.model.scorer import Scorer
from rejoinder.model.store import load_model
from rejoinder.output.text import WIDTH, evidence, headline, printable
from rejoinder.types import Failure, Label, label_words

_KEYS = {
    "h": Label.HARD_NO.value,
    "s": Label.SOFT_NO.value,
    "f": Label.FEEDBACK_GIVEN.value,
    "k": Label.SKILL_GAP.value,
    "c": Label.CULTURE_FIT.value,
}
_STAGES = {"1": "initial", "2": "mid", "3": "final"}
_OWN_KEYS = "456789"
_SHORT = 14


@click.command("label")
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default="labels.jsonl",
    show_default=True,
    help="Where the labels are kept; with the same file again you go on where you stopped.",
)
@click.option("--model", type=click.Path(path_type=Path), metavar="PATH", help="Another model.")
@own_labels
@click.option(
    "--read", "limit", default=2000, show_default=True, help="So many mails of SOURCE are looked at."
)
def command(source: Path, output: Path, model: Path | None, own: tuple[str, ...], limit: int) -> None:
    """Label the mails of SOURCE by hand, those first that the model learns most from.

    SOURCE is a mailbox, a folder or a mail. Every key is saved at once, so stop
    whenever you like. The file of labels is what evaluate and train read.
    """
    if not sys.stdin.isatty():
        fail("Labelling needs a terminal to read keys from. Run it in one, without a pipe.")
    if len(own) > len(_OWN_KEYS):
        raise click.UsageError(f"There are keys for {len(_OWN_KEYS)} labels of your own at most.")
    with one_line_errors():
        scorer = load_model(model)
        extra = own_known(scorer, (*own, *own_said(output)))[: len(_OWN_KEYS)]
        keys = {**_KEYS, **dict(zip(_OWN_KEYS, extra, strict=False))}
        session = Session(_items(source, scorer, limit), output, extra)
        before = len(session.history)
        try:
            _loop(session, keys)
        except (KeyboardInterrupt, EOFError):
            _say("")
        _say(_farewell(session, before, output))


def _say(text: str) -> None:
    click.echo(printable(text), err=True)


def _items(source: Path, scorer: Scorer, limit: int) -> list[Item]:
    from tqdm import tqdm

    found = islice(read_items(source, scorer), limit)
    read = list(tqdm(found, desc="Reading", unit=" mails", leave=False, file=sys.stderr))
    failed = sum(isinstance(one, Failure) for one in read)
    if failed:
        _say(f"{failed} mail{'s' if failed > 1 else ''} could not be read and will not be asked about.")
    return [one for one in read if not isinstance(one, Failure)]


def _loop(session: Session, keys: dict[str, str]) -> None:
    shown: Item | None = None
    _say(_help(keys))
    with _single_keys() as typed:
        while session.current is not None:
            if session.current is not shown:
                shown = session.current
                _say(_mail(session, shown))
            # Keys that were typed ahead come together; what a function key sends is one key without a meaning.
            pressed = typed()
            for key in [pressed] if pressed.startswith("\x1b") else pressed:
                if key == "q":
                    return
                _say(_press(key, session, keys))


@contextmanager
def _single_keys() -> Iterator[Callable[[], str]]:
    """Keys as they are pressed, for a whole session: click's own switch, made for each key, loses those typed ahead."""
    try:
        import termios
        import tty
    except ImportError:  # Windows
        yield click.getchar
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal, termios.TCSADRAIN)
    try:
        yield lambda: _read(terminal)
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _read(terminal: int) -> str:
    keys = os.read(terminal, 64).decode("utf-8", "ignore")
    if not keys or "\x04" in keys:
        raise EOFError
    return keys


def _press(key: str, session: Session, keys: dict[str, str]) -> str:
    """Do what a key means, and what to answer."""
    item = session.current
    if key in keys:
        session.mark(keys[key])
    elif key in _STAGES:
        session.set_stage(_STAGES[key])
    elif key == "n":
        session.no_rejection()
        return "Saved: no rejection."
    elif key == "x":
        session.skip()
        return "Skipped."
    elif key in ("\r", "\n", " "):
        if not session.accept():
            return "The model has no guess here. Give a label, n (no rejection) or x (skip)."
        return "Saved."
    elif key == "u":
        return "Taken back." if session.undo() else "There is nothing to take back."
    elif key == "m" and item is not None:
        return item.text
    else:
        return _help(keys)
    return _marks(session)


def _marks(session: Session) -> str:
    names = ", ".join(map(label_words, sorted(session.marks)))
    stage = f"; stage {session.stage}" if session.stage else ""
    return f"Marked: {names or 'no label yet'}{stage}. {'Enter goes on.' if names else ''}"


def _help(keys: dict[str, str]) -> str:
    labels = "  ".join(f"{key} {name.replace('_', ' ')}" for key, name in keys.items())
    stages = "  ".join(f"{key} {name}" for key, name in _STAGES.items())
    return (
        f"Labels: {labels}  n no rejection\nStage:  {stages}\n"
        "Enter: on, with the model's guess if nothing is marked   x skip   u undo   m whole mail   q quit"
    )


def _mail(session: Session, item: Item) -> str:
    """The mail in short, and what the model makes of it."""
    head = f"----- {len(session.queue)} to go"
    lines = [f"{head} {'-' * max(WIDTH - len(head) - 1, 0)}"]
    lines += [f"From:    {item.message.sender}"] if item.message.sender else []
    lines += [f"Subject: {item.message.subject}", ""] if item.message.subject else [""]
    wrapped = [line for part in item.text.splitlines() for line in textwrap.wrap(part, WIDTH) or [""]]
    lines += wrapped[:_SHORT]
    lines += [f"[... {len(wrapped) - _SHORT} more lines: m]"] if len(wrapped) > _SHORT else []
    lines += ["", f"Guess: {headline(item.verdict)}", *evidence(item.verdict)]
    return "\n".join(lines)


def _farewell(session: Session, before: int, output: Path) -> str:
    if not session.items:
        return "There was no mail to label."
    asked, left = len(session.history), len(session.queue)
    if session.marks:
        # Saved already, though nobody went on from it.
        asked, left = asked + 1, left - 1
    said = (
        f"{asked - before} in this session, {asked} in all; {f'{left} to go' if left else 'no mail is left'}."
    )
    if not asked:
        return said
    return f"{said} Kept in {output}.\nNext: rejoinder evaluate {output}, or rejoinder train {output}"
