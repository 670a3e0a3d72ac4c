"""`config.toml`: defaults of one's own, for every command."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from rejoinder.cli import main

TODAY = "2026-03-31"
FINAL = "final_round_no.eml"


@pytest.fixture
def config(home):
    """Write the configuration file of this test's user."""

    def write(text):
        home.mkdir(exist_ok=True)
        path = home / "config.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return path

    return write


@pytest.fixture
def run():
    def invoke(*arguments):
        return CliRunner().invoke(main, [*map(str, arguments)])

    return invoke


@pytest.fixture
def reply(run, samples):
    """`reply` on the sample of a final round, as the object that it prints."""
    return lambda *arguments: run("reply", "--today", TODAY, samples / FINAL, *arguments)


def test_defaults_of_all_commands(config, reply):
    """Name, country and wait from the file count as if they were given."""
    config('me = "Zoë Åkesson"\ncountry = "DE"\nwait = 3\n')
    made = json.loads(reply("--format", "json").stdout)
    assert made["draft"]["body"].endswith("\nZoë Åkesson\n")
    assert made["drafts"][1]["send_on"] == "2026-04-07"


def test_defaults_of_one_command(config, reply, run, samples):
    """A command's table sets its options alone, and wins over the top of the file."""
    config('wait = 3\n[reply]\nformat = "json"\nwait = 1\nto-name = "Dr Osei"\nreview = true\n')
    made = json.loads(reply().stdout)
    assert made["drafts"][1]["send_on"] == "2026-04-01"
    assert made["draft"]["body"].startswith("Dear Dr Osei,")
    assert made["review"]
    assert run("classify", samples / FINAL).stdout.count("{") == 0


def test_options_win(config, reply):
    """What is given on the command line wins over the file."""
    config('me = "Zoë"\nwait = 3\n[reply]\nformat = "json"\n')
    done = reply("--format", "text", "--me", "Dana Li")
    assert done.stdout.startswith("To: ")
    assert done.stdout.endswith("\nDana Li\n")


def test_the_place_wins_over_a_format_of_the_file(config, reply, tmp_path):
    """A format of the file is a wish: `-o x.eml` still gives a mail."""
    config('[reply]\nformat = "json"\n')
    assert reply("-o", tmp_path / "x.eml").exit_code == 0
    assert (tmp_path / "x.eml").read_bytes().startswith(b"X-Unsent: 1")


def test_commands_below_commands(config, run):
    """A command below another one has a table of its own."""
    config('[model.info]\nformat = "json"\n')
    assert json.loads(run("model", "info").stdout)["name"] == "rejoinder-en"


def test_paths_count_from_the_file(config, run, home):
    """A path in the file is meant from the folder of the file, wherever the program runs."""
    config('templates = "mine"\n')
    (home / "mine").mkdir()
    (home / "mine" / "extra.txt.j2").write_text("x", "utf-8")
    assert str(home / "mine" / "extra.txt.j2") in run("templates", "list").stdout


def test_another_file(config, reply, run, samples, tmp_path):
    """`--config` reads another file, or the one in another folder, instead."""
    config('me = "Zoë"\n')
    other = tmp_path / "other" / "config.toml"
    other.parent.mkdir()
    other.write_text('me = "Ruth"\n', "utf-8")
    for chosen in (other, other.parent):
        done = run("--config", chosen, "reply", samples / FINAL)
        assert "\nRuth\n" in done.stdout
    done = run("--config", tmp_path / "none.toml", "reply", samples / FINAL)
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"no file {tmp_path / 'none.toml'}" in done.stderr


WRONG = {
    "misspelt": ('contry = "DE"', "Did you mean country?"),
    "misspelt table": ('[repyl]\nformat = "json"', "Did you mean reply?"),
    "misspelt in a table": ('[reply]\nformt = "json"', "Did you mean reply.format?"),
    "in the wrong place": ('format = "json"', "format is unknown, or in the wrong place"),
    "table as a value": ('reply = "json"', "reply is unknown"),
    "value as a table": ('[me]\nname = "Dana"', "is not a text"),
    "argument": ('[reply]\nmail = "x.eml"', "reply.mail is unknown"),
    "help": ("[reply]\nhelp = true", "reply.help is unknown"),
    "value not known": ('[reply]\nformat = "pdf"', "'pdf' is not one of"),
    "number as a name": ("me = 5", "me: '5' is not a text in \"quotes\""),
    "text as a number": ('wait = "3"', "wait: '3' is not a whole number"),
    "too long a wait": ("wait = 99", "99 is not in the range"),
    "true as a name": ("me = true", "is not a text"),
    "list": ('[reply]\nformat = ["json"]', "is not a text"),
    "yes": ('[reply]\ncopy = "yes"', "'yes' is not true or false"),
    "syntax": ('me = "Dana"\ncountry = DE\n', "line 2"),
    "open text": ('me = "Dana\n', "line 1"),
    "twice": ('me = "a"\nme = "b"\n', "line 2"),
    "not UTF-8": ('me = "Dana"\n\ntone = "Zoë"'.encode("latin-1"), "not UTF-8 (line 3)"),
    "controls": ('"a\\u001b[31m" = 1', "is unknown"),
    "deep": ("me = " + "[" * 100_000, "no valid TOML"),
}


@pytest.mark.parametrize("case", WRONG)
def test_mistakes(case, config, reply):
    """A mistake is one line with the file, the place and what to do; nothing is drafted."""
    text, said = WRONG[case]
    path = config(text)
    done = reply()
    assert (done.exit_code, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"Error: {path}")
    assert said in line
    assert "\x1b" not in line


def test_country_of_the_file_is_checked(config, reply):
    """A country that nobody keeps a calendar for is told as on the command line."""
    config('country = "ZZ"')
    done = reply()
    assert (done.exit_code, done.stdout) == (1, "")
    assert "info --countries" in done.stderr


def test_a_folder_in_its_place(home, reply):
    """A folder of that name is one error line."""
    (home / "config.toml").mkdir(parents=True)
    done = reply()
    assert (done.exit_code, done.stdout) == (1, "")
    assert "config.toml cannot be read" in done.stderr


@pytest.mark.parametrize("text", ["", "\ufeffme = 'Dana'\r\n", "# nothing yet\n", 'tone = "plain"\n'])
def test_harmless_files(text, config, reply):
    """Empty files, byte order marks and keys for other commands do no harm."""
    config(text)
    assert reply().exit_code == 0


def test_info(config, run, home):
    """`info` says which file is read, and looks at all of it."""
    assert f"none ({home / 'config.toml'} would be read)" in run("info").stdout
    path = config('me = "Dana"\n[classify]\nformat = "jsonl"\n')
    assert f"{path} (read)" in run("info").stdout
    config('[classify]\nformat = "pdf"\n')
    done = run("info")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "classify.format" in done.stderr


def test_countries(run):
    """`info --countries` lists the codes that `--country` takes."""
    done = run("info", "--countries")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert any(line.startswith("GB  GB-ENG GB-NIR GB-SCT GB-WLS") for line in lines)
    assert all(len(line) <= 88 for line in lines)


def test_no_file_costs_nothing(samples):
    """Without a file neither its reader nor TOML is loaded."""
    code = (
        "import sys; from rejoinder.cli import main\n"
        f"try: main(['reply', {str(samples / FINAL)!r}])\nexcept SystemExit: pass\n"
        "sys.exit(bool({'tomllib', 'rejoinder.cli.config', 'holidays', 'pyperclip'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
