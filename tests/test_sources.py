"""Mail found in folders of every sort, and what else lies there named."""

import os
import socket
import time
from pathlib import Path

import pytest

from rejoinder.errors import UnreadableMailError
from rejoinder.mail.mbox import MAX_MAIL_BYTES
from rejoinder.mail.sources import RawMail, Slice, Source, find_sources, read_path, read_slice, slices
from rejoinder.types import Failure

MAIL = b"From: Ada <ada@fenwick.example>\nSubject: No\n\nno.\n"
LINE = b"From ada@fenwick.example Tue Mar  3 10:12:00 2026\n"
GUARD = 3.0


def lay(root, files):
    """Lay files into a folder: bytes by path."""
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)


def read(path):
    """What is read: path below the folder, position and folder of each mail; and the failures with their reason."""
    items = list(read_path(path))
    base = path if path.is_dir() else path.parent
    mails = [
        (os.path.relpath(item.origin.path, base), item.origin.position, item.folder)
        for item in items
        if isinstance(item, RawMail)
    ]
    failures = {
        os.path.relpath(item.origin.path, base): (item.error, item.reason)
        for item in items
        if isinstance(item, Failure)
    }
    assert len(mails) + len(failures) == len(items)
    return mails, failures


def test_folder_of_eml_files(tmp_path):
    """Mails in files of their own are read in the order of their names, each with its folder."""
    lay(tmp_path, {"b/2.eml": MAIL, "b/1.EML": MAIL, "a.eml": MAIL, "Jobs/Sent/x.txt": MAIL})
    mails, failures = read(tmp_path)
    assert mails == [
        ("Jobs/Sent/x.txt", None, "Jobs/Sent"),
        ("a.eml", None, tmp_path.name),
        ("b/1.EML", None, "b"),
        ("b/2.eml", None, "b"),
    ]
    assert failures == {}


def test_single_files(tmp_path):
    """A file that is named itself is read too."""
    lay(
        tmp_path,
        {"a.eml": MAIL, "pasted.txt": b"Dear Dana,\nno.\n", "Sent": LINE + MAIL + b"\n" + LINE + MAIL},
    )
    assert read(tmp_path / "a.eml") == ([("a.eml", None, "")], {})
    assert read(tmp_path / "pasted.txt") == ([("pasted.txt", None, "")], {})
    assert read(tmp_path / "Sent") == ([("Sent", 1, "Sent"), ("Sent", 2, "Sent")], {})


def test_a_file_that_is_named_is_no_companion(tmp_path):
    """A mailbox with the name of an index is read when it is named itself."""
    lay(tmp_path, {"mail.dat": LINE + MAIL, "x.msf": b"index"})
    assert read(tmp_path) == ([], {})
    assert read(tmp_path / "mail.dat") == ([("mail.dat", 1, "mail.dat")], {})
    assert read(tmp_path / "x.msf")[1]["x.msf"] == ("UnknownFile", "unknown file: no mail")


@pytest.mark.parametrize("path", ["missing", "missing/inside", "a\0b"])
def test_missing_path(path, tmp_path):
    """A path where nothing is, is an error that says so."""
    with pytest.raises(UnreadableMailError, match="cannot be read"):
        list(find_sources(tmp_path / path))


def test_empty_folder(tmp_path):
    """An empty folder holds nothing, and that is no error."""
    assert list(read_path(tmp_path)) == []


UNKNOWN = {
    "photo.jpg": b"\xff\xd8\xff\xe0 jpeg",
    "paper.pdf": b"%PDF-1.7",
    "letter.docx": b"PK\x03\x04 docx",
    "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "notes.md": b"From: me\nTo: you\nSubject: x\n",
    "page.html": b"<html><body>no</body></html>",
    "data.json": b'{"from": "x"}',
    "settings.yaml": b"From: a\nTo: b\n",
    "README": b"Some words.\n",
    "empty.dump": b"",
    "blob": bytes(range(256)),
    "one-header": b"Subject: x\n\nwords\n",
    "mail.tar.gz": b"\x1f\x8b\x08",
    "all.tgz": b"\x1f\x8b\x08",
    "all.7z": b"7z\xbc\xaf\x27\x1c",
    "fake.pst": b"no store",
    "binary.txt": b"ab\0c",
}


def test_unknown_files_are_named(tmp_path):
    """What is no mail is named with its reason, and never read as if it were one."""
    lay(tmp_path, {**UNKNOWN, "a.eml": MAIL})
    mails, failures = read(tmp_path)
    assert [name for name, *_ in mails] == ["a.eml"]
    assert set(failures) == set(UNKNOWN)
    assert {error for error, _ in failures.values()} == {"UnknownFile"}
    assert failures["photo.jpg"][1] == "unknown file: a picture"
    assert failures["all.tgz"][1] == "unknown file: an archive that must be unpacked first"
    assert all(reason.startswith("unknown file: ") for _, reason in failures.values())


def test_files_without_an_ending_are_looked_into(tmp_path):
    """A mail or an mbox is known by how it begins, whatever its name."""
    lay(
        tmp_path,
        {"INBOX": LINE + MAIL, "old.2019": LINE + MAIL, "mail": MAIL, "x.dump": b"\xef\xbb\xbf" + MAIL},
    )
    mails, failures = read(tmp_path)
    assert mails == [
        ("INBOX", 1, "INBOX"),
        ("mail", None, tmp_path.name),
        ("old.2019", 1, "old.2019"),
        ("x.dump", None, tmp_path.name),
    ]
    assert failures == {}


@pytest.fixture
def maildir(tmp_path):
    """A Maildir with sub-folders, and everything in it that a reader must not touch."""
    root = tmp_path / "Maildir"
    lay(
        root,
        {
            "new/1.M1.host": MAIL,
            "cur/2.M2.host:2,RS": MAIL,
            "cur/3.M3.host:2,DT": MAIL,
            "tmp/4.M4.host": MAIL,
            ".Sent/cur/5.M5.host:2,S": MAIL,
            ".Archive.2024/cur/6.M6.host:2,": MAIL,
            ".Sent/maildirfolder": b"",
            "dovecot.index.log": b"x",
            "dovecot-uidlist": b"3 V1",
            "subscriptions": b"Sent\n",
            "maildirsize": b"1",
        },
    )
    os.mkfifo(root / "cur" / "fifo")
    os.mkfifo(root / "new" / "fifo:2,S")
    os.symlink("/etc/passwd", root / "cur" / "7.M7.host:2,S")
    os.symlink(root, root / "cur" / "loop")
    os.symlink(root, root / ".Loop")
    os.symlink("nowhere", root / "new" / "dangling")
    return root


def test_maildir(maildir):
    """Regular files in cur and new are mails with the flags of their names; pipes and links are named, not opened."""
    started = time.monotonic()
    mails, failures = read(maildir)
    assert time.monotonic() - started < GUARD
    assert mails == [
        (".Archive.2024/cur/6.M6.host:2,", None, ".Archive.2024"),
        (".Sent/cur/5.M5.host:2,S", None, ".Sent"),
        ("cur/2.M2.host:2,RS", None, "Maildir"),
        ("cur/3.M3.host:2,DT", None, "Maildir"),
        ("new/1.M1.host", None, "Maildir"),
    ]
    link, pipe = (
        ("NotFollowed", "not followed: a link"),
        ("NotFollowed", "not followed: a pipe, socket or device"),
    )
    assert failures == {
        ".Loop": link,
        "cur/7.M7.host:2,S": link,
        "cur/loop": link,
        "new/dangling": link,
        "cur/fifo": pipe,
        "new/fifo:2,S": pipe,
    }


def test_maildir_flags(maildir):
    """Drafts and trashed mails are marked."""
    flags = {
        os.path.basename(item.origin.path): item.flags
        for item in read_path(maildir)
        if isinstance(item, RawMail)
    }
    assert flags["3.M3.host:2,DT"] == {"draft", "trashed"}
    assert flags["2.M2.host:2,RS"] == {"replied", "seen"}
    assert flags["1.M1.host"] == flags["6.M6.host:2,"] == frozenset()


def test_pipes_sockets_and_devices(tmp_path, monkeypatch):
    """Nothing but regular files is opened, also when it is named itself; a link that is named itself is followed."""
    os.mkfifo(tmp_path / "pipe.eml")
    with socket.socket(socket.AF_UNIX) as bound:
        monkeypatch.chdir(tmp_path)  # the name of a socket must be short
        bound.bind("socket.eml")
        _, failures = read(tmp_path)
    assert set(failures) == {"pipe.eml", "socket.eml"}
    assert [item.error for item in read_path(tmp_path / "pipe.eml")] == ["NotFollowed"]
    assert [item.error for item in read_path(Path("/dev/null"))] == ["NotFollowed"]
    lay(tmp_path, {"real/a.eml": MAIL})
    os.symlink(tmp_path / "real", tmp_path / "linked")
    assert [item.raw for item in read_path(tmp_path / "linked")] == [MAIL]
    os.symlink(tmp_path / "round", tmp_path / "round")
    with pytest.raises(UnreadableMailError):
        list(read_path(tmp_path / "round"))


def test_unreadable_files(tmp_path):
    """A file or folder that may not be read is a failure with the reason, and the others are read."""
    lay(tmp_path, {"a.eml": MAIL, "b/c.eml": MAIL, "d": MAIL})
    (tmp_path / "a.eml").chmod(0)
    (tmp_path / "b").chmod(0)
    (tmp_path / "d").chmod(0)
    if os.access(tmp_path / "a.eml", os.R_OK):
        pytest.skip("this user may read everything")
    try:
        mails, failures = read(tmp_path)
    finally:
        (tmp_path / "b").chmod(0o700)
    assert mails == []
    assert set(failures) == {"a.eml", "b", "d"}
    assert all("Permission denied" in reason for _, reason in failures.values())


def test_mh(tmp_path):
    """The mails of an MH folder come in the order of their numbers; removed ones are none."""
    lay(tmp_path / "inbox", {"10": MAIL, "9": MAIL, "1": MAIL, ",8": MAIL, ".mh_sequences": b"cur: 1\n"})
    mails, failures = read(tmp_path)
    assert mails == [(f"inbox/{number}", None, "inbox") for number in (1, 9, 10)]
    assert failures == {}


def emlx(mail, flags=0, count=None):
    """An `.emlx` file as Apple Mail writes it."""
    plist = f'<?xml version="1.0"?><plist version="1.0"><dict><key>flags</key><integer>{flags}</integer></dict></plist>\n'
    return b"%-10d\n" % (len(mail) if count is None else count) + mail + plist.encode()


def test_apple(tmp_path):
    """Apple's `.mbox` folders give the mbox or the `.emlx` files in them, whole or partial."""
    data = "INBOX.mbox/0A1B/Data"
    lay(
        tmp_path,
        {
            "Sent Messages.mbox/mbox": LINE + MAIL,
            "Sent Messages.mbox/table_of_contents": b"x",
            "Old.mbox/Messages/1.emlx": emlx(MAIL),
            "Old.mbox/Info.plist": b"<plist/>",
            f"{data}/Messages/2.emlx": emlx(MAIL, 1 | 1 << 6),
            f"{data}/3/Messages/3.partial.emlx": emlx(MAIL, 2, count=9999).partition(b"<?xml")[0],
            f"{data}/3/Messages/4.emlx": MAIL,
            f"{data}/3/Attachments/3/2/cv.pdf": b"%PDF",
            f"{data}/3/Messages/3.2.emlxpart": b"JVBERg==",
            ".DS_Store": b"x",
        },
    )
    items = list(read_path(tmp_path))
    assert [
        (os.path.basename(item.origin.path), item.folder, item.raw, set(item.flags)) for item in items
    ] == [
        ("3.partial.emlx", "INBOX.mbox", MAIL, set()),
        ("4.emlx", "INBOX.mbox", MAIL, set()),
        ("2.emlx", "INBOX.mbox", MAIL, {"seen", "draft"}),
        ("1.emlx", "Old.mbox", MAIL, set()),
        ("mbox", "Sent Messages.mbox", MAIL, set()),
    ]
    inside = list(read_path(tmp_path / "INBOX.mbox"))
    assert [(item.folder, item.raw) for item in inside] == [("INBOX.mbox", MAIL)] * 3


def test_thunderbird(tmp_path):
    """A Thunderbird profile gives its folders' mail; indexes and what else it keeps are passed over."""
    mail = "ImapMail/imap.mail.example"
    lay(
        tmp_path,
        {
            "prefs.js": b"x",
            "key4.db": b"x",
            "extensions/a.xpi": b"PK\x03\x04",
            "Mail/Local Folders/Archives.sbd/2024": LINE + MAIL,
            "Mail/Local Folders/Archives.sbd/2024.msf": b"x",
            "Mail/Local Folders/Drafts": b"",
            "Mail/Local Folders/Drafts.msf": b"x",
            "Mail/Local Folders/msgFilterRules.dat": b"x",
            f"{mail}/INBOX": LINE.replace(b"ada@fenwick.example", b"-") + b"X-Mozilla-Status: 0009\n" + MAIL,
            f"{mail}/INBOX.msf": b"x",
            f"{mail}/[Gmail].sbd/Sent Mail": LINE + MAIL,
            f"{mail}/[Gmail].sbd/Sent Mail.msf": b"x",
        },
    )
    mails, failures = read(tmp_path)
    assert [folder for *_, folder in mails] == [
        f"{mail}/INBOX",
        f"{mail}/[Gmail].sbd/Sent Mail",
        "Mail/Local Folders/Archives.sbd/2024",
    ]
    assert failures == {}
    assert next(read_path(tmp_path)).flags == {"seen", "trashed"}


def test_takeout(tmp_path):
    """Of a Takeout the mailbox is read; its settings and pages are passed over, other things named."""
    lay(
        tmp_path / "Takeout",
        {
            "archive_browser.html": b"<html>",
            "Mail/All mail Including Spam and Trash.mbox": LINE + MAIL,
            "Mail/User Settings/Filters.json": b"{}",
            "Photos/a.jpg": b"\xff\xd8\xff",
        },
    )
    mails, failures = read(tmp_path)
    assert [name for name, *_ in mails] == ["Takeout/Mail/All mail Including Spam and Trash.mbox"]
    assert set(failures) == {"Takeout/Photos/a.jpg"}
    assert set(read(tmp_path / "Takeout")[1]) == {"Photos/a.jpg"}


def test_deep_folders(tmp_path, monkeypatch):
    """Folders in folders deeper than Python calls may go are walked."""
    monkeypatch.chdir(tmp_path)
    deep = 1200
    for _ in range(deep):
        os.mkdir("d")
        os.chdir("d")
    Path("a.eml").write_bytes(MAIL)
    try:
        mails, failures = read(tmp_path)
    finally:
        os.unlink("a.eml")
        for _ in range(deep):
            os.chdir("..")
            os.rmdir("d")
    assert [(name.count("d"), folder.count("d")) for name, _, folder in mails] == [(deep, deep)]
    assert failures == {}


def test_large_mail_file(tmp_path):
    """A mail file over 25 MB is skipped with its size."""
    with (tmp_path / "a.eml").open("wb") as file:
        file.write(MAIL)
        file.truncate(MAX_MAIL_BYTES + 1)
    (only,) = read_path(tmp_path)
    assert only.error == "TooLarge"


def test_batches_of_small_files(tmp_path):
    """Small files go into one piece of work together, up to its size, in order."""
    lay(tmp_path, {f"{number}.eml": MAIL for number in range(10)})
    sources = list(find_sources(tmp_path))
    assert [len(piece.sources) for piece in slices(sources, 3 * len(MAIL))] == [3, 3, 3, 1]
    assert [source for piece in slices(sources, 200) for source in piece.sources] == sources
    assert [len(piece.sources) for piece in slices(sources)] == [10]


def test_pieces_of_work_travel(tmp_path):
    """A slice can be pickled, is small, and is read elsewhere as it is here."""
    import pickle

    lay(tmp_path, {"box": LINE + MAIL})
    (piece,) = slices(source for source in find_sources(tmp_path) if isinstance(source, Source))
    packed = pickle.dumps(piece)
    assert len(packed) < 1000
    assert list(read_slice(pickle.loads(packed))) == list(read_slice(piece))
    assert isinstance(pickle.loads(packed), Slice)


def test_odd_names(tmp_path):
    """Names that are no UTF-8, or that are full of control characters, are read and named."""
    name = os.fsdecode(b"na\xefve \x1b[31m\n.eml")
    try:
        (tmp_path / name).write_bytes(MAIL)
    except OSError:
        pytest.skip("the file system allows UTF-8 names only")
    (only,) = read_path(tmp_path)
    assert only.raw == MAIL
    assert only.origin.path.endswith(name)
