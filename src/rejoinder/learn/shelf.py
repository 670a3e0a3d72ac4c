"""The shipped corpus as retraining needs it, worked out once and kept in the user's cache folder.

What is kept are plain arrays with a sha256, read without pickle: a cache that
is damaged, or of another corpus or version, is made anew.
"""

from __future__ import annotations

import hashlib
import io
import json
import lzma
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import rejoinder
from rejoinder.errors import ResourceError
from rejoinder.learn.corpus import Corpus, load_corpus
from rejoinder.learn.material import letter_sentences
from rejoinder.learn.sheets import Bools, Floats, Sheet
from rejoinder.model.functions import OUTPUTS
from rejoinder.model.kept import write_atomically
from rejoinder.model.scorer import MAX_BYTES
from rejoinder.model.store import SHIPPED
from rejoinder.resources import home, shipped

#: Logits are kept to a fifth, from -25 to 25: finer than any two writers agree.
STEP = 5
_ARRAYS = ("keys", "indices", "pointers", "lengths", "held")
#: What decides how a mail becomes n-grams; a change in any of it makes the cache stale.
_SOURCES = (
    "mail", "model", "learn/material.py", "learn/corpus.py", "learn/training.py", "learn/vectorizer.py", "learn/sheets.py",
)  # fmt: skip
#: Of the shipped mails every seventh is the slice that models are compared on, of the others every third is replayed.
_SLICE, _REPLAY = 7, 3


@dataclass(frozen=True)
class Shelf:
    """Some mails of the shipped corpus, and the logits that models gave them which had not seen their writers.

    `slice` are those on which models are compared. About the others, a
    retrained model shall go on saying what it said.
    """

    labels: tuple[frozenset[str], ...]
    slice: Bools
    sheet: Sheet
    held: Floats

    @property
    def replay(self) -> Bools:
        """The mails that are replayed: none that models are compared on."""
        return ~self.slice


def _compared(at: int) -> bool:
    return at % _SLICE == _SLICE // 2


def _used(corpus: Corpus) -> list[int]:
    """The places in the corpus of the mails that are needed: a slice to compare on, and some to replay."""
    return [at for at in range(len(corpus.mails)) if _compared(at) or at % _REPLAY == 0]


def open_shelf(progress: Callable[[str], None] = lambda _: None) -> Shelf:
    """The shipped corpus, from the cache where that is whole and of this version."""
    corpus = load_corpus()
    key = _key(corpus)
    folder = home() / "cache"
    arrays = _cached(folder, key)
    if arrays is None:
        progress("reading the shipped corpus, this once")
        arrays = _worked_out(corpus, progress)
        _keep(folder, key, arrays)
    sheet = Sheet(*(arrays[name] for name in _ARRAYS[:-1]))
    used = _used(corpus)
    labels = tuple(corpus.mails[at].labels for at in used)
    return Shelf(labels, np.array([_compared(at) for at in used]), sheet, arrays["held"] / STEP)


def _key(corpus: Corpus) -> str:
    digest = hashlib.sha256(f"{rejoinder.__version__} {np.__version__} {corpus.sha256}".encode())
    package = Path(rejoinder.__file__).parent
    for source in _SOURCES:
        place = package / source
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


def _worked_out(corpus: Corpus, progress: Callable[[str], None]) -> dict[str, np.ndarray]:
    sheet = Sheet.of(letter_sentences(corpus.mails[at].text) for at in _used(corpus))
    held = _shipped_held(corpus, int(sheet.lengths.sum()))
    if held is None:
        progress("fitting the shipped corpus, this once; about two minutes")
        held = _steps(_fitted(corpus), corpus)
    return {**{name: getattr(sheet, name) for name in _ARRAYS[:-1]}, "held": held}


def _fitted(corpus: Corpus) -> Floats:
    from rejoinder.learn.training import LetterModel

    return np.asarray(LetterModel().fit(corpus).held_logits_)


def _steps(logits: Floats, corpus: Corpus) -> np.ndarray:
    """Of the logits of all sentences, those that are needed, as whole numbers of one byte each."""
    lengths = [len(letter_sentences(mail.text)) for mail in corpus.mails]
    needed = np.zeros(len(lengths), dtype=bool)
    needed[_used(corpus)] = True
    return np.asarray(np.clip(np.rint(logits[np.repeat(needed, lengths)] * STEP), -127, 127), dtype=np.int8)


def held_bytes(logits: Floats, corpus: Corpus) -> bytes:
    """The file `<name>.held` of the shipped model: the corpus it belongs to, and the logits, compressed."""
    return bytes.fromhex(corpus.sha256) + lzma.compress(
        np.ascontiguousarray(_steps(logits, corpus).T).tobytes(), preset=9
    )


def _shipped_held(corpus: Corpus, sentences: int) -> np.ndarray | None:
    """The logits that came with the shipped model; None where they are of another corpus."""
    path = shipped("models") / f"{SHIPPED}.held"
    size = sentences * len(OUTPUTS)
    if not path.is_file() or path.stat().st_size > MAX_BYTES:
        return None
    data = path.read_bytes()
    if data[:32] != bytes.fromhex(corpus.sha256):
        return None
    try:
        raw = lzma.LZMADecompressor(memlimit=256 * 2**20).decompress(data[32:], size + 1)
    except lzma.LZMAError:
        return None
    return np.frombuffer(raw, np.int8).reshape(len(OUTPUTS), -1).T if len(raw) == size else None


def _keep(folder: Path, key: str, arrays: dict[str, np.ndarray]) -> None:
    """Keep the arrays; a cache that cannot be written costs time next time, no more."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    data = buffer.getvalue()
    label = json.dumps({"key": key, "sha256": hashlib.sha256(data).hexdigest()}) + "\n"
    try:
        write_atomically({folder / "corpus.npz": data, folder / "corpus.json": label.encode()})
    except ResourceError:
        return


def _cached(folder: Path, key: str) -> dict[str, np.ndarray] | None:
    """The kept arrays, if they are those of this corpus and version, and whole."""
    try:
        label, place = folder / "corpus.json", folder / "corpus.npz"
        if label.stat().st_size > 1000 or not place.is_file() or place.stat().st_size > 4 * MAX_BYTES:
            return None
        said = json.loads(label.read_bytes())
        if not isinstance(said, dict) or said.get("key") != key:
            return None
        data = place.read_bytes()
        if hashlib.sha256(data).hexdigest() != said.get("sha256"):
            return None
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return {name: arrays[name] for name in _ARRAYS}
    except (OSError, ValueError, KeyError):
        return None
