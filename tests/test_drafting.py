"""Drafts as a whole: wording, thread, blanks. The expected ones lie in drafts/."""

from datetime import date
from pathlib import Path

import pytest

from rejoinder import Address, Details, Draft, Evidence, NoReply, Plan, ReplyRoute, Step, draft, plan
from rejoinder.output.text import draft_text
from rejoinder.reply.drafting import Wishes, reply_subject, write_draft

GOLDEN = Path(__file__).parent / "drafts"
TODAY = date(2026, 3, 6)  # a Friday

TALKED = (
    "Dear Dana,\n\nThank you for coming in for the Glass Blower role at Fenwick Glass. We chose somebody else."
    "\n\nKind regards,\nAda Moor"
)
DOOR = "I will ring you in the second week of April."
GAP = "We needed somebody with more experience with lampworking."

#: name -> letter, verdict's labels and changes, wishes, kind
CASES = {
    "initial_signed": (TALKED, (), {"stage": "initial"}, {}, "auto"),
    "mid_with_mention": (TALKED, (), {"stage": "mid"}, {"mention": "the tour of the kiln."}, "auto"),
    "mid_after_a_test": (
        TALKED.replace("coming in", "sending us the test piece"),
        (),
        {"stage": "mid"},
        {},
        "auto",
    ),
    "initial_feedback_offered": (
        TALKED,
        (),
        {"stage": "initial", "signals": {"feedback_offered": 0.9}},
        {},
        "auto",
    ),
    "initial_feedback_wished": (
        "Dear Dana,\n\nWe chose somebody else.\n\nKind regards,\nAda Moor",
        (),
        {"stage": "initial"},
        {},
        "feedback",
    ),
    "final_with_blank": (TALKED, (), {"stage": "final"}, {}, "auto"),
    "soft_no_with_date": (f"{TALKED}\n\n{DOOR}", ("soft_no",), {"stage": "mid", "door": DOOR}, {}, "auto"),
    "skill_gap_british": (
        TALKED.replace("We chose", f"{GAP} We liked you, and whilst that is so, we chose"),
        ("hard_no", "feedback_given", "skill_gap"),
        {"stage": "mid", "skill": GAP},
        {},
        "auto",
    ),
    "culture_fit": (
        TALKED,
        ("hard_no", "feedback_given", "culture_fit"),
        {"stage": "final", "evidence": (Evidence("culture_fit", "We need a louder voice.", 1.5),)},
        {},
        "auto",
    ),
    "culture_fit_not_said": (
        TALKED,
        ("hard_no", "feedback_given", "culture_fit"),
        {"stage": "final", "evidence": (Evidence("culture_fit", "The People & Culture team", 1.5),)},
        {},
        "auto",
    ),
    "feedback_on_a_portfolio": (
        TALKED,
        ("hard_no", "feedback_given"),
        {
            "stage": "mid",
            "evidence": (Evidence("feedback_given", "Your portfolio was too small, though.", 1.5),),
        },
        {},
        "auto",
    ),
    "plain_final": (TALKED, (), {"stage": "final"}, {"tone": "plain", "mention": "the kiln"}, "auto"),
    "soft_no_on_hold": (
        f"{TALKED}\n\nMay we keep your details?",
        ("soft_no",),
        {"stage": "initial", "door": "The role is on hold.", "signals": {"hold": 0.9}},
        {},
        "auto",
    ),
    "nothing_known_thanks": ("We chose somebody else.", (), {"stage": "unknown"}, {}, "thanks"),
    "everything_wished": (
        "We chose somebody else.",
        (),
        {"stage": "final"},
        {
            "me": "Zoë Åkesson",
            "to_name": "Dr Moor",
            "company": "Kite & Quill",
            "role": "Cellist",
            "mention": "playing the Elgar with the section",
        },
        "auto",
    ),
}


def drafts_of(text, labels, changes, wishes, kind, verdict, message, letter, **headers):
    mail, body, given = message(text, **headers), letter(text), verdict(*labels, **changes)
    steps = plan(mail, body, given, today=TODAY, kind=kind)
    return draft(mail, body, given, steps, Wishes(**wishes))


def as_file(drafts):
    """All drafts of a case as one text: what a reader sees, and what is counted."""
    blocks = [
        f"template: {one.template}\nsend on: {one.send_on}\nblanks: {list(one.blanks)}\n\n{draft_text(one)}"
        for one in drafts
    ]
    return "\n----\n".join(blocks)


@pytest.mark.parametrize("name", CASES)
def test_golden(name, verdict, message, letter):
    """A draft reads word for word as the one on file."""
    text, labels, changes, wishes, kind = CASES[name]
    headers = {"sender": None} if name == "nothing_known_thanks" else {}
    drafts = drafts_of(text, labels, changes, wishes, kind, verdict, message, letter, **headers)
    assert as_file(drafts) == (GOLDEN / f"{name}.txt").read_text("utf-8")


def test_every_golden_draft_is_used():
    """No draft on file is left over from an earlier time."""
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(CASES)


EVIL = "{{ 7*7 }}"


@pytest.mark.parametrize("field", ["me", "to_name", "company", "role", "mention"])
@pytest.mark.parametrize("stage", ["initial", "mid", "final"])
def test_wishes_are_never_evaluated(field, stage, verdict, message, letter):
    """Template language in what the candidate gives is text and stays as it is."""
    drafts = drafts_of(TALKED, (), {"stage": stage}, {field: EVIL}, "auto", verdict, message, letter)
    together = "".join(one.body + one.subject for one in drafts)
    assert "49" not in together
    if stage != "initial" or field in ("me", "to_name"):  # two sentences leave out the rest
        assert EVIL in together


@pytest.mark.parametrize("kind", ["auto", "thanks", "feedback", "keep-in-touch"])
def test_mail_is_never_evaluated(kind, verdict, message, letter):
    """Template language in the mail itself is never run, wherever it stands."""
    text = (
        TALKED.replace("Fenwick Glass", EVIL)
        .replace("Glass Blower", f"Glass {EVIL} Blower")
        .replace("Dana", EVIL)
    )
    evidence = f"We needed more experience with {EVIL}."
    drafts = drafts_of(
        f"{text}\n\n{EVIL}",
        ("hard_no", "feedback_given", "skill_gap"),
        {"stage": "final", "skill": evidence, "door": evidence},
        {},
        kind,
        verdict,
        message,
        letter,
        sender=f"{EVIL} Careers <ada@fenwick.example>",
        subject=f"{EVIL} {{% raw %}}",
    )
    for one in drafts:
        assert "49" not in one.body + one.subject
    assert drafts[0].subject == f"Re: {EVIL} {{% raw %}}"


def test_company_that_looks_like_a_template(verdict, message, letter):
    """A company called `{{ 7*7 }}` is written as it stands."""
    details = Details(company=EVIL, role=EVIL, greeting_name=None, candidate="Dana Li", skills=(EVIL,))
    for template in ("acknowledge", "thank_you", "feedback_request", "skill_gap", "keep_in_touch"):
        made = write_draft(
            Step("send", template=template), message(), letter(), verdict(stage="mid"), details,
            Plan(ReplyRoute(True, None), ()), Wishes(),
        )  # fmt: skip
        assert EVIL in made.body
        assert "49" not in made.body


@pytest.mark.parametrize(
    ("subject", "reply"),
    [
        ("Your application", "Re: Your application"),
        ("Re: Your application", "Re: Your application"),
        ("RE: Your application", "Re: Your application"),
        ("re : Your application", "Re: Your application"),
        ("Re: Re: Your application", "Re: Your application"),
        ("Re: Fwd: RE: Your application", "Re: Your application"),
        ("Re[2]: Your application", "Re: Your application"),
        ("AW: Your application", "Re: Your application"),
        ("Antw: AW: WG: Your application", "Re: Your application"),
        ("SV: Your application", "Re: Your application"),
        ("FW: Your application", "Re: Your application"),
        ("Regarding your application", "Re: Regarding your application"),
        ("Research Fellow: decision", "Re: Research Fellow: decision"),
        ("Your application, re: round 2", "Re: Your application, re: round 2"),
        ("Réponse à votre candidature", "Re: Réponse à votre candidature"),
        ("", "Re: My application"),
        ("Re:", "Re: My application"),
        ("   ", "Re: My application"),
    ],
)
def test_subject(subject, reply):
    """The subject is the mail's with one `Re:`, or one of our own."""
    assert reply_subject(subject, None) == reply


def test_subject_of_our_own_names_the_role():
    """A mail without a subject is answered with the role as the subject."""
    assert reply_subject("", "Glass Blower") == "Re: My application for Glass Blower"


@pytest.mark.parametrize(
    "subject", ["a" * 1_000_000, "Re: " * 100_000, " " * 100_000 + "x", "word " * 50_000]
)
def test_long_subject(subject):
    """A subject is cut to 200 characters, whatever came."""
    assert len(reply_subject(subject, None)) <= 200


PARENT = "<parent@fenwick.example>"


@pytest.mark.parametrize("count", [0, 1, 2, 19, 20, 21, 22, 50, 500])
def test_references(count, verdict, message, letter):
    """References are the parent's, the first and the last nineteen at most, and the parent itself."""
    parents = tuple(f"<{number}@fenwick.example>" for number in range(count))
    (one,) = drafts_of(
        TALKED, (), {"stage": "initial"}, {}, "auto", verdict, message, letter, references=parents
    )
    assert one.in_reply_to == PARENT
    kept = parents if count <= 20 else (parents[0], *parents[-19:])
    assert one.references == (*kept, PARENT)
    assert len(one.references) <= 21


def test_parent_stands_once_and_last(verdict, message, letter):
    """A parent that already stands in its own References is not named twice."""
    parents = ("<a@x.example>", PARENT, "<b@x.example>")
    (one,) = drafts_of(
        TALKED, (), {"stage": "initial"}, {}, "auto", verdict, message, letter, references=parents
    )
    assert one.references == ("<a@x.example>", "<b@x.example>", PARENT)


def test_no_message_id(verdict, message, letter):
    """A mail without Message-ID is answered without In-Reply-To."""
    (one,) = drafts_of(
        TALKED, (), {"stage": "initial"}, {}, "auto", verdict, message, letter, message_id=None
    )
    assert one.in_reply_to is None
    assert one.references == ()


@pytest.mark.parametrize(
    ("wishes", "blanks"),
    [
        ({}, 2),
        ({"me": "Dana Li"}, 1),
        ({"mention": "the kiln"}, 1),
        ({"me": "Dana Li", "mention": "the kiln"}, 0),
        ({"me": "Dana Li", "mention": "   "}, 1),
        ({"me": "Dana Li", "mention": "..."}, 1),
        ({"me": ""}, 2),
    ],
)
@pytest.mark.parametrize("stage", ["mid", "final"])
def test_blanks_are_counted(wishes, blanks, stage, verdict, message, letter):
    """Every blank in the body is named in `blanks`, and nothing else."""
    thanks, _ = drafts_of(
        "We chose somebody else.", (), {"stage": stage}, wishes, "auto", verdict, message, letter
    )
    assert len(thanks.blanks) == blanks
    assert thanks.body.count("[") == blanks
    for one in thanks.blanks:
        assert f"[{one}]" in thanks.body


def test_a_blank_used_twice_counts_once(home, verdict, message, letter):
    """A template that leaves the same blank twice reports it once."""
    folder = home / "templates" / "replies"
    folder.mkdir(parents=True)
    (folder / "acknowledge.txt.j2").write_text("{{ blank('a') }} {{ blank('b') }} {{ blank('a') }}", "utf-8")
    (one,) = drafts_of(TALKED, (), {"stage": "initial"}, {}, "auto", verdict, message, letter)
    assert one.blanks == ("a", "b")
    assert one.body == "[a] [b] [a]\n"


@pytest.mark.parametrize(
    "mention", ["the tour of the kiln", "the tour of the kiln.", "  the tour of the kiln. "]
)
def test_mention_ends_in_one_full_stop(mention, verdict, message, letter):
    """A mention is put into its sentence without a second full stop or spaces."""
    thanks, _ = drafts_of(
        TALKED, (), {"stage": "mid"}, {"mention": mention}, "auto", verdict, message, letter
    )
    assert " the tour of the kiln.\n" in thanks.body


def test_feedback_drafts_are_dated(verdict, message, letter):
    """Drafts come in the order of the plan, each with its day."""
    drafts = drafts_of(TALKED, (), {"stage": "final"}, {}, "auto", verdict, message, letter)
    assert [(one.template, one.send_on) for one in drafts] == [
        ("thank_you", TODAY),
        ("feedback_request", date(2026, 3, 12)),
    ]


def test_recipient(verdict, message, letter):
    """A draft goes to the reply address, under the name of the person who signed."""
    (one,) = drafts_of(
        TALKED, (), {"stage": "initial"}, {}, "auto", verdict, message, letter,
        sender="Fenwick Careers <no-reply@fenwick.example>", reply_to="talent@fenwick.example",
    )  # fmt: skip
    assert one.to == Address("Ada Moor", "talent@fenwick.example")


def test_nothing_to_send(verdict, message, letter):
    """A plan without anything to send gives a reason instead of drafts."""
    found = drafts_of(
        "no",
        (),
        {"stage": "initial"},
        {},
        "auto",
        verdict,
        message,
        letter,
        sender="no-reply@fenwick.example",
    )
    assert isinstance(found, NoReply)
    assert found.reason


def test_own_template_folder(tmp_path, verdict, message, letter):
    """Templates from a folder given by the candidate are used."""
    (tmp_path / "acknowledge.txt.j2").write_text(
        "To {{ to_name }} of {{ company }}: thanks. {{ me }}", "utf-8"
    )
    drafts = drafts_of(
        TALKED, (), {"stage": "initial"}, {"templates": tmp_path}, "auto", verdict, message, letter
    )
    assert isinstance(drafts[0], Draft)
    assert drafts[0].body == "To Ada of Fenwick Glass: thanks. Dana\n"
