"""The very point of their feedback, as a phrase of the mail's own words that fits a reply.

The reply says "what you wrote about ...", which is true of praise and of
criticism, and asks for a noun phrase seen from the candidate's side: `your
portfolio` becomes `my portfolio`, `our stack` becomes `your stack`. Where a
phrase is not surely one, it is left out: a reply without it is still a reply.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rejoinder.patterns import lazy
from rejoinder.reply.phrases import ENDS, NEVER, fit, is_phrase
from rejoinder.reply.words import word_set

_LACK = lazy(
    r"\b(?:(?<!learn )(?<!learning )(?<!hear )(?<!know )(?<!hearing )(?<!knowing )more|less|fewer|not(?! only)|no|nor|never|without|lack\w*|need\w*|requir\w+|looking for|below|short|limited|stronger|deeper|broader"
    r"|longer|closer|missing|gaps?|fail\w*|miss\w*|fell|(?<!not )only|already|expired|minimum|instead|rather|mandatory|must|hoped|wanted|prefer\w*"
    r"|yet|improve\w*|work on|weak\w*|too|who(?:se)?|ask\w* for|snag|sticking|doubts?|concern\w*|trouble|issue|problem|scor\w+|marks?|level|\d+)\b|n['’]t\b",
    re.IGNORECASE,
)
_OF_YOU = lazy(r"(?<!like )\b(?:you(?:r|rs)?|u|ur|he|she|his|her)\b", re.IGNORECASE)
#: A noun is whole where one of these, or punctuation, follows.
_WHOLE = r"(?=\s*(?:[.,;:!?)\]\"”…–—]|$)|\s(?:to|in|on|for|with|of|at|as|by|from|than|that|which|and|or|but|so|because|since|before|after|was|were|is|are|has|have|had|did|does|didn|wasn|isn|weren|alone|yet|will|would|could|can|came|went|ran|showed|shows|made|gave|got|read|reads|felt|seemed|fell|scored|lacked|needs|needed|stood|required|hasn|this|when|while|where|well|here|there|very|also|only|not)\b)"

_HEAD = r"(?:experience|expertise|knowledge|background|grounding|exposure|proficiency|fluency|track record|understanding|command|depth)"
_PAPER = r"(?:certification|certificate|licen[cs]e|registration|qualification|diploma|degree|accreditation|endorsement|clearance|warrant)"
_WORDS = r"[\w+#/&.'’-]*[\w+#]"
_NAMED = (
    # experience with X, knowledge of X
    re.compile(
        rf"\b{_HEAD} (?:working )?(?:of|with|in|using)(?: (?:working (?:with|in)|using))? (?P<rest>.+)", re.I
    ),
    # experience leading a team
    re.compile(r"\b(?P<head>experience) (?P<rest>[a-z]+ing [^.,;:!?()]+)"),
    # Kubernetes experience, a forklift certificate
    re.compile(
        rf"(?P<before>(?:{_WORDS} ){{1,4}})(?P<tail>experience|expertise|skills?|knowledge|background|{_PAPER})\b{_WHOLE}(?! (?:of|with|in|using)\b)",
        re.I,
    ),
    # the gap was X, the snag is X
    re.compile(
        r"\b(?:gap|snag|sticking point|weak(?:est)? (?:point|spot|area)|obstacle|stumbling block|concern|doubt|missing(?: for us)?|lacking|let you down)"
        r" (?:was|is|being|were)(?: that of| in| around| over)? (?P<rest>.+)",
        re.I,
    ),
)
#: What mails say of a candidate under `your`: only these become `my ...`.
_MINE = lazy(
    r"\b[Yy]our (?P<thing>(?:[a-z-]+ ){0,2}?(?:portfolio|presentation|pitch|demo|exercise|assignment|take-home|submission|solution|case study|essay|cover(?:ing)? letter"
    r"|(?:writing|work) sample|audition|trial (?:shift|day|lesson)|sample lesson|lesson|drawings|designs?|code|answers|availability|notice period"
    r"|salary expectations?|expectations on pay|salary requirements|work permit|visa|start date|graduation date|commute|location|references"
    r"|driving licen[cs]e|research (?:plan|proposal|statement)|teaching statement|proposal|showreel|communication style|communication|pronunciation"
    r"|fundamentals|test|coding test|technical test|SQL|Excel|English|German|French|Spanish|Italian|Dutch|Portuguese|Mandarin|Japanese|Norwegian|Welsh))\b"
    + _WHOLE
)
_SECTION = lazy(
    r"\b(?:in|on|at|during|with|of) (?P<thing>the (?:[\w-]+ ){1,4}?(?:section|test|exercise|assessment|task|case study|module|role play))\b"
    + _WHOLE
)
#: Circumstances, under the mail's own word for them.
_CIRCUMSTANCES = (
    (
        re.compile(r"\b(?:visa )?sponsor(?:ship|ing)?\b(?! (?:of|our|the))", re.I),
        "visa sponsorship",
        "sponsorship",
    ),
    (re.compile(r"\bnotice period\b", re.I), "my notice period", None),
    (re.compile(r"\bmonths?['’] notice\b", re.I), "my notice period", None),
    (re.compile(r"\brelocat(?:e|ion|ing)\b", re.I), "relocation", None),
    (re.compile(r"\bover-?qualified\b", re.I), "being overqualified", None),
    (re.compile(r"\bcommut(?:e|ing)\b", re.I), "the commute", None),
    (re.compile(r"\bsalary\b", re.I), "the salary", None),
    (re.compile(r"\bvisa\b", re.I), "my visa", None),
    (re.compile(r"\bgraduation date\b", re.I), "my graduation date", None),
    (re.compile(r"\bavailability\b", re.I), "my availability", None),
)


_THANKS = lazy(
    r"\b(?:learn\w*|hear\w*|know\w*) (?:a (?:bit|little|lot) )?(?:more )?about you|\b(?:getting|got) to know you|^(?:thank|we appreciate)",
    re.IGNORECASE,
)


def explained(sentences: tuple[str, ...]) -> bool:
    """Whether the sentences that a reason was read from say anything about the candidate or a lack."""
    return any(
        len(sentence.split()) > 2
        and not (_THANKS.search(sentence) or _is_menu(sentence))
        and (_OF_YOU.search(sentence) or _LACK.search(sentence))
        for sentence in sentences
    )


def lacks(sentences: tuple[str, ...]) -> bool:
    """Whether any of the sentences that a skill gap was read from says that something is missing."""
    return any(_LACK.search(sentence) and not _is_menu(sentence) for sentence in sentences)


def _is_menu(sentence: str) -> bool:
    """Links and headings that a web page left: mostly capitals."""
    words = [word for word in sentence.split() if word[0].isalpha()]
    return len(words) > 5 and sum(word[0].isupper() for word in words) > 0.6 * len(words)


def skill_point(sentences: tuple[str, ...], skills: tuple[str, ...] = ()) -> str | None:
    """What was missing, to stand after "what you wrote about"; None where it is not surely a phrase."""
    for sentence in sentences:
        if _LACK.search(sentence):
            found = next((point for point in (*_named(sentence), *_mine(sentence))), None)
            if found:
                return found
    return next((fitted for skill in skills if (fitted := fit(skill))), None)


def feedback_point(sentences: tuple[str, ...]) -> str | None:
    """What was remarked on, to stand after "what you wrote about"; None where it is not surely a phrase."""
    for sentence in sentences:
        found = next((point for point in (*_mine(sentence), *_circumstance(sentence))), None)
        if found:
            return found
    return None


def _named(sentence: str) -> Iterator[str]:
    """Skills by name: after `experience with`, before `experience`, after `the gap was`."""
    for pattern in _NAMED:
        for match in pattern.finditer(sentence):
            groups = match.groupdict()
            found = _before(groups["before"], groups["tail"]) if groups.get("before") else fit(groups["rest"])
            cut_short = groups.get("head") and found and " " not in found  # "experience selling to ..."
            if found and not cut_short:
                yield found


#: The words before `experience` that belong to it start after one of these.
_OPENERS = (
    word_set(
        "a an the your our some any no more much little less enough further direct hands-on practical proven solid strong stronger deep deeper"
        " see show demonstrate find found hire seen relevant recent previous prior current valid verifiable required additional extensive significant limited prior of with in and"
        " or have has had having hold holds need needs require requires required lack lacks lacking without show shows bring brings want"
        " wanted is are was were for to as whose their active full-time years years' year than not yet hold"
    )
    | ENDS
)
_NO_KIND = word_set(
    "impressive great good relevant overall specific professional previous life job own particular right necessary essential direct"
    " excellent extensive broad technical similar such same interesting educational academic work working background interview"
    " customer candidate targeted matching stronger suitable minimum required sufficient closer different wide varied wealth"
    " full your our his her their skills experience knowledge first second two three four five six seven eight nine ten twelve several"
    " and/or current longer long proven years year years' years’ months other another certain many few new combined"
)


def _before(before: str, tail: str) -> str | None:
    """`Kubernetes experience`, `Level 3 qualification`: the words that say which one, and the noun."""
    kept: list[str] = []
    for word in reversed(before.split()):
        if word.lower() in _OPENERS or not re.fullmatch(r"[\w+#/&.-]+", word):
            break
        kept.insert(0, word)
    while kept and (kept[0].lower() in _NO_KIND or kept[0].lower().endswith("ly")):
        kept.pop(0)
    if (
        not kept
        or len(kept) > 3
        or kept[0].isdigit()
        or kept[-1].lower() in _NO_KIND
        or kept[-1].endswith("ed")
    ):
        return None
    if any(word.lower() in NEVER or word.lower().endswith(("ing", "ed")) for word in kept[:-1]):
        return None
    text = " ".join([*kept, tail.lower()])
    if not is_phrase(text):
        return None
    return (
        f"the {text}" if re.fullmatch(_PAPER, tail, re.IGNORECASE) else text
    )  # one can be counted, one cannot


def _mine(sentence: str) -> Iterator[str]:
    for match in _MINE.finditer(sentence):
        words = match["thing"].split()
        if not any(word.lower() in NEVER | ENDS | {"and", "or"} for word in words):
            yield f"my {match['thing']}"
    for match in _SECTION.finditer(sentence):
        inner = match["thing"].split()[1:-1]
        if inner and not any(
            word.lower() in NEVER | ENDS | {"and", "or", "first", "next", "last", "final", "same"}
            for word in inner
        ):
            yield match["thing"]


def _circumstance(sentence: str) -> Iterator[str]:
    for pattern, phrase, other in _CIRCUMSTANCES:
        match = pattern.search(sentence)
        if match:
            if other and not match.group().lower().startswith("visa"):
                yield other
            else:
                yield phrase
