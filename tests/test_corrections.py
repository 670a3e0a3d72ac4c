"""What the user said goes before what the model says: `rejoinder correct`, and every later run."""

import csv
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from rejoinder import answer, classify, clean, parse
from rejoinder.cli import main
from rejoinder.corrections import Correction, find, keep, letter_id, read_journal
from rejoinder.errors import ExamplesError, ResourceError
from rejoinder.learn.examples import read_examples
from rejoinder.output.records import record

SOFT = "soft_no.txt"


def run(*arguments, stdin=None):
    return CliRunner().invoke(main, [str(one) for one in arguments], input=stdin)


@pytest.fixture
def mail(samples):
    """The path of a soft no, and its id."""
    path = samples / SOFT
    return path, parse(path.read_bytes()).id


def test_it_wins_at_once(mail):
    """A corrected mail is what the user said in classify and reply, and says so; probabilities stay the model's."""
    path, identity = mail
    before = classify(path.read_bytes())
    assert (before.label_source, before.label) == ("model", "soft_no")
    done = run("correct", identity, "hard_no", "Skill Gap", "--stage", "final")
    assert (done.exit_code, done.stderr) == (0, "")
    after = classify(path.read_bytes())
    assert (after.label_source, after.rejection, after.unsure) == ("you", True, False)
    assert after.labels == ("hard_no", "feedback_given", "skill_gap")
    assert (after.stage, after.stage_source) == ("final", "you")
    assert after.probabilities == before.probabilities
    assert {item.label for item in after.evidence} == set(after.labels)
    made = record(answer(path.read_bytes()))
    assert (made["label"], made["label_source"]) == ("skill_gap", "you")
    assert "hard no, feedback given, skill gap (you said so)" in run("classify", path).stdout
    assert json.loads(run("reply", "--format", "json", path).stdout)["label_source"] == "you"


def test_a_letter_is_known_by_its_message(mail):
    """A letter alone is known by its text, else by the id of its message."""
    path, identity = mail
    letter = clean(parse(path.read_bytes()))
    run("correct", identity, "hard_no")
    assert classify(letter).label_source == "model"
    assert classify(letter, message_id=identity).label_source == "you"
    run("correct", path, "hard_no")
    assert classify(letter).label_source == "you"


def test_not_a_rejection(mail):
    """A mail that was no rejection gets no reply any more."""
    path, identity = mail
    run("correct", identity, "not_rejection")
    assert classify(path.read_bytes()).rejection is False
    assert "Not a rejection (you said so)." in run("classify", path).stdout
    assert run("reply", path).exit_code == 3


def test_other_language(mail):
    """What the model cannot read, the user can."""
    text = "Bonjour Dana,\n\nnous avons le regret de vous informer que votre candidature n'est pas retenue pour ce poste."
    run("correct", "-", "hard_no", stdin=text)
    verdict = classify(text)
    assert (verdict.rejection, verdict.labels, verdict.language) == (True, ("hard_no",), "fr")


def test_the_same_mail_pasted(mail):
    """The mail itself may be given instead of its id; it is known again with other line ends, spaces and headers."""
    path, identity = mail
    done = run("correct", path, "hard_no")
    assert identity in done.stdout
    assert "next training can learn from it" in done.stdout
    raw = path.read_bytes()
    for other in (raw.replace(b"\n", b"\r\n"), b"\n" + raw + b"\n", raw.split(b"\n\n", 1)[1]):
        assert parse(other).id != identity
        assert classify(other).label_source == "you"
    assert (
        classify("Hello Dana, this is about something else altogether, namely lunch.").label_source == "model"
    )


def test_short_letters_are_not_confused():
    """Two mails of a few words are two mails."""
    run("correct", "-", "hard_no", stdin="Subject: a\nFrom: a@b.example\n\nSorry, no.\n")
    assert classify("Subject: b\nFrom: c@d.example\n\nSorry, no.\n").label_source == "model"


def test_later_wins_and_remove(mail, home):
    """The last word counts, it can be taken back, and the journal only grows."""
    path, identity = mail
    for labels in (["hard_no"], ["culture_fit"], ["--remove"]):
        before = (home / "corrections.jsonl").read_bytes() if home.exists() else b""
        assert run("correct", path, *labels).exit_code == 0
        assert (home / "corrections.jsonl").read_bytes().startswith(before)
        said = find(identity, "")
        assert (set(said.labels) if said else None) == {
            "hard_no": {"hard_no"}, "culture_fit": {"culture_fit", "feedback_given", "hard_no"}, "--remove": None,
        }[labels[0]]  # fmt: skip
    assert classify(path.read_bytes()).label_source == "model"
    assert "what the model says again" in run("correct", identity, "--remove").stdout


def test_later_text_wins_over_earlier_id(home):
    """What is said later about a copy holds for the first one, too."""
    text = letter_id("Dear Dana, we are sorry to say that it is a no.")
    keep(Correction("a" * 16, ("hard_no",), text_id=text))
    keep(Correction("b" * 16, ("soft_no",), text_id=text))
    assert find("a" * 16, "Dear Dana, we are sorry to say that it is a no.").labels == ("soft_no",)


def test_text_from_a_mailbox_or_a_scan(mail, tmp_path):
    """With --source the text comes along: from the mailbox, or from where the scan found the mail."""
    path, identity = mail
    rows = {"id": identity, "source": str(path), "subject": "x"}
    (tmp_path / "scan.jsonl").write_text(json.dumps({"error": "x"}) + "\n" + json.dumps(rows) + "\n")
    with (tmp_path / "scan.csv").open("w", newline="") as file:
        csv.writer(file).writerows([rows.keys(), rows.values()])
    box = tmp_path / "box.mbox"
    box.write_bytes(b"From a@b.example Thu Jan  1 00:00:00 2026\n" + path.read_bytes() + b"\n")
    (inside,) = [json.loads(line)["id"] for line in [run("classify", "--format", "jsonl", path).stdout]]
    assert inside == identity
    for source in (path, path.parent, tmp_path / "scan.jsonl", tmp_path / "scan.csv"):
        done = run("correct", identity, "hard_no", "--source", source)
        assert "next training can learn from it" in done.stdout, done.output
    (kept,) = read_journal(tmp_path / "home" / "corrections.jsonl")
    assert "spring budget" in kept.text
    assert kept.sender.startswith("Tomasz Wilk")


def test_text_stays_known(mail, home):
    """A later correction by id alone keeps the text that is known."""
    path, identity = mail
    run("correct", path, "hard_no")
    assert "next training" in run("correct", identity, "soft_no").stdout
    (example,) = read_examples(home / "corrections.jsonl").mails
    assert example.labels == {"soft_no"}
    assert "spring budget" in example.text


def test_only_the_id(mail, home):
    """Without the mail it counts all the same, and that there is nothing to learn from is said."""
    path, identity = mail
    done = run("correct", identity, "hard_no")
    assert done.exit_code == 0
    assert "Only its id is known" in done.stdout
    run("correct", path.parent / "final_round_no.eml", "hard_no")
    found = read_examples(home / "corrections.jsonl")
    assert len(found.mails) == 1
    assert "1 correction has no mail text" in found.notes[0]


def test_a_mailbox_and_its_corrections(mail, tmp_path, home):
    """A mailbox with corrections is a set of examples; what the mailbox does not hold is counted."""
    path, identity = mail
    folder = tmp_path / "inbox"
    folder.mkdir()
    for name in (SOFT, "final_round_no.eml"):
        (folder / name).write_bytes((path.parent / name).read_bytes())
    with pytest.raises(ExamplesError, match="rejoinder label"):
        read_examples(folder)
    run("correct", identity, "hard_no")
    run("correct", "0" * 16, "hard_no")
    found = read_examples(folder)
    assert [(Path(mail.where).name, set(mail.labels)) for mail in found.mails] == [(SOFT, {"hard_no"})]
    assert found.notes == (f"1 of 2 corrections are about mails not in {folder}",)
    elsewhere = tmp_path / "said.jsonl"
    os.rename(home / "corrections.jsonl", elsewhere)
    assert len(read_examples(folder, corrections=elsewhere).mails) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["0" * 16], 2, "LABELS or --remove"),
        (["0" * 16, "hard_no", "--remove"], 2, "LABELS or --remove"),
        (["0" * 16, "hrd_no"], 1, "did you mean hard_no?"),
        (["0" * 16, "hard_no;soft_no"], 1, "one outcome"),
        (["0" * 16, "ghosted"], 1, "--label"),
        (["nothing.eml", "hard_no"], 1, "neither an id nor a file"),
        (["0" * 16, "hard_no", "--source", "{samples}"], 1, "has the id 0000000000000000"),
        (["0" * 16, "hard_no", "--source", "{samples}/nowhere"], 2, "does not exist"),
    ],
)
def test_what_cannot_be_kept(arguments, code, said, samples, home):
    """What makes no sense is refused, with what would; nothing is kept."""
    done = run("correct", *(one.format(samples=samples) for one in arguments))
    assert done.exit_code == code
    assert said in done.stderr
    assert not home.exists()


def test_a_label_of_ones_own(home):
    """A label of the user's own is kept beside the outcome."""
    assert run("correct", "0" * 16, "ghosted", "--extra-label", "ghosted").exit_code == 0
    assert find("0" * 16, "").labels == ("ghosted", "hard_no")


def test_a_damaged_journal(mail, home):
    """A line that a full disk cut off costs nothing but itself, and the next one starts on its own line."""
    path, identity = mail
    run("correct", identity, "hard_no")
    journal = home / "corrections.jsonl"
    journal.write_bytes(b"[]\n\xff\xfe\n{}\n" + journal.read_bytes() + b'{"id": "00000000000000')
    assert classify(path.read_bytes()).label_source == "you"
    run("correct", "1" * 16, "hard_no")
    assert find("1" * 16, "") is not None
    assert classify(path.read_bytes()).label_source == "you"


def test_a_home_that_cannot_be_written(mail, tmp_path, monkeypatch):
    """Where nothing can be written, that is one error line with the place."""
    (tmp_path / "taken").write_text("a file")
    monkeypatch.setenv("REJOINDER_HOME", str(tmp_path / "taken"))
    done = run("correct", mail[1], "hard_no")
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: ")
    assert "taken" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_no_space_left():
    """A full disk is an error that says so."""
    with pytest.raises(ResourceError, match="cannot be written: No space left on device"):
        keep(Correction("0" * 16, ("hard_no",)), Path("/dev/full"))


@pytest.mark.parametrize("target", ["/dev/zero", "."])
def test_no_journal(target, mail, home):
    """What is no ordinary file is never read as a journal: mails are read without it, and `correct` says so."""
    home.mkdir()
    (home / "corrections.jsonl").symlink_to(target)
    assert classify(mail[0].read_bytes()).label_source == "model"
    done = run("correct", mail[1], "hard_no")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "is no file of corrections" in done.stderr


def test_a_huge_journal(mail, home):
    """A file that cannot be one, by its size, is refused unread."""
    home.mkdir()
    with (home / "corrections.jsonl").open("wb") as file:
        file.truncate(2_000_000_000)
    assert run("correct", mail[1], "hard_no").exit_code == 1


def test_the_journal_is_private(mail, home):
    """Only the user can read what is kept of their mail."""
    run("correct", mail[0], "hard_no")
    assert (home / "corrections.jsonl").stat().st_mode & 0o077 == 0
