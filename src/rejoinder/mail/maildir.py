"""What the names of files and folders say in stores that keep one mail a file: Maildir and MH."""

from __future__ import annotations

import re
from collections.abc import Collection

_INFO = re.compile(r"[:;!\-]2,([A-Za-z]{0,60})$")
_FLAGS = {"D": "draft", "T": "trashed", "S": "seen", "R": "replied"}
#: The folders of a Maildir that hold its mails; in `tmp` are those that are not there yet.
MAIL_FOLDERS = ("cur", "new")


def is_maildir(names: Collection[str]) -> bool:
    """Whether a folder with these folders in it is a Maildir."""
    return "cur" in names or ("new" in names and "tmp" in names)


def flags_of(name: str) -> frozenset[str]:
    """What the end of a Maildir file name says, `...:2,RS`."""
    info = _INFO.search(name)
    return frozenset(_FLAGS[flag] for flag in info.group(1) if flag in _FLAGS) if info else frozenset()


def order(name: str) -> tuple[int, int, str]:
    """Sorts the mails of an MH folder by number, and before all other names."""
    if name.isascii() and name.isdigit() and len(name) < 19:
        return 0, int(name), name
    return 1, 0, name
