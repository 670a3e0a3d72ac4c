"""What a file is, by its name and by how it begins: known to hold mail, known to hold none, or unknown."""

from __future__ import annotations

import re
from collections.abc import Callable

from rejoinder.mail.headers import is_field
from rejoinder.mail.mbox import is_mbox
from rejoinder.mail.outlook import OLE_MAGIC
from rejoinder.mail.parsing import KNOWN_HEADERS, kind_by_magic

#: How much of a file is looked at.
SNIFFED = 8192
#: What mail programs and file managers keep beside the mail.
COMPANION = "companion"
#: Kinds that are opened to look for mail inside.
ARCHIVES = ("zip", "gz")

_NAMES = """
    maildirfolder maildirsize subscriptions .subscriptions .mh_sequences .xmhcache .mew-summary .customflags
    .uidvalidity info.plist table_of_contents .ds_store thumbs.db desktop.ini .parentlock prefs.js
    foldertree.json filterlog.html archive_browser.html .nomedia
"""
_COMPANION_NAMES = frozenset(_NAMES.split())
_COMPANION_STARTS = ("dovecot", ".dovecot", "courierimap", "._", ".~lock")
_ENDS = """
    .msf .mab .dat .sqlite .sqlite-wal .sqlite-shm .sqlite-journal .db .emlxpart .mozlz4 .lock .cmeta .ibex.index
"""
_COMPANION_ENDS = tuple(_ENDS.split())
#: Text that is no mail even where it begins with lines like `From: x`.
_TEXT = """
    .json .jsonl .html .htm .xhtml .md .rst .yaml .yml .toml .ini .cfg .conf .xml .csv .tsv .log .ics .vcf
    .py .js .css .sh .mht .mhtml .php .sql .tex .rtf .plist
"""
_NO_MAIL = frozenset(_TEXT.split())
_UNPACK = {".tgz", ".tar", ".7z", ".rar", ".bz2", ".xz", ".zst"}
_PST = b"!BDN"


class UnknownFileError(Exception):
    """A file that is not known to hold mail; the text says what it is, as far as that is clear."""


def kind_of(parts: tuple[str, ...], size: int, head: Callable[[], bytes], named: bool = False) -> str:
    """The kind of a file: `mbox`, `mail`, `emlx`, `msg`, `pst`, `zip`, `gz`, or that of a companion.

    `parts` are the folders it lies in and its name; `head` reads its beginning,
    which is asked for only where the name does not say enough. A file that the
    user has `named` is no companion. Raises UnknownFileError.
    """
    name = parts[-1].lower()
    if not named and is_companion(parts):
        return COMPANION
    suffix = suffix_of(name)
    if suffix == ".emlx":
        return "emlx"
    if suffix == ".eml":
        return "mail"
    if size == 0 and suffix in ("", ".mbox", ".mbx"):
        return "mbox"  # a folder of Thunderbird's without a mail in it
    start = head()
    if suffix in (".zip", ".gz") and start.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b")):
        if name.endswith(".tar.gz"):
            raise UnknownFileError("an archive that must be unpacked first")
        return "zip" if start.startswith(b"PK") else "gz"
    if start.startswith(_PST) and suffix in (".pst", ".ost"):
        return "pst"
    if start.startswith(OLE_MAGIC) and suffix in (".msg", ".oft"):
        return "msg"
    return _by_content(suffix, start)


def _by_content(suffix: str, start: bytes) -> str:
    if suffix in _UNPACK:
        raise UnknownFileError("an archive that must be unpacked first")
    if what := kind_by_magic(start):
        raise UnknownFileError(what)
    if suffix not in _NO_MAIL:
        binary = b"\0" in start
        if is_mbox(start) or (suffix in (".mbox", ".mbx") and not binary):
            return "mbox"
        if is_mail(start) or (suffix == ".txt" and not binary):
            return "mail"
        if binary:
            raise UnknownFileError("a binary file")
    raise UnknownFileError("no mail" if start else "empty")


def suffix_of(name: str) -> str:
    """The ending of a file name with its dot, lower case; empty for the names that Maildir and MH give."""
    stem, dot, end = name.lower().rpartition(".")
    return dot + end if stem and re.fullmatch(r"[a-z0-9~]{1,8}", end) and not end.isdigit() else ""


def is_companion(parts: tuple[str, ...]) -> bool:
    """Whether a file is known to hold no mail where it lies, so that nobody need be told of it."""
    name = parts[-1].lower()
    return (
        name in _COMPANION_NAMES
        or name.startswith(_COMPANION_STARTS)
        or name.endswith(_COMPANION_ENDS)
        or "__MACOSX" in parts
        or ("Takeout" in parts and name.endswith((".json", ".html")))
        or (name.startswith(",") and name[1:].isdigit())  # a mail that MH has removed
        or ("Attachments" in parts and any(part.endswith(".mbox") for part in parts[:-1]))
    )


def is_mail(start: bytes) -> bool:
    """Whether a file that starts so is one mail: two headers at least that mails have."""
    block = start.removeprefix(b"\xef\xbb\xbf").lstrip().replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    lines = block.split(b"\n")
    if not is_field(lines[0]):
        return False
    names = {line.partition(b":")[0].strip().lower() for line in lines if is_field(line)}
    return len(names & KNOWN_HEADERS) >= 2
