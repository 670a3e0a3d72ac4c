"""Outlook's own files: `.msg`, written here as compound files, and `.pst`."""

import json
import struct
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest

from rejoinder.errors import UnreadableMailError
from rejoinder.mail import outlook
from rejoinder.mail.cleaning import clean
from rejoinder.mail.outlook import unpack_msg
from rejoinder.mail.parsing import parse
from rejoinder.mail.sources import RawMail, read_path
from rejoinder.types import Address

SECTOR, MINI, FREE, END = 512, 64, 0xFFFFFFFF, 0xFFFFFFFE
NO = (
    "Dear Dana,\r\n\r\nthank you for applying to Fenwick Glass. Unfortunately we have decided to go with "
    "another candidate.\r\n\r\nKind regards,\r\nAda Moor\r\n"
)
HEADERS = (
    "Received: from x\r\nFrom: Ada Moor <ada@fenwick.example>\r\nTo: Dana <dana@post.example>\r\n"
    "Subject: Your application\r\nDate: Tue, 3 Mar 2026 10:12:00 +0000\r\nMessage-ID: <1@fenwick.example>\r\n"
    'Content-Type: multipart/alternative;\r\n\tboundary="gone"\r\nContent-Transfer-Encoding: base64\r\nMIME-Version: 1.0\r\n\r\n'
)


def padded(data, size, fill=b"\0"):
    """Bytes filled up to whole sectors."""
    return data + fill * (-len(data) % size)


def chain(first, length):
    """The entries of one chain of sectors in an allocation table."""
    return [first + at + 1 for at in range(length - 1)] + [END] if length else []


def compound(tree):
    """A compound file (MS-CFB) of nested dicts of bytes, with a mini stream for the short ones."""
    entries, mini, minifat, big = [], b"", [], []

    def add(name, node):
        at = len(entries)
        entries.append([name, 1 if isinstance(node, dict) else 2, FREE, FREE, END, 0])
        if isinstance(node, dict):
            kids = [add(kid, inner) for kid, inner in node.items()]
            for left, right in pairwise(kids):
                entries[left][2] = right
            entries[at][3] = kids[0] if kids else FREE
        else:
            nonlocal mini
            entries[at][5] = len(node)
            if len(node) >= 4096:
                big.append((at, node))
            elif node:
                entries[at][4] = len(minifat)
                minifat.extend(chain(len(minifat), -(-len(node) // MINI)))
                mini += padded(node, MINI)
        return at

    add("Root Entry", tree)
    entries[0][1] = 5
    directory = -(-len(entries) // 4)
    minifat_data = padded(struct.pack(f"<{len(minifat)}L", *minifat), SECTOR, b"\xff")
    fats = (
        1
        + (directory + len(minifat_data + mini) // SECTOR + sum(len(node) for _, node in big) // SECTOR + 9)
        // 120
    )
    table = [0xFFFFFFFD] * fats
    first_directory = len(table)
    table += chain(len(table), directory)
    first_minifat = len(table) if minifat else END
    table += chain(len(table), len(minifat_data) // SECTOR)
    entries[0][4:] = [len(table) if mini else END, len(mini)]
    table += chain(len(table), -(-len(mini) // SECTOR))
    body = [minifat_data, padded(mini, SECTOR)]
    for at, node in big:
        entries[at][4] = len(table)
        table += chain(len(table), -(-len(node) // SECTOR))
        body.append(padded(node, SECTOR))
    packed = b""
    for name, kind, right, child, start, size in entries:
        text = name.encode("utf-16-le") + b"\0\0"
        packed += text.ljust(64, b"\0") + struct.pack("<HBBLLL", len(text), kind, 1, FREE, right, child)
        packed += bytes(36) + struct.pack("<LQ", start, size)
    empty = (b"\0" * 68 + struct.pack("<LLL", FREE, FREE, FREE)).ljust(128, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack(
        "<LLLLLLLLL", 0, fats, first_directory, 0, 4096, first_minifat, len(minifat_data) // SECTOR, END, 0
    )
    header += struct.pack("<109L", *[*range(fats), *[FREE] * (109 - fats)])
    fat = struct.pack(f"<{fats * 128}L", *table, *[FREE] * (fats * 128 - len(table)))
    return b"".join([header, fat, packed + empty * (-len(entries) % 4), *body])


def properties(values, head):
    """The streams of a set of MAPI properties: text, bytes, numbers or times by their id."""
    streams, entries = {}, b""
    for pid, value in values.items():
        if isinstance(value, int):
            entries += struct.pack("<HHLq", 3, pid, 6, value)
        elif isinstance(value, datetime):
            ticks = (value - datetime(1601, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 10
            entries += struct.pack("<HHLq", 0x40, pid, 6, ticks)
        else:
            kind, data = (0x1F, value.encode("utf-16-le")) if isinstance(value, str) else (0x102, value)
            entries += struct.pack("<HHLLL", kind, pid, 6, len(data) + 2, 0)
            streams[f"__substg1.0_{pid:04X}{kind:04X}"] = data
    return {**streams, "__properties_version1.0": head + entries}


def msg(values, recipients=()):
    """A `.msg` file."""
    head = struct.pack("<8xLLLL8x", len(recipients), 0, len(recipients), 0)
    tree = properties({0x001A: "IPM.Note", 0x340D: 0x40000, **values}, head)
    for at, recipient in enumerate(recipients):
        tree[f"__recip_version1.0_#{at:08X}"] = properties(recipient, bytes(8))
    return compound(tree)


RECEIVED = msg({0x007D: HEADERS, 0x0037: "Your application", 0x1000: NO, 0x0E07: 1})
SENT = msg(
    {
        0x0037: "Ünïcode\r\nBcc: x@evil.example",
        0x0C1A: "Ada Moor",
        0x0C1F: "/O=FENWICK/CN=ADA",
        0x5D01: "ada@fenwick.example",
        0x0039: datetime(2026, 3, 3, 10, 12, tzinfo=UTC),
        0x1035: "<2@fenwick.example>",
        0x1013: "<html><body><p>Dear Dana,</p><p>n\u00f6.</p></body></html>".encode("cp1252"),
        0x3FDE: 1252,
        0x0E07: 8,
    },
    [
        {0x0C15: 1, 0x3001: 'Dana "D" Li', 0x39FE: "dana@post.example"},
        {0x0C15: 3, 0x39FE: "hidden@post.example"},
    ],
)


def test_received_mail():
    """A `.msg` that came by mail has its headers and text; what they said of the old body does not count."""
    pytest.importorskip("oxmsg")
    message = parse(RECEIVED)
    assert message.sender == Address("Ada Moor", "ada@fenwick.example")
    assert message.to == (Address("Dana", "dana@post.example"),)
    assert (message.subject, message.message_id) == ("Your application", "<1@fenwick.example>")
    assert message.date == datetime(2026, 3, 3, 10, 12, tzinfo=UTC)
    assert message.plain.strip() == NO.replace("\r\n", "\n").strip()
    assert clean(message).text.startswith("Dear Dana,\n\nthank you")


def test_mail_without_headers():
    """One that was never sent is put together from its properties, and is a draft."""
    pytest.importorskip("oxmsg")
    raw, flags = unpack_msg(SENT, "x.msg")
    message = parse(raw)
    assert flags == {"draft"}
    assert message.sender == Address("Ada Moor", "ada@fenwick.example")
    assert message.to == (Address("Dana D Li", "dana@post.example"),)
    assert message.subject == "Ünïcode Bcc: x@evil.example"
    assert (message.message_id, message.date) == (
        "<2@fenwick.example>",
        datetime(2026, 3, 3, 10, 12, tzinfo=UTC),
    )
    assert clean(message).text == "Dear Dana,\n\nnö."


def test_long_text():
    """Text that fills sectors of its own is read whole."""
    pytest.importorskip("oxmsg")
    text = "No and no. " * 9000
    assert parse(msg({0x0037: "x", 0x1000: text})).plain.strip() == text.strip()


def test_msg_in_a_folder(tmp_path):
    """A `.msg` in a folder is read like any mail, and is the same mail as when it is read alone."""
    pytest.importorskip("oxmsg")
    (tmp_path / "a.msg").write_bytes(RECEIVED)
    (tmp_path / "b.msg").write_bytes(SENT)
    first, second = read_path(tmp_path)
    assert parse(first.raw).id == parse(RECEIVED).id
    assert (first.flags, second.flags) == (frozenset(), {"draft"})


@pytest.mark.parametrize(
    "data", [RECEIVED[:700], RECEIVED[:2000], RECEIVED[:8] + bytes(4000), compound({"WordDocument": b"x"})]
)
def test_broken_msg(data, tmp_path):
    """A damaged `.msg`, or an Office file that is none, is a failure that says what to do."""
    pytest.importorskip("oxmsg")
    with pytest.raises(UnreadableMailError, match=r"save it as \.eml"):
        parse(data)
    (tmp_path / "a.msg").write_bytes(data)
    (only,) = read_path(tmp_path)
    assert only.error == "UnreadableMailError"


def test_without_the_library(tmp_path):
    """Where the extra is not installed, `.msg` and `.pst` files are failures that name what to install."""
    (tmp_path / "a.msg").write_bytes(RECEIVED)
    (tmp_path / "b.pst").write_bytes(b"!BDN" + bytes(600))
    code = (
        "import sys; sys.modules['oxmsg'] = sys.modules['pypff'] = None\n"
        "from pathlib import Path; from rejoinder.mail.sources import read_path\n"
        "print([item.reason for item in read_path(Path(sys.argv[1]))])"
    )
    run = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True)
    assert 'pip install "rejoinder[outlook]"' in run.stdout
    assert 'pip install "rejoinder[pst]"' in run.stdout
    assert "readpst -r -o FOLDER FILE.pst" in run.stdout


def test_reply_to_a_msg(rejoinder, tmp_path):
    """`classify` and `reply` take a `.msg` file."""
    pytest.importorskip("oxmsg")
    (tmp_path / "a.msg").write_bytes(RECEIVED)
    done = rejoinder("classify", "--format", "jsonl", "a.msg")
    assert json.loads(done.stdout)["subject"] == "Your application"
    assert rejoinder("reply", "--stage", "mid", "a.msg").returncode == 0


def test_broken_pst(tmp_path):
    """A `.pst` that cannot be opened is one failure with the advice to convert it."""
    pytest.importorskip("pypff")
    (tmp_path / "a.pst").write_bytes(b"!BDN" + bytes(2000))
    (only,) = read_path(tmp_path)
    assert only.error == "UnreadableMailError"
    assert "readpst" in only.reason


def store(name, messages=(), folders=()):
    """A folder with the methods that libpff gives one; an exception among the messages is raised."""

    def get(items):
        def one(at):
            if isinstance(items[at], Exception):
                raise items[at]
            return items[at]

        return one

    return SimpleNamespace(
        name=name,
        get_number_of_sub_messages=lambda: len(messages),
        get_sub_message=get(messages),
        get_number_of_sub_folders=lambda: len(folders),
        get_sub_folder=get(folders),
    )


def pst_mail(**values):
    """A message with the attributes that libpff gives one."""
    names = "transport_headers subject sender_name client_submit_time delivery_time plain_text_body html_body rtf_body"
    return SimpleNamespace(**{**dict.fromkeys(names.split()), "record_sets": [], **values})


def test_folders_of_a_pst():
    """Folders of a `.pst` are walked in order; a mail in them that is broken is told from the others."""
    came = pst_mail(transport_headers=HEADERS, plain_text_body=NO.encode(), html_body=b"<p>no</p>")
    sent = pst_mail(
        subject="\x01\x05Re: x", sender_name="Dana", delivery_time=datetime(2026, 3, 3), plain_text_body="no"
    )
    root = store(
        "",
        folders=[store("Top", [came, OSError("bad")], [store("Sent Items", [sent])]), store("Junk", [came])],
    )
    found = list(outlook.walk_store(root))
    assert [folder for _, folder in found] == ["Top", "Top", "Top/Sent Items", "Junk"]
    first, broken, second, _ = (raw if raw is None else parse(raw) for raw, _ in found)
    assert broken is None
    assert (first.message_id, first.plain.strip()[:10]) == ("<1@fenwick.example>", "Dear Dana,")
    assert (second.subject, second.date) == ("Re: x", datetime(2026, 3, 3, tzinfo=UTC))


def test_what_else_a_pst_holds():
    """Appointments and contacts are no mail; a meeting request is, and so is what does not say what it is."""

    def item(kind, text):
        entry = SimpleNamespace(entry_type=0x001A, data_as_string=kind)
        return pst_mail(plain_text_body=text, record_sets=[SimpleNamespace(entries=[entry])])

    kinds = (
        "IPM.Note",
        "IPM.Appointment",
        "IPM.Schedule.Meeting.Request",
        "IPM.Contact",
        None,
        "REPORT.IPM.Note.NDR",
    )
    root = store("", [item(kind, f"this is {kind}") for kind in kinds])
    texts = [parse(raw).plain.strip() for raw, _ in outlook.walk_store(root)]
    assert texts == [f"this is {kind}" for kind in kinds if kind not in ("IPM.Appointment", "IPM.Contact")]


def test_mail_kept_as_rtf():
    """Where Outlook keeps a mail as RTF alone, its text is read from that, in both formats."""
    pytest.importorskip("oxmsg")
    from compressed_rtf import compress

    rtf = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}Dear Dana,\par\par we chose somebody else, n\'f6.\par}"
    raw, _ = unpack_msg(msg({0x0037: "x", 0x1009: compress(rtf)}), "x.msg")
    kept = next(outlook.walk_store(store("", [pst_mail(subject="x", rtf_body=rtf)])))[0]
    for mail in (raw, kept):
        assert clean(parse(mail)).text == "Dear Dana,\n\nwe chose somebody else, nö."


def test_real_outlook_files():
    """Real `.msg` files, where there are some, are all read with subject and text."""
    pytest.importorskip("oxmsg")
    from pathlib import Path

    folder = Path(__file__).parent.parent.parent / "shared" / "eval" / "mail" / "outlook_msg"
    if not folder.is_dir():
        pytest.skip("no real .msg files here")
    for item in read_path(folder):
        assert isinstance(item, RawMail)
        message = parse(item.raw, item.origin)
        assert message.subject
        assert message.plain.strip() or message.html.strip()
