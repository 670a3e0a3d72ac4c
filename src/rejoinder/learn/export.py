"""A fitted LetterModel into the two data-only files that `model.scorer` reads."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.preprocessing import StandardScaler

from rejoinder.learn.training import HEAD_INPUTS, Array, LetterModel, head_columns
from rejoinder.model.functions import OUTPUTS
from rejoinder.model.rows import ngram_hash
from rejoinder.model.scorer import FORMAT, MAGIC


def quantise(model: LetterModel) -> None:
    """Round the first level's weights to 8 bits, in the scikit-learn model itself.

    So both scorers compute with the very same numbers. One scale per output;
    what it costs is measured on the evaluation set with everything else.
    """
    for estimator in model.sentences_[-1].estimators_:
        scale = np.abs(estimator.coef_).max() / 127
        estimator.coef_ = np.rint(estimator.coef_ / scale) * scale
        estimator.scale_ = float(scale)
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
    head = MAGIC + np.array([len(rows), len(OUTPUTS)], dtype="<u4").tobytes()
    return head + keys.tobytes() + weights[[column for _, column in rows]].tobytes()


def context(model: LetterModel) -> dict[str, Any]:
    """The second reading with its scaling folded into the weights."""
    scaler, readers = model.context_
    return _folded(
        np.vstack([reader.coef_ for reader in readers]),
        np.concatenate([reader.intercept_ for reader in readers]),
        scaler,
    )


def _folded(coefficients: Array, starts: Array, scaler: StandardScaler) -> dict[str, Any]:
    weights = coefficients / scaler.scale_
    intercepts = starts - (weights * scaler.mean_).sum(axis=1)
    return {
        "weights": [[float(f"{value:.9g}") for value in row] for row in weights],
        "intercepts": [float(f"{value:.9g}") for value in intercepts],
    }


def heads(model: LetterModel) -> dict[str, Any]:
    """The second level with its scaling folded into the weights."""
    out = {}
    for name, pipeline in model.heads_.items():
        scaler, regression = pipeline[0], pipeline[-1]
        out[str(name)] = {
            "inputs": head_columns(HEAD_INPUTS[name]),
            **_folded(regression.coef_, regression.intercept_, scaler),
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
    folder.mkdir(parents=True, exist_ok=True)
    replace_file(folder / f"{name}.bin", data)
    replace_file(folder / f"{name}.json", (json.dumps(card, indent=1) + "\n").encode())
    return folder / f"{name}.bin"


def replace_file(path: Path, data: bytes) -> None:
    """Write a file beside its place and rename it, so that no reader ever sees half of it."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    os.chmod(temporary, 0o644)
    os.replace(temporary, path)
