"""Reply templates: found, rendered in a sandbox, checked."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rejoinder.errors import TemplateError
from rejoinder.resources import search_path, shipped

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

#: The templates a plan may ask for.
REPLIES = (
    "acknowledge",
    "thank_you",
    "feedback_request",
    "feedback_thanks",
    "skill_gap",
    "culture_fit",
    "keep_in_touch",
)
SUFFIX = ".txt.j2"
_KIND = "templates/replies"

#: Everything a template may use, with what it is; `templates check` and the docs iterate this.
VARIABLES: dict[str, str] = {
    "me": "your name, or a blank",
    "to_name": "how to greet the writer, such as Jane; none if unknown",
    "company": "the company, or none",
    "role": "the role, or none",
    "stage": "initial, mid, final or unknown",
    "mention": "something real from the conversation (--mention), or none",
    "skill": "the skill the mail names as missing, or none",
    "talked": "whether the mail speaks of a conversation that you had",
    "offered": "whether the mail offers feedback",
    "date_named": "whether the mail says when to talk again",
    "british": "whether the mail uses British spelling",
    "blank": "a function: blank('what goes here') leaves a marked blank for you to fill in",
}
#: A reply never needs more; a template in an endless loop does.
MAX_OUTPUT = 20_000
#: All `range`s of one rendering together, nested ones included, count to this at most:
#: a loop that writes nothing would otherwise run on unseen.
MAX_LOOP = 1_000


def folders(chosen: Path | None = None) -> list[Path]:
    """Where templates are looked for, in order: option, the user's own, shipped."""
    return search_path(_KIND, chosen)


def environment(chosen: Path | None = None) -> ImmutableSandboxedEnvironment:
    """A sandboxed environment; `default:` names a shipped template that the user's own one extends."""
    return _environment(tuple(folders(chosen)))


@lru_cache(maxsize=4)
def _environment(places: tuple[Path, ...]) -> ImmutableSandboxedEnvironment:
    """Kept, so that the drafts of one plan compile their common frame once."""
    from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined

    own = ChoiceLoader([FileSystemLoader(folder) for folder in places])
    default = PrefixLoader({"default": FileSystemLoader(shipped(_KIND))}, delimiter=":")
    env = _sandbox()(
        loader=ChoiceLoader([default, own]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # drafts are plain text, and text of a mail is only ever a value
    )
    env.globals["range"] = _limited_range()
    env.globals.pop("lipsum")  # nonsense of any length is no part of a letter
    return env


def _sandbox() -> type[ImmutableSandboxedEnvironment]:
    """Jinja's sandbox, in which `*` and `**` cannot eat up memory and time either."""
    from jinja2.exceptions import SecurityError
    from jinja2.runtime import Context
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Sandbox(ImmutableSandboxedEnvironment):
        intercepted_binops = frozenset({"*", "**"})

        def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
            texts = [side for side in (left, right) if isinstance(side, (str, list, tuple))]
            counts = [side for side in (left, right) if isinstance(side, int)]
            if operator == "**" or (texts and counts and len(texts[0]) * counts[0] > MAX_OUTPUT):
                raise SecurityError(f"it takes a power, or makes more than {MAX_OUTPUT} characters")
            return super().call_binop(context, operator, left, right)

    return Sandbox


def _limited_range() -> Callable[..., range]:
    """A `range` for one rendering that counts no further than MAX_LOOP, all calls together."""
    left = MAX_LOOP

    def limited(*bounds: int) -> range:
        nonlocal left
        numbers = range(*bounds)
        left -= max(len(numbers), 1)
        if left < 0:
            raise ValueError(f"its loops count to more than {MAX_LOOP}")
        return numbers

    return limited


def render(name: str, values: Mapping[str, Any], chosen: Path | None = None) -> str:
    """The text of a template with these values.

    Raises TemplateError, naming the file and line, when the template is
    missing or broken, or uses a variable that does not exist.
    """
    from jinja2 import TemplateError as JinjaError
    from jinja2 import TemplateNotFound, UndefinedError
    from jinja2.exceptions import SecurityError

    where = locate(name, chosen)
    try:
        return _bounded(
            environment(chosen).get_template(name + SUFFIX).generate({**values, "range": _limited_range()}),
            where,
        )
    except TemplateNotFound as error:
        raise TemplateError(f"The template {where} needs {error.name}, which is not there.", _FIX) from error
    except UndefinedError as error:
        raise TemplateError(
            f"The template {where}: {error.message}.", _suggest(str(error.message))
        ) from error
    except SecurityError as error:
        raise TemplateError(f"The template {where} does what templates may not: {error}.", _FIX) from error
    except JinjaError as error:
        line = getattr(error, "lineno", None)
        raise TemplateError(
            f"The template {where}{f', line {line}' if line else ''}: {error}.", _FIX
        ) from error
    except (TypeError, ValueError, ArithmeticError, LookupError, RecursionError, MemoryError) as error:
        raise TemplateError(f"The template {where} failed: {error}.", _FIX) from error


def _bounded(written: Iterator[str], where: Path) -> str:
    """What a template writes, given up as soon as it is more than a letter ever is."""
    pieces: list[str] = []
    size = 0
    for piece in written:
        pieces.append(piece)
        size += len(piece)
        if size > MAX_OUTPUT:
            raise TemplateError(f"The template {where} writes more than {MAX_OUTPUT} characters.", _FIX)
    return "".join(pieces)


_FIX = "See `rejoinder templates check`; `rejoinder templates show NAME` prints the shipped one."


def locate(name: str, chosen: Path | None = None) -> Path:
    """The file that a template name stands for.

    Raises TemplateError with the names there are when it is none of them.
    """
    if chosen is not None and not chosen.is_dir():
        raise TemplateError(
            f"There is no folder {chosen}.", "Give --templates a folder that holds *.txt.j2 files."
        )
    for folder in folders(chosen):
        path = folder / f"{name}{SUFFIX}"
        if path.is_file() and path.parent == folder:
            return path
    close = difflib.get_close_matches(name, names(chosen), 1)
    tip = f"Did you mean {close[0]}?" if close else "There are: " + ", ".join(names(chosen)) + "."
    raise TemplateError(f"There is no template {name}.", tip)


def locate_shipped(name: str) -> Path:
    """The shipped file of a template name, also where the user has one of that name.

    Raises TemplateError when no template of that name is shipped.
    """
    if name not in REPLIES:
        locate(name)
        raise TemplateError(f"The template {name} is your own; it is not shipped.", "Copy its file by hand.")
    return shipped(_KIND) / f"{name}{SUFFIX}"


def names(chosen: Path | None = None) -> list[str]:
    """All template names, the shipped ones first."""
    found = {
        path.name.removesuffix(SUFFIX) for folder in folders(chosen) for path in folder.glob(f"[!_]*{SUFFIX}")
    }
    return [*REPLIES, *sorted(found - set(REPLIES))]


def check(name: str, chosen: Path | None = None) -> list[str]:
    """What is wrong with a template: syntax, unknown variables, failure on any kind of mail."""
    from jinja2 import TemplateSyntaxError, meta

    path = locate(name, chosen)
    env = environment(chosen)
    try:
        # An unknown filter or test comes to light only here, not when parsing.
        used = meta.find_undeclared_variables(env.parse(path.read_text("utf-8")))
    except (TemplateSyntaxError, UnicodeDecodeError, OSError, RecursionError) as error:
        line = f", line {error.lineno}" if isinstance(error, TemplateSyntaxError) else ""
        return [f"{path}{line}: {error}"]
    unknown = sorted(used - set(VARIABLES) - set(env.globals))
    problems = [f"{path}: '{variable}' is unknown. {_suggest(variable)}" for variable in unknown]
    if not problems:
        for values in (_FULL, _EMPTY):
            try:
                render(name, values, chosen)
            except TemplateError as error:
                problems.append(str(error))
    return problems


def _suggest(text: str) -> str:
    for word in text.replace("'", " ").split():
        close = difflib.get_close_matches(word, VARIABLES, 1, 0.7)
        if close and word not in VARIABLES:
            return f"Did you mean {close[0]}?"
    return "Templates may use: " + ", ".join(VARIABLES) + "."


def _blank(what: str) -> str:
    return f"[{what}]"


_FULL: dict[str, Any] = {
    "me": "Dana Li", "to_name": "Jane", "company": "Acme", "role": "Baker", "stage": "final", 
    "mention": "the oven tour", "skill": "sourdough", "talked": True, "offered": True, "date_named": True, 
    "british": True, "blank": _blank,
}  # fmt: skip
_EMPTY: dict[str, Any] = {
    **dict.fromkeys(VARIABLES),
    "me": "[your name]",
    "stage": "unknown",
    "british": False,
    "blank": _blank,
}
