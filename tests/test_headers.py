"""Header fields: found, unfolded, decoded, made safe."""

import base64
import re
import time
from email.header import Header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rejoinder.mail.headers import (
    MAX_HEADER_BYTES,
    MAX_HEADERS,
    base64_bytes,
    decode_words,
    is_field,
    safe,
    split_headers,
)

GUARD = 3.0
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_fields_and_body(end):
    """Fields come by lower-case name in order, folded lines joined, and the body after the empty line."""
    raw = end.join([b"Subject: one", b"\ttwo", b"X-Thing : a", b"x-thing:b", b"", b"Body: here", b"end"])
    headers, body = split_headers(raw)
    assert headers == {"subject": [b"one two"], "x-thing": [b"a", b"b"]}
    assert body == b"Body: here" + end + b"end"


def test_forgotten_empty_line():
    """The first line that can be no field begins the body."""
    assert split_headers(b"Subject: x\nDear Ines,\nno.\n") == ({"subject": [b"x"]}, b"Dear Ines,\nno.\n")


def test_from_line_inside_the_block():
    """An mbox From_ line among the fields does not end them."""
    assert split_headers(b"A: b\n>From x y\nC: d\n\nhi")[0] == {"a": [b"b"], "c": [b"d"]}


def test_no_body():
    """Headers to the very end leave an empty body."""
    assert split_headers(b"Subject: x") == ({"subject": [b"x"]}, b"")
    assert split_headers(b"") == ({}, b"")


def test_limits():
    """What goes beyond the limits is left out and the body still found."""
    raw = b"X-A: 1\n" * (MAX_HEADERS + 10) + b"Subject: " + b"s" * (2 * MAX_HEADER_BYTES) + b"\n\nbody"
    headers, body = split_headers(raw)
    assert len(headers["x-a"]) == MAX_HEADERS
    assert body == b"body"
    folded, _ = split_headers(b"Subject: s\n" + b" word\n" * 50_000 + b"\nbody")
    assert len(folded["subject"][0]) <= MAX_HEADER_BYTES + 1


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"Subject: x", True),
        (b"X-Y\t:z", True),
        (b"To be honest: no", False),
        (b": x", False),
        (b"", False),
        (b"hello", False),
    ],
)
def test_is_field(line, expected):
    """A field is a name without spaces, then a colon."""
    assert is_field(line) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"plain", "plain"),
        (b"=?utf-8?q?Caf=C3=A9_no?=", "Café no"),
        (b"=?UTF-8?B?Q2Fmw6k=?=", "Café"),
        (b"=?utf-8?B?Q2Fmw6k?=", "Café"),
        (b"Re: =?iso-8859-1?Q?we=92re_full?= today", "Re: we’re full today"),
        (b"=?utf-8?q?one?= =?utf-8?q?two?=", "onetwo"),
        (b"=?utf-8?q?one?==?utf-8?q?two?=", "onetwo"),
        (b"=?utf-8?q?one?= and =?utf-8?q?two?=", "one and two"),
        (b"=?utf-8?q?=C3?= =?utf-8?q?=A9?=", "é"),
        (b"=?utf-8?q?caf=C3=A9?= =?koi8-r?b?88/G0Q==?=", "caféСофя"),
        (b"=?utf-8*de?q?Z=C3=BCrich?=", "Zürich"),
        (b"=?no-such?q?caf=C3=A9?=", "café"),
        (b"=?utf-8?q?with space?=", "with space"),
        (b"=?utf-8?q?unclosed", "=?utf-8?q?unclosed"),
        (b"=?utf-8?x?what?=", "=?utf-8?x?what?="),
        ("Café".encode(), "Café"),
        ("Café".encode("cp1252"), "Café"),
        (b"", ""),
        (b"=?utf-8?q?Really??=", "Really?"),
    ],
)
def test_encoded_words(value, expected):
    """Encoded-words are decoded as their senders meant them; what is none stays."""
    assert decode_words(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        b"a =?utf-8?q?=0D=0ABcc:_x@y.example?=",
        b"a\r\nBcc: x@y.example",
        b"a =?utf-8?b?DQpCY2M6IHhAeS5leGFtcGxl?=",
    ],
)
def test_no_header_injection(value):
    """A decoded value is one line, whatever line ends were smuggled into it."""
    assert decode_words(value) == "a Bcc: x@y.example"


@pytest.mark.parametrize(
    "bad",
    [
        *["\x00", "\x1b", "\x9b", "\x7f", "\u202e", "\u2066", "\u200f", "\u2028", "\ud800"],
        "\u061c",
    ],
)
def test_safe(bad):
    """Control, bidirectional and surrogate characters become spaces."""
    assert safe(f"a{bad}b") == "a b"


@pytest.mark.parametrize(
    "value", ["SGVsbG8=", "SGVsbG8", "SGVs\r\nbG8=\n", "SGVs bG8", "S!G-V*sbG8=", "SGVsbG8=="]
)
def test_base64_bytes(value):
    """Base64 is read with broken lines, strange characters and without padding."""
    assert base64_bytes(value.encode()) == b"Hello"


@given(st.binary(max_size=400))
def test_decoding_never_raises_and_is_safe(value):
    """Any header value becomes one line free of dangerous characters."""
    assert UNSAFE.search(decode_words(value)) is None
    assert (
        UNSAFE.search(
            decode_words(b"=?utf-8?q?" + value + b"?= =?utf-16?b?" + base64.b64encode(value) + b"?=")
        )
        is None
    )


@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cf", "Cn", "Co"]), min_size=1, max_size=120
    ),
    st.sampled_from(["utf-8", "iso-8859-1", "koi8-r", "iso-2022-jp"]),
)
def test_round_trip_with_the_standard_library(text, charset):
    """What `email.header` encodes, decode_words reads."""
    text = " ".join(("x" + text).encode(charset, "ignore").decode(charset).split()).replace("=?", "")
    assert decode_words(Header(text, charset).encode(linesep="\n").replace("\n", "").encode()) == text


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[A-Za-z][A-Za-z\-]{0,20}", fullmatch=True),
            st.from_regex(r"[!-~]{1,30}", fullmatch=True),
        ),
        max_size=8,
    ),
    st.binary(),
)
def test_written_fields_are_found(fields, body):
    """Every field written is found, in order, and the body is untouched."""
    raw = b"".join(f"{name}: {value}\r\n".encode() for name, value in fields) + b"\r\n" + body
    headers, rest = split_headers(raw)
    assert [(name, value) for name in headers for value in headers[name]] == [
        (name, value.encode())
        for name in dict.fromkeys(n.lower() for n, _ in fields)
        for other, value in fields
        if other.lower() == name
    ]
    assert rest == body


@given(st.binary())
def test_splitting_never_raises(raw):
    """Any bytes have headers and a body, and the body is the end of the bytes."""
    assert raw.endswith(split_headers(raw)[1])


@pytest.mark.parametrize(
    "value",
    [
        b"=?utf-8?q?a?= " * 50_000,
        b"=?utf-8?q?a?= =?cp1252?q?a?= " * 20_000,
        b"=?utf-8?q?a" * 50_000,
        b"=?" * 100_000,
        b"a" * 1_000_000,
        b" " * 1_000_000 + b"x",
        b"=?utf-8?b?" + b"A" * 1_000_000 + b"?=",
    ],
    ids=["words", "charsets", "unclosed", "openings", "long", "spaces", "one-word"],
)
def test_hostile_values_end_soon(value):
    """Decoding takes time in proportion to the value."""
    start = time.process_time()
    decode_words(value)
    split_headers(b"Subject: " + value + b"\n\nhi")
    assert time.process_time() - start < GUARD
