"""Proper names in running text, read word by word: patterns with optional parts can take for ever."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rejoinder.patterns import lazy
from rejoinder.reply.words import GENERIC, ORGANISATION, RANKS, SYSTEMS, TITLE_WORDS, word_set

_LINKS = word_set("& and of the for de du la del van von und at+")
_CORPORATE = lazy(
    r"^(?:inc|ltd|llc|llp|plc|co|corp|corporation|incorporated|gmbh|ag|bv|b\.v|pty|limited|sa|s\.a|a\.s|ab|oy|kg|srl|s\.r\.l|spa)\.?$",
    re.IGNORECASE,
)
_MAX_WORDS = 7

#: Stripped from a name's end, these leave the company.
TEAM_WORDS = word_set(
    "talent acquisition recruiting recruitment recruiter recruiters hiring careers career human "
    "resources hr people ops operations jobs job staffing "
    "candidate experience admissions team department dept office selection resourcing no-reply noreply "
    "notifications notification university campus management "
    "relations programs programmes & and culture crew hub care bot personnel workforce administration seasonal casting nursing coordination desk group's support services early workday icims greenhouse"
)
#: Enough of these alone make a name a team's and not a person's or a company's.
_TEAM_HEADS = word_set(
    "talent recruiting recruitment recruiter recruiters hiring careers career hr resources people jobs "
    "job staffing team department office admissions resourcing "
    "no-reply noreply notifications notification selection candidate"
)
_NOT_NAMES = word_set(
    "i we you our your the this that us it hi hello dear thank thanks unfortunately team hr january "
    "february march april may june july august september october "
    "november december monday tuesday wednesday thursday friday saturday sunday linkedin indeed "
    "glassdoor software senior junior engineer developer manager zoom "
    "round phase stage level best kind regards application position role job careers career talent "
    "update status however after as at if please since while although "
    "regarding re fwd congratulations nursing corporate workforce teams plant president search "
    "executive director vp head chief global national regional "
    "internship external general good all everyone candidate applicant sir madam with many warm "
    "sincerely yours cheers they everybody everyone he she he's she's having nobody somebody someone who both those each another others people nothing everything store production hiring fellowships medical parks"
)
_SENTENCE_WORDS = word_set(
    "she he they when where who everyone nobody someone somebody i've we've i'm both one another others what how "
    "by no not yes but and or so "
    "i we you our your this that it hi hello dear thank thanks unfortunately however after as "
    "at if please since while although re fwd"
)
#: Inside a name these begin the next sentence, where a mail lacks its full stop.
_NEXT_SENTENCE = _SENTENCE_WORDS | word_set("the best sincerely regards warm kind in follow stay visit")
#: What stands behind a company's name where a mail lacks its full stop.
_NO_LAST_WORDS = _SENTENCE_WORDS | word_set("in for of and the sent from with on to similar")
_NO_COMPANIES = word_set(
    "dc phd mr mrs inc esq eoe easter christmas michaelmas received rejected important confirmation roster "
    "europe junction regent auto english linkedin twitter instagram zoom msn rn md mba cpa bsn shrm-cp phr sphr pmp msc bsc ma llm jd fca aca cipd mcipd pharmd dnp np pe mrics mbe obe"
)
#: Wards and houses are departments, but also people.
_NO_PERSON = (GENERIC | ORGANISATION | RANKS | SYSTEMS | _NOT_NAMES) - word_set(
    "ward house school may april june and of"
)
_NO_LETTER = lazy(r"[^a-z0-9]")
_PERSON_WORD = lazy(r"^(?:[A-ZÀ-Þ][\w'’-]*|[A-Z]\.|de|van|von|der|la|bin|al|da|di|del)$")


@lru_cache(maxsize=2)  # role and company are looked for in the same text
def flatten(text: str) -> str:
    """Text on one line, with a full stop where a paragraph ended without one."""
    return re.sub(r"\s+", " ", re.sub(r"(?<=[^\s.:;,!?])[ \t]*\n\s*\n", ". ", text))


def capitalised_run(text: str, start: int) -> str:
    """The capitalised words from a position on, small linking words inside included."""
    taken: list[str] = []
    pending: list[str] = []
    for match in re.compile(r"\S+").finditer(text, start, start + 160):
        word = match.group().lstrip("-–—\"“‘'(*")
        bare = word.strip("\"“”'‘’*()[]<>,.;:!?-–—")
        if taken and match.group().startswith("("):
            break
        if taken and bare.lower() in _NEXT_SENTENCE and bare[:1].isupper() and bare not in ("IT", "US"):
            break
        if bare[:1].isupper() or (taken and bare[:1].isdigit()):
            taken += [*pending, bare]
            pending = []
        elif taken and word.lower() in _LINKS and len(pending) < 2:
            pending.append(word)
            continue
        else:
            break
        if len(taken) >= _MAX_WORDS or _ends_name(word, bare, text[match.end() : match.end() + 12].split()):
            break
    return " ".join(taken)


def _ends_name(word: str, bare: str, following: list[str]) -> bool:
    """Whether a name is over after this word, judged by its punctuation and what follows."""
    corporate = bool(following) and _CORPORATE.match(following[0].strip(",.")) is not None
    if word[-1] in '.;:!?)]"”*':
        return not corporate
    if word[-1] == ",":
        return not corporate
    possessive = bare.endswith(("'s", "’s"))
    return _CORPORATE.match(bare) is not None or (
        possessive and not (following and following[0][:1].isupper())
    )


def without_team(name: str) -> str:
    """`Acme` of `The Acme Talent Acquisition Team`; empty if nothing else is left."""
    words = name.split()
    while words and words[-1].lower().strip(".,|-–") in TEAM_WORDS:
        words.pop()
    return " ".join(words).strip(" ,|-–")


#: From one of these on, a name is a team's: `Acme Talent Marketing`, `Acme Hiring Crew`.
_TEAM_CUT = lazy(
    r"\s(?:talent|recruiting|recruitment|hiring|careers|candidate|human resources|hr)\b.*$", re.IGNORECASE
)


def names_team(name: str) -> bool:
    """Whether a name speaks of a department rather than a person."""
    return any(word.lower().strip(".,'") in _TEAM_HEADS for word in name.split())


def tidy_company(name: str) -> str | None:
    """A company's name without team words and possessive, or None if it is none."""
    name = _TEAM_CUT.sub("", " ".join(name.split()).strip(" .,;:-–—|'’"))
    name = re.sub(r"['’]s$", "", without_team(name))
    name = re.sub(r"^(?:The|Everyone|Team|All of) (?=[A-Z])", "", name).strip(" .,;:-–|")
    leading_team = re.match(r"(.+?) (?:at|@) (?=[A-Z])", name)
    if leading_team and names_team(leading_team.group(1)):
        name = name[leading_team.end() :]
    words = name.split()
    while words and words[-1].lower().strip(".,") in _NO_LAST_WORDS:
        words.pop()
    name = " ".join(words).strip(" ,")
    if not words or _is_no_company(name, words):
        return None
    if not 1 <= len(words) <= _MAX_WORDS or len(name) > 70 or not re.search(r"[A-Za-z]{2}", name):
        return None
    first = words[0].lower().strip(".,!")
    if first in _SENTENCE_WORDS or (
        len(words) == 1 and (first in _NOT_NAMES or re.fullmatch(r"[A-Z]+-[A-Z]+", name))
    ):
        return None
    return name


_HONORIFIC = lazy(
    r"(?:mr|mrs|ms|mx|miss|dr|prof|sir|madam|head|clerk|chief|vice|deputy|director|manager|chair)\b\.? ",
    re.IGNORECASE,
)


def _is_no_company(name: str, words: list[str]) -> bool:
    """Departments (`HR Records`), places and rounds (`Flat 2`), ranks and feasts: no company rather "
    "than a wrong one."""
    return (
        "|" in name
        or name.count("(") != name.count(")")
        or _HONORIFIC.match(name) is not None
        or name.lower().strip(".") in _NO_COMPANIES
        or re.fullmatch(r"[\d.]+", words[-1]) is not None
    )


def names_post(name: str) -> bool:
    """Whether a name is a post rather than a company or a person: it holds a rank or ends in an occupation."""
    words = [word.lower().strip(".,()") for word in re.split(r"[\s/]+", name)]
    return any(word in RANKS for word in words) or (len(words) > 1 and words[-1] in TITLE_WORDS)


def is_person(name: str) -> bool:
    """Whether a display name or signature line looks like a person's name."""
    words = re.sub(
        r"^(?:(?:dr|prof|mr|mrs|ms|mx|miss|sir|rev|sgt|ing|mag|dipl\.?-ing|engr|chef)\.? )+",
        "",
        name.strip(),
        flags=re.IGNORECASE,
    ).split()
    if not 1 <= len(words) <= 4 or names_team(name):
        return False
    if any(word.lower().strip(".,") in _NO_PERSON or _CORPORATE.match(word) for word in words):
        return False
    return (
        words[0][:1].isupper()
        and all(_PERSON_WORD.match(word) for word in words)
        and len(words[0].strip(".")) > 1
    )


def spelled_like(text: str, key: str) -> Iterator[str]:
    """Neighbouring words of a line, the first capitalised, that squeezed together spell a key such as a domain label."""
    for line in text[:20_000].split("\n"):
        words = [word.strip("\"“”'‘’()[]<>,.;:!?*") for word in line.split()]
        squeezed = [squeeze(word[: len(key) + 1]) for word in words]
        for start, word in enumerate(words):
            if not word[:1].isupper() or not key.startswith(squeezed[start] or "-"):
                continue
            spelt = ""
            for end in range(start, min(start + 5, len(words))):
                spelt += squeezed[end]
                if spelt == key and words[end]:
                    yield " ".join(words[start : end + 1])
                if len(spelt) >= len(key):
                    break


def squeeze(name: str) -> str:
    """A name as a domain would spell it: letters and digits alone."""
    return _NO_LETTER.sub("", name.lower().replace("&", "and"))
