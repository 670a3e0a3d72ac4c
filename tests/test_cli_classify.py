"""`rejoinder classify` from outside."""

import json

import pytest
from click.testing import CliRunner

from rejoinder.cli import main
from rejoinder.output.records import KEYS

FINAL = "final_round_no.eml"
FORM = "ats_form_no.eml"
SOFT = "soft_no.txt"


@pytest.fixture
def classify(samples):
    def run(*arguments, stdin=None):
        paths = [str(samples / one) if one in (FINAL, FORM, SOFT) else str(one) for one in arguments]
        return CliRunner().invoke(main, ["classify", *paths], input=stdin)

    return run


@pytest.mark.parametrize(
    ("mail", "label", "stage"),
    [(FINAL, "hard_no", "final"), (FORM, "hard_no", "initial"), (SOFT, "soft_no", None)],
)
def test_samples(mail, label, stage, classify):
    """The samples are what their names say."""
    (line,) = classify("--format", "jsonl", mail).stdout.splitlines()
    made = json.loads(line)
    assert made["rejection"] is True
    assert made["label"] == label
    assert label in made["labels"]
    assert stage is None or made["stage"] == stage
    assert made["source"].endswith(mail)


def test_text(classify):
    """As text, a block a mail names the file, the label and a sentence that says so."""
    done = classify(FINAL, SOFT)
    assert done.exit_code == 0
    assert done.stderr == ""
    assert done.stdout.count("A rejection: ") == 2
    assert f"{FINAL}: A rejection: hard no" in done.stdout
    assert f"{SOFT}: A rejection: soft no" in done.stdout
    assert "after the final round" in done.stdout


def test_jsonl(classify):
    """As JSON Lines, one object a mail with all keys, in the order given."""
    done = classify("--format", "jsonl", SOFT, FINAL, FORM)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["source"].rpartition("/")[2] for line in lines] == [SOFT, FINAL, FORM]
    assert all(tuple(line) == KEYS for line in lines)


@pytest.mark.parametrize("arguments", [["-"], []])
def test_standard_input(arguments, classify, samples):
    """`-` and nothing read one mail from standard input."""
    done = classify("--format", "jsonl", *arguments, stdin=(samples / SOFT).read_bytes())
    made = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (made["source"], made["label"]) == ("<stdin>", "soft_no")


def test_stage(classify):
    """A stage given holds for all mails and is marked as given."""
    done = classify("--format", "jsonl", "--stage", "mid", FINAL, FORM)
    for line in done.stdout.splitlines():
        made = json.loads(line)
        assert (made["stage"], made["stage_source"]) == ("mid", "option")


def test_one_bad_mail_does_not_stop_the_others(classify, tmp_path):
    """A mail that cannot be read is one error line; the others are classified, and the end is 1."""
    done = classify(FINAL, tmp_path / "missing.eml", SOFT)
    assert done.exit_code == 1
    assert done.stdout.count("A rejection: ") == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ")
    assert "missing.eml" in line


def test_bad_mail_in_jsonl(classify, tmp_path):
    """In a JSON Lines stream a mail that cannot be read is an object with source, error and reason."""
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    done = classify("--format", "jsonl", picture, SOFT)
    first, second = map(json.loads, done.stdout.splitlines())
    assert done.exit_code == 1
    assert set(first) == {"source", "error", "reason"}
    assert first["source"] == str(picture)
    assert "picture" in first["reason"]
    assert second["label"] == "soft_no"


@pytest.mark.parametrize(
    "name",
    [
        "a" * 300,
        "no\0pe.eml",
    ],
    ids=["long", "nul"],
)
def test_odd_names_do_not_stop_the_others(name, classify):
    """A name that the file system refuses is one error line, and the others are classified."""
    done = classify(name, SOFT)
    assert done.exit_code == 1
    assert done.stdout.count("A rejection: ") == 1
    assert done.stderr.startswith("Error: ")


def test_other_language(classify):
    """Another language is `cannot tell`, null in JSON, and no failure."""
    text = "Bonjour Dana,\n\nnous avons le regret de vous informer que votre candidature n'est pas retenue pour ce poste."
    done = classify("--format", "jsonl", stdin=text.encode())
    made = json.loads(done.stdout)
    assert done.exit_code == 0
    assert made["rejection"] is None
    assert made["language"] == "fr"
    assert (made["label"], made["labels"]) == (None, [])
    assert "Cannot tell" in classify(stdin=text.encode()).stdout


@pytest.mark.parametrize(
    "arguments", [["--format", "json"], ["--format", "text", "--nonsense"], ["--stage", "late"]]
)
def test_usage_errors(arguments, classify):
    """A wrong option or value ends with 2."""
    done = classify(*arguments, FINAL)
    assert (done.exit_code, done.stdout) == (2, "")


def test_a_broken_own_template_does_not_matter(classify, home):
    """Labelling a mail needs no template, so a broken one of the user's does not stop it."""
    folder = home / "templates" / "replies"
    folder.mkdir(parents=True)
    for name in ("thank_you", "feedback_request", "keep_in_touch"):
        (folder / f"{name}.txt.j2").write_text("{% if %}", "utf-8")
    assert classify(FINAL, SOFT).exit_code == 0


def test_as_a_process(rejoinder, samples):
    """As a process: labels on stdout, nothing on stderr, exit code 0."""
    done = rejoinder("classify", samples / FINAL, samples / FORM)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"A rejection: hard no") == 2


def test_bad_mail_as_a_process(rejoinder, samples, tmp_path):
    """As a process: the error on stderr, the rest on stdout, exit code 1."""
    done = rejoinder("classify", tmp_path, samples / FINAL)
    assert done.returncode == 1
    assert done.stderr.startswith(b"Error: ")
    assert done.stdout.count(b"A rejection: hard no") == 1
