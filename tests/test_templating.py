"""The shipped templates in every combination, and the user's own ones."""

import re
import time

import pytest

from rejoinder.errors import TemplateError
from rejoinder.reply import shelf, templating
from rejoinder.reply.checking import check
from rejoinder.resources import shipped


def blank(what):
    return f"[{what}]"


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
    "topic": "one thing",
    "stage": "mid",
    "tone": "warm",
    "door": "open",
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
        '{% extends "default:thank_you.txt.j2" %}\n{% block reference %}\nThe tea was lovely.\n{% endblock %}\n',
    )
    text = templating.render("thank_you", EMPTY)
    assert "The tea was lovely." in text
    assert "[one thing" not in text
    assert "Thank you for" in text
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


BOMBS = {
    "text loops": "{% for a in me * 99 %}{% for b in me * 99 %}{% for c in me * 99 %}{% endfor %}{% endfor %}{% endfor %}",
    "loops over one text": "{% for a in t %}{% for b in t %}{% endfor %}{% endfor %}".replace("t ", "(me * 90) "),
    "doubling by ~": "{% set n = namespace(t='ab') %}{% for i in range(60) %}{% set n.t = n.t ~ n.t %}{% endfor %}",
    "doubling by +": "{% set n = namespace(t='ab') %}{% for i in range(60) %}{% set n.t = n.t + n.t %}{% endfor %}",
    "doubling by replace": "{% set n = namespace(t='aa') %}{% for i in range(60) %}{% set n.t = n.t|replace('a', 'aa') %}{% endfor %}",
    "doubling by method": "{% set n = namespace(t='aa') %}{% for i in range(60) %}{% set n.t = n.t.replace('a', 'aa') %}{% endfor %}",
    "doubling by join": "{% set n = namespace(t='aa') %}{% for i in range(60) %}{% set n.t = [n.t, n.t]|join %}{% endfor %}",
    "doubling by a captured block": "{% set n = namespace(t='aa') %}{% for i in range(60) %}{% set x %}{{ n.t }}{{ n.t }}{% endset %}{% set n.t = x %}{% endfor %}",
    "doubling by lists": "{% set n = namespace(t=['a']) %}{% for i in range(60) %}{% set n.t = [n.t, n.t] %}{% endfor %}{{ n.t|length }}{{ n.t|join }}",
    "squares": "{% set n = namespace(t=99) %}{% for i in range(60) %}{% set n.t = n.t * n.t %}{% endfor %}{{ n.t }}",
    "macros that call twice": "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(40) }}",
    "blocks that write nothing": "{% macro m() %}{% endmacro %}{% for i in range(999) %}{{ m() }}{{ m() }}{{ m() }}{{ m() }}{{ m() }}{{ m() }}{{ m() }}{{ m() }}{{ m() }}{{ m() }}{{ m() }}{{ m() }}{{ m() }}{{ m() }}{{ m() }}{{ m() }}{{ m() }}{{ m() }}{{ m() }}{{ m() }}{{ m() }}{{ m() }}{{ m() }}{{ m() }}{{ m() }}{{ m() }}{% endfor %}",
    "recursive loops": "{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "includes of includes": "{% if stage %}{% include 'acknowledge.txt.j2' %}{% include 'acknowledge.txt.j2' %}{% endif %}",
    "widths": "{{ '{:>999999999}'.format('') }}",
    "printf": "{{ '%999999999d' % 1 }}",
    "center": "{{ 'a'|center(999999999) }}",
    "indent": "{{ me|indent(999999999) }}",
    "ljust": "{{ me.ljust(999999999) }}",
    "zfill": "{{ me.zfill(999999999) }}",
    "join over a text": "{{ (me * 900).join(me * 900) }}",
    "replace of nothing": "{{ (me * 900)|replace('', me * 900) }}",
    "powers": "{{ 9 ** 9 ** 9 }}",
    "a list of lists": "{% set a = ['x'] * 9999 %}{% set b = [a] * 9999 %}{{ b }}",
    "lipsum": "{{ lipsum(n=9999) }}",
    "a long file": "x" * 200_000,
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_work_is_bounded(name, own):
    """Whatever repeats or grows without end is given up soon, and told in one line."""
    write(own, "acknowledge", BOMBS[name])
    start = time.perf_counter()
    with pytest.raises(TemplateError) as error:
        templating.render("acknowledge", EMPTY)
    assert time.perf_counter() - start < 5
    assert "acknowledge" in str(error.value)


def test_a_letter_has_plenty_of_room(own):
    """What a letter needs is far from any limit: loops, filters, macros, long names."""
    write(
        own,
        "acknowledge",
        "{% macro thanks(n) %}{{ 'Thank you, ' ~ n|upper|replace('A', 'a') }}{% endmacro %}"
        "{% for word in mention.split() %}{{ thanks(word.strip('.')) }}{{ ', ' if not loop.last }}{% endfor %}",
    )
    text = templating.render("acknowledge", {**EMPTY, "mention": "word " * 200})
    assert text.count("Thank you") == 200


def test_a_name_without_a_value_is_an_error(own):
    """A value that this mail does not give is never written as `None`."""
    write(own, "acknowledge", "Dear {{ to_name }},")
    with pytest.raises(TemplateError) as error:
        templating.render("acknowledge", EMPTY)
    assert "{% if ... %}" in str(error.value)


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
    names = {**EMPTY, "mention": "{{ 7*7 }}", "the_role": "{% for x in y %}", "to_name": "{# Ada #}"}
    text = templating.render("thank_you", names)
    assert "{{ 7*7 }}" in text
    assert "{% for x in y %}" in text
    assert "Dear {# Ada #}," in text
    assert "49" not in text


def test_every_variable_is_explained(verdict, message, letter):
    """A draft is rendered with exactly the variables that are documented."""
    from rejoinder.reply.drafting import Wishes, _values
    from rejoinder.types import Details, Plan, ReplyRoute, Step

    plan = Plan(ReplyRoute(True), ())
    values = _values(Step("send"), plan, letter(), verdict(), Details(), Wishes(), [])
    assert set(values) == set(templating.VARIABLES)
