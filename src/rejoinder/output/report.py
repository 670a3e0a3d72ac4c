"""A page about all rejections of a mailbox: one file, nothing loaded from anywhere, nothing that runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from rejoinder.output.pages import render_page
from rejoinder.output.tables import Row
from rejoinder.output.text import printable
from rejoinder.types import label_words

_STAGES = {
    "initial": "after the application",
    "mid": "after an interview or test",
    "final": "after the final round",
    "unknown": "not shown by the mails",
}
_NAMED = 12


def render_report(rows: Iterable[Row], summary: dict[str, Any]) -> str:
    """The page as HTML; every word from a mail is escaped."""
    shown = sorted(
        (_shown(row) for row in rows if row.get("rejection")), key=lambda row: row["date"], reverse=True
    )
    return render_page(
        "report.html.j2",
        summary=summary,
        rows=shown,
        labels=_bars({label_words(name): count for name, count in summary["labels"].items()}),
        stages=_bars({_STAGES[name]: count for name, count in summary["stages"].items()}),
        months=_bars(summary["months"]),
        skills=_bars(dict(Counter(skill for row in shown for skill in row["skills"]).most_common(_NAMED))),
        companies=_bars(
            {
                name: count
                for name, count in Counter(row["company"] for row in shown if row["company"]).most_common(
                    _NAMED
                )
                if count > 1
            }
        ),
    )


def _bars(counts: dict[str, int]) -> list[tuple[str, int, int]]:
    """What is counted, how often, and how long its bar is in percent."""
    most = max(counts.values(), default=1)
    return [(printable(name), count, round(100 * count / most)) for name, count in counts.items()]


def _shown(row: Row) -> dict[str, Any]:
    texts: dict[str, list[str]] = {}
    for item in row["evidence"]:
        texts.setdefault(printable(item["text"]), []).append(label_words(item["label"]))
    return {
        "date": (row["date"] or "")[:10],
        "company": printable(row["company"] or ""),
        "role": printable(row["role"] or ""),
        "subject": printable(row["subject"] or ""),
        "labels": [label_words(label) for label in row["labels"]],
        "stage": _STAGES[row["stage"]],
        "unsure": row["unsure"],
        "skills": [printable(skill) for skill in row["skills"]],
        "evidence": [(text, ", ".join(dict.fromkeys(names))) for text, names in texts.items()],
        "plan": [
            f"{step['when']}: {(step.get('template') or '').replace('_', ' ')}"
            if step["do"] == "send"
            else step.get("text")
            for step in row["plan"]
        ],
    }
