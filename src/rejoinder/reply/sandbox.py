"""Where templates run: no way into Python, and every step is paid for from one purse.

A template may be somebody else's file. Time limits by signal or thread are no
help to a library that others call: so the work itself is bounded. Whatever can
repeat or grow (a turn of a loop, a call, a filter, `~ + *`, a value written,
an include) spends from a purse of a fixed size, and no single value may grow
longer than a letter ever is. What costs nothing cannot be repeated without it.

This module imports jinja2 as it is loaded; it is loaded when a draft is written.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import wraps
from itertools import islice
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS
from jinja2.runtime import Context, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from rejoinder.reply.words import word_set

#: A reply never needs more; a template in an endless loop does.
MAX_OUTPUT = 20_000
#: All turns of all loops in one rendering together.
MAX_LOOP = 1_000
#: Work of one rendering, in characters handled.
MAX_WORK = 500_000
#: A call or a filter costs this much besides the characters it handles, and an include this much.
_CALL, _INCLUDE = 20, 500

#: What a letter can need. Left out: what takes a width, and so makes any size from nothing.
_FILTERS = word_set(
    "abs capitalize count d default first float int join last length list lower max min replace reverse"
    " round sort title trim truncate unique upper wordcount"
)
_METHODS = word_set(
    "capitalize casefold count endswith find isdigit islower isupper join lower lstrip partition"
    " removeprefix removesuffix replace rpartition rsplit rstrip split startswith strip title upper"
)


class Purse:
    """What a rendering may still spend."""

    __slots__ = ("turns", "work")

    def __init__(self) -> None:
        self.work, self.turns = MAX_WORK, MAX_LOOP

    def spend(self, amount: int) -> None:
        """Pay for work. Raises SecurityError when nothing is left."""
        self.work -= amount
        if self.work < 0:
            raise SecurityError("it works more than any letter needs")


#: Of the rendering under way; constants folded while compiling have one each.
PURSE: ContextVar[Purse] = ContextVar("purse")


def _purse() -> Purse:
    return PURSE.get(None) or Purse()


def _weight(value: Any) -> int:
    """About as many characters as a value would fill. Raises SecurityError beyond MAX_OUTPUT."""
    total, waiting = 0, [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, (str, range)):
            total += len(one)
        elif isinstance(one, (list, tuple, set, frozenset)):
            waiting.extend(islice(one, MAX_OUTPUT + 1))
        elif isinstance(one, dict):
            waiting.extend(islice((*one.keys(), *one.values()), MAX_OUTPUT + 1))
        elif isinstance(one, int):
            total += one.bit_length() // 8
        total += 1
        if total > MAX_OUTPUT:
            raise SecurityError(f"it makes more than {MAX_OUTPUT} characters")
    return total


def _pay(*values: Any) -> None:
    """Pay for an operation on values; what it makes is at most as long as their product."""
    weights = [_weight(value) for value in values]
    if math.prod(weights) > 100 * MAX_OUTPUT:
        raise SecurityError(f"it makes more than {MAX_OUTPUT} characters")
    _purse().spend(_CALL + sum(weights))


def _paid(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that pays for what it takes and makes."""

    @wraps(function)
    def paid(*args: Any, **named: Any) -> Any:
        _pay(*args, *named.values())
        result = function(*args, **named)
        _purse().spend(_weight(result))
        return result

    return paid


def _written(value: Any) -> Any:
    """A value on its way into the letter: text or a number, known, and paid for."""
    if value is None:
        raise ValueError("it writes a value that this mail does not give; put {% if ... %} around it")
    if not isinstance(value, (str, int, float, Undefined)):
        raise ValueError("it writes something that is neither text nor a number")
    _purse().spend(1 + _weight(value))
    return value


class _Generator(CodeGenerator):
    """Jinja's compiler, with loops that count their turns and `~` that pays."""

    def visit_For(self, node: nodes.For, frame: Frame) -> None:
        if node.recursive:
            self.fail("recursive loops are not for letters", node.lineno)
        counted = nodes.EnvironmentAttribute("counted", lineno=node.lineno)
        node.iter = nodes.Call(counted, [node.iter], [], None, None, lineno=node.lineno)
        super().visit_For(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:
        self.write("environment.joined((")
        for one in node.nodes:
            self.visit(one, frame)
            self.write(", ")
        self.write("))")


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, in which nothing is free.

    `letter_of` turns the name of a template into that of the letter to take
    from it, so that `extends` and `include` find the right one.
    """

    code_generator_class = _Generator
    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, letter_of: Callable[[str], str], **settings: Any) -> None:
        super().__init__(
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,  # drafts are plain text, and text of a mail is only ever a value
            finalize=_written,
            **settings,
        )
        self._letter_of = letter_of
        self.filters = {name: _paid(FILTERS[name]) for name in _FILTERS}
        self.globals = {name: self.globals[name] for name in ("range", "namespace", "joiner")}

    def join_path(self, template: str, parent: str) -> str:
        """The letter that `extends` and `include` mean."""
        _purse().spend(_INCLUDE)
        return self._letter_of(template)

    def counted(self, items: Iterable[Any]) -> list[Any]:
        """What a loop runs over, its turns counted before the first one."""
        purse = _purse()
        turns = list(islice(items, purse.turns + 1))
        purse.turns -= max(len(turns), 1)
        if purse.turns < 0:
            raise ValueError(f"its loops count to more than {MAX_LOOP}")
        return turns

    def joined(self, parts: tuple[Any, ...]) -> str:
        """`a ~ b`: the parts as one text."""
        for part in parts:
            _written(part)
        text = "".join(str(part) for part in parts)
        _purse().spend(_weight(text))
        return text

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may use an attribute: of texts, a few methods only."""
        return (not isinstance(obj, str) or attr in _METHODS) and super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """`+` and `*` paid for; no powers, and no `%`, which pads to any width."""
        if operator == "**" or (operator == "%" and isinstance(left, str)):
            raise SecurityError(f"{operator} is not for letters")
        _pay(left, right)
        size = [side for side in (left, right) if isinstance(side, (str, list, tuple))]
        count = [side for side in (left, right) if isinstance(side, int)]
        if operator == "*" and size and count and len(size[0]) * count[0] > MAX_OUTPUT:
            raise SecurityError(f"it makes more than {MAX_OUTPUT} characters")
        result = super().call_binop(context, operator, left, right)
        _purse().spend(_weight(result))
        return result

    def call(self, __context: Context, __obj: Any, *args: Any, **named: Any) -> Any:
        """A call paid for, with the text that a method belongs to."""
        if __obj != self.counted:
            _pay(getattr(__obj, "__self__", None), *args, *named.values())
        result = super().call(__context, __obj, *args, **named)
        if isinstance(result, (str, int, list, tuple)):
            _purse().spend(_weight(result))
        return result
