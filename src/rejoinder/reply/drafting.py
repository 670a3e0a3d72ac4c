"""Plan to Draft: the text, addressed and threaded, with its blanks counted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rejoinder.errors import TemplateError
from rejoinder.reply.policy import SAID
from rejoinder.reply.templating import render
from rejoinder.types import Address, Details, Draft, Letter, Message, Plan, Step, Verdict

_REPLY_PREFIX = re.compile(r"^(?:\s*(?:re|aw|sv|antw|fwd?|wg)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
#: A conversation that took place, not one that will not: a test alone is nothing to be thanked for a talk.
_TALKED = re.compile(
    r"\b(?:speaking|talking|meeting|chatting|interviewing) (?:to|with|you|us)\b"
    r"|\bwe (?:spoke|talked|met|chatted)\b"
    r"|\bour (?:\w+ )?(?:conversation|interview|call|chat|talk|meeting)s?\b(?! (?:process|for))"
    r"|\byour (?:\w+ )?(?:conversation|visit)s?\b|\bfor your (?:\w+ )?interview\b"
    r"|\b(?:after|since|enjoyed|following|from) (?:your|the) (?:\w+ )?interviews?\b"
    r"|\b(?:coming|came) (?:in|over|along|by)\b|\b(?:getting|got|get) to know you\b"
    r"|\b(?:time|chance|opportunity|pleasure|nice|great|good|lovely) to (?:speak|talk|meet|chat|interview)\b",
    re.IGNORECASE,
)
_MAX_SUBJECT = 200
#: RFC 5322 has no limit, but servers do; the first and the last are what threads hang on.
_KEPT_REFERENCES = 20


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the candidate says for themself; None leaves it to the mail."""

    me: str | None = None
    to_name: str | None = None
    company: str | None = None
    role: str | None = None
    mention: str | None = None
    templates: Path | None = None


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
    values = _values(letter, verdict, details, wishes, blanks)
    return Draft(
        to=_recipient(plan.route.to, details),
        subject=reply_subject(message.subject, wishes.role or details.role),
        body=_tidy(render(step.template, values, wishes.templates)),
        template=step.template,
        send_on=step.when,
        in_reply_to=message.message_id,
        references=_references(message),
        blanks=tuple(dict.fromkeys(blanks)),
    )


def _values(
    letter: Letter, verdict: Verdict, details: Details, wishes: Wishes, blanks: list[str]
) -> dict[str, Any]:
    """What a template may use; blanks that it leaves are added to `blanks`."""

    def blank(what: str) -> str:
        blanks.append(what)
        return f"[{what}]"

    return {
        "me": wishes.me or details.candidate or blank("your name"),
        "to_name": wishes.to_name or details.greeting_name,
        "company": wishes.company or details.company,
        "role": wishes.role or details.role,
        "stage": verdict.stage.value,
        "mention": (wishes.mention or "").strip().rstrip(".") or None,
        "skill": details.skills[0] if details.skills else None,
        "talked": _TALKED.search(letter.text) is not None,
        "offered": verdict.signals.get("feedback_offered", 0) >= SAID,
        "date_named": details.date_named,
        "british": details.british,
        "blank": blank,
    }


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


def _tidy(body: str) -> str:
    """Paragraphs on one line each, one empty line between them, no stray spaces."""
    body = re.sub(r"[ \t]+", " ", body)
    body = re.sub(r" *\n *", "\n", body)
    body = re.sub(r" ([,.;!?])", r"\1", body)
    return re.sub(r"\n{3,}", "\n\n", body).strip() + "\n"
