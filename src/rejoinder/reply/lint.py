"""What is wrong with a letter as a letter: leftovers, length, asks, and what no reply should say.

`templates check` runs this over every letter that a user's template can
become; the tests run it over every draft for every mail there is.
"""

from __future__ import annotations

import re

from rejoinder.patterns import lazy
from rejoinder.reply.composing import limit_of

_LEFTOVERS = (
    (r"\bNone\b|\bUndefined\b|\bTrue\b|\bFalse\b", "a value that is not known"),
    (r"\{\{|\}\}|\{%|%\}|\{#|#\}", "template language"),
    (r"[ \t]{2,}|[ \t]\n|\n[ \t]", "stray spaces"),
    (r"\n{3,}", "more than one empty line"),
    (r"[.!?]\n(?!\n|$)", "paragraphs without an empty line between them"),
    (r" [.,;:!?](?:\s|$)|,,|(?<!\.)\.\.(?!\.)|[,;]\.|\(\s|\s\)|\[\]", "stray punctuation"),
    (r"\b(the|a|an|and|of|to|in|for|about|with|me|my|your|I) \1\b", "a word twice"),
    (r"\b(?:the|an?|about|of|and|my|your|or)[.,;!?]", "a sentence that breaks off"),
    (r"(?:^|[.!?]\s+)[a-z]", "a sentence that starts small"),
)
_ASKS = lazy(
    r"\?|\blet me know\b|(?<!to )\btell me\b|\b(?:glad|grateful|happy) to know it\b"
    r"|\ba word about when would\b|\bIf you can tell me\b|\bone thing that? I could do better\b"
)
_NEVER = (
    (r"\breconsider|\bchange your mind|\bsecond chance|\bstill (?:be )?consider(?:ed)? me\b", "asks to reconsider"),
    (r"\bwho (?:was|did you|got|you) (?:\w+ )?(?:hired?|ch[oo]sen?|chose|selected|the job)|\bother candidates?\b|\bsuccessful candidate", "compares"),
    (r"\bwhy (?:was|did|not|I was|you did)\b|\bexplain why\b|\bI (?:demand|deserve|insist|expect an)\b|\bowe me\b", "demands reasons"),
    (r"\bunfair|\bdiscriminat|\blegal\b|\blawyer|\bsolicitor\b(?! role)|\btribunal|\blawsuit|\brights\b", "threatens"),
    (r"\bdesperate|\bplease, please|\bneed this job|\bbegging?\b|\bfinancial(?:ly)?\b", "pleads"),
    (r"\bdream (?:job|company)|\bamazing|\bincredibl|\bfantastic|\bworld-class|\btruly honou?red|\bthrilled|\bhumbled", "flatters"),
    (r"\battach(?:ed|ing|ment)\b|\benclosed\b|\bmy (?:CV|resume|résumé)\b", "sends a CV"),
    (r"\bper my (?:last|previous)|\bas (?:I )?(?:previously|already) (?:stated|mentioned)", "says per my last mail"),
    (r"\b(?:wrong|mistaken|disagree|in fact, I|to be fair to myself)\b", "argues"),
)  # fmt: skip
_BROKEN = tuple((re.compile(pattern), what) for pattern, what in _LEFTOVERS)
_UNWISE = tuple((re.compile(pattern, re.IGNORECASE), what) for pattern, what in _NEVER)


def mistakes(body: str, given: tuple[str, ...] = ()) -> list[str]:
    """What is broken in the text of a draft, a phrase each; `given` are names and texts it may contain."""
    return _found(_BROKEN, _own_words(body, given))


def advice(body: str, template: str, stage: str, given: tuple[str, ...] = ()) -> list[str]:
    """What a reply had better not say, or not at that length; its author may know better."""
    own = _own_words(body, given)
    found = _found(_UNWISE, own)
    words, limit = len(body.split()), limit_of(template, stage)
    if words > limit:
        found.append(f"{words} words, more than {limit}")
    if (asks := asks_in(own)) > 1:
        found.append(f"{asks} asks, more than one")
    return found


def remarks(body: str, template: str, stage: str, given: tuple[str, ...] = ()) -> list[str]:
    """All that can be said against a draft by its words alone."""
    return [*mistakes(body, given), *advice(body, template, stage, given)]


def _own_words(body: str, given: tuple[str, ...]) -> str:
    body = body.strip()
    for text in sorted(filter(None, given), key=len, reverse=True):
        body = body.replace(text, "Xx")
    return body


def _found(tests: tuple[tuple[re.Pattern[str], str], ...], text: str) -> list[str]:
    return [f"{what} ({match.group().strip()!r})" for test, what in tests if (match := test.search(text))]


def asks_in(body: str) -> int:
    """How many things a draft asks for."""
    return len(_ASKS.findall(body))
