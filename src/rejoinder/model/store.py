"""Which model is in force."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from rejoinder.errors import ModelError
from rejoinder.model.scorer import Scorer, load
from rejoinder.resources import home, shipped

if TYPE_CHECKING:
    from rejoinder.model.gate import Gate

SHIPPED = "rejoinder-en"


def model_path(chosen: Path | None = None) -> Path:
    """Where the model in force lies: the given one, else the user's own, else the shipped one."""
    if chosen is not None:
        return chosen
    own = home() / "models" / f"{SHIPPED}.bin"
    return own if own.is_file() else shipped("models") / f"{SHIPPED}.bin"


@lru_cache(maxsize=4)
def _load(path: Path) -> Scorer:
    return load(path)


def load_model(path: Path | str | None = None) -> Scorer:
    """The model in `path`, or the one in force; loaded once a process.

    Raises ModelError when it is missing or damaged.
    """
    chosen = model_path(Path(path) if path is not None else None)
    if chosen.is_dir():
        raise ModelError(f"{chosen} is a folder, not a model.", "Name the .bin file or its .json card.")
    return _load(chosen)


def gate_of(path: Path) -> Gate | None:
    """The gate that lies beside a model; None for a model without one: then every mail is read in full."""
    from rejoinder.model.gate import SUFFIX, load

    beside = path.with_suffix(SUFFIX)
    return load(beside) if beside.is_file() else None
