"""Where mail lies: files, folders and archives walked in a steady order, and nothing guessed."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rejoinder.errors import UnreadableMailError
from rejoinder.mail.apple import folder_of
from rejoinder.mail.archive import Archive, ArchiveError
from rejoinder.mail.files import ChangedError, open_regular
from rejoinder.mail.kinds import ARCHIVES, COMPANION, SNIFFED, UnknownFileError, kind_of
from rejoinder.mail.maildir import MAIL_FOLDERS, is_maildir, order
from rejoinder.mail.raw import Source, failure
from rejoinder.types import Failure

#: Folders of a Thunderbird profile that hold mail; the others hold what it keeps for itself.
_PROFILE_FOLDERS = ("Mail", "ImapMail")


def find_sources(path: Path) -> Iterator[Source | Failure]:
    """Everything that holds mail at a path, in a steady order, and what is there that holds none.

    Links, pipes and devices are named, not opened; so are files that are not
    known to be mail. What mail programs keep beside their mail is passed over.
    Raises UnreadableMailError if there is nothing at the path.
    """
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or str(error)
        raise UnreadableMailError(f"{path} cannot be read: {what}.", "Check the path.") from error
    if stat.S_ISDIR(status.st_mode):
        return _walk(path)
    return _file(path, status, (path.name,), root="", named=True)


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder of the walk; `inside` are the names of the folders from the first one on."""

    path: Path
    inside: tuple[str, ...]
    maildir: bool = False


def _walk(root: Path) -> Iterator[Source | Failure]:
    # A stack of its own: folders lie in folders deeper than calls may.
    name = root.resolve().name
    stack: list[Iterator[_Folder | Source | Failure]] = [_entries(_Folder(root, ()), name)]
    while stack:
        for item in stack[-1]:
            if isinstance(item, _Folder):
                stack.append(_entries(item, name))
                break
            yield item
        else:
            stack.pop()


def _entries(folder: _Folder, root: str) -> Iterator[_Folder | Source | Failure]:
    try:
        with os.scandir(folder.path) as scan:
            names = sorted((entry.name for entry in scan), key=order)
    except OSError as error:
        yield failure(str(folder.path), "Unreadable", f"folder cannot be read: {error.strerror}")
        return
    maildir = is_maildir(names)
    profile = "prefs.js" in names and any(name in names for name in _PROFILE_FOLDERS)
    for name in names:
        if (maildir and name == "tmp") or (profile and name not in _PROFILE_FOLDERS):
            continue
        path = folder.path / name
        try:
            status = path.lstat()
        except OSError as error:
            yield failure(str(path), "Unreadable", f"cannot be read: {error.strerror}")
            continue
        if stat.S_ISDIR(status.st_mode):
            yield _Folder(path, (*folder.inside, name), maildir and name in MAIL_FOLDERS)
        elif folder.maildir and stat.S_ISREG(status.st_mode):
            yield Source(path, "mail", status.st_size, _folder_name(folder.inside, root))
        else:
            yield from _file(path, status, (*folder.inside, name), root)


def _file(
    path: Path, status: os.stat_result, parts: tuple[str, ...], root: str, named: bool = False
) -> Iterator[Source | Failure]:
    """What a file of the walk is; `parts` are the folders from the first one on and its name.

    A file that was `named` is never taken for one that mail programs keep beside their mail.
    """
    if not stat.S_ISREG(status.st_mode):
        what = "a link" if stat.S_ISLNK(status.st_mode) else "a pipe, socket or device"
        yield failure(str(path), "NotFollowed", f"not followed: {what}")
        return
    try:
        kind = kind_of((root, *parts), status.st_size, partial(_head, path), named)
        if kind in ARCHIVES:
            yield from _members(path, parts, root)
        elif kind != COMPANION:
            yield Source(path, kind, status.st_size, _folder(kind, parts, root))
    except UnknownFileError as error:
        yield failure(str(path), "UnknownFile", f"unknown file: {error}")
    except ArchiveError as error:
        yield failure(str(path), error.error, str(error))
    except ChangedError as error:
        yield failure(str(path), "Changed", f"changed while it was read: {error}")
    except OSError as error:
        yield failure(str(path), "Unreadable", f"cannot be read: {error.strerror or error}")


def _head(path: Path) -> bytes:
    with open_regular(path) as file:
        return file.read(SNIFFED)


def _folder(kind: str, parts: tuple[str, ...], root: str) -> str:
    """The folder of a file: for an mbox that is the file itself."""
    return (
        _folder_name(parts, root)
        if kind == "mbox" and parts[-1] != "mbox"
        else _folder_name(parts[:-1], root)
    )


def _folder_name(parts: tuple[str, ...], root: str) -> str:
    if parts and parts[-1] in MAIL_FOLDERS:
        parts = parts[:-1]
    return "/".join(folder_of((root, *parts))[1:]) or root


def _members(path: Path, outside: tuple[str, ...], root: str) -> Iterator[Source | Failure]:
    """The mail in an archive, and what else is in it."""
    with Archive(path) as archive:
        for member, size in archive.members():
            parts = tuple(part for part in re.split(r"[/\\]", member) if part not in ("", ".", "..", "~"))
            parts = (*outside[:-1], *(parts or (Path(path.name).stem,)))
            try:
                kind = kind_of((root, *parts), size, partial(_member_head, archive, member))
                if kind in (*ARCHIVES, "pst"):
                    raise ArchiveError("cannot be read inside an archive: unpack that first")
                if kind != COMPANION:
                    archive.admit(member)
                    yield Source(path, kind, size, _folder(kind, parts, root), member)
            except UnknownFileError as error:
                yield failure(f"{path}!{member}", "UnknownFile", f"unknown file: {error}")
            except ArchiveError as error:
                yield failure(f"{path}!{member}", error.error, str(error))


def _member_head(archive: Archive, member: str) -> bytes:
    return next(archive.blocks(member, SNIFFED), b"")
