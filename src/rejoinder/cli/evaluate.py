"""`rejoinder evaluate`: how well a model reads labelled mails."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rejoinder.cli.common import one_line_errors, own_labels, write_out
from rejoinder.model.store import load_model, model_path

if TYPE_CHECKING:
    from rejoinder.learn.labelled import LabelledMail
    from rejoinder.model.scorer import Scorer


@click.command("evaluate")
@click.argument("examples", type=click.Path(path_type=Path))
@click.option("--model", type=click.Path(path_type=Path), metavar="PATH", help="Another model.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="Tables, one JSON object, or a page with plots.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this new file.")
@click.option("--skip-bad", is_flag=True, help="Leave out examples that have a problem.")
@own_labels
@click.option(
    "--corrections",
    type=click.Path(path_type=Path, exists=True),
    metavar="FILE",
    help="EXAMPLES is a mailbox, and this says what its mails are; default: what you corrected.",
)
def command(
    examples: Path,
    model: Path | None,
    form: str,
    output: Path | None,
    skip_bad: bool,
    own: tuple[str, ...],
    corrections: Path | None,
) -> None:
    """Score a model on labelled mails: CSV, JSON Lines, a folder of labels' folders, or a labelled mailbox.

    Precision, recall and F1 with intervals, what was taken for what, how far the
    probabilities can be trusted, and the mistakes with the sentences behind them.
    What you corrected does not count here: it is the model that is scored.
    """
    with one_line_errors():
        from rejoinder.learn.corrections import own_known
        from rejoinder.learn.evaluation import Judge, evaluate
        from rejoinder.learn.examples import read_examples
        from rejoinder.output import evaluation_report as written

        scorer = load_model(model)
        found = read_examples(
            examples, skip_bad=skip_bad, extra_labels=own_known(scorer, own), corrections=corrections
        )
        notes = [*found.notes, *_flattered(found.mails, scorer, model)]
        report = evaluate(found.mails, Judge(scorer))
        if form == "json":
            from rejoinder.output.records import to_json

            text = to_json(written.as_record(report, notes), indent=2) + "\n"
        else:
            text = written.as_html(report, notes) if form == "html" else written.as_text(report, notes)
        write_out(text, output)
        if output is not None:
            click.echo(f"Wrote {output}", err=True)


def _flattered(mails: Sequence[LabelledMail], scorer: Scorer, model: Path | None) -> list[str]:
    """What must be said where a model is asked about mails that it was taught."""
    from rejoinder.learn.heldout import recorded

    known = sum(one is not None for one in recorded(model_path(model), scorer, mails))
    name = scorer.card["name"]
    said = f"{name} was taught {known} of these mails, so that the figures flatter it; `rejoinder train` shows fair ones"
    return [said] if known else []
