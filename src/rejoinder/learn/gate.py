"""Train the gate of a model: `python -m rejoinder.learn.gate models`.

Its target is wider than a rejection: mail about the reader's own application.
That is easier to tell from ordinary life, and what it lets through tells how
far an application has come. Thresholds are set on writers it has not seen.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from rejoinder.learn.corpus import Corpus, load_corpus
from rejoinder.model.gate import FEW, SHORT, SHORTEST, SUFFIX, Gate, best_beginning, pack, running, words_of
from rejoinder.model.kept import write_atomically
from rejoinder.model.store import SHIPPED

#: What a mail about the reader's own application can be in the corpus.
ABOUT_AN_APPLICATION = frozenset(
    "rejection acknowledgement status_update interview_invite delay reschedule offer assessment withdrawal reference".split()  # noqa: SIM905
)
PENALTY = 2.0
#: Words and pairs must be known from so many writers: what only one says is their habit.
WRITERS = 2
ROUNDS = 3
FOLDS = 5
#: Longer texts are scaled as if they ended here, and are learnt from in pieces of this length.
LONG = 250
STEP = 40
#: The share of rejections of unseen writers that a threshold may lose.
LOST = 0.0075
#: A stretch in the middle of a text has to speak much louder than a beginning.
STRETCH_THRESHOLD = 0.5
UNKNOWN = b""

Pair = tuple[bytes, bytes]
#: How many words a text has, and its score.
Scored = tuple[int, float]


@dataclass(frozen=True)
class Text:
    """The words of a corpus mail, and what it is."""

    words: list[bytes]
    voice: str
    about: bool
    rejection: bool


@dataclass
class Weights:
    """What was learnt: a weight for each word and pair; `UNKNOWN` stands for all others."""

    words: dict[bytes, float]
    pairs: dict[Pair, float]
    intercept: float

    def best_beginning(self, words: list[bytes]) -> tuple[float, list[bytes]]:
        """The highest score of any beginning of a text, and that beginning."""
        unknown, unpaired = self.words[UNKNOWN], self.pairs[UNKNOWN, UNKNOWN]
        values = [self.words.get(word, unknown) for word in words]
        for at, pair in enumerate(pairwise(words), 1):
            values[at] += self.pairs.get(pair, unpaired)
        best, end = best_beginning(running(values), len(words))
        return best + self.intercept, words[:end]


def train(texts: list[Text], vocabulary: tuple[list[bytes], list[Pair]]) -> Weights:
    """Weights learnt from texts, those beginnings that sounded wrong added in every round."""
    about = [text.words for text in texts if text.about]
    other = [text.words for text in texts if not text.about]
    against = [words[at : at + LONG] for words in other for at in range(0, max(1, len(words) - STEP), STEP)]
    weights = _fit(about, against, vocabulary)
    for _ in range(ROUNDS):
        against += [weights.best_beginning(words)[1] for words in other]
        weights = _fit(about, against, vocabulary)
    return weights


def _fit(
    about: list[list[bytes]], against: list[list[bytes]], vocabulary: tuple[list[bytes], list[Pair]]
) -> Weights:
    words, pairs = vocabulary
    features: list[bytes | Pair] = [*words, *pairs]
    columns = {feature: at for at, feature in enumerate(features)}
    unknown, unpaired = columns[UNKNOWN], columns[UNKNOWN, UNKNOWN]
    indices: list[int] = []
    values: list[float] = []
    ends = [0]
    for text in (*about, *against):
        scale = max(min(len(text), LONG), SHORTEST) ** -0.5
        counts = Counter(columns.get(word, unknown) for word in text)
        counts.update(columns.get(pair, unpaired) for pair in pairwise(text))
        indices.extend(counts)
        values.extend(count * scale for count in counts.values())
        ends.append(len(indices))
    rows = csr_matrix((values, indices, ends), (len(ends) - 1, len(columns)))
    wanted = np.r_[np.ones(len(about)), np.zeros(len(against))]
    # The dual solver; the primal one takes a minute at this size.
    regression = LogisticRegression(
        C=PENALTY, solver="liblinear", dual=True, tol=1e-2, max_iter=300, random_state=0
    )
    found = regression.fit(rows, wanted).coef_[0]
    return Weights(
        dict(zip(words, map(float, found), strict=False)),
        dict(zip(pairs, map(float, found[len(words) :]), strict=True)),
        float(regression.intercept_[0]),
    )


def vocabulary(texts: list[tuple[str, list[bytes]]]) -> tuple[list[bytes], list[Pair]]:
    """Words and pairs that at least two writers use, in order, with a place for all others."""
    words: dict[bytes, set[str]] = defaultdict(set)
    pairs: dict[Pair, set[str]] = defaultdict(set)
    for voice, text in texts:
        for word in text:
            words[word].add(voice)
        for pair in pairwise(text):
            pairs[pair].add(voice)
    known = sorted(word for word, voices in words.items() if len(voices) >= WRITERS)
    return (
        [UNKNOWN, *known],
        [(UNKNOWN, UNKNOWN), *sorted(pair for pair, voices in pairs.items() if len(voices) >= WRITERS)],
    )


def build(folder: Path, corpus: Corpus | None = None) -> Path:
    """Train on the corpus and write `rejoinder-en.gate`; the same bytes from the same data."""
    corpus = corpus or load_corpus()
    texts = [
        Text(
            words_of(f"{mail.subject or ''}\n{mail.text}"),
            mail.voice,
            mail.kind in ABOUT_AN_APPLICATION,
            bool(mail.labels),
        )
        for mail in corpus.mails
    ]
    sentences = [(sentence.voice, words_of(sentence.text)) for sentence in corpus.sentences]
    weights = train(texts, _known(texts, sentences))
    seen, unseen = _scored(weights, texts), _unseen(texts, sentences)
    short = _threshold(seen, unseen, range(FEW, SHORT))
    threshold = _threshold(seen, unseen, range(SHORT, sys.maxsize))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{SHIPPED}{SUFFIX}"
    write_atomically({path: packed(weights, threshold, short, corpus.sha256[:16])})
    return path


def _known(texts: list[Text], sentences: list[tuple[str, list[bytes]]]) -> tuple[list[bytes], list[Pair]]:
    return vocabulary([*((text.voice, text.words) for text in texts), *sentences])


def _scored(weights: Weights, texts: list[Text]) -> list[Scored]:
    """The rejections among some texts, but for those that the gate always lets through."""
    noes = [text.words for text in texts if text.rejection and len(text.words) >= FEW]
    return [(len(words), weights.best_beginning(words)[0]) for words in noes]


def _threshold(seen: list[Scored], unseen: list[Scored], lengths: range) -> float:
    """The score that nearly all unseen rejections of these lengths reach, and all that were learnt from."""
    scores = [score for words, score in unseen if words in lengths]
    lowest = min(score for words, score in seen if words in lengths)
    return round(min(float(np.quantile(scores, LOST)), lowest), 2)


def _unseen(texts: list[Text], sentences: list[tuple[str, list[bytes]]]) -> list[Scored]:
    """All rejections, each scored by what was learnt without its writer."""
    voices = sorted({text.voice for text in texts})
    scores: list[Scored] = []
    for fold in range(FOLDS):
        held = set(voices[fold::FOLDS])
        learnt = [text for text in texts if text.voice not in held]
        weights = train(learnt, _known(learnt, [item for item in sentences if item[0] not in held]))
        scores += _scored(weights, [text for text in texts if text.voice in held])
    return scores


def packed(weights: Weights, threshold: float, short: float, corpus: str) -> bytes:
    """The gate file, weights rounded to one byte each; a pair that weighs what an unknown one does is left out."""
    scale = max(map(abs, (*weights.words.values(), *weights.pairs.values()))) / 127
    words = [word for word in weights.words if word != UNKNOWN]
    places = {word: at for at, word in enumerate(words)}
    unpaired = weights.pairs[UNKNOWN, UNKNOWN]
    pairs = {
        pair: round(value / scale)
        for pair, value in weights.pairs.items()
        if pair != (UNKNOWN, UNKNOWN) and abs(value - unpaired) > scale / 2
    }
    card = {
        "name": SHIPPED,
        "corpus": corpus,
        "scale": scale,
        "intercept": weights.intercept,
        "unknown word": weights.words[UNKNOWN],
        "unknown pair": unpaired,
        "threshold": threshold,
        "short": short,
        "stretch": STRETCH_THRESHOLD,
    }
    indices = array("H", [places[word] for pair in pairs for word in pair])
    alone = array("b", [round(weights.words[word] / scale) for word in words])
    return pack(card, words, alone.tobytes(), indices, array("b", pairs.values()).tobytes())


__all__ = ["Gate", "build", "train"]

if __name__ == "__main__":
    build(Path(sys.argv[1] if len(sys.argv) > 1 else "models"))
