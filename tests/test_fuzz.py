"""Whatever bytes come: mailboxes are split without loss, and parser and cleaner raise our own errors only."""

import re
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rejoinder.errors import RejoinderError
from rejoinder.mail.cleaning import clean
from rejoinder.mail.mbox import first_byte, split
from rejoinder.mail.parsing import parse
from rejoinder.mail.roles import mailbox_role

LETTERS = [
    path.read_bytes()
    for path in sorted((Path(__file__).parent / "letters").iterdir())
    if path.suffix != ".json"
]
LINE = b"From ada@fenwick.example Tue Mar  3 10:12:00 2026\n"
#: What mail is made of, and what breaks it.
PIECES = st.sampled_from(
    [
        LINE, b"From - \n", b">From x\n", b"\n", b"\r\n", b"\r", b"\n\n", b" ", b"\t", b"\0", b"\xff\xfe", b"\xef\xbb\xbf",
        b"Subject: ", b"From: ", b"To: a@b.example, ", b"X-Gmail-Labels: =?utf-8?q?Entw=C3=BCrfe?=", b"Date: Tue, 3 Mar 2026\n",
        b'Content-Type: multipart/mixed; boundary="b"\n', b"--b\n", b"--b--\n", b"Content-Type: text/html; charset=gb2312\n",
        b"Content-Type: message/rfc822\n\n", b"Content-Transfer-Encoding: base64\n\n", b"Tm8u", b"=?utf-8?b?", b"?=", b"=\n", b"=ZZ",
        b"Content-Transfer-Encoding: quoted-printable\n\n", b"<html><body>", b"<div style='display:none'>", b"<!--", b"<a ", b"</p>",
        b"<blockquote type=cite>", b"> quoted\n", b"-- \n", b"On Tue, Ada wrote:\n", b"-----Original Message-----\n", b'"', b"(", b"<", b";", b",",
        "Grüße 你好 😀\u202e".encode(), b"Sent from my phone\n", b"Dear Dana,\n", b"no.\n",
    ]
)  # fmt: skip
MADE = st.lists(st.one_of(PIECES, st.binary(max_size=20)), max_size=40).map(b"".join)


@st.composite
def damaged(draw):
    """A letter of ours with some of its bytes cut out, doubled or replaced."""
    raw = draw(st.sampled_from(LETTERS))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(raw)))
        end = min(len(raw), at + draw(st.integers(0, 200)))
        raw = raw[:at] + draw(st.one_of(PIECES, st.just(raw[at:end] * 2), st.just(b""))) + raw[end:]
    return raw


BOUNDED = settings(max_examples=250, suppress_health_check=list(HealthCheck))


@BOUNDED
@given(st.one_of(damaged(), MADE))
def test_parser_and_cleaner(raw):
    """A mail is read, or one of our errors says why not; nothing else is raised."""
    try:
        message = parse(raw)
        mailbox_role(message, "Sent")
        letter = clean(message)
    except RejoinderError:
        return
    assert letter.text.strip()
    assert not re.search(r"[\0\x1b\u202e]", letter.text + message.subject)


@BOUNDED
@given(st.lists(st.one_of(damaged(), MADE), max_size=6), st.integers(1, 5000))
def test_splitter(mails, block):
    """No byte of a mailbox is lost but From_ lines, the blank lines that end mails, and quotation marks."""
    data = b"".join(LINE + raw + b"\n\n" for raw in mails)
    first = first_byte(data)
    blocks = [data[at : at + block] for at in range(first, len(data), block)]
    found = list(split(blocks, first, len(data), True)) if blocks else []
    assert [mail.offset for mail in found] == sorted({mail.offset for mail in found})
    for mail, behind in zip(found, [*(mail.offset for mail in found[1:]), len(data)], strict=False):
        stored = data[mail.offset : behind]
        assert mail.raw is not None
        assert (
            stored.replace(b">From ", b"From ")
            .rstrip(b"\r\n")
            .endswith(mail.raw.replace(b">From ", b"From ").rstrip(b"\r\n"))
        )
        assert len(stored) - len(mail.raw) <= 1002 + stored.count(b">From ")
