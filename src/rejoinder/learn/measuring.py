"""`make eval`: the model in force on labelled mail of other people, as a table, and as figures in its card."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from rejoinder.errors import ExamplesError
from rejoinder.learn.evaluation import Judge, evaluate
from rejoinder.learn.intervals import wilson
from rejoinder.learn.labelled import LabelledMail
from rejoinder.learn.scores import Report
from rejoinder.model.card import card_bytes
from rejoinder.model.kept import write_atomically
from rejoinder.model.store import load_model


def table(report: Report) -> str:
    """The report as the Markdown table that the README shows."""
    lines = ["| | precision | recall | F1 | there |", "|---|---|---|---|---|"]
    for name, score in report.scores.items():
        low_p, high_p = wilson(score.true, score.true + score.false)
        low_r, high_r = wilson(score.true, score.there)
        lines.append(
            f"| {name} | {score.precision:.3f} ({low_p:.2f}-{high_p:.2f}) | {score.recall:.3f} ({low_r:.2f}-{high_r:.2f})"
            f" | {score.f1:.3f} | {score.there} |"
        )
    right, known = report.stage_right
    wrong = report.stage_wrong[0]
    lines += [
        "",
        f"Macro-F1 of the five labels {report.macro_f1:.3f}; stage right {right / max(known, 1):.3f}, "
        f"wrong {wrong / max(known, 1):.3f} of {known}; calibration error {report.calibration_error:.3f}; "
        f"{report.total} mails.",
    ]
    return "\n".join(lines)


def read_labelled(path: Path) -> list[LabelledMail]:
    """All mails of a JSON Lines file, or of all such files in a folder, as they stand there, repeated ones too.

    For figures that must stay comparable.
    """
    return [mail for file in _files(path) for mail in _read(file)]


def _files(path: Path) -> list[Path]:
    return sorted(path.glob("*.jsonl")) if path.is_dir() else [path]


def _read(path: Path) -> list[LabelledMail]:
    mails = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            record: dict[str, Any] = json.loads(line)
            text, labels = record["text"], frozenset(record["labels"])
        except (ValueError, KeyError, TypeError) as error:
            raise ExamplesError(
                f"{path}, line {number}: {error}.", "Each line needs `text` and `labels`."
            ) from error
        subject, sender = record.get("subject") or "", record.get("from") or ""
        stage, where = record.get("stage", "unknown"), record.get("id", str(number))
        mails.append(LabelledMail(text, subject, sender, labels, stage, where))
    return mails


def figures(report: Report, path: Path) -> dict[str, Any]:
    """The report as a model's card keeps it, with the hash of what was read."""
    known = max(report.stage_right[1], 1)
    read = b"".join(file.read_bytes() for file in _files(path))
    return {
        "mails": report.total,
        "sha256": hashlib.sha256(read).hexdigest()[:16],
        **{
            name: {
                "precision": round(score.precision, 3), "recall": round(score.recall, 3),
                "f1": round(score.f1, 3), "there": score.there,
            }
            for name, score in report.scores.items()
        },
        "macro-F1": round(report.macro_f1, 3),
        "stage right": round(report.stage_right[0] / known, 3),
        "stage wrong": round(report.stage_wrong[0] / known, 3),
        "calibration error": round(report.calibration_error, 3),
    }  # fmt: skip


def keep_figures(report: Report, path: Path, card: Path) -> None:
    """Write what was measured on the mails in `path` into a model's card, in place of what stood there."""
    kept = json.loads(card.read_text("utf-8"))
    kept["measured"] = figures(report, path)
    write_atomically({card: card_bytes(kept)})


def main() -> None:
    """`python -m rejoinder.learn.measuring FILE-OR-FOLDER [--misjudged] [--card CARD]` prints the table."""
    path, *wishes = sys.argv[1:]
    card = Path(wishes[wishes.index("--card") + 1]) if "--card" in wishes else None
    report = evaluate(read_labelled(Path(path)), Judge(load_model(card)))
    sys.stdout.write(table(report) + "\n")
    if "--misjudged" in wishes:
        for mistake in report.mistakes:
            there, found = (", ".join(sorted(names)) or "-" for names in (mistake.mail.labels, mistake.found))
            sys.stdout.write(f"{mistake.mail.where}: is {there}; read as {found}\n")
    if card:
        keep_figures(report, Path(path), card)


if __name__ == "__main__":
    main()
