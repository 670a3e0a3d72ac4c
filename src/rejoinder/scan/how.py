"""How a mailbox is to be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rejoinder.model.store import load_model, model_path
from rejoinder.types import Stage

#: What is left out of a mailbox unless asked for. What lies in the bin is read: that is where a no goes.
LEFT_OUT = ("sent", "draft", "spam", "chat")


@dataclass(frozen=True, slots=True)
class How:
    """How the messages of a mailbox are read; small, for it is sent to every worker.

    Without `every`, what is no rejection is only read as far as others need it:
    it has no id, and of its details none but company and role.
    """

    model: Path
    today: date
    since: date | None = None
    include: frozenset[str] = frozenset()
    mine: frozenset[str] = frozenset()
    stage: Stage | None = None
    gated: bool = True
    every: bool = True

    @classmethod
    def of(
        cls,
        *,
        model: Path | str | None = None,
        today: date | None = None,
        since: date | None = None,
        include: Iterable[str] = (),
        my_addresses: Iterable[str] = (),
        stage: Stage | str | None = None,
        gated: bool = True,
        every: bool = True,
    ) -> How:
        """From what a caller says; the model is loaded once, so that its absence is told at once."""
        wanted = frozenset(include)
        if not wanted <= set(LEFT_OUT):
            raise ValueError(f"include: choose from {', '.join(LEFT_OUT)}")
        path = model_path(Path(model) if model else None).absolute()
        load_model(path)
        mine = frozenset(address.strip().lower() for address in my_addresses)
        known = Stage(stage) if stage else None
        return cls(path, today or date.today(), since, wanted, mine, known, gated, every)
