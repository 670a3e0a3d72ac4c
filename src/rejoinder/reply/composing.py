"""The body of a letter: rendered, tidied, and within its limit."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from rejoinder.reply.templating import render
from rejoinder.types import Stage

#: Words of a whole draft, greeting and name included.
LIMITS = {"initial": 50, "mid": 110, "unknown": 110, "final": 150}
REQUEST_LIMIT = 110
#: What a letter does without, in this order, where it would be longer than its limit.
_EXPENDABLE = (("role", "the_role"), ("company",), ("point", "skill"), ("when",))


def compose(template: str, facts: dict[str, Any], number: int, chosen: Path | None = None) -> str:
    """The body of a letter. With very long names it says less, rather than more than its limit.

    Where leaving out names does not help, it is the template that is long,
    and the letter is what its author wanted.
    """
    full = body = tidy(render(template, facts, chosen, number))
    limit = limit_of(template, facts["stage"])
    first = (("mention",),) if facts["stage"] == Stage.INITIAL else ()  # two sentences have no room for it
    for names in (*first, *_EXPENDABLE):
        if len(body.split()) <= limit:
            return body
        facts = {**facts, **dict.fromkeys(names)}
        body = tidy(render(template, facts, chosen, number))
    return body if len(body.split()) <= limit else full


def limit_of(template: str, stage: str) -> int:
    """The most words a draft may have."""
    return REQUEST_LIMIT if template == "feedback_request" else LIMITS.get(stage, LIMITS["mid"])


def tidy(body: str) -> str:
    """Paragraphs on one line each, one empty line between them, no stray spaces."""
    body = re.sub(r"[ \t]+", " ", body)
    body = re.sub(r" *\n *", "\n", body)
    body = re.sub(r" ([.,;!?])(?!\w)", r"\1", body)
    return re.sub(r"\n{3,}", "\n\n", body).strip() + "\n"
