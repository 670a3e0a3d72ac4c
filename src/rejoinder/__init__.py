"""Reads a rejection mail, says what kind of no it is, and drafts the reply that fits.

Everything runs on this machine. The public API is `__all__`; the rest may change.
"""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rejoinder.errors import RejoinderError

# Bound before anybody imports more of it: it is the name of a subpackage, too.
from rejoinder.scan import scan
from rejoinder.types import (
    Address,
    Details,
    Draft,
    Evidence,
    Failure,
    Label,
    Letter,
    Message,
    NamedTime,
    NoReply,
    Origin,
    Plan,
    ReplyRoute,
    Result,
    Stage,
    Step,
    Trimmed,
    Verdict,
)

if TYPE_CHECKING:
    from rejoinder.learn.teaching import Taught
    from rejoinder.mail.cleaning import clean
    from rejoinder.mail.parsing import parse
    from rejoinder.model.store import load_model
    from rejoinder.pipeline import answer, classify, draft, plan

__version__ = "0.1.0"

__all__ = [
    "Address",
    "Details",
    "Draft",
    "Evidence",
    "Failure",
    "Label",
    "Letter",
    "Message",
    "NamedTime",
    "NoReply",
    "Origin",
    "Plan",
    "RejoinderError",
    "ReplyRoute",
    "Result",
    "Stage",
    "Step",
    "Trimmed",
    "Verdict",
    "answer",
    "classify",
    "clean",
    "draft",
    "load_model",
    "parse",
    "plan",
    "scan",
    "train",
]

#: Where the functions live that need half of the package: imported when first asked for.
_HOMES = {
    "answer": "pipeline",
    "classify": "pipeline",
    "clean": "mail.cleaning",
    "draft": "pipeline",
    "load_model": "model.store",
    "parse": "mail.parsing",
    "plan": "pipeline",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def train(
    *examples: Path | str,
    name: str | None = None,
    labels: Collection[str] = (),
    from_scratch: bool = False,
    force: bool = False,
    skip_bad: bool = False,
) -> Taught:
    """The model that labelled examples make of the shipped one, kept in the user's folder and compared.

    `labels` are the user's own, beside the five. It is put in force unless it
    does worse or was taught less than the one before, or with `force` in any case. Raises RejoinderError for examples
    that cannot be learnt from; nothing is then changed.
    """
    from rejoinder.learn.teaching import teach  # scikit-learn, which nobody else needs

    return teach(
        [Path(one) for one in examples],
        name=name, own=labels, from_scratch=from_scratch, force=force, skip_bad=skip_bad,
    )  # fmt: skip
