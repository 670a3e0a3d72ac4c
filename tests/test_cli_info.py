"""`rejoinder info`, `model` and the front door from outside."""

import json

import pytest
from click.testing import CliRunner

from rejoinder import __version__
from rejoinder.cli import main


@pytest.fixture
def run():
    def invoke(*arguments):
        return CliRunner().invoke(main, [*map(str, arguments)])

    return invoke


def test_info(run, home):
    """Version, the user's folder, template folders and the model are shown, one a line."""
    done = run("info")
    assert (done.exit_code, done.stderr) == (0, "")
    lines = dict(line.split(":", 1) for line in done.stdout.splitlines())
    assert lines["rejoinder"].split()[0] == __version__
    assert str(home) in lines["your folder"]
    assert "not there yet" in lines["your folder"]
    assert "rejoinder-en" in lines["model"]
    assert "None" not in done.stdout


def test_info_names_the_folders_in_force(run, home):
    """The user's own template folder is named before the shipped one once it is there."""
    own = home / "templates" / "replies"
    own.mkdir(parents=True)
    done = run("info")
    line = next(line for line in done.stdout.splitlines() if line.startswith("templates:"))
    assert line.split(":", 1)[1].strip().startswith(f"{own}, then ")
    assert "not there yet" not in done.stdout


def test_model_info(run):
    """The model in force is shown with its figures, as text and as JSON."""
    done = run("model", "info")
    assert done.exit_code == 0
    assert done.stdout.startswith("Model:")
    made = json.loads(run("model", "info", "--format", "json").stdout)
    assert made["name"] == "rejoinder-en"
    assert made["path"].endswith("rejoinder-en.bin")


def test_model_info_of_a_missing_model(run, tmp_path):
    """A model that is not there is one error line and exit code 1."""
    done = run("model", "info", "--model", tmp_path / "none.bin")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: ")
    assert len(done.stderr.splitlines()) == 1


def test_version(run):
    """`--version` prints name and version."""
    done = run("--version")
    assert (done.exit_code, done.stdout.split()[0]) == (0, "rejoinder,")
    assert __version__ in done.stdout


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize(
    "verb", [[], ["reply"], ["classify"], ["templates"], ["templates", "copy"], ["model"], ["info"]]
)
def test_help(flag, verb, run):
    """Every verb explains itself."""
    done = run(*verb, flag)
    assert done.exit_code == 0
    assert done.stdout.startswith("Usage: ")


@pytest.mark.parametrize(
    "option",
    [
        "--stage",
        "--me",
        "--to-name",
        "--company",
        "--role",
        "--mention",
        "--kind",
        "--format",
        "-o",
        "--templates",
        "--model",
        "--today",
    ],
)
def test_reply_knows_every_promised_option(option, run):
    """`reply --help` names every option of the interface."""
    assert option in run("reply", "--help").stdout


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["--nonsense"], ["info", "extra"], ["model", "nonsense"]]
)
def test_usage_errors(arguments, run):
    """A wrong verb, option or argument ends with 2."""
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")


def test_info_as_a_process(rejoinder):
    """As a process: all of it on stdout, exit code 0."""
    done = rejoinder("info")
    assert (done.returncode, done.stderr) == (0, b"")
    assert __version__.encode() in done.stdout


def test_home_that_is_a_file(rejoinder, tmp_path):
    """A file where the user's folder should be does no harm to reading."""
    (tmp_path / "home").write_bytes(b"")
    done = rejoinder("info")
    assert b"Traceback" not in done.stderr
