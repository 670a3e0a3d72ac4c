"""`rejoinder info`: version, folders, model."""

from __future__ import annotations

import platform
import textwrap
from importlib.metadata import version

import click

from rejoinder.cli.common import one_line_errors
from rejoinder.cli.config import config_path, default_map, read_config
from rejoinder.model.store import load_model, model_path
from rejoinder.reply.shelf import folders
from rejoinder.reply.workdays import country_codes
from rejoinder.resources import home


@click.command("info")
@click.option("--countries", is_flag=True, help="List the country codes that --country takes instead.")
@click.pass_context
def command(ctx: click.Context, countries: bool) -> None:
    """Show version, folders and model in short."""
    with one_line_errors():
        if countries:
            _countries()
            return
        scorer = load_model()
        corpus = scorer.card.get("corpus", {})
        lines = {
            "rejoinder": f"{version('rejoinder')} on Python {platform.python_version()}",
            "your folder": f"{home()}" + ("" if home().is_dir() else " (not there yet)"),
            "config": _config(ctx),
            "templates": ", then ".join(str(folder) for folder in folders() if folder.is_dir()),
            "model": f"{scorer.id} in {model_path().parent}",
            "trained on": f"{corpus.get('mails')} mails and {corpus.get('sentences')} sentences",
        }
        for name, value in lines.items():
            click.echo(f"{name + ':':<13}{value}")


def _config(ctx: click.Context) -> str:
    """Which configuration is read, after looking at all of it."""
    front = ctx.find_root()
    config = read_config(front.obj)
    if config is None:
        return f"none ({config_path()} would be read)"
    if isinstance(front.command, click.Group):
        default_map(config, front.command, front, front.command.list_commands(front))
    return f"{config.path} (read)"


def _countries() -> None:
    for code, regions in country_codes().items():
        if len(code) == 2:
            text = f"{code}  {' '.join(f'{code}-{region}' for region in regions)}"
            click.echo(textwrap.fill(text.strip(), 88, subsequent_indent="    ", break_on_hyphens=False))
