"""Whether some words of a mail are a noun phrase that a sentence of the reply can take in."""

from __future__ import annotations

import re

from rejoinder.patterns import lazy
from rejoinder.reply.words import word_set

_MAX_WORDS, _MAX_LETTERS = 6, 60

#: A phrase ends before one of these.
ENDS = word_set(
    "than that which who whom whose where when while because since so but if as at to for with from by on before after until"
    " unless though although however whereas than over under within without across into about through during between is are was"
    " were be been being has have had do does did will would can could should may might must needs need aligns aligned matches"
    " matched more less most least also already yet still just not no never only too very there here then"
    " gets got goes went comes came makes made takes took means meant gives gave puts put"
    " we you they i he she it"
)
#: A phrase that holds one of these is none: it points at somebody, or is the rest of a sentence.
NEVER = word_set(
    "i you we they he she it us them him me who which that this these those there what whatever my mine yours ours theirs his her"
    " their its is are was were be been am has have had do does did will would can could should may might must not never none nothing"
    " something anything everything someone somebody anyone nobody one ones another other others etc"
)
_NOT_FIRST = word_set(
    "and or of in to with at by for from than as but so such similar same specific particular relevant certain various several many"
    " much more less most least some any all both each every enough further additional above following given said"
    " great good better best strong stronger deeper deep longer broader wider direct hands-on first second last next new"
    " doing being having getting going a an evidence proof signs sign lack lots plenty"
)
_NOT_LAST = word_set(
    "and or of in to with at by for from than as but so the a an your our my very more less most least too also even just"
    " similar relevant specific particular certain level levels sort kind type years year months amount number"
    " previous prior current recent more-or-less per"
)
#: Alone, these name nothing.
_VAGUE = word_set(
    "experience experiences skill skills knowledge background expertise qualification qualifications field fields area areas industry"
    " industries sector sectors stack role roles position job work environment environments domain level things time space team teams"
    " tools tooling technologies technology products product systems system projects project company companies business market"
    " evidence depth depths motivation fit matters difference issue issues question questions requirements requirement needs scale kind people customers clients candidates application cv resume us place"
)
_DETERMINER = lazy(r"^(?:the|an?|some|any|no|your|our|all)\s+", re.IGNORECASE)
_SKIP = lazy(
    r"^(?:(?:more|much|little|less|enough|further|direct|hands-on|practical|proven|solid|strong(?:er)?|deep(?:er)?|broad(?:er)?|long(?:er)?"
    r"|specific|relevant|recent|previous|prior|current|active|valid|working|professional|verifiable|existing|full|actual|real"
    r"|working (?:with|in)|using)\s+)+",
    re.IGNORECASE,
)


def fit(phrase: str) -> str | None:
    """A noun phrase seen from the candidate's side, cut where it ends; None unless it surely is one."""
    words: list[str] = []
    for word in re.split(r"[.,;:!?()\[\]{}\"“”<>…\n]| [–—-] ", phrase.strip() + " ", maxsplit=1)[0].split():
        if word.lower() in ENDS and words:
            break
        words.append(word)
    text = _SKIP.sub("", " ".join(words)).strip(" '’-–—*")
    turned = re.match(r"(your|our)\s+", text, re.IGNORECASE)
    lead = {"your": "my ", "our": "your "}[turned[1].lower()] if turned else ""
    bare = _SKIP.sub("", _DETERMINER.sub("", text))
    bare = _without_tail(bare)
    if not is_phrase(bare) and not (lead == "your " and bare.lower() in _VAGUE):
        return None
    if lead:
        return lead + bare
    return f"the {bare}" if text.lower().startswith("the ") else bare


def _without_tail(text: str) -> str:
    words = text.split()
    while words and words[-1].lower() in _NOT_LAST:
        words.pop()
    if (
        len(words) > 3 and "and" in words[-3:]
    ):  # "TypeScript and has written", "X and Y of Z": keep what is safe
        at = len(words) - 1 - words[::-1].index("and")
        rest = words[at + 1 :]
        if any(word.lower().endswith(("ed", "ly")) for word in rest):
            words = words[:at]
    return " ".join(words)


def is_phrase(text: str) -> bool:
    """Whether words can stand after "what you wrote about": they name something, and point at nobody."""
    words = text.lower().split()
    return (
        1 <= len(words) <= _MAX_WORDS
        and 2 <= len(text) <= _MAX_LETTERS
        and not NEVER & set(words)
        and words[0] not in _NOT_FIRST | ENDS
        and words[-1] not in _NOT_LAST
        and not (len(words) == 1 and words[0] in _VAGUE)
        and not (len(words) == 2 and words[1] in _VAGUE and words[0] in _VAGUE)
        and not any("n't" in word or "n’t" in word or "'" in word[:-2] for word in words)
        and re.fullmatch(r"[\w+#/&.'’ -]+", text) is not None
        and re.search(r"[^\W\d_]{2}|^[A-Z][+#]*$", text) is not None
        and not re.match(r"\d", text)
    )
