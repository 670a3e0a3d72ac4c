"""A message reduced to what its writer said."""

from __future__ import annotations

import re

from rejoinder.errors import EmptyLetterError
from rejoinder.mail.cleaning.endings import cut_endings, is_fine_print
from rejoinder.mail.cleaning.quotes import cut_quotes
from rejoinder.mail.parsing import looks_like_html
from rejoinder.patterns import lazy
from rejoinder.types import Letter, Message, Trimmed

#: Characters that fill preheaders and defeat word search: zero-width, soft hyphen, joiners, bidi.
_INVISIBLE = lazy(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufe0f]"
)
#: Those of them that str.isprintable takes for printable.
_PRINTABLE = "\u034f\u115f\u1160\u17b4\u17b5\ufe0f"
_SPACES = lazy("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t\f\v]")
_CONTROLS = lazy("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_GAPS = lazy(r"\n{3,}")
_WORD = lazy(r"\w")
_STUB = lazy(
    r"html|view (?:this|it|the)|(?:e-?mail|mail) (?:client|program|reader)|cannot (?:show|display)|plain[- ]text|https?://",
    re.IGNORECASE,
)
#: Plain parts up to this many words are compared with the HTML part: they may be a stub.
_STUB_WORDS = 40
#: A letter longer than this is read up to here; the longest rejection we have seen has 900 words.
MAX_LETTER = 60_000


def clean(message: Message) -> Letter:
    """Reduce a message to what its writer said.

    Quoted history, signatures and legal footers go to `Letter.trimmed`, and so
    does text that HTML hides: nothing disappears silently.

    >>> clean(Message.from_text("Sorry.\\n-- \\nHR")).text
    'Sorry.'

    Raises EmptyLetterError if nothing is left.
    """
    text, hidden = _body(message)
    text = _plain_characters(text)[:MAX_LETTER]
    text, quotes = cut_quotes(text, message.subject)
    text, endings = cut_endings(text)
    text = _GAPS.sub("\n\n", text).strip()
    if not _WORD.search(text):
        raise EmptyLetterError(
            f"There is nothing to read in {message.origin}: no text was found in it.",
            "If you can see text in your mail program, copy it and paste it here.",
        )
    return Letter(message.subject, text, (*hidden, *quotes, *endings))


def plain_is_enough(message: Message) -> bool:
    """Whether the plain part alone is read: there is no HTML, or the plain part is no stub."""
    if looks_like_html(message.plain):
        return False
    return not message.html.strip() or (
        len(message.plain.split(None, _STUB_WORDS)) > _STUB_WORDS
        and not is_fine_print(message.plain[:MAX_LETTER])
        and not _mostly_links(message.plain)
    )


def _body(message: Message) -> tuple[str, tuple[Trimmed, ...]]:
    """The text to read: plain, unless it is empty or a stub and the HTML says more."""
    if plain_is_enough(message):
        return message.plain, ()
    plain, html = message.plain, message.html
    if looks_like_html(plain):
        plain, html = "", html or plain
    from rejoinder.mail.cleaning.html import html_to_text

    text, hidden = html_to_text(html)
    words, shown = len(plain.split()), len(text.split())
    footer = is_fine_print(plain[:MAX_LETTER])
    if (
        words
        and not (footer and shown)
        and (shown <= words or (shown <= 2 * words and not _STUB.search(plain)))
    ):
        return plain, hidden
    return text, hidden


def _mostly_links(plain: str) -> bool:
    if "://" not in plain:
        return False
    words = plain.split()
    return sum("://" in word for word in words) * 3 > len(words)


def _is_ordinary(text: str) -> bool:
    """Whether text surely holds none of these characters, as most letters do; line feeds are none of them."""
    return "".join(text.split("\n")).isprintable() and not any(char in text for char in _PRINTABLE)


def _plain_characters(text: str) -> str:
    """Text without invisible fillers and control characters, with ordinary spaces."""
    if not _is_ordinary(text):
        text = _CONTROLS.sub("", _SPACES.sub(" ", _INVISIBLE.sub("", text)))
    return "\n".join(line.rstrip() if line != "-- " else line for line in text.split("\n"))
