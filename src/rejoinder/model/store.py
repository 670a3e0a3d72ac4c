"""Which model is in force."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from rejoinder.errors import ModelError
from rejoinder.model.scorer import Scorer, load
from rejoinder.resources import home, shipped

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
