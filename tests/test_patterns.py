"""Patterns compiled when first used, and text folded so that they need no flag."""

import re
import string
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rejoinder.mail.cleaning import endings
from rejoinder.patterns import folded, lazy
from rejoinder.reply import relays

EVERY_CHARACTER = "".join(map(chr, range(sys.maxunicode + 1)))


def places(pattern: str, text: str, flags: int = 0) -> list[int]:
    return [match.start() for match in re.finditer(pattern, text, flags)]


def test_a_lazy_pattern_is_used_like_a_compiled_one() -> None:
    """Methods, attributes and bytes work as they do with `re.compile`, the second time too."""
    pattern, raw = lazy(r"(?P<word>b+)", re.IGNORECASE), lazy(rb"\d+")
    for _ in range(2):
        assert pattern.search("aBba")["word"] == "Bb"
        assert pattern.sub("", "abc") == "ac"
        assert raw.findall(b"1 22") == [b"1", b"22"]
    assert pattern.groupindex == {"word": 1}


def test_a_lazy_pattern_complains_at_its_first_use() -> None:
    """A broken pattern raises the error that compiling it would."""
    with pytest.raises(re.error):
        lazy("(").match("")


def test_folded_text_reads_as_the_flag_would_read_it() -> None:
    """Folding finds each letter from a to z at exactly those characters at which re.IGNORECASE does."""
    small = folded(EVERY_CHARACTER)
    for letter in string.ascii_lowercase:
        assert places(letter, EVERY_CHARACTER, re.IGNORECASE) == places(letter, small)


@pytest.mark.parametrize("kind", [r"\w", r"\d", r"\s"])
def test_folding_moves_nothing(kind: str) -> None:
    """What is a word character, a digit or a space stays one, at its place."""
    assert places(kind, EVERY_CHARACTER) == places(kind, folded(EVERY_CHARACTER))


@pytest.mark.parametrize("pattern", endings._FOOTERS)
def test_no_fine_print_is_overlooked(pattern: str) -> None:
    """Whatever a pattern of fine print matches holds one of the texts that are looked for first."""
    words = endings._FOOTERS[pattern].split("|")

    @settings(max_examples=20, deadline=None, database=None)
    @given(st.from_regex(pattern, fullmatch=True))
    def holds(text: str) -> None:
        assert any(word in text for word in words)

    holds()


@settings(max_examples=100, deadline=None, database=None)
@given(st.from_regex(relays._DEAF.pattern))
def test_no_deaf_address_is_overlooked(local: str) -> None:
    """Whatever the pattern of unread addresses matches holds one of the words that are looked for first."""
    assert any(word in local for word in relays._DEAF_WORDS)
