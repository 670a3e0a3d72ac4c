"""The very point of their feedback, as a phrase of the mail's own words that fits a reply.

The reply says "what you wrote about ...", which is true of praise and of
criticism, and asks for a noun phrase seen from the candidate's side: `your
portfolio` becomes `my portfolio`, `our stack` becomes `your stack`. Where a
phrase is not surely one, it is left out: a reply without it is still a reply.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rejoinder.reply.names import word_set

_MAX_WORDS, _MAX_LETTERS = 6, 60

_LACK = re.compile(
    r"\b(?:(?<!learn )(?<!learning )(?<!hear )(?<!know )(?<!hearing )(?<!knowing )more|less|fewer|not(?! only)|no|nor|never|without|lack\w*|need\w*|requir\w+|looking for|below|short|limited|stronger|deeper|broader"
    r"|longer|closer|missing|gaps?|fail\w*|miss\w*|fell|(?<!not )only|already|expired|minimum|instead|rather|mandatory|must|hoped|wanted|prefer\w*"
    r"|yet|improve\w*|work on|weak\w*|too|who(?:se)?|ask\w* for|snag|sticking|doubts?|concern\w*|trouble|issue|problem|scor\w+|marks?|level|\d+)\b|n['’]t\b",
    re.IGNORECASE,
)
_OF_YOU = re.compile(r"(?<!like )\b(?:you(?:r|rs)?|u|ur|he|she|his|her)\b", re.IGNORECASE)
#: A noun is whole where one of these, or punctuation, follows.
_WHOLE = r"(?=\s*(?:[.,;:!?)\]\"”…–—]|$)|\s(?:to|in|on|for|with|of|at|as|by|from|than|that|which|and|or|but|so|because|since|before|after|was|were|is|are|has|have|had|did|does|didn|wasn|isn|weren|alone|yet|will|would|could|can|came|went|ran|showed|shows|made|gave|got|read|reads|felt|seemed|fell|scored|lacked|needs|needed|stood|required|hasn|this|when|while|where|well|here|there|very|also|only|not)\b)"

#: A phrase ends before one of these.
_ENDS = word_set(
    "than that which who whom whose where when while because since so but if as at to for with from by on before after until"
    " unless though although however whereas than over under within without across into about through during between is are was"
    " were be been being has have had do does did will would can could should may might must needs need aligns aligned matches"
    " matched more less most least also already yet still just not no never only too very there here then"
    " gets got goes went comes came makes made takes took means meant gives gave puts put"
    " we you they i he she it"
)
#: A phrase that holds one of these is none: it points at somebody, or is the rest of a sentence.
_NEVER = word_set(
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
_DETERMINER = re.compile(r"^(?:the|an?|some|any|no|your|our|all)\s+", re.IGNORECASE)
_SKIP = re.compile(
    r"^(?:(?:more|much|little|less|enough|further|direct|hands-on|practical|proven|solid|strong(?:er)?|deep(?:er)?|broad(?:er)?|long(?:er)?"
    r"|specific|relevant|recent|previous|prior|current|active|valid|working|professional|verifiable|existing|full|actual|real"
    r"|working (?:with|in)|using)\s+)+",
    re.IGNORECASE,
)
_HEAD = r"(?:experience|expertise|knowledge|background|grounding|exposure|proficiency|fluency|track record|understanding|command|depth)"
_PAPER = r"(?:certification|certificate|licen[cs]e|registration|qualification|diploma|degree|accreditation|endorsement|clearance|warrant)"
_WORDS = r"[\w+#/&.'’-]*[\w+#]"
_NAMED = (
    # experience with X, knowledge of X
    re.compile(rf"\b{_HEAD} (?:of|with|in|using)(?: (?:working (?:with|in)|using))? (?P<rest>.+)", re.I),
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
_MINE = re.compile(
    r"\byour (?P<thing>(?:[a-z-]+ ){0,2}?(?:portfolio|presentation|pitch|demo|exercise|assignment|take-home|submission|solution|case study|essay|cover(?:ing)? letter"
    r"|(?:writing|work) sample|audition|trial (?:shift|day|lesson)|sample lesson|lesson|drawings|designs?|code|answers|availability|notice period"
    r"|salary expectations?|expectations on pay|salary requirements|work permit|visa|start date|graduation date|commute|location|references"
    r"|driving licen[cs]e|research (?:plan|proposal|statement)|teaching statement|proposal|showreel|communication style|communication|pronunciation"
    r"|fundamentals|test|coding test|technical test|SQL|Excel|English|German|French|Spanish|Italian|Dutch|Portuguese|Mandarin|Japanese|Norwegian|Welsh))\b"
    + _WHOLE
)
_SECTION = re.compile(
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


def explained(sentences: tuple[str, ...]) -> bool:
    """Whether the sentences that a reason was read from say anything about the candidate or a lack."""
    return any(
        len(sentence.split()) > 2
        and not _is_menu(sentence)
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


def fit(phrase: str) -> str | None:
    """A noun phrase seen from the candidate's side, cut where it ends; None unless it surely is one."""
    words = []
    for word in re.split(r"[.,;:!?()\[\]{}\"“”<>…\n]| [–—-] ", phrase.strip() + " ", maxsplit=1)[0].split():
        if word.lower() in _ENDS and words:
            break
        words.append(word)
    text = _SKIP.sub("", " ".join(words)).strip(" '’-–—*")
    turned = re.match(r"(your|our)\s+", text, re.IGNORECASE)
    lead = {"your": "my ", "our": "your "}[turned[1].lower()] if turned else ""
    bare = _SKIP.sub("", _DETERMINER.sub("", text))
    bare = _without_tail(bare)
    if not _is_phrase(bare):
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


def _is_phrase(text: str) -> bool:
    words = text.lower().split()
    return (
        1 <= len(words) <= _MAX_WORDS
        and 2 <= len(text) <= _MAX_LETTERS
        and not _NEVER & set(words)
        and words[0] not in _NOT_FIRST | _ENDS
        and words[-1] not in _NOT_LAST
        and not (len(words) == 1 and (words[0] in _VAGUE or words[0].endswith("ing") and text.islower()))
        and not (len(words) == 2 and words[1] in _VAGUE and words[0] in _VAGUE)
        and not any("n't" in word or "n’t" in word or "'" in word[:-2] for word in words)
        and re.fullmatch(r"[\w+#/&.'’ -]+", text) is not None
        and re.search(r"[^\W\d_]{2}|^[A-Z][+#]*$", text) is not None
        and not re.match(r"\d", text)
    )


def _named(sentence: str) -> Iterator[str]:
    """Skills by name: after `experience with`, before `experience`, after `the gap was`."""
    for pattern in _NAMED:
        for match in pattern.finditer(sentence):
            groups = match.groupdict()
            found = _before(groups["before"], groups["tail"]) if groups.get("before") else fit(groups["rest"])
            if found:
                yield found


#: The words before `experience` that belong to it start after one of these.
_OPENERS = (
    word_set(
        "a an the your our some any no more much little less enough further direct hands-on practical proven solid strong stronger deep deeper"
        " see show demonstrate find found hire seen relevant recent previous prior current valid verifiable required additional extensive significant limited prior of with in and"
        " or have has had having hold holds need needs require requires required lack lacks lacking without show shows bring brings want"
        " wanted is are was were for to as whose their active full-time years years' year than not yet hold"
    )
    | _ENDS
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
    if any(word.lower() in _NEVER or word.lower().endswith(("ing", "ed")) for word in kept[:-1]):
        return None
    text = " ".join([*kept, tail.lower()])
    if not _is_phrase(text):
        return None
    return (
        f"the {text}" if re.fullmatch(_PAPER, tail, re.IGNORECASE) else text
    )  # one can be counted, one cannot


def _mine(sentence: str) -> Iterator[str]:
    for match in _MINE.finditer(sentence):
        words = match["thing"].split()
        if not any(word.lower() in _NEVER | _ENDS | {"and", "or"} for word in words):
            yield f"my {match['thing']}"
    for match in _SECTION.finditer(sentence):
        inner = match["thing"].split()[1:-1]
        if inner and not any(
            word.lower() in _NEVER | _ENDS | {"and", "or", "first", "next", "last", "final", "same"}
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
