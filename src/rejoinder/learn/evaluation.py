"""How well verdicts agree with labels: counts, intervals, calibration, mistakes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rejoinder.corrections import Correction
from rejoinder.errors import RejoinderError
from rejoinder.learn.intervals import macro_interval
from rejoinder.learn.labelled import NOT_REJECTION, LabelledMail
from rejoinder.learn.scores import REJECTION, Mistake, Report, Score, calibration_error, reliability
from rejoinder.mail.cleaning import clean
from rejoinder.mail.parsing import parse
from rejoinder.model.classifier import classify_letter
from rejoinder.model.scorer import Scorer
from rejoinder.types import PRIMARY_ORDER, Evidence, Label, Letter, Verdict

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
