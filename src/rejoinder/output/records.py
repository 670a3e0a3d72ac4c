"""A Result as the JSON object that other programs hold on to."""

from __future__ import annotations

import json
from typing import Any

from rejoinder.output.text import CONTROLS
from rejoinder.pipeline import Reading
from rejoinder.types import Details, Draft, Label, NamedTime, NoReply, ReplyRoute, Result, Step, Verdict

#: The file the keys and their meaning are promised in.
KEYS = (
    "id", "message_id", "source", "date", "from", "subject", "rejection", "label", "labels", "label_source",
    "probabilities", "unsure", "language", "stage", "stage_source", "company", "role", "contact", "skills", "evidence",
    "reply", "plan", "model",
    "reference", "interviewers", "dates", "feedback", "other_addresses",
)  # fmt: skip


def to_json(value: Any, indent: int | None = None) -> str:
    """JSON that stays readable in any script, and can do nothing to a terminal that shows it."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return CONTROLS.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def record(result: Result | Reading) -> dict[str, Any]:
    """All of a result but the drafts; every key is always there, null where unknown."""
    message, verdict, details = result.message, result.verdict, result.details
    contact = details.contact
    values = {
        "id": message.id,
        "message_id": message.message_id,
        "source": str(message.origin),
        "date": message.date.isoformat() if message.date else None,
        "from": str(message.sender) if message.sender else None,
        "subject": message.subject or None,
        "rejection": verdict.rejection,
        "label": verdict.label,
        "labels": list(verdict.labels),
        "label_source": verdict.label_source,
        "probabilities": _probabilities(verdict),
        "unsure": verdict.unsure,
        "language": verdict.language,
        "stage": verdict.stage,
        "stage_source": verdict.stage_source,
        "company": details.company,
        "role": details.role,
        "contact": {"name": contact.name or None, "address": contact.address or None} if contact else None,
        "skills": list(details.skills),
        "evidence": [{"label": e.label, "text": e.text, "weight": e.weight} for e in verdict.evidence],
        "reply": _reply(result.plan.route),
        "plan": [_step(step) for step in result.plan.steps],
        "model": verdict.model,
        "reference": details.reference,
        "interviewers": list(details.interviewers),
        "dates": [_time(time) for time in details.dates],
        "feedback": _feedback(details),
        "other_addresses": [address.address for address in details.other_addresses],
    }
    return {key: values[key] for key in KEYS}


def _time(time: NamedTime) -> dict[str, Any]:
    return {"text": time.text, "earliest": time.earliest.isoformat() if time.earliest else None}


def _feedback(details: Details) -> str | None:
    """`refused` also where some was offered earlier in the mail: nobody is asked who has said no."""
    if details.feedback_refused:
        return "refused"
    return "offered" if details.feedback_offered else None


def _probabilities(verdict: Verdict) -> dict[str, float]:
    """The promised ones first, then those of labels that the user taught."""
    names = ("rejection", *Label)
    own = (name for name in verdict.probabilities if name not in names)
    return {name: verdict.probabilities[name] for name in (*names, *own)}


def record_with_drafts(result: Result) -> dict[str, Any]:
    """The object with `drafts` in the order of the plan, and `draft`, the first of them or null."""
    drafts = [] if isinstance(result.drafts, NoReply) else [_draft(draft) for draft in result.drafts]
    return {**record(result), "drafts": drafts, "draft": drafts[0] if drafts else None}


def _reply(route: ReplyRoute) -> dict[str, Any]:
    return {"possible": route.possible, "reason": route.reason, "warning": route.warning}


def _step(step: Step) -> dict[str, Any]:
    out: dict[str, Any] = {"when": step.when.isoformat() if step.when else None, "do": step.do}
    if step.template:
        out["template"] = step.template
    if step.text:
        out["text"] = step.text
    if step.reason:
        out["reason"] = step.reason
    if step.until:
        out["until"] = step.until.isoformat()
    if step.pause_hours:
        out["pause_hours"] = step.pause_hours
    return out


def _draft(draft: Draft) -> dict[str, Any]:
    return {
        "send_on": draft.send_on.isoformat() if draft.send_on else None,
        "to": str(draft.to) if draft.to else None,
        "subject": draft.subject,
        "body": draft.body,
        "in_reply_to": draft.in_reply_to,
        "references": list(draft.references),
        "template": draft.template,
        "blanks": list(draft.blanks),
    }
