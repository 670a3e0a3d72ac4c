"""Labels of one's own: said once, they are known, and stand wherever the five do."""

import csv
import json
import re
import sqlite3
from datetime import date

import pytest
from click.testing import CliRunner

from rejoinder import plan
from rejoinder.cli import main
from rejoinder.errors import ExamplesError
from rejoinder.learn.gathering import gather

MAIL = "final_round_no.eml"


def run(*arguments):
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.fixture
def box(samples, tmp_path):
    """A folder of three mails, one of which was said to be `salary`, which the shipped model does not know."""
    folder = tmp_path / "box"
    folder.mkdir()
    for name in (MAIL, "ats_form_no.eml", "soft_no.txt"):
        (folder / name).with_suffix(".eml").write_bytes((samples / name).read_bytes())
    done = run("correct", folder / MAIL, "salary", "--label", "Salary")
    assert done.exit_code == 0, done.output
    return folder


@pytest.mark.parametrize("option", ["--label", "--extra-label"])
def test_one_option_everywhere(option, samples, tmp_path) -> None:
    """`correct`, `evaluate`, `train` and `label` take a label of one's own by the same option."""
    assert run("correct", samples / MAIL, "salary", option, "salary").exit_code == 0
    path = tmp_path / "few.csv"
    path.write_text("text,labels\nWe are sorry to say that we chose somebody else.,salary\n")
    assert run("evaluate", path, option, "salary").exit_code == 0
    assert "Too few examples: all together" in run("train", path, option, "salary").stderr
    assert "needs a terminal" in run("label", path, option, "salary").stderr


def test_it_is_known_after_it_was_said(box) -> None:
    """A label that a mail was given need not be introduced again, neither to correct nor to evaluate."""
    assert run("correct", box / "soft_no.eml", "salary", "soft_no").exit_code == 0
    assert run("correct", box / "soft_no.eml", "celery").exit_code == 1
    shown = run("evaluate", box, "--format", "json")
    assert json.loads(shown.stdout)["labels"]["salary"]["missed"] == 2


def test_an_unknown_one_is_explained(tmp_path) -> None:
    """A label that nobody has introduced is refused with the option that introduces it; a misspelt one is guessed."""
    path = tmp_path / "few.csv"
    path.write_text("text,labels\nNo.,visa trouble\n")
    assert "--label NAME" in run("train", path).stderr
    path.write_text("text,labels\nNo.,sotf no\n")
    done = run("train", path)
    assert "did you mean soft_no?" in done.stderr
    assert "--label" not in done.stderr


def test_it_cannot_be_just_anything(samples, home) -> None:
    """What no file could be named after is refused before it is kept."""
    done = run("correct", samples / MAIL, "pay!", "--label", "pay!")
    assert done.exit_code == 1
    assert "cannot be a label" in done.stderr
    assert not home.exists()


def test_it_stands_in_every_table(box, tmp_path) -> None:
    """A scan shows it in JSON, CSV, database, page and summary, with no probability where the model has none."""

    def scanned(*options):
        done = run("scan", box, *options)
        assert done.exit_code == 0, done.output
        return done.stdout

    rows = list(map(json.loads, scanned("--format", "jsonl").splitlines()))
    assert sum("salary" in row["labels"] for row in rows) == 1
    rows = list(csv.DictReader(scanned("--format", "csv").splitlines()))
    assert any("salary" in row["labels"].split(";") for row in rows)
    scanned("--format", "sqlite", "-o", tmp_path / "box.db")
    with sqlite3.connect(tmp_path / "box.db") as database:
        assert database.execute("SELECT probability FROM labels WHERE label = 'salary'").fetchall() == [
            (None,)
        ]
        assert database.execute("SELECT count(*) FROM plan WHERE until IS NOT NULL").fetchone()[0] > 0
    scanned("--report", tmp_path / "page.html", "--summary", tmp_path / "counts.json")
    assert re.search(r"\bsalary\b", (tmp_path / "page.html").read_text("utf-8"))
    assert json.loads((tmp_path / "counts.json").read_text())["labels"]["salary"] == 1


def test_too_rare_to_teach(tmp_path) -> None:
    """A label that was said now and then keeps nothing from being taught, and that it is not is said."""
    rows = [{"text": f"Mail number {at} about berth {at}.", "labels": ["hard_no"]} for at in range(12)]
    rows[3]["labels"].append("salary")
    path = tmp_path / "rare.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    found = gather([path], (), ["salary"])
    assert found.own == ()
    assert {label for mail in found.mails for label in mail.labels} == {"hard_no"}
    assert any("salary is not taught: 1 of 12" in note for note in found.notes)
    assert gather([path], ["salary"], ()).own == ("salary",)
    with pytest.raises(ExamplesError, match="1 problem"):
        gather([path], (), ())


def test_a_plan_in_python_takes_its_letter(verdict, message, letter, tmp_path) -> None:
    """`rejoinder.plan` writes from the template named after an own label, as the command line does."""
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "salary.txt.j2").write_text("Thank you for naming the salary.\n")
    said = verdict(stage="final", labels=("hard_no", "salary"))
    mail = message(), letter()
    assert plan(*mail, said, today=date(2026, 3, 12), templates=folder).sends[0].template == "salary"
    advice = plan(*mail, said, today=date(2026, 3, 12)).steps[-1].text
    assert "There is no letter for your label salary" in advice
