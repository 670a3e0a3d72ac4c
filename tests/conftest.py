"""What the tests share: a home of their own, hand-made nouns, and the program as a subprocess."""

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from rejoinder import Address, Evidence, Label, Letter, Message, Origin, Stage, Verdict

# The same examples in every run: a change must not be blamed for what another run happened to draw.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

# What runs in the background of a shell ignores Ctrl-C, and so would every program that a test interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

SAMPLES = Path(__file__).parent.parent / "data" / "samples"
#: A mail must be read in this many seconds, start-up and a busy machine included.
GUARD = 3


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A user's folder that belongs to this test alone; it does not exist yet."""
    folder = tmp_path / "home"
    monkeypatch.setenv("REJOINDER_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def samples():
    """The mails in data/samples."""
    return SAMPLES


@pytest.fixture
def verdict():
    """Verdicts by hand, so that no test hangs on a model: `verdict("soft_no", stage="mid")`."""

    def make(*labels, rejection=True, stage="unknown", signals=None, skill=None, door=None, **changes):
        given = tuple(Label(label) for label in labels) or ((Label.HARD_NO,) if rejection else ())
        probabilities = {"rejection": 0.98 if rejection else 0.02}
        probabilities |= {label.value: 0.9 if label in given else 0.05 for label in Label}
        evidence = [Evidence("hard_no", "We chose somebody else.", 2.0)]
        evidence += [Evidence("skill_gap", skill, 1.5)] if skill else []
        evidence += [Evidence("soft_no", door, 1.5)] if door else []
        values = {
            "rejection": rejection,
            "labels": given,
            "probabilities": probabilities,
            "evidence": tuple(evidence),
            "stage": Stage(stage),
            "stage_source": "text",
            "language": "en",
            "unsure": False,
            "model": "handmade 00000000",
            "signals": signals or {},
        }
        return Verdict(**{**values, **changes})

    return make


@pytest.fixture
def message():
    """Messages by hand: `message("text", sender="Ada Moor <ada@fenwick.example>", reply_to="x@y.example")`."""

    def address(text):
        name, _, rest = text.rpartition("<")
        return Address(name.strip(), rest.rstrip(">").strip())

    def make(
        plain="Dear Dana,\n\nno.\n", *, sender="Ada Moor <ada@fenwick.example>", reply_to=None, **changes
    ):
        values = {
            "id": "0123456789abcdef",
            "origin": Origin("mail.eml"),
            "plain": plain,
            "subject": "Your application",
            "sender": address(sender) if sender else None,
            "reply_to": (address(reply_to),) if reply_to else (),
            "message_id": "<parent@fenwick.example>",
        }
        return Message(**{**values, **changes})

    return make


@pytest.fixture
def letter():
    """Letters by hand."""

    def make(text="Dear Dana,\n\nno.\n\nKind regards,\nAda Moor", subject="Your application", trimmed=()):
        return Letter(subject, text, tuple(trimmed))

    return make


@pytest.fixture
def rejoinder(tmp_path):
    """The program in a process of its own, from an empty folder; text is what the streams hold as UTF-8."""

    def run(*arguments, stdin=b"", timeout=GUARD, **environment):
        return subprocess.run(
            [sys.executable, "-m", "rejoinder", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            timeout=timeout,
            cwd=tmp_path,
            env={**os.environ, **environment},
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def split_kind():
    """Mails of a kind that the shipped model gets wrong, as lines in two parts: sixty, and others that share nothing with them."""

    def split(name, seed=7):
        from rejoinder.learn.grouping import near_copies

        lines = (Path(__file__).parent / "kinds" / f"{name}.jsonl").read_text("utf-8").splitlines()
        random.Random(seed).shuffle(lines)
        groups = near_copies([json.loads(line)["text"] for line in lines]).tolist()
        others = [line for line, group in zip(lines, groups, strict=True) if group not in groups[:60]]
        return lines[:60], others

    return split
