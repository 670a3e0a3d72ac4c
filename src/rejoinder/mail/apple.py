"""Apple Mail: `.emlx` files, and folders named `.mbox`."""

from __future__ import annotations

import re

_COUNT = re.compile(rb"\s{0,10}(\d{1,12})[ \t]*\r?\n")
_FLAGS = re.compile(rb"<key>flags</key>\s*<integer>(\d{1,19})</integer>")
#: Bits of the flags in the property list, as far as they matter here.
_BITS = {0: "seen", 1: "trashed", 2: "replied", 6: "draft"}


def unpack_emlx(data: bytes) -> tuple[bytes, frozenset[str]]:
    """The mail in an `.emlx` file, and what the property list behind it says of it.

    The file begins with the length of the mail; in `.partial.emlx` that counts
    past the end, because attachments lie elsewhere.
    """
    count = _COUNT.match(data)
    if count is None:
        return data, frozenset()
    end = count.end() + int(count.group(1))
    found = _FLAGS.search(data, end)
    bits = int(found.group(1)) if found else 0
    return data[count.end() : end], frozenset(name for bit, name in _BITS.items() if bits >> bit & 1)


def folder_of(parts: tuple[str, ...]) -> tuple[str, ...]:
    """The folder that a reader knows: without the numbered folders that Apple keeps in its `.mbox`."""
    named = [at for at, part in enumerate(parts, 1) if part.lower().endswith(".mbox")]
    return parts[: named[-1]] if named else parts
