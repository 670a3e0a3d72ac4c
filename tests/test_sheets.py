"""Template files that hold several letters."""

import pytest

from rejoinder.reply.checking import check, review
from rejoinder.reply.sheets import Sheet
from rejoinder.reply.templating import VARIABLES, render

TEXT = """{# About these letters. #}
{% set who = me %}
{# letter: warm #}
one {{ who }}
{# letter: warm #}
two {{ who }}
{# letter: warm final #}
three
{# letter: plain #}
four
"""
FACTS = {
    **dict.fromkeys(VARIABLES),
    "me": "Dana",
    "tone": "warm",
    "stage": "mid",
    "door": "open",
    "blank": str,
}


@pytest.fixture
def own(home):
    """The user's template folder."""
    folder = home / "templates" / "replies"
    folder.mkdir(parents=True)
    return folder


def test_reading():
    """Each letter has what stands above the first one, and keeps its line numbers."""
    sheet = Sheet.read(TEXT)
    assert [sorted(tags) for tags in sheet.tags] == [["warm"], ["warm"], ["final", "warm"], ["plain"]]
    for source in sheet.sources:
        assert source.startswith("{# About these letters. #}\n{% set who = me %}\n")
    assert sheet.sources[3].count("\n") == TEXT.count("\n")
    assert "two" not in sheet.sources[0]


@pytest.mark.parametrize(
    ("facts", "letters"),
    [
        ({"warm", "mid"}, [0, 1]),
        ({"warm", "final"}, [2]),
        ({"plain", "final"}, [3]),
        ({"loud", "mid"}, [0, 1, 3]),  # none fits: those that come closest
    ],
)
def test_fitting(facts, letters):
    """A mail gets one of the letters that say most about it, and always one."""
    assert Sheet.read(TEXT).fitting(frozenset(facts)) == letters


def test_an_offer_says_more_than_a_stage():
    """What is rare about a mail weighs more than its stage."""
    sheet = Sheet.read("{# letter: warm final #}\na\n{# letter: warm offered #}\nb\n")
    assert sheet.choose(frozenset({"warm", "final", "offered"}), 0) == 1


def test_a_file_without_marks_is_one_letter():
    """A file of one letter is that letter for every mail."""
    sheet = Sheet.read("Thanks. {{ me }}")
    assert sheet.sources == ("Thanks. {{ me }}",)
    assert sheet.choose(frozenset({"warm"}), 7) == 0


def test_own_sheet(own):
    """A user's file may hold several letters, too, and the mail's number takes one."""
    (own / "acknowledge.txt.j2").write_text(TEXT, "utf-8")
    assert [render("acknowledge", FACTS, number=number).strip() for number in range(3)] == [
        "one Dana",
        "two Dana",
        "one Dana",
    ]
    assert render("acknowledge", {**FACTS, "tone": "plain"}).strip() == "four"
    assert check("acknowledge") == ["a"] or all("small" in one for one in check("acknowledge"))


def test_extending_takes_the_letter_of_the_mail(own):
    """A template that extends a shipped one gets the letter that the mail would have got."""
    (own / "thank_you.txt.j2").write_text(
        '{% extends "default:thank_you.txt.j2" %}{% block closing %}Yours, {{ me }}{% endblock %}', "utf-8"
    )
    facts = {**FACTS, "topic": "one thing"}
    letters = {render("thank_you", {**facts, "stage": stage, "tone": tone}, number=number)
               for stage in ("mid", "final", "initial") for tone in ("warm", "plain") for number in range(3)}  # fmt: skip
    assert len(letters) == 18
    assert all(letter.endswith("Yours, Dana") for letter in letters)
    assert check("thank_you") == []


def test_unknown_tag(own):
    """A word after `letter:` that nothing is, is a mistake."""
    (own / "acknowledge.txt.j2").write_text("{# letter: wram #}\nThanks. {{ me }}\n", "utf-8")
    (problem,) = check("acknowledge")
    assert "'wram'" in problem
    assert "warm" in problem


def test_line_numbers(own):
    """A mistake in the third letter is told with its line in the file."""
    (own / "acknowledge.txt.j2").write_text(
        "{# letter: warm #}\na\n{# letter: plain #}\nb\n\n{% if %}\n", "utf-8"
    )
    (problem,) = check("acknowledge")
    assert "line 6" in problem


def test_unknown_block(own):
    """A block that no shipped letter has would never be seen, and is a mistake."""
    (own / "thank_you.txt.j2").write_text(
        '{% extends "default:thank_you.txt.j2" %}{% block refrence %}Hm.{% endblock %}', "utf-8"
    )
    (problem,) = check("thank_you")
    assert "'refrence'" in problem
    assert "reference" in problem


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Dear {{ to_name }}, thanks. {{ me }}", "without to_name"),
        ("Thanks for the {{ role }}. {{ me }}", "role"),
        ("Thanks,{% if not company %} {{ company }}{% endif %} {{ me }}", "company"),
        (
            "Thank you for letting me know about {% if the_role %}{{ the_role }}{% endif %}. {{ me }}",
            "breaks off",
        ),
        ("{{ talked }} {{ me }}", "value"),
    ],
)
def test_every_mail_is_tried(own, text, said):
    """What goes wrong for one kind of mail only is found, and the kind of mail told."""
    (own / "acknowledge.txt.j2").write_text(text, "utf-8")
    problems = check("acknowledge")
    assert problems
    assert any(said in problem for problem in problems), problems


def test_advice_is_no_mistake(own):
    """What a reply had better not say is noted; it is the user's letter."""
    (own / "acknowledge.txt.j2").write_text("Why not me? Who was hired? My CV is attached. {{ me }}", "utf-8")
    found = review("acknowledge")
    assert found.problems == []
    assert len(found.advice) >= 3
