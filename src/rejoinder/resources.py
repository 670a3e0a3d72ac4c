"""Where the shipped files and the user's own ones are."""

from __future__ import annotations

import os
from pathlib import Path

from rejoinder.errors import ResourceError

HOME_VARIABLE = "REJOINDER_HOME"


def home() -> Path:
    """The user's own folder: `$REJOINDER_HOME`, else the platform's place for application data."""
    chosen = os.environ.get(HOME_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    from platformdirs import user_data_path

    return user_data_path("rejoinder", appauthor=False)


def corrections_path() -> Path:
    """Where the user's corrections are kept, if there are any."""
    return home() / "corrections.jsonl"


def shipped(kind: str) -> Path:
    """The folder of shipped `templates`, `models`, `data/corpus` or `data/samples`.

    Raises ResourceError when the installation is incomplete.
    """
    package = Path(__file__).resolve().parent
    bundled = package / "_bundled" / kind
    checkout = package.parent.parent / kind
    for folder in (bundled, checkout):
        if folder.is_dir():
            return folder
    raise ResourceError(
        f"The folder {kind}/ that belongs to rejoinder is missing (looked in {bundled}).",
        "Reinstall it: pip install --force-reinstall rejoinder",
    )


def search_path(kind: str, chosen: Path | None = None) -> list[Path]:
    """Folders to look in for a kind of file, in order: option, the user's own, shipped."""
    folders = [] if chosen is None else [chosen]
    return [*folders, home() / kind, shipped(kind)]
