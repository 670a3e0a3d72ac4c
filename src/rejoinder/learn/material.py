"""Corpus to training material: letters as they will be read, and sentences with what they do."""

from __future__ import annotations

from dataclasses import dataclass

from rejoinder.errors import RejoinderError
from rejoinder.learn.corpus import Corpus, Mail, Sentence
from rejoinder.mail.cleaning import clean
from rejoinder.model.functions import TOPIC
from rejoinder.model.sentences import split
from rejoinder.types import Message

#: Mails of these kinds are about no application of anybody's.
_OFF_TOPIC = frozenset({"ordinary", "newsletter", "refusal_other"})


def letter_sentences(text: str) -> list[str]:
    """The sentences of a raw mail text as classification will see them, empty if nothing is left."""
    try:
        return split(clean(Message.from_text(text)).text)
    except RejoinderError:
        return []


@dataclass
class Example:
    """A letter to learn from: its sentences as split, and what it means."""

    sentences: list[str]
    labels: frozenset[str]
    stage: str
    voice: str


def example(mail: Mail) -> Example:
    """A corpus mail as the second level sees it."""
    return Example(letter_sentences(mail.text), mail.labels, mail.stage, mail.voice)


def training_sentences(corpus: Corpus) -> list[Sentence]:
    """All tagged sentences: those of the mails, the single ones, and run-on pieces of the mails."""
    out = [
        _on_topic(piece) if mail.kind not in _OFF_TOPIC else piece
        for mail in corpus.mails
        for sentence in mail.sentences
        for piece in _pieces(sentence)
    ]
    out.extend(
        item if item.functions <= {"other", "refusal_other"} else _on_topic(item) for item in corpus.sentences
    )
    for at, mail in enumerate(corpus.mails):
        if at % 3 == 0 and mail.kind not in _OFF_TOPIC:
            out.extend(_run_on(mail))
    return out


def _on_topic(sentence: Sentence) -> Sentence:
    return Sentence(sentence.text, sentence.functions | {TOPIC}, sentence.voice)


def _pieces(sentence: Sentence) -> list[Sentence]:
    """A passage that does nothing, tagged as one, as the sentences it is read in; any other sentence as it is."""
    if sentence.functions != {"other"}:
        return [sentence]
    return [Sentence(piece, sentence.functions, sentence.voice) for piece in split(sentence.text)]


def _run_on(mail: Mail) -> list[Sentence]:
    """Neighbouring sentences as one, which is what is left of a mail that lost its punctuation."""
    spoken = [item for item in mail.sentences if item.functions.isdisjoint({"greeting", "signoff", "footer"})]
    return [
        _on_topic(Sentence(f"{first.text} {second.text}", first.functions | second.functions, mail.voice))
        for first, second in zip(spoken[::2], spoken[1::2], strict=False)
    ]
