"""How well company and role are read, against what a person found."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rejoinder.errors import ExamplesError
from rejoinder.learn.naming import (
    compare,
    read_details,
    read_mails,
    read_named,
    same_company,
    same_role,
    tally,
)

HERE = Path(__file__).parent
TRUTH = HERE / "truth"
CORPUS = HERE.parent / "data" / "corpus" / "mails"
DEV = HERE.parent.parent / "shared" / "eval" / "dev.jsonl"


@pytest.fixture(scope="module")
def corpus():
    """The tallies over those corpus mails whose names were found by reading."""
    named = read_named(TRUTH / "corpus_details.json")
    mails = [mail for path in sorted(CORPUS.glob("*.jsonl")) for mail in read_mails(path) if mail[0] in named]
    assert len(mails) == len(named) >= 180
    return compare(mails, named, read_details)


def test_names_are_read_in_our_own_mails(corpus):
    """Company and role come out as a person reads them in the corpus, and seldom wrong."""
    company, role = corpus
    assert company.right / company.named >= 0.95, company.misread
    assert role.right / role.named >= 0.88, role.misread
    assert company.wrong / company.total <= 0.01, company.misread
    assert role.wrong / role.total <= 0.01, role.misread


@pytest.mark.skipif(not DEV.exists(), reason="the evaluation mails are not part of the project")
def test_names_are_read_in_other_peoples_mails():
    """Company and role come out as a person reads them in mail that is not ours, and hardly ever wrong."""
    company, role = compare(read_mails(DEV), read_named(TRUTH / "dev_details.json"), read_details)
    assert company.right / company.named >= 0.97
    assert role.right / role.named >= 0.97
    assert company.wrong / company.total <= 0.01
    assert role.wrong / role.total <= 0.01


@pytest.mark.parametrize(
    ("found", "there", "same"),
    [
        ("Fenwick Glass", "FENWICK GLASS", True),
        ("Fenwick Glass, Inc.", "Fenwick Glass", True),
        ("The Fenwick Company Ltd", "Fenwick Company", True),
        ("Lark & Finch", "Lark and Finch", True),
        ("WeRide.ai", "WeRideai", True),
        ("Fenwick", "Fenwick Glass", False),
        ("Fenwick Glass", "Fenwick", False),
        ("Inc", "Ltd", False),
    ],
)
def test_same_company(found, there, same):
    """Case, punctuation, `the` and the legal form do not make another company; a missing word does."""
    assert same_company(found, there) is same


@pytest.mark.parametrize(
    ("found", "there", "same"),
    [
        ("senior data engineer", "Senior Data Engineer", True),
        ("Senior Data Engineer (Remote)", "Senior Data Engineer", True),
        ("Data Engineer", "Data Engineer II", True),
        ("Data Engineer, REQ-20418", "Data Engineer", True),
        ("Data Engineer", "Senior Data Engineer", False),
        ("Data Engineer", "Data Engineer, Payments", False),
        ("Data", "Data Engineer", False),
    ],
)
def test_same_role(found, there, same):
    """A place, level or number behind a role does not make another role; anything else does."""
    assert same_role(found, there) is same


def test_naming_something_where_nothing_is_counts_as_wrong():
    """Right, wrong and missed are counted over what is there and what was found."""
    pairs = [
        ("a", ("Acme",), "Acme"),
        ("b", ("Acme",), "Bcme"),
        ("c", ("Acme",), None),
        ("d", (), "Acme"),
        ("e", (), None),
    ]
    result = tally(pairs, same_company)
    assert (result.right, result.named, result.wrong, result.total) == (1, 3, 2, 5)
    assert [key for key, *_ in result.misread] == ["b", "c", "d"]


def test_mails_without_truth_are_left_out(tmp_path):
    """Only the mails that somebody read for their names are compared."""
    path = tmp_path / "named.json"
    path.write_text(json.dumps({"a": {"company": ["Acme", "Acme Tools"], "role": None}}), "utf-8")
    mails = [(key, "Thank you for applying to Acme Tools.") for key in "ab"]
    company, role = compare(mails, read_named(path), read_details)
    assert (company.right, company.total, role.named, role.wrong) == (1, 1, 0, 0)


@pytest.mark.parametrize("text", ["", "[1]", '{"a": 1}', '{"a": {"company": null}}'])
def test_broken_truth_is_a_clear_error(tmp_path, text):
    """A truth file that cannot be read names itself."""
    path = tmp_path / "named.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ExamplesError, match=r"named\.json"):
        read_named(path)


def test_absent_mails_are_no_error(tmp_path):
    """Without the mails there is nothing to measure, and the command says so."""
    run = subprocess.run(
        [sys.executable, "-m", "rejoinder.learn.naming", tmp_path / "none.jsonl", TRUTH / "dev_details.json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0
    assert "nothing to measure" in run.stdout
