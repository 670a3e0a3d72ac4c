"""Mail in zip and gzip files, and archives that were made to do harm."""

import gzip
import io
import os
import stat
import struct
import time
import tracemalloc
import warnings
import zipfile

import pytest

from rejoinder.mail import archive
from rejoinder.mail.sources import RawMail, Source, find_sources, read_path, read_slice, slices
from rejoinder.types import Failure

MAIL = b"From: Ada <ada@fenwick.example>\nSubject: No\n\nno.\n"
LINE = b"From ada@fenwick.example Tue Mar  3 10:12:00 2026\n"
GUARD = 3.0


def zipped(path, files, method=zipfile.ZIP_DEFLATED):
    """A zip file of bytes by name."""
    with zipfile.ZipFile(path, "w", method) as out:
        for name, data in files.items():
            out.writestr(name, data)
    return path


def read(path):
    """Where each mail was found, in which folder; and the failures with what went wrong."""
    items = list(read_path(path))
    mails = [(str(item.origin), item.folder) for item in items if isinstance(item, RawMail)]
    failures = {str(item.origin): item.error for item in items if isinstance(item, Failure)}
    assert len(mails) + len(failures) == len(items)
    strip = f"{path}!"
    return (
        [(name.removeprefix(strip), folder) for name, folder in mails],
        {name.removeprefix(strip): error for name, error in failures.items()},
    )


def test_zip(tmp_path):
    """Any store in a zip is read as it would be unpacked, in the order of the archive."""
    files = {
        "Takeout/Mail/Sent.mbox": LINE + MAIL + b"\n" + LINE + MAIL,
        "Takeout/archive_browser.html": b"<html>",
        "mails/1.eml": MAIL,
        "Maildir/.Sent/cur/2.M2.host:2,DS": MAIL,
        "INBOX.mbox/Data/Messages/3.emlx": b"%d\n" % len(MAIL) + MAIL,
        "photo.jpg": b"\xff\xd8\xff",
        "__MACOSX/._1.eml": b"x",
        "../../evil.eml": MAIL,
        "/etc/evil.eml": MAIL,
        "inner.zip": zipped(io.BytesIO(), {"a.eml": MAIL}).getvalue(),
        "store.pst": b"!BDN" + bytes(100),
        "folder/": b"",
    }
    mails, failures = read(zipped(tmp_path / "box.zip", files))
    assert mails == [
        ("Takeout/Mail/Sent.mbox#1", "Takeout/Mail/Sent.mbox"),
        ("Takeout/Mail/Sent.mbox#2", "Takeout/Mail/Sent.mbox"),
        ("mails/1.eml", "mails"),
        ("Maildir/.Sent/cur/2.M2.host:2,DS", "Maildir/.Sent"),
        ("INBOX.mbox/Data/Messages/3.emlx", "INBOX.mbox"),
        ("../../evil.eml", ""),
        ("/etc/evil.eml", "etc"),
    ]
    assert failures == {
        "photo.jpg": "UnknownFile",
        "inner.zip": "BrokenArchive",
        "store.pst": "BrokenArchive",
    }
    assert os.listdir(tmp_path) == ["box.zip"]


def test_zip_in_pieces(tmp_path):
    """Small members go into pieces of work together, an mbox into one of its own; their addresses hold."""
    files = {**{f"{number}.eml": MAIL for number in range(10)}, "a.mbox": LINE + MAIL, "z.eml": MAIL}
    sources = list(find_sources(zipped(tmp_path / "box.zip", files)))
    pieces = list(slices(sources))
    assert [len(piece.sources) for piece in pieces] == [10, 1, 1]
    assert [item.raw for piece in pieces for item in read_slice(piece)] == [MAIL] * 12
    assert sources[3] == Source(tmp_path / "box.zip", "mail", len(MAIL), "", "3.eml")


def test_members_of_the_same_name(tmp_path):
    """Of members with one name none is lost."""
    with zipfile.ZipFile(tmp_path / "box.zip", "w") as out, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the names
        for number in range(3):
            out.writestr("mail.eml", MAIL + b"%d" % number)
    assert [item.raw[-1:] for item in read_path(tmp_path / "box.zip")] == [b"0", b"1", b"2"]


@pytest.mark.parametrize("data", [LINE + MAIL + b"\n" + LINE + MAIL, MAIL])
def test_gzip(data, tmp_path):
    """A gzipped mbox or mail is read; its own name without `.gz` is the folder."""
    with gzip.open(tmp_path / "Sent.mbox.gz" if data != MAIL else tmp_path / "a.eml.gz", "wb") as out:
        out.write(data)
    items = list(read_path(tmp_path))
    assert [item.raw for item in items] == [MAIL] * len(items)
    (source,) = find_sources(tmp_path)
    assert (source.kind, source.folder) == (
        ("mail", tmp_path.name) if data == MAIL else ("mbox", "Sent.mbox")
    )
    assert str(items[0].origin) == str(
        tmp_path / "a.eml.gz" if data == MAIL else f"{tmp_path}/Sent.mbox.gz#1"
    )


def test_gzip_in_several_pieces(tmp_path):
    """Gzip files written one behind the other are read as one, zeros at the end as nothing."""
    pieces = [gzip.compress(LINE + MAIL + b"\n") for _ in range(3)]
    (tmp_path / "box.mbox.gz").write_bytes(b"".join(pieces) + bytes(512))
    assert [item.raw for item in read_path(tmp_path / "box.mbox.gz")] == [MAIL] * 3


def test_gzip_cut_short(tmp_path):
    """Of a gzip file that ends too soon, what comes out is read, and the loss is named."""
    data = gzip.compress(b"".join(LINE + MAIL + os.urandom(200).hex().encode() + b"\n\n" for _ in range(500)))
    (tmp_path / "box.mbox.gz").write_bytes(data[: len(data) // 2])
    *found, last = read_path(tmp_path / "box.mbox.gz")
    assert 200 < sum(isinstance(item, RawMail) for item in found) < 300
    assert (last.error, last.reason.partition(":")[0]) == ("BrokenArchive", "the archive is broken here")


@pytest.mark.parametrize("damage", ["cut", "middle", "end", "no-zip"])
def test_broken_zip(damage, tmp_path):
    """A damaged zip is a failure or several, never an exception, and what is whole in it is read."""
    path = zipped(
        tmp_path / "box.zip", {f"{number}.eml": MAIL + os.urandom(300).hex().encode() for number in range(50)}
    )
    data = bytearray(path.read_bytes())
    if damage == "cut":
        del data[len(data) // 2 :]
    elif damage == "middle":
        data[2000:2400] = os.urandom(400)
    elif damage == "end":
        data[-100:-60] = os.urandom(40)
    else:
        data[4:] = os.urandom(len(data) - 4)
    path.write_bytes(data)
    items = list(read_path(path))
    assert any(isinstance(item, Failure) for item in items)
    if damage == "middle":
        assert len(items) == 50
        assert sum(isinstance(item, RawMail) for item in items) > 40


def test_member_without_a_name(tmp_path):
    """A member whose name begins with a zero byte, which leaves none, is read like the others."""
    path = zipped(tmp_path / "box.zip", {"a.eml": MAIL, "b.eml": MAIL}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"a.eml", b"\0.eml"))
    assert [isinstance(item, RawMail) for item in read_path(path)] == [True, True]


def test_encrypted_member(tmp_path):
    """A member with a password is named as such."""
    path = zipped(tmp_path / "box.zip", {"a.eml": MAIL, "b.eml": MAIL}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[6] |= 1  # the flag in the header of the first member, and in the list at the end
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert read(path) == ([("b.eml", "")], {"a.eml": "Encrypted"})


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing(method, tmp_path):
    """Members packed in a way that can fill the memory are not unpacked."""
    assert read(zipped(tmp_path / "box.zip", {"a.eml": MAIL}, method))[1] == {"a.eml": "BrokenArchive"}


def test_link_in_zip(tmp_path):
    """A link in a zip is not followed."""
    with zipfile.ZipFile(tmp_path / "box.zip", "w") as out:
        info = zipfile.ZipInfo("a.eml")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        out.writestr(info, "/etc/passwd")
    assert read(tmp_path / "box.zip")[1] == {"a.eml": "NotFollowed"}


def bomb(path, name, megabytes):
    """A zip with a member of many spaces behind the headers of a mail, and a real mail."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        with out.open(name, "w") as member:
            member.write(LINE + MAIL)
            for _ in range(megabytes):
                member.write(b" " * 2**20)
        out.writestr("real.eml", MAIL)
    return path


@pytest.mark.parametrize("name", ["bomb.mbox", "bomb.eml"])
def test_zip_bomb(name, tmp_path):
    """A member that unpacks to more than 200 times its size is not unpacked; the rest is read, at once and in little memory."""
    path = bomb(tmp_path / "box.zip", name, 100)
    tracemalloc.start()
    started = time.process_time()
    assert read(path) == ([("real.eml", "")], {name: "ZipBomb"})
    assert time.process_time() - started < GUARD
    assert tracemalloc.get_traced_memory()[1] < 20e6
    tracemalloc.stop()


def test_zip_bomb_that_lies(tmp_path):
    """A member that unpacks to more than it says ends where it says."""
    path = bomb(tmp_path / "box.zip", "bomb.mbox", 60)
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    for place in (22, at + 24):
        struct.pack_into("<L", data, place, 5000)
    path.write_bytes(data)
    items = list(read_path(path))
    assert sum(len(item.raw) for item in items if isinstance(item, RawMail)) < 6000


def test_gzip_bomb(tmp_path):
    """A gzip file that unpacks to far too much is left as soon as that shows."""
    with gzip.open(tmp_path / "box.mbox.gz", "wb", 1) as out:
        out.write(LINE + MAIL)
        for _ in range(60):
            out.write(b" " * 2**20)
    started = time.process_time()
    (*_, last) = read_path(tmp_path / "box.mbox.gz")
    assert last.error == "ZipBomb"
    assert time.process_time() - started < GUARD


def test_many_small_bombs(tmp_path, monkeypatch):
    """Members that are each small enough may not add up to more than an archive of that size can hold."""
    monkeypatch.setattr(archive, "_TOTAL_FREE", 20 * 2**20)
    files = {f"{number}.eml": MAIL + b" " * 9 * 2**20 for number in range(6)}
    path = zipped(tmp_path / "box.zip", files)
    errors = [item.error for item in find_sources(path) if isinstance(item, Failure)]
    assert errors == ["ZipBomb"] * 4


def test_too_many_members(tmp_path, monkeypatch):
    """An archive with too many members is refused before its list is read."""
    monkeypatch.setattr(archive, "MAX_MEMBERS", 100)
    path = zipped(tmp_path / "box.zip", {f"{number}.eml": b"" for number in range(101)})
    (only,) = read_path(path)
    assert only.reason == "the archive has more than 100 members: unpack it first"


def test_zip64(tmp_path):
    """A zip with the 64-bit list of big archives is read."""
    with (
        zipfile.ZipFile(tmp_path / "box.zip", "w") as out,
        out.open("a.eml", "w", force_zip64=True) as member,
    ):
        member.write(MAIL)
    assert [item.raw for item in read_path(tmp_path / "box.zip")] == [MAIL]


def test_archive_changed_since(tmp_path):
    """An archive that is another by the time it is read is a failure for each member that is gone."""
    sources = list(find_sources(zipped(tmp_path / "box.zip", {"a.eml": MAIL, "b.eml": MAIL})))
    zipped(tmp_path / "box.zip", {"b.eml": MAIL})
    gone, found = [item for piece in slices(sources) for item in read_slice(piece)]
    assert (gone.error, found.raw) == ("Changed", MAIL)
    (tmp_path / "box.zip").write_bytes(b"no archive any more")
    assert all(isinstance(item, Failure) for piece in slices(sources) for item in read_slice(piece))
