"""The text parts of MIME messages, also of broken ones, and against the standard library."""

import base64
import binascii
import email
import quopri
import re
import time
from email.message import Message

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rejoinder.mail.headers import split_headers
from rejoinder.mail.mime import MAX_DEPTH, MAX_PARTS, content_type, text_parts
from rejoinder.mail.parsing import parse

GUARD = 3.0
HEAD = b"From: ada@quill.example\nSubject: x\n"


def parts_of(raw):
    return text_parts(*split_headers(raw if isinstance(raw, bytes) else raw.encode()))


def texts(raw):
    return [part.text for part in parts_of(raw)]


@pytest.mark.parametrize(
    ("value", "kind", "parameters"),
    [
        ("Text/HTML; Charset=utf-8", "text/html", {"charset": "utf-8"}),
        ('multipart/mixed; boundary="a;b c"; type=x', "multipart/mixed", {"boundary": "a;b c", "type": "x"}),
        ("text/plain", "text/plain", {}),
        ("text/plain;charset=utf-8;;format=flowed;", "text/plain", {"charset": "utf-8", "format": "flowed"}),
        ('text/plain; charset="utf-8', "text/plain", {"charset": "utf-8"}),
        ("nonsense", "text/plain", {}),
        ("", "text/plain", {}),
        ("text/plain (a comment); charset=utf-8", "text/plain", {"charset": "utf-8"}),
        ("text/html charset=utf-8", "text/html", {"charset": "utf-8"}),
        ("text/plain; charset*=us-ascii'en'koi8-r", "text/plain", {"charset": "koi8-r"}),
        ('multipart/mixed; boundary="a\\"b"', "multipart/mixed", {"boundary": 'a"b'}),
    ],
)
def test_content_type(value, kind, parameters):
    """Type and parameters are read as senders write them; what is no type is text/plain."""
    assert content_type({"content-type": [value.encode()]}) == (kind, parameters)


def test_no_content_type():
    """A part without the header is text/plain."""
    assert content_type({}) == ("text/plain", {})


@pytest.mark.parametrize(
    ("encoding", "payload"),
    [
        ("7bit", "Zoe, no.\n"),
        ("BASE64", base64.encodebytes(b"Zoe, no.\n").decode()),
        ("base64", "Wm9lLCBuby4K"),
        ("base64", "Wm9l\nLCBu\n\nby4K\n"),
        ("quoted-printable", "Zoe=2C n=\no.\n"),
        ("Quoted-Printable ", "Zoe=2c no.\n"),
        ("x-uuencode", "begin 644 a.txt\n" + binascii.b2a_uu(b"Zoe, no.\n").decode() + "`\nend\n"),
        ("no-such-encoding", "Zoe, no.\n"),
        ("base64;", "Wm9lLCBuby4K"),
        ("quoted-printable (rfc2045)", "Zoe=2C no.\n"),
    ],
)
def test_transfer_encodings(encoding, payload):
    """Each transfer encoding is undone; an unknown one is left as it stands."""
    assert texts(f"Content-Transfer-Encoding: {encoding}\n\n{payload}") == ["Zoe, no.\n"]


def test_broken_quoted_printable():
    """Escapes that are none stay as they are."""
    assert texts("Content-Transfer-Encoding: quoted-printable\n\n100 =ZZ sure = no=")[0].startswith(
        "100 =ZZ sure"
    )


@pytest.mark.parametrize(
    "footer",
    [
        "_____________\nlist mailing list\n",
        "\n-- \nlist@quill.example\n",
        "\nSent to the jobs list\n",
    ],
)
def test_list_footer_after_base64(footer):
    """Plain lines that a list server put behind base64 stay readable."""
    raw = "Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(b"Zoe, no.\n").decode() + footer
    (text,) = texts(raw)
    assert text.startswith("Zoe, no.\n")
    assert text.strip().endswith(footer.strip())


@pytest.mark.parametrize(
    "body",
    [
        "--b\n\nhello\n--b--\n",
        "preamble\n--b\n\nhello\n--b--\nepilogue\n",
        "--b\n\nhello\n",
        "--b  \n\nhello\n--b--",
        "--b\r\n\r\nhello\r\n--b--\r\n",
        "--other\n\nhello\n--other--\n",
        "--b\nhello\n--b--\n",
    ],
)
@pytest.mark.parametrize("boundary", ["b", '"b"', '"b "'])
def test_boundaries(body, boundary):
    """The part is found with or without end, padding, preamble, headers or the right boundary."""
    assert [
        text.strip() for text in texts(f"Content-Type: multipart/mixed; boundary={boundary}\n\n{body}")
    ] == ["hello"]


def test_boundary_that_begins_another():
    """`--b` is not the delimiter of `--bb`."""
    raw = (
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=bb\n\n"
        "--bb\n\none\n--bb\nContent-Type: text/html\n\n<p>two\n--bb--\n--b\n\nthree\n--b--\n"
    )
    assert [(part.subtype, part.text.strip()) for part in parts_of(raw)] == [
        ("plain", "one"),
        ("html", "<p>two"),
        ("plain", "three"),
    ]


def test_multipart_without_any_delimiter():
    """A multipart that has no parts is read as one text."""
    assert texts("Content-Type: multipart/mixed; boundary=b\n\nhello there\n") == ["hello there\n"]


@pytest.mark.parametrize(
    "kind", ["image/png", "application/pdf", "text/calendar", "text/x-amp-html", "video/mp4"]
)
def test_other_types_are_left_alone(kind):
    """What is no letter is not decoded."""
    assert texts(f"Content-Type: {kind}\n\nhello") == []


@pytest.mark.parametrize(
    ("headers", "attached"),
    [
        ("Content-Disposition: attachment; filename=a.txt", True),
        ("Content-Disposition: inline; filename=a.txt", True),
        ("Content-Disposition: inline", False),
        ("X-Nothing: y", False),
    ],
)
def test_attachments_are_marked(headers, attached):
    """A text part that came as a file says so."""
    (part,) = parts_of(f"{headers}\n\nhello")
    assert part.attached is attached


def test_message_inside():
    """The text of an attached message is found, however deep it lies."""
    inner = "Content-Type: message/rfc822\n\n" * 3 + "Subject: inner\n\nhello\n"
    assert texts(inner) == ["hello\n"]


def test_digest():
    """A part of a digest without a type is a message, so its headers are no text."""
    raw = (
        "Content-Type: multipart/digest; boundary=b\n\n--b\n\nFrom: q@r.example\nSubject: t\n\nhello\n--b--\n"
    )
    assert [text.strip() for text in texts(raw)] == ["hello"]


@pytest.mark.parametrize(
    ("extra", "body", "expected"),
    [
        ("", "one \ntwo\nthree\n", "one two\nthree\n"),
        ("; delsp=yes", "on \ne\n", "one\n"),
        ("", " From here\n  indented\n", "From here\n indented\n"),
        ("", "> quoted \n> more\nanswer\n", "> quoted \n> more\nanswer\n"),
        ("", "one \n-- \nAda\n", "one \n-- \nAda\n"),
    ],
)
def test_format_flowed(extra, body, expected):
    """Flowed lines are joined, stuffed spaces go, quotes and the signature delimiter stay."""
    assert texts(f"Content-Type: text/plain; format=flowed{extra}\n\n{body}") == [expected]


def test_format_flowed_stuffed_continuation():
    """The stuffed space goes from a line that is joined to the one before it, too."""
    assert texts("Content-Type: text/plain; format=flowed\n\nback \n From abroad\n") == ["back From abroad\n"]


def test_limits():
    """More parts or deeper ones than any letter has are left out."""
    many = "Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n\nx\n" * (MAX_PARTS + 50)
    assert 0 < len(texts(many)) <= MAX_PARTS
    deep = (
        "".join(f"Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n" for at in range(MAX_DEPTH + 5))
        + "\nx\n"
    )
    assert texts(deep) == []
    shallow = (
        "".join(f"Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n" for at in range(MAX_DEPTH - 5))
        + "\nx\n"
    )
    assert [text.strip() for text in texts(shallow)] == ["x"]


CHARSETS = {
    "utf-8": "utf-8",
    "us-ascii": "ascii",
    "iso-8859-1": "latin-1",
    "windows-1252": "cp1252",
    "koi8-r": "koi8-r",
    "gb2312": "gb2312",
    "gb18030": "gb18030",
    "iso-2022-jp": "iso-2022-jp",
    "iso-8859-15": "iso-8859-15",
}
WRITING = st.text(
    st.one_of(
        st.characters(
            exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufeff", max_codepoint=0x2FFFF
        ),
        st.sampled_from("abc =.-_\n\n>éüßñ¿£привет感谢您的申请"),
    ),
    max_size=120,
)


@st.composite
def text_leaf(draw, subtype, attached=False):
    label = draw(st.sampled_from(sorted(CHARSETS)))
    # The letter in front keeps random text from being a byte-order mark.
    data = ("x" + draw(WRITING)).encode(CHARSETS[label], "ignore")
    if subtype == "html":
        data = b"<p>" + data + b"</p>"
    encoding = draw(st.sampled_from(["8bit", "base64", "quoted-printable"]))
    part = Message()
    part["Content-Type"] = (
        f"text/{subtype}; charset={draw(st.sampled_from([label, label.upper(), chr(34) + label + chr(34)]))}"
    )
    part["Content-Transfer-Encoding"] = encoding
    if attached:
        part["Content-Disposition"] = "attachment; filename=notes.txt"
    coded = {"8bit": lambda d: d, "base64": base64.encodebytes, "quoted-printable": quopri.encodestring}[
        encoding
    ](data)
    part.set_payload(coded.decode("ascii", "surrogateescape"))
    return part


@st.composite
def binary_leaf(draw):
    part = Message()
    part["Content-Type"] = draw(st.sampled_from(["application/pdf", "image/png", "application/octet-stream"]))
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(base64.encodebytes(draw(st.binary(max_size=100))).decode())
    return part


def multipart(parts, subtype):
    whole = Message()
    whole["Content-Type"] = f"multipart/{subtype}"
    whole.set_payload(parts)
    return whole


ALTERNATIVE = st.tuples(text_leaf("plain"), text_leaf("html")).map(
    lambda parts: multipart(list(parts), "alternative")
)
LEAF = st.one_of(
    text_leaf("plain"), text_leaf("html"), ALTERNATIVE, text_leaf("plain", attached=True), binary_leaf()
)
TREE = st.recursive(
    LEAF,
    lambda inner: st.builds(
        multipart, st.lists(inner, min_size=1, max_size=3), st.sampled_from(["mixed", "related"])
    ),
    max_leaves=6,
)


def lines(text):
    return re.sub(r"\n+", "\n", text.replace("\r\n", "\n").replace("\r", "\n")).strip("\n")


def by_the_standard_library(raw):
    found = {"plain": [], "html": []}
    for part in email.message_from_bytes(raw).walk():
        if part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment":
            text = part.get_payload(decode=True).decode(CHARSETS[part.get_content_charset()])
            found[part.get_content_subtype()].append(text)
    return {subtype: lines("\n".join(found[subtype])) for subtype in found}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TREE, st.booleans())
def test_agrees_with_the_standard_library(message, crlf):
    """Plain and HTML text of a well-formed message are what `email` finds in it."""
    message["From"] = "Ada <ada@quill.example>"
    message["Subject"] = "x"
    raw = message.as_bytes()
    if crlf:
        raw = re.sub(rb"\r?\n", b"\r\n", raw)
    expected = by_the_standard_library(raw)
    got = parse(raw)
    if expected["plain"] or expected["html"]:
        assert {"plain": lines(got.plain), "html": lines(got.html)} == expected


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [
                    b"\n",
                    b"--b\n",
                    b"--b--\n",
                    b"Content-Type: multipart/mixed; boundary=b\n",
                    b"Content-Type: text/html; charset=utf-16\n",
                    b"Content-Transfer-Encoding: base64\n",
                    b"Content-Type: message/rfc822\n",
                    b"Content-Transfer-Encoding: x-uuencode\n",
                    b"=\n",
                    b"hello there\n",
                ]
            ),
            st.binary(max_size=30),
        ),
        max_size=25,
    )
)
def test_never_raises(pieces):
    """Any bytes made of the pieces of MIME have text parts, if only none."""
    assert all(isinstance(part.text, str) for part in parts_of(b"".join(pieces)))


def nested(count):
    opened = "".join(f"Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n" for at in range(count))
    return opened.encode() + b"\ndeep\n"


MIXED = b"Content-Type: multipart/mixed; boundary=b\n\n"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(nested(3000), id="nested"),
        pytest.param(MIXED + (b"--b\n" + MIXED) * 3000, id="nested-same-boundary"),
        pytest.param(b"Content-Type: message/rfc822\n\n" * 3000, id="nested-messages"),
        pytest.param(MIXED + b"--b\n\nx\n" * 200_000, id="parts"),
        pytest.param(b"Content-Type: text/plain;" + b" " * 60_000 + b"\n\nhi", id="spaces"),
        pytest.param(b"Content-Type: text/plain; " + b"; " * 30_000 + b"\n\nhi", id="semicolons"),
        pytest.param(b'Content-Type: text/plain; a="' + b"\\" * 60_000 + b"\n\nhi", id="backslashes"),
        pytest.param(b"Content-Transfer-Encoding: base64\n\n" + b"YWFh\n" * 400_000, id="base64"),
        pytest.param(
            b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=" * 2_000_000, id="quoted-printable"
        ),
        pytest.param(b"Content-Type: multipart/mixed\n\n" + b"--a b c  \n" * 100_000, id="guessed-boundary"),
        pytest.param(
            b"Content-Type: multipart/mixed\n\n" + (b"--a" + b" " * 100_000 + b"y\n") * 7,
            id="spaces-behind-a-guess",
        ),
        pytest.param(b"Content-Type: text/plain; format=flowed\n\n" + b"abcdefgh \n" * 115_000, id="flowed"),
    ],
)
def test_hostile_mime_ends_soon(raw):
    """Finding the text takes time in proportion to the mail."""
    start = time.monotonic()
    parts_of(raw)
    assert time.monotonic() - start < GUARD
