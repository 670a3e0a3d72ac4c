"""Every letter that the shipped templates can become: each variant, tone, stage, spelling and each value there or not."""

import re
from itertools import product

import pytest

from rejoinder.reply.composing import compose
from rejoinder.reply.lint import remarks
from rejoinder.reply.sheets import DOORS, STAGES, TONES
from rejoinder.reply.shelf import REPLIES, read_sheet, shipped_file

#: As long as names that a draft takes from a mail can be.
LONG = {
    "to_name": "Professor van der Berg-Oyelaran",
    "company": "Royal National Institute for Glass Conservation",
    "role": "Senior Regional Programme Lead for Learning Development",
    "the_role": "the Senior Regional Programme Lead for Learning Development role",
    "mention": "the hour in front of the big kiln with your two apprentices",
    "skill": "administering grants and contributions agreements",
    "point": "administering grants and contributions agreements",
    "when": "the second week of September",
}
ME = "Maria Fernanda Castellanos Wu"
FLAGS = ("talked", "offered", "date_named", "promised", "asked", "later", "british")
BRITISH = re.compile(r"\b(?:learnt|judgement|diary|get round|favour\w*|\w+ise[ds]?|programme|whilst|organis\w+)\b(?<!otherwise)(?<!promise)(?<!exercise)(?<!precise)(?<!advise)(?<!promised)(?<!raise)")  # fmt: skip
AMERICAN = re.compile(
    r"\b(?:learned|judgment|calendar|get around|favor\w*|\w+iz(?:e|ed|ing|ation)|program)\b"
)
KINDS = [(template, tone) for template in REPLIES for tone in TONES]


def blank(what):
    return f"[{what}]"


def sheet_of(template):
    return read_sheet(shipped_file(template))


def used_in(source):
    """The values that a letter, or the frame around it, looks at."""
    frame = shipped_file("_letter").read_text("utf-8")
    words = set(re.findall(r"\w+", " ".join(re.findall(r"\{[%{].*?[%}]\}", source + frame))))
    return [name for name in (*LONG, *FLAGS) if name in words]


def texts(template, tone, names=LONG):
    """Every different letter of a template, as (values, text)."""
    sheet, seen = sheet_of(template), set()
    for stage, door, offered, dated, talked in product(STAGES, DOORS, *[(False, True)] * 3):
        fixed = {
            "stage": stage,
            "tone": tone,
            "door": door,
            "offered": offered,
            "date_named": dated,
            "talked": talked,
        }
        tags = {tag for tag, there in (("offered", offered), ("dated", dated), ("talked", talked)) if there}
        for number, letter in enumerate(sheet.fitting(frozenset({tone, stage, door} | tags))):
            used = used_in(sheet.sources[letter])
            key = (letter, stage == "initial", *(fixed[name] for name in used if name in fixed))
            if key not in seen:
                seen.add(key)
                free = [name for name in used if name not in fixed and name != "role"]
                yield from _all_given(template, number, free, fixed, names)


def _all_given(template, number, free, fixed, names):
    for given in product((False, True), repeat=len(free)):
        there = dict(zip(free, given, strict=True))
        values = {name: names[name] if there.get(name) else None for name in names}
        values["role"] = names["role"] if values["the_role"] else None
        values |= {flag: there.get(flag, False) for flag in FLAGS} | fixed
        values |= {"me": ME, "topic": "one thing from your conversations", "blank": blank}
        yield values, compose(template, values, number)


@pytest.mark.parametrize(("template", "tone"), KINDS)
def test_every_letter(template, tone):
    """Every letter keeps its limit with the longest names, asks one thing at most, and reads without a stain."""
    for values, text in texts(template, tone):
        found = remarks(text, template, values["stage"], (*LONG.values(), ME))
        assert not found, (found, text)
        assert text.endswith(f"\n\n{'Kind' if values['british'] else 'Best'} regards,\n{ME}\n"), text
        named = values["to_name"] or (f"{values['company']} team" if values["company"] else None)
        assert text.startswith(
            (
                f"Dear {named},\n\n" if named else "Hello,\n\n",
                "Hello,\n\n" if not values["to_name"] else "Dear",
            )
        ), text
        assert not (AMERICAN if values["british"] else BRITISH).search(text), text
        for value in LONG.values():
            assert value not in text or any(
                values[one] == value or (values[one] and value in values[one]) for one in LONG
            ), text
        assert text.count("[") == ("[one thing" in text)
