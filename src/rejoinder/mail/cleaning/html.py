"""HTML mail to text: what a reader sees, without what is hidden from them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from rejoinder.mail.cleaning.quotes import is_forward_heading
from rejoinder.mail.cleaning.styles import Declarations, Look, class_rules, declarations, look_of
from rejoinder.patterns import lazy
from rejoinder.types import Trimmed

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag
    from bs4.element import PageElement

#: lxml reads about 2 MB/s; a letter never needs more.
MAX_HTML = 1_000_000
#: And a tag costs 40 microseconds; a newsletter of 100 kB has 3,000 of them.
MAX_TAGS = 30_000

_PARAGRAPHS = frozenset("p div table ul ol h1 h2 h3 h4 h5 h6 blockquote pre section article".split())  # noqa: SIM905
_LINES = "tr li header footer hr center address dl dt dd form fieldset main nav aside figure".split()  # noqa: SIM905
_BLOCKS = _PARAGRAPHS.union(_LINES)
_OPENING = {"br": "\n", "li": "\n- ", "td": " ", "th": " "}
_DROPPED = frozenset("script style head title template noscript svg object select textarea".split())  # noqa: SIM905
_QUOTE_CLASSES = frozenset(
    {"gmail_quote", "gmail_extra", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote"}
)
_WHITE = lazy(r"[ \t\r\n\f]+")
_SPACES = lazy(r"[ \t\u00a0]+")
_GAPS = lazy(r"\n{3,}")
_WROTE = lazy(r"wrote|schrieb|écrit|escribió|scritto|schreef|skrev", re.IGNORECASE)
#: Outlook's heading of an earlier mail, which stands beside its text, is in any language.
_OUTLOOK_HEADING = "divRplyFwdMsg"
_HEADING_LINE = "\n\n-----Original Message-----\n"
#: Quotes are marked this deep; what lies deeper is in a quote anyway.
_MAX_QUOTES = 2


def html_to_text(html: str) -> tuple[str, tuple[Trimmed, ...]]:
    """The visible text of an HTML body with quotes marked by `>`, and its hidden passages.

    Hidden are `display:none` and its kin (also by a class in a style sheet),
    text without size, and white text on no or a white background, unless an
    element inside shows its text again. HTML over 1 MB is read up to there.
    """
    soup = _soup(_capped(html))
    sheet = "\n".join(style.get_text() for style in soup.find_all("style"))
    page = _Page(class_rules(sheet))
    text = page.read(soup)
    passages = (" ".join(" ".join(passage).split()) for passage in page.hidden)
    return text, tuple(Trimmed("hidden", passage) for passage in passages if passage)


def _soup(html: str) -> BeautifulSoup:
    from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        return BeautifulSoup(html, "lxml")


def _capped(html: str) -> str:
    html = html[:MAX_HTML]
    if html.count("<") <= MAX_TAGS:
        return html
    opening = re.compile("<").finditer(html)
    return html[: next(islice(opening, MAX_TAGS, None)).start()]


@dataclass(slots=True)
class _Element:
    """An element being read; `outside` is the text before it where it is a quote."""

    children: Iterator[PageElement]
    look: Look
    closing: str = ""
    verbatim: bool = False
    outside: list[str] | None = None


@dataclass(slots=True)
class _Page:
    """The state of one walk through a page, in which nothing is changed or looked at twice."""

    rules: dict[str, Declarations]
    out: list[str] = field(default_factory=list)
    hidden: list[list[str]] = field(default_factory=list)
    before: str = ""
    quotes: int = 0

    def read(self, root: Tag) -> str:
        """The visible text, with line breaks around every block; without recursion."""
        from bs4.element import CData, NavigableString, Tag

        stack = [_Element(iter(root.children), Look())]
        while stack:
            node = next(stack[-1].children, None)
            if node is None:
                self._close(stack.pop())
            elif isinstance(node, Tag):
                if node.name not in _DROPPED:
                    stack.append(self._open(node, stack[-1]))
            elif type(node) in (NavigableString, CData):
                self._say(str(node), stack[-1])
        return _tidy("".join(self.out))

    def _open(self, tag: Tag, around: _Element) -> _Element:
        look = self._look(tag, around.look)
        if look.hidden and not around.look.hidden:
            self.hidden.append([])
        element = _Element(iter(tag.children), look, verbatim=around.verbatim or tag.name == "pre")
        if not look.gone:
            element.closing = _break(tag.name)
            opening = _OPENING.get(tag.name) or element.closing
            self.out.append(_HEADING_LINE if tag.get("id") == _OUTLOOK_HEADING else opening)
        if self.quotes < _MAX_QUOTES and _is_quote(tag, self.before):
            self.quotes += 1
            element.outside, self.out = self.out, []
        return element

    def _close(self, element: _Element) -> None:
        if element.outside is not None:
            quoted = _tidy("".join(self.out))
            self.quotes -= 1
            self.out = element.outside
            self.out.append(_as_quote(quoted))
        self.out.append(element.closing)

    def _say(self, text: str, element: _Element) -> None:
        if not element.verbatim:
            text = _WHITE.sub(" ", text)
        if element.look.hidden:
            self.hidden[-1].append(text)
            return
        self.out.append(text)
        if text.strip():
            self.before = text.strip()

    def _look(self, tag: Tag, around: Look) -> Look:
        if not tag.attrs:
            return around
        said = self._declarations(tag)
        if tag.name in ("html", "body"):  # a page is never hidden as a whole
            return Look(pale=look_of(tag.name, said, around).pale)
        return look_of(tag.name, said, around)

    def _declarations(self, tag: Tag) -> Declarations:
        """What attributes, style sheet and style say of an element; what comes later wins."""
        attributes = {
            "background": str(tag.get("bgcolor") or "") or ("url()" if tag.get("background") else ""),
            "color": str(tag.get("color") or ""),
            "font-size": "medium" if tag.name == "font" and tag.get("size") else "",
            "display": "none" if tag.has_attr("hidden") else "",
        }
        said = {name: value.lower() for name, value in attributes.items() if value}
        for name in (*(f".{one}" for one in tag.get("class") or ()), f"#{tag.get('id')}"):
            said |= self.rules.get(name, {})
        return said | declarations(str(tag.get("style") or ""))


def _is_quote(tag: Tag, before: str) -> bool:
    if tag.name == "blockquote":
        return tag.get("type") == "cite" or (
            before.endswith(":") and _WROTE.search(before[-200:]) is not None
        )
    names = tag.get("class") or ()
    return not _QUOTE_CLASSES.isdisjoint(names) or tag.get("id") == "mail-editor-reference-message-container"


def _as_quote(text: str) -> str:
    """Text marked as quoted, for the rules that plain text has; a forwarded mail is no quote."""
    if not text or is_forward_heading(text.partition("\n")[0]):
        return f"\n\n{text}\n\n"
    return "\n" + "\n".join(f"> {line}" for line in text.split("\n")) + "\n"


def _break(name: str) -> str:
    return "\n\n" if name in _PARAGRAPHS else "\n" if name in _BLOCKS else ""


def _tidy(text: str) -> str:
    lines = [_SPACES.sub(" ", line).strip() for line in text.split("\n")]
    return _GAPS.sub("\n\n", "\n".join(lines)).strip()
