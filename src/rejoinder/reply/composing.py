"""The body of a letter: rendered, tidied, and within its limit."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from rejoinder.reply.lint import limit_of
from rejoinder.reply.shelf import is_shipped
from rejoinder.reply.templating import render
from rejoinder.types import Stage

#: What a letter does without, in this order, when its limit is reached.
_EXPENDABLE = (("role", "the_role"), ("company",), ("point", "skill"), ("when",))


def compose(template: str, facts: dict[str, Any], number: int, chosen: Path | None = None) -> str:
    """The body of a letter. With very long names a shipped one says less, rather than more than its limit."""
    own = not is_shipped(template, chosen)
    if facts["stage"] == Stage.INITIAL and not own:
        facts = {**facts, "mention": None}  # two sentences have no room for it
    body = tidy(render(template, facts, chosen, number))
    if not own:
        for names in _EXPENDABLE:
            if len(body.split()) <= limit_of(template, facts["stage"]):
                break
            facts = {**facts, **dict.fromkeys(names)}
            body = tidy(render(template, facts, chosen, number))
    return body


def tidy(body: str) -> str:
    """Paragraphs on one line each, one empty line between them, no stray spaces."""
    body = re.sub(r"[ \t]+", " ", body)
    body = re.sub(r" *\n *", "\n", body)
    body = re.sub(r" ([.,;!?])(?!\w)", r"\1", body)
    return re.sub(r"\n{3,}", "\n\n", body).strip() + "\n"
