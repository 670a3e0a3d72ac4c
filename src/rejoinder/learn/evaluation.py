"""How well verdicts agree with labels: counts, intervals, calibration, mistakes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rejoinder.corrections import Correction
from rejoinder.errors import ExamplesError, RejoinderError
from rejoinder.learn.intervals import f1_interval, macro_interval, wilson
from rejoinder.learn.labelled import NOT_REJECTION, LabelledMail
from rejoinder.learn.scores import REJECTION, Bin, Mistake, Report, Score, calibration_error, reliability
from rejoinder.mail.cleaning import clean
from rejoinder.mail.parsing import parse
from rejoinder.model.classifier import classify_letter
from rejoinder.model.scorer import Scorer
from rejoinder.types import PRIMARY_ORDER, Evidence, Label, Letter, Verdict

__all__ = [
    "CANNOT_TELL",
    "Bin",
    "Judge",
    "Mistake",
    "Report",
    "Score",
    "evaluate",
    "f1_interval",
    "table",
    "wilson",
]

CANNOT_TELL = "cannot_tell"
_Pair = tuple[LabelledMail, Verdict]


class Judge:
    """A model's own verdicts on labelled mails, read as if pasted; no correction of the user's comes between."""

    def __init__(self, scorer: Scorer) -> None:
        self.scorer = scorer

    def __call__(self, mail: LabelledMail) -> Verdict:
        """The verdict; `cannot tell` where nothing is left to read."""
        return classify_letter(_letter(mail), self.scorer)

    def overlooked(self, mail: LabelledMail, labels: frozenset[str]) -> tuple[Evidence, ...]:
        """What speaks most for labels, whether or not the model thinks that it does."""
        return classify_letter(_letter(mail), self.scorer, said=Correction("", tuple(labels))).evidence


def _letter(mail: LabelledMail) -> Letter:
    head = {"Subject": mail.subject, "From": mail.sender}
    lines = "".join(f"{name}: {' '.join(value.split())}\n" for name, value in head.items() if value)
    try:
        return clean(parse(f"{lines}\n{mail.text}" if lines else mail.text))
    except RejoinderError:
        return Letter(mail.subject, ".")


def evaluate(mails: Iterable[LabelledMail], judge: Judge) -> Report:
    """Judge every mail, and compare."""
    pairs = [(mail, judge(mail)) for mail in mails]
    own = sorted({label for mail, _ in pairs for label in mail.labels} - {label.value for label in Label})
    labels = [*(label.value for label in Label), *own]
    outcomes = {
        name: [_outcome(name, mail, verdict) for mail, verdict in pairs] for name in (REJECTION, *labels)
    }
    scores = {
        name: Score(*(sum(row[at] for row in rows) for at in range(3))) for name, rows in outcomes.items()
    }
    defined = [outcomes[name] for name in labels if scores[name].defined]
    known = [(mail, verdict) for mail, verdict in pairs if mail.labels and mail.stage != "unknown"]
    bins = reliability([(verdict.probabilities[REJECTION], bool(mail.labels)) for mail, verdict in pairs])
    return Report(
        total=len(pairs),
        model=judge.scorer.id,
        scores=scores,
        macro_interval=macro_interval(list(zip(*defined, strict=True))),
        kinds=Counter(
            (REJECTION if mail.labels else NOT_REJECTION, _kind(verdict)) for mail, verdict in pairs
        ),
        labels=Counter(_primaries(mail, verdict) for mail, verdict in pairs),
        stage_right=(sum(verdict.stage == mail.stage for mail, verdict in known), len(known)),
        stage_wrong=(
            sum(verdict.stage not in (mail.stage, "unknown") for mail, verdict in known),
            len(known),
        ),
        reliability=bins,
        calibration_error=calibration_error(bins),
        mistakes=_mistakes(pairs, judge),
    )


def _outcome(name: str, mail: LabelledMail, verdict: Verdict) -> tuple[int, int, int]:
    """Whether a label is rightly found, wrongly found, missed."""
    there = bool(mail.labels) if name == REJECTION else name in mail.labels
    found = bool(verdict.rejection) if name == REJECTION else name in verdict.labels
    return int(there and found), int(found and not there), int(there and not found)


def _kind(verdict: Verdict) -> str:
    if verdict.rejection is None:
        return CANNOT_TELL
    return REJECTION if verdict.rejection else NOT_REJECTION


def _primaries(mail: LabelledMail, verdict: Verdict) -> tuple[str, str]:
    """The one label of a mail, and the one found; of two reasons, either is right."""
    found = str(verdict.label or _kind(verdict))
    ranked = [label.value for label in PRIMARY_ORDER if label in mail.labels]
    reasons = ranked[:2] if ranked[:2] == [Label.SKILL_GAP, Label.CULTURE_FIT] else ranked[:1]
    return found if found in reasons else next(iter(reasons), NOT_REJECTION), found


def _mistakes(pairs: list[_Pair], judge: Judge) -> tuple[Mistake, ...]:
    """The misjudged mails, those first of which the model was surest."""
    wrong = [(mail, verdict) for mail, verdict in pairs if mail.labels != set(verdict.labels)]
    found = [
        Mistake(
            mail=mail,
            found=tuple(map(str, verdict.labels)),
            cannot_tell=verdict.rejection is None,
            weight=_sureness(mail, verdict),
            evidence=tuple(item for item in verdict.evidence if item.label not in mail.labels),
            overlooked=judge.overlooked(mail, mail.labels - set(verdict.labels)),
        )
        for mail, verdict in wrong
    ]
    return tuple(sorted(found, key=lambda mistake: -mistake.weight))


def _sureness(mail: LabelledMail, verdict: Verdict) -> float:
    """The widest gap between a probability and the truth, among what was got wrong."""
    gaps = [
        abs(value - (bool(mail.labels) if name == REJECTION else name in mail.labels))
        for name, value in verdict.probabilities.items()
        if any(_outcome(name, mail, verdict)[1:])
    ]
    return max(gaps, default=1.0)


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
    """All mails of a JSON Lines file as they stand there, repeated ones too: for figures that must stay comparable."""
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


def main() -> None:
    """`python -m rejoinder.learn.evaluation FILE.jsonl [--misjudged]` prints the table."""
    import sys

    from rejoinder.model.store import load_model

    report = evaluate(read_labelled(Path(sys.argv[1])), Judge(load_model()))
    sys.stdout.write(table(report) + "\n")
    if "--misjudged" in sys.argv:
        for mistake in report.mistakes:
            there, found = (", ".join(sorted(names)) or "-" for names in (mistake.mail.labels, mistake.found))
            sys.stdout.write(f"{mistake.mail.where}: is {there}; read as {found}\n")


if __name__ == "__main__":
    main()
