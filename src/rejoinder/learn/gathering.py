"""All of a user's examples for one training: the files named, and what they corrected."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from rejoinder.errors import ExamplesError
from rejoinder.learn.checking import distinct, text_key
from rejoinder.learn.examples import read_examples
from rejoinder.learn.labelled import LabelledMail, normal
from rejoinder.model.card import MAX_OWN, is_own_label
from rejoinder.resources import corrections_path
from rejoinder.types import Label


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

    `wanted` are own labels to teach, `known` those that the model in force has
    and that are taught again where they occur. Raises ExamplesError with all
    problems, unless `skip_bad` leaves out the mails that have one.
    """
    asked = own_names(wanted)
    allowed = (*asked, *(name for name in known if name not in asked))
    notes: list[str] = []
    mails: list[LabelledMail] = []
    for path in paths:
        found = read_examples(path, skip_bad=skip_bad, extra_labels=allowed, corrections=corrections)
        mails.extend(found.mails)
        notes += [
            *found.notes,
            *([f"{len(found.problems)} examples with a problem were left out"] if found.problems else []),
        ]
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
    there = {label for mail in mails for label in mail.labels}
    return Gathered(
        tuple(mails), (*asked, *(name for name in known if name in there and name not in asked)), tuple(notes)
    )


def own_names(names: Collection[str]) -> tuple[str, ...]:
    """Own labels as they are written inside; the five are no own labels.

    Raises ExamplesError for what cannot be one.
    """
    own = [name for name in dict.fromkeys(map(normal, names)) if name not in set(Label)]
    for name in own:
        if not is_own_label(name):
            raise ExamplesError(
                f"{name!r} cannot be a label of your own.",
                "Use a word or two in plain letters, such as salary or visa_needed.",
            )
    if len(own) > MAX_OWN:
        raise ExamplesError(
            f"{len(own)} labels of your own are too many for one model.", f"Teach up to {MAX_OWN}."
        )
    return tuple(own)


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
    notes.append(f"{len(corrected.mails)} mails that you corrected are learnt from, too")
    return [*(mail for mail in mails if text_key(mail.text) not in said), *corrected.mails]
