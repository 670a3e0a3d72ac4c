"""Letter to Verdict: what the scores mean, and which sentences carried them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rejoinder.model.card import ASKED, is_own_label
from rejoinder.model.functions import EVIDENCE
from rejoinder.model.language import detect
from rejoinder.model.scorer import Scorer, sigmoid
from rejoinder.model.sentences import split
from rejoinder.types import Evidence, Label, Letter, Stage, Verdict

if TYPE_CHECKING:
    from rejoinder.corrections import Correction

#: Sentences shown for a label, at most.
SHOWN = 2
#: Between these, the mail may or may not be a rejection, and the reader is asked to judge.
UNSURE = (0.25, 0.75)
_REASONS = (Label.SKILL_GAP, Label.CULTURE_FIT)
_STAGES = tuple(Stage)
_FIVE = frozenset(Label)


def classify_letter(
    letter: Letter, scorer: Scorer, stage: Stage | None = None, said: Correction | None = None
) -> Verdict:
    """What the letter means, by the given model; `stage` and what the user `said` override it.

    A letter in another language, or without a word to read, gives
    `rejection=None`, never False.
    """
    verdict = _read(letter, scorer, stage, said)
    return _as_said(verdict, said, stage) if said else verdict


def _as_said(verdict: Verdict, said: Correction, stage: Stage | None) -> Verdict:
    known = said.stage in _STAGES and said.stage != Stage.UNKNOWN and stage is None
    return replace(
        verdict,
        rejection=bool(said.labels),
        labels=_said_labels(said),
        stage=Stage(said.stage) if known else verdict.stage,
        stage_source="you" if known else verdict.stage_source,
        unsure=False,
        label_source="you",
    )


def _said_labels(said: Correction) -> tuple[str, ...]:
    given = said.labels or ()
    own = (label for label in given if is_own_label(label))
    return (*(label for label in Label if label in given), *dict.fromkeys(own))


def _read(letter: Letter, scorer: Scorer, stage: Stage | None, said: Correction | None) -> Verdict:
    """The model's reading; evidence also for the labels that the user said."""
    language = detect(letter.text)
    sentences = split(letter.text)
    if language != "en" or not sentences:
        return _cannot_tell(language, scorer, stage)
    logits = [scorer.sentence_logits(sentence) for sentence in sentences]
    pooled = scorer.pooled(logits)
    probabilities = whole(
        {name: sigmoid(scorer.head(name, pooled)[0]) for name in (*ASKED, *scorer.own_labels)}
    )
    thresholds = scorer.card["thresholds"]
    rejection = probabilities["rejection"] >= thresholds["rejection"]
    labels = labels_of(probabilities, thresholds) if rejection else ()
    stage_read = _stage(scorer, pooled)
    outputs = scorer.card["outputs"]
    return Verdict(
        rejection=rejection,
        labels=labels,
        probabilities={name: round(value, 4) for name, value in probabilities.items()},
        evidence=_evidence(_said_labels(said) if said else labels, sentences, logits, outputs),
        stage=stage or stage_read,
        stage_source="option" if stage else "text",
        language=language,
        unsure=_unsure(probabilities["rejection"], thresholds["rejection"]),
        model=scorer.id,
        signals={
            name: sigmoid(max(column))
            for name, column in zip(outputs, zip(*logits, strict=True), strict=True)
        },
    )


def _cannot_tell(language: str, scorer: Scorer, stage: Stage | None) -> Verdict:
    return Verdict(
        rejection=None,
        labels=(),
        probabilities=dict.fromkeys(("rejection", *Label, *scorer.own_labels), 0.0),
        evidence=(),
        stage=stage or Stage.UNKNOWN,
        stage_source="option" if stage else "text",
        language=language,
        unsure=True,
        model=scorer.id,
    )


def whole(raw: dict[str, float]) -> dict[str, float]:
    """Probabilities of the whole, from what each head says: a reason is no more likely than feedback, feedback than a rejection."""
    rejection = raw["rejection"]
    soft = raw[Label.SOFT_NO]
    feedback = max(raw[Label.FEEDBACK_GIVEN], raw[Label.SKILL_GAP], raw[Label.CULTURE_FIT])
    return {
        "rejection": rejection,
        Label.HARD_NO: rejection * (1 - soft),
        Label.SOFT_NO: rejection * soft,
        Label.FEEDBACK_GIVEN: rejection * feedback,
        Label.SKILL_GAP: rejection * raw[Label.SKILL_GAP],
        Label.CULTURE_FIT: rejection * raw[Label.CULTURE_FIT],
        **{name: rejection * value for name, value in raw.items() if name not in ASKED},
    }


def labels_of(probabilities: dict[str, float], thresholds: dict[str, float]) -> tuple[str, ...]:
    """The labels of a rejection: one outcome, the reasons, and the user's own; a reason brings feedback_given with it.

    Thresholds are on the probability given that the mail is a rejection, so
    that a mail that is barely one can still say why.
    """
    given = {name: value / max(probabilities["rejection"], 1e-9) for name, value in probabilities.items()}
    chosen = {Label.SOFT_NO if given[Label.SOFT_NO] >= thresholds[Label.SOFT_NO] else Label.HARD_NO}
    chosen |= {label for label in (Label.FEEDBACK_GIVEN, *_REASONS) if given[label] >= thresholds[label]}
    if not chosen.isdisjoint(_REASONS):
        chosen.add(Label.FEEDBACK_GIVEN)
    own = [name for name in given if name not in ASKED and name not in _FIVE]
    return (
        *(label for label in Label if label in chosen),
        *(name for name in own if given[name] >= thresholds[name]),
    )


def _stage(scorer: Scorer, pooled: list[float]) -> Stage:
    values = scorer.head("stage", pooled)
    return _STAGES[max(range(len(values)), key=values.__getitem__)]


def _unsure(probability: float, threshold: float) -> bool:
    low, high = UNSURE
    return min(low, threshold) < probability < max(high, threshold)


def _columns_of(label: str) -> tuple[str, ...]:
    """The outputs that speak for a label; one that the user taught has its own."""
    return EVIDENCE[Label(label)] if label in _FIVE else (label,)


def _evidence(
    labels: tuple[str, ...], sentences: list[str], logits: list[list[float]], outputs: list[str]
) -> tuple[Evidence, ...]:
    """For each label its strongest sentence, and a second where that speaks for it too."""
    found: list[Evidence] = []
    for label in labels:
        columns = [outputs.index(name) for name in _columns_of(label) if name in outputs]
        if not columns:  # a label that the user gave to a mail, and that this model was not taught
            continue
        weights = [max(row[column] for column in columns) for row in logits]
        ranked = sorted(range(len(sentences)), key=lambda at: -weights[at])
        shown = [at for rank, at in enumerate(ranked[:SHOWN]) if rank == 0 or weights[at] > 0]
        found.extend(Evidence(str(label), sentences[at], round(weights[at], 2)) for at in sorted(shown))
    return tuple(found)
