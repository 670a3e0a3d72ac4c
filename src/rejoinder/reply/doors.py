"""How a soft no holds the door open: in which way, until when, and who writes next."""

from __future__ import annotations

import re

from rejoinder.model.functions import SAID
from rejoinder.patterns import lazy
from rejoinder.types import Verdict

#: What the model hears, and what the mail must then say for a reply to take it up.
_DOORS = (
    ("waiting_list", re.compile(r"\b(?:wait(?:ing|-)?\s?list|reserve|standby|list|register|roster)\b", re.I)),
    (
        "hold",
        re.compile(
            r"\b(?:hold|paus\w*|fr[eo]ez\w*|froze\w*|postpon\w*|deferr?\w*|suspend\w*|delay\w*|stop(?:ped)?|ice|halt\w*"
            r"|stalled|push(?:ed|ing) back|put off|locked|moratorium|abeyance)\b",
            re.I,
        ),
    ),
    (
        "runner_up",
        re.compile(
            r"\b(?:second|runner|reserve|close|first choice|other (?:candidate|person|finalist)"
            r"|(?:an)?other|someone else|somebody else|declines?|falls? through|turns? (?:it|us) down|number two)\b",
            re.I,
        ),
    ),
)
_SIGNALS = {"waiting_list": "waiting_list", "hold": "hold", "runner_up": "second_choice"}

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b"
)
_SEASON = r"(?:spring|summer|autumn|fall|winter|new year|Easter|Christmas|Michaelmas)\b"
_UNIT = r"(?:weeks?|months?|days?|quarters?|years?)\b"
_NUMBER = (
    r"(?:a few|a couple of|two|three|four|five|six|seven|eight|nine|ten|twelve|eighteen|[1-9]|1[0-9]|2[0-4])"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?\b"
_YEAR = r"(?:,? 20\d\d\b)?"
_PART = r"(?:(?:early|mid|late)[ -]|the (?:start|beginning|middle|end|first half|second half|(?:first|second|third|last) week) of )"
#: A time as a phrase that can stand after "a note for".
_TIME = lazy(
    rf"\b(?:{_MONTH} {_DAY}{_YEAR}|{_PART}?(?:{_MONTH}{_YEAR}|the (?:new )?{_SEASON}|{_SEASON}{_YEAR}|Q[1-4]\b{_YEAR})"
    rf"|(?:the )?{_DAY}(?: of)? {_MONTH}{_YEAR}"
    rf"|{_PART}?next (?:week|month|quarter|year|{_SEASON}|{_MONTH})"
    rf"|in (?:about |around )?{_NUMBER} {_UNIT}"
    rf"|{_PART}(?:the|this|next) (?:month|quarter|year|season|term)\b)"
)
#: Looser: whether any time is named at all, so that nobody asks for what was said.
_ANY_TIME = lazy(
    rf"{_TIME.pattern}|\b{_DAY}(?: of)? (?:{_MONTH})|\b(?:by|on|before|until|till|next|this) (?:mon|tues|wednes|thurs|fri|satur|sun)day"
    rf"|\bthe {_DAY}|\b(?:within|over|for|after|another) (?:the )?(?:next |coming )?(?:{_NUMBER} )?{_UNIT}|\b{_NUMBER} {_UNIT}"
    rf"|\b(?:next|this|coming|end of the|of the|financial|fiscal|academic|calendar) (?:week|month|quarter|year|term|season|{_SEASON})"
    rf"|\b20[2-9]\d\b|\b(?:fortnight|tomorrow|tonight|{_SEASON})",
    re.I,
)
_BEFORE_TIME = lazy(
    r"\b(?:in|on|by|from|until|till|after|before|around|about|come|for|and|again|back|since|of)\s+$", re.I
)
#: "the spring budget" is no time: a time is whole where punctuation or one of these follows.
_AFTER_TIME = lazy(
    r"\s*(?:$|[.,;:!?()–—-]|(?:and|or|at|in|on|when|once|if|to|for|with|so|but|as|until|we|I|you|they|he|she|it|the|by|from|which|after"
    r"|before|either|again|latest|our|my|your|this|is|will|because|since|that|onwards?)\b)"
)
_FUTURE = lazy(
    r"\b(?:will|shall|would|should|expect\w*|plan\w*|hop(?:e|ing)|intend\w*|going to|opens?|opening|starts?|starting"
    r"|begins?|resumes?|revisit\w*|until|till|after|once|when|as soon as|retires?|leaves|keep|check|contact|try|apply|write|call)\b"
    r"|['’]ll\b",
    re.I,
)
_PAST = lazy(
    r"\b(?:interview\w*|visit\w*|test\w*|met|spoke|conversation|(?:our|your|the) call|application|applied|letter|following|dated)"
    r" (?:\w+ )?(?:on|of|in|from)\s+$",
    re.I,
)
_PROMISE = lazy(
    r"\b(?:(?:we|i|he|she|they|team|colleagues?|recruiters?|hr|somebody|someone|member|manager|office)(?:['’](?:ll|d)| will| shall| would| want to| am going to|['’]m going to| plan to| intend to| hope to)"
    r"(?: \w+){0,7}? (?:contact|call|ring|phone|telephone|write|e-?mail|message|text|ping|reach out|touch|come back|get back|let you know"
    r"|notify|inform|invite|send|speak|talk|hear|update|drop you|offer|approach|see you|tell you|follow up|review|revisit)"
    r"|(?:you['’]ll|you will|you should) (?:\w+ )?(?:hear|be (?:contacted|called|told|notified|invited|the first))|expect (?:a|my|our) (?:call|mail|e-?mail|letter|message)"
    r"|(?:can|could|may|might) (?:i|we) (?:\w+ )?(?:call|ring|message|text|e-?mail|write|contact|send|approach|keep|get in touch|hold|reach)"
    r"|\b(?:i|we|to) (?:\w+ )?(?:call|ring|phone|text|contact|bring|come (?:back )?to|write to|turn to|want|approach|reach) you\b"
    r"|\bbe in touch|\byour (?:permission|leave)\b|\b(?:mind|ok|okay|all right) if (?:i|we)\b|\ballow me\b|\b(?:first|next) (?:in line|call|preference)\b"
    r"|\bgive you a (?:call|ring|bell)\b|\byou as (?:our|my)\b|\bit['’]?s you\b)",
    re.I,
)


def door(verdict: Verdict, sentences: tuple[str, ...]) -> str:
    """`hold`, `waiting_list` or `runner_up` where model and words agree on it, else `open`."""
    text = " ".join(sentences)
    heard = {
        name: verdict.signals.get(_SIGNALS[name], 0)
        for name, words in _DOORS
        if verdict.signals.get(_SIGNALS[name], 0) >= SAID and words.search(text)
    }
    return max(heard, key=lambda name: heard[name]) if heard else "open"


def dated(sentences: tuple[str, ...]) -> bool:
    """Whether a time to come is named, so that a reply may say that it is noted."""
    return any(_TIME.search(sentence) and _FUTURE.search(sentence) for sentence in sentences)


def when(sentences: tuple[str, ...]) -> str | None:
    """The one time to come that the sentences name, to stand after "a note for"; None where it is not clear."""
    promised = tuple(sentence for sentence in sentences if _PROMISE.search(sentence))
    for said in (promised, sentences):
        times = [(sentence, match) for sentence in said for match in _TIME.finditer(sentence)]
        if len(times) == 1 and _FUTURE.search(times[0][0]):
            return _fitted(*times[0])
    return None


def promises(text: str, sentences: tuple[str, ...]) -> bool:
    """Whether they will get in touch, or speak of a time at all: then there is none to ask for."""
    return _PROMISE.search(text) is not None or any(_ANY_TIME.search(sentence) for sentence in sentences)


def _fitted(sentence: str, match: re.Match[str]) -> str | None:
    phrase, before = " ".join(match.group().split()), sentence[: match.start()]
    if phrase.lower().startswith("in "):  # "in six months" is counted from now
        if not _AFTER_TIME.match(sentence, match.end()):
            return None
        return re.sub(r"^in (?:about |around )?", "", phrase, flags=re.I) + " from now"
    if _PAST.search(before) or not (
        _BEFORE_TIME.search(before) or phrase.lower().startswith(("early", "mid", "late", "the", "next"))
    ):
        return None
    return phrase if _AFTER_TIME.match(sentence, match.end()) else None
