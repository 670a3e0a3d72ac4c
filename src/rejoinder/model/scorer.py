"""The exported model, read with the standard library alone.

A model is two files. The `.bin` holds, little-endian: the magic `RJM1`, the
number of rows and of outputs (uint32 each), the rows' sorted 64-bit n-gram
hashes, and for every row one int8 weight per output. The `.json` card beside
it holds the scales, the small second level, and where all of it came from.
Nothing in either can run, so a model file is safe to share.
"""

from __future__ import annotations

import hashlib
import json
import math
import mmap
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rejoinder.errors import ModelError
from rejoinder.model.context import SecondReading
from rejoinder.model.features import sentence_ngrams
from rejoinder.model.functions import IN_CONTEXT, OUTPUTS, signals_of
from rejoinder.model.rows import Rows

MAGIC = b"RJM1"
FORMAT = 2
_HEADER = 12
#: Far above any model we train; a file that claims more is refused before anything is read.
MAX_BYTES = 64 * 1024 * 1024
#: A logit above this says nothing more.
HIGHEST = 5.0
#: So many sentences are remembered: a third of those in mailboxes are not read for the first time.
MAX_SENTENCES = 128

_REINSTALL = "Reinstall rejoinder, train anew with `make model`, or choose another with --model."


def pool(signals: list[list[float]]) -> list[float]:
    """What a letter's sentences say together: two numbers per signal, and the letter's length.

    First the probability of the sentence where the signal is highest; then a
    soft count, log(1 + sum of exp(logit)), which grows when several sentences
    agree. Last, log(1 + sentences): in a long text something always sounds
    like something.
    """
    pooled: list[float] = []
    exp = math.exp
    for column in zip(*signals, strict=True):
        pooled.append(sigmoid(max(column)))
        pooled.append(math.log1p(sum([exp(value if value < HIGHEST else HIGHEST) for value in column])))
    pooled.append(math.log1p(len(signals)))
    return pooled


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
        """What the sentences of a letter, given by their logits, say together: see `pool`."""
        return pool(list(map(signals_of, logits, self.context.of(logits))))

    def head(self, name: str, pooled: list[float]) -> list[float]:
        """Decision values of a second-level head (one per class; one alone for yes or no)."""
        head = self.card["heads"][name]
        return [
            start + sum([weight * pooled[at] for weight, at in zip(row, head["inputs"], strict=True)])
            for row, start in zip(head["weights"], head["intercepts"], strict=True)
        ]


def load(path: Path) -> Scorer:
    """The scorer in `path` (the `.bin`, the card, or their common name without ending).

    Raises ModelError when a file is missing, damaged, or of another format;
    nothing is allocated or trusted before sizes and the sha256 are checked.
    """
    binary, card_path = path.with_suffix(".bin"), path.with_suffix(".json")
    card = _card(card_path)
    try:
        size = os.stat(binary).st_size
        if not binary.is_file() or not _HEADER < size <= MAX_BYTES:
            raise ModelError(f"{binary} is not a model file.", _REINSTALL)
        with binary.open("rb") as file:
            data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except OSError as error:
        raise ModelError(f"The model {binary} cannot be read: {error.strerror}.", _REINSTALL) from error
    if hashlib.sha256(data).hexdigest() != card.get("sha256"):
        raise ModelError(f"{binary} is damaged: it does not match its card.", _REINSTALL)
    rows = int.from_bytes(data[4:8], "little")
    outputs = int.from_bytes(data[8:12], "little")
    if bytes(data[:4]) != MAGIC or size != _HEADER + rows * (8 + outputs) or outputs != len(OUTPUTS):
        raise ModelError(f"{binary} is no rejoinder model of format {FORMAT}.", _REINSTALL)
    end_of_keys = _HEADER + 8 * rows
    return Scorer(card, data[_HEADER:end_of_keys].cast("Q"), data[end_of_keys:].cast("b"))


def _card(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ModelError(f"{path} is too large to be a model card.", _REINSTALL)
        card = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ModelError(f"The model {path} cannot be read: {error.strerror}.", _REINSTALL) from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"The model card {path} is damaged.", _REINSTALL) from error
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        raise ModelError(f"{path} is no model card of format {FORMAT}.", _REINSTALL)
    missing = {"name", "sha256", "outputs", "scales", "intercepts", "context", "heads", "thresholds"} - set(
        card
    )
    if (
        missing
        or card["outputs"] != list(OUTPUTS)
        or len(card["scales"]) != len(OUTPUTS)
        or len(card["context"]["weights"]) != len(IN_CONTEXT)
    ):
        raise ModelError(f"The model card {path} is incomplete.", _REINSTALL)
    return card
