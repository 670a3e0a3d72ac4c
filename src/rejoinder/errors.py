"""What can go wrong, said so that a person knows what to do next."""

from __future__ import annotations


class RejoinderError(Exception):
    """Any failure this package reports on purpose.

    `what` happened and to what; `tip` says what to do next. `str()` gives both
    as one line.
    """

    def __init__(self, what: str, tip: str = "") -> None:
        self.what = what
        self.tip = tip
        super().__init__(f"{what} {tip}".strip())


class UnreadableMailError(RejoinderError):
    """The bytes are no mail that anybody could read as text."""


class EmptyLetterError(RejoinderError):
    """The mail was read, and nothing written by a person is in it."""


class ResourceError(RejoinderError):
    """A shipped or user-owned file is missing or cannot be read."""


class ModelError(ResourceError):
    """A model file is missing, damaged, or of another version."""


class TemplateError(RejoinderError):
    """A reply template is missing, broken, or asks for something unknown."""


class ExamplesError(RejoinderError):
    """Labelled examples that cannot be learnt from."""
