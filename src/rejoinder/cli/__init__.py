"""The command line: one module a verb, each imported only when it is called."""

from __future__ import annotations

import importlib

import click

_VERBS = {
    "reply": "Draft the reply to one mail.",
    "classify": "Say what kind of no each mail is, if it is one.",
    "evaluate": "Score a model on labelled examples.",
    "label": "Label mails by hand, the most instructive first.",
    "correct": "Say what a mail really was.",
    "templates": "List, show, copy and check reply templates.",
    "train": "Teach the model your own mail.",
    "model": "List models, choose one, check their files.",
    "info": "Show version, folders and model in short.",
}


class _Verbs(click.Group):
    """Names and summaries of the verbs without their modules."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _VERBS:
            return None
        command: click.Command = importlib.import_module(f"rejoinder.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_VERBS.items()))


@click.command(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rejoinder", prog_name="rejoinder")
def main() -> None:
    """Read a rejection mail, see what kind of no it is, and get the reply that fits.

    Everything happens on this machine: no account, no network.
    """
