"""The figures of an evaluation, and `rejoinder evaluate` from outside."""

import json
import re
import shutil
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from rejoinder.cli import main
from rejoinder.learn import measuring
from rejoinder.learn.evaluation import Judge, evaluate
from rejoinder.learn.examples import read_examples
from rejoinder.learn.intervals import f1_interval, macro_interval, wilson
from rejoinder.learn.labelled import LabelledMail
from rejoinder.learn.measuring import read_labelled, table
from rejoinder.learn.scores import Score, calibration_error, reliability
from rejoinder.model.store import load_model, shipped_path

ROOT = Path(__file__).parent.parent
SHIPPED = shipped_path()
RIGHT, FALSE, MISSED, NOTHING = (1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, 0)


def run(*arguments):
    return CliRunner().invoke(main, ["evaluate", *map(str, arguments)])


@pytest.fixture
def judge():
    return Judge(load_model())


def test_shares():
    """Precision, recall and F1 of counts; nothing divided by nothing is 0."""
    score = Score(6, 2, 4)
    assert (score.precision, score.recall, round(score.f1, 4), score.there) == (0.75, 0.6, 0.6667, 10)
    assert (Score(0, 0, 0).f1, Score(0, 0, 0).defined) == (0, False)


def test_wilson():
    """The interval of a share, as in the tables: 8 of 10 is 0.49 to 0.94, and never beyond 0 and 1."""
    assert [round(limit, 3) for limit in wilson(8, 10)] == [0.490, 0.943]
    assert wilson(0, 0) == (0, 1)
    assert wilson(5, 5)[1] == 1
    assert 0.5 < wilson(5, 5)[0] < 0.6


def test_f1_interval():
    """The interval of an F1 holds the F1, and is wide where there is little."""
    low, high = f1_interval(6, 2, 4)
    assert low < Score(6, 2, 4).f1 < high
    assert high - low > 2 * (f1_interval(600, 200, 400)[1] - f1_interval(600, 200, 400)[0])
    assert f1_interval(0, 0, 0) == (0, 1)


def test_macro_interval():
    """The interval of the mean F1 holds it, is the same in each run, and is no point where all is right."""
    mails = [(RIGHT, RIGHT)] * 20 + [(FALSE, NOTHING)] * 5 + [(MISSED, RIGHT)] * 5
    mean = (Score(20, 5, 5).f1 + 1) / 2
    low, high = macro_interval(mails)
    assert low < mean < high
    assert macro_interval(mails) == (low, high)
    assert macro_interval([(RIGHT,)] * 5)[0] < 0.8
    assert macro_interval([]) == (0, 1)


def test_calibration():
    """Ranges that hold nothing are left out, 1 belongs to the last; the error is the mean gap."""
    bins = reliability([(0.05, False), (1.0, True), (0.95, False), (0.95, True)])
    assert [(one.low, one.mails) for one in bins] == [(0.0, 1), (0.9, 3)]
    assert calibration_error(bins) == pytest.approx((0.05 + abs(2.9 - 2)) / 4)


def test_report(samples, judge):
    """All figures of a report agree with each other and with the mails."""
    mails = read_examples(samples / "labelled.csv").mails
    report = evaluate(mails, judge)
    assert report.total == len(mails) == sum(report.kinds.values()) == sum(report.labels.values())
    assert sum(one.mails for one in report.reliability) == report.total
    assert report.scores["rejection"].there == sum(bool(mail.labels) for mail in mails)
    assert report.stage_right[0] + report.stage_wrong[0] <= report.stage_right[1]
    assert report.macro_interval[0] < report.macro_f1 < report.macro_interval[1]
    weights = [mistake.weight for mistake in report.mistakes]
    assert weights == sorted(weights, reverse=True)
    for mistake in report.mistakes:
        assert set(mistake.found) != mistake.mail.labels
        assert {item.label for item in mistake.overlooked} == mistake.mail.labels - set(mistake.found)
    assert f"{report.total} mails." in table(report)


def test_cannot_tell_counts_as_missed(judge):
    """A rejection in another language is missed, and stands in a column of its own."""
    text = "Bonjour, nous avons le regret de vous informer que votre candidature n'est pas retenue."
    report = evaluate([LabelledMail(text, "", "", frozenset({"hard_no"}), "unknown", "a")], judge)
    assert report.kinds == {("rejection", "cannot_tell"): 1}
    assert report.scores["rejection"].missed == 1
    assert report.mistakes[0].cannot_tell


def test_a_label_of_ones_own_is_scored(judge):
    """A label that the model does not know is there, and missed."""
    mail = LabelledMail(
        "We chose another candidate.", "", "", frozenset({"hard_no", "ghosted"}), "unknown", "a"
    )
    assert evaluate([mail], judge).scores["ghosted"] == Score(0, 0, 1)


def test_corrections_do_not_flatter(samples, judge):
    """It is the model that is scored: what the user corrected changes nothing."""
    before = run(samples / "labelled.csv", "--format", "json").stdout
    text = next(
        m.text for m in read_examples(samples / "labelled.csv").mails if m.subject == "Violin audition"
    )
    done = CliRunner().invoke(main, ["correct", "-", "hard_no"], input=text)
    assert done.exit_code == 0
    assert run(samples / "labelled.csv", "--format", "json").stdout == before


def test_text(samples):
    """As text: a line a label, the confusions, calibration, stage, and the mistakes with their sentences."""
    done = run(samples / "labelled.csv")
    assert (done.exit_code, done.stderr) == (0, "")
    for said in (
        "precision",
        "culture fit",
        "macro, labels",
        "What it is (rows)",
        "calibration error",
        "Stage: right",
    ):
        assert said in done.stdout
    assert re.search(r'1\. \S+labelled\.csv, line \d+ "', done.stdout)
    assert "overlooked: " in done.stdout
    assert max(map(len, done.stdout.splitlines())) < 130


def test_json(samples):
    """As JSON: every label with counts, figures and intervals; what cannot be told is null."""
    made = json.loads(run(samples / "labelled", "--format", "json").stdout)
    assert made["mails"] == 10
    assert set(made["labels"]) == {
        "rejection",
        "hard_no",
        "soft_no",
        "feedback_given",
        "skill_gap",
        "culture_fit",
    }
    for score in made["labels"].values():
        for name in ("precision", "recall", "f1"):
            assert (
                score[name] is None
                or score[name]["interval"][0] <= score[name]["value"] <= score[name]["interval"][1]
            )
    assert set(made) == {
        "mails", "model", "notes", "labels", "macro_f1", "rejection_confusion", "label_confusion", "stage", "calibration", "mistakes",
    }  # fmt: skip
    assert {"where", "subject", "labels", "found", "weight", "evidence", "overlooked"} == set(
        made["mistakes"][0]
    )


class _Page(HTMLParser):
    """Every tag with its attributes, and whether open tags are closed in order."""

    VOID = frozenset({"meta", "br"})

    def __init__(self, text):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def test_html(samples, tmp_path):
    """As HTML: one sound page with two plots that loads nothing, runs nothing and lets no mail speak HTML."""
    path = tmp_path / "mails.jsonl"
    evil = {
        "text": "We chose someone else. <script>alert(1)</script> Sorry.",
        "subject": "<img src=x onerror=y>",
        "labels": [],
    }
    rows = [evil, {"text": "See you <b>soon</b> & bye", "labels": ["soft_no"]}]
    path.write_text("\n".join(map(json.dumps, rows)))
    for source in (path, samples / "labelled.csv"):
        target = tmp_path / f"{source.name}.html"
        done = run(source, "--format", "html", "-o", target)
        assert (done.exit_code, done.stdout) == (0, "")
        page = _Page(target.read_text("utf-8"))
        names = [tag for tag, _ in page.tags]
        assert page.open == []
        assert names.count("svg") == 2
        assert names.count("circle") >= 1
        assert not {"script", "img", "link", "iframe"} & set(names)
        assert not any({"src", "href", "onerror", "onload"} & set(attributes) for _, attributes in page.tags)
    assert "&lt;img src=x onerror=y&gt;" in (tmp_path / "mails.jsonl.html").read_text("utf-8")


def test_one_sided_examples(tmp_path):
    """Examples of one kind only are scored as far as they go, in all forms."""
    path = tmp_path / "mails.csv"
    path.write_text("text,labels\nSee you at the interview on Monday at nine.,not_rejection\n")
    assert "No mail was misjudged." in run(path).stdout
    assert json.loads(run(path, "--format", "json").stdout)["labels"]["hard_no"]["f1"] is None
    assert run(path, "--format", "html").exit_code == 0


def test_bad_examples(tmp_path):
    """Problems are named a line each, and one error line says what to do; --skip-bad goes on and says so."""
    path = tmp_path / "mails.csv"
    path.write_text("text,labels\nWe chose another candidate.,hard_no\nb,hrd_no\n,soft_no\n")
    done = run(path)
    assert (done.exit_code, done.stdout) == (1, "")
    first, second, error = done.stderr.splitlines()
    assert first == f"{path}, line 3, labels: there is no label 'hrd_no' (did you mean hard_no?)"
    assert second == f"{path}, line 4, text: empty"
    assert error == (
        f"Error: 2 problems in {path}, so nothing was used. Correct them, or leave these mails out with --skip-bad."
    )
    done = run(path, "--skip-bad")
    assert done.exit_code == 0
    assert "Note: 2 examples with a problem were left out." in done.stdout


def test_an_existing_file_stays(samples, tmp_path):
    """-o never writes over a file."""
    target = tmp_path / "report.html"
    target.write_text("mine")
    assert run(samples / "labelled", "--format", "html", "-o", target).exit_code == 1
    assert target.read_text() == "mine"


def test_another_model_that_is_none(samples, tmp_path):
    """A model that cannot be used is one error line."""
    done = run(samples / "labelled", "--model", tmp_path / "none.bin")
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: ")


def test_figures_kept_in_a_card(tmp_path, monkeypatch, capsys):
    """What is measured on labelled mail is kept in the model's card, the same figures that the table shows."""
    mails = tmp_path / "mails.jsonl"
    rows = read_examples(ROOT / "data" / "samples" / "labelled.csv").mails
    mails.write_text(
        "".join(json.dumps({"text": one.text, "labels": sorted(one.labels)}) + "\n" for one in rows)
    )
    card = tmp_path / "rejoinder-en.json"
    for ending in (".bin", ".json"):
        shutil.copy(SHIPPED.with_suffix(ending), tmp_path)
    monkeypatch.setattr(sys, "argv", ["measuring", str(mails), "--card", str(card)])
    measuring.main()
    assert "| rejection |" in capsys.readouterr().out
    measured = json.loads(card.read_text("utf-8"))["measured"]
    report = evaluate(measuring.read_labelled(mails), Judge(load_model(card)))
    assert measured["mails"] == report.total
    assert measured["rejection"]["recall"] == round(report.scores["rejection"].recall, 3)
    assert measured["macro-F1"] == round(report.macro_f1, 3)


def test_the_shipped_card_says_what_the_readme_says():
    """The figures of the shipped card are those of the README's table."""
    measured = json.loads(SHIPPED.with_suffix(".json").read_text("utf-8"))["measured"]
    readme = (ROOT / "README.md").read_text("utf-8")
    for name, score in measured.items():
        if isinstance(score, dict):
            row = next(line for line in readme.splitlines() if line.startswith(f"| {name} |"))
            assert [cell.split()[0] for cell in row.split("|")[2:6]] == [
                f"{score['precision']:.3f}", f"{score['recall']:.3f}", f"{score['f1']:.3f}", str(score["there"]),
            ]  # fmt: skip
    assert f"Macro-F1 of the five labels {measured['macro-F1']:.3f}" in readme


def test_the_readme_shows_what_is_measured_on_unseen_mail():
    """The second table of the README is what `make eval-unseen` prints."""
    report = evaluate(read_labelled(ROOT / "tests" / "unseen"), Judge(load_model(SHIPPED)))
    assert table(report) in (ROOT / "README.md").read_text("utf-8")
