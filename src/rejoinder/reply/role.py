"""Which role a mail is about, as the mail itself names it."""

from __future__ import annotations

import re

from rejoinder.reply.names import JOB_TITLE, flatten, word_set
from rejoinder.types import Letter, Message

_WORD = (
    r"(?:role|position|post|opening|vacancy|opportunity|internship|apprenticeship|fellowship|residency"
    r"|requisition|job|gig)"
)
_NOUN = re.compile(rf"\b{_WORD}\b", re.IGNORECASE)
#: The role stands behind these ...
_BEHIND = re.compile(
    rf"\b(?:{_WORD} (?:of|as|titled|for)(?: an?| the| our)?|{_WORD}\s?[:–-]|appl(?:y|ying|ied"
    rf"|ication) (?:for|as)(?: an?| the| our)?"
    r"|interview(?:ed|ing)? for(?: the| our| an?)?|considered for(?: the| our| an?)?|interest in(?: the"
    r"| our| an?)|hire an?|candidacy for(?: the| our)?) \**[\"“]?(?=[\w(])",
    re.IGNORECASE,
)
#: ... up to one of these.
_END = re.compile(
    rf"\s(?:{_WORD}s?|at|with|in|here|has|have|was|is|and (?:for|we|the|your|I)|to (?:be|us|join)|which"
    rf"|that|on|within|from|as|but|we|because|this|for|through|via|by|will|who|when|or|since|after)\b"
    rf"|[.,;!?\n\"“”*]|\s[-–—(\[|]|$",
    re.IGNORECASE,
)
_DETERMINERS = word_set("the our your a an this")
_BANNED = word_set(
    "we you your have has had was were are is been be applying applied thank thanks interest "
    "application decided considering reviewed us our will not that which "
    "interviewing taking for to in of i it they other another any all some best good great new future "
    "current available specific particular next final first second same right "
    "suitable exciting such more each both different open many several similar relevant appropriate "
    "above following advertised if as at on by or but so offer offered filled fill "
    "interested joining position role job opening post vacancy opportunity requisition time"
)
_INSIDE_OK = word_set("of and for in to the &")
_SUBJECT = (
    re.compile(
        r"(?:application|applying|applied|interview|candidacy|interest|update|decision|outcome"
        r"|status)\b.{0,30}?\b(?:for|as|on|about|regarding|in)\s+(?:the |our |your |an? )?(?P<role>[A-Z].+)",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?:(?:re|fwd?)\s*:\s*)*(?P<role>[A-Z][\w/&'’ .-]{3,60}?)\s*(?:[-–—:|(]|\bapplication\b"
        r"|\binterview\b|\bposition\b|\brole\b|$)",
        re.IGNORECASE,
    ),
)


def find_role(message: Message, letter: Letter) -> str | None:
    """The role applied for, or None: from the text, else from the subject."""
    body = flatten(letter.text)
    for candidate in (*_before_noun(body), *_behind(body)):
        if candidate:
            return candidate
    for pattern in _SUBJECT:
        match = pattern.search(message.subject[:300])
        if match:
            role = _tidy(_END.split(match["role"] + " ", maxsplit=1)[0])
            if role and JOB_TITLE.search(role):
                return role
    return None


def _before_noun(body: str) -> list[str | None]:
    """`the Software Engineer role`: back from the noun to the nearest determiner."""
    found = []
    for match in _NOUN.finditer(body):
        words = body[max(0, match.start() - 120) : match.start()].split()
        role: list[str] = []
        for word in reversed(words):
            bare = word.strip('"“”*()').lower()
            if bare in _DETERMINERS:
                found.append(_tidy(" ".join(role)))
                break
            if word.endswith((".", "!", "?", ";", ":")) or len(role) >= 10 or bare in _BANNED - _INSIDE_OK:
                break
            role.insert(0, word)
    return [
        role for role in found if role and (role[0].isupper() or (" " in role and JOB_TITLE.search(role)))
    ]


def _behind(body: str) -> list[str | None]:
    found = []
    for match in _BEHIND.finditer(body):
        rest = body[match.end() : match.end() + 110]
        role = _tidy(_END.split(rest, maxsplit=1)[0])
        if role and (
            JOB_TITLE.search(role) or (role[0].isupper() and _NOUN.match(rest[len(role) :].strip()[:20]))
        ):
            found.append(role)
    return list(found)


def _tidy(role: str) -> str | None:
    role = " ".join(role.split()).strip(' *"“”,-–:()')
    role = re.sub(
        r"\s*[(\[]?(?:req(?:uisition)?|job|ref|id|r)[-\s#.:]*\d[\w-]*[)\]]?$", "", role, flags=re.IGNORECASE
    ).strip(" ,-–(")
    words = role.split()
    while words and words[0].lower() in _DETERMINERS | {
        "open",
        "current",
        "recent",
        "advertised",
        "vacant",
        "new",
    }:
        words.pop(0)
    if not 1 <= len(words) <= 10 or not re.search(r"[A-Za-z]{2}", role):
        return None
    if any(word.lower().strip(",.") in _BANNED - _INSIDE_OK for word in words):
        return None
    return " ".join(words)
