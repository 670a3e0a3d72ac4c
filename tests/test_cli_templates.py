"""`rejoinder templates` from outside."""

import pytest
from click.testing import CliRunner

from rejoinder.cli import main
from rejoinder.reply.shelf import REPLIES
from rejoinder.resources import shipped


@pytest.fixture
def templates():
    def run(*arguments):
        return CliRunner().invoke(main, ["templates", *map(str, arguments)])

    return run


@pytest.fixture
def own(home):
    folder = home / "templates" / "replies"
    folder.mkdir(parents=True)
    return folder


def test_list(templates):
    """All shipped templates are listed, one a line, the frame not among them."""
    done = templates("list")
    assert done.exit_code == 0
    assert [line.split() for line in done.stdout.splitlines()] == [[name, "shipped"] for name in REPLIES]


def test_list_says_where_own_ones_are(templates, own):
    """A template of the user's is listed with its path."""
    (own / "acknowledge.txt.j2").write_text("x", "utf-8")
    (own / "mine.txt.j2").write_text("x", "utf-8")
    lines = templates("list").stdout.splitlines()
    assert lines[0].split() == ["acknowledge", str(own / "acknowledge.txt.j2")]
    assert lines[-1].split() == ["mine", str(own / "mine.txt.j2")]


@pytest.mark.parametrize("name", REPLIES)
def test_show(name, templates):
    """A template is shown as it is on file."""
    done = templates("show", name)
    assert done.exit_code == 0
    assert done.stdout == (shipped("templates/replies") / f"{name}.txt.j2").read_text("utf-8")


@pytest.mark.parametrize("verb", ["show", "copy", "check"])
def test_misspelt_name(verb, templates):
    """A misspelt name ends with 1 and the nearest name."""
    done = templates(verb, "thank_yuo")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.strip() == "Error: There is no template thank_yuo. Did you mean thank_you?"


def test_copy_is_in_force_at_once(templates, home):
    """A copied template lies in the user's folder, which is made, and is the one shown from then on."""
    done = templates("copy", "thank_you")
    path = home / "templates" / "replies" / "thank_you.txt.j2"
    assert done.exit_code == 0
    assert str(path) in done.stdout
    assert "templates check thank_you" in done.stdout
    path.write_text("Mine.", "utf-8")
    assert templates("show", "thank_you").stdout == "Mine."


@pytest.mark.parametrize("name", REPLIES)
def test_copies_pass_the_check(name, templates):
    """Every copy passes the check unchanged."""
    assert templates("copy", name).exit_code == 0
    done = templates("check", name)
    assert (done.exit_code, done.stderr) == (0, "")


def test_copy_elsewhere(templates, tmp_path):
    """A copy can go to a folder of one's choice, which is then good for --templates."""
    assert templates("copy", "thank_you", "--to", tmp_path / "here").exit_code == 0
    assert (tmp_path / "here" / "thank_you.txt.j2").is_file()
    assert templates("check", "thank_you", "--templates", tmp_path / "here").exit_code == 0


def test_copy_never_overwrites(templates, own):
    """A copy never replaces what the user wrote."""
    path = own / "thank_you.txt.j2"
    path.write_text("Mine.", "utf-8")
    done = templates("copy", "thank_you")
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: ")
    assert path.read_text("utf-8") == "Mine."


def test_copy_takes_the_shipped_one(templates, own, tmp_path):
    """`copy` copies the shipped template, also where the user has one of that name."""
    (own / "thank_you.txt.j2").write_text("Mine.", "utf-8")
    templates("copy", "thank_you", "--to", tmp_path / "here")
    assert (tmp_path / "here" / "thank_you.txt.j2").read_text("utf-8") != "Mine."


def test_check_all(templates):
    """The shipped templates are in order."""
    done = templates("check")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "All templates are in order.\n", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ compny }}", "Did you mean company?"),
        ("a\n{% if %}", "line 2"),
        ("{{ ''.__class__.__mro__ }}", "acknowledge.txt.j2"),
        ("{{ 'a' * 99999 }}", "20000 characters"),
        ("{% extends 'default:nothing.txt.j2' %}", "nothing.txt.j2"),
        ("{{ role.upper() }}", "role"),
    ],
)
def test_check_finds_mistakes(text, said, templates, own):
    """Each mistake is an error line that names the file; the end is 1."""
    (own / "acknowledge.txt.j2").write_text(text, "utf-8")
    done = templates("check")
    assert (done.exit_code, done.stdout) == (1, "")
    assert all(line.startswith("Error: ") for line in done.stderr.splitlines())
    assert said in done.stderr
    assert "acknowledge.txt.j2" in done.stderr


def test_check_reports_every_broken_template(templates, own):
    """One broken template does not hide another."""
    (own / "acknowledge.txt.j2").write_text("{{ a }}", "utf-8")
    (own / "thank_you.txt.j2").write_text("{% if %}", "utf-8")
    done = templates("check")
    assert "acknowledge.txt.j2" in done.stderr
    assert "thank_you.txt.j2" in done.stderr


@pytest.mark.parametrize("arguments", [["show"], ["nonsense"], ["copy"], ["list", "--nonsense"]])
def test_usage_errors(arguments, templates):
    """A missing name or a wrong verb ends with 2."""
    assert templates(*arguments).exit_code == 2


def test_missing_folder(templates, tmp_path):
    """A folder that is not there is an error, not silently another."""
    done = templates("list", "--templates", tmp_path / "nowhere")
    assert done.exit_code == 1
    assert "nowhere" in done.stderr


def test_as_a_process(rejoinder):
    """As a process: the list on stdout, exit code 0; a wrong name ends with 1."""
    done = rejoinder("templates", "list")
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(done.stdout.splitlines()) == len(REPLIES)
    assert rejoinder("templates", "show", "nothing").returncode == 1
