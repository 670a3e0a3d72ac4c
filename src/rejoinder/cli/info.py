"""`rejoinder info`: version, folders, model."""

from __future__ import annotations

import platform
from importlib.metadata import version

import click

from rejoinder.cli.common import one_line_errors
from rejoinder.model.store import load_model, model_path
from rejoinder.reply.shelf import folders
from rejoinder.resources import home


@click.command("info")
def command() -> None:
    """Show version, folders and model in short."""
    with one_line_errors():
        scorer = load_model()
        corpus = scorer.card.get("corpus", {})
        lines = {
            "rejoinder": f"{version('rejoinder')} on Python {platform.python_version()}",
            "your folder": f"{home()}" + ("" if home().is_dir() else " (not there yet)"),
            "templates": ", then ".join(str(folder) for folder in folders() if folder.is_dir()),
            "model": f"{scorer.id} in {model_path().parent}",
            "trained on": f"{corpus.get('mails')} mails and {corpus.get('sentences')} sentences",
        }
        for name, value in lines.items():
            click.echo(f"{name + ':':<13}{value}")
