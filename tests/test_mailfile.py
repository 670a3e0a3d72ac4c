"""Drafts as mail files and links: what a mail program reads from them."""

import email
import json
import mailbox
import re
import shutil
import subprocess
from dataclasses import replace
from email import policy
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from rejoinder import Address, Draft
from rejoinder.errors import RejoinderError
from rejoinder.mail.parsing import parse
from rejoinder.output.mailfile import MAX_MAILTO, eml, mailto, mbox, write_eml, write_new

HEADERS = {
    "X-Unsent",
    "To",
    "Subject",
    "In-Reply-To",
    "References",
    "Content-Type",
    "Content-Transfer-Encoding",
    "MIME-Version",
}
DRAFT = Draft(
    to=Address("Ada Moor", "ada@fenwick.example"),
    subject="Re: Your application",
    body="Dear Ada,\n\nThank you – for “everything”. €5, naïve, 東京.\n\nBest regards,\nDana Li\n",
    template="thank_you",
    in_reply_to="<parent@fenwick.example>",
    references=("<a@fenwick.example>", "<parent@fenwick.example>"),
)


def reparsed(draft):
    """The draft's file as the standard library reads it."""
    return email.message_from_bytes(eml(draft), policy=policy.default)


def test_headers_and_body():
    """A draft's file holds exactly the headers it should, and reads back word for word."""
    mail = reparsed(DRAFT)
    assert set(mail.keys()) == HEADERS
    assert len(mail.keys()) == len(HEADERS)
    assert mail["X-Unsent"] == "1"
    assert mail["To"] == "Ada Moor <ada@fenwick.example>"
    assert mail["Subject"] == DRAFT.subject
    assert mail["In-Reply-To"] == DRAFT.in_reply_to
    assert mail["References"].split() == list(DRAFT.references)
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content_charset() == "utf-8"
    assert mail["Content-Transfer-Encoding"] == "quoted-printable"
    assert mail.get_content().replace("\r\n", "\n") == DRAFT.body


def test_own_reader_reads_it():
    """The program's own reader finds the same recipient, subject and text."""
    mail = parse(eml(DRAFT))
    assert mail.to == (DRAFT.to,)
    assert mail.subject == DRAFT.subject
    assert mail.plain == DRAFT.body


def test_lines_are_crlf_ascii_and_short():
    """A draft's file is 7-bit, ends its lines with CRLF, and has none over 998 bytes."""
    data = eml(replace(DRAFT, body="x" * 5_000 + "\n", subject="Ä" * 200))
    assert data.isascii()
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(len(line) for line in data.split(b"\r\n")) <= 998


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"to": None}, {"To"}),
        ({"in_reply_to": None, "references": ()}, {"In-Reply-To", "References"}),
        ({"in_reply_to": None}, {"In-Reply-To"}),
    ],
)
def test_what_is_unknown_is_left_out(changes, missing):
    """Headers without a value are left out."""
    assert set(reparsed(replace(DRAFT, **changes)).keys()) == HEADERS - missing


BREAKS = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\0"]


@pytest.mark.parametrize("line_break", BREAKS, ids=ascii)
@pytest.mark.parametrize("place", ["subject", "name", "address", "in_reply_to", "references"])
def test_no_header_is_smuggled_in_by_hand(place, line_break):
    """Even a draft made by hand with line breaks in it yields no extra header, if it yields a file at all."""
    evil = f"x{line_break}Bcc: evil@brindle.example{line_break}{line_break}boo"
    to = DRAFT.to
    changes = {
        "subject": {"subject": evil},
        "name": {"to": Address(evil, to.address)},
        "address": {"to": Address(to.name, f"ada@fenwick.example{evil}")},
        "in_reply_to": {"in_reply_to": f"<{evil}@x.example>"},
        "references": {"references": (f"<{evil}@x.example>", "<b@x.example>")},
    }[place]
    try:
        data = eml(replace(DRAFT, **changes))
    except (RejoinderError, ValueError):
        return
    for how in (policy.default, policy.compat32):
        mail = email.message_from_bytes(data, policy=how)
        assert set(mail.keys()) <= HEADERS
        assert len(mail.keys()) == len(set(mail.keys()))
    assert b"\r\nBcc" not in data


RAW = {
    "encoded word in the subject": b"Subject: a =?utf-8?q?=0D=0ABcc:_evil@brindle.example?=",
    "base64 in the subject": b"Subject: =?utf-8?b?YQ0KQmNjOiBldmlsQGJyaW5kbGUuZXhhbXBsZQ==?=",
    "U+2028 in the subject": "Subject: a\u2028Bcc: evil@brindle.example".encode(),
    "NEL in the subject": "Subject: a\u0085Bcc: evil@brindle.example".encode(),
    "bare CR in the subject": b"Subject: a\rBcc: evil@brindle.example",
    "encoded word in the name": b"Subject: No\nReply-To: =?utf-8?q?Ada=0D=0ABcc:_evil@brindle.example?= <ada@fenwick.example>",
    "quote in the name": b'Subject: No\nReply-To: "Ada\\" <x@y.example>, \\"" <ada@fenwick.example>',
    "Message-ID with a break": b"Subject: No\nMessage-ID: <a@b.example\r\n\tBcc: evil@brindle.example>",
    "Message-ID with words": b"Subject: No\nMessage-ID: =?utf-8?q?=3Ca=40b=3E=0D=0ABcc:_evil@brindle.example?=",
    "References with a break": b"Subject: No\nReferences: <a@b.example>\n Bcc: <evil@brindle.example>\r",
}


@pytest.mark.parametrize("case", RAW)
def test_no_header_is_smuggled_in_by_mail(case, verdict):
    """Nothing a mail holds in its headers becomes another header of the draft."""
    from rejoinder import clean, draft, plan

    sender = b"From: Ada Moor <ada@fenwick.example>\n"
    mail = parse(sender + RAW[case] + b"\n\nDear Dana,\n\nno.\n\nKind regards,\nAda Moor\n")
    letter, given = clean(mail), verdict(stage="initial")
    (one,) = draft(mail, letter, given, plan(mail, letter, given))
    data = eml(one)
    found = email.message_from_bytes(data, policy=policy.default)
    assert set(found.keys()) <= HEADERS
    assert found["To"].addresses[0].addr_spec == "ada@fenwick.example"
    assert len(found["To"].addresses) == 1
    assert b"\nBcc" not in data


@pytest.mark.parametrize(
    "name",
    [
        "Moor, Ada",
        'Ada "Glass" Moor',
        "Ada (HR)",
        "Ada <evil@brindle.example>",
        "evil@brindle.example",
        "Zoë Åkesson",
        "東京 Ada",
        "Ada; Ruth: x",
        "a" * 190,
        "\\",
        '"',
    ],
)
def test_names_stay_names(name):
    """Whatever stands in a display name, the mail goes to the one address."""
    mail = reparsed(replace(DRAFT, to=Address(name, "ada@fenwick.example")))
    (address,) = mail["To"].addresses
    assert address.addr_spec == "ada@fenwick.example"
    assert address.display_name == name


@pytest.mark.parametrize(
    "address",
    [
        "a@b@c.example",
        "ada",
        "@x.example",
        "ada@",
        "ada@x.example, evil@y.example",
        "a b@x.example",
        "ada@x.example\nBcc: e@y.example",
    ],
)
def test_broken_address_gives_no_recipient(address):
    """An address that is none is left out rather than written wrongly."""
    mail = reparsed(replace(DRAFT, to=Address("Ada", address)))
    assert mail["To"] is None


@pytest.mark.parametrize(
    "address",
    ["ada@bücher.example", "zoë@fenwick.example", "ada..moor@fenwick.example", ".ada@fenwick.example"],
)
def test_odd_addresses_do_not_break(address):
    """Addresses with umlauts or odd dots, as some senders have, still give a file with one recipient at most."""
    mail = reparsed(replace(DRAFT, to=Address("Ada", address)))
    assert set(mail.keys()) - {"To"} == HEADERS - {"To"}
    assert "evil" not in str(mail["To"])


@pytest.mark.parametrize(
    "token", ["parent@x", "<>", "<a b@x>", "<a@b", "", "<a@b><c@d>", "<" + "a" * 300 + "@x>"]
)
def test_broken_message_ids_are_left_out(token):
    """Only valid tokens go into In-Reply-To and References."""
    mail = reparsed(replace(DRAFT, in_reply_to=token, references=(token, "<b@x.example>")))
    assert mail["In-Reply-To"] is None
    assert mail["References"] == "<b@x.example>"


@pytest.mark.parametrize("size", [30, 55, 80, 180, 230])
@pytest.mark.parametrize("count", [1, 2, 21])
def test_ids_are_written_as_they_are(size, count):
    """Message ids stand in the file letter for letter, Outlook's long ones too, so that the reply threads."""
    ids = tuple(f"<{str(number).zfill(size)}@fenwick.example>" for number in range(count))
    data = eml(replace(DRAFT, references=ids, in_reply_to=ids[-1]))
    mail = email.message_from_bytes(data, policy=policy.compat32)
    assert mail["References"].split() == list(ids)
    assert mail["In-Reply-To"].strip() == ids[-1]
    assert all(line.count(b"<") <= 1 for line in data.split(b"\r\n") if b"@fenwick.example>" in line)


@pytest.mark.parametrize("token", ["<zoë@fenwick.example>", "<東京@fenwick.example>"])
def test_message_ids_are_not_reencoded(token):
    """A message id with other than ASCII letters is left out or written so that it threads, without an exception."""
    mail = reparsed(replace(DRAFT, in_reply_to=token, references=(token,)))
    assert set(mail.keys()) <= HEADERS


def test_mailto():
    """A mailto: link carries recipient, subject and body, percent-encoded."""
    parts = urlsplit(mailto(DRAFT))
    assert parts.scheme == "mailto"
    assert unquote(parts.path) == "ada@fenwick.example"
    fields = parse_qs(parts.query, strict_parsing=True)
    assert set(fields) == {"subject", "body"}
    assert fields["subject"] == [DRAFT.subject]
    assert fields["body"] == [DRAFT.body.replace("\n", "\r\n")]
    assert " " not in mailto(DRAFT)
    assert mailto(DRAFT).isascii()


def test_mailto_fields_cannot_be_added():
    """Nothing in subject, body or address adds a field to the link."""
    evil = replace(
        DRAFT, subject="a&bcc=evil@brindle.example", body="b?cc=e@y.example#x&attach=/etc/passwd\n",
        to=Address("", "ada?bcc=evil&cc=x@fenwick.example"),
    )  # fmt: skip
    parts = urlsplit(mailto(evil))
    assert set(parse_qs(parts.query)) == {"subject", "body"}
    assert not parts.fragment


def test_mailto_without_recipient():
    """Without an address the link opens a draft to nobody."""
    assert mailto(replace(DRAFT, to=None)).startswith("mailto:?subject=")


def test_mailto_limit():
    """A link stays under 1,600 characters; a longer one is refused with what to do instead."""
    empty = len(mailto(replace(DRAFT, body="")))
    longest = replace(DRAFT, body="x" * (MAX_MAILTO - 1 - empty))
    assert len(mailto(longest)) == MAX_MAILTO - 1 == 1599
    with pytest.raises(RejoinderError) as error:
        mailto(replace(longest, body=longest.body + "x"))
    assert "--format eml" in str(error.value)


def test_one_file_a_draft(tmp_path):
    """A folder gets one file a draft, numbered in order, and is made if it is not there."""
    from datetime import date

    drafts = (DRAFT, replace(DRAFT, template="feedback_request", send_on=date(2026, 3, 12)))
    paths = write_eml(drafts, tmp_path / "a" / "b")
    assert [path.name for path in paths] == ["1-thank_you-now.eml", "2-feedback_request-2026-03-12.eml"]
    assert [path.read_bytes() for path in paths] == [eml(one) for one in drafts]


@pytest.mark.parametrize("name", ["draft.eml", "DRAFT.EML"])
def test_one_eml_file(name, tmp_path):
    """A name that ends in .eml gets the first draft."""
    assert write_eml((DRAFT, replace(DRAFT, subject="other")), tmp_path / name) == [tmp_path / name]
    assert (tmp_path / name).read_bytes() == eml(DRAFT)


@pytest.mark.parametrize("target", ["draft.eml", "folder"])
def test_never_overwrites(target, tmp_path):
    """A file that is there already stays as it was."""
    (path,) = write_eml((DRAFT,), tmp_path / target)
    path.write_bytes(b"mine")
    with pytest.raises(RejoinderError) as error:
        write_eml((DRAFT,), tmp_path / target)
    assert str(path) in str(error.value)
    assert path.read_bytes() == b"mine"


def test_never_follows_a_dangling_link(tmp_path):
    """A link at the place of the file is not written through."""
    (tmp_path / "draft.eml").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RejoinderError):
        write_new(tmp_path / "draft.eml", b"x")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("target", ["no/such/folder/draft.eml", "file/folder"])
def test_places_that_cannot_be_written(target, tmp_path):
    """A place that cannot be written is an error with what to do, not an exception of the system's."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(RejoinderError) as error:
        write_eml((DRAFT,), tmp_path / target)
    assert "-o" in error.value.tip


HARD = {
    "plain": DRAFT,
    "long name": replace(DRAFT, to=Address("Ünal " * 60, "ada@fenwick.example")),
    "quotes": replace(DRAFT, to=Address('Ada "Glass" Moor, Ltd.', "ada@fenwick.example")),
    "long subject": replace(DRAFT, subject="Re: " + "Größe 東京 " * 25),
    "many ids": replace(DRAFT, references=tuple(f"<{at:0>60}@fenwick.example>" for at in range(10_000))),
    "from lines": replace(
        DRAFT, body="Dear Ada,\n\nFrom here on\nFrom " + "x" * 71 + "\n>From\n.\n..\n=46rom\n"
    ),
}


def shown(draft):
    """The headers that a person sees, as the draft means them."""
    ids = draft.references if len(draft.references) < 22 else (draft.references[0], *draft.references[-20:])
    return {
        "X-Unsent": "1",
        "To": (" ".join(draft.to.name.split())[:200].strip(), draft.to.address),
        "Subject": " ".join(draft.subject.split()),
        "In-Reply-To": draft.in_reply_to,
        "References": list(ids),
    }


def read_with_compat32(data):
    from email.header import decode_header, make_header
    from email.utils import parseaddr

    mail = email.message_from_bytes(data, policy=policy.compat32)
    text = {name: str(make_header(decode_header(value.replace("\r\n", "")))) for name, value in mail.items()}
    assert len(mail.keys()) == len(text)
    name, address = parseaddr(mail["To"].replace("\r\n", ""))
    body = mail.get_payload(decode=True).decode("utf-8")
    return text | {"To": (str(make_header(decode_header(name))), address)}, body


def read_with_own(data):
    mail = parse(data)
    assert len(mail.to) == 1
    to = (mail.to[0].name, mail.to[0].address)
    return {"To": to, "Subject": mail.subject, "References": list(mail.references)}, mail.plain


PERL = r"""
use MIME::QuotedPrint; use Encode; use JSON::PP; binmode STDIN; local $/; my $raw = <STDIN>;
my ($head, $body) = split /\r\n\r\n/, $raw, 2; $head =~ s/\r\n([ \t])/$1/g; my %h;
for (split /\r\n/, $head) {
  my ($name, $value) = /^([!-9;-~]+): ?(.*)$/ or die; die if exists $h{$name};
  $h{$name} = $name =~ /^(References|In-Reply-To)$/ ? $value : decode("MIME-Header", $value);
}
print encode_json([\%h, decode("UTF-8", decode_qp($body))]);
"""


def read_with_perl(data):
    done = subprocess.run(["perl", "-e", PERL], input=data, capture_output=True, check=True)
    headers, body = json.loads(done.stdout)
    name, _, address = headers["To"].rpartition("<")
    name = re.sub(r"\\(.)", r"\1", name.strip().removeprefix('"').removesuffix('"'))
    return headers | {"To": (name, address.rstrip(">"))}, body


PARSERS = {"compat32": read_with_compat32, "own": read_with_own, "perl": read_with_perl}


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("case", HARD)
def test_other_parsers_agree(case, parser):
    """Whoever opens the file finds exactly the headers and the text that were meant."""
    if parser == "perl" and not shutil.which("perl"):
        pytest.skip("no perl here")
    draft = HARD[case]
    headers, body = PARSERS[parser](eml(draft))
    for name, value in shown(draft).items():
        if name in headers:
            found = headers[name]
            same = found if isinstance(found, (list, tuple)) else " ".join(found.split())
            assert (same.split() if isinstance(value, list) and isinstance(same, str) else same) == value, (
                name
            )
    if parser != "own":
        assert set(headers) == HEADERS
    assert body.replace("\r\n", "\n") == draft.body


def test_mbox(tmp_path):
    """An mbox holds all drafts, with the headers and the text of their files."""
    (path,) = write_eml(tuple(HARD.values()), tmp_path / "drafts.mbox")
    assert b"\r" not in path.read_bytes()
    box = mailbox.mbox(path, create=False)
    assert len(box) == len(HARD)
    for found, draft in zip(box, HARD.values(), strict=True):
        alone = email.message_from_bytes(eml(draft), policy=policy.compat32)
        assert [(name, value.split()) for name, value in found.items()] == [
            (name, value.split()) for name, value in alone.items()
        ]
        # The empty line before the next separator belongs to the format.
        assert found.get_payload(decode=True).decode("utf-8").rstrip("\n") == draft.body.rstrip("\n")


def test_mbox_separators():
    """Each mail begins with one separator line, dated by the day it is to be sent."""
    from datetime import date

    data = mbox((HARD["from lines"], replace(DRAFT, send_on=date(2026, 3, 12))))
    lines = [line for line in data.split(b"\n") if line.startswith(b"From ")]
    assert lines == [
        b"From MAILER-DAEMON Thu Jan  1 00:00:00 1970",
        b"From MAILER-DAEMON Thu Mar 12 00:00:00 2026",
    ]
    assert data.endswith(b"\n\n")


@pytest.mark.parametrize("control", ["\0", "\x1b[31m", "\x07", "\u202e", "\u2028", "\x9b", "\r"], ids=ascii)
def test_controls_in_the_body_are_left_out(control):
    """What a terminal or a mail program would obey is in no body and no link."""
    evil = replace(DRAFT, body=f"Dear{control} Ada\n")
    assert control not in reparsed(evil).get_content().replace("\r\n", "\n")
    assert control not in unquote(mailto(evil)).replace("\r\n", "\n")


@pytest.mark.parametrize(
    "address", ["a\u202eda@x.example", "ada\x9b@x.example", "ada@x.exam\u200fple"], ids=ascii
)
def test_controls_in_an_address_give_no_recipient(address):
    """An address with characters that hide what it is, is left out."""
    assert reparsed(replace(DRAFT, to=Address("Ada", address)))["To"] is None


def test_nothing_is_written_where_one_file_exists(tmp_path):
    """Where one of several drafts would fall on a file, none of them is written."""
    second = replace(DRAFT, template="feedback_request")
    (tmp_path / "2-feedback_request-now.eml").write_bytes(b"mine")
    with pytest.raises(RejoinderError):
        write_eml((DRAFT, second), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["2-feedback_request-now.eml"]
