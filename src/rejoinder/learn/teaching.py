"""Examples in, a model kept and perhaps in force: `rejoinder train` without its words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from rejoinder.learn.comparison import Outcome
from rejoinder.learn.corrections import own_known
from rejoinder.learn.gathering import gather
from rejoinder.learn.heldout import recorded
from rejoinder.learn.keeping import free_name, keep
from rejoinder.learn.labelled import LabelledMail
from rejoinder.learn.lots import Labels, prepare
from rejoinder.learn.retraining import Trained, train
from rejoinder.model.kept import put_in_force
from rejoinder.model.scorer import Scorer
from rejoinder.model.store import load_model, model_path, shipped_path


@dataclass(frozen=True)
class Taught:
    """A model that was trained and kept, whether it is in force, which one was before, and what is worth saying.

    `mistakes` are the mails that it got wrong while they were held out, with the labels it gave them.
    """

    name: str
    path: Path
    in_force: bool
    before: str
    trained: Trained
    notes: tuple[str, ...]
    mistakes: tuple[tuple[LabelledMail, Labels], ...]


def teach(
    examples: Sequence[Path],
    *,
    name: str | None = None,
    own: Collection[str] = (),
    from_scratch: bool = False,
    force: bool = False,
    skip_bad: bool = False,
    corrections: Path | None = None,
    with_corrected: bool = True,
    say: Callable[[str], None] = lambda _: None,
    progress: Callable[[str], None] = lambda _: None,
) -> Taught:
    """The model made of the shipped one and these examples, kept under `name`; in force unless it does worse.

    `say` gets what is worth saying before the work begins, `progress` each step of it.
    Raises ExamplesError for examples that cannot be learnt from, ModelError and
    ResourceError where a model cannot be read or kept; nothing is then changed.
    """
    name = free_name(name)
    base, current = load_model(shipped_path()), load_model()
    gathered = gather(
        examples, own, own_known(current), skip_bad=skip_bad, corrections=corrections, with_corrected=with_corrected
    )  # fmt: skip
    for note in gathered.notes:
        say(note)
    lot = prepare(gathered.mails, gathered.own, from_scratch=from_scratch)
    known = recorded(model_path(), current, gathered.mails)
    further = (*lot.notes, *_left_behind(current, known, gathered.own))
    for note in further:
        say(note)
    trained = train(lot, base, current, recorded=known, from_scratch=from_scratch, progress=progress)
    path = keep(trained, gathered.mails, name, base, from_scratch=from_scratch)
    chosen = force or trained.outcome != Outcome.WORSE
    if chosen:
        put_in_force(name)
    mistakes = tuple(
        (mail, found)
        for mail, found in zip(gathered.mails, trained.held_out, strict=True)
        if found != mail.labels
    )
    return Taught(name, path, chosen, current.card["name"], trained, (*gathered.notes, *further), mistakes)


def _left_behind(current: Scorer, known: Sequence[object], own: Collection[str]) -> list[str]:
    """What the model in force was taught and the new one will not be: each training starts from the shipped model."""
    name, yours = current.card["name"], current.card.get("yours")
    taught = yours.get("mails") if isinstance(yours, dict) else None
    missing = taught - sum(one is not None for one in known) if isinstance(taught, int) else 0
    labels = [label for label in current.own_labels if label not in own]
    notes = [
        f"{name} was taught {missing} mails that are not among these; name their files, too, to keep what they say"
    ]
    return [
        *(notes if missing > 0 else []),
        *(f"{name} knows {label}, which the new model will not: it is not taught here" for label in labels),
    ]
