from dataclasses import replace

import pytest

from rejoinder.scan.threads import LAST, NO, RECEIPT, TALK, Clue, Threads, plain_company, plain_role
from rejoinder.types import Stage

DECISION = Clue(NO, 100, (1,), "fenwick labs", "data analyst")


def before(what, day, **changes):
    return replace(DECISION, what=what, day=day, ids=(day + 1000,), **changes)


@pytest.mark.parametrize(
    ("course", "stage"),
    [
        ([], Stage.UNKNOWN),
        ([before(RECEIPT, 90)], Stage.INITIAL),
        ([before(RECEIPT, 80), before(TALK, 90)], Stage.MID),
        ([before(TALK, 90), before(TALK, 90)], Stage.MID),
        ([before(TALK, 85), before(TALK, 90)], Stage.FINAL),
        ([before(LAST, 90)], Stage.FINAL),
        ([before(TALK, 90, company="other firm")], Stage.UNKNOWN),
        ([before(TALK, 90, role="head of sales")], Stage.UNKNOWN),
        ([before(TALK, 90, role="")], Stage.MID),
        ([before(TALK, 90, role="senior data analyst")], Stage.MID),
        ([before(TALK, 120)], Stage.UNKNOWN),
        ([before(TALK, -400)], Stage.UNKNOWN),
        ([before(TALK, 50), before(NO, 60), before(RECEIPT, 90)], Stage.INITIAL),
        ([before(TALK, 90, company="", role="").__class__(TALK, 90, (1, 7), "", "")], Stage.MID),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_stage_is_what_led_to_the_no(course, stage):
    """Receipt, talk, several talks or a last round, of the same application and not of one before it."""
    for order in (course, course[::-1]):
        threads = Threads()
        for clue in (*order, DECISION):
            threads.add(clue)
        assert threads.stage(DECISION) == stage


def test_clues_survive_being_written():
    """A clue comes back from JSON as it was."""
    assert Clue.from_json(DECISION.as_json()) == DECISION


def test_names_are_compared_without_their_trimmings():
    """Legal forms, teams, numbers and (m/f/d) do not part what belongs together."""
    assert (
        plain_company("Fenwick Labs, Inc.") == plain_company("FENWICK LABS Recruiting Team") == "fenwick labs"
    )
    assert plain_company("The Group") == "the group"
    assert plain_role("Data Analyst (m/f/d) - Req 10442") == plain_role("data analyst") == "data analyst"
