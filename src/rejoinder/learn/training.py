"""The scikit-learn model: what sentences do, then what the letter means.

Two levels. The first, one logistic regression per sentence function over
binary word n-grams, reads each sentence by itself. The second, a handful of
logistic regressions, reads what all sentences of a letter said together. The
second is fitted on predictions of a first that never saw the writer at hand:
otherwise it would trust the first one as it will never deserve on strangers' mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import Normalizer, StandardScaler

from rejoinder.errors import RejoinderError
from rejoinder.learn.corpus import Corpus, Mail, Sentence
from rejoinder.mail.cleaning import clean
from rejoinder.model.features import sentence_features
from rejoinder.model.functions import FUNCTIONS, OUTPUTS, UNIONS, outputs_of
from rejoinder.model.scorer import pool
from rejoinder.model.sentences import split
from rejoinder.types import Label, Message, Stage

Array = npt.NDArray[np.float64]

FOLDS = 6
_STAGES = tuple(stage.value for stage in Stage)
_PROCESS = (
    "condition", "receipt", "next_step", "invitation", "reschedule", "offer", "delay", "outreach",
    "refusal_other", "third_party", "candidate", "other", "keep_on_file", "courtesy", "stock_reason", "thanks",
)  # fmt: skip
#: Which outputs each head of the second level reads: few, so that it learns meaning and not the corpus' habits.
HEAD_INPUTS: dict[str, tuple[str, ...]] = {
    "rejection": ("any_no", "final_decision", "implied_decision", "hold", "any_soft", "any_reason", *_PROCESS),
    Label.SOFT_NO: (*UNIONS["any_soft"], "any_soft", "final_decision", "implied_decision", "courtesy", "keep_on_file"),
    Label.FEEDBACK_GIVEN: (*UNIONS["any_reason"], "any_reason", "stock_reason", "stock_praise", "no_feedback"),
    Label.SKILL_GAP: ("reason_skill", "any_reason", "reason_culture", "stock_reason", "strength", "weakness"),
    Label.CULTURE_FIT: ("reason_culture", "any_reason", "reason_skill", "stock_reason", "strength", "weakness"),
    "stage": ("stage_initial", "stage_mid", "stage_final", *UNIONS["any_reason"], "second_choice", "thanks"),
}


def letter_sentences(text: str) -> list[str]:
    """The sentences of a raw mail text as classification will see them, empty if nothing is left."""
    try:
        return split(clean(Message.from_text(text)).text)
    except RejoinderError:
        return []


def sentence_pipeline(penalty: float = 10.0, rare: int = 2) -> Pipeline:
    """First level: binary n-grams, scaled to unit length, one logistic regression per output."""
    return make_pipeline(
        CountVectorizer(analyzer=sentence_features, binary=True, min_df=rare, dtype=np.float64),
        Normalizer(),
        OneVsRestClassifier(
            # The dual solver; the primal one takes a minute at this size.
            LogisticRegression(C=penalty, solver="liblinear", dual=True, tol=1e-2, max_iter=300, random_state=0)
        ),
    )


def head_columns(inputs: Sequence[str]) -> list[int]:
    """Where a head's inputs stand in what `pool` returns: highest logit and soft count of each."""
    return [2 * OUTPUTS.index(name) + offset for name in inputs for offset in (0, 1)]


@dataclass
class Example:
    """A letter to learn from: its sentences as split, and what it means."""

    sentences: list[str]
    labels: frozenset[str]
    stage: str
    voice: str


class LetterModel(BaseEstimator):  # type: ignore[misc]
    """Both levels. `sentences_` is the first, `heads_` the second."""

    def __init__(self, penalty: float = 10.0, head_penalty: float = 0.3, rare: int = 2) -> None:
        self.penalty = penalty
        self.head_penalty = head_penalty
        self.rare = rare

    def fit(self, corpus: Corpus) -> LetterModel:
        """Learn both levels from a corpus."""
        examples = [example(mail) for mail in corpus.mails]
        training = training_sentences(corpus)
        self.out_of_fold_ = self._out_of_fold(training, examples)
        self.sentences_ = self._fit_sentences(training)
        self.heads_ = self._fit_heads(self.out_of_fold_, examples)
        return self

    def _fit_sentences(self, training: list[Sentence]) -> Pipeline:
        targets = np.array([outputs_of(set(sentence.functions)) for sentence in training], dtype=int)
        pipeline = sentence_pipeline(self.penalty, self.rare)
        return pipeline.fit([sentence.text for sentence in training], targets)

    def _out_of_fold(self, training: list[Sentence], examples: list[Example]) -> Array:
        """Pooled signals of every letter from a first level that left its writer out."""
        voices = sorted({sentence.voice for sentence in training} | {item.voice for item in examples})
        fold = {voice: at % FOLDS for at, voice in enumerate(voices)}
        out = np.zeros((len(examples), 2 * len(OUTPUTS)))
        for held in range(FOLDS):
            rows = [at for at, item in enumerate(examples) if fold[item.voice] == held]
            if rows:
                pipeline = self._fit_sentences([item for item in training if fold[item.voice] != held])
                out[rows] = signals(pipeline, [examples[at].sentences for at in rows])
        return out

    def _fit_heads(self, pooled: Array, examples: list[Example]) -> dict[str, Pipeline]:
        rejections = [at for at, item in enumerate(examples) if item.labels]
        heads: dict[str, Pipeline] = {}
        for name, inputs in HEAD_INPUTS.items():
            rows = list(range(len(examples))) if name == "rejection" else rejections
            if name == "rejection":
                wanted: list[Any] = [bool(item.labels) for item in examples]
            elif name == "stage":
                wanted = [_STAGES.index(item.stage) for item in examples]
            else:
                wanted = [name in item.labels for item in examples]
            head = make_pipeline(StandardScaler(), LogisticRegression(C=self.head_penalty, max_iter=2000))
            heads[name] = head.fit(pooled[rows][:, head_columns(inputs)], np.array(wanted)[rows])
        return heads

    def head_values(self, pooled: Array) -> dict[str, Array]:
        """Decision values of every head: (letters,) for yes or no, (letters, 4) for the stage."""
        return {
            name: head.decision_function(pooled[:, head_columns(HEAD_INPUTS[name])])
            for name, head in self.heads_.items()
        }

    def pooled(self, texts: Sequence[str]) -> Array:
        """Pooled sentence signals of raw mail texts, (letters, 2 x outputs)."""
        return signals(self.sentences_, [letter_sentences(text) for text in texts])


def example(mail: Mail) -> Example:
    """A corpus mail as the second level sees it."""
    return Example(letter_sentences(mail.text), mail.labels, mail.stage, mail.voice)


def training_sentences(corpus: Corpus) -> list[Sentence]:
    """All tagged sentences: those of the mails, the single ones, and run-on pieces of the mails."""
    out = [sentence for mail in corpus.mails for sentence in mail.sentences]
    out.extend(corpus.sentences)
    for at, mail in enumerate(corpus.mails):
        if at % 3 == 0:
            out.extend(_run_on(mail))
    return out


def _run_on(mail: Mail) -> list[Sentence]:
    """Neighbouring sentences as one, which is what is left of a mail that lost its punctuation."""
    spoken = [item for item in mail.sentences if item.functions.isdisjoint({"greeting", "signoff", "footer"})]
    return [
        Sentence(f"{first.text} {second.text}", first.functions | second.functions, mail.voice)
        for first, second in zip(spoken[::2], spoken[1::2], strict=False)
    ]


def signals(pipeline: Pipeline, letters: Sequence[Sequence[str]]) -> Array:
    """Pooled sentence logits of letters given as lists of sentences."""
    flat = [sentence for letter in letters for sentence in letter]
    logits = sentence_logits(pipeline, flat) if flat else np.zeros((0, len(OUTPUTS)))
    out = np.zeros((len(letters), 2 * len(OUTPUTS)))
    start = 0
    for at, letter in enumerate(letters):
        if letter:
            out[at] = pool(logits[start : start + len(letter)].tolist())
        start += len(letter)
    return out


def sentence_logits(pipeline: Pipeline, sentences: Sequence[str]) -> Array:
    """Decision values of the first level, (sentences, outputs)."""
    values: Array = pipeline.decision_function(list(sentences))
    return values


__all__ = ["FUNCTIONS", "LetterModel", "example", "letter_sentences", "signals", "training_sentences"]
