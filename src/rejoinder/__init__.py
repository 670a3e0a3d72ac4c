"""Reads a rejection mail, says what kind of no it is, and drafts the reply that fits.

Everything runs on this machine. The public API is `__all__`; the rest may change.
"""

from rejoinder.errors import RejoinderError
from rejoinder.mail.cleaning import clean
from rejoinder.mail.parsing import parse
from rejoinder.model.store import load_model
from rejoinder.pipeline import answer, classify, draft, plan
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
