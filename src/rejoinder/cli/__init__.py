"""The command line: one module a verb, each imported only when it is called."""

from __future__ import annotations

import atexit
import gc
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

_VERBS = {
    "reply": "Draft the reply to one mail.",
    "classify": "Say what kind of no each mail is, if it is one.",
    "scan": "Find the rejections in a whole exported mailbox.",
    "evaluate": "Score a model on labelled examples.",
    "label": "Label mails by hand, the most instructive first.",
    "correct": "Say what a mail really was.",
    "templates": "List, show, copy and check reply templates.",
    "train": "Teach the model your own mail.",
    "model": "List models, choose one, check their files.",
    "info": "Show version, folders and model in short.",
}


#: In the user's folder.
CONFIG_FILE = "config.toml"


@contextmanager
def uncollected() -> Iterator[None]:
    """For what is soon over and leaves little behind: no search for garbage, which takes a tenth of a start."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _imported(module: str) -> click.Command:
    if module not in sys.modules:
        with uncollected():
            importlib.import_module(module)
            gc.freeze()  # what is imported stays
    command: click.Command = sys.modules[module].command
    return command


# At the end all goes together: nobody need search it.
atexit.register(gc.freeze)


class _Verbs(click.Group):
    """Names and summaries of the verbs without their modules."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _VERBS:
            return None
        return _imported(f"rejoinder.cli.{cmd_name}")

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_VERBS.items()))


@click.command(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rejoinder", prog_name="rejoinder")
@click.option(
    "--config",
    "chosen",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Read your defaults from this TOML file; default: config.toml in your folder.",
)
@click.pass_context
def main(ctx: click.Context, chosen: Path | None) -> None:
    """Read a rejection mail, see what kind of no it is, and get the reply that fits.

    Everything happens on this machine: no account, no network.
    """
    from rejoinder.cli.common import one_line_errors
    from rejoinder.resources import home

    with one_line_errors():
        ctx.obj = chosen
        if chosen is not None or (home() / CONFIG_FILE).exists():
            _set_defaults(ctx, chosen)


def _set_defaults(ctx: click.Context, chosen: Path | None) -> None:
    from rejoinder.cli.config import default_map, read_config

    config = read_config(chosen)
    if config is not None and ctx.invoked_subcommand:
        ctx.default_map = default_map(config, main, ctx, [ctx.invoked_subcommand])
