"""HTML mail to text: what a reader sees, without what is hidden from them."""

from __future__ import annotations

import re
import warnings
from itertools import islice
from typing import TYPE_CHECKING

from rejoinder.types import Trimmed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bs4 import BeautifulSoup, PageElement, Tag

#: lxml reads about 2 MB/s; a letter never needs more.
MAX_HTML = 1_000_000
#: And a tag costs 40 microseconds; a newsletter of 100 kB has 3,000 of them.
MAX_TAGS = 30_000

_BLOCKS = frozenset(
    "p div tr table ul ol li h1 h2 h3 h4 h5 h6 blockquote section article header footer hr pre center "
    "address dl dt dd form fieldset main nav aside figure".split()
)
_PARAGRAPHS = frozenset("p div table ul ol h1 h2 h3 h4 h5 h6 blockquote pre section article".split())
_DROPPED = ("script", "style", "head", "title", "template", "noscript", "svg", "object", "select", "textarea")
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|opacity\s*:\s*0?\.?0*(?:[;\s!]|$)"
    r"|font-size\s*:\s*[01]?(?:\.\d+)?(?:px|pt|em|%)?\s*(?:[;!]|$)|(?:max-)?(?:height|width)\s*:\s*0(?:px)?\s*(?:[;!]|$)"
    r"|text-indent\s*:\s*-\d{3,}|(?:left|top)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_WHITE = r"(?:#fff(?:fff)?\b|white\b|rgba?\(\s*255\s*,\s*255\s*,\s*255)"
_WHITE_TEXT = re.compile(rf"(?:^|[;\s])color\s*:\s*{_WHITE}", re.IGNORECASE)
_BACKGROUND = re.compile(r"background(?:-color|-image)?\s*:\s*([^;]+)", re.IGNORECASE)
_PALE = re.compile(rf"^\s*(?:{_WHITE}|transparent|none|inherit|initial)", re.IGNORECASE)
_STYLE_RULE = re.compile(r"([^{}@]{1,300})\{([^{}]{0,2000})\}")
_SIMPLE_SELECTOR = re.compile(r"^(?:[a-z0-9]+)?([.#])([A-Za-z_][\w-]*)$")
_QUOTE_CLASSES = frozenset({"gmail_quote", "gmail_extra", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote"})


def html_to_text(html: str) -> tuple[str, tuple[Trimmed, ...]]:
    """The visible text of an HTML body, and its hidden and quoted passages.

    Hidden are `display:none` and its kin (also by a class in a style sheet),
    text without size, and white text on no or a white background. HTML over
    1 MB is read up to there.
    """
    from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        soup = BeautifulSoup(_capped(html), "lxml")
    hidden_names = _hiding_selectors(soup)
    for tag in soup(_DROPPED):
        tag.extract()
    cuts = [
        Trimmed("hidden", text)
        for tag in _outermost(soup, lambda tag: _is_hidden(tag, hidden_names))
        if (text := " ".join(tag.extract().get_text(" ").split()))
    ]
    for tag in _outermost(soup, _is_quote):
        # Left in place as a quoted passage: the quote rules decide, as they do for plain text.
        quoted = "\n".join("> " + line for line in _tidy(_text(tag)).splitlines())
        tag.replace_with(f"\n{quoted}\n")
    return _tidy(_text(soup)), tuple(cuts)


def _capped(html: str) -> str:
    html = html[:MAX_HTML]
    if html.count("<") <= MAX_TAGS:
        return html
    opening = re.compile("<").finditer(html)
    return html[: next(islice(opening, MAX_TAGS, None)).start()]


def _outermost(soup: BeautifulSoup, wanted: Callable[[Tag], bool]) -> list[Tag]:
    """Elements that are wanted and lie in no other such element."""
    inside: set[int] = set()
    found = []
    for tag in soup.find_all(True):
        if id(tag) not in inside and wanted(tag):
            found.append(tag)
            inside.update(id(inner) for inner in tag.find_all(True))
    return found


def _is_quote(tag: Tag) -> bool:
    if tag.name == "blockquote":
        return tag.get("type") == "cite" or tag.find_parent("blockquote") is None and _after_attribution(tag)
    names = tag.get("class") or []
    return not _QUOTE_CLASSES.isdisjoint(names) or tag.get("id") in ("divRplyFwdMsg", "mail-editor-reference-message-container")


def _after_attribution(tag: Tag) -> bool:
    before = tag.find_previous(string=lambda text: bool(text and text.strip()))
    return before is not None and str(before).strip().endswith(":") and "wrote" in str(before)


def _hiding_selectors(soup: BeautifulSoup) -> frozenset[str]:
    """`.class` and `#id` selectors that a style sheet hides outside of media queries."""
    names = set()
    for sheet in soup.find_all("style"):
        css = re.sub(r"/\*.*?\*/", "", sheet.get_text()[:100_000], flags=re.DOTALL)
        css = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", css)
        for selectors, rules in _STYLE_RULE.findall(css):
            if _HIDING.search(rules):
                parts = (_SIMPLE_SELECTOR.match(part.strip()) for part in selectors.split(","))
                names |= {match.group(1) + match.group(2) for match in parts if match}
    return frozenset(names)


def _is_hidden(tag: Tag, hidden_names: frozenset[str]) -> bool:
    if tag.name in ("html", "body"):
        return False
    style = str(tag.get("style") or "")
    names = {"." + name for name in tag.get("class") or []} | {f"#{tag.get('id')}"}
    if tag.has_attr("hidden") or not names.isdisjoint(hidden_names) or _HIDING.search(style):
        return True
    return _is_white_on_white(tag, style)


def _is_white_on_white(tag: Tag, style: str) -> bool:
    white = _WHITE_TEXT.search(style) or str(tag.get("color") or "").lower() in ("white", "#fff", "#ffffff")
    if not white:
        return False
    for element in (tag, *tag.parents):
        colour = _BACKGROUND.search(str(element.get("style") or ""))
        value = colour.group(1) if colour else str(element.get("bgcolor") or element.get("background") or "")
        if value:
            return _PALE.match(value) is not None
    return True


def _text(root: Tag) -> str:
    """Text with line breaks around every block, in one walk without recursion."""
    from bs4 import CData, NavigableString, Tag

    out: list[str] = []
    stack: list[tuple[Iterator[PageElement], str]] = [(iter(root.children), "")]
    while stack:
        children, closing = stack[-1]
        node = next(children, None)
        if node is None:
            out.append(closing)
            stack.pop()
        elif isinstance(node, Tag):
            opening = _OPENING.get(node.name) or _break(node.name)
            out.append(opening)
            stack.append((iter(node.children), _break(node.name)))
        elif type(node) in (NavigableString, CData):
            text = str(node)
            out.append(text if text.startswith("\n> ") else re.sub(r"[ \t\r\n\f]+", " ", text))
    return "".join(out)


_OPENING = {"br": "\n", "li": "\n- ", "td": " ", "th": " "}


def _break(name: str) -> str:
    return "\n\n" if name in _PARAGRAPHS else "\n" if name in _BLOCKS else ""


def _tidy(text: str) -> str:
    lines = [re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
