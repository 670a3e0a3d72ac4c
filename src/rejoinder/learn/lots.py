"""A user's mails ready to learn from: read as they will be read, enough of each label, and dealt out in folds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rejoinder.errors import ExamplesError, RejoinderError
from rejoinder.learn.grouping import grouped_folds, near_copies
from rejoinder.learn.labelled import LabelledMail
from rejoinder.learn.sheets import Bools, Ints, Sheet
from rejoinder.mail.cleaning import clean
from rejoinder.mail.parsing import parse
from rejoinder.model.language import detect
from rejoinder.model.sentences import split
from rejoinder.types import Label, Message

#: Folds, and how many mails there must be: of a label that is new, on either side, and in all.
FOLDS = 5
#: From this many mails on, fewer folds tell as much in less time.
MANY = 500
_FOLDS_OF_MANY = 3
NEEDED = 8
FEWEST = 10

Labels = frozenset[str]


@dataclass(frozen=True)
class Lot:
    """A user's mails, ready to learn from: labels, sentences, and the fold that each is held out in."""

    labels: tuple[Labels, ...]
    sheet: Sheet
    readable: Bools
    folds: Ints
    own: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def rejections(self) -> Bools:
        """Which of the mails are rejections."""
        return np.array([bool(one) for one in self.labels])


def prepare(mails: Sequence[LabelledMail], own: Sequence[str], *, from_scratch: bool = False) -> Lot:
    """The mails as sentences and folds.

    Raises ExamplesError, saying what is missing, where they are too few to
    learn from and to check what was learnt.
    """
    labels = tuple(mail.labels for mail in mails)
    notes = _too_few(labels, own, from_scratch)
    texts = [_spoken(mail) for mail in mails]
    readable = np.array([detect(text) == "en" for text in texts])
    strange = int((~readable).sum())
    if strange:
        notes.append(
            f"{strange} of {len(mails)} mails are not in English, which is all that the model reads."
        )
    groups = near_copies(texts)
    folds = grouped_folds(groups, labels, FOLDS if len(mails) < MANY else _FOLDS_OF_MANY)
    if folds.max() == 0:
        raise ExamplesError(
            "All examples are near-copies of one another, so nothing could be held out to check by.",
            "Add mails of other senders.",
        )
    return Lot(labels, Sheet.of(map(split, texts)), readable, folds, tuple(own), tuple(notes))


def _spoken(mail: LabelledMail) -> str:
    """What the writer said, as classification will read it; nothing where nothing is left."""
    for read in (parse, Message.from_text):  # a first line such as "To: all" need not be a header
        try:
            return clean(read(mail.text)).text
        except RejoinderError:
            continue
    return ""


def _too_few(labels: Sequence[Labels], own: Sequence[str], from_scratch: bool) -> list[str]:
    """What is said about labels with few mails; raises ExamplesError where those are too few to go on."""
    counts = {name: sum(name in one for one in labels) for name in (*(label.value for label in Label), *own)}
    rejections = sum(map(bool, labels))
    missing = [
        f"{name}: {_mails(counts[name])}, needs at least {NEEDED}" for name in own if counts[name] < NEEDED
    ]
    missing += [
        f"without {name}: {_mails(rejections - counts[name])}, needs at least {NEEDED}"
        for name in own
        if counts[name] >= NEEDED > rejections - counts[name]
    ]
    if from_scratch:
        both = {"rejection": rejections, "not_rejection": len(labels) - rejections}
        missing += [
            f"{name}: {_mails(count)}, needs at least {NEEDED}"
            for name, count in both.items()
            if count < NEEDED
        ]
    if len(labels) < FEWEST:
        missing.insert(0, f"all together: {_mails(len(labels))}, needs at least {FEWEST}")
    if missing:
        raise ExamplesError(
            f"Too few examples: {'; '.join(missing)}.",
            "Label more (`rejoinder label`)" + (", or leave the label out." if own else "."),
        )
    few = [f"{name} {count}" for name, count in counts.items() if name not in own and 0 < count < NEEDED]
    return (
        [f"Few of your mails have these labels, so their figures say little: {', '.join(few)}."]
        if few
        else []
    )


def _mails(count: int) -> str:
    return "1 mail" if count == 1 else f"{count} mails"
