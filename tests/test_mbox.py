"""mbox files in every variant: counts and bodies exact, however the file is cut."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rejoinder.mail.mbox import first_byte, is_mbox, split, status_flags
from rejoinder.mail.raw import MAX_MAIL_BYTES
from rejoinder.mail.sources import RawMail, Source, find_sources, read_path, read_slice, slices
from rejoinder.types import Failure

COUNT = 200
#: Bodies with what splitters trip over; none has a line that a mail program would have written.
BODIES = [
    "Dear Dana,\n\nno.\n",
    "From Monday on the post is filled.\nSorry.\n",
    "We wrote\nFrom our side: no.\n\nFrom here on: nothing.\n",
    "Times change:\n\nFrom 10:30 to 11:30 the desk is shut.\nSee you.\n",
    "From 2026 on we hire again, look at\nhttps://fenwick.example/jobs\n",
    "From time 10:30, 3 March 2026, see\nhttps://fenwick.example/jobs\n",
    "Fromage and more.\n from ada@fenwick.example\n",
    "",
    "\n\nTwo blank lines before, and\n\n\ntwo in the middle.\n",
    "line without an end",
    "x" * 5000 + "\n",
    "Zoë schrieb: nö.\n",
]
QUOTED_TWICE = "He wrote:\n>From Monday on\n>>From Tuesday on\nFrom Friday on\n"
PINE = (
    b"From MAILER-DAEMON Tue Mar  3 10:12:00 2026\nDate: 03 Mar 2026 10:12:00 +0000\n"
    b"From: Mail System Internal Data <MAILER-DAEMON@host.example>\n"
    b"Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nMessage-ID: <1234@host.example>\n"
    b"X-IMAP: 1234 0000000001\nStatus: RO\n\n"
    b"This text is part of the internal format of your mail folder, and is not\na real message.\n\n"
)


def mail(number, body, extra=b""):
    """A mail with LF line ends."""
    head = f"Message-ID: <{number}@fenwick.example>\nFrom: Ada <ada@fenwick.example>\nSubject: No {number}\n"
    return head.encode() + extra + b"\n" + body.encode()


def box(
    line=b"From ada@fenwick.example Tue Mar  3 10:12:00 2026",
    quote=None,
    length=False,
    end=b"\n",
    crlf=False,
    extra=b"",
    bodies=BODIES,
):
    """An mbox as bytes, and the mails that are in it."""
    out, mails = [], []
    for number in range(COUNT):
        raw = mail(number, bodies[number % len(bodies)], extra)
        head, _, body = raw.partition(b"\n\n")
        body = body if body.endswith(b"\n") or not body else body + b"\n"
        stored = re.sub(quote, rb">\g<0>", body) if quote else body
        if length:
            head += b"\nContent-Length: %d" % len(stored)
        raw, stored = head + b"\n\n" + body, head + b"\n\n" + stored
        if crlf:
            raw, stored = raw.replace(b"\n", b"\r\n"), stored.replace(b"\n", b"\r\n")
        mails.append(raw)
        out += [line, b"\r\n" if crlf else b"\n", stored, b"\r\n" if crlf else end]
    return b"".join(out), mails


MBOXO, MBOXRD = rb"(?m)^From ", rb"(?m)^>*From "
VARIANTS = {
    "mboxo": box(quote=MBOXO),
    "mboxrd": box(quote=MBOXRD, bodies=[*BODIES, QUOTED_TWICE]),
    "mboxcl": box(quote=MBOXO, length=True),
    "mboxcl2": box(length=True),
    "crlf": box(quote=MBOXO, crlf=True),
    "no-blank-line": box(quote=MBOXO, end=b""),
    "unquoted": box(),
    "takeout": box(
        b"From 1844347792267117879@xxx Tue Mar 03 10:12:00 +0000 2026", MBOXRD, crlf=True,
        extra=b"X-GM-THRID: 1844347792267117879\nX-Gmail-Labels: =?UTF-8?Q?Posteingang,Ge=C3=B6ffnet?=\n",
    ),
    "thunderbird": box(b"From - Tue Mar  3 10:12:00 2026", extra=b"X-Mozilla-Status: 0001\n"),
    "thunderbird-bare": box(b"From - "),
    "byte-order-mark": (b"\xef\xbb\xbf\r\n\n" + box()[0], box()[1]),
    "non-ascii": box("From Zoë Müller Tue Mar  3 10:12:00 2026".encode("latin-1")),
    "non-ascii-address": box("From zoë@fenwick.example Tue Mar  3 10:12:00 2026".encode()),
    "daemon": box(b"From MAILER-DAEMON"),
    "pine": (PINE + box()[0], box()[1]),
}  # fmt: skip


def read(path, size=None):
    """The mails of an mbox, cut into slices of a size."""
    (source,) = find_sources(path)
    pieces = slices([source], size) if size else slices([source])
    return [item for piece in pieces for item in read_slice(piece)]


@pytest.mark.parametrize("variant", VARIANTS)
def test_variants(variant, tmp_path):
    """Every variant gives its 200 mails with the bodies that were sent, and Pine's own note is none of them."""
    data, mails = VARIANTS[variant]
    (tmp_path / "box").write_bytes(data)
    items = list(read_path(tmp_path / "box"))
    found = [item for item in items if isinstance(item, RawMail)]
    assert [item.raw for item in found] == mails
    skipped = [(item.origin.position, item.error) for item in items if isinstance(item, Failure)]
    assert skipped == ([(1, "FolderData")] if variant == "pine" else [])
    assert [item.origin.position for item in items] == list(range(1, len(items) + 1))
    assert all(data.startswith(b"From ", item.offset) for item in found)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("size", [997, 4096, 100_000])
def test_variants_in_slices(variant, size, tmp_path):
    """The same mails come out of slices of any size, none twice and none missing."""
    data, mails = VARIANTS[variant]
    (tmp_path / "box").write_bytes(data)
    assert [item.raw for item in read(tmp_path / "box", size) if isinstance(item, RawMail)] == mails


LINES = st.sampled_from(
    [
        b"From ada@fenwick.example Tue Mar  3 10:12:00 2026\n",
        b"From - \r\n",
        b"From ada\n",
        b"From \n",
        b">From x\n",
        b"Subject: no\n",
        b"Subject: no\r\n",
        b"https://fenwick.example\n",
        b"\n",
        b"\r\n",
        b" \n",
        b"words\n",
        b"\nFrom ",
        b"F",
        b"x" * 1100,
        b"\xef\xbb\xbf",
    ]
)


@given(st.lists(LINES, max_size=40).map(b"".join), st.integers(1, 3000), st.integers(1, 3000))
@settings(max_examples=300)
def test_cutting_changes_nothing(data, size, block):
    """Whatever the bytes, the size of the slices and that of the blocks: the same mails, at the same places."""
    first = first_byte(data)

    def cut(start, end):
        begun = start <= first
        if begun and first >= end:
            return []
        at = first if begun else start - 1
        blocks = [data[place : place + block] for place in range(at, len(data), block)]
        return list(split(blocks, at, end, begun))

    whole = list(split([data[first:]], first, len(data), True)) if first < len(data) else []
    assert [
        mail for start in range(0, len(data), size) for mail in cut(start, min(start + size, len(data)))
    ] == whole
    assert sum(mail.size for mail in whole) <= len(data)


def test_leading_blank_lines(tmp_path):
    """The first line that is not blank is a From_ line whatever is in it, also for the slices behind it."""
    (tmp_path / "box.mbox").write_bytes(b"\n" * 5000 + b"From x\nSubject: a\n\nno.\n\nFrom x\nSubject: b\n")
    for size in (100, 4999, 5000, 5001, 100_000):
        (only,) = read(tmp_path / "box.mbox", size)
        assert only.raw == b"Subject: a\n\nno.\n\nFrom x\nSubject: b\n"
        assert only.offset == 5000


def test_text_before_the_first_mail(tmp_path):
    """What stands before the first From_ line is named, and a mail there without such a line is read."""
    rest = b"From ada@fenwick.example Tue Mar  3 10:12:00 2026\nSubject: a\n\nno.\n"
    (tmp_path / "a.mbox").write_bytes(b"half a line\n" + rest)
    skipped, found = read(tmp_path / "a.mbox")
    assert (skipped.error, skipped.reason) == ("UnknownText", "no mail: 12 bytes before the first one")
    assert found.raw == b"Subject: a\n\nno.\n"
    (tmp_path / "b.mbox").write_bytes(b"Subject: first\n\nyes.\n" + rest)
    assert [item.raw for item in read(tmp_path / "b.mbox")] == [
        b"Subject: first\n\nyes.\n",
        b"Subject: a\n\nno.\n",
    ]


def test_too_large(tmp_path):
    """A mail over 25 MB is skipped with its size, and those around it are read."""
    line = b"From ada@fenwick.example Tue Mar  3 10:12:00 2026\n"
    small = line + b"Subject: small\n\nno.\n\n"
    with (tmp_path / "box").open("wb") as file:
        file.write(small + line + b"Subject: large\n\n")
        for _ in range(26):
            file.write(b"x" * 1023 + b"\n" + b"y" * (2**20 - 1024))
        file.write(b"\n\n" + small)
    before, large, after = read(tmp_path / "box")
    assert before.raw == after.raw == b"Subject: small\n\nno.\n"
    assert large.error == "TooLarge"
    assert large.reason == "too large (27 MB; the limit is 25 MB)"
    assert [item.origin.position for item in (before, large, after)] == [1, 2, 3]
    assert sum(isinstance(item, RawMail) for item in read(tmp_path / "box", 2**20)) == 2


def test_limit_exactly(tmp_path):
    """A mail of 25 MB is read."""
    body = b"Subject: x\n\n" + b"y" * (MAX_MAIL_BYTES - 12)
    (tmp_path / "box").write_bytes(b"From ada@fenwick.example Tue Mar  3 10:12:00 2026\n" + body)
    (only,) = read(tmp_path / "box")
    assert only.raw == body


def test_truncated(tmp_path):
    """Of a mailbox that ends in the middle of a mail, that mail is read as far as it goes."""
    data, mails = VARIANTS["mboxrd"]
    for cut in (len(data) - 20, len(data) // 2, 120, 80):
        (tmp_path / "box.mbox").write_bytes(data[:cut])
        *found, last = read(tmp_path / "box.mbox")
        assert [item.raw for item in found] == mails[: len(found)]
        assert mails[len(found)].startswith(last.raw[:30])
    (tmp_path / "box.mbox").write_bytes(data[:60])
    assert [item.error for item in read(tmp_path / "box.mbox")] == ["UnknownText"]


def test_grown(tmp_path):
    """What is added to a file after it was found is left for the next time."""
    data, mails = VARIANTS["mboxo"]
    (tmp_path / "box").write_bytes(data)
    (source,) = find_sources(tmp_path / "box")
    with (tmp_path / "box").open("ab") as file:
        file.write(b"From ada@fenwick.example Tue Mar  3 10:12:00 2026\nSubject: new\n\nno.\n")
    assert [item.raw for piece in slices([source]) for item in read_slice(piece)] == mails
    assert len(read(tmp_path / "box")) == COUNT + 1


def test_shrunk_while_read(tmp_path):
    """Of a file that is cut short while it is read, what was there is read, and the loss is named."""
    big, mails = box(bodies=["x" * 20_000 + "\n"])
    (tmp_path / "box").write_bytes(big)
    (source,) = find_sources(tmp_path / "box")
    (piece,) = slices([source])
    reading = read_slice(piece)
    items = [next(reading)]
    with (tmp_path / "box").open("r+b") as file:
        file.truncate(1_500_000)
    items += reading
    *found, last = items
    assert isinstance(last, Failure)
    assert (last.error, last.origin.path) == ("Changed", str(tmp_path / "box"))
    assert "changed while it was read" in last.reason
    assert [item.raw for item in found[:-1]] == mails[: len(found) - 1]
    assert 70 < len(found) < 80


@pytest.mark.parametrize("gone", ["box", "1.eml"])
def test_vanished(gone, tmp_path):
    """A file that is gone when its turn comes is one failure, and the others are read."""
    (tmp_path / "box").write_bytes(VARIANTS["mboxo"][0])
    (tmp_path / "1.eml").write_bytes(b"Subject: x\n\nno.\n")
    pieces = list(slices([item for item in find_sources(tmp_path) if isinstance(item, Source)]))
    (tmp_path / gone).unlink()
    items = [item for piece in pieces for item in read_slice(piece)]
    failures = [item for item in items if isinstance(item, Failure)]
    assert [(item.origin.path, item.error, item.reason) for item in failures] == [
        (str(tmp_path / gone), "Changed", "gone since it was found")
    ]
    assert len(items) == (2 if gone == "box" else COUNT + 1)


def test_replaced_by_a_pipe(tmp_path):
    """A file that has become a pipe since it was found is a failure; nothing waits for its writer."""
    import os

    (tmp_path / "box").write_bytes(VARIANTS["mboxo"][0])
    (source,) = find_sources(tmp_path / "box")
    (tmp_path / "box").unlink()
    os.mkfifo(tmp_path / "box")
    (only,) = [item for piece in slices([source]) for item in read_slice(piece)]
    assert only.error == "Changed"


def test_slices_depend_on_the_size_only(tmp_path):
    """Slices are the same every time, touch one another, and are as small as was asked."""
    (tmp_path / "box").write_bytes(VARIANTS["mboxo"][0])
    (source,) = find_sources(tmp_path / "box")
    pieces = list(slices([source], 10_000))
    assert pieces == list(slices([replace(source)], 10_000))
    assert pieces[0].start == 0
    assert pieces[-1].end == source.size
    assert [piece.end for piece in pieces[:-1]] == [piece.start for piece in pieces[1:]]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"From ada@fenwick.example Tue\nSubject: x\n", True),
        (b"From x\nSubject: x\n", True),
        (b"From - \nX-Odd: x\n", True),
        (b"From our side\nNote: no.\n", False),
        (b"From ada@fenwick.example\n\n", False),
        (b"From ada@fenwick.example\nhttps://fenwick.example\n", False),
        (b"Subject: x\n", False),
        (b"", False),
    ],
)
def test_is_mbox(head, expected):
    """A file is an mbox if it begins with a From_ line and a header."""
    assert is_mbox(head) is expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b"X-Mozilla-Status: 0001", {"seen"}),
        (b"X-Mozilla-Status: 0009\nX-Mozilla-Status2: 00000000", {"seen", "trashed"}),
        (b"X-Mozilla-Status: zz", set()),
        (b"Status: RO\nX-Status: AT", {"replied", "draft"}),
        (b"X-Status: D", {"trashed"}),
        (b"Subject: Status: D", set()),
    ],
)
def test_status_flags(header, expected):
    """What mail programs note in the file about a mail is read; what stands in its text is not."""
    assert status_flags(b"From: a@b.example\n" + header + b"\n\nX-Status: D\n") == expected
