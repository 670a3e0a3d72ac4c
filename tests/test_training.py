"""Teaching the model one's own mail, from the command to the next reading."""

import csv
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from rejoinder import Message, RejoinderError, classify
from rejoinder.learn.comparison import Outcome
from rejoinder.learn.corpus import load_corpus
from rejoinder.learn.examples import read_examples
from rejoinder.learn.gathering import gather
from rejoinder.learn.labelled import own_names
from rejoinder.learn.lots import prepare
from rejoinder.learn.material import letter_sentences
from rejoinder.learn.readers import Reader
from rejoinder.learn.sheets import Sheet
from rejoinder.learn.teaching import why_aside
from rejoinder.model.store import in_force, load_model, model_path

KIND = Path(__file__).parent / "kinds" / "crewing.jsonl"
SHIPPED = Path("models/rejoinder-en.bin").resolve()
#: Long enough for the shipped corpus to be read once, on a busy machine.
PATIENCE = 240


def run(home: Path, *arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rejoinder", *map(str, arguments)],
        capture_output=True, text=True, timeout=PATIENCE, check=False,
        env={**os.environ, "REJOINDER_HOME": str(home)}, **options,
    )  # fmt: skip


@pytest.fixture(scope="module")
def halves(tmp_path_factory, split_kind):
    """Sixty mails of crewing agencies to learn from, and others, none a near-copy of those, to judge by."""
    folder = tmp_path_factory.mktemp("halves")
    for name, part in zip(("learn", "judge"), split_kind("crewing"), strict=True):
        (folder / f"{name}.jsonl").write_text("\n".join(part) + "\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def schooled(halves, tmp_path_factory):
    """A home in which those sixty were taught, and what was said about it as JSON."""
    home = tmp_path_factory.mktemp("schooled") / "home"
    done = run(home, "train", halves / "learn.jsonl", "--label", "salary", "--format", "json")
    assert done.returncode == 0, done.stderr
    return home, json.loads(done.stdout)


@pytest.fixture
def taught(schooled, home):
    """A copy of that home, for this test alone."""
    shutil.copytree(schooled[0], home)
    return home


def f1(name: str, mails, model: Path) -> float:
    true = false = missed = 0
    for mail in mails:
        verdict = classify(Message.from_text(mail.text), model=model)
        there = bool(mail.labels) if name == "rejection" else name in mail.labels
        found = bool(verdict.rejection) if name == "rejection" else name in verdict.labels
        true, false, missed = (
            true + (there and found),
            false + (found and not there),
            missed + (there and not found),
        )
    return 2 * true / max(2 * true + false + missed, 1)


def test_sixty_mails_teach_another_trade(schooled, halves) -> None:
    """On mails of a trade that was not understood, F1 rises by 0.2 and more, and shipped mails lose next to nothing."""
    home, said = schooled
    mails = read_examples(halves / "judge.jsonl", extra_labels=("salary",)).mails
    shipped, own = model_path(SHIPPED), home / "models" / "mine-1.bin"
    for name in ("rejection", "hard_no", "feedback_given", "salary"):
        before, after = f1(name, mails, shipped), f1(name, mails, own)
        assert after >= before + 0.2, (name, before, after)
    assert said["outcome"] == "better"
    assert said["shipped"]["mean"]["change"] >= -0.01


def test_the_new_model_is_in_force_and_says_what_it_was_made_of(taught) -> None:
    """After training the new model reads mail, and its card names mails, labels, versions and figures."""
    scorer = load_model()
    assert in_force() == "mine-1"
    assert scorer.own_labels == ("salary",)
    assert scorer.card["yours"]["mails"] == 60
    assert scorer.card["made of"].startswith("rejoinder-en ")
    assert {"versions", "figures", "thresholds", "compared"} <= set(scorer.card)
    assert f"* mine-1{' ' * 15}with 60 mails of yours" in run(taught, "model", "list").stdout


def test_parity_of_the_exported_model(taught, halves) -> None:
    """What is computed in training and what the exported files say agree within 1e-6, own labels included."""
    scorer = load_model()
    reader = Reader.of(scorer)
    letters = [letter_sentences(mail.text) for mail in read_examples(KIND, extra_labels=("salary",)).mails]
    sheet = Sheet.of(letters)
    pooled = reader.pooled(reader.logits(sheet), sheet.lengths)
    for at, sentences in enumerate(letters):
        exact = scorer.pooled([scorer.sentence_logits(sentence) for sentence in sentences])
        for name, head in reader.heads.items():
            np.testing.assert_allclose(scorer.head(name, exact), head.values(pooled)[at], atol=1e-6, rtol=0)


def test_a_label_of_ones_own_is_shown_and_written_for(taught, tmp_path) -> None:
    """A mail with the user's own label shows it with its sentence; its letter is used, and missed where there is none."""
    mail = tmp_path / "mail.txt"
    mail.write_text(
        "From: Lena Sorg <lena@astra.example>\nSubject: AB\n\n"
        "Dear Pawel,\n\nyour wage demand is over the owner scale. Berth covered.\n\nLena Sorg\n"
    )
    shown = json.loads(run(taught, "reply", mail, "--format", "json").stdout)
    assert "salary" in shown["labels"]
    assert shown["probabilities"]["salary"] > 0.5
    assert any(item["label"] == "salary" and "wage" in item["text"] for item in shown["evidence"])
    assert "no letter for your label salary" in run(taught, "reply", mail).stderr
    head, row = csv.reader(run(taught, "scan", mail, "--format", "csv").stdout.splitlines())
    found = dict(zip(head, row, strict=True))
    assert "salary" in found["labels"]
    assert float(found["p_salary"]) > 0.5
    assert run(taught, "correct", mail, "salary").returncode == 0
    letters = taught / "templates" / "replies"
    letters.mkdir(parents=True)
    (letters / "salary.txt.j2").write_text("Dear {{ to_name }}, what is the scale?\n")
    assert "what is the scale?" in run(taught, "reply", mail).stdout


def test_a_label_is_not_seen_where_it_is_not(taught) -> None:
    """A label taught on mails of one trade is hardly ever given to ordinary rejections."""
    rejections = [mail for mail in load_corpus().mails if mail.labels][::12]
    verdicts = [classify(Message.from_text(mail.text)) for mail in rejections]
    assert len(verdicts) > 100
    assert sum("salary" in verdict.labels for verdict in verdicts) <= 0.06 * len(verdicts)


def test_what_was_wrong_is_named(schooled) -> None:
    """The mails that the new model got wrong while they were held out are named with what they are and what was read."""
    said = schooled[1]
    assert 0 < len(said["mistakes"]) < 60
    assert all(one["labels"] != one["found"] for one in said["mistakes"])
    assert "learn.jsonl, line " in said["mistakes"][0]["where"]


def test_figures_that_flatter(taught, halves) -> None:
    """To score a model on mails that it was taught is possible, and said to flatter it."""
    assert "mine-1 was taught 60 of these mails" in run(taught, "evaluate", halves / "learn.jsonl").stdout
    assert "was taught" not in run(taught, "evaluate", halves / "judge.jsonl").stdout


def test_earlier_models_stay_and_can_be_used_again(taught, halves) -> None:
    """`model use` goes back to the shipped model and forth; a name that is taken is refused."""
    assert run(taught, "model", "use", "rejoinder-en").returncode == 0
    assert in_force() == "rejoinder-en"
    assert run(taught, "model", "use", "mine-1").returncode == 0
    assert in_force() == "mine-1"
    refused = run(taught, "train", halves / "learn.jsonl", "--label", "salary", "--name", "mine-1")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "it stays" in refused.stderr
    unknown = run(taught, "model", "use", "nobody")
    assert unknown.returncode == 1
    assert "mine-1" in unknown.stderr
    assert in_force() == "mine-1"


def test_a_worse_model_is_kept_aside(taught, halves) -> None:
    """A model that does worse on shipped mails is kept, and put in force by force only; held-out figures are not flattered."""
    aside = run(
        taught, "train", halves / "learn.jsonl", "--label", "salary", "--from-scratch", "--name", "alone"
    )
    assert aside.returncode == 0, aside.stderr
    assert "Worse" in aside.stdout
    assert "kept aside" in aside.stdout
    assert in_force() == "mine-1"
    forced = run(
        taught,
        "train",
        halves / "learn.jsonl",
        "--label",
        "salary",
        "--from-scratch",
        "--force",
        "--name",
        "forced",
    )
    assert forced.returncode == 0, forced.stderr
    assert in_force() == "forced"


@pytest.mark.parametrize(
    ("outcome", "change", "lost", "words"),
    [
        (Outcome.BETTER, 0.2, False, ""),
        (Outcome.SAME, -0.01, False, ""),
        (Outcome.SAME, -0.19, False, "may be chance"),
        (Outcome.BETTER, 0.2, True, "not taught all that mine-1 was"),
        (Outcome.WORSE, -0.2, False, "does worse"),
    ],
)
def test_what_speaks_against_a_model(outcome, change, lost, words) -> None:
    """Lower figures keep a model aside, and so does having been taught less than the one in force."""
    said = why_aside(outcome, change, lost, "mine-1")
    assert words in said
    assert bool(said) == bool(words)


def test_fewer_mails_than_before(taught, halves) -> None:
    """Trained on a part of what the model in force was taught, the new one is kept aside, and why is said."""
    fewer = halves / "part.jsonl"
    fewer.write_text("\n".join((halves / "learn.jsonl").read_text("utf-8").splitlines()[:40]), "utf-8")
    done = run(taught, "train", fewer)
    assert "mine-1 was taught 20 mails that are not among these" in done.stderr
    assert "kept aside, not in force: it was not taught all that mine-1 was" in done.stdout
    assert in_force() == "mine-1"


def test_the_model_in_force_is_not_asked_about_mails_it_was_taught(taught, halves) -> None:
    """Trained again on the same mails, the new model is not distinguishable: both are compared on mails held out."""
    again = run(taught, "train", halves / "learn.jsonl", "--label", "salary", "--format", "json")
    said = json.loads(again.stdout)
    assert said["outcome"] == "not distinguishable"
    assert said["yours"]["mean"]["change"] == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize(
    ("labels", "own", "words"),
    [
        ([["hard_no"]] * 9, (), "all together: 9 mails, needs at least 10"),
        ([["hard_no"]] * 9 + [["hard_no", "salary"]] * 3, ("salary",), "salary: 3 mails, needs at least 8"),
        ([["hard_no", "salary"]] * 12, ("salary",), "without salary: 0 mails, needs at least 8"),
    ],
)  # fmt: skip
def test_too_few_examples_are_named(tmp_path, labels, own, words) -> None:
    """What is missing for a label is said in numbers, and nothing is trained."""
    path = tmp_path / "few.jsonl"
    rows = [
        {"text": f"Mail number {at} of many, about berth {at}.", "labels": one}
        for at, one in enumerate(labels)
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    found = gather([path], own, ())
    with pytest.raises(RejoinderError, match=words):
        prepare(found.mails, found.own)


def test_copies_of_one_mail_are_refused(tmp_path) -> None:
    """Mails that all are near-copies of one another leave nothing to check by, and that is said."""
    text = "Thank you for your interest in the berth of {}, we have filled it with another officer of the pool this week."
    rows = [{"text": text.format(at), "labels": ["hard_no"]} for at in range(12)]
    path = tmp_path / "copies.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    with pytest.raises(RejoinderError, match="near-copies"):
        prepare(gather([path], (), ()).mails, ())


@pytest.mark.parametrize("name", ["rejection", "any_no", "not_rejection", "über", "1st", "x" * 50, "; rm"])
def test_names_that_cannot_be_labels(name) -> None:
    """A label that is taken, or that no file could be named after, is refused."""
    with pytest.raises(RejoinderError, match="cannot be a label"):
        own_names([name])


def test_corrections_are_learnt_from(taught, halves, tmp_path) -> None:
    """What the user corrected joins the next training, before what the examples say about the same mail."""
    mail = tmp_path / "mail.txt"
    first = json.loads((halves / "learn.jsonl").read_text().splitlines()[0])
    mail.write_text(first["text"])
    label = "not_rejection" if first["labels"] else "hard_no"
    assert run(taught, "correct", mail, label).returncode == 0
    found = gather([halves / "learn.jsonl"], ("salary",), ())
    assert len(found.mails) == 60
    assert any("corrected" in note for note in found.notes)
    assert found.mails[-1].labels == (frozenset() if first["labels"] else frozenset({"hard_no"}))


def left_as_it_was(home: Path, before: dict[str, bytes]) -> bool:
    return {path.name: path.read_bytes() for path in (home / "models").iterdir()} == before


@pytest.fixture
def before(taught):
    return {path.name: path.read_bytes() for path in (taught / "models").iterdir()}


def test_no_room_left(taught, halves, before) -> None:
    """With no room for a model the end is one line, the model in force is untouched, and no half file stays."""

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    done = run(taught, "train", halves / "learn.jsonl", "--label", "salary", preexec_fn=no_room)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("Error: ")
    assert "Free some room" in done.stderr
    assert "Traceback" not in done.stderr
    assert left_as_it_was(taught, before)


def test_a_home_that_cannot_be_written(tmp_path, halves) -> None:
    """Where nothing can be kept, that is said before any work is done."""
    (tmp_path / "file").write_text("")
    start = time.monotonic()
    done = run(tmp_path / "file" / "home", "train", halves / "learn.jsonl", "--label", "salary")
    assert done.returncode == 1
    assert "cannot be written to" in done.stderr
    assert "REJOINDER_HOME" in done.stderr
    assert "Traceback" not in done.stderr
    assert time.monotonic() - start < 60


def test_stopped_by_ctrl_c(taught, halves, before) -> None:
    """Ctrl-C during training ends with one line, and everything is as it was; what would be lost was said before."""
    fewer = halves / "fewer.jsonl"
    fewer.write_text("\n".join((halves / "learn.jsonl").read_text("utf-8").splitlines()[:40]), "utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "rejoinder", "train", str(fewer), "--label", "salary"],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "REJOINDER_HOME": str(taught)},
    )  # fmt: skip
    notes = iter(process.stderr.readline, "")  # once the examples are read, learning begins
    assert any("mine-1 was taught 20 mails that are not among these" in note for note in notes)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert out == ""
    assert "Traceback" not in err
    assert err.splitlines()[-1].startswith("Error: Stopped; nothing was changed")
    assert left_as_it_was(taught, before)


def test_the_same_examples_make_the_same_model(schooled, halves, home) -> None:
    """Training twice on the same mails gives the same bytes; a flipped byte in the cache costs time, and nothing else."""
    shutil.copytree(schooled[0] / "cache", home / "cache")
    cache = home / "cache" / "corpus.npz"
    whole = cache.read_bytes()
    cache.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
    done = run(home, "train", halves / "learn.jsonl", "--label", "salary")
    assert done.returncode == 0, done.stderr
    assert cache.read_bytes() == whole
    for ending in ("bin", "json"):
        made, first = (place / "models" / f"mine-1.{ending}" for place in (home, schooled[0]))
        assert made.read_bytes() == first.read_bytes()
