"""`rejoinder train`: teach the model your own mail."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from rejoinder.cli.common import fail, one_line_errors, write_out
from rejoinder.output.text import printable


@click.command("train")
@click.argument("examples", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--from-scratch", is_flag=True, help="Learn from these examples alone, not from the shipped ones."
)
@click.option("--name", metavar="NAME", help="Keep the model under this name; default: mine-1, mine-2 ...")
@click.option("--force", is_flag=True, help="Put the model in force even if it does worse.")
@click.option("--skip-bad", is_flag=True, help="Leave out examples that have a problem.")
@click.option(
    "--label", "--extra-label", "own", multiple=True, metavar="NAME", help="Teach a label of your own; may be repeated."
)  # fmt: skip
@click.option(
    "--corrections",
    type=click.Path(path_type=Path, exists=True),
    metavar="FILE",
    help="EXAMPLES are mailboxes, and this says what their mails are; default: what you corrected.",
)
@click.option("--no-corrected", is_flag=True, help="Do not learn from the mails that you corrected.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(examples: tuple[Path, ...], form: str, force: bool, name: str | None, **options: Any) -> None:
    """Teach the model EXAMPLES: CSV, JSON Lines, folders named after labels, or labelled mailboxes.

    What you corrected is learnt, too. The new model is compared with the one in
    force on mails that it was not shown, and put in force unless it does worse;
    earlier models stay (`rejoinder model list`).
    """
    with one_line_errors():
        try:
            _train(examples, form, force, name, **options)
        except KeyboardInterrupt:
            click.echo("", err=True)
            fail(
                "Stopped; nothing was changed, and the model in force is what it was. Run it again when you like."
            )
        except MemoryError:
            fail("There is not enough memory for so many examples. Train on fewer, or close other programs.")


def _train(
    examples: tuple[Path, ...], form: str, force: bool, wanted: str | None, *, own: tuple[str, ...],
    from_scratch: bool, skip_bad: bool, corrections: Path | None, no_corrected: bool,
) -> None:  # fmt: skip
    from rejoinder.learn.comparison import Outcome
    from rejoinder.learn.gathering import gather
    from rejoinder.learn.keeping import free_name, keep, recorded
    from rejoinder.learn.retraining import prepare, train
    from rejoinder.model.store import SHIPPED, load_model, model_path, put_in_force, shipped_path
    from rejoinder.output import training_text as written

    name = free_name(wanted)
    base, current = load_model(shipped_path()), load_model()
    gathered = gather(
        examples, own, current.own_labels, skip_bad=skip_bad, corrections=corrections, with_corrected=not no_corrected
    )  # fmt: skip
    lot = prepare(gathered.mails, gathered.own, from_scratch=from_scratch)
    for note in (*gathered.notes, *lot.notes):
        click.echo(f"Note: {printable(note).rstrip('.')}.", err=True)
    with _Bar() as bar:
        known = recorded(model_path(), current, gathered.mails)
        trained = train(lot, base, current, recorded=known, from_scratch=from_scratch, progress=bar.step)
    path = keep(trained, gathered.mails, name, base, from_scratch=from_scratch)
    chosen = force or trained.outcome != Outcome.WORSE
    if chosen:
        put_in_force(name)
    if form == "json":
        from rejoinder.output.records import to_json

        write_out(to_json(written.as_record(trained, name, str(path), chosen), indent=2) + "\n", None)
        return
    write_out(written.as_text(trained), None)
    if chosen:
        back = current.card["name"] if current.card["name"] != SHIPPED else SHIPPED
        click.echo(f"{name} is in force now. To go back: rejoinder model use {back}")
    else:
        click.echo(
            f"{name} is kept aside, and not in force. To use it all the same: rejoinder model use {name}"
        )


class _Bar:
    """A progress bar on a terminal; nothing elsewhere."""

    def __enter__(self) -> _Bar:
        from tqdm import tqdm

        from rejoinder.learn.retraining import STEPS

        self._bar = tqdm(
            total=STEPS, file=sys.stderr, disable=not sys.stderr.isatty(), leave=False,
            bar_format="{desc:<45} |{bar:20}| {elapsed}",
        )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def step(self, what: str) -> None:
        self._bar.set_description_str(what)
        self._bar.update()
