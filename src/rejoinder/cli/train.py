"""`rejoinder train`: teach the model your own mail."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from rejoinder.cli.common import fail, one_line_errors, own_labels, write_out
from rejoinder.output.text import printable


@click.command("train")
@click.argument("examples", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--from-scratch", is_flag=True, help="Learn from these examples alone, not from the shipped ones."
)
@click.option("--name", metavar="NAME", help="Keep the model under this name; default: mine-1, mine-2 ...")
@click.option("--force", is_flag=True, help="Put the model in force whatever speaks against it.")
@click.option("--skip-bad", is_flag=True, help="Leave out examples that have a problem.")
@own_labels
@click.option(
    "--corrections",
    type=click.Path(path_type=Path, exists=True),
    metavar="FILE",
    help="EXAMPLES are mailboxes, and this says what their mails are; default: what you corrected.",
)
@click.option("--no-corrected", is_flag=True, help="Do not learn from the mails that you corrected.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(examples: tuple[Path, ...], form: str, own: tuple[str, ...], **options: Any) -> None:
    """Teach the model EXAMPLES: CSV, JSON Lines, folders named after labels, or labelled mailboxes.

    What you corrected is learnt, too. The new model is compared with the one in
    force on mails that it was not shown, and put in force unless it does worse,
    or was not taught what that one was; earlier models stay (`rejoinder model list`).
    """
    with one_line_errors():
        try:
            _train(examples, form, own=own, **options)
        except KeyboardInterrupt:
            click.echo("", err=True)
            fail(
                "Stopped; nothing was changed, and the model in force is what it was. Run it again when you like."
            )
        except MemoryError:
            fail("There is not enough memory for so many examples. Train on fewer, or close other programs.")


def _train(examples: tuple[Path, ...], form: str, no_corrected: bool, **options: Any) -> None:
    from rejoinder.learn.teaching import teach
    from rejoinder.output import training_text as written

    with _Bar() as bar:
        taught = teach(examples, with_corrected=not no_corrected, say=bar.say, progress=bar.step, **options)
    if form == "json":
        from rejoinder.output.records import to_json

        write_out(to_json(written.as_record(taught), indent=2) + "\n", None)
    else:
        write_out(written.as_text(taught), None)


class _Bar:
    """A progress bar on a terminal; nothing elsewhere."""

    def __enter__(self) -> _Bar:
        from tqdm import tqdm

        from rejoinder.learn.retraining import STEPS

        self._bar = tqdm(
            desc="reading your examples", total=STEPS, file=sys.stderr, disable=not sys.stderr.isatty(), leave=False,
            bar_format="{desc:<45} |{bar:20}| {elapsed}",
        )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def step(self, what: str) -> None:
        self._bar.set_description_str(what)
        self._bar.update()

    def say(self, text: str) -> None:
        """A line of its own, above the bar."""
        self._bar.write(f"Note: {printable(text).rstrip('.')}.", file=sys.stderr)
