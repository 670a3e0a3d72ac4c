"""`templates check`: what is wrong with a template, found by making every letter that it can become."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rejoinder.errors import TemplateError
from rejoinder.reply.composing import compose
from rejoinder.reply.lint import advice, mistakes
from rejoinder.reply.sheets import DOORS, STAGES, TAGS, TONES
from rejoinder.reply.shelf import SUFFIX, folders, is_shipped, locate, read_sheet, shipped_file
from rejoinder.reply.templating import VARIABLES, environment, suggest

if TYPE_CHECKING:
    from jinja2 import nodes

#: What a template may be given, and each is once there and once not.
SAMPLE: dict[str, Any] = {
    "to_name": "Jane",
    "company": "Acme",
    "role": "Baker",
    "the_role": "the Baker role",
    "mention": "the oven tour",
    "skill": "sourdough",
    "point": "sourdough",
    "when": "the autumn",
}
_GIVEN = (*SAMPLE.values(), "Dana Li")
#: Nobody reads more mistakes than this at once.
ENOUGH = 10
_CHOICES: dict[str, tuple[Any, ...]] = {
    "stage": STAGES,
    "tone": TONES,
    "door": DOORS,
    "offered": (False, True),
    "date_named": (False, True),
    "talked": (False, True),
    "promised": (False, True),
    "asked": (False, True),
    "later": (False, True),
    "british": (False, True),
    **{name: (None, value) for name, value in SAMPLE.items()},
}
#: Letters that are made of a template before it is left at the telling ones.
MOST = 2_000


@dataclass(frozen=True, slots=True)
class Findings:
    """What `templates check` has to say: what is wrong, and what could be better."""

    problems: list[str]
    advice: list[str] = field(default_factory=list)


def check(name: str, chosen: Path | None = None) -> list[str]:
    """What is wrong with a template: syntax, unknown variables and blocks, and any letter it can become."""
    return review(name, chosen).problems


def review(name: str, chosen: Path | None = None) -> Findings:
    """What is wrong with a template, and what in its letters had better be otherwise."""
    path = locate(name, chosen)
    try:
        sheet = read_sheet(path)
        trees = [_parsed(source, chosen) for source in sheet.sources]
    except TemplateError as error:
        return Findings([str(error)])
    except (SyntaxError, RecursionError) as error:
        return Findings([f"{path}, line {getattr(error, 'lineno', 0)}: {error.args[0]}"])
    problems = [*_unknown_tags(path, sheet.tags), *_unknown_names(path, trees, chosen)]
    return Findings(problems) if problems else _letters(name, path, chosen)


def _parsed(source: str, chosen: Path | None) -> nodes.Template:
    return _parsed_in(source, tuple(folders(chosen)))


@lru_cache(maxsize=128)
def _parsed_in(source: str, places: tuple[Path, ...]) -> nodes.Template:
    from jinja2 import TemplateSyntaxError

    env = environment(places)
    try:
        env.compile(source)  # an unknown filter or test comes to light only here, not when parsing
        return env.parse(source)
    except TemplateSyntaxError as error:
        raise SyntaxError(str(error), (None, error.lineno, None, None)) from error


def _unknown_tags(path: Path, tags: tuple[frozenset[str], ...]) -> Iterator[str]:
    for tag in sorted(frozenset().union(*tags) - set(TAGS)):
        yield f"{path}: a letter is for '{tag}', which nothing is. There are: {', '.join(TAGS)}."


def _unknown_names(path: Path, trees: list[nodes.Template], chosen: Path | None) -> Iterator[str]:
    from jinja2 import meta

    known = {*VARIABLES, *environment(tuple(folders(chosen))).globals}
    for variable in sorted(set().union(*(meta.find_undeclared_variables(tree) for tree in trees)) - known):
        yield f"{path}: '{variable}' is unknown. {suggest(variable)}"
    for tree in trees:
        yield from _unknown_blocks(path, tree, chosen)


def _unknown_blocks(path: Path, tree: nodes.Template, chosen: Path | None) -> Iterator[str]:
    """Blocks that no letter below has: what stands in them would never be seen."""
    from jinja2 import nodes

    parents = [
        one.template.value for one in tree.find_all(nodes.Extends) if isinstance(one.template, nodes.Const)
    ]
    if not parents or not str(parents[0]).startswith("default:"):
        return
    below = _blocks_of(str(parents[0]), chosen)
    nested = {
        inner.name
        for outer in tree.find_all(nodes.Block)
        for body in outer.body
        for inner in body.find_all(nodes.Block)
    }
    nested |= {
        body.name
        for outer in tree.find_all(nodes.Block)
        for body in outer.body
        if isinstance(body, nodes.Block)
    }
    for name in sorted({block.name for block in tree.find_all(nodes.Block)} - below - nested):
        if below:
            yield f"{path}: no letter of {parents[0]} has a block '{name}'. There are: {', '.join(sorted(below))}."


def _blocks_of(parent: str, chosen: Path | None) -> set[str]:
    from jinja2 import nodes

    path = shipped_file(parent.removeprefix("default:").removesuffix(SUFFIX))
    if not path.is_file():
        return set()
    names: set[str] = set()
    for source in read_sheet(path).sources:
        tree = _parsed(source, chosen)
        names |= {block.name for block in tree.find_all(nodes.Block)}
        for one in tree.find_all(nodes.Extends):
            if isinstance(one.template, nodes.Const) and one.template.value != parent:
                names |= _blocks_of(str(one.template.value), chosen)
    return names


def _letters(name: str, path: Path, chosen: Path | None) -> Findings:
    """What is to be said of the letters, each thing once, with the first mail that shows it."""
    wrong: dict[str, str] = {}
    better: dict[str, str] = {}
    for values, number in combinations(name, chosen):
        try:
            body = compose(name, values, number, chosen)
        except TemplateError as error:
            wrong.setdefault(str(error), f"{error} (with {_told(values)})")
            continue
        for found, said in (
            (wrong, mistakes(body, _GIVEN)),
            (better, advice(body, name, values["stage"], _GIVEN)),
        ):
            for remark in said:
                found.setdefault(re.sub(r"\d+", "", remark), f"{path}: {remark} (with {_told(values)})")
        if len(wrong) >= ENOUGH:
            break
    return Findings(list(wrong.values()), list(better.values()))


def combinations(name: str, chosen: Path | None = None) -> Iterator[tuple[dict[str, Any], int]]:
    """Values for every letter that a template can become, and the number that takes it.

    What may be given or not comes in every combination, or, where those are
    more than anybody would wait for, each thing missing alone and given alone;
    for a shipped template, all of it and nothing.
    """
    used, tags, letters = _used(name, chosen)
    fields = [
        one for one in _CHOICES if one in used or _FLAG.get(one) in tags or tags & {*map(str, _CHOICES[one])}
    ]
    facts = {one: _CHOICES[one] for one in fields if one in ("stage", "tone", "door", *_FLAG)}
    names = {one: _CHOICES[one] for one in fields if one not in facts}
    base = {one: options[0] for one, options in _CHOICES.items()}
    base |= {"me": "Dana Li", "topic": "one thing", "blank": lambda what: f"[{what}]"}
    base["stage"] = "initial" if name == "acknowledge" else "mid"
    kinds = math.prod(map(len, facts.values())) * letters
    given = _every(names) if kinds << len(names) <= MOST else _one_by_one(names)
    if is_shipped(name, chosen):
        given = _one_by_one(names)[:2]  # the tests of this project try the rest
    for fact, name_given, number in product(_every(facts), given, range(letters)):
        yield {**base, **fact, **name_given}, number


def _every(choices: dict[str, tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(zip(choices, values, strict=True)) for values in product(*choices.values())]


def _one_by_one(choices: dict[str, tuple[Any, ...]]) -> list[dict[str, Any]]:
    """All there, none there, and each one missing alone and there alone."""
    none, every = ({name: options[at] for name, options in choices.items()} for at in (0, -1))
    alone = [{**none, name: every[name]} for name in choices]
    return [every, none, *alone, *({**every, name: none[name]} for name in choices)]


_FLAG = {"offered": "offered", "date_named": "dated", "talked": "talked"}


def _used(name: str, chosen: Path | None) -> tuple[set[str], set[str], int]:
    """Variables and tags of a template and all it rests on, and how many letters one mail may choose from."""
    from jinja2 import meta

    names, tags, letters = set(), set(), 1
    waiting, seen = [(locate(name, chosen))], set()
    while waiting:
        path = waiting.pop()
        if path in seen or not path.is_file():
            continue
        seen.add(path)
        sheet = read_sheet(path)
        tags |= set().union(*sheet.tags) if sheet.tags else set()
        letters = max(letters, _most_alike(sheet.tags))
        for source in sheet.sources:
            tree = _parsed(source, chosen)
            names |= meta.find_undeclared_variables(tree)
            for other in meta.find_referenced_templates(tree):
                if other and other.startswith("default:"):
                    waiting.append(shipped_file(other.removeprefix("default:").removesuffix(SUFFIX)))
                elif other:
                    waiting.append(locate(other.removesuffix(SUFFIX), chosen))
    return names, tags, letters


def _most_alike(tags: tuple[frozenset[str], ...]) -> int:
    return max((tags.count(one) for one in tags), default=1)


def _told(values: dict[str, Any]) -> str:
    """The mail that shows a mistake, in words."""
    missing = [name for name in SAMPLE if values[name] is None]
    return f"stage {values['stage']}" + (f", without {', '.join(missing)}" if missing else "")
