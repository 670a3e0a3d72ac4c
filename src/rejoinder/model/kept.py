"""The models there are: listed, put in force, and written so that none is ever seen half."""

from __future__ import annotations

import contextlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rejoinder.errors import ModelError, ResourceError
from rejoinder.model.scorer import load
from rejoinder.model.store import (
    IN_FORCE,
    SHIPPED,
    in_force,
    is_model_name,
    own_folder,
    shipped_path,
)


def put_in_force(name: str) -> Path:
    """Make a kept model, or the shipped one, the one in force, and return where it lies.

    Raises ModelError when there is none of that name or it is damaged; the
    one in force then stays.
    """
    names = kept_names()
    if name != SHIPPED and name not in names:
        raise ModelError(
            f"There is no model {name} in {own_folder()}.", "There are: " + ", ".join([SHIPPED, *names]) + "."
        )
    path = shipped_path() if name == SHIPPED else own_folder() / f"{name}.bin"
    load(path)
    write_atomically({own_folder() / IN_FORCE: f"{name}\n".encode()})
    return path


def kept_names() -> list[str]:
    """The names of the user's own models, in order."""
    try:
        found = [path.stem for path in own_folder().glob("*.bin")]
    except OSError as error:
        raise ResourceError(
            f"{own_folder()} cannot be read: {error.strerror}.", "Check its permissions."
        ) from error
    return sorted(name for name in found if is_model_name(name) and name != SHIPPED)


@dataclass(frozen=True, slots=True)
class Kept:
    """A model that could be put in force: its card, or why it cannot be used."""

    name: str
    path: Path
    in_force: bool
    card: dict[str, Any]
    problem: str = ""


def models() -> list[Kept]:
    """The shipped model and the user's own ones."""
    try:
        current = in_force()
    except ModelError:
        current = ""
    out = []
    for name in (SHIPPED, *kept_names()):
        path = shipped_path() if name == SHIPPED else own_folder() / f"{name}.bin"
        try:
            out.append(Kept(name, path, name == current, load(path).card))
        except ModelError as error:
            out.append(Kept(name, path, name == current, {}, error.what))
    return out


def write_atomically(files: dict[Path, bytes]) -> None:
    """Write all files beside their places, then rename them in order: nobody ever sees half a file.

    Raises ResourceError when there is no room or no permission; what was
    there before is then still there.
    """
    waiting: list[tuple[str, Path]] = []
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            waiting.append((temporary, path))
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, 0o644)
        while waiting:
            temporary, path = waiting[0]
            os.replace(temporary, path)
            waiting.pop(0)
    except OSError as error:
        where = next(iter(files)).parent
        raise ResourceError(
            f"{where} cannot be written to: {error.strerror}.",
            "Free some room or check its permissions; REJOINDER_HOME can point to another folder.",
        ) from error
    finally:
        for temporary, _ in waiting:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
