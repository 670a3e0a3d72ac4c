"""A fitted LetterModel into the two data-only files that `model.scorer` reads."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from rejoinder.learn.context import folded
from rejoinder.learn.training import HEAD_INPUTS, LetterModel, head_columns
from rejoinder.model.card import FORMAT, card_bytes
from rejoinder.model.functions import OUTPUTS
from rejoinder.model.kept import write_atomically
from rejoinder.model.rows import ngram_hash
from rejoinder.model.scorer import pack


def quantise(model: LetterModel) -> None:
    """Round the first level's weights to 8 bits, in the scikit-learn model itself.

    So both scorers compute with the very same numbers. One scale per output;
    what it costs is measured on the evaluation set with everything else.
    The scale has few enough digits for its multiples to be exact in single
    precision, which halves the pipeline and the time to compress it.
    """
    for estimator in model.sentences_[-1].estimators_:
        mantissa, exponent = np.frexp(np.abs(estimator.coef_).max() / 127)
        scale = float(np.ldexp(np.ceil(mantissa * 2**16), exponent - 16))
        estimator.coef_ = (np.rint(estimator.coef_ / scale) * scale).astype(np.float32)
        estimator.scale_ = scale
        estimator.intercept_ = np.round(estimator.intercept_, 6)


def binary(model: LetterModel) -> bytes:
    """The `.bin` file: rows sorted by n-gram hash, one int8 weight per output."""
    vocabulary: dict[str, int] = model.sentences_[0].vocabulary_
    estimators = model.sentences_[-1].estimators_
    columns = [np.rint(estimator.coef_[0] / estimator.scale_).astype(np.int8) for estimator in estimators]
    weights = np.stack(columns, axis=1)
    rows = sorted((ngram_hash(ngram), column) for ngram, column in vocabulary.items())
    if len({key for key, _ in rows}) != len(rows):
        raise ValueError("two n-grams share a hash; change the hash before exporting")
    keys = np.array([key for key, _ in rows], dtype="<u8")
    return pack(keys.tobytes(), weights[[column for _, column in rows]].tobytes(), len(OUTPUTS))


def context(model: LetterModel) -> dict[str, Any]:
    """The second reading as its card keeps it."""
    return {"weights": model.context_.weights.tolist(), "intercepts": model.context_.intercepts.tolist()}


def heads(model: LetterModel) -> dict[str, Any]:
    """The second level with its scaling folded into the weights."""
    out = {}
    for name, pipeline in model.heads_.items():
        weights, intercepts = folded(pipeline[-1], pipeline[0])
        out[str(name)] = {
            "inputs": head_columns(HEAD_INPUTS[name]),
            "weights": weights.tolist(),
            "intercepts": intercepts.tolist(),
        }
    return out


def export(model: LetterModel, name: str, folder: Path, about: dict[str, Any]) -> Path:
    """Write `<name>.bin` and `<name>.json` and return the path of the first.

    Both are written beside their place and renamed, so that no reader ever
    sees half a model.
    """
    data = binary(model)
    estimators = model.sentences_[-1].estimators_
    card = {
        "format": FORMAT,
        "name": name,
        "sha256": hashlib.sha256(data).hexdigest(),
        **about,
        "outputs": list(OUTPUTS),
        "scales": [estimator.scale_ for estimator in estimators],
        "intercepts": [float(estimator.intercept_[0]) for estimator in estimators],
        "context": context(model),
        "heads": heads(model),
    }
    write_atomically({folder / f"{name}.bin": data, folder / f"{name}.json": card_bytes(card)})
    return folder / f"{name}.bin"
