"""The scikit-learn pipeline as joblib, opened only where it is known who wrote it.

Loading a pickle runs whatever its writer put in. So a pipeline is opened only
when its sha256 is in a list that came with this program, or that this program
wrote on this machine; the data-only model file is safe without.
"""

from __future__ import annotations

import hashlib
import io
import json
import stat
from pathlib import Path
from typing import Any

from rejoinder.errors import ModelError
from rejoinder.model.card import MAX_CARD_BYTES
from rejoinder.model.kept import write_atomically
from rejoinder.model.scorer import MAX_BYTES
from rejoinder.model.store import SHIPPED, own_folder
from rejoinder.resources import shipped

MANIFEST = "manifest.json"
_TIP = "Use its .bin and .json files, which are data only, or train it anew on this machine."


def load_pipeline(path: Path | None = None) -> Any:
    """The fitted pipeline in a joblib file, by default the shipped one.

    Raises ModelError, without opening it, when nobody vouches for its bytes.
    """
    path = path or shipped("models") / f"{SHIPPED}.joblib"
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            raise ModelError(f"{path} is not a pipeline file.", _TIP)
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.", _TIP) from error
    if hashlib.sha256(data).hexdigest() not in _vouched():
        raise ModelError(
            f"{path} was not opened: it can hold code, and is neither the shipped pipeline nor one made on this machine.",
            _TIP,
        )
    import joblib

    # The very bytes that were looked at: the file may have been changed since.
    return joblib.load(io.BytesIO(data))


def _vouched() -> set[str]:
    said = _object(shipped("models") / f"{SHIPPED}.json").get("pipeline")
    return {*(value for value in entries().values()), *([said] if isinstance(said, str) else [])}


def entries() -> dict[str, str]:
    """The files of models made on this machine, each with its sha256; none where the list cannot be read."""
    found = _object(own_folder() / MANIFEST)
    return {name: value for name, value in found.items() if isinstance(value, str)}


def with_entries(files: dict[Path, bytes]) -> dict[Path, bytes]:
    """The manifest with files added, ready to be written."""
    new = {path.name: hashlib.sha256(data).hexdigest() for path, data in files.items()}
    text = json.dumps({**entries(), **new}, indent=1, sort_keys=True) + "\n"
    return {own_folder() / MANIFEST: text.encode()}


def save_pipeline(pipeline: Any, path: Path) -> None:
    """Write a pipeline as joblib, and vouch for it in this machine's manifest."""
    import joblib

    buffer = io.BytesIO()
    joblib.dump(pipeline, buffer, compress=("xz", 6))
    write_atomically({path: buffer.getvalue(), **with_entries({path: buffer.getvalue()})})


def _object(path: Path) -> dict[str, Any]:
    try:
        if not path.is_file() or path.stat().st_size > MAX_CARD_BYTES:
            return {}
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
