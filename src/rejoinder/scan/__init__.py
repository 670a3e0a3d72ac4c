"""A mailbox to many results, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from rejoinder.types import Failure, Result, Stage


def scan(
    *paths: Path | str,
    jobs: int = 1,
    since: date | None = None,
    include: Iterable[str] = (),
    my_addresses: Iterable[str] = (),
    stage: Stage | str | None = None,
    drafts: bool = False,
    me: str | None = None,
    today: date | None = None,
    templates: Path | str | None = None,
    model: Path | str | None = None,
    cluster: str | None = None,
) -> Iterator[Result | Failure]:
    """Every message of mailboxes, folders and archives: read, or skipped with its reason.

    What is left out (duplicates, and the owner's own mail, drafts, spam and
    chats unless they are in `include`) comes as a Failure whose error is
    `Skipped`. What is surely no rejection has not been read any further than
    that takes: its letter and details are empty. Drafts are written only where
    asked for. The stage reached is also taken from the mails before.

    Raises UnreadableMailError for a path that is not there, and ModelError for
    a model that cannot be used; after that, nothing stops it.
    """
    from rejoinder.scan.batch import results
    from rejoinder.scan.how import How

    how = How.of(
        since=since, include=include, my_addresses=my_addresses, stage=stage, today=today, model=model
    )
    yield from results(paths, how, jobs=jobs, cluster=cluster, drafts=drafts, me=me, templates=templates)


__all__ = ["scan"]
