"""Reply templates rendered in a sandbox, and what went wrong in them explained to their author."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rejoinder.errors import TemplateError
from rejoinder.patterns import lazy
from rejoinder.reply.sheets import FLAGS
from rejoinder.reply.shelf import FIX, SUFFIX, folders, locate, read_sheet, shipped_folder

if TYPE_CHECKING:
    from rejoinder.reply.sandbox import Sandbox

#: What `extends` and `include` may name: files of the template folders themselves.
_FILE_NAME = lazy(r"\w[\w .-]*")

#: Everything a template may use, with what it is; `templates check` and the docs iterate this.
VARIABLES: dict[str, str] = {
    "me": "your name, or a blank",
    "to_name": "how to greet the writer, such as Jane; none if unknown",
    "company": "the company, or none",
    "role": "the role, or none",
    "the_role": "the role as it stands in a sentence, such as 'the Baker role', or none",
    "stage": "initial, mid, final or unknown",
    "mention": "something real from the conversation (--mention), or none",
    "topic": "what a blank for the mention should be about, such as 'one thing from your conversation'",
    "skill": "the skill the mail names as missing, or none",
    "point": "what their feedback was about, to stand after 'what you wrote about', or none",
    "talked": "whether the mail speaks of a conversation that you had",
    "offered": "whether the mail offers feedback",
    "door": "how a soft no holds the door open: hold, waiting_list, runner_up or open",
    "date_named": "whether the mail says when to talk again",
    "when": "that time, to stand after 'a note for', such as 'the autumn', or none",
    "promised": "whether they say that they will get in touch, or when",
    "asked": "whether they ask if they may keep in touch",
    "later": "whether an earlier draft of the same plan goes before this one",
    "british": "whether the mail uses British spelling",
    "tone": "warm or plain (--tone)",
    "blank": "a function: blank('what goes here') leaves a marked blank for you to fill in",
}


class Choice(NamedTuple):
    """What decides which letter of a file a mail gets: the facts about it, and its number."""

    facts: frozenset[str]
    number: int = 0

    @classmethod
    def of(cls, values: Mapping[str, Any], number: int = 0) -> Choice:
        """The choice that values for a template stand for."""
        facts = {str(values.get(name)) for name in ("tone", "stage", "door")}
        given = {"offered": "offered", "dated": "date_named", "talked": "talked"}
        return cls(frozenset(facts | {flag for flag in FLAGS if values.get(given[flag])}), number)


#: Of the rendering under way: `extends` and `include` choose by it too.
_CHOICE: ContextVar[Choice] = ContextVar("choice")


@lru_cache(maxsize=4)
def environment(places: tuple[Path, ...]) -> Sandbox:
    """A sandbox over folders; `default:` names a shipped template that the user's own one extends.

    Kept, so that each letter is compiled once however many drafts use it.
    """
    from jinja2 import FunctionLoader

    from rejoinder.reply.sandbox import Sandbox

    def find(name: str) -> Path | None:
        within = (shipped_folder(),) if name.startswith("default:") else places
        name = name.removeprefix("default:")
        if not _FILE_NAME.fullmatch(name):
            return None
        return next((path for folder in within if (path := folder / name).is_file()), None)

    def load(name: str) -> tuple[str, str, Any] | None:
        name, _, letter = name.partition("#")
        path = find(name)
        if path is None:
            return None
        changed = path.stat().st_mtime_ns
        source = read_sheet(path).sources[int(letter or 0)]
        return source, str(path), lambda: path.is_file() and path.stat().st_mtime_ns == changed

    def letter_of(name: str) -> str:
        path = find(name)
        return (
            f"{name}#{read_sheet(path).choose(_CHOICE.get().facts, _CHOICE.get().number)}" if path else name
        )

    return Sandbox(letter_of, loader=FunctionLoader(load), cache_size=400)


def render(name: str, values: Mapping[str, Any], chosen: Path | None = None, number: int = 0) -> str:
    """The text of a template with these values; of several letters in it, the mail's number takes one.

    Raises TemplateError, naming the file and line, when the template is
    missing or broken, or uses a variable that does not exist.
    """
    from rejoinder.reply.sandbox import PURSE, Purse

    places = folders(chosen)
    where = locate(name, chosen, places)
    env = environment(tuple(places))
    choice, purse = _CHOICE.set(Choice.of(values, number)), PURSE.set(Purse())
    try:
        with_suffix = env.join_path(name + SUFFIX, "")
        return _bounded(env.get_template(with_suffix).generate(values), where)
    except TemplateError:
        raise
    except Exception as error:
        explained = _explained(error, where)
        if explained is None:
            raise
        raise explained from error
    finally:
        _CHOICE.reset(choice)
        PURSE.reset(purse)


def _explained(error: Exception, where: Path) -> TemplateError | None:
    """What a failure inside a template is for its author; None for what is none of theirs."""
    from jinja2 import TemplateError as JinjaError
    from jinja2 import TemplateNotFound, UndefinedError
    from jinja2.exceptions import SecurityError

    if isinstance(error, TemplateNotFound):
        name = str(error.name).partition("#")[0]
        return TemplateError(f"The template {where} needs {name}, which is not there.", FIX)
    if isinstance(error, UndefinedError):
        return TemplateError(f"The template {where}: {error.message}.", suggest(str(error.message)))
    if isinstance(error, SecurityError):
        return TemplateError(f"The template {where} does what templates may not: {error}.", FIX)
    if isinstance(error, JinjaError):
        line = getattr(error, "lineno", None)
        return TemplateError(f"The template {where}{f', line {line}' if line else ''}: {error}.", FIX)
    if isinstance(
        error, (TypeError, ValueError, ArithmeticError, LookupError, RecursionError, MemoryError, OSError)
    ):
        return TemplateError(f"The template {where} failed: {error}.", FIX)
    return None


def _bounded(written: Iterator[str], where: Path) -> str:
    """What a template writes, given up as soon as it is more than a letter ever is."""
    from rejoinder.reply.sandbox import MAX_OUTPUT

    pieces: list[str] = []
    size = 0
    for piece in written:
        pieces.append(piece)
        size += len(piece)
        if size > MAX_OUTPUT:
            raise TemplateError(f"The template {where} writes more than {MAX_OUTPUT} characters.", FIX)
    return "".join(pieces)


def suggest(text: str) -> str:
    """What a misspelt variable may have been meant to be."""
    import difflib  # here and in the shelf: most people never misspell anything

    for word in text.replace("'", " ").split():
        close = difflib.get_close_matches(word, VARIABLES, 1, 0.7)
        if close and word not in VARIABLES:
            return f"Did you mean {close[0]}?"
    return "Templates may use: " + ", ".join(VARIABLES) + "."
