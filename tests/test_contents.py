"""The smaller things a mail names: number, people met, other addresses, feedback."""

import time

import pytest

from rejoinder import Trimmed
from rejoinder.pipeline import details
from rejoinder.reply.contents import (
    feedback_held,
    find_interviewers,
    find_other_addresses,
    find_reference,
)


@pytest.mark.parametrize(
    ("subject", "text", "number"),
    [
        ("Requisition 31880 - Electrician", "no", "31880"),
        ("Kiln Operator (Req. 88213)", "no", "88213"),
        ("Ref: HPC/26/009", "no", "HPC/26/009"),
        ("Group Treasurer, Ref. GT-118", "no", "GT-118"),
        ("Your application", "Job Number: JR0148336", "JR0148336"),
        ("Your application", "for Glass Engineer, R-1681. We chose", "R-1681"),
        ("Your application", "the 2024-45452 Glass Engineer position", "2024-45452"),
        ("Your application", "Vacancy No. 11/2026", "11/2026"),
        ("Your application", "your job starts in 2026", None),
        ("Your application", "the position of 12 March 2026 and the job at 10:30", None),
        ("Your application", "reference is made to your letter", None),
        ("", "", None),
    ],
)
def test_reference(subject, text, number, message, letter):
    """The number of the requisition or application is found where it is called one, or looks like one."""
    assert find_reference(message(subject=subject), letter(text, subject)) == number


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Thank you for speaking with Ada and Ruth about the kiln.", ("Ada", "Ruth")),
        ("It was good of you to meet Dr. Hale again.", ("Dr. Hale",)),
        ("Ada, Ruth and I really enjoyed your visit.", ("Ada", "Ruth")),
        ("Ada and Ruth really enjoyed your visit.", ("Ada", "Ruth")),
        ("After your interview with Ada Moor we chose somebody else.", ("Ada Moor",)),
        ("I met with Dana on Monday.", ()),
        ("Thank you for meeting with Fenwick Glass.", ()),
        ("You spoke to HR on Tuesday. They enjoyed it.", ()),
        ("We met in London in March.", ()),
        ("Thank you for your time.", ()),
    ],
)
def test_interviewers(text, names):
    """The people met are named; not the reader, the company, a department or a day."""
    assert find_interviewers(text, ("Dana Li", "Fenwick Glass")) == names


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("Write to jane@fenwick.example with questions.", ["jane@fenwick.example"]),
        ("Write to ada@fenwick.example.", []),
        ("Do not reply; no-reply@fenwick.example is not read.", []),
        ("Privacy questions: privacy@fenwick.example, dpo@fenwick.example", []),
        ("This was sent to dana.li@mail.example.", []),
        (
            "Ask hr@fenwick.example, HR@fenwick.example or ruth@fenwick.example",
            ["hr@fenwick.example", "ruth@fenwick.example"],
        ),
        ("see @fenwick and a@b", []),
    ],
)
def test_other_addresses(text, addresses, message, letter):
    """Addresses that somebody may read are found once each; not the sender's or the reader's own."""
    found = find_other_addresses(message(), letter(text), "Dana Li")
    assert [address.address for address in found] == addresses


def test_other_address_with_its_name(message, letter):
    """An address that spells a name of the letter is that person's."""
    text = letter("You met Jane Doe. Write to her: jane.doe@fenwick.example")
    assert str(find_other_addresses(message(), text)[0]) == "Jane Doe <jane.doe@fenwick.example>"


def test_addresses_in_footers_count_and_in_quotes_do_not(message, letter):
    """What cleaning put aside as signature or footer is searched too; quoted history is not."""
    text = letter(
        "No.",
        trimmed=[Trimmed("signature", "ruth@fenwick.example"), Trimmed("quote", "> old@fenwick.example")],
    )
    assert [found.address for found in find_other_addresses(message(), text)] == ["ruth@fenwick.example"]


@pytest.mark.parametrize(
    ("text", "offered", "refused"),
    [
        ("I would be happy to give you feedback.", True, False),
        ("If you would like feedback, please call me.", True, False),
        ("Feedback is available on request.", True, False),
        ("Let me know if you would like some detailed feedback.", True, False),
        ("We are unable to provide individual feedback.", False, True),
        ("Owing to the volume we cannot comment on individual applications.", False, True),
        ("Unfortunately no feedback can be given.", False, True),
        (
            "We don't offer feedback to those we did not meet. I am happy to share feedback by phone.",
            True,
            True,
        ),
        ("We would love your feedback: please fill in this survey.", False, False),
        ("If you would like to give us feedback on your experience, use the form.", False, False),
        ("The feedback from the panel was good.", False, False),
        ("No.", False, False),
    ],
)
def test_feedback(text, offered, refused):
    """Whether more feedback is held out or withheld is read; a survey is neither."""
    assert feedback_held(text) == (offered, refused)


def test_what_the_model_saw_counts_too(verdict, message, letter):
    """An offer or a refusal that no pattern knows is taken from the verdict's signals."""
    found = details(message(), letter(), verdict(signals={"no_feedback": 0.9, "feedback_offered": 0.2}))
    assert (found.feedback_offered, found.feedback_refused) == (False, True)


def test_nothing_found_is_empty(verdict, message, letter):
    """Where a mail names none of it, all of it is None or empty."""
    found = details(
        message(subject="No"),
        letter("Hello,\n\nno.\n\nBest,\nAda", "No"),
        verdict("soft_no", door="Do stay in touch."),
    )
    assert found.reference is None
    assert (found.interviewers, found.dates, found.other_addresses) == ((), (), ())
    assert not any((found.feedback_offered, found.feedback_refused, found.date_named))


@pytest.mark.parametrize(
    "text",
    [
        "a@" * 40_000,
        "met Ada, " * 10_000,
        "req " * 20_000,
        "cannot " * 20_000 + "feedback",
        "A" * 90_000,
        "x@" + "a." * 40_000,
    ],
    ids=["addresses", "met", "req", "feedback", "letters", "domain"],
)
def test_no_text_stalls_it(text, message, letter):
    """All of it is looked for in linear time, whatever the text."""
    start = time.process_time()
    find_reference(message(subject=text[:2000]), letter(text))
    find_interviewers(text, ())
    find_other_addresses(message(), letter(text))
    feedback_held(text)
    assert time.process_time() - start < 2
