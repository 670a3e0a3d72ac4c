"""Labelled examples as people have them, and everything that may be wrong with a file of them."""

import json
import os

import pytest

from rejoinder.errors import ExamplesError
from rejoinder.learn.examples import read_examples

NO = "We have decided to go with another candidate."
HEAD = "text,labels\r\n"


@pytest.fixture
def write(tmp_path):
    """A file of examples from text or bytes: `write(".csv", ...)`."""

    def make(suffix, content, name="mails"):
        path = tmp_path / f"{name}{suffix}"
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    return make


def problems(path, **options):
    """What is wrong with a file, a line each."""
    with pytest.raises(ExamplesError) as caught:
        read_examples(path, **options)
    return caught.value.problems or (caught.value.what,)


def labels(path, **options):
    """The labels of the mails in a file, in order."""
    return [" ".join(sorted(mail.labels)) for mail in read_examples(path, **options).mails]


def test_json_lines(write):
    """JSON Lines give text, subject, sender, labels and stage; no labels is no rejection."""
    first = {
        "text": NO,
        "subject": "Your application",
        "from": "a@b.example",
        "labels": ["hard_no"],
        "stage": "final",
    }
    path = write(
        ".jsonl", f"{json.dumps(first)}\n\n" + json.dumps({"text": "See you on Monday.", "labels": []}) + "\n"
    )
    one, two = read_examples(path).mails
    assert (one.text, one.subject, one.sender, one.labels, one.stage) == (
        NO, "Your application", "a@b.example", {"hard_no"}, "final",
    )  # fmt: skip
    assert (two.labels, two.stage, two.where) == (frozenset(), "unknown", f"{path}, line 3")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv(separator, encoding, end, write):
    """CSV as spreadsheet programs write it, whatever separator, byte-order mark and line ends."""
    rows = [
        ("Text", "Labels", "Stage", "From"),
        (f'"Dear Zoë,{end}{end}{NO}"', '"Soft No; skill-gap"', "Final", "ada@b.example"),
        ('"She said ""no"", and left."', "not_rejection", "", ""),
    ]
    path = write(".csv", end.join(separator.join(row) for row in rows).encode(encoding))
    one, two = read_examples(path).mails
    assert "Zoë" in one.text
    assert (one.labels, one.stage, one.sender) == (
        {"soft_no", "skill_gap", "feedback_given"}, "final", "ada@b.example",
    )  # fmt: skip
    assert two.text == 'She said "no", and left.'
    assert two.where.endswith("line 5")


def test_folder(tmp_path):
    """A folder of folders named after labels; what the system leaves there is no mail."""
    for folder, name in (("Hard No", "a.eml"), ("soft_no;skill_gap", "b.txt"), ("not_rejection", "c.eml")):
        (tmp_path / "mails" / folder / "deep").mkdir(parents=True)
        text = f"From: Ada <ada@b.example>\nSubject: News\n\nHello,\n{name} says this and that to you.\n"
        (tmp_path / "mails" / folder / "deep" / name).write_text(text)
    (tmp_path / "mails" / "Hard No" / ".DS_Store").write_bytes(b"\0\0")
    (tmp_path / "mails" / "README.txt").write_text("how we labelled")
    found = read_examples(tmp_path / "mails")
    assert {mail.where.rpartition("/")[2]: set(mail.labels) for mail in found.mails} == {
        "a.eml": {"hard_no"}, "b.txt": {"soft_no", "skill_gap", "feedback_given"}, "c.eml": set(),
    }  # fmt: skip
    assert {mail.sender for mail in found.mails} == {"Ada <ada@b.example>"}
    assert found.notes == ("1 file beside the labels' folders left out",)


def test_labels_are_completed(write):
    """A reason brings feedback with it, and a label without an outcome is a hard no."""
    path = write(".csv", HEAD + "a,culture fit\nb,FEEDBACK_GIVEN\nc,soft_no;feedback_given\nd,\n")
    assert labels(path) == [
        "culture_fit feedback_given hard_no", "feedback_given hard_no", "feedback_given soft_no", "",
    ]  # fmt: skip


def test_labels_of_ones_own(write):
    """A label of the user's own is unknown until it is said to be one."""
    path = write(".csv", HEAD + "a,Ghosted\n")
    assert labels(path, extra_labels=["ghosted"]) == ["ghosted hard_no"]
    assert "no label 'ghosted'" in problems(path)[0]


def test_every_problem_is_named(write):
    """Each problem stands with file, line and field, also after texts with line breaks and empty lines."""
    rows = [
        '"two\r\nlines",hard_no',
        "",
        "b,hrd_no",
        "c,hard_no;soft_no",
        "d,not_rejection;skill_gap",
        ",hard_no",
        "short",
    ]
    path = write(".csv", HEAD + "\r\n".join(rows) + "\r\n")
    found = problems(path)
    assert [problem.removeprefix(f"{path}, ").partition(":")[0] for problem in found] == [
        "line 5, labels", "line 6, labels", "line 7, labels", "line 8, text", "line 9, labels",
    ]  # fmt: skip
    assert "did you mean hard_no?" in found[0]
    assert "one outcome" in found[1]
    assert len(read_examples(path, skip_bad=True).mails) == 1


def test_stage_nobody_knows(write):
    """A stage that does not exist is named, with the one that was meant."""
    (problem,) = problems(write(".csv", "text,labels,stage\na,hard_no,finale\n"))
    assert "stage: there is no stage 'finale' (did you mean final?)" in problem


def test_repeated_mails(write):
    """A mail that stands there twice counts once, and that is said."""
    found = read_examples(write(".csv", HEAD + f"{NO},hard_no\n{NO.upper()}  ,Hard No\nb,\n"))
    assert len(found.mails) == 2
    assert found.notes == ("1 repeated mail was left out",)


def test_one_text_two_labels(write):
    """The same text with other labels is a contradiction; neither is used."""
    path = write(".csv", HEAD + f"{NO},hard_no\nb,\n{NO},soft_no\n")
    assert problems(path) == (f"{path}, line 4, labels: other labels than {path}, line 2, for the same text",)
    assert [mail.text for mail in read_examples(path, skip_bad=True).mails] == ["b"]


def test_only_ten_are_shown(write):
    """The message names ten problems and counts the others; the error holds all."""
    path = write(".csv", HEAD + "".join(f"mail {n},nonsense\n" for n in range(25)))
    with pytest.raises(ExamplesError) as caught:
        read_examples(path)
    assert len(caught.value.problems) == 25
    assert str(caught.value).count("nonsense") == 10
    assert "and 15 more" in str(caught.value)
    assert "--skip-bad" in str(caught.value)


def test_windows_1252(write):
    """A file that no line shows to be UTF-8 is read as Windows-1252, and that is said."""
    found = read_examples(write(".csv", (HEAD + "Désolé,hard_no\n").encode("cp1252")))
    assert found.mails[0].text == "Désolé"
    assert "read as Windows-1252" in found.notes[0]


def test_mixed_encodings(write):
    """Where some lines are UTF-8 and others are not, the others are named."""
    path = write(".csv", (HEAD + "Désolé,hard_no\n").encode() + "Zoë,hard_no\n".encode("cp1252"))
    (problem,) = problems(path)
    assert problem.startswith(f"{path}, line 3, text: not UTF-8")
    path = write(".jsonl", '{"text": "Zoë", "labels": []}\n'.encode("cp1252"))
    assert "line 1, encoding" in problems(path)[0]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("mail,labels", "no column `text`"),
        ("text,label", "no column `labels` (rename label?)"),
        ("text,labels,text", "`text` twice"),
        ("We regret to say,hard_no", "no column `text` and no column `labels`"),
    ],
)
def test_wrong_columns(head, said, write):
    """Columns that are missing or stand twice are named, with those that are there."""
    (problem,) = problems(write(".csv", f"{head}\na,b\n"), skip_bad=True)
    assert said in problem
    assert "line 1" in problem


def test_columns_without_use(write):
    """A column that nothing is made of is named, so that a misspelt one is noticed."""
    found = read_examples(write(".csv", "text,labels,stages,id,\na,hard_no,mid,7,\n"))
    assert found.notes == ("columns that are not used: stages",)


def test_too_many_fields(write):
    """A comma in a text without quotation marks is noticed."""
    (problem,) = problems(write(".csv", HEAD + "Sorry, no,hard_no\n"))
    assert "line 2, line: more fields than columns" in problem


@pytest.mark.parametrize(
    "rest", ['"open,hard_no\r\nb,soft_no\r\n', '"open,hard_no\r\n"b",soft_no\r\n', "x" * 140_000 + ",hard_no"]
)
def test_broken_quotes(rest, write):
    """A file with a quotation mark that is never closed is refused whole, also with --skip-bad: no row of it is sure."""
    (problem,) = problems(write(".csv", HEAD + "a,hard_no\r\n" + rest), skip_bad=True)
    assert "no CSV at line" in problem


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[1, 2]", "no JSON object"),
        ("{", "no JSON object"),
        ("[" * 100_000, "no JSON object"),
        ('{"text": "a"}', "labels: missing"),
        ('{"text": "a", "labels": null}', "labels: missing"),
        ('{"text": "a", "labels": {"hard_no": true}}', "labels: not a list"),
        ('{"text": ["a"], "labels": []}', "text: not text"),
        ('{"text": " ", "labels": []}', "text: empty"),
        ('{"labels": []}', "text: empty"),
        ('{"text": "a", "labels": [], "stage": 3}', "stage: not text"),
    ],
)
def test_bad_json_lines(line, said, write):
    """A line that is no example is named with what is wrong with it."""
    path = write(".jsonl", '{"text": "b", "labels": "hard_no;soft no"}'.replace(";soft no", "") + "\n" + line)
    (problem,) = problems(path)
    assert problem.startswith(f"{path}, line 2, ")
    assert said in problem


def test_bad_folders(tmp_path, write):
    """A folder with another name and a mail that cannot be read are named; an empty folder holds no example."""
    with pytest.raises(ExamplesError, match="no usable example"):
        read_examples(tmp_path)
    for name in ("hard_no", "rejected", "soft_no"):
        (tmp_path / name).mkdir()
    with pytest.raises(ExamplesError, match="no label 'rejected'"):
        read_examples(tmp_path)
    (tmp_path / "rejected").rmdir()
    (tmp_path / "hard_no" / "scan.pdf").write_bytes(b"%PDF-1.7 ...")
    (tmp_path / "soft_no" / "empty.eml").write_bytes(b"From: a@b.example\n\n")
    first, second = problems(tmp_path)
    assert "scan.pdf, file:" in first
    assert "a PDF" in first
    assert "empty.eml, text: empty" in second


@pytest.mark.parametrize(
    ("suffix", "content", "said"),
    [
        (".csv", b"", "is empty"),
        (".jsonl", b"\n \n", "is empty"),
        (".csv", b"PK\x03\x04rest", "Excel workbook"),
        (".csv", b"text,labels\n" + bytes(100), "not a text file"),
        (".csv", b"text,labels\n", "no usable example"),
        (".csv", b"\xff\xfet\x00e", "damaged"),
    ],
)
def test_no_examples_at_all(suffix, content, said, write):
    """A file that is empty, or something else, is refused by name."""
    (problem,) = problems(write(suffix, content))
    assert said in problem


def test_two_gigabytes(tmp_path):
    """A file far too large is refused at once, unread."""
    path = tmp_path / "all.csv"
    with path.open("wb") as file:
        file.write(HEAD.encode())
        file.truncate(2_000_000_000)
    (problem,) = problems(path, skip_bad=True)
    assert "2.0 GB" in problem


def test_no_such_file(tmp_path):
    """A path that leads nowhere is said to."""
    (problem,) = problems(tmp_path / "none.csv")
    assert "cannot be read: No such file" in problem


def test_no_ordinary_file(tmp_path):
    """A pipe, which cannot be read twice, is refused and not waited for."""
    os.mkfifo(tmp_path / "pipe.csv")
    (problem,) = problems(tmp_path / "pipe.csv")
    assert "not an ordinary file" in problem
