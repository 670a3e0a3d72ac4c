import csv
import json
import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rejoinder import Failure, Result, scan
from rejoinder.output.records import KEYS

LIFE = (
    "Hello Dana,\n\nthe allotment committee meets on Thursday behind the greenhouse. Bring gloves, the hedge needs cutting, and "
    "the compost heap has to move before the frost. Ruth brings soup, Piet the ladder, and I have borrowed the big shears from "
    "the neighbours at number nine. If it rains we shall sit in the shed and sort seeds instead.\n\nUntil then\nOmar\n"
)
#: Longer than a working machine needs for any of these.
PATIENCE = 120


def mail(
    text,
    number,
    subject="Hello",
    sender="Omar <omar@post.example>",
    to="Dana Li <dana@mail.example>",
    more="",
    pad=0,
):
    """An mbox entry; `pad` bytes of attachment make a mailbox long without making it slow to read."""
    body = f"Content-Type: text/plain; charset=utf-8\n\n{text}"
    if pad:
        junk = "\n".join(["QUJD" * 18] * (pad // 73))
        body = (
            f"Content-Type: multipart/mixed; boundary=bb\n\n--bb\n{body}\n--bb\nContent-Type: application/pdf\n"
            f"Content-Transfer-Encoding: base64\n\n{junk}\n--bb--"
        )
    day = 1 + number % 27
    head = (
        f"From x@y Thu Jan {day:02} 10:00:00 2026\nFrom: {sender}\nTo: {to}\nSubject: {subject}\n"
        f"Date: Thu, {day:02} Jan 2026 10:00:00 +0000\nMessage-ID: <{number}@post.example>\n{more}"
    )
    return f"{head}{body}\n\n".encode()


def noes(count):
    """Plain noes, each from a company of its own."""
    firms = (
        "Alder",
        "Birch",
        "Cedar",
        "Damson",
        "Elder",
        "Fir",
        "Gorse",
        "Hazel",
        "Ilex",
        "Juniper",
        "Larch",
        "Maple",
    )
    return [
        f"Dear Dana,\n\nThank you for your interest in the Data Analyst position at {firm} Systems and for the time you put into "
        "your application. After careful consideration, we have decided to move forward with other candidates whose experience "
        "more closely matches what we need. Unfortunately, we are not able to offer you the role.\n\nWe wish you all the best "
        f"in your job search.\n\nKind regards\nThe {firm} Systems recruiting team\n"
        for firm in firms[:count]
    ]


def mailbox(path, noes_among=6, others=30, pad=0):
    """Rejections among ordinary mail; returns how many messages there are."""
    every = others // noes_among
    number = 0
    with path.open("ab") as file:
        for no in noes(noes_among):
            file.write(mail(no, number, "Your application", "HR <jobs@firm.example>", pad=pad))
            number += 1
            for _ in range(every):
                file.write(mail(LIFE, number, pad=pad))
                number += 1
    return number


@pytest.fixture
def box(tmp_path):
    mailbox(tmp_path / "box.mbox")
    return tmp_path / "box.mbox"


@pytest.fixture
def run(rejoinder):
    """The program, patiently; its exit status must be the one expected."""

    def go(*arguments, code=0):
        done = rejoinder("scan", *arguments, timeout=PATIENCE)
        assert done.returncode == code, done.stderr.decode()
        return done

    return go


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_every_message_is_one_value(box):
    """The library gives one value a message: a Result, or a Failure that says why not."""
    values = list(scan(box))
    assert len(values) == 36
    assert all(isinstance(value, Result | Failure) for value in values)
    assert sum(value.verdict.rejection for value in values) == 6
    assert [value.message.origin.position for value in values] == list(range(1, 37))


def test_json_lines_hold_the_rejections(run, box):
    """One object a rejection with all keys, and the rest only in the summary."""
    done = run(box, "--format", "jsonl", "--summary", "counts.json", "--today", "2026-03-12")
    rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert [set(row) for row in rows] == [set(KEYS)] * 6
    assert rows[0]["source"] == f"{box}#1"
    counts = json.loads((box.parent / "counts.json").read_text())
    assert counts["total"] == counts["read"] + sum(counts["skipped"].values()) == 36
    assert counts["rejections"] == sum(counts["stages"].values()) == 6
    assert {"labels", "months", "seconds"} <= set(counts)
    assert b"6 rejections" in done.stderr


def test_rejections_read_the_same_with_and_without_all(run, box):
    """What a row of a rejection says does not depend on whether the others have one."""
    fixed = ("--format", "jsonl", "--today", "2026-03-12")
    every, few = (
        [json.loads(line) for line in run(box, *fixed, *more).stdout.splitlines()] for more in (["--all"], [])
    )
    assert few == [row for row in every if row["rejection"]]
    assert all(re.fullmatch("[0-9a-f]{16}", row["id"]) for row in every)


def test_all_gives_a_row_to_every_message(run, box):
    """--all adds what is no rejection, with every key and nothing guessed."""
    rows = [json.loads(line) for line in run(box, "--format", "jsonl", "--all").stdout.decode().splitlines()]
    assert len(rows) == 36
    other = rows[1]
    assert set(other) == set(KEYS)
    assert (other["rejection"], other["label"], other["company"], other["evidence"]) == (
        False,
        None,
        None,
        [],
    )
    assert other["probabilities"]["rejection"] < 0.5


def test_the_table_is_short_and_harmless(run, tmp_path):
    """The table names date, company, label, stage and subject, and no control sequence comes through."""
    (tmp_path / "box.mbox").write_bytes(mail(noes(1)[0], 1, "Hi \x1b[31m there", "HR <a@firm.example>"))
    shown = run(tmp_path / "box.mbox").stdout.decode()
    assert shown.splitlines()[0].split() == ["date", "company", "role", "label", "stage", "subject"]
    assert "2026-01-02" in shown
    assert "\x1b" not in shown


def test_what_is_left_out_is_counted(run, tmp_path):
    """Duplicates, own mail, drafts, spam and empty mail are skipped with their reason, and can be asked for."""
    no = noes(1)[0]
    parts = [
        mail(no, 1, "Your application"),
        mail(no, 1, "Your application"),
        mail(LIFE, 2, sender="Dana <dana@mail.example>"),
    ]
    parts += [
        mail(no, 3, "x", more="X-Gmail-Labels: Spam\n"),
        mail(LIFE, 4, sender="Dana <dana@mail.example>", more="X-Gmail-Labels: Drafts\n"),
    ]
    parts += [mail("", 5, ""), *(mail(LIFE, 10 + at) for at in range(8))]
    (tmp_path / "box.mbox").write_bytes(b"".join(parts))
    run("box.mbox", "--summary", "a.json")
    counts = json.loads((tmp_path / "a.json").read_text())
    assert counts["skipped"] == {"draft": 1, "duplicate": 1, "empty": 1, "sent": 1, "spam": 1}
    assert (counts["total"], counts["read"], counts["rejections"]) == (14, 9, 1)
    run("box.mbox", "--include", "sent,spam,drafts", "--summary", "b.json")
    counts = json.loads((tmp_path / "b.json").read_text())
    assert counts["skipped"] == {"duplicate": 1, "empty": 1}
    assert run("box.mbox", "--include", "bin", code=2).stdout == b""


def test_since_leaves_out_older_mail(run, box):
    """--since leaves out what was sent before the day, and counts it."""
    run(box, "--since", "2026-01-15", "--summary", "counts.json")
    counts = json.loads((box.parent / "counts.json").read_text())
    assert counts["skipped"]["before --since"] == 14 + 9
    assert counts["total"] == 36


def test_an_unreadable_message_has_its_line(run, tmp_path):
    """What cannot be read is a line with its error and reason, and the end is still 0."""
    (tmp_path / "mails").mkdir()
    (tmp_path / "mails" / "a.eml").write_bytes(mail(noes(1)[0], 1).partition(b"\n")[2])
    (tmp_path / "mails" / "b.eml").write_bytes(b"\x89PNG\r\n" + bytes(range(256)) * 4)
    (tmp_path / "mails" / "c.eml").write_bytes(b"")
    rows = [
        json.loads(line)
        for line in run("mails", "--format", "jsonl", "--summary", "s.json").stdout.splitlines()
    ]
    assert all(set(row) == {"source", "error", "reason"} for row in rows if "error" in row)
    counts = json.loads((tmp_path / "s.json").read_text())
    assert counts["total"] == counts["read"] + sum(counts["skipped"].values()) == 3


def test_mail_in_another_language_is_not_judged(run, tmp_path):
    """rejection is null for what the model cannot read, although the gate saw it first."""
    german = (
        "Sehr geehrte Frau Li, vielen Dank für Ihre Bewerbung und Ihr Interesse an unserem Unternehmen. Leider müssen wir Ihnen "
        * 3
    )
    (tmp_path / "box.mbox").write_bytes(mail(german, 1) + mail(LIFE, 2))
    rows = [json.loads(line) for line in run("box.mbox", "--format", "jsonl", "--all").stdout.splitlines()]
    assert [(row["rejection"], row["language"]) for row in rows] == [(None, "de"), (False, "en")]


def test_csv_runs_nothing_in_a_spreadsheet(run, tmp_path):
    """A cell that a spreadsheet would compute gets a quote before it."""
    (tmp_path / "box.mbox").write_bytes(mail(noes(1)[0], 1, "=HYPERLINK(1)", "HR <a@firm.example>"))
    run("box.mbox", "--format", "csv", "-o", "rows.csv")
    with (tmp_path / "rows.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["subject"] == "'=HYPERLINK(1)"
    assert rows[0]["rejection"] == "True"


def test_parquet_has_the_columns_of_the_csv(run, box):
    """Parquet and CSV hold the same rows."""
    from pyarrow import parquet

    run(box, "--format", "parquet", "-o", "rows.parquet")
    run(box, "--format", "csv", "-o", "rows.csv")
    table = parquet.read_table(box.parent / "rows.parquet").to_pylist()
    with (box.parent / "rows.csv").open(newline="") as file:
        assert [row["id"] for row in table] == [row["id"] for row in csv.DictReader(file)]
    assert all(row["rejection"] is True for row in table)


def test_sqlite_is_a_real_database(run, box):
    """Messages, evidence and plan belong together, and every key that points points somewhere."""
    run(box, "--format", "sqlite", "-o", "box.db", "--all")
    with sqlite3.connect(box.parent / "box.db") as database:
        assert database.execute("SELECT count(*), sum(rejection) FROM messages").fetchone() == (36, 6)
        found = database.execute(
            "SELECT count(*) FROM messages WHERE rejection AND EXISTS (SELECT 1 FROM evidence WHERE message = number)"
            " AND EXISTS (SELECT 1 FROM plan WHERE message = number)"
        )
        assert found.fetchone() == (6,)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.skipif(shutil.which("datasette") is None, reason="datasette is not installed")
def test_datasette_opens_the_database(run, box):
    """The database opens in Datasette."""
    run(box, "--format", "sqlite", "-o", "box.db")
    get = ["datasette", str(box.parent / "box.db"), "--get", "/box/messages.json?_shape=array"]
    shown = subprocess.run(get, capture_output=True, timeout=PATIENCE, check=True)
    assert len(json.loads(shown.stdout)) == 6


def test_drafts_become_files_with_safe_names(run, tmp_path):
    """Drafts go to a folder or an mbox; names are plain whatever the mail says, and nothing is overwritten."""
    text = noes(1)[0] + "\nWe will keep in touch.\n"
    evil = "Ada Moor <ada@../../../etc/passwd.example>"
    sample = (Path(__file__).parent.parent / "data/samples/final_round_no.eml").read_bytes()
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.eml").write_bytes(sample)
    (tmp_path / "in" / "b.eml").write_bytes(mail(text, 2, "../../x", evil).partition(b"\n")[2])
    run("in", "--drafts", "drafts", "--me", "Dana Li")
    names = sorted(path.name for path in (tmp_path / "drafts").iterdir())
    assert names
    assert all(re.fullmatch(r"[0-9a-z_.-]+\.eml", name) for name in names)
    run("in", "--drafts", "drafts.mbox", "--me", "Dana Li")
    assert (tmp_path / "drafts.mbox").read_bytes().count(b"\nX-Unsent: 1") == len(names)
    assert b"Dana Li" in (tmp_path / "drafts.mbox").read_bytes()


def test_the_report_loads_and_runs_nothing(run, tmp_path):
    """The page escapes what mails say and refers to nothing outside itself."""
    text = noes(1)[0].replace("\n\n", "\n\n<script>alert(1)</script> ", 1)
    (tmp_path / "box.mbox").write_bytes(mail(text, 1, "<img src=x onerror=alert(1)>", "HR <a@firm.example>"))
    run("box.mbox", "--report", "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "One of them is a rejection" in page
    assert "&lt;img src=x" in page
    assert not re.search(r"<(?:script|img|link|iframe)\b|https?://|@import|url\(", page)


def test_the_stage_comes_from_the_history(run, tmp_path):
    """Receipt, test and talks before the no say how far it had come, in whatever order the file has them."""
    receipt = "Dear Dana,\n\nThank you for applying to Fenwick Labs for the role of Data Analyst. We have received your application.\n\nKind regards\nFenwick Labs"
    invite = "Dear Dana,\n\nThank you for applying for the Data Analyst role at Fenwick Labs. We would like to invite you to an interview on Tuesday at 10:00.\n\nKind regards\nAda Moor"
    no = "Dear Dana,\n\nThank you for your interest in the Data Analyst role at Fenwick Labs. Unfortunately, we have decided not to move forward with your application.\n\nKind regards\nFenwick Labs"
    sender = "Fenwick Labs <jobs@fenwick.example>"
    subject = "Data Analyst at Fenwick Labs"
    mails = [
        mail(receipt, 1, subject, sender),
        mail(invite, 5, subject, sender),
        mail(no, 9, subject, sender),
    ]
    for name, order in (("before", mails), ("after", mails[::-1])):
        (tmp_path / f"{name}.mbox").write_bytes(b"".join(order))
        run(f"{name}.mbox", "--format", "jsonl", "-o", f"{name}.jsonl")
        (row,) = lines(tmp_path / f"{name}.jsonl")
        assert (row["stage"], row["stage_source"]) == ("mid", "thread")
        assert {"thank_you", "feedback_request"} >= {
            step["template"] for step in row["plan"] if step["do"] == "send"
        }
    run("before.mbox", "--format", "jsonl", "--stage", "final", "-o", "option.jsonl")
    assert lines(tmp_path / "option.jsonl")[0]["stage_source"] == "option"


def test_what_is_no_mail_is_named(run, box):
    """Files that hold no mail are named below the counts, a few of them; JSON Lines have a row for each."""
    for number in range(5):
        (box.parent / f"notes{number}.md").write_text("# Groceries")
    done = run(box.parent)
    assert f"Left out {box.parent / 'notes0.md'}: unknown file: no mail." in done.stderr.decode()
    assert "So were 2 more files" in done.stderr.decode()
    assert b"Left out" not in run(box.parent, "--format", "jsonl").stderr


def test_nothing_is_overwritten(run, box):
    """An output that is there already is an error, and stays as it was."""
    (box.parent / "rows.csv").write_text("mine")
    done = run(box, "--format", "csv", "-o", "rows.csv", code=1)
    assert b"rows.csv is there already" in done.stderr
    run(box, "--format", "csv", "-o", "rows.csv", "--resume", code=1)
    assert (box.parent / "rows.csv").read_text() == "mine"
    run(box, "--format", "parquet", code=2)
    assert b"nowhere" in run("nowhere", code=1).stderr


@pytest.fixture
def long_box(tmp_path):
    """A mailbox of several pieces of work."""
    path = tmp_path / "long.mbox"
    mailbox(path, 12, 72, pad=400_000)
    return path


FORMS = ["jsonl", "csv", "sqlite"]


def content(path):
    if path.suffix != ".sqlite":
        return path.read_bytes()
    with sqlite3.connect(path) as database:
        return "\n".join(database.iterdump())


def test_jobs_change_nothing_but_the_time(run, long_box):
    """Two processes give the same bytes as one."""
    fixed = ("--all", "--today", "2026-03-12", "--format", "jsonl")
    run(long_box, *fixed, "-o", "one.jsonl")
    run(long_box, *fixed, "-o", "two.jsonl", "--jobs", "2")
    assert (long_box.parent / "one.jsonl").read_bytes() == (long_box.parent / "two.jsonl").read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_a_killed_scan_goes_on(run, long_box, form):
    """After kill -9 --resume finishes the work: no message twice, none missing."""
    folder = long_box.parent
    fixed = ("--all", "--today", "2026-03-12", "--format", form)
    run(long_box, *fixed, "-o", f"whole.{form}")
    command = [sys.executable, "-m", "rejoinder", "scan", str(long_box), *fixed, "-o", f"rows.{form}"]
    journal = folder / f"rows.{form}.progress"
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and (not journal.exists() or journal.read_bytes().count(b"\n") < 3):
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
    with journal.open("ab") as file:
        file.write(b'0123456789abcdef {"sources": [')
    if form == "jsonl":
        with (folder / "rows.jsonl").open("ab") as file:
            file.write(b'{"id": "half a li')
    run(long_box, *fixed, "-o", f"rows.{form}", "--resume")
    assert content(folder / f"rows.{form}") == content(folder / f"whole.{form}")


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupted_scan_leaves_what_it_found(run, long_box, jobs):
    """Ctrl-C ends with 130, a usable output, and how to go on."""
    folder = long_box.parent
    fixed = ("--all", "--today", "2026-03-12", "--format", "csv", "--jobs", str(jobs))
    command = [sys.executable, "-m", "rejoinder", "scan", str(long_box), *fixed, "-o", "rows.csv"]
    journal = folder / "rows.csv.progress"
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, start_new_session=True) as process:
        while process.poll() is None and (not journal.exists() or journal.read_bytes().count(b"\n") < 3):
            time.sleep(0.002)
        os.killpg(process.pid, signal.SIGINT)
        said = process.stderr.read().decode()
    assert process.returncode == 130, said
    assert "--resume" in said
    assert "Traceback" not in said
    with (folder / "rows.csv").open(newline="") as file:
        assert 0 < len(list(csv.DictReader(file))) < 84
    run(long_box, *fixed, "-o", "rows.csv", "--resume")
    with (folder / "rows.csv").open(newline="") as file:
        assert [row["source"] for row in csv.DictReader(file)] == [f"{long_box}#{at}" for at in range(1, 85)]


def test_a_grown_mailbox_is_read_from_where_it_ended(run, tmp_path):
    """A second run reads only what is new, and corrects earlier rows by it; a third has nothing to do."""
    box = tmp_path / "box.mbox"
    mailbox(box, 3, 12)
    fixed = ("--format", "jsonl", "-o", "rows.jsonl", "--summary", "s.json", "--today", "2026-03-12")
    run(box, *fixed)
    first = lines(tmp_path / "rows.jsonl")
    # Were the old part read again, what stands there now would be found.
    data = box.read_bytes()
    with box.open("r+b") as file:
        file.seek(data.index(b"allotment"))
        file.write(b"XXXXXXXXX")
    with box.open("ab") as file:
        file.write(mail(noes(5)[4], 100, "Your application", "HR <jobs@firm.example>") + mail(LIFE, 101))
    run(box, *fixed, "--resume")
    rows = lines(tmp_path / "rows.jsonl")
    assert rows[:3] == first
    assert [row["source"] for row in rows[3:]] == [f"{box}#16"]
    counts = json.loads((tmp_path / "s.json").read_text())
    assert (counts["total"], counts["rejections"]) == (17, 4)
    run(box, *fixed, "--resume")
    assert lines(tmp_path / "rows.jsonl") == rows


def test_another_scan_is_not_gone_on_with(run, box):
    """--resume with other options says which, and changes nothing."""
    run(box, "--format", "csv", "-o", "rows.csv")
    done = run(box, "--format", "csv", "--all", "-o", "rows.csv", "--resume", code=1)
    assert b"other --all" in done.stderr


@pytest.mark.parametrize("form", ["jsonl", "csv", "sqlite"])
def test_a_full_disk_keeps_what_was_found(long_box, run, form):
    """When nothing more can be written it says so, and what was written stays and can be gone on with."""
    folder = long_box.parent
    fixed = ["--all", "--format", form, "--today", "2026-03-12", "-o", f"rows.{form}"]
    command = [sys.executable, "-m", "rejoinder", "scan", str(long_box), *fixed]

    def small_disk():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))

    done = subprocess.run(
        command, cwd=folder, capture_output=True, preexec_fn=small_disk, timeout=PATIENCE, check=False
    )
    assert done.returncode == 1
    assert done.stderr.decode().startswith("Error: ")
    assert "kept" in done.stderr.decode()
    run(long_box, *fixed, "--resume")
    run(long_box, *fixed[:-1], f"whole.{form}")
    assert content(folder / f"rows.{form}") == content(folder / f"whole.{form}")


def test_a_full_device_is_a_clear_error(run, box):
    """Writing to a device without room ends with 1 and one line."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "rejoinder", "scan", str(box)],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.decode().startswith("Error: ")
    assert "Traceback" not in done.stderr.decode()


def test_a_cluster_reads_the_same(run, long_box):
    """Two Dask workers give the same bytes as one process; without a scheduler the error says so."""
    distributed = pytest.importorskip("distributed")
    fixed = ("--all", "--today", "2026-03-12", "--format", "jsonl")
    run(long_box, *fixed, "-o", "one.jsonl")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        run(long_box, *fixed, "-o", "two.jsonl", "--cluster", cluster.scheduler_address)
    assert (long_box.parent / "one.jsonl").read_bytes() == (long_box.parent / "two.jsonl").read_bytes()
    done = run(long_box, "--cluster", "tcp://127.0.0.1:9", code=1)
    assert b"cannot be reached" in done.stderr
