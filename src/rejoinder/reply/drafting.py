"""Plan to Draft: the text, addressed and threaded, with its blanks counted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from rejoinder.errors import TemplateError
from rejoinder.patterns import lazy
from rejoinder.reply.composing import compose
from rejoinder.reply.names import TEAM_WORDS
from rejoinder.reply.shelf import is_shipped
from rejoinder.reply.talks import asks_leave, talked
from rejoinder.reply.titles import names_job
from rejoinder.reply.words import word_set
from rejoinder.types import Address, Details, Draft, Label, Letter, Message, Plan, Stage, Step, Verdict

_REPLY_PREFIX = lazy(r"^(?:\s*(?:re|aw|sv|antw|fwd?|wg)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
#: Roles that say themselves what they are: "the Summer Internship", but "the Baker role".
_SAYS_WHAT = lazy(
    r"\b(?:role|position|post|job|opening|vacancy|internship|apprenticeship|fellowship|residency|traineeship|scheme"
    r"|program(?:me)?|placement|lectureship|professorship|studentship)$",
    re.IGNORECASE,
)
#: Names longer than this, in words, are left out of a letter: somebody else's sentence, or a mistake.
_LONGEST = {"to_name": 4, "company": 6, "role": 7}
_LONGEST_LETTERS = 70
#: These stand in sentences, not in names.
_NO_NAME = lazy(r"\b(?:its|we|you|our|your|is|was|has|have|will)\b|\b(?:and|to|the|of|for|or)$|[!?;\n]")
#: In the name of a sender, these say that it is nobody's.
_NO_PERSON = TEAM_WORDS | word_set(
    "capital relay crew bot system systems inc ltd llc gmbh company agency committee panel board council university college school"
    " newsletter privacy unsubscribe myworkday workday greenhouse lever icims workable smartrecruiters jobvite taleo indeed linkedin"
    " chair co-chair chairman chairperson pastor reverend father sister captain dean provost registrar owner president"
)
_FOR_A_REASON = frozenset({"feedback_thanks", "skill_gap", "culture_fit"})
_MAX_SUBJECT = 200
#: RFC 5322 has no limit, but servers do; the first and the last are what threads hang on.
_KEPT_REFERENCES = 20


class Wishes(NamedTuple):
    """What the candidate says for themself; None leaves it to the mail."""

    me: str | None = None
    to_name: str | None = None
    company: str | None = None
    role: str | None = None
    mention: str | None = None
    templates: Path | None = None
    tone: str = "warm"


def write_draft(
    step: Step,
    message: Message,
    letter: Letter,
    verdict: Verdict,
    details: Details,
    plan: Plan,
    wishes: Wishes,
) -> Draft:
    """The reply of one step, in the thread of the mail it answers.

    Raises TemplateError when the template of the step cannot be used.
    """
    if step.template is None:
        raise TemplateError("This step of the plan has no template.")
    blanks: list[str] = []
    facts = _values(step, plan, letter, verdict, details, wishes, blanks)
    template = _letter_for(step.template, verdict, wishes.templates)
    number = crc32(f"{message.id} {step.template}".encode())
    return Draft(
        to=_recipient(plan.route.to, details),
        subject=reply_subject(message.subject, wishes.role or details.role),
        body=compose(template, facts, number, wishes.templates),
        template=step.template,
        send_on=step.when,
        in_reply_to=message.message_id,
        references=_references(message),
        blanks=tuple(dict.fromkeys(blanks)),
    )


def _letter_for(template: str, verdict: Verdict, chosen: Path | None) -> str:
    """The template itself; where the mail does not surely give that reason, thanks for less, or thanks alone."""
    if template not in _FOR_A_REASON or not is_shipped(template, chosen):
        return template
    from rejoinder.reply.points import explained, lacks

    label = Label.FEEDBACK_GIVEN if template == "feedback_thanks" else Label(template)
    said = _sentences(verdict, label)
    if label is not Label.FEEDBACK_GIVEN and lacks(said):
        return template
    return (
        "feedback_thanks" if explained((*said, *_sentences(verdict, Label.FEEDBACK_GIVEN))) else "acknowledge"
    )


def _sentences(verdict: Verdict, label: Label) -> tuple[str, ...]:
    return tuple(one.text for one in verdict.evidence if one.label == label)


def _values(
    step: Step,
    plan: Plan,
    letter: Letter,
    verdict: Verdict,
    details: Details,
    wishes: Wishes,
    blanks: list[str],
) -> dict[str, Any]:
    """What a template may use; blanks that it leaves are added to `blanks`."""

    def blank(what: str) -> str:
        blanks.append(what)
        return f"[{what}]"

    role = wishes.role or _short(details.role, "role")
    company = wishes.company or _short(details.company, "company")
    met = talked(letter.text)
    return {
        "me": wishes.me or details.candidate or blank("your name"),
        "to_name": wishes.to_name or _greeted(details, company, role),
        "company": company,
        "role": role,
        "the_role": _in_a_sentence(role),
        "stage": verdict.stage.value,
        "mention": (wishes.mention or "").strip().rstrip(".") or None,
        "topic": _topic(verdict.stage, met),
        "talked": met,
        "offered": details.feedback_offered,
        "later": any(step is other for other in plan.sends[1:]),
        "asked": asks_leave(letter.text),
        "british": details.british,
        "tone": wishes.tone,
        "blank": blank,
        **_reason(verdict, details),
        **_opening(letter, verdict, details),
    }


def _reason(verdict: Verdict, details: Details) -> dict[str, Any]:
    """What they gave as the reason, in phrases that fit a sentence."""
    if Label.FEEDBACK_GIVEN not in verdict.labels and not details.skills:
        return {"skill": None, "point": None}
    from rejoinder.reply.phrases import fit  # patterns that take their time to compile: only where needed
    from rejoinder.reply.points import feedback_point, skill_point

    skill = fit(details.skills[0]) if details.skills else None
    if Label.SKILL_GAP in verdict.labels:
        point = skill_point(_sentences(verdict, Label.SKILL_GAP), details.skills)
    else:
        point = feedback_point(_sentences(verdict, Label.FEEDBACK_GIVEN))
    return {"skill": skill, "point": point}


def _opening(letter: Letter, verdict: Verdict, details: Details) -> dict[str, Any]:
    """How a soft no leaves the door: in which way, until when, and who writes next."""
    if Label.SOFT_NO not in verdict.labels:
        return {"door": "open", "date_named": details.date_named, "when": None, "promised": False}
    from rejoinder.reply.doors import dated, door, promises, when

    sentences = _sentences(verdict, Label.SOFT_NO)
    time = when(sentences)
    return {
        "door": door(verdict, sentences),
        "date_named": (details.date_named and dated(sentences)) or time is not None,
        "when": time,
        "promised": promises(letter.text, sentences),
    }


def _short(name: str | None, kind: str) -> str | None:
    """A name that the mail gave, unless it is too long to be one."""
    if (
        not name
        or len(name.split()) > _LONGEST[kind]
        or len(name) > _LONGEST_LETTERS
        or _NO_NAME.search(name)
    ):
        return None
    return name


def _greeted(details: Details, company: str | None, role: str | None) -> str | None:
    """The name to greet, never that of a company, a team or a role."""
    name = _short(details.greeting_name, "to_name")
    if name is None:
        return None
    shown = set((details.contact.name if details.contact else name).lower().split())
    taken = set(f"{company or ''} {role or ''}".lower().split())
    if names_job(name) or shown & _NO_PERSON or name.lower() in taken:
        return None
    return name


def _in_a_sentence(role: str | None) -> str | None:
    if not role:
        return None
    role = re.sub(r"^the\s+", "", role, flags=re.IGNORECASE)
    return f"the {role}" if _SAYS_WHAT.search(role) else f"the {role} role"


def _topic(stage: Stage, met: bool) -> str:
    if stage is Stage.FINAL:
        return "one thing from your conversations"
    return "one thing from your conversation" if met else "one thing from your conversation or the task"


def reply_subject(subject: str, role: str | None) -> str:
    """`Re:` once before the subject of the mail; a subject of our own where it had none."""
    bare = _REPLY_PREFIX.sub("", subject).strip()
    if not bare:
        bare = f"My application for {role}" if role else "My application"
    return f"Re: {bare}"[:_MAX_SUBJECT].rstrip()


def _recipient(to: Address | None, details: Details) -> Address | None:
    if to is None or not details.contact or not details.contact.name:
        return to
    return Address(details.contact.name, to.address)


def _references(message: Message) -> tuple[str, ...]:
    parents = [reference for reference in message.references if reference != message.message_id]
    if len(parents) > _KEPT_REFERENCES:
        parents = [parents[0], *parents[-(_KEPT_REFERENCES - 1) :]]
    return (*parents, message.message_id) if message.message_id else tuple(parents)
