"""Reads a rejection mail, says what kind of no it is, and drafts the reply that fits.

Everything runs on this machine. The public API is `__all__`; the rest may change.
"""

from __future__ import annotations

from importlib import import_module
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
