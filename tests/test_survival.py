"""Mail that was made to hang, to fill the memory or to break readers; and all real broken mail there is."""

import base64
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rejoinder.errors import RejoinderError
from rejoinder.mail.cleaning import clean
from rejoinder.mail.parsing import parse
from rejoinder.mail.sources import RawMail, read_path

HEAD = b"From: Ada <ada@fenwick.example>\nSubject: No\nMIME-Version: 1.0\n"
LINE = b"From ada@fenwick.example Tue Mar  3 10:12:00 2026\n"
HTML = HEAD + b"Content-Type: text/html\n\n"
MIXED = HEAD + b'Content-Type: multipart/mixed; boundary="b"\n\n'
#: Seconds of the processor and MiB that one mail may take.
GUARD, MEMORY = 3, 300
#: Seconds that a real mail may take, however broken.
EACH = 2
EVAL = Path(__file__).parent.parent.parent / "shared" / "eval" / "mail"


def nested(depth):
    """Multiparts in multiparts."""
    out = [HEAD]
    for level in range(depth):
        out.append(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level))
    return b"".join([*out, b"Content-Type: text/plain\n\nno.\n"])


MEGABYTE = 2**20
HOSTILE = {
    "nested-multiparts": lambda: nested(3000),
    "nested-same-boundary": lambda: HEAD + b'Content-Type: multipart/mixed; boundary="b"\n\n--b\n' * 3000 + b"\nno.\n",
    "nested-messages": lambda: HEAD + b"Content-Type: message/rfc822\n\n" * 3000 + b"no.\n",
    "nul-in-charset": lambda: HEAD + b'Content-Type: text/plain; charset="utf\0-8"\n\nno.\n',
    "long-charset": lambda: HEAD + b"Content-Type: text/plain; charset=" + b"x" * MEGABYTE + b"\n\nno.\n",
    "megabyte-subject": lambda: b"Subject: " + b"no " * (MEGABYTE // 3) + b"\n\nno.\n",
    "megabyte-encoded-subject": lambda: b"Subject: " + b"=?utf-8?q?n=6F?= " * (MEGABYTE // 17) + b"\n\nno.\n",
    "megabyte-half-encoded-subject": lambda: b"Subject: " + b"=?utf-8?q?" * (MEGABYTE // 10) + b"\n\nno.\n",
    "commas-in-from": lambda: b"From: " + b"," * 50_000 + b"\nSubject: x\n\nno.\n",
    "addresses-in-to": lambda: b"To: " + b"a@b.example, " * 50_000 + b"\nSubject: x\n\nno.\n",
    "unclosed-quote": lambda: b'From: "' + b"a" * 200_000 + b"\nSubject: x\n\nno.\n",
    "open-comments": lambda: b"From: " + b"(" * 200_000 + b" a@b.example\nSubject: x\n\nno.\n",
    "references": lambda: b"References: " + b"<abc@def.example>\n " * 10_000 + b"\nSubject: x\n\nno.\n",
    "many-headers": lambda: HEAD + b"a: b\n" * (4 * MEGABYTE) + b"\nno.\n",
    "folded-for-ever": lambda: HEAD + b"X: y\n" + b" z\n" * (6 * MEGABYTE) + b"\nno.\n",
    "many-parts": lambda: MIXED + b"--b\n\nno.\n" * 100_000,
    "closing-lines": lambda: MIXED + b"--b\n\nno.\n" + b"--b--\n" * (3 * MEGABYTE),
    "boundaries-only": lambda: MIXED + b"--b\n" * (5 * MEGABYTE),
    "boundary-without-line-ends": lambda: MIXED + b"--b" * (8 * MEGABYTE),
    "boundaries-that-are-none": lambda: MIXED + b"--bx\n" * (4 * MEGABYTE),
    "no-boundary": lambda: HEAD + b"Content-Type: multipart/mixed\n\n" + b"-- \n--\n" * (3 * MEGABYTE),
    "base64-text": lambda: HEAD + b"Content-Transfer-Encoding: base64\n\n" + base64.b64encode(b"no. " * (15 * MEGABYTE // 4)),
    "base64-broken": lambda: HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"=A\n" * (6 * MEGABYTE),
    "quoted-printable": lambda: HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=\n" * (10 * MEGABYTE),
    "line-ends-only": lambda: HEAD + b"Content-Type: message/rfc822\n\n" + b"\n" * (20 * MEGABYTE),
    "blanks": lambda: HEAD + b"\n" + b" " * (20 * MEGABYTE),
    "one-line": lambda: HEAD + b"\n" + b"no " * (8 * MEGABYTE),
    "html-a": lambda: HTML + b"<a " * 7000,
    "html-comment": lambda: HTML + b"<!-- " * 20_000,
    "html-cdata": lambda: HTML + b"<![CDATA[" * 20_000,
    "html-deep": lambda: HTML + b"<div>" * 50_000 + b"no.",
    "html-deep-tables": lambda: HTML + b"<table><tr><td>" * 20_000 + b"no.",
    "html-attributes": lambda: HTML + b"<p " + b"a=b " * 200_000 + b">no.",
    "html-styles": lambda: HTML + b"<style>" + b"p{a:b}" * 100_000 + b"</style><p>no.",
    "html-entities": lambda: HTML + b"&lt;" * 200_000,
    "html-half-tags": lambda: HTML + b"<" * 200_000,
    "quotes": lambda: HEAD + b"\nno.\n" + b"> " * 100_000 + b"\n" + b">" * 100_000,
    "wrote-lines": lambda: HEAD + b"\n" + b"On Tue, 3 Mar 2026 at 10:12, " * 20_000,
    "from-lines": lambda: HEAD + b"\n" + b"\nFrom ada\n>From bo\n" * (MEGABYTE // 4),
}  # fmt: skip
READ = """
import json, re, sys, time
from pathlib import Path
from rejoinder.errors import RejoinderError
from rejoinder.mail.cleaning import clean
from rejoinder.mail.parsing import parse
from rejoinder.mail.sources import read_path
import rejoinder.mail.cleaning.html, bs4, lxml.etree
for box in sorted(Path(sys.argv[1]).iterdir()):
    started = time.process_time()
    for item in read_path(box):
        try:
            clean(parse(item.raw, item.origin))
        except RejoinderError:
            pass
    seconds = time.process_time() - started
    peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text()).group(1)
    print(json.dumps([box.name, seconds, int(peak) / 1024]), flush=True)
"""


@pytest.fixture(scope="module")
def costs(tmp_path_factory):
    """Seconds that each hostile mail took, and the most memory so far, all in one process."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, make in HOSTILE.items():
        (folder / name).write_bytes(LINE + make())
    command = [sys.executable, "-c", READ, folder]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    found = {name: (seconds, peak) for name, seconds, peak in map(json.loads, run.stdout.splitlines())}
    for path in folder.iterdir():
        path.unlink()
    return found, run.stderr


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_mail(name, costs):
    """Hostile mail is read or refused within seconds and in moderate memory."""
    found, errors = costs
    assert name in found, errors[-500:]
    seconds, peak = found[name]
    assert seconds < GUARD
    assert peak < MEMORY


def outcome(item):
    """`read`, `empty` or `skipped`, and the seconds that it took."""
    started = time.process_time()
    what = "skipped"
    if isinstance(item, RawMail):
        try:
            clean(parse(item.raw, item.origin))
            what = "read"
        except RejoinderError:
            what = "empty"
    return what, time.process_time() - started


@pytest.mark.skipif(not EVAL.is_dir(), reason="the collection of broken mails is not here")
def test_broken_mails_alone_and_together(tmp_path):
    """Every broken mail there is comes through alone, and the same ones as one mbox: read and skipped are all."""
    files = [path for path in sorted(EVAL.rglob("*")) if path.is_file()]
    alone = {path: [outcome(item) for item in read_path(path)] for path in files}
    assert all(alone.values())
    assert max(seconds for found in alone.values() for _, seconds in found) < EACH
    singles = [
        item
        for path in files
        if path.suffix != ".mbox"
        for item in read_path(path)
        if isinstance(item, RawMail)
    ]
    box = tmp_path / "all.mbox"
    with box.open("wb") as out:
        for item in singles:
            head = item.raw.lstrip(b"\r\n \t").removeprefix(b"\xef\xbb\xbf")
            quoted = (
                b">" + line if line.lstrip(b">").startswith(b"From ") else line
                for line in head.splitlines(True)
            )
            out.write(b"".join([LINE, b"X-Number: 1\n", *quoted, b"\n\n"]))
    together = [outcome(item) for item in read_path(box)]
    assert len(together) == len(singles)
    assert {what for what, _ in together} <= {"read", "empty"}
    assert max(seconds for _, seconds in together) < EACH
