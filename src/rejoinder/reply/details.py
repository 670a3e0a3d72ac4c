"""Names in the mail, put together. Nothing found is None, never a guess."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from rejoinder.model.functions import SAID
from rejoinder.patterns import lazy
from rejoinder.reply.company import find_company
from rejoinder.reply.contents import feedback_held, find_interviewers, find_other_addresses, find_reference
from rejoinder.reply.dates import named_times
from rejoinder.reply.people import find_candidate, find_contact, greeting_name, signers
from rejoinder.reply.role import find_role, without_company
from rejoinder.reply.words import word_set
from rejoinder.types import Details, Letter, Message

_BRITISH = lazy(
    r"\b(?:whilst|organis\w+|apologis\w+|recognis\w+|favour\w*|programme|colour\w*|behaviour\w*"
    r"|honour\w*|shortlist(?:ed|ing)?|enquir\w+|licence|centre|fulfil|learnt|fortnight)\b",
    re.IGNORECASE,
)
_SKILL = lazy(
    r"\b(?:experience|expertise|background|knowledge|skills?|fluency|proficiency|depth|exposure"
    r"|grounding|years?|qualification) (?:of|with|in|using) (?P<skill>[^.,;:!?()\n]{2,60})"
)
#: It starts where a word does and words are bounded, so that a long word costs one attempt, not one a letter.
_SKILL_BEFORE = lazy(
    r"(?<![\w+#/-])(?P<skill>[A-Z][\w+#/-]{0,40}(?: [A-Z][\w+#/-]{0,40}){0,3}) (?:experience|skills?"
    r"|expertise|knowledge|certification|licence|license|background)\b"
)
_SKILL_END = lazy(
    r"\s(?:than|that|which|who|and (?:we|the|has|have|had|who)|for|at|to|as|is|was|were|did|needs?"
    r"|would|because|so|but|while|from|when|on|before|aligns?|more closely|closer)\b.*$"
)
_MISSING = lazy(
    r"\b(?:not|no|never|without|more|less|little|lack\w*|limited|short|thin|missing|stronger|deeper|broader|longer|wider|closer|below"
    r"|someone|somebody|candidates?|person|another|others?|need\w*|requir\w+|must|prefer\w*|looking for|hoped|wanted|beyond|already)\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)
_NO_SKILL = word_set(
    "this that these those it you we us them which who role position job level experience area "
    "areas field time and or a is more what how our your i the its their such similar senior junior"
)


def find_details(
    message: Message,
    letter: Letter,
    skill_sentences: tuple[str, ...] = (),
    door_sentences: tuple[str, ...] = (),
    signals: Mapping[str, float] | None = None,
) -> Details:
    """Company, role, writer and reader as the mail names them.

    `skill_sentences` are those that carried a skill gap: skills are looked
    for in them alone. `door_sentences` are those that hold a door open:
    the times they name decide what can be asked, and when. `signals` are the
    verdict's: what no pattern knows as an offer of feedback the model may.
    """
    contact = find_contact(message, letter)
    candidate = find_candidate(message, letter)
    company, role = _application(message, letter, candidate, door_sentences)
    if contact and company and company.lower().startswith(contact.name.lower()):
        contact = None  # the company signed
    dates = named_times(door_sentences, _sent(message) if door_sentences else None)
    offered, refused = feedback_held(letter.text)
    signals = signals or {}
    skills = dict.fromkeys(skill for sentence in skill_sentences for skill in find_skills(sentence))
    return Details(
        company=company,
        role=role,
        contact=contact,
        greeting_name=greeting_name(contact.name) if contact else None,
        candidate=candidate,
        skills=tuple(skills)[:3],
        date_named=bool(dates),
        british=_BRITISH.search(letter.text) is not None,
        reference=find_reference(message, letter),
        interviewers=find_interviewers(letter.text, (candidate, company)),
        dates=dates,
        feedback_offered=offered or signals.get("feedback_offered", 0) >= SAID,
        feedback_refused=refused or signals.get("no_feedback", 0) >= SAID,
        other_addresses=find_other_addresses(message, letter, candidate),
    )


def find_application(message: Message, letter: Letter) -> Details:
    """Company and role alone: which application a mail is about that nobody will answer."""
    company, role = _application(message, letter, find_candidate(message, letter))
    return Details(company=company, role=role)


def _application(
    message: Message, letter: Letter, candidate: str | None, doors: tuple[str, ...] = ()
) -> tuple[str | None, str | None]:
    """Company and role, each cleared of the other."""
    role = find_role(message, letter, doors)
    company = find_company(message, letter, role, tuple(signers(message, letter)), candidate)
    return company, without_company(role, company)


def _sent(message: Message) -> date | None:
    """The day of the Date header; read by ourselves where it is in order, which spares an import."""
    found = _DATE.search(message.date_header[:100])
    if found and found["month"].lower() in _MONTHS:
        try:
            return date(int(found["year"]), _MONTHS.index(found["month"].lower()) + 1, int(found["day"]))
        except ValueError:
            return None
    sent = message.date if message.date_header else None
    return sent.date() if sent else None


_DATE = lazy(r"\b(?P<day>\d{1,2}) (?P<month>[A-Za-z]{3}) (?P<year>\d{4})\b")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def find_skills(sentence: str) -> list[str]:
    """Skills a sentence names as missing: what stands after `experience with`, or before `experience`.

    None where nothing in the sentence says that something was missing: it may be praise.
    """
    if not _MISSING.search(sentence):
        return []
    found = []
    for match in (*_SKILL.finditer(sentence), *_SKILL_BEFORE.finditer(sentence)):
        skill = _SKILL_END.sub("", match["skill"] + " ").strip(" -'’\"“”")
        skill = re.sub(r"^(?:the|your|their|our|some|any|working (?:with|in)|using)\s+", "", skill)
        words = skill.split()
        if 1 <= len(words) <= 5 and words[0].lower() not in _NO_SKILL and words[-1].lower() not in _NO_SKILL:
            found.append(skill)
    return found
