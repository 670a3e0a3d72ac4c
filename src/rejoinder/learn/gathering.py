"""All of a user's examples for one training: the files named, and what they corrected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rejoinder.errors import ExamplesError
from rejoinder.learn.checking import distinct, text_key
from rejoinder.learn.examples import read_examples
from rejoinder.learn.labelled import LabelledMail, own_names
from rejoinder.learn.lots import NEEDED
from rejoinder.model.card import is_own_label
from rejoinder.resources import corrections_path


@dataclass(frozen=True)
class Gathered:
    """Labelled mails, the labels among them that are to be taught beside the five, and what is worth saying."""

    mails: tuple[LabelledMail, ...]
    own: tuple[str, ...]
    notes: tuple[str, ...]


def gather(
    paths: Sequence[Path], wanted: Collection[str], known: Collection[str],
    *, skip_bad: bool = False, corrections: Path | None = None, with_corrected: bool = True,
) -> Gathered:  # fmt: skip
    """The examples in all paths, and the user's corrections, which go before them where both name a mail.

    `wanted` are own labels to teach, `known` others that may occur, and are
    taught where they do often enough. Raises ExamplesError with all
    problems, unless `skip_bad` leaves out the mails that have one.
    """
    asked = own_names(wanted)
    allowed = (*asked, *(name for name in known if name not in asked))
    notes: list[str] = []
    mails: list[LabelledMail] = []
    for path in paths:
        found = read_examples(path, skip_bad=skip_bad, extra_labels=allowed, corrections=corrections)
        mails.extend(found.mails)
        notes += found.notes
    mails, problems, repeated = distinct(mails)
    if problems and not skip_bad:
        raise ExamplesError(
            f"{len(problems)} of the same mails are labelled in two ways, so nothing was used.",
            "Correct them, or leave these mails out with --skip-bad.", tuple(map(str, problems)),
        )  # fmt: skip
    if repeated:
        notes.append(f"{repeated} mails stand in more than one file, and count once")
    if with_corrected:
        mails = _with_corrected(mails, paths, allowed, notes)
    if not mails:
        raise ExamplesError(
            "There is nothing to learn from.", "Name labelled examples, or correct some mails first."
        )
    mails, others = _taught_again(mails, asked, notes)
    return Gathered(tuple(mails), (*asked, *others), tuple(notes))


def _taught_again(
    mails: list[LabelledMail], asked: Collection[str], notes: list[str]
) -> tuple[list[LabelledMail], list[str]]:
    """The mails, and the own labels that occur in them without being asked for; those too rare to teach are taken off."""
    counts = Counter(label for mail in mails for label in mail.labels)
    others = [name for name in counts if name not in asked and is_own_label(name)]
    rejections = sum(bool(mail.labels) for mail in mails)
    rare = [name for name in others if not NEEDED <= counts[name] <= rejections - NEEDED]
    notes += [
        f"{name} is not taught: {counts[name]} of {rejections} rejections have it, and {NEEDED} with and without are needed"
        for name in rare
    ]
    kept = [replace(mail, labels=mail.labels.difference(rare)) for mail in mails]
    return kept, [name for name in others if name not in rare]


def _with_corrected(
    mails: list[LabelledMail], paths: Sequence[Path], allowed: Collection[str], notes: list[str]
) -> list[LabelledMail]:
    journal = corrections_path()
    if not journal.is_file() or any(path.exists() and path.samefile(journal) for path in paths):
        return mails
    try:
        corrected = read_examples(journal, skip_bad=True, extra_labels=allowed)
    except ExamplesError:
        return mails
    said = {text_key(mail.text) for mail in corrected.mails}
    count = len(corrected.mails)
    notes.append(
        f"{count} mails that you corrected are learnt from"
        if count > 1
        else "1 mail that you corrected is learnt from"
    )
    return [*(mail for mail in mails if text_key(mail.text) not in said), *corrected.mails]
