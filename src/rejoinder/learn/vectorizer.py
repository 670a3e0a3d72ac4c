"""The n-grams of sentences as scikit-learn sees them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.feature_extraction.text import CountVectorizer

from rejoinder.model.features import sentence_features


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
        counts = super().fit_transform(raw_documents, y)
        # The order of sets differs from run to run; the bytes of a kept model must not.
        self.vocabulary_: dict[str, int] = dict(sorted(self.vocabulary_.items()))
        return self._scaled(counts)

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
