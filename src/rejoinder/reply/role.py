"""Which role a mail is about, as the mail itself names it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from rejoinder.patterns import lazy
from rejoinder.reply.names import flatten
from rejoinder.reply.title_reading import title_at
from rejoinder.reply.titles import ends_in_job, names_job, tidy_title
from rejoinder.reply.words import GENERIC, LINKING, PLACES, ROLE_NOUNS, word_set
from rejoinder.types import Letter, Message

#: A title may stand behind these; what is behind it decides whether it does.
_OPENERS = lazy(
    r"\b(?:[Tt]he|[Oo]ur|[Yy]our|[Aa]n?|[Tt]his|for|as|of|to|in|role|position|Position|Role|Job Title|Vacancy|Opening)\b[:,\s]*\s(?=[\"“*(]*\w)"
    r"|[\"“](?=[A-Z])"
)
#: What says, in front of a title, that it is the one applied for.
_ASKED = lazy(
    r"\b(?:[Aa]ppl(?:y|ied|ying|ication|ications)(?: to be(?= an?\b)| (?:to|with|at) [^.,;!?]{2,60}?)?(?: (?:for|as|to|be)),?(?: the| our| an?| your)?"
    r"|(?:role|position|post|vacancy|opening|opportunity|job|requisition)(?: (?:of|as|titled|for)(?: an?| the| our)?|\s?:)"
    r"|(?:this|following) (?:role|position)|Position|Job Title:?"
    r"|consider(?:ed|ing)?(?: you)? for(?: the| our| an?)?|interview(?:ed|ing)? for(?: the| our| an?)?"
    r"|interest(?:ed)? in(?: the| our| an?| your)?|hire an?|candidacy (?:for|as)(?: the| our| an?)?"
    r"|(?:team|us|join|company|you|person|applicant|candidate|somebody|someone|referred you) (?:as|for)(?: an?| our| the)?"
    r"|(?:candidate|person|applicant)s? for(?: the| our)?|qualifications for(?: the| our)?"
    r"|(?:process|r[eé]sum[eé]|assessment|exercise|test|screen|listing|resume|cv|CV|profile|interview|submission|details) for(?: the| our)?|forward (?:with|for|as)(?: the| our| an?)?|select(?:ed|ion) (?:for|as)(?: the| our| an?)?"
    r"|regarding(?: the| our)?|offer(?:ed)? (?:of|for|the)|contract as)\s*$"
)
_SUBJECT_NOISE = word_set(
    "& appointment candidature batch vacancies jobs roles openings re fwd fw ext external update updates on about regarding your the our my an a for to of in as with from at "
    "application applications applied applying apply role position positions post vacancy job opening opportunity "
    "interview interviews result results outcome decision final stage round status news thank you thanks interest "
    "reference ref feedback following follow up followup after and application: season search selection process "
    "referral candidacy panel assessment evaluation phone screen call application- "
    "shift recruitment notice notification important information regards re: next steps is has been we i "
    "absage bewerbung letter response reply intake cohort centre center test trial job- programme- ref req"
)
_SPEAKING = word_set(
    "you your we us our i my me thank thanks unfortunately interest it was were is are not no any what why "
    "today tomorrow yesterday about hello dear meeting talk chat question questions news offer visit how been"
)
_SEPARATORS = lazy(r"\s+[-–—|/@]+\s+|\s*[|:–—@\[\]]\s*|\s+-\s*|\s*\((?=[^)]*\d)|\s+(?:at|with)\s+")
#: Ranks that say nothing without what stands behind their comma.
_BARE_RANKS = word_set(
    "director manager head vp associate analyst engineer specialist lead president officer coordinator executive "
    "scientist fellow intern professor lecturer consultant researcher representative administrator advisor"
)
_UNNAMED = word_set(
    "internship apprenticeship fellowship residency traineeship graduate intern student scholar lead head chef director junior senior staff principal internal external mid-level entry-level graduate-level vp pm"
)
#: Nouns that let a capitalised phrase be a role although nothing in it names an occupation.
_FIRM_NOUNS = word_set(
    "role roles position positions opening vacancy post seat headcount internship apprenticeship"
)
_NO_ROLES = word_set(
    "page pages site website portal network community profile team employment talent careers career equal above "
    "same other another next new right any similar specific first second this that company current future "
    "available open opportunity application hiring interview great more many two three few several best lead key"
)
#: A door that closes for a time is about the role itself, not about the next one.
_STOPPED = lazy(
    r"\b(?:hold|paus\w+|fr[eo]e?zen?|postpon\w+|pulled|filled|ice|suspend\w+|stuck|cancel\w+|gone)\b"
)
_BEFORE_COMPANY = tuple("-–—,:|")
_PREFIX = lazy(r"^(?:\s*(?:re|aw|sv|antw|fwd?|ext|external)\b\s*[:\]]?\s*)+", re.IGNORECASE)


class _Found(NamedTuple):
    """A title and how much speaks for it: the lower the rank, the more."""

    rank: int
    title: str


def find_role(message: Message, letter: Letter, doors: tuple[str, ...] = ()) -> str | None:
    """The role applied for, or None: from text or subject, the plainest mention first.

    `doors` are sentences that hold a door open: a role named there in passing
    may be the next one.
    """
    body = flatten(letter.text[:20_000])
    subject = _PREFIX.sub("", message.subject[:300])
    found: list[_Found] = []
    for item in chain(_labelled(letter.text), _in_text(body), _in_subject(subject)):
        if item.rank == 0 and item.title.lower() not in body:
            return item.title  # nothing further down can be plainer, or spell it otherwise
        found.append(item)
    best = min(found, key=lambda item: item.rank, default=None)
    if best is None or (
        best.rank >= 4 and any(best.title in door and not _STOPPED.search(door) for door in doors)
    ):
        return None
    # A subject's first letter is large anyway: in a sentence the role is spelt as the text spells it.
    plain = best.title.lower()
    return plain if any(item.rank == 4 and item.title == plain for item in found) else best.title


def without_company(role: str | None, company: str | None) -> str | None:
    """A role without the company's name in front of it, or behind it after a comma or dash."""
    if not role or not company:
        return role
    for name in (company, company.split()[0]):
        if role.startswith(f"{name} ") and len(role) > len(name) + 3 and name.lower() not in GENERIC:
            return role[len(name) + 1 :].lstrip("-–—:, ")
    if role.endswith(f" {company}") and ends_in_job(role[: -len(company)]):
        role = role[: -len(company)].strip()
    head = role.removesuffix(company).rstrip()
    return (head != role and head.endswith(_BEFORE_COMPANY) and head[:-1].rstrip()) or role


def _labelled(text: str) -> Iterator[_Found]:
    """Lines such as `Position: Data Engineer`."""
    for match in re.finditer(
        r"(?mi)^\s*(?:position|role|job title|vacancy|posting|post)(?: title| name| applied for)?:[ \t]*(\S.{2,100})$",
        text[:20_000],
    ):
        title, _ = title_at(match.group(1), 0)
        if title and names_job(title):
            yield _Found(0, title)


def _in_text(body: str) -> Iterator[_Found]:
    for opener in _OPENERS.finditer(body):
        title, following = title_at(body, opener.end())
        if not title:
            continue
        asked = _ASKED.search(body[max(0, opener.start() - 40) : opener.end()].rstrip('"“ ')) is not None
        rank = _rank(title, following, asked)
        if rank is not None:
            yield _Found(rank, _whole(title, following))


def _rank(title: str, following: str, asked: bool) -> int | None:
    words = title.lower().split()
    noun = following in ROLE_NOUNS
    if (words[0] in _NO_ROLES and not title.startswith("New ")) or _speaks(title):
        return None
    if title.lower() in _UNNAMED:
        return None
    if title[0].islower() and not any(c.isupper() for c in title.split()[0][1:]):
        return (
            4
            if ends_in_job(title) and (noun or asked) and words[-1] not in _NO_ROLES and len(title) > 3
            else None
        )
    job = names_job(title)
    if job and (noun or asked):
        return 0 if len(words) > 1 or following != "application" else 3
    if asked and re.search(r"\bProgram(?:me)?$", title):
        return 2
    if len(words) > 1 and re.search(r"\b(?:Internship|Apprenticeship|Traineeship|Fellowship)$", title):
        return 2
    if (
        following in _FIRM_NOUNS
        and len(title) > 2
        and words[-1] not in _NO_ROLES
        and not any(w in _NO_ROLES for w in words)
    ):
        return 2
    return None


def _speaks(phrase: str) -> bool:
    """Whether a phrase holds words of talk; a department of IT and a level I are none."""
    words = [word.strip(",().!?") for word in phrase.split()]
    return any(word.lower() in _SPEAKING for word in words if word not in ("IT", "US", "I"))


def _whole(title: str, following: str) -> str:
    """An internship is part of the role's name."""
    return f"{title} {following.capitalize()}" if following in ("internship", "apprenticeship") else title


def _in_subject(subject: str) -> Iterator[_Found]:
    for found in _in_text(subject):
        if found.rank < 4:
            yield _Found(found.rank + 1, found.title)
    for part in _SEPARATORS.split(subject):
        title = _subject_title(part)
        if title:
            yield _Found(1 if names_job(title) else 5, title)
            return


def _subject_title(part: str) -> str | None:
    """The title in a part of a subject: what is left when the words around it are gone."""
    head, comma, tail = part.partition(",")
    words = _stripped(head)
    if not words and comma:
        return _subject_title(tail)
    noun = {word.lower().strip(".,") for word in head.split()} & _FIRM_NOUNS
    title = tidy_title(" ".join(words))
    if not title or len(words) > 8 or _speaks(title):
        return None
    if comma and title.lower() in _BARE_RANKS and tail.strip()[:1].isupper():
        behind = tidy_title(" ".join(_stripped(tail)))
        return f"{title}, {behind}" if behind else title
    if title.lower() in _UNNAMED:
        return None
    if not (ends_in_job(title) or (title[0].isupper() and _heads(title))):
        plain = title[0].isupper() and noun and len(words) <= 3
        return title if plain and words[0].lower() not in _NO_ROLES else None
    return title


def _heads(title: str) -> bool:
    """Whether an occupation heads a title, as in `Head of Marketing` or `Postdoc in physics`."""
    if re.match(r"(?:S?VP|EVP|Head|Chief|Director)\s+(?!and\b)\w", title):
        return True
    return ends_in_job(re.split(r"\s+(?:of|in|to|for|with)\s|\s*[,(]|\s[-–—]\s|:", title, maxsplit=1)[0])


def _stripped(part: str) -> list[str]:
    words = part.split()
    while words and _is_noise(words[0]):
        words.pop(0)
    for at in range(1, len(words)):
        if (
            _is_noise(words[at])
            and words[at] not in LINKING | {"in", "for"}
            and names_job(" ".join(words[:at]))
        ):
            return words[:at]
    while len(words) > 1 and words[-1].lower() in PLACES and ends_in_job(" ".join(words[:-1])):
        words.pop()
    while words and (_is_noise(words[-1]) or re.fullmatch(r"[A-Z]{0,4}-?\d{4,}", words[-1])):
        words.pop()
    return words


def _is_noise(word: str) -> bool:
    return word.lower().strip(".,:;!") in _SUBJECT_NOISE
