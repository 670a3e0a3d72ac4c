"""Where templates lie: the shipped ones, the user's own, and which one a name stands for."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from rejoinder.errors import TemplateError
from rejoinder.reply.sheets import Sheet
from rejoinder.resources import home, shipped

#: The templates a plan may ask for.
REPLIES = (
    "acknowledge",
    "thank_you",
    "feedback_request",
    "feedback_thanks",
    "skill_gap",
    "culture_fit",
    "keep_in_touch",
)
SUFFIX = ".txt.j2"
_KIND = "templates/replies"
#: The longest template file that is read; the shipped ones are far below.
MAX_SOURCE = 100_000
FIX = "See `rejoinder templates check`; `rejoinder templates show NAME` prints the shipped one."


def folders(chosen: Path | None = None) -> list[Path]:
    """Where templates are looked for, in order: option, the user's own, shipped."""
    own = [home() / _KIND, shipped_folder()]
    return own if chosen is None else [chosen, *own]


@lru_cache(maxsize=1)
def shipped_folder() -> Path:
    """Where the shipped templates lie."""
    return shipped(_KIND)


def locate(name: str, chosen: Path | None = None, places: list[Path] | None = None) -> Path:
    """The file that a template name stands for.

    Raises TemplateError with the names there are when it is none of them.
    """
    if chosen is not None and not chosen.is_dir():
        raise TemplateError(
            f"There is no folder {chosen}.", "Give --templates a folder that holds *.txt.j2 files."
        )
    for folder in places or folders(chosen):
        path = folder / f"{name}{SUFFIX}"
        if path.is_file() and path.parent == folder:
            return path
    import difflib

    close = difflib.get_close_matches(name, names(chosen), 1)
    tip = f"Did you mean {close[0]}?" if close else "There are: " + ", ".join(names(chosen)) + "."
    raise TemplateError(f"There is no template {name}.", tip)


def is_shipped(name: str, chosen: Path | None = None) -> bool:
    """Whether a template name stands for the shipped file, not for one of the user's own."""
    return locate(name, chosen).parent == shipped_folder()


def shipped_file(name: str) -> Path:
    """Where the shipped template of a name lies, if there is one."""
    return shipped_folder() / f"{name}{SUFFIX}"


def locate_shipped(name: str) -> Path:
    """The shipped file of a template name, also where the user has one of that name.

    Raises TemplateError when no template of that name is shipped.
    """
    if name not in REPLIES:
        locate(name)
        raise TemplateError(f"The template {name} is your own; it is not shipped.", "Copy its file by hand.")
    return shipped_file(name)


def names(chosen: Path | None = None) -> list[str]:
    """All template names, the shipped ones first."""
    found = {
        path.name.removesuffix(SUFFIX) for folder in folders(chosen) for path in folder.glob(f"[!_]*{SUFFIX}")
    }
    return [*REPLIES, *sorted(found - set(REPLIES))]


def read_sheet(path: Path) -> Sheet:
    """The letters of a template file.

    Raises TemplateError for a file that is no text, or far too long.
    """
    return _read_sheet(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=32)
def _read_sheet(path: Path, changed: int) -> Sheet:
    """Kept while the file stays as it was."""
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(MAX_SOURCE + 1)
    except (UnicodeDecodeError, OSError) as error:
        raise TemplateError(f"The template {path} cannot be read: {error}.", FIX) from error
    if len(text) > MAX_SOURCE:
        raise TemplateError(f"The template {path} is longer than {MAX_SOURCE} characters.", FIX)
    return Sheet.read(text)
