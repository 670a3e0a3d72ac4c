"""Broken, hostile and missing input, as a user meets it: processes, streams, exit codes."""

import random
import re
import shutil

import pytest

from rejoinder.resources import shipped

#: What no stream may carry: C0 but tab and line feed, DEL, C1, bidi controls, line separators.
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
VERBS = ["reply", "classify"]
NO = "Dear Dana,\n\nThank you for applying. Unfortunately we have decided to go with another candidate.\n\nKind regards,\nAda Moor\n"


def clean_streams(done):
    """Both streams as text, after making sure that they carry nothing that a terminal would obey."""
    out, talk = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    assert "Traceback" not in out + talk
    assert not CONTROLS.findall(out), CONTROLS.findall(out)
    assert not CONTROLS.findall(talk), CONTROLS.findall(talk)
    return out, talk


def error_of(done):
    """The one error line of a run that ended with 1, after making sure that it says what to do."""
    out, talk = clean_streams(done)
    assert done.returncode == 1, (out, talk)
    assert out == ""
    (line,) = talk.splitlines()
    assert line.startswith("Error: ")
    assert re.search(r"[.!?] \S.*\.?$|: \S", line[7:]), line  # what happened, then what to do
    return line


def reading_of(done):
    """Standard output of a run that read its mail, whatever came out of it."""
    out, talk = clean_streams(done)
    assert done.returncode in (0, 3), (done.returncode, talk)
    assert "Error: " not in talk
    return out


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("raw", [b"", b" \t\r\n" * 1000], ids=["empty", "blanks"])
def test_nothing(verb, raw, rejoinder):
    """Empty input is one error line with what to do."""
    assert "nothing" in error_of(rejoinder(verb, stdin=raw))


BINARIES = {
    "png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 8,
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
    "zip": b"PK\x03\x04" + bytes(range(256)) * 4,
    "gzip": b"\x1f\x8b\x08" + bytes(range(256)) * 4,
    "outlook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
    "random": random.Random(7).randbytes(20_000),
    "zeros": bytes(20_000),
    "elf": b"\x7fELF" + bytes(500),
}


@pytest.mark.parametrize(("verb", "kind"), [*(("reply", kind) for kind in BINARIES), ("classify", "png")])
def test_binaries(verb, kind, rejoinder, tmp_path):
    """A file that is no text is one error line that names it."""
    (tmp_path / "mail.eml").write_bytes(BINARIES[kind])
    assert "mail.eml" in error_of(rejoinder(verb, "mail.eml"))


NESTED = b"".join(
    b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (at, at) for at in range(3000)
)
HEADERS = b"From: Ada Moor <ada@fenwick.example>\nSubject: Your application\n"
ODD = {
    "1 MB subject": b"From: ada@fenwick.example\nSubject: " + b"a" * 1_000_000 + b"\n\n" + NO.encode(),
    "1 MB subject of encoded words": b"From: ada@fenwick.example\nSubject: "
    + b"=?utf-8?q?a?= " * 70_000
    + b"\n\n"
    + NO.encode(),
    "1 MB From": b"From: " + b"a@b.example," * 80_000 + b"\nSubject: x\n\n" + NO.encode(),
    "unclosed quote": b'From: "' + b"a" * 200_000 + b"\nSubject: x\n\n" + NO.encode(),
    "unknown charset": HEADERS + b"Content-Type: text/plain; charset=x-klingon\n\n" + NO.encode(),
    "NUL in the charset": HEADERS + b'Content-Type: text/plain; charset="utf\x00-8"\n\n' + NO.encode(),
    "refused charset": HEADERS
    + b"Content-Type: text/plain; charset=unicode_escape\n\n"
    + NO.encode()
    + b"\\x1b[31m",
    "wrong charset": HEADERS + b"Content-Type: text/plain; charset=utf-16\n\n" + NO.encode(),
    "wrong encoding": HEADERS + b"Content-Transfer-Encoding: base64\n\n" + NO.encode(),
    "no boundary": HEADERS + b"Content-Type: multipart/mixed; boundary=x\n\n" + NO.encode(),
    "50,000 headers": HEADERS + b"X-A: b\n" * 50_000 + b"\n" + NO.encode(),
    "100,000 references": HEADERS + b"References: " + b"<a@b.example>\n " * 100_000 + b"\n\n" + NO.encode(),
    "1 MB of one letter": HEADERS + b"\n" + NO.encode() + b"\n" + b"a" * 1_000_000,
    "1 MB of words": HEADERS + b"\n" + NO.encode() + b"\n" + b"unfortunately we regret " * 45_000,
    "1 MB of quote marks": HEADERS + b"\n" + NO.encode() + b"\n" + b">" * 1_000_000,
    "1 MB of lines": HEADERS + b"\n" + NO.encode() + b"a\n" * 500_000,
    "open tags": HEADERS + b"Content-Type: text/html\n\n<p>" + NO.encode() + b"<a " * 30_000,
    "open comments": HEADERS + b"Content-Type: text/html\n\n<p>" + NO.encode() + b"<!-- " * 30_000,
    "nested tags": HEADERS + b"Content-Type: text/html\n\n<p>" + NO.encode() + b"<div>" * 20_000,
    "bad date": HEADERS + b"Date: Thu, 99 Foo 99999 99:99:99 +9999\n\n" + NO.encode(),
}


@pytest.mark.parametrize("case", ODD)
def test_odd_mail_is_read(case, rejoinder, tmp_path):
    """Oversized and broken mail is read as far as it goes, in time."""
    (tmp_path / "mail.eml").write_bytes(ODD[case])
    reading_of(rejoinder("reply", "--today", "2026-03-12", "mail.eml"))


@pytest.mark.parametrize("verb", VERBS)
def test_nested_multiparts(verb, rejoinder, tmp_path):
    """Three thousand nested multiparts end in a reading or one error line."""
    (tmp_path / "mail.eml").write_bytes(HEADERS + NESTED + b"Content-Type: text/plain\n\n" + NO.encode())
    done = rejoinder(verb, "mail.eml")
    if done.returncode == 1:
        error_of(done)
    else:
        reading_of(done)


@pytest.mark.parametrize("form", ["json", "eml", "mailto"])
@pytest.mark.parametrize("case", ["1 MB subject", "100,000 references"])
def test_odd_mail_in_every_format(case, form, rejoinder, tmp_path):
    """Whatever the format, odd mail does no harm."""
    (tmp_path / "mail.eml").write_bytes(ODD[case])
    done = rejoinder("reply", "--format", form, "--stage", "mid", "mail.eml")
    assert b"Traceback" not in done.stdout + done.stderr
    assert done.returncode in (0, 1, 3)


@pytest.fixture
def model(tmp_path):
    """A copy of the shipped model that may be damaged."""
    for ending in ("bin", "json"):
        shutil.copy(shipped("models") / f"rejoinder-en.{ending}", tmp_path / f"m.{ending}")
    return tmp_path / "m.bin"


def flip(path, at):
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


DAMAGE = {
    "missing": lambda path: path.unlink(),
    "card missing": lambda path: path.with_suffix(".json").unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-1000]),
    "header only": lambda path: path.write_bytes(path.read_bytes()[:12]),
    "one bit in the magic": lambda path: flip(path, 0),
    "one bit in the size": lambda path: flip(path, 5),
    "one bit in the middle": lambda path: flip(path, path.stat().st_size // 2),
    "one bit at the end": lambda path: flip(path, -1),
    "card empty": lambda path: path.with_suffix(".json").write_bytes(b""),
    "card truncated": lambda path: path.with_suffix(".json").write_bytes(
        path.with_suffix(".json").read_bytes()[:500]
    ),
    "card of another format": lambda path: path.with_suffix(".json").write_text('{"format": 99}'),
    "card a list": lambda path: path.with_suffix(".json").write_text("[]"),
    "card incomplete": lambda path: path.with_suffix(".json").write_text('{"format": 1, "name": "x"}'),
    "card not text": lambda path: path.with_suffix(".json").write_bytes(b"\xff\xfe\xfd"),
    "card nested": lambda path: path.with_suffix(".json").write_text("[" * 100_000),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_model(damage, model, rejoinder, samples):
    """A missing or damaged model is one error line that names it, never a wrong answer."""
    DAMAGE[damage](model)
    assert str(model.with_suffix("")) in error_of(
        rejoinder("reply", "--model", model, samples / "soft_no.txt")
    )


def test_untouched_model(model, rejoinder, samples):
    """The copy works before it is damaged."""
    reading_of(rejoinder("reply", "--model", model, samples / "soft_no.txt"))


def test_folder_as_model(rejoinder, samples, tmp_path):
    """A folder as a model is one error line."""
    assert "folder" in error_of(rejoinder("reply", "--model", tmp_path, samples / "soft_no.txt"))


@pytest.mark.parametrize("name", ["", "\x1b[31mm.bin", "m\u202enib.bin", "a" * 300, "-"], ids=ascii)
def test_odd_model_names(name, rejoinder, samples):
    """A strange model name is one error line without control characters."""
    error_of(rejoinder("reply", f"--model={name}", samples / "soft_no.txt"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{% if %}", "line 1"),
        ("{{ compny }}", "Did you mean company?"),
        ("{{ ''.__class__.__mro__ }}", "keep_in_touch.txt.j2"),
        ("{% for a in range(999) %}{{ 'a' * 99 }}{% endfor %}", "20000 characters"),
        ("{% for a in range(99999) %}{{ me }}{% endfor %}", "count to more than 1000"),
        ("{% include 'nothing' %}", "nothing"),
        ("{{ \x1b[31m", "keep_in_touch.txt.j2"),
    ],
)
def test_broken_template(text, said, rejoinder, samples, tmp_path):
    """A broken template is one error line that names it."""
    (tmp_path / "keep_in_touch.txt.j2").write_text(text, "utf-8")
    assert said in error_of_template(rejoinder("reply", "--templates", tmp_path, samples / "soft_no.txt"))


def error_of_template(done):
    out, talk = clean_streams(done)
    assert done.returncode == 1
    assert out == ""
    (line,) = talk.splitlines()
    assert line.startswith("Error: ")
    return line


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("missing.eml", "missing.eml"),
        (".", "folder"),
        ("/dev/null", "ordinary file"),
        ("a" * 300, "a" * 300),
        ("missing\x1b]0;gotcha\x07.eml", "missing"),
        ("missing\u202egpj.eml", "missing"),
        ("missing\nError: forged line.eml", "missing"),
        ("missing\x9b31m.eml", "missing"),
    ],
    ids=ascii,
)
def test_missing_files(name, said, rejoinder):
    """A file that is not there, a folder or a device is one error line with a harmless name."""
    assert said in error_of(rejoinder("reply", name))


def test_unreadable_folder_name_in_bytes(rejoinder, tmp_path):
    """A file name that is no UTF-8 can be read, and is shown harmlessly."""
    import os

    name = os.fsdecode(b"na\xefve.eml")
    try:
        (tmp_path / name).write_bytes(HEADERS + b"\n" + NO.encode())
    except OSError:
        pytest.skip("the file system allows UTF-8 names only")
    for arguments in (
        ["reply", "--stage=mid"],
        ["classify"],
        ["reply", "--format=json"],
        ["classify", "--format=jsonl"],
    ):
        done = rejoinder(*arguments, name)
        assert b"Traceback" not in done.stdout + done.stderr
        assert done.returncode in (0, 3)


EVIL = "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b31m \u202egpj.exe \u2066x\u2069 \u200f \x08\x08 \x7f \u2028 \u0085 \r"


@pytest.mark.parametrize("form", ["text", "json", "eml", "mailto"])
def test_controls_in_mail(form, rejoinder, tmp_path):
    """Escape sequences and direction marks in body, subject, names and file name reach neither stream."""
    mail = (
        f"From: Ada {EVIL[:-1]} Moor <ada@fenwick.example>\nSubject: Your {EVIL[:-1]} application\n"
        f"Message-ID: <a{EVIL[:-1]}@fenwick.example>\n\n"
        f"Dear Dana{EVIL},\n\nThank you for applying for the Glass {EVIL} Blower role at Fen{EVIL}wick Glass. Unfortunately {EVIL} "
        f"we have decided to go with another candidate.\n\nKind regards,\nAda {EVIL} Moor\n"
    )
    (tmp_path / "mail\x1b[31m\u202e.eml").write_bytes(mail.encode())
    done = rejoinder(
        "reply", "--stage", "mid", "--me", f"Dana{EVIL}", "--format", form, "mail\x1b[31m\u202e.eml"
    )
    out = done.stdout.replace(b"\r\n", b"\n") if form == "eml" else done.stdout
    done.stdout = out
    reading_of(done)


@pytest.mark.parametrize("form", ["text", "jsonl"])
def test_controls_in_classify(form, rejoinder, tmp_path):
    """The same holds for `classify`."""
    name = "mail\x1b[31m\u202e.eml"
    (tmp_path / name).write_bytes(f"Subject: {EVIL[:-1]}\n\n{NO} {EVIL}".encode())
    reading_of(rejoinder("classify", "--format", form, name))


def test_encoded_controls(rejoinder, tmp_path):
    """Escape sequences hidden in encoded words and base64 do not come through either."""
    import base64

    body = base64.encodebytes((NO + EVIL).encode())
    head = (
        b"From: =?utf-8?q?Ada=1B[31m_Moor?= <ada@fenwick.example>\nSubject: =?utf-8?b?"
        + base64.b64encode(b"No\x1b[31m")
        + b"?=\n"
    )
    (tmp_path / "mail.eml").write_bytes(
        head + b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" + body
    )
    reading_of(rejoinder("reply", "--stage", "mid", "mail.eml"))


def test_template_language_in_mail(rejoinder):
    """Template language in a mail is never run."""
    raw = (
        HEADERS.replace(b"Your", b"{{ 7*191 }}")
        + b"\n"
        + NO.replace("applying", "applying to {{ 7*191 }}").encode()
    )
    out = reading_of(rejoinder("reply", "--stage", "mid", "--company", "{{ 7*191 }}", stdin=raw))
    assert "1337" not in out
    assert "{{ 7*191 }}" in out
