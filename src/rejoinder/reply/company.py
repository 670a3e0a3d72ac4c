"""Which company a mail comes from, as the mail itself names it."""

from __future__ import annotations

import re

from rejoinder.patterns import lazy
from rejoinder.reply.mentions import domain_likes, mentions
from rejoinder.reply.names import flatten, names_post, squeeze, tidy_company
from rejoinder.reply.words import GENERIC, MONTHS, ORGANISATION, PLACES, SYSTEMS, word_set
from rejoinder.types import Letter, Message

#: One plain sign is enough, one weak sign is not: wrong is worse than nothing.
_ENOUGH = 2.0
#: What it says for a name that the sender's address begins like it, or that it ends like an organisation's.
_LIKENESS = 1.0
#: A company writes these with a capital.
_LOWER = word_set("group team house store shop school hotel centre center company firm site")
_SEASONS = word_set("spring summer autumn fall winter")
_DEPARTMENT = lazy(
    r"(?:dept|department|school|faculty|office|division|chair)\b\.? (?:of|for)\b", re.IGNORECASE
)
_LEGAL = lazy(r",?\s+(?:inc|llc|ltd|limited|plc|corp|corporation|incorporated|gmbh)\.?$", re.IGNORECASE)


def find_company(
    message: Message,
    letter: Letter,
    role: str | None = None,
    writers: tuple[str, ...] = (),
    reader: str | None = None,
) -> str | None:
    """The company's name, or None: the name that most places of the mail agree on.

    `writers` and `reader` are persons: no company, unless the mail says so.
    """
    persons = _persons((*writers, reader or ""))
    worth: dict[str, float] = {}
    spelt: dict[str, tuple[float, str]] = {}
    said: set[str] = set()
    whole: set[str] = set()
    for mention in mentions(message, letter, flatten(letter.text[:20_000]), role):
        found = _plausible(mention.name, role, (reader or "").lower().split())
        if found and (mention.said or found.lower() not in SYSTEMS):
            key = _key(found)
            if key not in worth:
                worth[key] = _LIKENESS * (domain_likes(message, found) + _is_organisation(found))
            worth[key] += mention.worth
            said |= {key} if mention.said else set()
            whole |= {key} if mention.whole else set()
            if mention.worth > spelt.get(key, (0.0, ""))[0]:
                spelt[key] = (mention.worth, found)
    # A signature or a display name may be a company's that looks like a person's: the mail must say so.
    worth = {
        key: value for key, value in worth.items() if key in said or not _is_one_of(spelt[key][1], persons)
    }
    best = max(worth, key=lambda key: _support(key, worth), default="")
    if not best or _support(best, worth) < _ENOUGH:
        return None
    return spelt[_fullest(best, worth, whole, said)][1]


def _persons(people: tuple[str, ...]) -> frozenset[str]:
    whole = [name.lower() for name in people if name]
    return frozenset(
        [*whole, *(part.strip(".,") for name in whole for part in name.split() if len(part) > 1)]
    )


def _plausible(name: str, role: str | None, reader: list[str]) -> str | None:
    """The tidied name, or None for a department, a place, a time, a person or a part of the role."""
    words = name.split()
    while len(words) > 1 and words[-1].lower().strip(".,") in reader:
        words.pop()
    found = tidy_company(" ".join(words))
    if not found or names_post(found) or _DEPARTMENT.match(found):
        return None
    if (
        found.split()[0].islower()
        or found.split()[-1] in _LOWER
        or ("," in found and not _LEGAL.search(found))
    ):
        return None
    parts = [part.lower().strip(".,()'’") for part in found.split()]
    if all(part in GENERIC or part in PLACES for part in parts):
        return None
    if parts[0] in MONTHS | _SEASONS or (found[0].isdigit() and len(parts) == 1 and not found[-1].isalpha()):
        return None
    return None if role and _within(found, role) and not role.startswith(f"{found} ") else found


def _is_organisation(name: str) -> bool:
    """Whether a name ends like an organisation's: `Pennyfold Hospice`, `Venloe Packaging Ltd`."""
    words = name.lower().split()
    return len(words) > 1 and words[-1].strip(".") in ORGANISATION and words[0] not in GENERIC


def _is_one_of(name: str, persons: frozenset[str]) -> bool:
    return all(part.strip(".,()'’") in persons for part in name.lower().split())


def _within(name: str, role: str) -> bool:
    return f" {name.lower()} " in f" {role.lower()} "


def _key(name: str) -> str:
    return squeeze(_LEGAL.sub("", re.sub(r"\b(?:and|the)\b|&", " ", name.lower())).replace("&", ""))


def _support(key: str, worth: dict[str, float]) -> float:
    """What speaks for a name: its own mentions, and half of those of its longer and shorter forms."""
    kin = sum(value for other, value in worth.items() if other != key and _kin(key, other))
    return worth[key] + kin / 2


def _kin(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) > 2 and long.startswith(short)


def _fullest(best: str, worth: dict[str, float], whole: set[str], said: set[str]) -> str:
    """The longer form of the best name, where it is as well founded or stands by itself."""
    longer = [
        key
        for key in worth
        if key != best
        and key.startswith(best)
        and (worth[key] >= worth[best] or key in said or (key in whole and worth[key] >= 1))
    ]
    return max(longer, key=lambda key: worth[key], default=best)
