"""Whole letters, each beside what is to be read in it."""

import json
from pathlib import Path

import pytest

from rejoinder.mail.cleaning import clean
from rejoinder.mail.parsing import parse

FOLDER = Path(__file__).parent / "letters"
LETTERS = sorted(path for path in FOLDER.iterdir() if path.suffix in (".eml", ".txt", ".html", ".emlx"))


def expected_of(path):
    return json.loads(path.with_suffix(".json").read_text("utf-8"))


def as_param(path):
    reason = expected_of(path).get("xfail")
    marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
    return pytest.param(path, id=path.name, marks=marks)


def test_each_letter_has_its_expectation():
    """No letter lies in the folder without a JSON file, and no JSON file without a letter."""
    assert {path.stem for path in LETTERS} == {path.stem for path in FOLDER.glob("*.json")}
    assert len(LETTERS) >= 18


@pytest.mark.parametrize("path", [as_param(path) for path in LETTERS])
def test_letter(path):
    """Subject, sender, text and what was trimmed are those written down beside the letter."""
    expected = expected_of(path)
    message = parse(path.read_bytes())
    letter = clean(message)
    assert letter.text == expected["text"]
    assert letter.subject == message.subject == expected["subject"]
    assert (str(message.sender) if message.sender else None) == expected["sender"]
    assert [cut.kind for cut in letter.trimmed] == [kind for kind, _ in expected["trimmed"]]
    for cut, (_, piece) in zip(letter.trimmed, expected["trimmed"], strict=True):
        assert piece in cut.text


@pytest.mark.parametrize("path", [as_param(path) for path in LETTERS])
def test_line_ends_do_not_matter(path):
    """A letter with CRLF line ends reads as the same letter with LF does."""
    raw = path.read_bytes()
    if path.suffix == ".emlx":
        pytest.skip("the count line counts the bytes as they stand")
    expected = expected_of(path)
    assert clean(parse(raw.replace(b"\n", b"\r\n"))).text == expected["text"]
