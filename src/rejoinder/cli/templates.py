"""`rejoinder templates`: the wording of the replies, and your own."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from rejoinder.cli.common import one_line_errors
from rejoinder.output.mailfile import write_new
from rejoinder.reply import shelf
from rejoinder.reply.checking import review
from rejoinder.resources import home, shipped

_folder = click.option(
    "--templates",
    "chosen",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A folder with your own templates.",
)


@click.group("templates")
def command() -> None:
    """List, show, copy and check reply templates."""


@command.command("list")
@_folder
def list_(chosen: Path | None) -> None:
    """List the templates and where each one comes from."""
    with one_line_errors():
        for name in shelf.names(chosen):
            path = shelf.locate(name, chosen)
            click.echo(f"{name:<18}{'shipped' if path.parent == shipped('templates/replies') else path}")


@command.command("show")
@click.argument("name")
@_folder
def show(name: str, chosen: Path | None) -> None:
    """Print a template."""
    with one_line_errors():
        click.echo(shelf.locate(name, chosen).read_text("utf-8"), nl=False)


@command.command("copy")
@click.argument("name")
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where to; default: your own folder, where it is used at once.",
)
def copy(name: str, target: Path | None) -> None:
    """Copy the shipped template so that you can change it; an existing file stays."""
    with one_line_errors():
        source = shelf.locate_shipped(name)
        folder = target or home() / "templates" / "replies"
        folder.mkdir(parents=True, exist_ok=True)
        path = write_new(folder / source.name, source.read_bytes())
        click.echo(f"Copied to {path}. Edit it, then run: rejoinder templates check {name}")


@command.command("check")
@click.argument("names", nargs=-1)
@_folder
def check(names: tuple[str, ...], chosen: Path | None) -> None:
    """Check templates: syntax, unknown variables, and every letter they can become.

    Mistakes end with 1; what a reply had better not say is only noted.
    """
    with one_line_errors():
        findings = [review(name, chosen) for name in names or shelf.names(chosen)]
        problems = [problem for one in findings for problem in one.problems]
        for problem in problems:
            click.echo(f"Error: {problem}", err=True)
        for remark in (remark for one in findings for remark in one.advice):
            click.echo(f"Note: {remark}", err=True)
        if problems:
            sys.exit(1)
        click.echo("All templates are in order.")
