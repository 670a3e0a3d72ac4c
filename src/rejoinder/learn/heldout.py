"""What a kept model said of the mails it was taught while they were held out: to ask it again would flatter it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from rejoinder.learn.checking import text_key
from rejoinder.learn.labelled import LabelledMail
from rejoinder.model.card import own_labels
from rejoinder.model.scorer import MAX_BYTES, Scorer
from rejoinder.types import Label

SUFFIX = ".held-out"


def as_bytes(mails: Sequence[LabelledMail], held_out: Sequence[frozenset[str]]) -> bytes:
    """The file of what a model said of mails while they were held out."""
    said = {_short(mail): sorted(labels) for mail, labels in zip(mails, held_out, strict=True)}
    return (json.dumps(said, separators=(",", ":")) + "\n").encode()


def _short(mail: LabelledMail) -> str:
    return text_key(mail.text).hex()[:32]


def recorded(model: Path, scorer: Scorer, mails: Sequence[LabelledMail]) -> list[frozenset[str] | None]:
    """What a kept model said of mails that it was trained on, while they were held out; None for all others."""
    path = model.with_suffix(SUFFIX)
    known = {*(label.value for label in Label), *own_labels(scorer.card)}
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            return [None] * len(mails)
        said = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return [None] * len(mails)
    if not isinstance(said, dict):
        return [None] * len(mails)
    found = (said.get(_short(mail)) for mail in mails)
    return [frozenset(map(str, one)) & known if isinstance(one, list) else None for one in found]
