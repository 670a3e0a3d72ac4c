"""A model and a difference to it as one, with weights rounded to the bytes that a model file keeps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from rejoinder.learn.adapting import Difference
from rejoinder.learn.readers import Reader
from rejoinder.learn.sheets import Floats


def merged(reader: Reader, difference: Difference) -> Reader:
    """The reader over the n-grams of both, each output rounded to whole steps.

    N-grams of no weight stay: a scorer looks for words in a row only where it knows each of them.
    """
    keys = np.union1d(reader.keys, difference.keys)
    weights = np.zeros((len(keys), len(reader.outputs)))
    weights[np.searchsorted(keys, reader.keys)] = reader.weights
    columns = np.array([reader.outputs.index(name) for name in difference.outputs])
    weights[np.ix_(np.searchsorted(keys, difference.keys), columns)] += difference.weights
    intercepts = reader.intercepts.copy()
    intercepts[columns] += difference.intercepts
    steps, scales = rounded(weights)
    return replace(
        reader,
        keys=keys,
        weights=steps * scales,
        intercepts=np.round(intercepts, 6),
    )


def rounded(weights: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Whole steps of one byte, and the size of a step for each output; what was rounded before stays as it is."""
    largest = np.abs(weights).max(axis=0, initial=0)
    scales = np.where(largest > 0, largest / 127, 1.0)
    return np.rint(weights / scales).astype(np.int8), scales
