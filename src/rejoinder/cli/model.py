"""`rejoinder model`: what the labels rest on."""

from __future__ import annotations

import json
from pathlib import Path

import click

from rejoinder.cli.common import one_line_errors
from rejoinder.model.store import load_model, model_path


@click.group("model")
def command() -> None:
    """Show the model in force."""


@command.command("info")
@click.option("--model", "chosen", type=click.Path(path_type=Path), metavar="PATH", help="Another model.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def info(chosen: Path | None, form: str) -> None:
    """Show what the model was trained on, how well it did, and where it lies."""
    with one_line_errors():
        scorer = load_model(chosen)
        card = scorer.card
        shown = {
            key: card.get(key)
            for key in ("name", "format", "sha256", "corpus", "versions", "thresholds", "figures")
        }
        if form == "json":
            click.echo(json.dumps({**shown, "path": str(model_path(chosen))}, indent=2))
            return
        click.echo(f"Model:    {scorer.id}\nFile:     {model_path(chosen)}")
        for name in ("corpus", "versions", "thresholds", "figures"):
            click.echo(
                f"{name.capitalize() + ':':<10}"
                + ", ".join(f"{key} {value}" for key, value in (shown[name] or {}).items())
            )
