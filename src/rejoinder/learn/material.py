"""Corpus to training material: letters as they will be read, and sentences with what they do."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rejoinder.errors import RejoinderError
from rejoinder.learn.corpus import Corpus, Mail, Sentence
from rejoinder.mail.cleaning import clean
from rejoinder.model.functions import TOPIC
from rejoinder.model.sentences import split
from rejoinder.types import Message

_NO_LETTER = re.compile(r"\W+")
#: Mails of these kinds are about no application of anybody's.
_OFF_TOPIC = frozenset({"ordinary", "newsletter", "refusal_other"})
#: What a passage is tagged that does nothing.
_NOTHING = frozenset({"other"})


def letter_sentences(text: str) -> list[str]:
    """The sentences of a raw mail text as classification will see them, empty if nothing is left."""
    try:
        return split(clean(Message.from_text(text)).text)
    except RejoinderError:
        return []


@dataclass
class Example:
    """A letter to learn from: its sentences as split with what each does, and what it means."""

    sentences: list[str]
    functions: list[set[str]]
    labels: frozenset[str]
    stage: str
    voice: str


def example(mail: Mail) -> Example:
    """A corpus mail as the second level sees it."""
    sentences = letter_sentences(mail.text)
    return Example(sentences, _functions(sentences, mail), mail.labels, mail.stage, mail.voice)


def _functions(sentences: list[str], mail: Mail) -> list[set[str]]:
    """What the sentences as split do: all that the tagged ones do which they lie in, or hold a third of."""
    tagged: list[tuple[int, int, frozenset[str]]] = []
    letters = ""
    for sentence in mail.sentences:
        start, letters = len(letters), letters + _letters(sentence.text)
        tagged.append((start, len(letters), sentence.functions))
    out, at = [], 0
    for text in map(_letters, sentences):
        start = max(letters.find(text, at), 0)
        end = at = start + len(text)
        out.append(
            {
                function
                for first, last, functions in tagged
                if 3 * (min(last, end) - max(first, start)) > min(last - first, len(text))
                for function in functions
            }
        )
    return out


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", text.lower())


def training_sentences(corpus: Corpus) -> list[Sentence]:
    """All tagged sentences: those of the mails, the single ones, and run-on pieces of the mails."""
    out = [
        _on_topic(piece) if mail.kind not in _OFF_TOPIC and piece.functions != _NOTHING else piece
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
    if sentence.functions != _NOTHING:
        return [sentence]
    return [Sentence(piece, sentence.functions, sentence.voice) for piece in split(sentence.text)]


def _run_on(mail: Mail) -> list[Sentence]:
    """Neighbouring sentences as one, which is what is left of a mail that lost its punctuation."""
    spoken = [item for item in mail.sentences if item.functions.isdisjoint({"greeting", "signoff", "footer"})]
    return [
        _on_topic(Sentence(f"{first.text} {second.text}", first.functions | second.functions, mail.voice))
        for first, second in zip(spoken[::2], spoken[1::2], strict=False)
    ]
