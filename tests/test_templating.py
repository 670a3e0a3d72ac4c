"""The shipped templates in every combination, and the user's own ones."""

import re
import time
from itertools import product

import pytest

from rejoinder.errors import TemplateError
from rejoinder.reply import shelf, templating
from rejoinder.reply.checking import check
from rejoinder.reply.drafting import Wishes, write_draft
from rejoinder.resources import shipped
from rejoinder.types import Address, Details, Plan, ReplyRoute, Step

PRESENT = {
    "to_name": "Ada",
    "company": "Fenwick & Moor Ltd",
    "role": "Senior Glass Blower",
    "mention": "the tour of the kiln",
    "skill": "lampworking",
}
FORBIDDEN = [
    "reconsider",
    "who was",
    "unfair",
    "per my last",
    "none",
    "{{",
    "{%",
    "  ",
    "\t",
    "..",
    ",,",
    " ,",
    " .",
    "the the",
]


def blank(what):
    return f"[{what}]"


def values(stage, given, date_named, british, talked=False, offered=False):
    """Template values with some of the names missing."""
    names = {
        name: value if there else None for (name, value), there in zip(PRESENT.items(), given, strict=True)
    }
    return {
        "me": "Dana Li",
        "stage": stage,
        "talked": talked,
        "offered": offered,
        "date_named": date_named,
        "british": british,
        "blank": blank,
        **names,
    }


def body(template, stage, given, date_named=False, british=False, **more):
    """A draft's body as the program makes it from those values."""
    names = values(stage, given, date_named, british, **more)
    return templating.render(template, names), names


def drafted(template, stage, given, date_named, british, verdict, message, letter):
    """The same through `write_draft`, which tidies what the template left."""
    names = values(stage, given, date_named, british)
    details = Details(
        company=names["company"],
        role=names["role"],
        contact=Address("Ada Moor", "ada@fenwick.example") if names["to_name"] else None,
        greeting_name=names["to_name"],
        candidate="Dana Li",
        skills=(names["skill"],) if names["skill"] else (),
        date_named=date_named,
        british=british,
    )
    plan = Plan(ReplyRoute(True, Address("", "ada@fenwick.example")), ())
    wishes = Wishes(mention=names["mention"])
    return write_draft(
        Step("send", template=template), message(), letter(), verdict(stage=stage), details, plan, wishes
    )


def words(text):
    return len(text.split())


LIMITS = {
    ("acknowledge", "*"): 50,
    ("thank_you", "mid"): 110,
    ("thank_you", "final"): 150,
    ("feedback_request", "*"): 110,
    ("feedback_thanks", "*"): 110,
    ("skill_gap", "*"): 110,
    ("culture_fit", "*"): 110,
    ("keep_in_touch", "*"): 110,
}


@pytest.mark.parametrize("stage", ["initial", "mid", "final", "unknown"])
@pytest.mark.parametrize("template", shelf.REPLIES)
def test_every_combination(template, stage, verdict, message, letter):
    """Every shipped template reads well with every combination of names known and unknown."""
    dates = (True, False) if template == "keep_in_touch" else (True,)
    for given in product((True, False), repeat=len(PRESENT)):
        british = given.count(True) % 2 == 0
        for date_named in dates:
            text = drafted(template, stage, given, date_named, british, verdict, message, letter).body
            lower = text.lower()
            assert not [found for found in FORBIDDEN if found in lower], text
            assert not re.search(r"\bwhy\b", lower), text
            assert text.count("?") <= 1, text
            assert "\n\n\n" not in text
            assert text == text.strip() + "\n"
            assert text.endswith(("Kind" if british else "Best") + " regards,\nDana Li\n")
            assert text.startswith(("Dear Ada,\n\n", "Dear Fenwick & Moor Ltd team,\n\n", "Hello,\n\n"))
            assert all(line == line.strip() for line in text.split("\n"))
            limit = LIMITS.get((template, "*")) or LIMITS.get((template, stage), 110)
            assert words(text) <= limit, (words(text), text)


@pytest.mark.parametrize("template", shelf.REPLIES)
def test_raw_rendering_is_clean(template):
    """A rendered template holds no leftover of the template language."""
    for stage in ("mid", "final", "unknown"):
        for given in ((True,) * 5, (False,) * 5):
            text, _ = body(template, stage, given)
            assert not re.search(r"None|\{\{|\}\}|\{%|%\}", text)


@pytest.mark.parametrize("template", shelf.REPLIES)
@pytest.mark.parametrize("stage", ["initial", "mid", "final", "unknown"])
def test_nothing_is_invented(template, stage):
    """Without names, no name stands in the reply; what is unknown is left out or a marked blank."""
    text, _ = body(template, stage, (False,) * len(PRESENT))
    assert text.lstrip().startswith("Hello,")
    assert not [value for value in PRESENT.values() if value in text]


@pytest.mark.parametrize(("template", "stage"), [("thank_you", "mid"), ("thank_you", "final")])
def test_reference_is_a_blank_or_the_mention(template, stage, verdict, message, letter):
    """The reference to the conversation is the candidate's own words, else a blank."""
    without = drafted(
        template, stage, (True, True, True, False, True), False, False, verdict, message, letter
    )
    assert len(without.blanks) == 1
    assert f"[{without.blanks[0]}]" in without.body
    given = drafted(template, stage, (True,) * 5, False, False, verdict, message, letter)
    assert given.blanks == ()
    assert "the tour of the kiln." in given.body


def test_skill_is_named(verdict, message, letter):
    """The reply to a skill gap names the skill when the mail does."""
    assert (
        "lampworking" in drafted("skill_gap", "mid", (True,) * 5, False, False, verdict, message, letter).body
    )


@pytest.mark.parametrize(
    "template", ["thank_you", "feedback_thanks", "skill_gap", "culture_fit", "acknowledge"]
)
def test_only_the_requests_ask(template):
    """Thanks ask for nothing."""
    for stage in ("initial", "mid", "final", "unknown"):
        assert "?" not in body(template, stage, (True,) * 5)[0]


@pytest.mark.parametrize("stage", ["initial", "mid", "final", "unknown"])
def test_feedback_request_is_easy_to_decline(stage):
    """A feedback request asks one thing, says it is for learning, and can be declined."""
    text = body("feedback_request", stage, (True,) * 5)[0]
    assert text.count("?") == 1
    assert "learn" in text
    assert "I fully understand" in text


@pytest.mark.parametrize("stage", ["unknown", "initial"])
def test_feedback_request_claims_no_offer(stage):
    """A feedback request does not thank for an offer of feedback, as it may have been asked for by --kind."""
    text = body("feedback_request", stage, (True,) * 5)[0]
    assert "offer of feedback" not in text


@pytest.mark.parametrize("stage", ["unknown", "initial", "mid", "final"])
def test_feedback_request_takes_an_offer_up(stage):
    """Where the mail offers feedback, the request thanks for that, at every stage."""
    text = body("feedback_request", stage, (True,) * 5, offered=True)[0]
    assert "the offer of feedback" in text
    assert text.count("?") == 1
    assert "I fully understand" in text


@pytest.mark.parametrize("given", [(True,) * 5, (False,) * 5])
@pytest.mark.parametrize("template", ["thank_you", "feedback_request"])
def test_no_talk_is_invented(template, given):
    """Before the final round a reply speaks of a talk only where the mail does: it may have been a test alone."""
    assert "took to talk to me" not in body(template, "mid", given)[0]
    assert "took to talk to me" in body(template, "mid", given, talked=True)[0]


@pytest.fixture
def own(home):
    """The user's template folder."""
    folder = home / "templates" / "replies"
    folder.mkdir(parents=True)
    return folder


def write(folder, name, text):
    path = folder / f"{name}.txt.j2"
    path.write_text(text, "utf-8")
    return path


EMPTY = {
    **dict.fromkeys(templating.VARIABLES),
    "me": "Dana Li",
    "stage": "mid",
    "date_named": False,
    "british": False,
    "blank": blank,
}


def test_own_template_wins(own):
    """A template in the user's folder is used instead of the shipped one."""
    path = write(own, "acknowledge", "Thanks. {{ me }}")
    assert templating.render("acknowledge", EMPTY) == "Thanks. Dana Li"
    assert shelf.locate("acknowledge") == path


def test_option_wins_over_own(own, tmp_path):
    """A folder given on the command line wins over the user's own; the others fill in."""
    write(own, "acknowledge", "own")
    write(own, "thank_you", "own thanks")
    write(tmp_path, "acknowledge", "chosen")
    assert templating.render("acknowledge", EMPTY, tmp_path) == "chosen"
    assert templating.render("thank_you", EMPTY, tmp_path) == "own thanks"
    assert "Dana Li" in templating.render("keep_in_touch", EMPTY, tmp_path)


def test_extending_the_shipped_one(own):
    """`default:` names the shipped template, of which one block can be changed."""
    write(
        own,
        "thank_you",
        '{% extends "default:thank_you.txt.j2" %}\n{% block mid_reference %}\nThe tea was lovely.\n{% endblock %}\n',
    )
    text = templating.render("thank_you", EMPTY)
    assert "The tea was lovely." in text
    assert "[one thing" not in text
    assert "Thank you for letting me know" in text
    assert text.rstrip().endswith("Dana Li")
    assert check("thank_you") == []


def test_changing_the_frame(own):
    """A block of the frame, such as the closing, can be changed through the template that uses it."""
    write(
        own,
        "acknowledge",
        '{% extends "default:acknowledge.txt.j2" %}{% block closing %}Yours,\n\n{{ me }}{% endblock %}',
    )
    text = templating.render("acknowledge", EMPTY)
    assert "Yours,\n\nDana Li" in text
    assert "regards" not in text


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("compny", "company"), ("to_nmae", "to_name"), ("roles", "role"), ("mentions", "mention")],
)
def test_misspelt_variable(own, wrong, right):
    """A misspelt variable is an error that names the template and suggests the right one."""
    path = write(own, "acknowledge", f"Thanks, {{{{ {wrong} }}}}.")
    with pytest.raises(TemplateError) as error:
        templating.render("acknowledge", EMPTY)
    assert str(path) in str(error.value)
    assert f"'{wrong}'" in str(error.value)
    assert error.value.tip == f"Did you mean {right}?"
    (problem,) = check("acknowledge")
    assert f"'{wrong}'" in problem
    assert f"Did you mean {right}?" in problem


def test_unknown_variable_without_a_likeness(own):
    """A variable like no other gets the list of all there are."""
    write(own, "acknowledge", "{{ xyzzy }}")
    with pytest.raises(TemplateError) as error:
        templating.render("acknowledge", EMPTY)
    assert "Templates may use: " + ", ".join(templating.VARIABLES) in error.value.tip


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Hello\n{% if %}\n{% endif %}", 2),
        ("Hello\n\n{{ me", 3),
        ("{% if role %}\nthe role", 1),
        ("a\nb\nc\n{% nonsense %}", 4),
        ("Hello\n{{ me | no_such_filter }}", 2),
    ],
)
def test_syntax_error(own, text, line):
    """A syntax error names the file and the line."""
    path = write(own, "acknowledge", text)
    with pytest.raises(TemplateError) as error:
        templating.render("acknowledge", EMPTY)
    assert str(path) in str(error.value)
    assert re.search(r"line \d", str(error.value))
    (problem,) = check("acknowledge")
    assert str(path) in problem
    assert re.search(r"line \d", problem)
    if line != 1:  # of an unclosed block, jinja names its own favourite line
        assert f"line {line}" in str(error.value)
        assert f"line {line}" in problem


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ blank.__globals__ }}",
        "{{ blank.__code__.co_consts }}",
        "{{ ''|attr('__class__')|attr('__mro__') }}",
        "{{ '{0.__class__.__mro__}'.format('') }}",
        "{% set x = [] %}{{ x.append(1) }}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os }}",
    ],
)
def test_sandbox(own, text):
    """A template cannot reach into Python."""
    write(own, "acknowledge", text)
    try:
        out = templating.render("acknowledge", EMPTY)
    except TemplateError:
        return
    assert not re.search(r"class|module|built-in|object at|posix", out), out


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in range(99999) %}{{ me }}{% endfor %}",
        "{% for a in range(9999) %}{% for b in range(9999) %}{{ me }}{% endfor %}{% endfor %}",
        "{{ 'a' * 99999 }}",
        "{{ '%0999999d' % 1 }}",
        "{{ 'a'.center(999999) }}",
        "{{ 2 ** 9 ** 9 ** 9 }}",
        "{% for a in 'a' * 99999999 %}{% endfor %}",
        "{% for a in range(999) %}{% for b in range(999) %}{% endfor %}{% endfor %}",
        "{{ 'a' * 1000000000000000 }}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% include 'acknowledge.txt.j2' %}",
        "{% extends 'acknowledge.txt.j2' %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{{ 1 / 0 }}",
        "{{ me + 1 }}",
        "{{ blank() }}",
        "{{ blank(1, 2) }}",
        "{% for a in 5 %}{% endfor %}",
        "{% include 'not_there.txt.j2' %}",
        "{% extends 'default:not_there.txt.j2' %}",
        "{% include '../../../../etc/passwd' %}",
    ],
)
def test_runaway_and_failing_templates(own, text):
    """Endless output, endless recursion and failing expressions end in an error that names the template."""
    write(own, "acknowledge", text)
    start = time.perf_counter()
    with pytest.raises(TemplateError) as error:
        templating.render("acknowledge", EMPTY)
    assert time.perf_counter() - start < 5
    assert "acknowledge" in str(error.value)
    assert error.value.tip
    assert "root:" not in str(error.value)


def test_short_loops_are_allowed(own):
    """A loop over a few numbers works, and passes the check."""
    write(own, "acknowledge", "{% for a in range(3) %}{{ a * 2 }}{{ '-' * 3 }}{% endfor %}")
    assert templating.render("acknowledge", EMPTY) == "0---2---4---"
    assert check("acknowledge") == []


def test_not_utf8(own):
    """A template in another encoding is an error that names it, not an exception of Python's."""
    path = own / "acknowledge.txt.j2"
    path.write_bytes("Grüße, {{ me }}".encode("latin-1"))
    (problem,) = check("acknowledge")
    assert str(path) in problem
    with pytest.raises(TemplateError) as error:
        templating.render("acknowledge", EMPTY)
    assert "acknowledge" in str(error.value)


@pytest.mark.parametrize(
    "name", ["thank_yuo", "../thank_you", "", "/etc/passwd", "no\x00pe", "_letter/../thank_you"]
)
def test_unknown_template(name):
    """A name that is no template is an error with a suggestion or the list, never a path walked."""
    with pytest.raises(TemplateError) as error:
        shelf.locate(name)
    assert error.value.tip


def test_misspelt_template_name():
    """A misspelt name gets the nearest one as a suggestion."""
    with pytest.raises(TemplateError) as error:
        shelf.locate("thank_yuo")
    assert error.value.tip == "Did you mean thank_you?"


def test_missing_folder(tmp_path):
    """A template folder that is not there is an error, not silently the shipped one."""
    with pytest.raises(TemplateError) as error:
        templating.render("acknowledge", EMPTY, tmp_path / "nowhere")
    assert "nowhere" in str(error.value)


def test_names(own):
    """All shipped templates are listed first, then the user's own; the frame is no template."""
    write(own, "my_reply", "x")
    assert shelf.names() == [*shelf.REPLIES, "my_reply"]


@pytest.mark.parametrize("template", shelf.REPLIES)
def test_shipped_templates_pass_the_check(template):
    """Every shipped template passes the check, and lies where it is looked for."""
    assert check(template) == []
    assert shelf.locate(template).parent == shipped("templates/replies")


def test_values_are_never_templates():
    """What stands in a value is text, whatever it looks like."""
    names = {**EMPTY, "company": "{{ 7*7 }}", "role": "{% for x in y %}", "to_name": "{# Ada #}"}
    text = templating.render("thank_you", names)
    assert "{{ 7*7 }}" in text
    assert "{% for x in y %}" in text
    assert "Dear {# Ada #}," in text
    assert "49" not in text


def test_every_variable_is_explained():
    """A draft is rendered with exactly the variables that are documented."""
    assert set(values("mid", (True,) * 5, True, True)) == set(templating.VARIABLES)
