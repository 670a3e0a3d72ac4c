"""The corpus we wrote: whole mails with every sentence tagged, and single sentences."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rejoinder.errors import ExamplesError
from rejoinder.resources import shipped


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and what it does; `voice` names the file, hence the writer, it came from."""

    text: str
    functions: frozenset[str]
    voice: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A whole mail: `labels` is empty for what is no rejection, and `kind` says what it is then."""

    id: str
    voice: str
    kind: str
    labels: frozenset[str]
    stage: str
    subject: str | None
    sender: str | None
    text: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """All mails and sentences, and a sha256 over the files they were read from."""

    mails: tuple[Mail, ...]
    sentences: tuple[Sentence, ...]
    sha256: str


def load_corpus(folder: Path | None = None) -> Corpus:
    """Read `mails/*.jsonl` and `sentences/*.jsonl`, files and lines in order.

    Raises ExamplesError naming file and line when one cannot be read.
    """
    folder = folder or shipped("data/corpus")
    digest = hashlib.sha256()
    mails: list[Mail] = []
    sentences: list[Sentence] = []
    for path in sorted(folder.glob("mails/*.jsonl")):
        mails.extend(_mail(record, path.stem) for record in _records(path, digest))
    for path in sorted(folder.glob("sentences/*.jsonl")):
        sentences.extend(
            Sentence(record["text"], frozenset(record["functions"]), path.stem)
            for record in _records(path, digest)
        )
    return Corpus(tuple(mails), tuple(sentences), digest.hexdigest())


def _records(path: Path, digest: hashlib._Hash) -> list[dict[str, Any]]:
    data = path.read_bytes()
    digest.update(path.name.encode() + data)
    records = []
    for number, line in enumerate(data.decode("utf-8").splitlines(), 1):
        try:
            records.append(json.loads(line))
        except ValueError as error:
            raise ExamplesError(
                f"{path}, line {number}: {error}.", "Each line is one JSON object."
            ) from error
    return records


def _mail(record: dict[str, Any], voice: str) -> Mail:
    sentences = (
        Sentence(text, frozenset(functions.split(",")), voice) for functions, text in record["sentences"]
    )
    return Mail(
        id=record["id"],
        voice=voice,
        kind=record["kind"],
        labels=frozenset(record["labels"]),
        stage=record["stage"],
        subject=record["subject"],
        sender=record["from"],
        text=record["text"],
        sentences=tuple(sentence for sentence in sentences if "quoted" not in sentence.functions),
    )
