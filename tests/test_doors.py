"""How a soft no holds the door open."""

import pytest

from rejoinder.reply.doors import dated, door, promises, when
from rejoinder.reply.talks import asks_leave


@pytest.mark.parametrize(
    ("signals", "sentence", "kind"),
    [
        ({"hold": 0.9}, "The role is on hold.", "hold"),
        ({"waiting_list": 0.9}, "You are on our waiting list.", "waiting_list"),
        ({"second_choice": 0.9}, "You were our second choice.", "runner_up"),
        ({"hold": 0.6, "waiting_list": 0.9}, "Hiring is paused and you are on the list.", "waiting_list"),
        ({"hold": 0.9}, "I will ring you.", "open"),
        ({"hold": 0.3}, "The role is on hold.", "open"),
        ({}, "The role is on hold.", "open"),
    ],
)
def test_door(signals, sentence, kind, verdict):
    """The kind of door is said only where the model hears it and the words are there."""
    assert door(verdict("soft_no", signals=signals), (sentence,)) == kind


@pytest.mark.parametrize(
    ("sentence", "time"),
    [
        ("I will ring you in the second week of April.", "the second week of April"),
        ("We will look again in October.", "October"),
        ("We expect to hire again in Q3.", "Q3"),
        ("I will write after 30 September.", "30 September"),
        ("We will be in touch on March 14.", "March 14"),
        ("Please apply again in six months.", "six months from now"),
        ("It should reopen in about three weeks.", "three weeks from now"),
        ("We plan to hire next spring.", "next spring"),
        ("We will know more in early January 2027.", "early January 2027"),
        ("It reopens when the new budget starts, by the end of the year.", "the end of the year"),
        ("The role opens in the autumn and I will call you.", "the autumn"),
        ("The board decides in May; I will write in June.", None),
        ("The spring budget will decide.", None),
        ("Following your interview on 3 February we will keep you in mind.", None),
        ("You may hear from us.", None),
        ("We met in October.", None),
        ("No time at all.", None),
    ],
)
def test_when(sentence, time):
    """One time to come is named as a phrase after `a note for`; where there are two, or it is past, none."""
    assert when((sentence,)) == time


def test_the_promise_decides_between_two_times():
    """Of two times, the one at which they will write is the one to note."""
    sentences = ("Hiring is frozen until the end of March.", "I will call you in April.")
    assert when(sentences) == "April"
    assert dated(sentences)
    assert not dated(("The role is on hold.",))


@pytest.mark.parametrize(
    ("text", "promised"),
    [
        ("I'll ring you when it reopens.", True),
        ("We will be in touch.", True),
        ("You'll hear from me.", True),
        ("May I contact you then?", True),
        ("The role is on hold until the next fiscal year.", True),
        ("The role is on hold.", False),
    ],
)
def test_promises(text, promised):
    """Where they will write, or say when, there is nothing to ask for."""
    assert promises(text, (text,)) is promised


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("May I keep your details?", True),
        ("No. Would it be alright if I reach out when something opens up?", True),
        ("Would you be open to me keeping your information and contacting you?", True),
        ("Can we stay in touch?", True),
        ("We will keep your details.", False),
        ("Can you call me? I need your bank details.", True),
        ("Did you get my call?", False),
    ],
)
def test_asks_leave(text, asked):
    """A question whether they may keep in touch is one that a reply answers."""
    assert asks_leave(text) is asked
