"""Every letter that the shipped templates can become: each variant, tone, stage, spelling and each value there or not."""

import re
from collections import Counter
from functools import lru_cache
from itertools import product

import pytest

from rejoinder.reply.composing import compose
from rejoinder.reply.lint import asks_in, remarks
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


def groups(template):
    """How many letters there are of each kind."""
    return Counter(frozenset(tags) for tags in sheet_of(template).tags)


@pytest.mark.parametrize("template", REPLIES)
def test_three_of_each_kind(template):
    """There are at least three letters for whatever a mail may be, in both tones."""
    for tags, count in groups(template).items():
        assert count >= 3, (template, tags)
    for tone, stage, door in product(TONES, STAGES, DOORS):
        assert len(sheet_of(template).fitting(frozenset({tone, stage, door}))) >= 3


@pytest.mark.parametrize(
    ("template", "kinds"),
    [
        ("thank_you", [{"final"}, {"initial"}, set()]),
        ("feedback_request", [{"final"}, {"offered"}, set()]),
        ("feedback_thanks", [{"initial"}, set()]),
        ("skill_gap", [{"initial"}, set()]),
        ("culture_fit", [{"initial"}, set()]),
        (
            "keep_in_touch",
            [{"open"}, {"open", "dated"}, {"hold"}, {"hold", "dated"}, {"waiting_list"}, {"runner_up"}],
        ),
    ],
)
def test_kinds(template, kinds):
    """Each stage and each kind of open door has letters of its own, in both tones."""
    assert set(groups(template)) == {frozenset({tone, *kind}) for tone in TONES for kind in kinds}


@lru_cache
def bodies(template, tone):
    """Every text of a template without greeting and signature."""
    return [
        (values, " ".join(text.split("\n\n", 1)[1].rsplit("\n\n", 1)[0].split()))
        for values, text in texts(template, tone, SHORT)
    ]


SHORT = {
    "to_name": "Ada", "company": "Fenwick", "role": "Baker", "the_role": "the Baker role", "mention": "the kiln",
    "skill": "lampworking", "point": "lampworking", "when": "October",
}  # fmt: skip


def sentences(body):
    return set(re.split(r"(?<=[.!?:]) ", body))


@pytest.mark.parametrize("tone", TONES)
def test_drafts_of_one_plan_share_no_sentence(tone):
    """Thanks now and a request days later never say the same thing in the same words."""
    thanks = set().union(*(sentences(body) for _, body in bodies("thank_you", tone)))
    later = set().union(
        *(sentences(body) for values, body in bodies("feedback_request", tone) if not values["offered"])
    )
    assert not {one for one in thanks & later if not one.startswith("And yes")}


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize(
    "template", ["thank_you", "feedback_thanks", "skill_gap", "culture_fit", "acknowledge"]
)
def test_thanks_ask_for_nothing(template, tone):
    """Thanks have no question in them, and no hidden one."""
    for _, body in bodies(template, tone):
        assert asks_in(body) == 0, body


@pytest.mark.parametrize("tone", TONES)
def test_requests(tone):
    """A feedback request asks one thing, says that it is for learning, and is easy to decline."""
    for values, body in bodies("feedback_request", tone):
        assert body.count("?") == (0 if "Yes, please" in body or "and yes, please:" in body else 1), body
        assert "learn" in body
        assert re.search(
            r"I (?:fully )?understand|that is (?:quite all right|fine|no problem)|not feel obliged|no need to reply|no reply is needed|leave it|not at all",
            body,
        ), body
        assert ("offer" in body) is values["offered"], body


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("template", REPLIES)
def test_no_talk_is_invented(template, tone):
    """Before the final round a letter speaks of a talk only where the mail does; otherwise it was perhaps a test."""
    for values, body in bodies(template, tone):
        if not values["talked"] and values["stage"] != "final":
            assert not re.search(
                r"talk(?:ing)? to me|chance to talk|\bour conversation|get to know me",
                body.replace("glad to talk again", ""),
            ), body


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("template", REPLIES)
def test_names_are_used_where_known(template, tone):
    """What the mail names finds its place: over the letters of a kind, every value is used by one of them."""
    found = Counter()
    for values, body in bodies(template, tone):
        for name in ("the_role", "company", "mention", "point", "when"):
            found[name] += bool(values[name]) and values[name] in body
    assert found["the_role"]
    assert found["company"] or tone == "plain" or template == "feedback_request"
    assert found["point"] or template not in ("feedback_thanks", "skill_gap")
    assert found["mention"] or template in ("acknowledge", "feedback_request")
    assert found["when"] or template != "keep_in_touch"


def test_the_mail_decides_which_letter():
    """Ten mails do not get one text, and each mail gets the same one every time."""
    values = {
        **dict.fromkeys(SHORT),
        **dict.fromkeys(FLAGS, False),
        "stage": "mid",
        "tone": "warm",
        "door": "open",
    }
    values |= {"me": "Dana", "topic": "one thing", "blank": blank}
    once = [compose("thank_you", values, number) for number in range(10)]
    assert once == [compose("thank_you", values, number) for number in range(10)]
    assert len(set(once)) == 3
