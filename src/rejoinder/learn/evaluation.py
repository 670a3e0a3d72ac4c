"""How well verdicts agree with labels: counts, intervals, calibration."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rejoinder.errors import ExamplesError
from rejoinder.types import Label, Verdict


@dataclass(frozen=True, slots=True)
class Score:
    """True and false positives and false negatives of one label, and what follows from them."""

    true: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of those found that are right; 0 when none was found."""
        return self.true / max(self.true + self.false, 1)

    @property
    def recall(self) -> float:
        """Share of those there that were found; 0 when there are none."""
        return self.true / max(self.true + self.missed, 1)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.true / max(2 * self.true + self.false + self.missed, 1)


def wilson(successes: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927); (0, 1) when there is nothing to share."""
    if not total:
        return 0.0, 1.0
    z = 1.959964
    share = successes / total
    middle = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max((middle - spread) / scale, 0.0), min((middle + spread) / scale, 1.0)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A mail and what it really is; `stage` is `unknown` where nobody can say."""

    id: str
    text: str
    labels: frozenset[str]
    stage: str


def read_labelled(path: Path) -> list[Labelled]:
    """Labelled mails of a JSON Lines file with `text`, `labels`, and perhaps `id`, `subject`, `from`, `stage`.

    Subject and sender, where known, are put before the text as header lines:
    what is measured is what a user would get who pastes the mail.
    """
    mails = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            record: dict[str, Any] = json.loads(line)
            text, labels = record["text"], frozenset(record["labels"])
        except (ValueError, KeyError, TypeError) as error:
            raise ExamplesError(
                f"{path}, line {number}: {error}.", "Each line needs `text` and `labels`."
            ) from error
        head = "".join(
            f"{name}: {record[key]}\n"
            for name, key in (("Subject", "subject"), ("From", "from"))
            if record.get(key)
        )
        mails.append(
            Labelled(
                record.get("id", str(number)),
                f"{head}\n{text}" if head else text,
                labels,
                record.get("stage", "unknown"),
            )
        )
    return mails


@dataclass(frozen=True)
class Report:
    """Scores by label, macro-F1, stage figures, calibration error, and the mails that were misjudged."""

    total: int
    scores: dict[str, Score]
    stage_right: tuple[int, int]
    stage_wrong: tuple[int, int]
    calibration_error: float
    misjudged: tuple[tuple[str, str, str], ...]

    @property
    def macro_f1(self) -> float:
        """Mean F1 of the five labels."""
        return sum(self.scores[label].f1 for label in Label) / len(Label)


def evaluate(mails: Iterable[Labelled], judge: Callable[[str], Verdict]) -> Report:
    """Judge every mail and compare."""
    pairs = [(mail, judge(mail.text)) for mail in mails]
    scores = {name: _score(name, pairs) for name in ("rejection", *Label)}
    known = [(mail, verdict) for mail, verdict in pairs if mail.labels and mail.stage != "unknown"]
    right = sum(verdict.stage == mail.stage for mail, verdict in known)
    wrong = sum(verdict.stage not in (mail.stage, "unknown") for mail, verdict in known)
    return Report(
        total=len(pairs),
        scores=scores,
        stage_right=(right, len(known)),
        stage_wrong=(wrong, len(known)),
        calibration_error=calibration_error(
            [(v.probabilities["rejection"], bool(m.labels)) for m, v in pairs]
        ),
        misjudged=tuple(
            (mail.id, ", ".join(sorted(mail.labels)) or "-", ", ".join(sorted(verdict.labels)) or "-")
            for mail, verdict in pairs
            if mail.labels != set(verdict.labels)
        ),
    )


def _score(name: str, pairs: list[tuple[Labelled, Verdict]]) -> Score:
    true = false = missed = 0
    for mail, verdict in pairs:
        there = bool(mail.labels) if name == "rejection" else name in mail.labels
        found = bool(verdict.rejection) if name == "rejection" else name in verdict.labels
        true += there and found
        false += found and not there
        missed += there and not found
    return Score(true, false, missed)


def calibration_error(pairs: list[tuple[float, bool]], bins: int = 10) -> float:
    """Expected calibration error: the mean gap between probability and frequency, over equal-width bins."""
    gap = 0.0
    for at in range(bins):
        inside = [(p, y) for p, y in pairs if at / bins <= p < (at + 1) / bins or (at == bins - 1 and p == 1)]
        if inside:
            gap += abs(sum(p for p, _ in inside) - sum(y for _, y in inside))
    return gap / max(len(pairs), 1)


def table(report: Report) -> str:
    """The report as the Markdown table that the README shows."""
    lines = ["| | precision | recall | F1 | there |", "|---|---|---|---|---|"]
    for name, score in report.scores.items():
        low_p, high_p = wilson(score.true, score.true + score.false)
        low_r, high_r = wilson(score.true, score.true + score.missed)
        lines.append(
            f"| {name} | {score.precision:.3f} ({low_p:.2f}-{high_p:.2f}) | {score.recall:.3f} ({low_r:.2f}-{high_r:.2f})"
            f" | {score.f1:.3f} | {score.true + score.missed} |"
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


def main() -> None:
    """`python -m rejoinder.learn.evaluation FILE.jsonl [--misjudged]` prints the table."""
    import sys

    from rejoinder.errors import EmptyLetterError
    from rejoinder.pipeline import classify

    def judge(text: str) -> Verdict:
        try:
            return classify(text)
        except EmptyLetterError:
            return classify(".")

    report = evaluate(read_labelled(Path(sys.argv[1])), judge)
    sys.stdout.write(table(report) + "\n")
    if "--misjudged" in sys.argv:
        for name, there, found in report.misjudged:
            sys.stdout.write(f"{name}: is {there}; read as {found}\n")


if __name__ == "__main__":
    main()
