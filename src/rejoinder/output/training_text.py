"""A training as a table and a sentence, or as one JSON object."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from rejoinder.learn.comparison import Comparison, Line
from rejoinder.learn.scores import REJECTION
from rejoinder.learn.teaching import Taught
from rejoinder.output.text import printable
from rejoinder.types import Label, label_words

#: Mistakes shown where people read; JSON has them all.
SHOWN = 5
_SUBJECT = 40
#: The F1 below which a label cannot be said to be known.
_KNOWN = 0.3
_HEAD = f"{'':<16}{'mails':>6}  {'F1 before':<18}{'F1 after':<18}change"


def as_text(taught: Taught) -> str:
    """Both comparisons with 95 % intervals, what they come to, and what was done."""
    trained, name = taught.trained, taught.name
    lines = ["Your mails, each held out while the model learnt from the others:", *_table(trained.mine)]
    lines += [
        "",
        "Shipped mails that were not learnt from:",
        *_table(trained.shipped),
        "",
        *_mistakes(taught),
    ]
    lines += [trained.sentence, *_hardly(trained.mine)]
    if taught.in_force:
        lines.append(f"{name} is in force now. To go back: rejoinder model use {taught.before}")
    else:
        lines.append(
            f"{name} is kept aside, not in force: {taught.aside}. To use it all the same: rejoinder model use {name}"
        )
    return printable("\n".join(lines)) + "\n"


def _table(comparison: Comparison) -> list[str]:
    return [_HEAD, *map(_line, comparison.lines), _line(comparison.mean)]


def _hardly(comparison: Comparison) -> list[str]:
    """The user's own labels that the new model does not recognise in mails that it was not shown."""
    five = {REJECTION, *(label.value for label in Label)}
    names = [line.label for line in comparison.lines if line.label not in five and line.after < _KNOWN]
    return [
        f"It hardly recognises {label_words(name)} yet: show it more mails that have it." for name in names
    ]


def _mistakes(taught: Taught) -> list[str]:
    """The first mails that the new model got wrong while they were held out."""
    wrong = taught.mistakes
    if not wrong:
        return []
    lines = [f"Wrong while held out, {len(wrong)} of {taught.trained.mine.mails} of your mails:"]
    for mail, found in wrong[:SHOWN]:
        subject = f' "{" ".join(mail.subject.split())[:_SUBJECT]}"' if mail.subject else ""
        lines.append(f"  {mail.where}{subject}: is {_names(mail.labels)}; read as {_names(found)}")
    more = len(wrong) - SHOWN
    return [*lines, *([f"  and {more} more (all of them: --format json)"] if more > 0 else []), ""]


def _names(labels: Collection[str]) -> str:
    order = [label.value for label in Label]
    known = [name for name in order if name in labels]
    return ", ".join(map(label_words, [*known, *sorted(set(labels).difference(order))])) or "no rejection"


def _line(line: Line) -> str:
    low, high = line.change_range
    return (
        f"{label_words(line.label):<16}{line.there:>6}  {_figure(line.before, line.before_range):<18}"
        f"{_figure(line.after, line.after_range):<18}{line.change:+.2f} ({low:+.2f} to {high:+.2f})"
    )


def _figure(value: float, limits: tuple[float, float]) -> str:
    return f"{value:.2f} ({limits[0]:.2f}-{limits[1]:.2f})"


def as_record(taught: Taught) -> dict[str, Any]:
    """All figures under their names."""
    trained = taught.trained
    return {
        "model": taught.name,
        "path": str(taught.path),
        "in_force": taught.in_force,
        "aside": taught.aside or None,
        "before": taught.before,
        "outcome": trained.outcome.value,
        "sentence": trained.sentence,
        "notes": list(taught.notes),
        "yours": asdict(trained.mine),
        "shipped": asdict(trained.shipped),
        "mistakes": [
            {
                "where": mail.where,
                "subject": mail.subject or None,
                "labels": sorted(mail.labels),
                "found": sorted(found),
            }
            for mail, found in taught.mistakes
        ],
    }
