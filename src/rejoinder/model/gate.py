"""The cheap first reading of a mailbox: which mails are worth the whole model.

A linear model over words and pairs of words, learnt to tell mail about the
reader's own application from the rest of life. It reads text that nobody has
cleaned: markup is stripped, quotes and footers are still there. So it looks at
how a text begins, for every length it may have before the footers start, and
at every stretch of sixty words further down.

A `.gate` file is one line of JSON, then the words, and for each word and each
pair of words one signed byte. Nothing in it can run.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import accumulate, chain, repeat
from operator import sub
from pathlib import Path
from typing import Any

from rejoinder.errors import ModelError
from rejoinder.model.language import english_words, foreign_words
from rejoinder.model.scorer import sigmoid

FORMAT = 2
SUFFIX = ".gate"
MAX_BYTES = 4 * 1024 * 1024
#: Texts with fewer words are always read in full: that costs little, and little speaks for anything.
FEW = 40
#: Texts with fewer words than this have a threshold of their own: short noes say little that is typical.
SHORT = 60
#: How long the beginnings are that are looked at, in words: from FEW in steps up to this.
LONGEST = 400
STEP = 10
#: A stretch further down, in words.
STRETCH = 60
#: Texts shorter than this are scored as if they had so many words.
SHORTEST = 20
#: A mail whose best beginning is less than this above the threshold has barely passed. If the letter in it, as a
#: whole, is so far below the threshold, its beginning has passed by chance, as those of long mails do.
BARELY = 0.5
AGAINST = 1.2
#: English function words count one, those of other languages this: both are counted in one go.
_FOREIGN = 1 << 32

_STYLE = re.compile(r"<(style|script)\b.*?</\1|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_BETWEEN_TAGS = re.compile(r">([^<]+)")
#: What stands between words, or inside them unseen, beyond ASCII.
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_SIGNS = re.compile("[\u00a0-\u00bf\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u3000-\u303f]")
#: Letters in lower case, digits and what is beyond ASCII as they are, anything else a space.
_WORD_BYTES = bytes(
    byte + 32 if 65 <= byte <= 90 else byte if byte > 127 or chr(byte).isalnum() else 32
    for byte in range(256)
)
_REBUILD = "Reinstall rejoinder, or build it anew with `make model`."


def words_of(text: str) -> list[bytes]:
    """The words of a text as the gate counts them, in UTF-8: five times as fast as finding them with a pattern."""
    if not text.isascii():
        text = _SIGNS.sub(" ", _INVISIBLE.sub("", text)).lower()
    return text.encode("utf-8", "replace").translate(_WORD_BYTES).split()


def stripped(html: str) -> str:
    """The text of an HTML page, hidden passages included: no parser, just what stands between tags."""
    if "<style" in html or "<!--" in html or "<script" in html or "<STYLE" in html:
        html = _STYLE.sub(">", html)
    text = " ".join(_BETWEEN_TAGS.findall(f">{html}"))
    return unescape(text) if "&" in text else text


def running(weights: Iterable[float]) -> list[float]:
    """The running sum of the words' weights, at every tenth word and at the last."""
    sums = list(accumulate(weights))
    return sums[STEP - 1 :: STEP] + (sums[-1:] if len(sums) % STEP else [])


def best_beginning(sums: Sequence[float], count: int) -> tuple[float, int]:
    """The best score of a text's beginnings and where it ends, from the running sum over `count` words."""
    if count <= FEW:
        return (sums[-1] / math.sqrt(max(count, SHORTEST)) if count else 0.0), count
    ends = [*range(FEW, min(count, LONGEST) + 1, STEP), min(count, LONGEST)]
    return max([(sums[(end - 1) // STEP] / math.sqrt(end), end) for end in ends])


@dataclass(frozen=True, slots=True)
class Gate:
    """Tells what cannot be a rejection from what has to be read in full.

    `numbers` gives each known word its place in the lists, the last of which
    is that of all other words. `follows` holds for a word what each one behind
    it weighs, itself and the two as a pair; `unpaired` what any other weighs there.
    """

    numbers: dict[bytes, int]
    weights: list[float]
    unpaired: list[float]
    follows: list[dict[int, float]]
    function_words: list[int]
    card: dict[str, Any]

    def passes(self, texts: Sequence[str]) -> tuple[bool, float]:
        """Whether any of a mail's texts (as plain, as HTML) must be read in full, and a probability.

        The probability is that of being about an application at all: that of
        a rejection is lower.
        """
        best = -100.0
        for text in texts:
            numbers = self._judged(text)
            if numbers is None:
                return True, 1.0
            begins, stretch, _ = self._scores(numbers)
            if begins >= self._threshold(numbers) or stretch >= self.card["stretch"]:
                return True, sigmoid(max(begins, stretch))
            best = max(best, begins, stretch)
        return not texts, sigmoid(best)

    def passed_by_chance(self, letter: str, probability: float) -> bool:
        """Whether a mail that passed with a probability cannot be a rejection after all, by its cleaned letter.

        Nothing that is not the writer's stands in it any more, so that all of it counts.
        """
        if probability >= sigmoid(self.card["threshold"] + BARELY):
            return False
        numbers = self._judged(letter)
        if numbers is None:
            return False
        threshold = self._threshold(numbers)
        begins, stretch, whole = self._scores(numbers)
        return begins < threshold + BARELY and stretch < self.card["stretch"] and whole < threshold - AGAINST

    def _threshold(self, numbers: list[int]) -> float:
        threshold: float = self.card["short" if len(numbers) < SHORT else "threshold"]
        return threshold

    def _judged(self, text: str) -> list[int] | None:
        """The numbers of a text's words; None for what no gate may judge.

        That is what has few words, and what some reader, however it cleans
        the text, could take for another language.
        """
        words = words_of(text)
        if len(words) < FEW:
            return None
        numbers = list(map(self.numbers.get, words, repeat(len(self.numbers))))
        foreign, english = divmod(sum(map(self.function_words.__getitem__, numbers)), _FOREIGN)
        return numbers if english * 6 >= len(words) and foreign * 5 <= english else None

    def _scores(self, numbers: list[int]) -> tuple[float, float, float]:
        """The best score of the text's beginnings, that of any stretch of sixty words, and that of the whole."""
        card = self.card
        behind = numbers[1:]
        after = map(self.follows.__getitem__, numbers)
        first = self.weights[numbers[0]]
        sums = running(chain((first,), map(dict.get, after, behind, map(self.unpaired.__getitem__, behind))))
        intercept: float = card["intercept"]
        begins = best_beginning(sums, len(numbers))[0] + intercept
        tens = STRETCH // STEP
        stretch = max(map(sub, sums[tens:], sums), default=-math.inf)
        whole = sums[-1] / math.sqrt(max(len(numbers), SHORTEST)) + intercept
        return begins, stretch / math.sqrt(STRETCH) + intercept, whole


def pack(card: dict[str, Any], words: list[bytes], weights: bytes, pairs: array[int], paired: bytes) -> bytes:
    """The bytes of a gate file: `pairs` holds two indices into `words` for each byte of `paired`."""
    text = b"\n".join(words)
    payload = text + b"\n" + weights + _little_endian(pairs).tobytes() + paired
    head = {"format": FORMAT, **card, "words": len(words), "pairs": len(paired), "text": len(text)}
    head["sha256"] = hashlib.sha256(payload).hexdigest()
    return json.dumps(head).encode() + b"\n" + payload


def _little_endian(values: array[int]) -> array[int]:
    if sys.byteorder == "big":
        values = array(values.typecode, values)
        values.byteswap()
    return values


@lru_cache(maxsize=2)
def load(path: Path) -> Gate:
    """The gate in a file; loaded once a process.

    Raises ModelError when it is damaged or of another format.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ModelError(f"{path} is too large to be a gate.", _REBUILD)
        head, _, payload = path.read_bytes().partition(b"\n")
        card = json.loads(head)
        if card["format"] != FORMAT or hashlib.sha256(payload).hexdigest() != card["sha256"]:
            raise ModelError(f"{path} is damaged, or of another version.", _REBUILD)
        return _unpacked(card, payload)
    except OSError as error:
        raise ModelError(f"The gate {path} cannot be read: {error.strerror}.", _REBUILD) from error
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise ModelError(f"{path} is no gate of rejoinder's.", _REBUILD) from error


def _unpacked(card: dict[str, Any], payload: bytes) -> Gate:
    size, count, text = card["words"], card["pairs"], card["text"]
    words = payload[:text].split(b"\n")
    rest = payload[text + 1 :]
    if len(words) != size or len(rest) != size + 5 * count:
        raise ValueError
    #: One float object for each of the 256 weights there can be.
    values = {byte: (byte - 256 if byte > 127 else byte) * card["scale"] for byte in range(256)}
    function_words = {
        **dict.fromkeys(_in_bytes(foreign_words()).difference(words), _FOREIGN),
        **dict.fromkeys(_in_bytes(english_words()), 1),
    }
    others = sorted(function_words.keys() - set(words))
    weights = [*map(values.__getitem__, rest[:size]), *repeat(card["unknown word"], len(others) + 1)]
    nothing: dict[int, float] = {}
    follows = [nothing] * len(weights)
    pairs = _little_endian(array("H", rest[size : size + 4 * count]))
    for word, behind, value in zip(pairs[::2], pairs[1::2], rest[size + 4 * count :], strict=True):
        if follows[word] is nothing:
            follows[word] = {}
        follows[word][behind] = weights[behind] + values[value]
    return Gate(
        numbers={word: at for at, word in enumerate([*words, *others])},
        weights=weights,
        unpaired=[weight + card["unknown pair"] for weight in weights],
        follows=follows,
        function_words=[*(function_words.get(word, 0) for word in [*words, *others]), 0],
        card=card,
    )


def _in_bytes(words: frozenset[str]) -> frozenset[bytes]:
    return frozenset(word.encode() for word in words)
