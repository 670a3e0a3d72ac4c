"""Which models there are, and which one is in force."""

from __future__ import annotations

import os
import re
import stat
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from rejoinder.errors import ModelError
from rejoinder.model.scorer import Scorer, load
from rejoinder.resources import home, shipped

if TYPE_CHECKING:
    from rejoinder.model.gate import Gate

SHIPPED = "rejoinder-en"
#: The file in the user's models folder that holds the name of the model in force.
IN_FORCE = "in-force"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_BACK = f"Go back to the shipped one: rejoinder model use {SHIPPED}"


def own_folder() -> Path:
    """Where the user's own models are."""
    return home() / "models"


def is_model_name(name: str) -> bool:
    """Whether a name can be that of a model: letters, digits, - and _."""
    return _NAME.fullmatch(name) is not None


def model_path(chosen: Path | None = None) -> Path:
    """Where the model in force lies: the given one (a path, or the name of a kept one), else the user's, else the shipped.

    Raises ModelError when the user chose a model that is not there.
    """
    if chosen is not None:
        kept = own_folder() / f"{chosen}.bin"
        return kept if is_model_name(str(chosen)) and not chosen.exists() and kept.is_file() else chosen
    name = _said()
    if name is None:
        own = own_folder() / f"{SHIPPED}.bin"  # a newer one of the shipped, put there by hand
        return own if own.is_file() else shipped_path()
    return shipped_path() if name == SHIPPED else _kept(name)


def in_force() -> str:
    """The name of the model in force: the shipped one's until the user chose another.

    Raises ModelError when what was chosen cannot be read.
    """
    return _said() or SHIPPED


def shipped_path() -> Path:
    """Where the shipped model lies."""
    return shipped("models") / f"{SHIPPED}.bin"


def _said() -> str | None:
    place = own_folder() / IN_FORCE
    try:
        if not stat.S_ISREG(os.stat(place).st_mode):
            raise ModelError(f"{place} is no file.", f"Move it away. {_BACK}")
        with place.open("rb") as file:
            name = file.read(200).decode("ascii", "replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ModelError(f"{place} cannot be read: {error.strerror}.", "Check its permissions.") from error
    if not is_model_name(name):
        raise ModelError(f"{place} does not name a model.", _BACK)
    return name


def _kept(name: str) -> Path:
    path = own_folder() / f"{name}.bin"
    if not path.is_file():
        raise ModelError(f"The model in force, {name}, is not in {path.parent} any more.", _BACK)
    return path


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
