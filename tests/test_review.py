"""The sheet to look back on an interview with."""

import pytest

from rejoinder import Address, Details
from rejoinder.reply.review import review_sheet

NAMES = Details("Fenwick", "Cellist", Address("Ada Moor", "ada@fenwick.example"), skills=("C#", "vibrato"))
PARTS = ["What they asked", "strong or weak", "STAR", "One lesson", "One contact to keep"]


@pytest.mark.parametrize("stage", ["mid", "final"])
def test_every_part_is_there(stage, verdict):
    """Mid and final stages get the questions, the answers, STAR, one lesson and one contact."""
    sheet = review_sheet(verdict(stage=stage), NAMES)
    assert sheet.startswith("# Looking back: Cellist at Fenwick\n")
    for part in PARTS:
        assert part.lower() in sheet.lower(), part
    assert "Ada Moor" in sheet
    assert ("## The rounds" in sheet) is (stage == "final")
    assert len(sheet.split()) < 220


@pytest.mark.parametrize("stage", ["initial", "unknown"])
def test_nothing_to_look_back_on(stage, verdict):
    """Without an interview there is no sheet, nor for what is no rejection."""
    assert review_sheet(verdict(stage=stage), NAMES) is None
    assert review_sheet(verdict(stage="final", rejection=False), NAMES) is None
    assert review_sheet(verdict(stage="final", rejection=None), NAMES) is None


def test_the_point_they_named(verdict):
    """What they wrote and the skill they named stand on the sheet."""
    given = verdict("hard_no", "feedback_given", "skill_gap", stage="mid", skill="We need more vibrato.")
    sheet = review_sheet(given, NAMES)
    assert "> We need more vibrato.\n" in sheet
    assert "## The skill they named: C#, vibrato\n" in sheet
    assert "We chose somebody else" not in sheet


def test_nothing_known(verdict):
    """Without names the sheet has no gaps and no None."""
    sheet = review_sheet(verdict(stage="mid"), Details())
    assert sheet.startswith("# Looking back: an interview\n")
    assert "None" not in sheet
    assert "skill they named" not in sheet
    assert "{" not in sheet


@pytest.mark.parametrize(
    "evil", ["<script>x</script>", "a\n# b", "[x](http://e.example)", "`x`", "{0}", "| a |"]
)
def test_names_are_no_markup(evil, verdict):
    """Nothing in a name becomes a heading, a link, a tag or another line."""
    names = Details(evil, evil, Address(evil, ""), skills=(evil,))
    plain = review_sheet(verdict("hard_no", "skill_gap", stage="final", skill=evil), NAMES)
    sheet = review_sheet(verdict("hard_no", "skill_gap", stage="final", skill=evil), names)
    assert sheet.count("\n") == plain.count("\n")
    for mark in ("<script", "](", "`x", "\n# b"):
        assert mark not in sheet
