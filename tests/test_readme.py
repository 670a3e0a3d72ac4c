"""The README is true: its console blocks print what they show, its tables are the measured ones."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```console\n\$ (rejoinder [^\n]+)\n(.*?)```", README, re.DOTALL)


def run(command: str) -> str:
    """What a command prints on a terminal, both streams in order."""
    shell = command.replace("rejoinder", f'"{sys.executable}" -m rejoinder', 1)
    done = subprocess.run(
        shell,
        shell=True,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "COLUMNS": "100"},
    )
    return done.stdout.decode("utf-8")


@pytest.mark.parametrize(("command", "shown"), BLOCKS, ids=[command for command, _ in BLOCKS])
def test_console_blocks(command: str, shown: str) -> None:
    """A console block shows exactly what its command prints."""
    assert run(command).strip() == shown.strip()


def test_there_are_console_blocks() -> None:
    """The README shows the program at work."""
    assert len(BLOCKS) >= 4
    assert README.count("```console") == len(BLOCKS)


def test_every_command_is_mentioned() -> None:
    """No command goes undocumented."""
    from rejoinder.cli import main

    for name in main.list_commands(None):
        assert f"rejoinder {name}" in README, name
