"""Bytes to text under labels that are missing, misspelt or lies."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rejoinder.mail.charsets import decode

SAID = "Grüße, Zoë: 31 €"
LABELS = st.one_of(
    st.none(), st.text(max_size=40), st.text(string.ascii_lowercase + string.digits + "-_:.+", max_size=20)
)


@pytest.mark.parametrize(
    "charset", ["utf-8", "utf-16", "utf-32", "cp1252", "iso-8859-15", "mac-roman", "cp858"]
)
def test_declared_charset_is_used(charset):
    """Bytes that fit their declared charset come out as what was written."""
    assert decode(SAID.encode(charset), charset) == SAID


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("DEFAULT", "cp1252", "naïve ’quote’"),
        ("X-UNKNOWN", "cp1252", "naïve ’quote’"),
        ("unknown-8bit", "cp1252", "naïve ’quote’"),
        ("iso-8859-1", "cp1252", "we’re sorry – truly"),
        ("US-ASCII", "utf-8", "Łukasz"),
        ("uft-8", "utf-8", "Łukasz"),
        ("charset=us-ascii", "utf-8", "Łukasz"),
        ('"utf-8"', "utf-8", "Łukasz"),
        ("cp-850", "cp850", "déjà ñ"),
        ("gb2312", "gb18030", "感謝您的申请"),
        ("GB2312_CHARSET", "gb18030", "感谢您的申请"),
        ("CHINESEBIG5", "big5hkscs", "感謝您"),
        ("shift_jis", "cp932", "残念ながら①"),
        ("ks_c_5601-1987", "cp949", "안녕하세요 똠"),
        ("x-mac-cyrillic", "mac-cyrillic", "Здравствуйте"),
        ("iso-8859-8-i", "iso-8859-8", "שלום"),
        ("windows-874", "cp874", "สวัสดี"),
    ],
)
def test_labels_seen_in_the_wild(label, codec, text):
    """Labels Python does not know, or knows too narrowly, mean what their senders mean."""
    assert decode(text.encode(codec), label) == text


@pytest.mark.parametrize("label", ["iso8859-1", "iso_8859-1", "l1", "cp819"])
def test_every_spelling_of_latin_1_is_windows_1252(label):
    """Whatever latin-1 is called, bytes 80 to 9F are the quotes and dashes of Windows-1252."""
    assert decode(b"we\x92re sorry \x96 truly", label) == "we’re sorry – truly"


@pytest.mark.parametrize("label", [None, "", "no-such-charset", "x" * 5000, "utf-8\0", "\ud800"])
def test_without_a_usable_label_utf_8_then_windows_1252(label):
    """Unlabelled bytes are UTF-8 if they can be, else Windows-1252."""
    assert decode("Łódź".encode(), label) == "Łódź"
    assert decode("café".encode("cp1252"), label) == "café"


@pytest.mark.parametrize(
    "label",
    [
        *[
            "rot13",
            "rot_13",
            "idna",
            "punycode",
            "unicode_escape",
            "unicode-escape",
            "raw_unicode_escape",
            "utf-7",
            "utf7",
        ],
        *["UTF-7", "undefined", "charmap", "hex", "base64", "zlib", "bz2", "quopri"],
        *["utf_7", "unicode_1_1_utf_7", "unicode:escape", "unicode+escape", "raw_unicode:escape"],
    ],
)
def test_codecs_that_are_no_charsets_are_refused(label):
    """Escapes and ciphers are left as they stand, whatever the label asks for."""
    assert decode(b"+AGE- \\x41 \\u0041", label) == "+AGE- \\x41 \\u0041"


def test_byte_order_mark_beats_the_label():
    """A byte-order mark says more than the label, and is no part of the text."""
    assert decode(b"\xef\xbb\xbf" + "Łódź".encode(), "iso-8859-1") == "Łódź"
    assert decode("Łódź".encode("utf-16"), "us-ascii") == "Łódź"


def test_damaged_bytes_stay_in_their_charset():
    """One broken byte in a long UTF-8 text costs one character, not all of them."""
    text = decode("Wir haben uns für jemand anderen entschieden. ".encode() * 4 + b"\xff", "utf-8")
    assert text.count("für") == 4
    assert text.endswith("\ufffd")


@given(st.binary(max_size=300), LABELS)
def test_never_raises(raw, label):
    """Any bytes under any label become text."""
    assert isinstance(decode(raw, label), str)


@given(
    st.sampled_from(
        [
            "utf-8",
            "gb18030",
            "utf-16",
            "utf-32",
            "koi8-r",
            "iso-8859-7",
            "cp1251",
            "cp932",
            "big5hkscs",
            "euc-jp",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"), max_size=60),
)
def test_round_trip(charset, text):
    """What a charset can write, it reads back."""
    raw = ("a" + text).encode(charset, "ignore")
    assert decode(raw, charset) == raw.decode(charset)
