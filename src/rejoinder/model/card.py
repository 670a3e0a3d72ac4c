"""A model's card, believed only after every number in it was looked at.

A card comes from a file that anybody may have written. What scoring will
read from it is checked here: names, widths, ranges, and that numbers are
numbers, so that a bad card is refused in one line and never while scoring.
"""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from typing import Any

from rejoinder.errors import ModelError
from rejoinder.model.context import HEAVIEST
from rejoinder.model.context import width as surrounding
from rejoinder.model.functions import IN_CONTEXT, OUTPUTS
from rejoinder.types import Label, Stage

FORMAT = 2
#: A card is some ten kilobytes; far more is no card, and is not even read.
MAX_CARD_BYTES = 1024 * 1024
#: Labels of the user's own that one model may have.
MAX_OWN = 16
REINSTALL = (
    "Go back to the shipped model (`rejoinder model use rejoinder-en`), or choose another with --model."
)
#: Heads that answer yes or no, each with a threshold; `stage` has a row for every stage.
ASKED = ("rejection", *(label.value for label in Label if label != Label.HARD_NO))

_OWN = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NAME = re.compile(r"[\w.-]{1,80}")
_HASH = re.compile(r"[0-9a-f]{64}")
#: No weight or scale of a model that was trained comes near; sums of such cannot overflow.
_LARGEST = 1e6
_KINDS = {int, float}


def read_card(path: Path, width: int, per_own: int) -> dict[str, Any]:
    """The card in `path`, checked; heads may read `width` pooled numbers, and `per_own` more for each own label.

    Raises ModelError, with what is wrong, for anything but a whole card of
    this format.
    """
    card = _parsed(path)
    if not isinstance(card, dict) or card.get("format") != FORMAT or isinstance(card["format"], bool):
        raise ModelError(f"{path} is no model card of format {FORMAT}.", REINSTALL)
    wrong = _wrong(card, width, per_own)
    if wrong:
        raise ModelError(f"The model card {path} is damaged: {wrong}.", REINSTALL)
    return card


def card_bytes(card: dict[str, Any]) -> bytes:
    """A card as its file holds it."""
    return (json.dumps(card, indent=1) + "\n").encode()


def own_labels(card: dict[str, Any]) -> tuple[str, ...]:
    """The labels that a user taught beside the five; none for the shipped model."""
    return tuple(card["outputs"][len(OUTPUTS) :])


def is_own_label(name: str) -> bool:
    """Whether a name can be a label of the user's own: short, plain, and not taken."""
    taken = {*OUTPUTS, *ASKED, *(label.value for label in Label), "stage", "not_rejection", "cannot_tell"}
    return bool(_OWN.fullmatch(name)) and name not in taken


def _parsed(path: Path) -> object:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ModelError(f"{path} is not a file, so no model card.", REINSTALL)
        if status.st_size > MAX_CARD_BYTES:
            raise ModelError(f"{path} is too large to be a model card.", REINSTALL)
        with path.open("rb") as file:
            return json.loads(file.read(MAX_CARD_BYTES), parse_constant=_refuse)
    except OSError as error:
        raise ModelError(f"The model card {path} cannot be read: {error.strerror}.", REINSTALL) from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"The model card {path} is damaged: it is not JSON.", REINSTALL) from error


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number")


def _wrong(card: dict[str, Any], width: int, per_own: int) -> str:
    """What is wrong with a card, or nothing."""
    outputs = card.get("outputs")
    if not isinstance(outputs, list) or outputs[: len(OUTPUTS)] != list(OUTPUTS):
        return "its outputs are those of another version"
    own = outputs[len(OUTPUTS) :]
    if len(own) > MAX_OWN or len(set(map(str, own))) != len(own) or not all(map(_is_own, own)):
        return "its own labels cannot be"
    if not _text(card.get("name"), _NAME) or not _text(card.get("sha256"), _HASH):
        return "it has no name or no sha256"
    for name in ("scales", "intercepts"):
        if not _numbers(card.get(name), len(outputs)):
            return f"its {name} are not {len(outputs)} numbers"
    asked = (*ASKED, *own)
    thresholds = card.get("thresholds")
    if not isinstance(thresholds, dict) or not all(_share(thresholds.get(name)) for name in asked):
        return "its thresholds are not numbers between 0 and 1"
    if not _rows(card.get("context"), len(IN_CONTEXT), surrounding(len(OUTPUTS)), HEAVIEST):
        return "its second reading has wrong weights"
    heads = card.get("heads")
    if not isinstance(heads, dict):
        return "it has no heads"
    rows = {**dict.fromkeys(asked, 1), "stage": len(Stage)}
    bad = [name for name in rows if not _head(heads.get(name), rows[name], width + per_own * len(own))]
    return f"its head {bad[0]} is missing or has wrong inputs or weights" if bad else ""


def _head(head: object, rows: int, width: int) -> bool:
    if not isinstance(head, dict):
        return False
    inputs = head.get("inputs")
    return (
        isinstance(inputs, list)
        and len(inputs) <= width
        and all(type(at) is int and 0 <= at < width for at in inputs)
        and _rows(head, rows, len(inputs))
    )


def _rows(part: object, rows: int, width: int, below: float = _LARGEST) -> bool:
    """Whether a part of a card has so many rows of weights in range, each of this width, and an intercept for each."""
    if not isinstance(part, dict):
        return False
    weights = part.get("weights")
    return (
        isinstance(weights, list)
        and len(weights) == rows
        and all(_numbers(row, width, below) for row in weights)
        and _numbers(part.get("intercepts"), rows)
    )


def _numbers(values: object, count: int, below: float = _LARGEST) -> bool:
    """Whether these are so many numbers in range; NaN cannot be among them, it was refused while parsing."""
    if not isinstance(values, list) or len(values) != count or not set(map(type, values)) <= _KINDS:
        return False
    return not values or (max(values) < below and min(values) > -below)


def _share(value: object) -> bool:
    return type(value) is float and 0 < value < 1


def _text(value: object, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_own(name: object) -> bool:
    return isinstance(name, str) and is_own_label(name)
