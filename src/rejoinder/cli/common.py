"""What the verbs share: errors as one line, mail from a file or standard input, UTF-8 out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from rejoinder.errors import ExamplesError, RejoinderError, UnreadableMailError
from rejoinder.mail.parsing import MAX_MAIL_BYTES
from rejoinder.output.text import printable
from rejoinder.types import Origin

#: Exit status when there is nothing to send.
NO_REPLY = 3


#: The option for labels beside the five, called the same wherever labels are said, read or taught.
own_labels = click.option(
    "--label", "--extra-label", "own", multiple=True, metavar="NAME",
    help="A label of your own beside the five; may be repeated. One that you used before is known.",
)  # fmt: skip


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Turn our own errors, and the file system's, into one line and exit status 1."""
    try:
        yield
    except ExamplesError as error:
        for line in error.shown:
            click.echo(" ".join(printable(line).split()), err=True)
        fail(f"{error.what} {error.tip}")
    except RejoinderError as error:
        fail(str(error))
    except BrokenPipeError:
        # The reader of a pipe went away: nobody is left to be told.
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        fail(f"{error.strerror or error}{where}. Check the path and its permissions.")


def fail(text: str) -> None:
    """Print one error line and exit with 1."""
    click.echo("Error: " + " ".join(printable(text).split()), err=True)
    sys.exit(1)


def read_mail(path: str | None) -> tuple[bytes, Origin]:
    """The bytes of a mail file, or of standard input for `-` and None."""
    if path in (None, "-"):
        if sys.stdin.isatty():
            click.echo(
                "Paste the mail, then press Ctrl-D on a line of its own (Ctrl-Z and Enter on Windows).",
                err=True,
            )
        raw, origin = sys.stdin.buffer.read(MAX_MAIL_BYTES + 1), Origin("<stdin>")
    else:
        raw, origin = _read_file(Path(str(path))), Origin(str(path))
    if not raw.strip():
        raise UnreadableMailError(
            f"There is nothing in {_name(origin)}.",
            "Paste the text of a mail, or name a file that holds one.",
        )
    return raw, origin


def _name(origin: Origin) -> str:
    return "the input" if origin.path == "<stdin>" else origin.path


def _read_file(path: Path) -> bytes:
    try:
        return _read_ordinary(path)
    except OSError as error:
        raise UnreadableMailError(
            f"{path} cannot be read: {error.strerror}.", "Check the path and its permissions."
        ) from error


def _read_ordinary(path: Path) -> bytes:
    if not path.exists():
        raise UnreadableMailError(f"There is no file {path}.", "Check the name, or paste the mail instead.")
    if path.is_dir():
        raise UnreadableMailError(f"{path} is a folder.", "Name one mail in it.")
    if not path.is_file():
        raise UnreadableMailError(
            f"{path} is not an ordinary file.", "Save the mail as a file, or pipe it in."
        )
    with path.open("rb") as file:
        return file.read(MAX_MAIL_BYTES + 1)


def write_out(data: str | bytes, path: Path | None) -> None:
    """Write to a new file, or to standard output as UTF-8 whatever the locale."""
    raw = data.encode("utf-8", "replace") if isinstance(data, str) else data
    if path is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()
        return
    from rejoinder.output.mailfile import write_new

    write_new(path, raw)
