"""A training as a table and a sentence, or as one JSON object."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rejoinder.learn.comparison import Comparison, Line
from rejoinder.learn.teaching import Taught
from rejoinder.output.text import printable
from rejoinder.types import label_words

_HEAD = f"{'':<16}{'mails':>6}  {'F1 before':<18}{'F1 after':<18}change"


def as_text(taught: Taught) -> str:
    """Both comparisons with 95 % intervals, what they come to, and what was done."""
    trained, name = taught.trained, taught.name
    lines = ["Your mails, each held out while the model learnt from the others:", *_table(trained.mine)]
    lines += ["", "Shipped mails that were not learnt from:", *_table(trained.shipped), "", trained.sentence]
    if taught.in_force:
        lines.append(f"{name} is in force now. To go back: rejoinder model use {taught.before}")
    else:
        lines.append(
            f"{name} is kept aside, not in force. To use it all the same: rejoinder model use {name}"
        )
    return printable("\n".join(lines)) + "\n"


def _table(comparison: Comparison) -> list[str]:
    return [_HEAD, *map(_line, comparison.lines), _line(comparison.mean)]


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
        "before": taught.before,
        "outcome": trained.outcome.value,
        "sentence": trained.sentence,
        "notes": list(taught.notes),
        "yours": asdict(trained.mine),
        "shipped": asdict(trained.shipped),
    }
