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
    """Labelled examples that cannot be learnt from.

    `problems` are all that were found, a line each; `str()` names the first ten.
    """

    SHOWN = 10

    def __init__(self, what: str, tip: str = "", problems: tuple[str, ...] = ()) -> None:
        self.problems = problems
        super().__init__(what, tip)

    @property
    def shown(self) -> list[str]:
        """The first problems, and how many more there are."""
        more = len(self.problems) - self.SHOWN
        return [*self.problems[: self.SHOWN], *([f"and {more} more"] if more > 0 else [])]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.what, "; ".join(self.shown), self.tip)))
