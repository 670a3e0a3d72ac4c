"""Job titles in running text, read word by word: with full stops and commas, or where a mail lost them."""

from __future__ import annotations

import re

from rejoinder.patterns import lazy
from rejoinder.reply.titles import names_job, tidy_title
from rejoinder.reply.words import (
    LINKING,
    MONTHS,
    ROLE_NOUNS,
    SENTENCE_STARTS,
    STATES,
    word_set,
)

_MAX_TOKENS = 14
_MAX_CHARS = 150
_TOKEN = lazy(r"\S+")
_DETERMINERS = word_set("the our your a an this that one two three")
_ADJECTIVES = word_set(
    "open current recent advertised vacant new following above exciting available permanent req requisition"
)
_STOPS = (
    ROLE_NOUNS
    | SENTENCE_STARTS
    | word_set(
        "at with here has have had was is are were be been which who that within from as but because so "
        "through via by will would when since after before until although while if we you i it they he she "
        "not your our their my this these those then than too also just please there what where how "
        "currently based in for the or yes no number date description team process"
    )
)
#: A part behind a comma, a dash or in brackets that starts with these says where and how, not what.
_NO_TAILS = word_set(
    "remote hybrid onsite on-site us usa uk entry full-time part-time full part req ref job id open only "
    "home contract temporary permanent based nationwide anywhere m/f/d f/m/d m/w/d w/m/d all work wfh hq"
)
_NUMBERED = lazy(r"[a-z]{0,5}[-#.]?\d[\d-]{3,}[a-z]{0,3}$|req\W*$|id\W*$", re.IGNORECASE)


def title_at(text: str, start: int) -> tuple[str, str]:
    """The title that starts at a position, and the word that follows it, in lower case; either may be empty.

    A title is capitalised words and what links them, or, all in lower case,
    up to five words; tails behind commas, dashes and in brackets belong to it
    as long as they say what, not where.
    """
    tokens = _TOKEN.findall(text[start : start + _MAX_CHARS])[: _MAX_TOKENS + 4]
    at = _skip(tokens)
    if at >= len(tokens):
        return "", ""
    taken, at = _take(tokens, at)
    following = tokens[at].strip("\"“”'‘’()[]*.,:;!?").lower() if at < len(tokens) else ""
    return tidy_title(" ".join(taken)), following


def _skip(tokens: list[str]) -> int:
    """Past articles, adjectives of the opening and requisition numbers."""
    at = 0
    while at < len(tokens) and (
        _bare(tokens[at]).lower() in _DETERMINERS
        or _bare(tokens[at]) in _ADJECTIVES
        or _NUMBERED.match(_bare(tokens[at]))
        or not re.search(r"\w", tokens[at])
        or (
            tokens[at] in ("R", "JR", "REQ")
            and _is_capital(tokens[at + 1 : at + 2])
            and _no_language(tokens, at)
        )
    ):
        at += 1
    return at


def _no_language(tokens: list[str], at: int) -> bool:
    """Whether a lone `R` is what is left of a number, and not the language."""
    return tokens[at] != "R" or tokens[at + 1].lower() not in word_set(
        "developer programmer analyst engineer and & shiny package statistician"
    )


def _is_capital(tokens: list[str]) -> bool:
    return bool(tokens) and tokens[0][:1].isupper()


def _bare(token: str) -> str:
    return token.strip('"“”‘’*()[],.;:!?')


def _take(tokens: list[str], at: int) -> tuple[list[str], int]:
    """The tokens of a title from `at` on, and where it ended."""
    taken: list[str] = []
    lower = not _looks_named(_bare(tokens[at]))
    while at < len(tokens) and len(taken) < _MAX_TOKENS:
        token, bare = tokens[at], _bare(tokens[at])
        low = bare.lower()
        if token[0] in "([" and taken:
            at = _take_bracket(tokens, at, taken)
            if taken[-1].endswith(")") and not (at < len(tokens) and _is_dash(tokens[at])):
                return taken, at
            continue
        if _is_dash(token) and taken:
            if lower or not _tail_follows(tokens, at + 1):
                return taken, _past_tail(tokens, at + 1)
            taken.append(token)
            at += 1
            continue
        if not _belongs(bare, low, tokens, at, taken, lower):
            break
        if "(" in token[1:]:  # "Developer(Only ..."
            taken.append(token.partition("(")[0])
            return taken, _past_bracket(tokens, at)
        at += 1
        taken.append(_cut(token))
        if _ends(token, bare) or (token[-1] in ",:" and (lower or not _tail_follows(tokens, at))):
            break
    while taken and (taken[-1].lower() in LINKING or _is_dash(taken[-1])):
        taken.pop()
    return taken, at


def _belongs(bare: str, low: str, tokens: list[str], at: int, taken: list[str], lower: bool) -> bool:
    if not bare:
        return False
    if bare == "I" and taken and names_job(" ".join(taken)):  # a level, unless a verb makes it the writer
        return tokens[at] != bare or not (tokens[at + 1 : at + 2] and _is_verb(tokens[at + 1]))
    if low in ROLE_NOUNS and bare[:1].isupper() and low in word_set("opportunity post"):
        return False
    if low in LINKING or (
        low == "on" and at + 1 < len(tokens) and tokens[at + 1].lower().startswith("rails")
    ):
        return (
            bool(taken)
            and at + 1 < len(tokens)
            and (lower or _looks_named(_bare(tokens[at + 1])))
            and (low != "and" or not lower)
            and _bare(tokens[at + 1]).lower() not in _STOPS
        )
    if bare == "IT" and not lower:
        return True
    if low in _STOPS or (low in MONTHS and taken and not lower):
        return False
    if lower:
        return len(taken) < 5 and (bare.islower() or "-" in bare)
    return _looks_named(bare)


def _is_verb(token: str) -> bool:
    return token.isalpha() and token.islower() and token not in _STOPS


def _looks_named(bare: str) -> bool:
    return bare[:1].isupper() or bare[:1].isdigit() or bare[:1] in ".+#" or any(c.isupper() for c in bare[1:])


def _cut(token: str) -> str:
    return token.strip('"“”‘’*') if token[-1] in ",:" else token.strip('"“”‘’*,.;:!?')


def _ends(token: str, bare: str) -> bool:
    """Whether a token's punctuation ends the phrase; `Sr.` and `Jr.` do not."""
    stripped = token.rstrip("*)]")
    if stripped[-1:] in '"”' or token[-1] in ";!?":
        return True
    return stripped[-1:] == "." and bare.lower() not in ("sr", "jr", "st", "dr", "asst")


def _is_dash(token: str) -> bool:
    return token in ("-", "–", "—", "|", "/", "&") and token != "&" and token != "/"


def _tail_follows(tokens: list[str], at: int) -> bool:
    """Whether what stands behind a comma or dash is more of the title: a few capitalised words of their own."""
    if at >= len(tokens):
        return False
    first = _bare(tokens[at])
    low = first.lower()
    if low == "and" and at + 1 < len(tokens):
        return _looks_named(_bare(tokens[at + 1])) and _bare(tokens[at + 1]).lower() not in _STOPS
    return (
        _looks_named(first)
        and low not in _STOPS | _NO_TAILS | MONTHS
        and not _NUMBERED.match(first)
        and first not in STATES
        and not first[:1].isdigit()
    )


def _past_tail(tokens: list[str], at: int) -> int:
    """Where a dropped tail ends: at a role's noun close by, else where it began."""
    for ahead in range(at, min(at + 7, len(tokens))):
        if _bare(tokens[ahead]).lower() in ROLE_NOUNS:
            return ahead
        if tokens[ahead][-1] in ".!?;":
            break
    return at


def _take_bracket(tokens: list[str], at: int, taken: list[str]) -> int:
    """Past a bracket, which is kept when it holds capitalised words that say what."""
    end = _past_bracket(tokens, at)
    inside = " ".join(tokens[at:end]).strip("()[].,;:*! ")
    words = inside.replace(",", " ").split()
    if (
        1 <= len(words) <= 5
        and all(_looks_named(word) or word.lower() in LINKING for word in words)
        and not any(word.lower() in _NO_TAILS for word in words)
        and not _NUMBERED.search(inside.replace(" ", ""))
        and not any(part.endswith(")") and "(" in part for part in taken)
        and not any(part.startswith("(") for part in taken)
    ):
        taken.append(f"({inside})")
    return end


def _past_bracket(tokens: list[str], at: int) -> int:
    for ahead in range(at, min(at + 6, len(tokens))):
        if ")" in tokens[ahead] or "]" in tokens[ahead]:
            return ahead + 1
    return at + 1
