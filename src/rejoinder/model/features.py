"""Text to n-grams: the one place that training and scoring share.

Tokens are lower case, with numbers, addresses and links each as one token,
contractions written out and plurals cut, so that neither typography nor a
mailer that ate the apostrophes changes what is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_CURLY = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "}
)
_LINK = re.compile(r"(?:https?://|www\.)\S+|\[[^\]\n]{0,30}link[^\]\n]{0,30}\]")
_MAIL = re.compile(r"\S+@\S+\.\S+")
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d[\d.,:/]*|[?!]|<\w+>")

_WHOLE = {
    "can't": "can not", "cant": "can not", "cannot": "can not", "won't": "will not", "wont": "will not",
    "shan't": "shall not", "i'm": "i am", "im": "i am", "let's": "let us", "it's": "it is",
    "youve": "you have", "weve": "we have", "ive": "i have", "theyve": "they have", "youre": "you are",
    "theyre": "they are", "youll": "you will", "youd": "you would", "wed": "we would", "doesnt": "does not",
    "thats": "that is", "whats": "what is", "heres": "here is", "u": "you", "ur": "your", "pls": "please",
    "thx": "thanks", "thankyou": "thank you",
}  # fmt: skip
_SUFFIXES = {"'ve": " have", "'re": " are", "'ll": " will", "'d": " would", "'m": " am", "'s": ""}
_BARE_NEGATION = re.compile(r"^(do|does|did|is|are|was|were|have|has|had|would|could|should)n'?t$")


@lru_cache(maxsize=2_048)
def _normal(token: str) -> tuple[str, ...]:
    """The token as the words it stands for."""
    if token[0].isdigit():
        return ("0",)
    if token in _WHOLE:
        return tuple(_stem(word) for word in _WHOLE[token].split())
    negation = _BARE_NEGATION.match(token)
    if negation:
        return (_stem(negation.group(1)), "not")
    for suffix, words in _SUFFIXES.items():
        if token.endswith(suffix):
            return tuple(_stem(word) for word in (token[: -len(suffix)] + words).split())
    return (_stem(token.replace("'", "")),)


def _stem(word: str) -> str:
    """The word without plural s: it costs little and damaged mail often has lost it."""
    if len(word) > 3 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 2 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


def tokens(text: str) -> list[str]:
    """The normalised words of a text."""
    text = text.translate(_CURLY).lower()
    if "://" in text or "www." in text or "link" in text:
        text = _LINK.sub(" <link> ", text)
    if "@" in text:
        text = _MAIL.sub(" <mail> ", text)
    return [word for token in _TOKEN.findall(text) for word in _normal(token)]


def word_ngrams(words: list[str], longest: int) -> Iterator[str]:
    """Word n-grams of one to `longest` words, joined by spaces."""
    for size in range(1, longest + 1):
        for at in range(len(words) - size + 1):
            yield " ".join(words[at : at + size])


@lru_cache(maxsize=2_048)
def word_pieces(word: str) -> tuple[str, ...]:
    """The character 4-grams of a word with its edges marked; they survive typos and inflection."""
    if len(word) < 4:
        return ()
    padded = f"<{word}>"
    return tuple("#" + padded[at : at + 4] for at in range(len(padded) - 3))


class Ngrams(NamedTuple):
    """All that `sentence_features` finds, each once: for scoring, where nobody asks how often."""

    words: set[str]
    pairs: set[tuple[str, str]]
    triples: set[tuple[str, str, str]]
    pieces: set[str]

    @property
    def number(self) -> int:
        """How many there are: none can be of two sorts."""
        return len(self.words) + len(self.pairs) + len(self.triples) + len(self.pieces)


def sentence_ngrams(text: str) -> Ngrams:
    """The words of a sentence with its edges, two and three in a row, and the pieces of words."""
    words = ["^", *tokens(text), "$"]
    after = words[1:]
    alone = set(words)
    return Ngrams(
        alone,
        set(zip(words, after, strict=False)),
        set(zip(words, after, words[2:], strict=False)),
        set().union(*map(word_pieces, alone)),
    )


def sentence_features(text: str) -> list[str]:
    """What the sentence model counts: word 1-3-grams, the sentence's edges included, and pieces of words."""
    words = tokens(text)
    found = list(word_ngrams(["^", *words, "$"], 3))
    for word in words:
        found.extend(word_pieces(word))
    return found
