"""A retrained model into the user's models folder, where it lies beside the earlier ones."""

from __future__ import annotations

import hashlib
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import sklearn

from rejoinder.errors import ModelError, ResourceError
from rejoinder.learn.checking import text_key
from rejoinder.learn.context import nine_digits
from rejoinder.learn.heldout import SUFFIX, as_bytes
from rejoinder.learn.labelled import LabelledMail
from rejoinder.learn.pipelines import with_entries
from rejoinder.learn.readers import Head, Reader
from rejoinder.learn.retraining import Trained
from rejoinder.learn.scores import REJECTION
from rejoinder.learn.weighing import rounded
from rejoinder.model.card import card_bytes
from rejoinder.model.kept import write_atomically
from rejoinder.model.scorer import MAX_BYTES, Scorer, pack
from rejoinder.model.store import SHIPPED, is_model_name, own_folder
from rejoinder.types import Label

#: What a name starts with where the user gives none.
_USUAL = "mine"
#: What a card says of the shipped model that is not true of one made of it.
_NOT_INHERITED = ("held-out thresholds", "pipeline", "measured")


def free_name(wanted: str | None) -> str:
    """The name for a new model: the wanted one, or the next of `mine-1`, `mine-2` and so on.

    Raises ModelError for a name that is taken or cannot be one; and, before
    any work is done, ResourceError where nothing can be written.
    """
    folder = own_folder()
    if wanted is None:
        numbers = range(1, 100_000)
        wanted = next(f"{_USUAL}-{n}" for n in numbers if not (folder / f"{_USUAL}-{n}.bin").exists())
    if not is_model_name(wanted) or wanted == SHIPPED:
        raise ModelError(f"{wanted!r} cannot be the name of a model.", "Use letters, digits, - and _.")
    if any((folder / f"{wanted}{ending}").exists() for ending in (".bin", ".json")):
        raise ModelError(f"There is a model {wanted} already, and it stays.", "Give another --name.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".try."):
            pass
    except OSError as error:
        raise ResourceError(
            f"{folder} cannot be written to: {error.strerror}.",
            "Check its permissions, or set REJOINDER_HOME to another folder.",
        ) from error
    return wanted


def keep(
    trained: Trained, mails: Sequence[LabelledMail], name: str, base: Scorer, *, from_scratch: bool
) -> Path:
    """Write the model, its card and what it said of held-out mails; return the path of the first.

    Raises ResourceError when that cannot be done; nothing is then changed.
    """
    data, scales = weights_file(trained.reader)
    if len(data) > MAX_BYTES:
        raise ResourceError(f"The model {name} would have {len(data) // 2**20} MB.", "Train on fewer mails.")
    card = {
        **{key: value for key, value in base.card.items() if key not in _NOT_INHERITED},
        "name": name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "corpus": {**({} if from_scratch else base.card.get("corpus", {})), "of yours": len(mails)},
        "yours": _yours(mails),
        "made of": base.id,
        "from scratch": from_scratch,
        "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
        "ngrams": len(trained.reader.keys),
        "figures": {f"held-out F1 {line.label}": round(line.after, 3) for line in trained.mine.lines},
        "compared": trained.sentence,
        "thresholds": trained.reader.thresholds,
        "outputs": list(trained.reader.outputs),
        "scales": scales,
        "intercepts": trained.reader.intercepts.tolist(),
        "heads": {name: _head(head) for name, head in trained.reader.heads.items()},
    }
    folder = own_folder()
    files = {
        folder / f"{name}.bin": data,
        folder / f"{name}.json": card_bytes(card),
        folder / f"{name}{SUFFIX}": as_bytes(mails, trained.held_out),
    }
    write_atomically({**files, **with_entries(files)})
    return folder / f"{name}.bin"


def weights_file(reader: Reader) -> tuple[bytes, list[float]]:
    """The `.bin` file of a model whose weights are whole steps, and the size of a step for each output."""
    steps, scales = rounded(reader.weights)
    return pack(reader.keys.astype("<u8").tobytes(), steps.tobytes(), len(reader.outputs)), scales.tolist()


def _head(head: Head) -> dict[str, Any]:
    return {
        "inputs": head.inputs.tolist(),
        "weights": nine_digits(head.weights).tolist(),
        "intercepts": nine_digits(head.intercepts).tolist(),
    }


def _yours(mails: Sequence[LabelledMail]) -> dict[str, Any]:
    counts = Counter(label for mail in mails for label in mail.labels)
    digest = hashlib.sha256(b"".join(sorted(text_key(mail.text) for mail in mails))).hexdigest()
    five = [label.value for label in Label]
    names = [*(name for name in five if name in counts), *sorted(set(counts) - set(five))]
    return {
        "mails": len(mails),
        REJECTION: sum(bool(mail.labels) for mail in mails),
        **{name: counts[name] for name in names},
        "sha256": digest[:16],
    }
