"""How well company and role are read: what was found against what a person found."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from rejoinder.errors import ExamplesError
from rejoinder.learn.intervals import wilson
from rejoinder.types import Details

_LEGAL = re.compile(r"(?<=.)\b(?:inc|incorporated|ltd|limited|llc|llp|plc|corp|corporation|co|gmbh|ag)\b")
#: What may stand behind a role without making it another: where, at which level, under which number.
_SUFFIX = re.compile(
    r"(?:\s+(?:remote|hybrid|on ?site|open|to|work|from|home|usa?|uk|full ?time|part ?time"
    r"|new|grad|entry|level|junior|mid|senior|[ivx]+|l?\d|[a-z]{0,4} ?\d{3,}\w*))+"
)


def same_company(found: str, there: str) -> bool:
    """Whether two names are one company's: case, punctuation, `the` and the legal form do not count."""
    return _company_key(found) == _company_key(there)


def _company_key(name: str) -> str:
    words = re.sub(r"[^\w\s]", "", name.lower().replace("&", " and "))
    return re.sub(r"\s+", "", _LEGAL.sub(" ", re.sub(r"^the\s+", "", words.strip())))


def same_role(found: str, there: str) -> bool:
    """Whether two titles are one role: case, punctuation, and a place, level or number behind do not count."""
    short, long = sorted((_role_key(found), _role_key(there)), key=len)
    return long.startswith(short) and (short == long or _SUFFIX.fullmatch(long[len(short) :]) is not None)


def _role_key(title: str) -> str:
    return " ".join(re.sub(r"[^\w+#]+", " ", title.lower()).split())


@dataclass(frozen=True, slots=True)
class Named:
    """What a mail names, as a person reads it: the spellings that are right; none where it names nothing."""

    company: tuple[str, ...] = ()
    role: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """How one detail fared: right of those named, wrong and total of all mails, and what was misread."""

    right: int
    named: int
    wrong: int
    total: int
    misread: tuple[tuple[str, str, str], ...]


def read_named(path: Path) -> dict[str, Named]:
    """What mails name, by id: `{"id": {"company": name, several names or null, "role": ...}}`."""
    try:
        records = json.loads(path.read_text("utf-8"))
        return {
            key: Named(_several(value["company"]), _several(value["role"])) for key, value in records.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ExamplesError(f"{path}: {error}.", "Each id needs `company` and `role`.") from error


def _several(value: str | list[str] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def tally(
    pairs: Iterable[tuple[str, tuple[str, ...], str | None]], same: Callable[[str, str], bool]
) -> Tally:
    """Count over (id, what is there, what was found); naming something where nothing is, is wrong too."""
    right = named = wrong = total = 0
    misread = []
    for key, there, found in pairs:
        hit = found is not None and any(same(found, name) for name in there)
        total += 1
        named += bool(there)
        right += hit
        wrong += found is not None and not hit
        if not hit and (there or found):
            misread.append((key, " | ".join(there) or "-", found or "-"))
    return Tally(right, named, wrong, total, tuple(misread))


def compare(
    mails: Iterable[tuple[str, str]], named: dict[str, Named], reader: Callable[[str], Details]
) -> tuple[Tally, Tally]:
    """The tallies of company and role over those mails, given as id and text, that `named` knows."""
    read = [(key, named[key], reader(text)) for key, text in mails if key in named]
    return (
        tally(((key, there.company, found.company) for key, there, found in read), same_company),
        tally(((key, there.role, found.role) for key, there, found in read), same_role),
    )


def lines(name: str, result: Tally) -> str:
    """One line of the report."""
    low, high = wilson(result.right, result.named)
    return (
        f"{name}: right {result.right}/{result.named} = {result.right / max(result.named, 1):.3f} "
        f"({low:.2f}-{high:.2f}) of those named; wrong {result.wrong}/{result.total} = "
        f"{result.wrong / max(result.total, 1):.3f} of all"
    )


def read_mails(path: Path) -> list[tuple[str, str]]:
    """Ids and texts of a JSON Lines file; subject and sender stand before the text, as somebody would paste them.

    Raises ExamplesError naming the line that cannot be read.
    """
    mails = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            record = json.loads(line)
            key, text = record["id"], record["text"]
        except (ValueError, KeyError, TypeError) as error:
            raise ExamplesError(
                f"{path}, line {number}: {error}.", "Each line needs `id` and `text`."
            ) from error
        head = {"Subject": record.get("subject"), "From": record.get("from")}
        lines = "".join(f"{name}: {value}\n" for name, value in head.items() if value)
        mails.append((key, f"{lines}\n{text}" if lines else text))
    return mails


def read_details(text: str) -> Details:
    """The details of one mail, as a user would get them."""
    from rejoinder.pipeline import read

    return read(text).details


def main() -> None:
    """`python -m rejoinder.learn.naming MAILS.jsonl NAMED.json [--misread]` prints the tallies."""
    import sys

    if len(sys.argv) < 3:
        sys.exit("Usage: python -m rejoinder.learn.naming MAILS.jsonl NAMED.json [--misread]")
    mails, truth = Path(sys.argv[1]), Path(sys.argv[2])
    if not mails.exists():
        sys.stdout.write(f"{mails} is not there: nothing to measure.\n")
        return
    results = compare(read_mails(mails), read_named(truth), read_details)
    for name, result in zip(("company", "role"), results, strict=True):
        sys.stdout.write(lines(name, result) + "\n")
        if "--misread" in sys.argv:
            for key, there, found in result.misread:
                sys.stdout.write(f"  {key}: is {there}; read as {found}\n")


if __name__ == "__main__":
    main()
