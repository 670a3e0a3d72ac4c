"""What the names of files and folders say in mail stores that keep one mail a file: Maildir and MH."""

from __future__ import annotations

import re

_INFO = re.compile(r"[:;!\-]2,([A-Za-z]{0,60})$")
_FLAGS = {"D": "draft", "T": "trashed", "S": "seen", "R": "replied"}


def flags_of(name: str) -> frozenset[str]:
    """What the end of a Maildir file name says, `...:2,RS`."""
    info = _INFO.search(name)
    return frozenset(_FLAGS[flag] for flag in info.group(1) if flag in _FLAGS) if info else frozenset()
