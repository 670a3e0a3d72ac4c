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
    """A model that was trained and kept, which one was in force before, and what is worth saying.

    `aside` says why it was not put in force, and is empty where it was.
    `mistakes` are the mails that it got wrong while they were held out, with the labels it gave them.
    """

    name: str
    path: Path
    aside: str
    before: str
    trained: Trained
    notes: tuple[str, ...]
    mistakes: tuple[tuple[LabelledMail, Labels], ...]

    @property
    def in_force(self) -> bool:
        """Whether the new model reads mail from now on."""
        return not self.aside


#: Of the mails that the one in force was taught, a new model may leave out one in so many.
_SOME = 10
#: A lower figure, even if not distinguishable, that is no reason to change models.
_CHANCE = 0.02


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
    """The model made of the shipped one and these examples, kept under `name`; in force unless something speaks against it.

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
    again = sum(one is not None for one in known)
    mails, labels = _left_behind(current, again, gathered.own)
    further = (*lot.notes, *_told(current, mails, labels))
    for note in further:
        say(note)
    trained = train(lot, base, current, recorded=known, from_scratch=from_scratch, progress=progress)
    path = keep(trained, gathered.mails, name, base, from_scratch=from_scratch)
    lost = bool(labels) or mails * _SOME > mails + again
    aside = "" if force else why_aside(trained.outcome, trained.mine.mean.change, lost, current.card["name"])
    if not aside:
        put_in_force(name)
    mistakes = tuple(
        (mail, found)
        for mail, found in zip(gathered.mails, trained.held_out, strict=True)
        if found != mail.labels
    )
    return Taught(name, path, aside, current.card["name"], trained, (*gathered.notes, *further), mistakes)


def why_aside(outcome: Outcome, change: float, lost: bool, before: str) -> str:
    """Why a new model is not put in force before the user says so; empty where nothing speaks against it."""
    if outcome == Outcome.WORSE:
        return "it does worse"
    if lost:
        return f"it was not taught all that {before} was"
    if outcome == Outcome.SAME and change < -_CHANCE:
        return "its figures are lower, though that may be chance"
    return ""


def _left_behind(current: Scorer, again: int, own: Collection[str]) -> tuple[int, tuple[str, ...]]:
    """The mails and labels that the model in force was taught and the new one will not be, which starts from the shipped one.

    `again` are the mails that both are taught.
    """
    yours = current.card.get("yours")
    taught = yours.get("mails") if isinstance(yours, dict) else None
    mails = taught - again if isinstance(taught, int) else 0
    return max(mails, 0), tuple(label for label in current.own_labels if label not in own)


def _told(current: Scorer, mails: int, labels: Sequence[str]) -> list[str]:
    name = current.card["name"]
    notes = [
        f"{name} was taught {mails} mails that are not among these; name their files, too, to keep what they say"
    ]
    return [
        *(notes if mails else []),
        *(f"{name} knows {label}, which the new model will not: it is not taught here" for label in labels),
    ]
