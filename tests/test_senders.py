"""Whether a reply is possible, to whom, and with what warning: a table of sender shapes."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rejoinder import clean, parse
from rejoinder.pipeline import details
from rejoinder.reply.recipients import route

TABLE = json.loads((Path(__file__).parent / "senders.json").read_text("utf-8"))


def mail_of(row):
    """The raw mail of a row."""
    head = "".join(f"{name}: {value}\n" for name, value in row["headers"].items())
    return f"{head}\n{row['body']}\n".encode()


@pytest.mark.parametrize("row", TABLE, ids=[row["name"] for row in TABLE])
def test_sender(row):
    """The decision, the address and the warning are those of the table, in words for a person."""
    mail = parse(mail_of(row))
    found = route(mail, clean(mail))
    assert found.possible is row["possible"]
    assert (found.to.address if found.to else None) == row["to"]
    for said, expected in ((found.reason, row["reason"]), (found.warning, row["warning"])):
        if expected is None:
            assert said is None
        else:
            assert expected in said
            assert said.isprintable()


def test_the_table_is_long():
    """Eighty shapes and more stand in the table, each once."""
    assert len({row["name"] for row in TABLE}) == len(TABLE) >= 80


def test_ones_own_address():
    """A mail from an address the candidate is known by is never answered, whoever it is addressed to."""
    mail = parse(b"From: Dana <dana@mail.example>\nTo: ada@fenwick.example\n\nI withdraw my application.\n")
    assert route(mail, clean(mail)).possible
    found = route(mail, clean(mail), own=("Dana@mail.example",))
    assert (found.possible, found.reason) == (False, "it is a mail of your own")


HOSTILE = {
    "long name": b"From: " + b"Ada " * 75 + b"<ada@fenwick.example>",
    "junk": b"From: " + b'\x9c(<@",;' * 33_000,
    "brackets": b"From: " + b"<" * 200_000,
    "quotes": b'From: "' * 30_000,
    "dots": b"From: " + b"a." * 100_000 + b"@x",
    "many": b"From: " + b"a@b.example, " * 15_000,
    "reply-to": b"From: ada@fenwick.example\nReply-To: " + b"=?utf-8?q?a@b?= <" * 12_000,
    "encoded": b"From: " + b"=?utf-8?q?=0D=0ABcc:=20x?= " * 6_000 + b"<ada@fenwick.example>",
    "bidi": "From: \u202e\u2066Ada\u200f <ada@fenwick.example>".encode(),
    "no from": b"Subject: Your application",
    "no-reply run": b"From: " + b"no-" * 60_000 + b"reply@x.example",
    "idn": b"From: ada@" + b"xn--" * 60 + b".example",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_senders(name, verdict):
    """Whatever stands in the headers of a sender, names and route are found quickly, safe to show."""
    raw = HOSTILE[name] + b"\n\nDear Dana,\n\nwe chose somebody else for the Baker role.\n\nBest,\nAda Moor\n"
    start = time.perf_counter()
    mail = parse(raw)
    letter = clean(mail)
    found, names = route(mail, letter), details(mail, letter, verdict())
    assert time.perf_counter() - start < 2
    shown = [found.reason, found.warning, str(found.to or ""), names.company, names.role, names.candidate]
    shown += [str(names.contact or ""), names.greeting_name]
    for text in filter(None, shown):
        assert text.isprintable()
        assert len(text) < 700


def test_reason_and_warning_reach_the_reader(tmp_path):
    """Why no reply is possible, and the other address, are told on stderr and in JSON."""
    path = tmp_path / "mail.eml"
    path.write_bytes(
        b"From: Fenwick Careers <no-reply@fenwick.example>\nSubject: Your application for Baker\n\nDear Dana,\n\n"
        b"thank you for interviewing with us. Unfortunately we decided to go with another candidate.\n\n"
        b"Questions: jane@fenwick.example\n\nKind regards,\nFenwick Careers\n"
    )
    run = [sys.executable, "-m", "rejoinder", "reply", str(path)]
    text = subprocess.run(run, capture_output=True, text=True, check=False)
    assert text.returncode == 3
    assert "no-reply@fenwick.example does not take replies" in text.stderr
    assert "jane@fenwick.example" in text.stderr
    made = subprocess.run([*run, "--format", "json"], capture_output=True, text=True, check=False)
    assert json.loads(made.stdout)["reply"] == {
        "possible": False,
        "reason": "no-reply@fenwick.example does not take replies",
        "warning": "The mail names another address: jane@fenwick.example.",
    }
    assert json.loads(made.stdout)["other_addresses"] == ["jane@fenwick.example"]
