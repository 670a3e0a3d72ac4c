"""Labelling by hand: what is asked next, and a journal in which every answer stands at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rejoinder.corrections import Correction, keep, letter_id, read_journal
from rejoinder.errors import ExamplesError, RejoinderError
from rejoinder.learn.corrections import is_journal
from rejoinder.learn.labelled import read_labels
from rejoinder.learn.rows import letter_text
from rejoinder.learn.selection import Candidate, most_instructive
from rejoinder.mail.parsing import parse
from rejoinder.mail.sources import RawMail, read_path
from rejoinder.model.classifier import classify_letter
from rejoinder.model.scorer import Scorer
from rejoinder.types import Failure, Letter, Message, Verdict

_OPPOSITE = {"hard_no": "soft_no", "soft_no": "hard_no"}


@dataclass(frozen=True, slots=True)
class Item:
    """A mail to label: as it came, what it says, and what the model makes of it."""

    message: Message
    text: str
    verdict: Verdict


def read_items(source: Path, scorer: Scorer) -> Iterator[Item | Failure]:
    """The mails at a path as they are to be labelled, each text once, and those that cannot be read."""
    seen: set[str] = set()
    for mail in read_path(source):
        if not isinstance(mail, RawMail):
            yield mail
            continue
        try:
            message = parse(mail.raw, mail.origin)
            text = letter_text(message)
        except RejoinderError as error:
            yield Failure(mail.origin, type(error).__name__, error.what)
            continue
        key = letter_id(text) or message.id
        if text.strip() and key not in seen:
            seen.add(key)
            yield Item(message, text, classify_letter(Letter(message.subject, text), scorer))


class Session:
    """Mails in the order in which they are asked, and the answers; nothing is ever taken out of the journal.

    `marks` and `stage` are what was said about the current mail so far.
    Raises ExamplesError for a journal that is some other file.
    """

    def __init__(self, items: list[Item], journal: Path, extra: Collection[str] = ()) -> None:
        self.items = items
        self.journal = journal
        self.extra = extra
        said = {one.id: one for one in self._journal() if one.labels is not None or one.skipped}
        texts = {one.text_id for one in said.values() if one.text_id}
        done = [
            at for at, item in enumerate(items) if item.message.id in said or letter_id(item.text) in texts
        ]
        candidates = [Candidate(item.text, item.verdict) for item in items]
        self.queue = most_instructive(candidates, done)
        places = {item.message.id: at for at, item in enumerate(items)}
        self.history = [places[identity] for identity in said if identity in places]
        self.marks: frozenset[str] = frozenset()
        self.stage = ""

    def _journal(self) -> list[Correction]:
        known = read_journal(self.journal)
        if self.journal.is_file() and self.journal.stat().st_size and not is_journal(self.journal):
            raise ExamplesError(
                f"{self.journal} is there already and holds something else.", "Choose another file with -o."
            )
        return known

    @property
    def current(self) -> Item | None:
        """The mail that is asked about; None when all are done."""
        return self.items[self.queue[0]] if self.queue else None

    def mark(self, label: str) -> None:
        """Say that the current mail has a label, or has not if that was said before; saved at once."""
        raw = set(self.marks) ^ {label}
        if label in raw:
            raw.discard(_OPPOSITE.get(label, ""))
        self.marks = read_labels(raw, self.extra)[0]
        self._save(tuple(sorted(self.marks)) or None)

    def set_stage(self, stage: str) -> None:
        """Say how far the application had come; saved with the labels."""
        self.stage = "" if self.stage == stage else stage
        if self.marks:
            self._save(tuple(sorted(self.marks)))

    def accept(self) -> bool:
        """On to the next mail with what was marked, else with the model's guess; False if there is neither."""
        item = self.current
        if item is None or (not self.marks and item.verdict.rejection is None):
            return False
        if not self.marks:
            self._save(tuple(map(str, item.verdict.labels)))
        self._next()
        return True

    def no_rejection(self) -> None:
        """The current mail is none; on to the next."""
        self._save(())
        self._next()

    def skip(self) -> None:
        """Leave the current mail alone, also in later sessions."""
        self._save(None, skipped=True)
        self._next()

    def undo(self) -> bool:
        """Take back what was said about this mail, else about the one before; False if there is none."""
        if not self.marks:
            if not self.history:
                return False
            self.queue.insert(0, self.history.pop())
        self.marks, self.stage = frozenset(), ""
        self._save(None)
        return True

    def _next(self) -> None:
        self.history.append(self.queue.pop(0))
        self.marks, self.stage = frozenset(), ""

    def _save(self, labels: tuple[str, ...] | None, skipped: bool = False) -> None:
        item = self.current
        if item is None:
            return
        sender, text = str(item.message.sender or ""), item.text
        said = Correction(
            item.message.id, labels, self.stage, letter_id(text), item.message.subject, sender, text
        )
        if labels is None:
            # Nothing is said, so nothing of the mail needs to be kept again.
            said = replace(said, subject="", sender="", text="", skipped=skipped)
        keep(said, self.journal)
