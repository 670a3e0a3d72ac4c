"""HTML pages that need nothing else: one file, nothing loaded from anywhere, nothing that runs."""

from __future__ import annotations

from typing import Any

from rejoinder.resources import shipped
from rejoinder.types import label_words


def render_page(template: str, **values: Any) -> str:
    """A page from one of the shipped report templates; every value is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(shipped("templates/report")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["words"] = label_words
    return environment.get_template(template).render(**values)
