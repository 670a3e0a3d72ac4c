"""The scikit-learn model: what sentences do, then what the letter means.

The first level, one logistic regression per sentence function over binary
n-grams, reads each sentence by itself, and then once more with what the
sentences around it seemed to do. The second level, a handful of logistic
regressions, reads what all sentences of a letter said together. Both readings
after the first are fitted on predictions that never saw the writer at hand:
otherwise they would trust the first as it will never deserve on strangers' mail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from scipy.sparse import csr_matrix, diags
from sklearn.base import BaseEstimator
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from rejoinder.learn.corpus import Corpus, Sentence
from rejoinder.learn.material import Example, example, letter_sentences, training_sentences
from rejoinder.learn.signed import SignedRegression, sign
from rejoinder.model.context import surroundings, width
from rejoinder.model.features import sentence_features
from rejoinder.model.functions import (
    IN_CONTEXT,
    JOB_NO,
    OUTPUTS,
    SIGNALS,
    TOPIC,
    UNIONS,
    outputs_of,
    signals_of,
)
from rejoinder.model.scorer import pool
from rejoinder.types import Label, Stage

Array = npt.NDArray[np.float64]

FOLDS = 5
_STAGES = tuple(stage.value for stage in Stage)
_PROCESS = (
    "condition", "receipt", "next_step", "invitation", "reschedule", "offer", "delay", "outreach",
    "refusal_other", "third_party", "candidate", "other", "keep_on_file", "courtesy", "stock_reason", "thanks",
)  # fmt: skip
LENGTH = "length"
POOLED = 2 * len(SIGNALS) + 1
#: Which outputs each head of the second level reads: few, so that it learns meaning and not the corpus' habits.
HEAD_INPUTS: dict[str, tuple[str, ...]] = {
    "rejection": (
        JOB_NO,
        TOPIC,
        LENGTH,
        "any_no",
        "final_decision",
        "implied_decision",
        "hold",
        "any_soft",
        "any_reason",
        *_PROCESS,
    ),
    Label.SOFT_NO: (
        *UNIONS["any_soft"],
        "any_soft",
        "final_decision",
        "implied_decision",
        "courtesy",
        "keep_on_file",
    ),
    Label.FEEDBACK_GIVEN: (
        *UNIONS["any_reason"],
        "any_reason",
        "stock_reason",
        "stock_praise",
        "no_feedback",
    ),
    Label.SKILL_GAP: ("reason_skill", "any_reason", "reason_culture", "stock_reason", "strength", "weakness"),
    Label.CULTURE_FIT: (
        "reason_culture",
        "any_reason",
        "reason_skill",
        "stock_reason",
        "strength",
        "weakness",
    ),
    "stage": ("stage_initial", "stage_mid", "stage_final", *UNIONS["any_reason"], "second_choice", "thanks"),
}


class NgramVectorizer(CountVectorizer):  # type: ignore[misc]
    """Binary n-grams, each row scaled by the root of *all* n-grams of its sentence, known or not.

    A sentence of which little is known thus says little: without that, one
    familiar word in a stranger's sentence would speak as loudly as a whole
    familiar sentence.
    """

    def __init__(self, rare: int = 1) -> None:
        self.rare = rare
        super().__init__(analyzer=sentence_features, binary=True, min_df=rare, dtype=np.float64)

    def fit_transform(self, raw_documents: Sequence[str], y: object = None) -> csr_matrix:
        """Learn the n-grams that stand in at least `rare` sentences; return the scaled rows."""
        self._lengths: list[int] = []
        return self._scaled(super().fit_transform(raw_documents, y))

    def transform(self, raw_documents: Sequence[str]) -> csr_matrix:
        """The scaled rows, (sentences, n-grams)."""
        self._lengths = []
        return self._scaled(super().transform(raw_documents))

    def build_analyzer(self) -> Callable[[str], set[str]]:
        """The n-grams of a sentence, counted on the way: to count them again would cost as much once more."""

        def analyse(sentence: str) -> set[str]:
            ngrams = set(sentence_features(sentence))
            self._lengths.append(len(ngrams))
            return ngrams

        return analyse

    def _scaled(self, counts: csr_matrix) -> csr_matrix:
        lengths = np.maximum(np.array(self._lengths, dtype=np.float64), 1)
        self._lengths = []
        return csr_matrix(diags(1 / np.sqrt(lengths)) @ counts)


def sentence_classifier(penalty: float) -> OneVsRestClassifier:
    """One logistic regression per output."""
    # The dual solver; the primal one takes a minute at this size.
    return OneVsRestClassifier(
        LogisticRegression(C=penalty, solver="liblinear", dual=True, tol=5e-2, max_iter=300, random_state=0)
    )


def head_columns(inputs: Sequence[str], second_reading: bool = True) -> list[int]:
    """Where a head's inputs stand in what `pool` returns: two numbers of each and of its second reading, or the length."""
    columns: list[int] = []
    for name in inputs:
        if name == LENGTH:
            columns.append(POOLED - 1)
            continue
        for signal in (name, f"{name} in context")[: 1 + second_reading]:
            if signal in SIGNALS:
                columns += [2 * SIGNALS.index(signal), 2 * SIGNALS.index(signal) + 1]
    return columns


class LetterModel(BaseEstimator):  # type: ignore[misc]
    """Both levels. `sentences_` is the first, `heads_` the second."""

    def __init__(
        self, penalty: float = 10.0, context_penalty: float = 0.03, head_penalty: float = 0.1, rare: int = 3
    ) -> None:
        self.penalty = penalty
        self.context_penalty = context_penalty
        self.head_penalty = head_penalty
        self.rare = rare

    def fit(self, corpus: Corpus) -> LetterModel:
        """Learn both levels from a corpus."""
        examples = [example(mail) for mail in corpus.mails]
        training = training_sentences(corpus)
        vectorizer = NgramVectorizer(self.rare)
        rows = vectorizer.fit_transform([sentence.text for sentence in training])
        targets = np.array([outputs_of(set(sentence.functions)) for sentence in training], dtype=int)
        letters = vectorizer.transform([text for item in examples for text in item.sentences])
        folds = Folds.of(training, examples)
        # Two processes: the machines this is trained on have two cores, and the result is the same with one.
        classifier, *held = Parallel(n_jobs=2)(
            [delayed(_fit_and_read)(rows, targets, letters[:0], self.penalty, 0)]
            + [
                delayed(_fit_and_read)(
                    rows[folds.learnt != fold],
                    targets[folds.learnt != fold],
                    letters[folds.read == fold],
                    self.penalty,
                    self.rare,
                )
                for fold in range(FOLDS)
            ]
        )
        self.sentences_ = make_pipeline(vectorizer, classifier[0])
        logits = np.zeros((letters.shape[0], len(OUTPUTS)))
        for fold, (_, values) in enumerate(held):
            logits[folds.read == fold] = values
        lengths = [len(item.sentences) for item in examples]
        self.context_ = fit_context(logits, lengths, examples, self.context_penalty)
        self.out_of_fold_ = pool_letters(logits, lengths, self.context_)
        self.heads_ = self._fit_heads(self.out_of_fold_, examples)
        return self

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
            regression = LogisticRegression(C=self.head_penalty, max_iter=2000)
            if name != "stage":
                signs = [sign(name, signal) for signal in inputs for _ in head_columns((signal,))]
                regression = SignedRegression(self.head_penalty, signs)
            head = make_pipeline(StandardScaler(), regression)
            heads[name] = head.fit(pooled[rows][:, head_columns(inputs)], np.array(wanted)[rows])
        return heads

    def head_values(self, pooled: Array) -> dict[str, Array]:
        """Decision values of every head: (letters,) for yes or no, (letters, 4) for the stage."""
        return {
            name: head.decision_function(pooled[:, head_columns(HEAD_INPUTS[name])])
            for name, head in self.heads_.items()
        }

    def pooled(self, texts: Sequence[str]) -> Array:
        """Pooled sentence signals of raw mail texts, (letters, POOLED)."""
        return self.pooled_letters([letter_sentences(text) for text in texts])

    def pooled_letters(self, letters: Sequence[Sequence[str]]) -> Array:
        """Pooled sentence signals of letters given as lists of sentences, (letters, POOLED)."""
        flat = [sentence for letter in letters for sentence in letter]
        logits = self.sentences_.decision_function(flat) if flat else np.zeros((0, len(OUTPUTS)))
        return pool_letters(logits, [len(letter) for letter in letters], self.context_)


@dataclass
class Folds:
    """Which fold each training sentence, and each sentence of the letters, is held out in: one writer, one fold."""

    learnt: npt.NDArray[np.int64]
    read: npt.NDArray[np.int64]

    @classmethod
    def of(cls, training: list[Sentence], examples: list[Example]) -> Folds:
        """Writers dealt out in alphabetical order."""
        voices = sorted({sentence.voice for sentence in training} | {item.voice for item in examples})
        fold = {voice: at % FOLDS for at, voice in enumerate(voices)}
        return cls(
            np.array([fold[sentence.voice] for sentence in training]),
            np.array([fold[item.voice] for item in examples for _ in item.sentences]),
        )


def _fit_and_read(
    rows: csr_matrix, targets: Array, unseen: csr_matrix, penalty: float, rare: int
) -> tuple[OneVsRestClassifier | None, Array]:
    """Fit on n-gram rows, and read sentences of writers that neither weights nor vocabulary have seen.

    Without any to read, the classifier itself is what is wanted.
    """
    known = np.bincount(rows.indices, minlength=rows.shape[1]) >= rare
    classifier = sentence_classifier(penalty).fit(rows[:, known], targets)
    if not unseen.shape[0]:
        return classifier, np.zeros((0, targets.shape[1]))
    return None, classifier.decision_function(unseen[:, known])


Context = tuple[StandardScaler, list[LogisticRegression]]


def fit_context(logits: Array, lengths: Sequence[int], examples: list[Example], penalty: float) -> Context:
    """The second reading of sentences: one logistic regression per name in `IN_CONTEXT` over `surroundings`."""
    around = _around(logits, lengths)
    targets = np.array([outputs_of(found) for item in examples for found in item.functions], dtype=int)
    scaler = StandardScaler().fit(around)
    scaled = scaler.transform(around)
    readers = Parallel(n_jobs=2)(
        delayed(_fit_reader)(scaled, targets[:, OUTPUTS.index(name)], penalty) for name in IN_CONTEXT
    )
    return scaler, readers


def _fit_reader(scaled: Array, target: Array, penalty: float) -> LogisticRegression:
    return LogisticRegression(C=penalty, max_iter=100, tol=1e-3).fit(scaled, target)


def _around(logits: Array, lengths: Sequence[int]) -> Array:
    rows = [row for letter in _letters(logits, lengths) for row in surroundings(letter)]
    return np.array(rows).reshape(len(rows), width(len(OUTPUTS)))


def _letters(logits: Array, lengths: Sequence[int]) -> Iterator[list[list[float]]]:
    start = 0
    for length in lengths:
        yield logits[start : start + length].tolist()
        start += length


def pool_letters(logits: Array, lengths: Sequence[int], context: Context) -> Array:
    """`pool` over each letter's share of consecutive rows; zeros for an empty letter, (letters, POOLED)."""
    scaler, readers = context
    again = np.zeros((len(logits), len(IN_CONTEXT)))
    if len(logits):
        around = scaler.transform(_around(logits, lengths))
        again = np.stack([reader.decision_function(around) for reader in readers], axis=1)
    out = np.zeros((len(lengths), POOLED))
    both = zip(_letters(logits, lengths), _letters(again, lengths), strict=True)
    for at, (first, second) in enumerate(both):
        if first:
            out[at] = pool([signals_of(*readings) for readings in zip(first, second, strict=True)])
    return out
