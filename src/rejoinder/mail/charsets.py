"""Bytes to text when the label on them may be missing, misspelt or a lie."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

#: Labels seen in real mail that Python does not know, or knows as something narrower than what senders mean.
ALIASES = {
    "default": "cp1252",
    "x-unknown": "cp1252",
    "unknown-8bit": "cp1252",
    "unknown": "cp1252",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "iso8859-1": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "ansi_x3.4-1968": "utf-8",
    "uft-8": "utf-8",
    "utf8": "utf-8",
    "utf-8mb4": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb2312_charset": "gb18030",
    "chinesebig5": "big5hkscs",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "cp-850": "cp850",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "windows-874": "cp874",
}

#: Codecs that are no charsets: they would turn harmless bytes into other text, or compute for minutes.
#: By the names Python gives them, so that no other spelling passes.
REFUSED = frozenset(
    {
        "rot13",
        "rot-13",
        "idna",
        "punycode",
        "unicode-escape",
        "raw-unicode-escape",
        "utf-7",
        "undefined",
        "mbcs",
        "oem",
        "charmap",
    }
)

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: With what one of them begins; nothing does so, too.
_BOM_BYTES = frozenset((b"\xef", b"\xff", b"\xfe", b"\0"))


@lru_cache(maxsize=256)
def _codec(label: str) -> str:
    """The codec that a label means, or an empty string where it means none that may be used."""
    label = re.sub(r"[^a-z0-9_.:\-+]", "", label[:80].lower().removeprefix("charset="))
    label = ALIASES.get(label, label)
    try:
        name = codecs.lookup(label).name.replace("_", "-").lower()
    except (LookupError, ValueError):
        return ""
    return "" if name in REFUSED else ALIASES.get(name, label)


def decode(raw: bytes, declared: str | None = None) -> str:
    """Text of the bytes: by the declared charset where it works, else UTF-8, else Windows-1252.

    Never raises; what no charset can read becomes U+FFFD.
    """
    if raw[:1] in _BOM_BYTES:
        for mark, name in _BOMS:
            if raw.startswith(mark):
                return raw.decode(name, "replace")
    label = _codec(declared) if declared else ""
    for name in (label, "utf-8"):
        if not name:
            continue
        try:
            return raw.decode(name)
        except (LookupError, UnicodeError, ValueError):
            continue
    # Bytes that are nearly all valid in a multi-byte charset are damaged, not mislabelled.
    if label and label != "cp1252":
        try:
            text = raw.decode(label, "replace")
        except (LookupError, UnicodeError, ValueError):
            text = ""
        if text and text.count("\ufffd") * 50 < len(text):
            return text
    return raw.decode("cp1252", "replace")
