"""Bytes or pasted text to a Message."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rejoinder.errors import RejoinderError, UnreadableMailError
from rejoinder.mail.cleaning import clean
from rejoinder.mail.parsing import MAX_MAIL_BYTES, looks_like_html, parse
from rejoinder.types import Address, Origin

GUARD = 3.0
HEAD = "From: Ada Finch <ada@quill.example>\nSubject: Your application\n"
MAIL = HEAD + "\nDear Ines,\n\nno.\n"


def test_headers_of_a_whole_mail():
    """Every header a reply needs is read."""
    message = parse(
        b"Return-Path: <ada@quill.example>\nFrom: =?utf-8?q?Zo=C3=AB?= <zoe@quill.example>\nReply-To: jobs@quill.example\n"
        b"To: Ines <ines@post.example>\nCc: bo@quill.example\nSubject: =?utf-8?q?R=C3=BCckmeldung?=\n"
        b"Date: Tue, 3 Mar 2026 10:12:00 +0000\nMessage-ID: <1@quill.example>\nReferences: <a@b.example>\n <c@d.example>\n"
        b"List-Id: Jobs <jobs.quill.example>\nAuto-Submitted: auto-generated\n\nno.\n",
        Origin("a.mbox", 3),
    )
    assert message.sender == Address("Zoë", "zoe@quill.example")
    assert message.reply_to == (Address("", "jobs@quill.example"),)
    assert message.to == (Address("Ines", "ines@post.example"), Address("", "bo@quill.example"))
    assert message.subject == "Rückmeldung"
    assert message.date == datetime(2026, 3, 3, 10, 12, tzinfo=UTC)
    assert message.message_id == "<1@quill.example>"
    assert message.references == ("<a@b.example>", "<c@d.example>")
    assert message.list_id == "Jobs <jobs.quill.example>"
    assert message.auto_submitted
    assert not message.bounced
    assert message.plain == "no.\n"
    assert str(message.origin) == "a.mbox#3"
    assert len(message.id) == 16


def test_id_depends_on_the_bytes_only():
    """The same mail has the same id wherever it lies, and another mail another."""
    assert parse(MAIL).id == parse(MAIL.encode(), Origin("elsewhere")).id != parse(MAIL + " ").id


@pytest.mark.parametrize(
    "raw",
    [
        MAIL.encode(),
        b"\n\n" + MAIL.encode(),
        b" \r\n" + MAIL.encode(),
        b"\xef\xbb\xbf" + MAIL.encode(),
        MAIL.encode("utf-16"),
        MAIL.encode("utf-32"),
        MAIL.encode().replace(b"\n", b"\r\n"),
        b"From ada@quill.example Tue Mar  3 10:12:00 2026\n" + MAIL.encode(),
        b">From ada@quill.example Tue Mar  3 10:12:00 2026\n" + MAIL.encode(),
        b"From \xe9@quill.example Tue Mar  3 10:12:00 2026\n" + MAIL.encode(),
        b"%d      \n" % len(MAIL) + MAIL.encode() + b"<?xml version='1.0'?><plist></plist>\n",
        b"99999\n" + MAIL.encode(),
        b"X-Odd: first\n" + MAIL.encode(),
        MAIL.replace("Subject:", "Subject :").encode(),
        pytest.param(MAIL.replace(": ", " : ").encode(), id="from-space-colon"),
        MAIL.replace("\n\n", "\n", 1).encode(),
        pytest.param(MAIL.replace("\n", "\r").encode(), id="bare-cr"),
    ],
)
def test_wrappings_of_a_mail(raw):
    """Byte-order marks, leading blanks, From_ lines and emlx counts are no part of the mail."""
    message = parse(raw)
    assert str(message.sender) == "Ada Finch <ada@quill.example>"
    assert message.subject == "Your application"
    assert message.plain == "Dear Ines,\n\nno.\n"


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ines,\n\nwe chose someone else.\n",
        "Note: this is an automatic mail.\n\nWe chose someone else.\n",
        "From Monday on the post is filled.\nSorry.\n",
        "12\nDear Ines, no.\n",
        "PS: no\n",
        "To be honest: no.\n",
        "From our side it is a no.\nPS: do write again.\n",
        "Ask Ada Low <ada@x.example> for more.\nTo our regret we chose someone else.\nBye\n",
    ],
)
def test_pasted_prose_is_kept(text):
    """Text without header lines is all letter."""
    message = parse(text)
    assert message.plain == text
    assert message.subject == ""


@pytest.mark.parametrize(
    "between",
    [
        "",
        "10:32 AM (2 hours ago)\n",
        pytest.param("\n10:32 AM\n\n", id="blank"),
    ],
)
def test_paste_from_gmail(between):
    """Sender, time and `to me` at the top of a paste are no part of the letter."""
    message = parse(f"Ada Finch <ada@quill.example>\n{between}to me\n\nDear Ines, no.\n")
    assert str(message.sender) == "Ada Finch <ada@quill.example>"
    assert message.plain.strip() == "Dear Ines, no."


@pytest.mark.parametrize("charset", ["iso-8859-1", "gb2312", "utf-16"])
def test_text_needs_no_charset(charset):
    """A mail given as text keeps its characters, whatever charset it once declared."""
    assert parse(f"{HEAD}Content-Type: text/plain; charset={charset}\n\nCafé, no\n").plain == "Café, no\n"


@pytest.mark.parametrize(
    ("start", "word"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04", "zip"),
        (b"\x89PNG\r\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"GIF89a", "picture"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\xd0\xcf\x11\xe0", ".msg"),
        (b"\x7fELF", "program"),
        (b"\x00\x01\x02", "binary"),
    ],
)
def test_what_is_no_mail_is_refused(start, word):
    """A file that is no text is refused by name, with advice."""
    with pytest.raises(UnreadableMailError) as caught:
        parse(start + bytes(range(32)) * 20, Origin("thing.bin"))
    assert "thing.bin" in caught.value.what
    assert word in caught.value.what
    assert caught.value.tip


@pytest.mark.parametrize("source", ["", b"", "   \n", b"\n"])
def test_nothing_is_an_empty_message(source):
    """Nothing at all can be read; it just holds nothing."""
    message = parse(source)
    assert (message.plain.strip(), message.html, message.sender) == ("", "", None)


def test_too_much_is_noted():
    """What lies beyond 25 MB is left out, and the message says so."""
    message = parse(MAIL.encode() + b"x" * MAX_MAIL_BYTES)
    assert message.notes == ("only the first 25 MB were read",)
    assert parse(MAIL).notes == ()


def test_a_cut_letter_is_noted():
    """A text part that is cut at 2 MB says so."""
    assert parse(MAIL.encode() + b"no. \n" * 600_000).notes


@pytest.mark.parametrize(
    ("headers", "bounced"),
    [
        ("Content-Type: multipart/report; boundary=b", True),
        ("Return-Path: <>\nFrom: MAILER-DAEMON@quill.example", True),
        ("Return-Path: <>\nFrom: ada@quill.example", False),
        ("From: ada@quill.example", False),
    ],
)
def test_bounces(headers, bounced):
    """A delivery report is marked as one, and a mail with an empty return path alone is none."""
    assert parse(f"{headers}\nSubject: x\n\nhello\n").bounced is bounced


@pytest.mark.parametrize(
    ("value", "automatic"), [("auto-replied", True), ("auto-generated", True), ("no", False), ("No", False)]
)
def test_auto_submitted(value, automatic):
    """Only `no` means that a person wrote."""
    assert parse(f"{HEAD}Auto-Submitted: {value}\n\nhello\n").auto_submitted is automatic


@pytest.mark.parametrize(
    "value", ["", "yesterday", "99 Foo 20261 99:99", "Tue, 3 Mar 99999999 10:12:00 +9999", "\x00"]
)
def test_dates_that_are_none(value):
    """A date nobody can read is no date."""
    assert parse(f"{HEAD}Date: {value}\n\nhello\n").date is None


def test_subject_cannot_inject_headers():
    """A subject is one line, whatever its encoded-words hold."""
    assert (
        parse("Subject: a =?utf-8?q?=0D=0ABcc:_x@y.example?=\nFrom: a@b.example\n\nhi").subject
        == "a Bcc: x@y.example"
    )


def test_attached_text_is_no_letter_unless_alone():
    """An attached text counts only where the mail has no other."""
    attached = "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=cv.txt\n\nmy cv\n"
    start = f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n"
    assert "my cv" not in parse(f"{start}--b\n\nno.\n{attached}--b--\n").plain
    assert "my cv" in parse(f"{start}{attached}--b--\n").plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<!DOCTYPE html><p>x", False),
        ("<!DOCTYPE html><p>x</p>", True),
        ("<html>", True),
        ("  <div>x</div>", True),
        ("<b>x</b>", False),
        ("Dear <p>x</p>", False),
        ("<Ada> said </b>", False),
        ("<p of course", False),
        ("", False),
    ],
)
def test_looks_like_html(text, expected):
    """HTML source starts with a tag of a page and closes some."""
    assert looks_like_html(text) is expected


def test_html_in_a_plain_part_is_html():
    """HTML source that claims to be plain text is moved to where it belongs."""
    message = parse(f"{HEAD}\n<html><body><p>no.</p></body></html>\n")
    assert message.plain == ""
    assert "<p>no.</p>" in message.html


PIECES = st.sampled_from(
    [
        "From: a@b.example\n",
        "Subject: =?utf-8?q?=C3?=\n",
        "Content-Type: text/html\n",
        "Content-Type: multipart/mixed; boundary=b\n",
        "\n",
        "\n\n",
        "--b\n",
        "Date: 31 Feb 2026\n",
        "Content-Type: text/plain; charset=utf-16; format=flowed\n",
        "12\n",
        "From x\n",
        "<html>",
        "<p>",
        "</p>",
        "<div style='display:none'>",
        "<blockquote type=cite>",
        "<style>.a{display:none}",
        "<!--",
        "<![CDATA[",
        "<p class=a>",
        "> quoted\n",
        "On Mon, 2 Mar 2026 Ada wrote:\n",
        "-- \n",
        "Kind regards,\n",
        "________________\n",
        "Sent: x\n",
        "To: me\n",
        "Unsubscribe\n",
        "hello ",
        "\0",
    ]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.binary(max_size=400),
        st.text(max_size=400),
        st.lists(PIECES, max_size=20).map("".join),
        st.lists(st.one_of(PIECES.map(str.encode), st.binary(max_size=20)), max_size=20).map(b"".join),
    )
)
def test_reading_raises_only_what_it_says(source):
    """Any bytes or text become a message and a letter, or an error made for people."""
    try:
        message = parse(source)
    except UnreadableMailError:
        return
    try:
        assert clean(message).text.strip()
    except RejoinderError:
        return


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=100))
def test_any_date_is_read_or_not(value):
    """No date header stops a mail from being read."""
    assert (
        parse(f"{HEAD}Date: {value}\nMessage-ID: {value}\nReferences: {value}\n\nhi\n").subject
        == "Your application"
    )


H = b"From: ada@quill.example\n"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(H + b"Subject: " + b"a" * 1_000_000 + b"\n\nhi", id="subject"),
        pytest.param(H + b"Subject: " + b"=?utf-8?q?a?= " * 70_000 + b"\n\nhi", id="subject-words"),
        pytest.param(H + b"Subject: x\n" + b" x\n" * 300_000 + b"\nhi", id="folded"),
        pytest.param(b"From: " + b"," * 50_000 + b"\n\nhi", id="commas"),
        pytest.param(b'From: "' + b"a" * 200_000 + b"\n\nhi", id="unclosed-quote"),
        pytest.param(b"From: a@b.example\n" * 50_000 + b"\nhi", id="froms"),
        pytest.param(H + b"References: " + b"<" * 60_000 + b"\n\nhi", id="references"),
        pytest.param(H + b"X: y\n" * 300_000 + b"\nhi", id="headers"),
        pytest.param(b" " * 20_000_000 + b"x", id="spaces"),
        pytest.param(b"7\n" + b" " * 5_000_000 + b"x", id="count-and-spaces"),
        pytest.param(b"<div>" + b"</x" * 300_000, id="half-tags"),
        pytest.param(b"Ada " + b" " * 2000 + b"<a@b.example>\nto me\n hi", id="gmail-spaces"),
    ],
)
def test_hostile_mail_ends_soon(raw):
    """Parsing takes time in proportion to the mail."""
    start = time.monotonic()
    parse(raw)
    assert time.monotonic() - start < GUARD
