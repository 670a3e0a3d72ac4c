"""An evaluation as text, JSON, or one HTML page that needs nothing else."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from typing import Any

from rejoinder.learn.evaluation import CANNOT_TELL
from rejoinder.learn.intervals import f1_interval, wilson
from rejoinder.learn.labelled import NOT_REJECTION
from rejoinder.learn.scores import REJECTION, Mistake, Report, Score
from rejoinder.output.pages import render_page
from rejoinder.output.text import WIDTH, printable
from rejoinder.types import Evidence, label_words

#: Mistakes shown where people read; JSON has them all.
SHOWN = 10
_KINDS = (REJECTION, NOT_REJECTION, CANNOT_TELL)
_SUBJECT = 60
_SENTENCE = 300


def as_text(report: Report, notes: Sequence[str] = ()) -> str:
    """The figures as tables, and the ten mistakes that the model was surest of."""
    lines = [
        f"{report.total} mails, {report.scores[REJECTION].there} of them rejections; model {report.model}"
    ]
    lines += [f"Note: {note}." for note in notes]
    lines += ["", f"{'':<18}{'precision':<18}{'recall':<18}{'F1':<18}{'there':>5}"]
    lines += [_score_line(name, score) for name, score in report.scores.items()]
    lines += [f"{'macro, labels':<54}{_figure(report.macro_f1, report.macro_interval)}"]
    lines += ["(in brackets: 95 % intervals)", "", "What it is (rows), and what was said (columns)"]
    lines += [*_grid(report.kinds, _KINDS[:2], _KINDS), ""]
    names = [*[name for name in report.scores if name != REJECTION], NOT_REJECTION, CANNOT_TELL]
    lines += [
        "By the most telling label",
        *_grid(report.labels, _used(report.labels, names, 0), _used(report.labels, names, 1)),
    ]
    lines += ["", "Probability of a rejection, and how often it was one"]
    lines += [
        f"  {one.low:.1f}-{one.high:.1f}  mean {one.mean:.2f}, true {one.share:.2f} of {one.mails}"
        for one in report.reliability
    ]
    lines += [f"  calibration error (mean gap) {report.calibration_error:.3f}", "", _stage(report)]
    return printable("\n".join([*lines, *_mistake_lines(report)])) + "\n"


def _score_line(name: str, score: Score) -> str:
    cells = [_figure(value, limits) if known else "-" for value, limits, known in _measures(score)]
    return f"{label_words(name):<18}" + "".join(f"{cell:<18}" for cell in cells) + f"{score.there:>5}"


def _measures(score: Score) -> list[tuple[float, tuple[float, float], bool]]:
    """Precision, recall and F1: value, interval, and whether there is anything to tell them from."""
    found = score.true + score.false
    return [
        (score.precision, wilson(score.true, found), found > 0),
        (score.recall, wilson(score.true, score.there), score.there > 0),
        (score.f1, f1_interval(score.true, score.false, score.missed), score.defined),
    ]


def _figure(value: float, limits: tuple[float, float]) -> str:
    return f"{value:.3f} ({limits[0]:.2f}-{limits[1]:.2f})"


def _used(counts: Counter[tuple[str, str]], names: Sequence[str], at: int) -> list[str]:
    return [name for name in names if any(pair[at] == name for pair in counts)]


def _grid(counts: Counter[tuple[str, str]], rows: Sequence[str], columns: Sequence[str]) -> list[str]:
    heads = [label_words(name) for name in columns]
    lines = [" " * 18 + "  ".join(heads)]
    for row in rows:
        cells = [
            f"{counts[row, column] or '.':>{len(head)}}" for column, head in zip(columns, heads, strict=True)
        ]
        lines.append(f"  {label_words(row):<16}" + "  ".join(cells))
    return lines


def _stage(report: Report) -> str:
    (right, known), (wrong, _) = report.stage_right, report.stage_wrong
    if not known:
        return "Stage: no example says how far the application had come"
    return (
        f"Stage: right {right / known:.2f}, wrong {wrong / known:.2f}, left open "
        f"{(known - right - wrong) / known:.2f} of the {known} rejections whose stage is known"
    )


def _mistake_lines(report: Report) -> list[str]:
    if not report.mistakes:
        return ["", "No mail was misjudged."]
    more = f", the {SHOWN} surest of {len(report.mistakes)}" if len(report.mistakes) > SHOWN else ""
    lines = ["", f"Mistakes{more}"]
    for number, mistake in enumerate(report.mistakes[:SHOWN], 1):
        shown = _mistake(mistake)
        lines.append(
            f"{number:>3}. {shown['where']}" + (f' "{shown["subject"]}"' if shown["subject"] else "")
        )
        lines.append(f"     is {shown['is']}; read as {shown['found']} (off by {mistake.weight:.2f})")
        for title, items in (("because of", mistake.evidence), ("overlooked", mistake.overlooked)):
            lines += [_quote(title, item) for item in items]
    return lines


def _quote(title: str, item: Evidence) -> str:
    text = f'{title}: "{item.text[:_SENTENCE]}" ({label_words(item.label)}, weight {item.weight:.1f})'
    return textwrap.fill(text, WIDTH, initial_indent="     ", subsequent_indent="       ")


def _mistake(mistake: Mistake) -> dict[str, str]:
    found = ", ".join(map(label_words, mistake.found)) or (
        "cannot tell" if mistake.cannot_tell else "no rejection"
    )
    there = ", ".join(label_words(name) for name in sorted(mistake.mail.labels)) or "no rejection"
    subject = " ".join(mistake.mail.subject.split())[:_SUBJECT]
    return {"where": mistake.mail.where, "subject": subject, "is": there, "found": found}


def as_record(report: Report, notes: Sequence[str] = ()) -> dict[str, Any]:
    """The report as one JSON object, with all mistakes."""
    (right, known), (wrong, _) = report.stage_right, report.stage_wrong
    return {
        "mails": report.total,
        "model": report.model,
        "notes": list(notes),
        "labels": {name: _score_record(score) for name, score in report.scores.items()},
        "macro_f1": {"value": round(report.macro_f1, 4), "interval": _rounded(report.macro_interval)},
        "rejection_confusion": _nested(report.kinds),
        "label_confusion": _nested(report.labels),
        "stage": {"known": known, "right": right, "wrong": wrong, "left_open": known - right - wrong},
        "calibration": {
            "error": round(report.calibration_error, 4),
            "bins": [
                {"from": one.low, "to": one.high, "mails": one.mails, "mean": round(one.mean, 4), "share": round(one.share, 4)}
                for one in report.reliability
            ],
        },
        "mistakes": [_mistake_record(mistake) for mistake in report.mistakes],
    }  # fmt: skip


def _score_record(score: Score) -> dict[str, Any]:
    """Counts and figures of a label; a figure that there is nothing to tell from is null."""
    figures = zip(("precision", "recall", "f1"), _measures(score), strict=True)
    return {
        "true": score.true,
        "false": score.false,
        "missed": score.missed,
        **{
            name: {"value": round(value, 4), "interval": _rounded(limits)} if known else None
            for name, (value, limits, known) in figures
        },
    }


def _rounded(limits: tuple[float, float]) -> list[float]:
    return [round(limit, 4) for limit in limits]


def _nested(counts: Counter[tuple[str, str]]) -> dict[str, dict[str, int]]:
    out: dict[str, dict[str, int]] = {}
    for (there, found), count in sorted(counts.items()):
        out.setdefault(there, {})[found] = count
    return out


def _mistake_record(mistake: Mistake) -> dict[str, Any]:
    return {
        "where": mistake.mail.where,
        "subject": mistake.mail.subject or None,
        "labels": sorted(mistake.mail.labels),
        "found": None if mistake.cannot_tell else list(mistake.found),
        "weight": round(mistake.weight, 4),
        "evidence": [_evidence(item) for item in mistake.evidence],
        "overlooked": [_evidence(item) for item in mistake.overlooked],
    }


def _evidence(item: Evidence) -> dict[str, Any]:
    return {"label": item.label, "text": item.text, "weight": item.weight}


def as_html(report: Report, notes: Sequence[str] = ()) -> str:
    """The report as a page with plots: no scripts, nothing loaded from elsewhere, every text escaped."""
    names = [*[name for name in report.scores if name != REJECTION], NOT_REJECTION, CANNOT_TELL]
    page = render_page(
        "evaluation.html.j2",
        report=report,
        notes=notes,
        scores={name: (score, _measures(score)) for name, score in report.scores.items()},
        kinds=(_KINDS[:2], _KINDS),
        labels=(_used(report.labels, names, 0), _used(report.labels, names, 1)),
        stage=_stage(report),
        mistakes=[(_mistake(one), one) for one in report.mistakes[:SHOWN]],
    )
    return printable(page)
