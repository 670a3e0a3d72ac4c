"""Splitting letters into sentences."""

import textwrap

import pytest

from rejoinder.model.sentences import LONGEST, split

LETTER = (
    "Thank you for coming in last week. We met many people, e.g. some from abroad, and after a long discussion with "
    "Dr. Hale we have chosen someone else for the post. It was close! Would you like to hear why?"
)


@pytest.mark.parametrize("width", [30, 40, 60, 72, 100, 1000])
def test_wrapping_does_not_matter(width: int) -> None:
    """The same sentences come out however the lines were broken."""
    assert split(textwrap.fill(LETTER, width)) == split(LETTER)


def test_abbreviations_do_not_end_sentences() -> None:
    """Titles, initials and `e.g.` are no sentence ends."""
    assert len(split(LETTER)) == 4


def test_list_items_and_headings_stand_alone() -> None:
    """Bullets and lines before a break are sentences of their own."""
    assert split("Feedback\n\n- good code\n- thin tests\n1. slow start") == [
        "Feedback",
        "good code",
        "thin tests",
        "slow start",
    ]


def test_text_without_punctuation_is_read_in_pieces() -> None:
    """A mail that lost its punctuation is split into windows that the model can judge."""
    pieces = split(" ".join(["word"] * 200))
    assert len(pieces) > 5
    assert all(len(piece.split()) <= LONGEST for piece in pieces)


def test_nothing_is_lost() -> None:
    """Every word of the text is in some sentence."""
    assert set(LETTER.split()) <= {word for sentence in split(LETTER) for word in sentence.split()}
