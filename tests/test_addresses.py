"""Mailboxes out of header values."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rejoinder.mail.addresses import MAX_ADDRESSES, parse_addresses


def found(value):
    return [(one.name, one.address) for one in parse_addresses(value.encode())]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ada@quill.example", [("", "ada@quill.example")]),
        ("<ada@quill.example>", [("", "ada@quill.example")]),
        ("Ada Finch <ada@quill.example>", [("Ada Finch", "ada@quill.example")]),
        (
            '"Finch, Ada" <ada@quill.example>, bo@quill.example',
            [("Finch, Ada", "ada@quill.example"), ("", "bo@quill.example")],
        ),
        ('"Ada \\"A\\" Finch" <ada@quill.example>', [('Ada "A" Finch', "ada@quill.example")]),
        ("'Ada' <ada@quill.example>", [("Ada", "ada@quill.example")]),
        ("ada@quill.example (Ada Finch)", [("Ada Finch", "ada@quill.example")]),
        ("Ada (HR, Bonn) <ada@quill.example>", [("Ada (HR, Bonn)", "ada@quill.example")]),
        ("=?utf-8?q?Zo=C3=AB_Finch=2C_HR?= <zoe@quill.example>", [("Zoë Finch, HR", "zoe@quill.example")]),
        (
            "Team: ada@quill.example, bo@quill.example; cy@quill.example",
            [("", "ada@quill.example"), ("", "bo@quill.example"), ("", "cy@quill.example")],
        ),
        ("<@relay.example:ada@quill.example>", [("", "ada@quill.example")]),
        ("Ada <ada@quill.example>, ,", [("Ada", "ada@quill.example")]),
        ('"Ada <ada@quill.example>', [("Ada", "ada@quill.example")]),
        ("Zoë <zoë@bücher.example>", [("Zoë", "zoë@bücher.example")]),
        ("ada+jobs@quill.example", [("", "ada+jobs@quill.example")]),
        ("undisclosed-recipients:;", []),
        ("Ada Finch", []),
        ("", []),
        (
            "Team: Ann <ann@quill.example>, bo@quill.example;",
            [("Ann", "ann@quill.example"), ("", "bo@quill.example")],
        ),
        ("Ada <ada@quill.example", [("Ada", "ada@quill.example")]),
        pytest.param(
            '"john doe"@quill.example',
            [("", '"john doe"@quill.example')],
            marks=pytest.mark.xfail(strict=True, reason="a quoted local part is not found"),
        ),
    ],
)
def test_mailboxes(value, expected):
    """Names and addresses are found in order in every form that mail programs write."""
    assert found(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "hr@good.example <x@real.example>",
        '"hr@good.example" <x@real.example>',
        '"HR <hr@good.example>" <x@real.example>',
        "=?utf-8?q?hr=40good.example?= <x@real.example>",
        "=?utf-8?q?=3Chr=40good.example=3E?= <x@real.example>",
        "HR (hr@good.example) <x@real.example>",
        "HR <x@real.example> (<hr@good.example>)",
    ],
)
def test_display_names_are_not_believed(value):
    """The mail goes to the address in angle brackets, whatever the name looks like."""
    assert [one.address for one in parse_addresses(value.encode())] == ["x@real.example"]


def test_an_encoded_word_is_no_address():
    """An address that appears only after decoding is none."""
    assert found("=?utf-8?q?hr=40good.example?=") == []


def test_names_are_one_line():
    """Line ends and control characters hidden in a name become spaces."""
    assert found("=?utf-8?q?Ada=0D=0ABcc:_x?= <ada@quill.example>") == [("Ada Bcc: x", "ada@quill.example")]


def test_no_more_than_needed():
    """A list of thousands is read up to the limit."""
    assert len(parse_addresses(b"a@b.example, " * 500)) == MAX_ADDRESSES


@given(st.binary(max_size=500))
def test_never_raises(value):
    """Any bytes give mailboxes whose addresses hold an @ and no space."""
    for one in parse_addresses(value):
        assert "@" in one.address
        assert not any(char.isspace() or char in "<>" for char in one.address)


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=12),
            st.from_regex(r"[a-z][a-z0-9]{0,9}@[a-z]{1,9}\.example", fullmatch=True),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_written_mailboxes_are_read(pairs):
    """Well-formed mailboxes come back as they were written."""
    assert found(", ".join(f'"{name}" <{address}>' for name, address in pairs)) == pairs


@pytest.mark.parametrize(
    "value",
    [
        b"," * 50_000,
        b"a@b.c," * 50_000,
        b'"' + b"a" * 200_000,
        b"(" * 200_000,
        b"<" * 200_000,
        b"a@" * 100_000,
        b"\\" * 200_000,
        b" " * 1_000_000,
        b"=?utf-8?q?a?= " * 50_000,
    ],
    ids=["commas", "addresses", "quote", "comments", "angles", "ats", "backslashes", "spaces", "words"],
)
def test_hostile_values_end_soon(value):
    """Reading takes time in proportion to the value."""
    start = time.process_time()
    parse_addresses(value)
    assert time.process_time() - start < 3.0
