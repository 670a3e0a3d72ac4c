"""The exported model, read with the standard library alone.

A model is two files. The `.bin` holds, little-endian: the magic `RJM1`, the
number of rows and of outputs (uint32 each), the rows' sorted 64-bit n-gram
hashes, and for every row one int8 weight per output. The `.json` card beside
it holds the scales, the small second level, and where all of it came from.
Nothing in either can run, so a model file is safe to share.
"""

from __future__ import annotations

import hashlib
import math
import mmap
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rejoinder.errors import ModelError
from rejoinder.model.card import FORMAT, REINSTALL, own_labels, read_card
from rejoinder.model.context import SecondReading
from rejoinder.model.features import sentence_ngrams
from rejoinder.model.functions import OUTPUTS, SIGNALS, signals_of
from rejoinder.model.rows import Rows

MAGIC = b"RJM1"
_HEADER = 12
#: Far above any model we train; a file that claims more is refused before anything is read.
MAX_BYTES = 64 * 1024 * 1024
#: A logit above this says nothing more.
HIGHEST = 5.0
#: Pooled numbers for each label of the user's own.
PER_OWN = 2
#: So many sentences are remembered: a third of those in mailboxes are not read for the first time.
MAX_SENTENCES = 128


def pool(signals: list[list[float]]) -> list[float]:
    """What a letter's sentences say together: two numbers per signal, and the letter's length.

    First the probability of the sentence where the signal is highest; then a
    soft count, log(1 + sum of exp(logit)), which grows when several sentences
    agree. Last, log(1 + sentences): in a long text something always sounds
    like something.
    """
    pooled: list[float] = []
    for column in zip(*signals, strict=True):
        pooled += both(column)
    pooled.append(math.log1p(len(signals)))
    return pooled


def both(column: tuple[float, ...]) -> tuple[float, float]:
    """The two numbers of `pool` for one signal, from its logits in a letter's sentences."""
    highest = max(column)
    if highest > HIGHEST:
        column = tuple([min(value, HIGHEST) for value in column])
    return sigmoid(highest), math.log1p(sum(map(math.exp, column)))


def sigmoid(value: float) -> float:
    """The logistic function, without overflow."""
    return 1 / (1 + math.exp(-value)) if value > -700 else 0.0


@dataclass(frozen=True, slots=True)
class Scorer:
    """Scores sentences and letters as the scikit-learn pipeline that was exported does."""

    card: dict[str, Any]
    keys: memoryview
    weights: memoryview
    rows: Rows = field(init=False, repr=False, compare=False)
    context: SecondReading = field(init=False, repr=False, compare=False)
    sentences: dict[str, list[float]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", Rows(self.keys, self.weights, len(self.card["outputs"])))
        context = self.card["context"]
        object.__setattr__(self, "context", SecondReading(context["weights"], context["intercepts"]))

    @property
    def own_labels(self) -> tuple[str, ...]:
        """The labels that its user taught beside the five."""
        return own_labels(self.card)

    @property
    def id(self) -> str:
        """Name and first digits of the hash, such as `rejoinder-en 1a2b3c4d`."""
        return f"{self.card['name']} {self.card['sha256'][:8]}"

    def sentence_logits(self, sentence: str) -> list[float]:
        """One logit per sentence function, in the order of the card's `outputs`."""
        known = self.sentences.get(sentence)
        if known is None:
            if len(self.sentences) >= MAX_SENTENCES:
                self.sentences.clear()
            known = self.sentences[sentence] = self._logits(sentence)
        return known

    def _logits(self, sentence: str) -> list[float]:
        ngrams = sentence_ngrams(sentence)
        total = self.rows.total(ngrams)
        scale = 1 / math.sqrt(max(ngrams.number, 1))
        return [
            value * unit * scale + start
            for value, unit, start in zip(total, self.card["scales"], self.card["intercepts"], strict=True)
        ]

    def pooled(self, logits: list[list[float]]) -> list[float]:
        """What the sentences of a letter say together: `pool`, then two numbers for each label of the user's own."""
        known = [row[: len(OUTPUTS)] for row in logits]
        own = zip(*(row[len(OUTPUTS) :] for row in logits), strict=True)
        return [
            *pool(list(map(signals_of, known, self.context.of(known)))),
            *(value for column in own for value in both(column)),
        ]

    def head(self, name: str, pooled: list[float]) -> list[float]:
        """Decision values of a second-level head (one per class; one alone for yes or no)."""
        head = self.card["heads"][name]
        return [
            start + sum([weight * pooled[at] for weight, at in zip(row, head["inputs"], strict=True)])
            for row, start in zip(head["weights"], head["intercepts"], strict=True)
        ]


def pack(keys: bytes, weights: bytes, outputs: int) -> bytes:
    """The bytes of a `.bin` file: sorted keys, eight bytes each, and for each so many bytes of weights."""
    return MAGIC + (len(keys) // 8).to_bytes(4, "little") + outputs.to_bytes(4, "little") + keys + weights


def load(path: Path) -> Scorer:
    """The scorer in `path` (the `.bin`, the card, or their common name without ending).

    Raises ModelError when a file is missing, damaged, or of another format;
    nothing is allocated or trusted before sizes and the sha256 are checked.
    """
    stem = path.with_suffix("") if path.suffix in (".bin", ".json") else path
    binary, card_path = stem.with_name(f"{stem.name}.bin"), stem.with_name(f"{stem.name}.json")
    card = read_card(card_path, 2 * len(SIGNALS) + 1, PER_OWN)
    data = _mapped(binary)
    if hashlib.sha256(data).hexdigest() != card["sha256"]:
        raise ModelError(f"{binary} is damaged: it does not match its card.", REINSTALL)
    rows = int.from_bytes(data[4:8], "little")
    outputs = int.from_bytes(data[8:12], "little")
    whole = len(data) == _HEADER + rows * (8 + outputs) and outputs == len(card["outputs"])
    if bytes(data[:4]) != MAGIC or not whole:
        raise ModelError(f"{binary} is no rejoinder model of format {FORMAT}.", REINSTALL)
    end_of_keys = _HEADER + 8 * rows
    return Scorer(card, data[_HEADER:end_of_keys].cast("Q"), data[end_of_keys:].cast("b"))


def _mapped(binary: Path) -> memoryview:
    """The bytes of the weights, none of them read yet; refused by kind and size before they are mapped."""
    try:
        status = binary.stat()
        if not stat.S_ISREG(status.st_mode) or not _HEADER < status.st_size <= MAX_BYTES:
            raise ModelError(f"{binary} is not a model file.", REINSTALL)
        with binary.open("rb") as file:
            return memoryview(mmap.mmap(file.fileno(), status.st_size, access=mmap.ACCESS_READ))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise ModelError(f"The model {binary} cannot be read: {why}.", REINSTALL) from error
