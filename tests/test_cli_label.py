"""`rejoinder label` at a terminal: a real one, with keys pressed one after the other."""

import fcntl
import json
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time

import pytest
from click.testing import CliRunner

from rejoinder.cli import main
from rejoinder.corrections import read_journal
from rejoinder.learn.examples import read_examples
from rejoinder.learn.labelling import Session, read_items
from rejoinder.model.store import load_model

PATIENCE = 30


class Terminal:
    """The program on a pseudo-terminal; `wait` reads until it has said something."""

    def __init__(self, folder, *arguments):
        master, slave = pty.openpty()
        self.master, self.seen = master, ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "rejoinder", "label", *map(str, arguments)],
            stdin=slave, stdout=slave, stderr=slave, cwd=folder, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # so that Ctrl-C reaches it
        )  # fmt: skip
        os.close(slave)

    def wait(self, text):
        end = time.monotonic() + PATIENCE
        while text not in self.seen:
            ready, _, _ = select.select([self.master], [], [], max(end - time.monotonic(), 0))
            assert ready, f"never said {text!r}: {self.seen[-2000:]}"
            try:
                block = os.read(self.master, 65536)
            except OSError:
                block = b""
            assert block, f"ended without {text!r}: {self.seen[-2000:]}"
            self.seen += block.decode("utf-8", "replace")
        before, _, self.seen = self.seen.partition(text)
        return before

    def press(self, keys, answer):
        os.write(self.master, keys.encode())
        return self.wait(answer)

    def end(self):
        try:
            while os.read(self.master, 65536):
                pass
        except OSError:
            pass
        os.close(self.master)
        return self.process.wait(PATIENCE)


@pytest.fixture
def box(tmp_path, samples):
    """A folder of ten mails."""
    folder = tmp_path / "box"
    folder.mkdir()
    for path in sorted((samples / "labelled").rglob("*.eml")):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


@pytest.fixture
def terminal(tmp_path):
    """Terminals that are gone after the test."""
    opened = []

    def start(*arguments):
        opened.append(Terminal(tmp_path, *arguments))
        return opened[-1]

    yield start
    for one in opened:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()


def test_a_session(box, tmp_path, terminal):
    """Labels, stage, undo, skip, accept and quit; each key is on disk at once, and the next session goes on from there."""
    journal = tmp_path / "labels.jsonl"
    shell = terminal(box)
    shell.wait("10 to go")
    shown = shell.wait("Guess: ")
    assert "Subject: " in shown
    shell.press("s", "Marked: soft no.")
    assert json.loads(journal.read_text().splitlines()[-1])["labels"] == ["soft_no"]
    shell.press("k", "Marked: feedback given, skill gap, soft no.")
    shell.press("2", "; stage mid.")
    last = json.loads(journal.read_text().splitlines()[-1])
    assert (last["labels"], last["stage"]) == (["feedback_given", "skill_gap", "soft_no"], "mid")
    shell.press("h", "Marked: feedback given, hard no, skill gap")
    shell.press("\r", "9 to go")
    shell.press("n", "8 to go")
    shell.press("u", "Taken back.")
    shell.wait("9 to go")
    shell.press("x", "8 to go")
    shell.press("?", "Labels: h hard no")
    shell.press(" ", "7 to go")
    shell.press("q", "3 in this session, 3 in all; 7 to go.")
    assert shell.end() == 0
    said = [one for one in read_journal(journal) if one.labels is not None]
    assert len(said) == 2
    assert set(said[0].labels) == {"hard_no", "feedback_given", "skill_gap"}
    assert len(read_examples(journal).mails) == 2

    shell = terminal(box)
    shell.wait("7 to go")
    shell.press("u", "8 to go")
    shell.press("n" * 7, "1 to go")
    shell.press("n", "no mail is left")
    assert shell.end() == 0
    assert len(read_examples(journal).mails) == 9


@pytest.mark.parametrize("how", ["ctrl-c", "ctrl-d", "killed"])
def test_stopped_in_the_middle(how, box, tmp_path, terminal):
    """However a session ends, what was said is kept."""
    shell = terminal(box, "-o", "mine.jsonl")
    shell.wait("10 to go")
    shell.wait("Guess: ")
    shell.press("h", "Marked: hard no.")
    if how == "killed":
        os.kill(shell.process.pid, signal.SIGKILL)
        assert shell.end() == -signal.SIGKILL
    else:
        shell.press("\x03" if how == "ctrl-c" else "\x04", "1 in this session, 1 in all; 9 to go.")
        assert shell.end() == 0
    assert [one.labels for one in read_journal(tmp_path / "mine.jsonl")] == [("hard_no",)]
    shell = terminal(box, "-o", "mine.jsonl")
    shell.wait("9 to go")


def test_a_label_of_ones_own(box, tmp_path, terminal):
    """A label of the user's own has a key, too, also in the next session."""
    shell = terminal(box, "--label", "Ghosted")
    shell.wait("4 ghosted")
    shell.wait("Guess: ")
    shell.press("4", "Marked: ghosted, hard no.")
    shell.press("q", "Kept in labels.jsonl")
    assert shell.end() == 0
    (mail,) = read_examples(tmp_path / "labels.jsonl").mails
    assert mail.labels == {"ghosted", "hard_no"}
    terminal(box).wait("4 ghosted")  # known by now


def test_it_needs_a_terminal(box):
    """In a pipe it says that it needs a terminal."""
    done = CliRunner().invoke(main, ["label", str(box)])
    assert done.exit_code == 1
    assert "needs a terminal" in done.stderr


def test_another_file_stays(box, tmp_path, terminal):
    """A file that is something else is not written to."""
    (tmp_path / "labels.jsonl").write_text('{"text": "mine", "labels": []}\n')
    shell = terminal(box)
    shell.wait("holds something else")
    assert shell.end() == 1
    assert (tmp_path / "labels.jsonl").read_text() == '{"text": "mine", "labels": []}\n'


def test_nothing_to_label(tmp_path, terminal):
    """An empty folder, and one in which nothing can be read, end at once."""
    (tmp_path / "box").mkdir()
    shell = terminal(tmp_path / "box")
    shell.wait("There was no mail to label.")
    assert shell.end() == 0


def test_copies_are_asked_about_once(box):
    """The same letter in two mails is one question."""
    raw = (box / "archive.eml").read_bytes()
    (box / "copy.eml").write_bytes(raw.replace(b"Message-ID: <", b"Message-ID: <copy-"))
    (box / "broken.eml").write_bytes(b"%PDF-1.7")
    found = list(read_items(box, load_model()))
    assert len(found) == 11
    assert sum("broken" in str(getattr(one, "origin", "")) for one in found) == 1


def test_the_guess_is_never_a_correction(box, tmp_path):
    """The guess shown is the model's, also where the user has corrected the mail before."""
    CliRunner().invoke(main, ["correct", str(box / "archive.eml"), "not_rejection"])
    items = [one for one in read_items(box, load_model()) if "archive" in str(one.message.origin)]
    assert items[0].verdict.label_source == "model"
    assert Session(items, tmp_path / "none.jsonl").current is items[0]
