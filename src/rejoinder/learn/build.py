"""`make model`: corpus in, shipped model out; the same bytes from the same data."""

from __future__ import annotations

import hashlib
import io
import sys
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import sklearn

from rejoinder.learn.context import Array, sigmoid
from rejoinder.learn.corpus import Corpus, load_corpus
from rejoinder.learn.export import export, quantise
from rejoinder.learn.shelf import held_bytes
from rejoinder.learn.training import HEAD_INPUTS, LetterModel, head_columns
from rejoinder.model.features import sentence_features
from rejoinder.model.kept import write_atomically
from rejoinder.model.store import SHIPPED
from rejoinder.types import Label


def build(folder: Path, corpus: Corpus | None = None) -> Path:
    """Train on the corpus and write `rejoinder-en.bin`, its card, and the pipeline as joblib."""
    corpus = corpus or load_corpus()
    model = LetterModel().fit(corpus)
    quantise(model)
    thresholds, figures = held_out(model, corpus)
    recentre(model, thresholds)
    about = {
        "language": "en",
        "corpus": {"mails": len(corpus.mails), "sentences": _count(corpus), "sha256": corpus.sha256[:16]},
        "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
        "ngrams": len(model.sentences_[0].vocabulary_),
        "features": sentence_features.__name__,
        "thresholds": dict.fromkeys(thresholds, 0.5),
        "held-out thresholds": thresholds,
        "figures": figures,
    }
    held = held_bytes(model.held_logits_, corpus)
    del model.out_of_fold_, model.held_logits_
    buffer = io.BytesIO()
    joblib.dump(model, buffer, compress=("xz", 5))
    # What vouches for the pipeline, which can hold code, stands in the card, which cannot.
    about["pipeline"] = hashlib.sha256(buffer.getvalue()).hexdigest()
    path = export(model, SHIPPED, folder, about)
    write_atomically({folder / f"{SHIPPED}.joblib": buffer.getvalue(), folder / f"{SHIPPED}.held": held})
    return path


def _count(corpus: Corpus) -> int:
    return len(corpus.sentences) + sum(len(mail.sentences) for mail in corpus.mails)


def held_out(model: LetterModel, corpus: Corpus) -> tuple[dict[str, float], dict[str, float]]:
    """Thresholds, and F1 by label, on letters whose writer the first level had not seen."""
    thresholds: dict[str, float] = {}
    figures: dict[str, float] = {}
    for name, beta in (("rejection", CAUTION), *((label, 1.0) for label in Label if label != Label.HARD_NO)):
        probability, there = held_out_probabilities(model, corpus, name)
        best = _middle_of_best(probability, there, beta)
        thresholds[str(name)] = round(float(best), 2)
        figures[f"held-out F1 {name}"] = round(_f(probability >= best, there), 3)
    return thresholds, figures


def _middle_of_best(probability: Array, there: Array, beta: float) -> float:
    """The middle of the limits that do about as well as the best one: the very best is chance."""
    scores = np.array([_f(probability >= limit, there, beta) for limit in _GRID])
    good = _GRID[scores >= scores.max() - _ABOUT]
    return float((good[0] + good[-1]) / 2)


def recentre(model: LetterModel, thresholds: dict[str, float]) -> None:
    """Move each head's intercept so that its threshold comes to stand at one half.

    What the model calls probable is then what it says; for rejections it also
    corrects the share of them, which a corpus has higher than any mailbox.
    Whether a mail is one at all is said a little more surely (`PLAINER`).
    """
    for name, limit in thresholds.items():
        model.heads_[name][-1].intercept_ -= np.log(limit / (1 - limit))
    kind = model.heads_["rejection"][-1]
    kind.coef_, kind.intercept_ = PLAINER * kind.coef_, PLAINER * kind.intercept_


#: The corpus is more than half rejections, a mailbox is not: a false alarm weighs twice as much (F-beta).
CAUTION = 0.5
#: The corpus is full of minimal pairs, mailboxes are not: doubt learnt from it is more than their mail deserves.
#: One number, the same for every mail; it moves no mail across the threshold.
PLAINER = 1.1
_GRID = np.linspace(0.1, 0.9, 81)
#: An F that is lower by this little is no worse: other writers would have moved it by more.
_ABOUT = 0.01


def held_out_probabilities(model: LetterModel, corpus: Corpus, name: str) -> tuple[Array, Array]:
    """Probabilities of a head and the truth, over all mails (rejection) or the rejections (labels)."""
    rows = [at for at, mail in enumerate(corpus.mails) if mail.labels or name == "rejection"]
    there = [bool(mail.labels) if name == "rejection" else name in mail.labels for mail in corpus.mails]
    values = model.heads_[name].decision_function(
        model.out_of_fold_[rows][:, head_columns(HEAD_INPUTS[name])]
    )
    return sigmoid(values), np.array(there)[rows]


def _f(found: Any, there: Any, beta: float = 1.0) -> float:
    true = float(np.sum(found & there))
    weight = beta * beta
    return (1 + weight) * true / max(float(np.sum(found)) + weight * float(np.sum(there)), 1.0)


if __name__ == "__main__":
    build(Path(sys.argv[1] if len(sys.argv) > 1 else "models"))
