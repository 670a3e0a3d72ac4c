"""`rejoinder scan`: a whole exported mailbox."""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from rejoinder.cli.common import one_line_errors
from rejoinder.cli.mailbox import Run, piece_bytes
from rejoinder.cli.outputs import Files
from rejoinder.cli.wanted import BY_LINE, Wanted
from rejoinder.model.store import gate_of, load_model
from rejoinder.output.text import printable
from rejoinder.reply.drafting import Wishes
from rejoinder.scan.batch import find
from rejoinder.scan.how import LEFT_OUT, How
from rejoinder.scan.progress import Journal, ProgressError

#: What a shell expects of a program that was interrupted.
INTERRUPTED = 130
#: From so many bytes on it matters that a model reads every mail in full.
_LARGE = 20_000_000
#: So many files that are no mail are named below the counts.
NAMED = 3
_PATH = click.Path(path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])


def _list(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    names = [name.strip().lower() for value in values for name in value.split(",") if name.strip()]
    chosen = tuple(name if name in LEFT_OUT else name.removesuffix("s") for name in names)
    for name in chosen:
        if name not in LEFT_OUT:
            raise click.BadParameter(f"{name!r} is none of {', '.join(LEFT_OUT)}.")
    return chosen


@click.command("scan")
@click.argument("sources", metavar="SOURCE ...", nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(["table", "jsonl", "csv", "parquet", "sqlite"]), default="table", show_default=True, help="How to write the rejections.")  # fmt: skip
@click.option("-o", "--output", type=_PATH, help="Write there; needed for parquet, sqlite and --resume.")
@click.option("--all", "every", is_flag=True, help="Rows for what is no rejection, too.")
@click.option(
    "--drafts", type=_PATH, metavar="DIR|FILE.mbox", help="Write the drafts there, as .eml files or one mbox."
)
@click.option(
    "--report", type=_PATH, metavar="FILE.html", help="Write a page with counts, patterns and evidence."
)
@click.option("--summary", type=_PATH, metavar="FILE.json", help="Write the counts as JSON.")
@click.option(
    "--jobs", type=click.IntRange(1), default=1, show_default=True, metavar="N", help="Processes that read."
)
@click.option("--since", type=_DAY, metavar="DATE", help="Leave out what was sent before.")
@click.option(
    "--include",
    multiple=True,
    callback=_list,
    metavar="KINDS",
    help="Read these, too: sent, draft, spam, chat.",
)
@click.option(
    "--resume", is_flag=True, help="Go on where an earlier scan stopped, or read what is new since."
)
@click.option(
    "--cluster", metavar="ADDRESS", help="Read on the machines of a Dask scheduler, such as tcp://host:8786."
)
@click.option("--me", metavar="NAME", help="Your name, for the signature of drafts.")
@click.option(
    "--me-address",
    multiple=True,
    metavar="ADDRESS",
    help="Your address, if it is not found: what it sent is left out.",
)
@click.option(
    "--stage", type=click.Choice(["initial", "mid", "final"]), help="How far you got, for all of them."
)
@click.option("--templates", type=_PATH, metavar="DIR", help="A folder with your own templates.")
@click.option("--model", type=_PATH, metavar="PATH", help="Another model.")
@click.option("--today", type=_DAY, help="The date to plan from; default: today.")
def command(sources: tuple[str, ...], **options: Any) -> None:
    """Label every rejection in exported mail: mbox files, folders, Maildirs, archives.

    Rejections go to stdout or -o, talk to stderr. Duplicates, your own mail,
    drafts, spam and chats are left out and counted. On stdout the stage
    reached is read from the mails before; in files from the whole mailbox.
    """
    with one_line_errors():
        wanted = _wanted(options)
        _refuse(wanted)
        start = time.monotonic()
        found = find(sources)
        with ExitStack() as stack:
            journal = stack.enter_context(_journal(wanted))
            run = Run(wanted, found, journal, Files(journal))
            if run.journal.resumed:
                run.take_up()
            stopped = _go(run)
            run.finish(time.monotonic() - start)
        click.echo(printable(run.tally.text(time.monotonic() - start)), err=True, nl=False)
        for line in _left_out(run):
            click.echo(printable(line), err=True)
        for source in run.undrafted:
            click.echo(printable(f"No draft for {source}: it would not have come out as a mail."), err=True)
    if stopped:
        again = " Run the same command with --resume to go on." if wanted.output else ""
        click.echo(f"Stopped; what was read until then is written.{again}", err=True)
        sys.exit(INTERRUPTED)


def _left_out(run: Run) -> Iterator[str]:
    """What was found and is no mail, by name, where the output itself has no place for it."""
    if run.wanted.shows_failures:
        return
    failures = run.found.failures
    yield from (f"Left out {item.origin}: {item.reason.rstrip('.')}." for item in failures[:NAMED])
    if len(failures) > NAMED:
        yield f"So were {len(failures) - NAMED:,} more files; --format jsonl names them all."


def _wanted(options: dict[str, Any]) -> Wanted:
    since, today = (
        day.date() if isinstance(day, datetime) else None for day in (options["since"], options["today"])
    )
    how = How.of(
        model=options["model"],
        today=today,
        since=since,
        include=options["include"],
        my_addresses=options["me_address"],
        stage=options["stage"],
        every=options["every"],
    )
    names = ("form", "output", "drafts", "report", "summary", "resume", "jobs", "cluster")
    wishes = Wishes(me=options["me"], templates=options["templates"])
    own = load_model(how.model).own_labels
    return Wanted(how, wishes, own=own, **{name: options[name] for name in names})


def _refuse(wanted: Wanted) -> None:
    """Say what cannot be done before anything is."""
    if wanted.output is None and wanted.form not in BY_LINE:
        raise click.UsageError(f"--format {wanted.form} needs a file: give one with -o.")
    if wanted.output is None and wanted.resume:
        raise click.UsageError("--resume needs the file of the earlier scan: give it with -o.")
    journal = None if wanted.output is None else _journal_path(wanted.output)
    for path in (wanted.output, wanted.report, wanted.summary, wanted.drafts):
        fresh = path is None or not path.exists() or (path == wanted.drafts and path.is_dir())
        if not fresh and not (wanted.resume and journal is not None and journal.is_file()):
            raise ProgressError(
                f"{path} is there already, and is left as it was.",
                "Choose another name, or give --resume to go on with the scan that wrote it.",
            )
        if path is not None and not path.parent.is_dir():
            raise ProgressError(
                f"There is no folder {path.parent}.", f"Make it first, or choose another place than {path}."
            )


def _journal_path(output: Path) -> Path:
    return output.with_name(output.name + ".progress")


@contextmanager
def _journal(wanted: Wanted) -> Iterator[Journal]:
    with tempfile.TemporaryDirectory(prefix="rejoinder-") as folder:
        path = Path(folder) / "scan.progress" if wanted.output is None else _journal_path(wanted.output)
        journal = Journal(path, wanted.head(), wanted.resume)
        try:
            yield journal
        finally:
            journal.close()


def _go(run: Run) -> bool:
    """Read everything; whether it was interrupted."""
    pieces = run.pieces()
    size = sum(map(piece_bytes, pieces))
    if size > _LARGE and gate_of(run.wanted.how.model) is None:
        name = load_model(run.wanted.how.model).card["name"]
        click.echo(
            f"Note: {name} reads every mail in full, which takes about five times as long as the shipped model with "
            "its quick first look.",
            err=True,
        )
    # The model's tables live as long as we do: looking through them for rubbish took a tenth of the time.
    # Trees of HTML are rubbish soon: what waits longer lets the memory grow with the mailbox.
    gc.freeze()
    gc.set_threshold(1_000, 5, 2)
    with _progress(size) as advance:
        try:
            run.go(pieces, advance)
        except KeyboardInterrupt:
            return True
    return False


@contextmanager
def _progress(size: int) -> Iterator[Callable[[int], None]]:
    """A bar with rate and time left on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from tqdm import tqdm

    with tqdm(total=size, unit="B", unit_scale=True, file=sys.stderr, leave=False, desc="Reading") as bar:
        yield lambda done: bar.update(done) and None
