"""`rejoinder evaluate`: how well a model reads labelled mails."""

from __future__ import annotations

from pathlib import Path

import click

from rejoinder.cli.common import one_line_errors, write_out
from rejoinder.model.store import load_model


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
@click.option("--extra-label", "extra", multiple=True, metavar="NAME", help="Allow a label of your own.")
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
    extra: tuple[str, ...],
    corrections: Path | None,
) -> None:
    """Score a model on labelled mails: CSV, JSON Lines, a folder of labels' folders, or a labelled mailbox.

    Precision, recall and F1 with intervals, what was taken for what, how far the
    probabilities can be trusted, and the mistakes with the sentences behind them.
    What you corrected does not count here: it is the model that is scored.
    """
    with one_line_errors():
        from rejoinder.learn.evaluation import Judge, evaluate
        from rejoinder.learn.examples import read_examples
        from rejoinder.output import evaluation_report as written

        scorer = load_model(model)
        found = read_examples(examples, skip_bad=skip_bad, extra_labels=extra, corrections=corrections)
        left_out = [f"{len(found.problems)} examples with a problem were left out"] if found.problems else []
        notes = [*found.notes, *left_out]
        report = evaluate(found.mails, Judge(scorer))
        if form == "json":
            from rejoinder.output.records import to_json

            text = to_json(written.as_record(report, notes), indent=2) + "\n"
        else:
            text = written.as_html(report, notes) if form == "html" else written.as_text(report, notes)
        write_out(text, output)
        if output is not None:
            click.echo(f"Wrote {output}", err=True)
