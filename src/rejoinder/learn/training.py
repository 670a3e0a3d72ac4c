"""The scikit-learn model: what sentences do, then what the letter means.

The first level, one logistic regression per sentence function over binary
n-grams, reads each sentence by itself, and then once more with what the
sentences around it seemed to do. The second level, a handful of logistic
regressions, reads what all sentences of a letter said together. Both readings
after the first are fitted on predictions that never saw the writer at hand:
otherwise they would trust the first as it will never deserve on strangers' mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from rejoinder.learn.context import POOLED, Array, fit_context, pool_letters
from rejoinder.learn.corpus import Corpus, Sentence
from rejoinder.learn.material import Example, example, letter_sentences, training_sentences
from rejoinder.learn.signed import SignedRegression, sign
from rejoinder.learn.vectorizer import NgramVectorizer
from rejoinder.model.functions import JOB_NO, OUTPUTS, SIGNALS, TOPIC, UNIONS, outputs_of
from rejoinder.types import Label, Stage

FOLDS = 4
_STAGES = tuple(stage.value for stage in Stage)
_PROCESS = (
    "condition", "receipt", "next_step", "invitation", "reschedule", "offer", "delay", "outreach",
    "refusal_other", "third_party", "candidate", "other", "keep_on_file", "courtesy", "stock_reason", "thanks",
)  # fmt: skip
LENGTH = "length"
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
    # Alone what holds the door open: stock courtesy beside a promise takes nothing from it.
    Label.SOFT_NO: (*UNIONS["any_soft"], "any_soft"),
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


def sentence_classifier(penalty: float) -> OneVsRestClassifier:
    """One logistic regression per output."""
    # The dual solver; the primal one takes a minute at this size. A finer tolerance takes longer for the same figures.
    return OneVsRestClassifier(
        LogisticRegression(C=penalty, solver="liblinear", dual=True, tol=0.2, max_iter=300, random_state=0)
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


#: The stage has a head of its own kind: four answers, of which not to know is the least useful one.
STAGE_PENALTY = 0.03
STAGE_WEIGHTS = {at: 0.6 if stage == Stage.UNKNOWN else 1.0 for at, stage in enumerate(_STAGES)}


class LetterModel(BaseEstimator):  # type: ignore[misc]
    """Both levels. `sentences_` is the first, `heads_` the second."""

    def __init__(
        self, penalty: float = 10.0, context_penalty: float = 0.03, head_penalty: float = 0.1, rare: int = 4
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
        # Threads would share the solver's random numbers.
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
        lengths = np.array([len(item.sentences) for item in examples])
        functions = [outputs_of(found) for item in examples for found in item.functions]
        self.held_logits_ = logits
        self.context_ = fit_context(logits, lengths, np.array(functions, dtype=int), self.context_penalty)
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
            if name == "stage":
                regression = LogisticRegression(C=STAGE_PENALTY, class_weight=STAGE_WEIGHTS, max_iter=2000)
            else:
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
