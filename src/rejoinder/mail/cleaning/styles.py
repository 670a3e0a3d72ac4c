"""What the styles of an HTML mail do to its text: enough CSS to tell seen from hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rejoinder.patterns import lazy

#: A declaration block, by property.
Declarations = dict[str, str]

#: Longer style sheets are read up to here; those of newsletters have 20 kB.
MAX_SHEET = 100_000
_MAX_STYLE = 20_000

#: Boxes that grow with their content, whatever height or width they ask for.
_CELLS = frozenset({"table", "tbody", "thead", "tfoot", "tr", "td", "th"})
_SIMPLE_SELECTOR = lazy(r"(?:[A-Za-z0-9]+)?([.#][A-Za-z_][\w-]*)$")
_NUMBER = lazy(r"([+-]?(?:\d{1,6}(?:\.\d{0,6})?|\.\d{1,6}))\s*([a-z]{0,4}|%)$")
_COLOUR = lazy(r"#[0-9a-f]{3,8}\b|(?:rgb|hsl)a?\([^()]{0,60}\)|[a-z]{3,30}")
#: Colour names a reader cannot tell from white.
_WHITES = frozenset({"white", "snow", "ivory", "ghostwhite", "floralwhite", "mintcream", "azure", "seashell"})
#: The darkest channel that still passes for white, of 255.
_WHITE_FROM = 245


@dataclass(frozen=True, slots=True)
class Look:
    """How text looks at one place of a page; most of it is inherited from the element around."""

    gone: bool = False
    tiny: bool = False
    unseen: bool = False
    white: bool = False
    pale: bool = True

    @property
    def hidden(self) -> bool:
        """Whether a reader cannot see text that looks like this."""
        return self.gone or self.tiny or self.unseen or (self.white and self.pale)


def declarations(style: str) -> Declarations:
    """The properties that a `style` attribute or the body of a rule sets, lower case."""
    found = {}
    for declaration in _without_comments(style[:_MAX_STYLE]).split(";"):
        name, _, value = declaration.partition(":")
        value = value.partition("!")[0].strip().lower()
        if value:
            found[name.strip().lower()] = value
    return found


def class_rules(sheet: str) -> dict[str, Declarations]:
    """What a style sheet says of single classes and ids, by `.class` or `#id`.

    Media queries and selectors of several steps are left out. So is white
    text: whether it is hidden depends on backgrounds that such selectors set.
    """
    rules: dict[str, Declarations] = {}
    for selectors, body in _rules(_without_comments(sheet[:MAX_SHEET])):
        said = declarations(body)
        if is_white(said.get("color", "")):
            del said["color"]
        for selector in selectors.split(",") if said else ():
            if name := _SIMPLE_SELECTOR.match(selector.strip()):
                rules.setdefault(name.group(1), {}).update(said)
    return rules


def look_of(element: str, said: Declarations, around: Look) -> Look:
    """How the text of an element looks, given its declarations and the look around it."""
    background = " ".join(
        said[name] for name in ("background", "background-color", "background-image") if name in said
    )
    return Look(
        gone=around.gone or _is_gone(element, said),
        tiny=_is_tiny(said.get("font-size", ""), around.tiny),
        unseen=_is_unseen(said.get("visibility", ""), around.unseen),
        white=_is_pale(said.get("color", ""), around.white, clear=True),
        pale=_is_pale(background, around.pale, clear=around.pale),
    )


def is_white(colour: str) -> bool:
    """Whether a CSS colour is white, or so near that nobody sees it on white."""
    colour = colour.strip()
    if colour.startswith("#"):
        digits = colour[1:]
        pairs = [digit * 2 for digit in digits[:3]] if len(digits) < 6 else re.findall("..", digits[:6])
        return bool(re.fullmatch("[0-9a-f]{3,8}", digits)) and all(
            int(pair, 16) >= _WHITE_FROM for pair in pairs
        )
    if not colour.startswith(("rgb", "hsl")):
        return colour in _WHITES
    numbers = re.findall(r"(\d{1,5}(?:\.\d{1,5})?)(%?)", colour)[:3]
    levels = [float(number) * (2.55 if percent else 1) for number, percent in numbers]
    return len(levels) == 3 and min(levels if colour.startswith("rgb") else levels[2:]) >= _WHITE_FROM


def _without_comments(css: str) -> str:
    first, *rest = css.split("/*")
    return first + " ".join(piece.partition("*/")[2] for piece in rest)


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Selectors and body of each rule that stands in no other block; an open one ends with the sheet."""
    opened: list[str] = []
    text = ""
    for piece in re.findall(r"[{}]|[^{}]+", css.replace("<!--", " ").replace("-->", " ") + "}"):
        if piece == "{":
            opened.append(text.rpartition(";")[2].strip())
        elif piece == "}":
            if len(opened) == 1 and not opened[0].startswith("@"):
                yield opened[0], text
            del opened[-1:]
        text = "" if piece in "{}" else piece


def _number(value: str) -> tuple[float, str] | None:
    match = _NUMBER.match(value.strip())
    return (float(match.group(1)), match.group(2)) if match else None


def _is_gone(element: str, said: Declarations) -> bool:
    """Whether nothing in the element can be seen, whatever is set inside."""
    if said.get("display") == "none" or said.get("mso-hide") == "all":
        return True
    sizes = () if element in _CELLS else ("height", "width", "max-height", "max-width")
    if any(number[0] == 0 for name in ("opacity", *sizes) if (number := _number(said.get(name, "")))):
        return True
    return any(
        number[0] <= -100
        for name in ("text-indent", "left", "top")
        if (number := _number(said.get(name, "")))
    )


def _is_tiny(size: str, around: bool) -> bool:
    number = _number(size)
    if number is None:
        return around if size in ("", "inherit", "smaller", "larger", "unset") else False
    if number[1] in ("em", "%", "ex"):  # relative: of no size, any part is none
        return around or number[0] < (5 if number[1] == "%" else 0.1)
    return number[0] < (0.1 if number[1] == "rem" else 2)


def _is_unseen(visibility: str, around: bool) -> bool:
    return (
        visibility in ("hidden", "collapse")
        if visibility in ("hidden", "collapse", "visible", "initial")
        else around
    )


def _is_pale(colour: str, around: bool, clear: bool) -> bool:
    """Whether a colour is white; `clear` is what a transparent one counts as."""
    if "url(" in colour or "gradient(" in colour:
        return False
    found = _COLOUR.search(colour)
    if found is None or found.group() in ("inherit", "initial", "unset", "none", "currentcolor"):
        return around
    if found.group() == "transparent" or re.search(r"a\([^()]*[,/]\s*0?\.?0*%?\s*\)$", found.group()):
        return clear
    return is_white(found.group())
