"""Regular expressions that cost nothing before they are needed."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class _Lazy:
    """Stands in for a compiled pattern, and takes over its methods one by one as they are asked for."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self._source, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        method = getattr(re.compile(self._source, self._flags), name)
        # From now on it is an attribute like any other, and nothing stands in between.
        setattr(self, name, method)
        return method


def lazy(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """A pattern to be used like a compiled one; compiled at its first use, since most mails need few of them."""
    return cast("re.Pattern[AnyStr]", _Lazy(source, flags))
