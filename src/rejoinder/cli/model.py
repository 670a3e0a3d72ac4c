"""`rejoinder model`: what the labels rest on."""

from __future__ import annotations

import json
from pathlib import Path

import click

from rejoinder.cli.common import fail, one_line_errors
from rejoinder.model.kept import models, put_in_force
from rejoinder.model.scorer import load
from rejoinder.model.store import SHIPPED, load_model, model_path
from rejoinder.output.text import printable

_SHOWN = (
    "name", "format", "sha256", "made of", "corpus", "yours", "versions", "outputs", "thresholds", "figures", "measured",
    "compared",
)  # fmt: skip
_LINES = ("corpus", "yours", "versions", "thresholds", "figures", "measured")


@click.group("model")
def command() -> None:
    """List models, choose one, show what it was trained on, check its files."""


@command.command("list")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def list_(form: str) -> None:
    """List the models; a star stands before the one in force."""
    with one_line_errors():
        found = models()
        if form == "json":
            rows = [
                {"name": one.name, "in_force": one.in_force, "path": str(one.path), "problem": one.problem or None}
                for one in found
            ]  # fmt: skip
            click.echo(json.dumps(rows, indent=2))
            return
        for one in found:
            yours = one.card.get("yours")
            about = "shipped" if one.name == SHIPPED else _about(yours)
            shown = one.problem or about
            click.echo(printable(f"{'*' if one.in_force else ' '} {one.name:<20} {shown}"))


def _about(yours: object) -> str:
    mails = yours.get("mails") if isinstance(yours, dict) else None
    return f"with {mails} mails of yours" if isinstance(mails, int) else "your own"


@command.command("use")
@click.argument("name")
def use(name: str) -> None:
    """Put the model NAME in force; `rejoinder-en` is the shipped one."""
    with one_line_errors():
        path = put_in_force(name)
        click.echo(f"{name} is in force now: {path}")


@command.command("info")
@click.option("--model", "chosen", type=click.Path(path_type=Path), metavar="PATH", help="Another model.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def info(chosen: Path | None, form: str) -> None:
    """Show what the model was trained on, how well it did, and where it lies."""
    with one_line_errors():
        scorer = load_model(chosen)
        shown = {key: scorer.card.get(key) for key in _SHOWN}
        shown["outputs"] = list(scorer.own_labels)
        shown["own labels"] = shown.pop("outputs")
        if form == "json":
            click.echo(json.dumps({**shown, "path": str(model_path(chosen))}, indent=2))
            return
        lines = [f"{'Model:':<12}{scorer.id}", f"{'File:':<12}{model_path(chosen)}"]
        if scorer.own_labels:
            lines.append(f"{'Own:':<12}{', '.join(scorer.own_labels)}")
        for name in _LINES:
            value = shown[name]
            if isinstance(value, dict) and value:
                listed = ", ".join(f"{key} {_figure(figure)}" for key, figure in value.items())
                lines.append(f"{name.capitalize() + ':':<12}{listed}")
        if isinstance(shown["compared"], str):
            lines.append(f"{'Compared:':<12}{shown['compared']}")
        click.echo(printable("\n".join(lines)))


def _figure(value: object) -> object:
    """A figure in short: of several for one label, its F1."""
    return f"F1 {value['f1']}" if isinstance(value, dict) and "f1" in value else value


@command.command("verify")
@click.argument("path", required=False, type=click.Path(path_type=Path))
def verify(path: Path | None) -> None:
    """Check the files of a model, by default of all there are; PATH is a file or a name."""
    with one_line_errors():
        if path is not None:
            place = model_path(path)
            scorer = load(place)
            click.echo(f"{scorer.id} in {place} is whole.")
            return
        found = models()
        for one in found:
            line = one.problem or "whole"
            click.echo(printable(f"{one.name:<20} {line}"))
        damaged = [one.name for one in found if one.problem]
        if damaged:
            fail(f"Damaged: {', '.join(damaged)}. Train again, or go back: rejoinder model use {SHIPPED}")
