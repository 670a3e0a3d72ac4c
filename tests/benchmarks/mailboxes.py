"""Mailboxes as people export them, made up from a seed: mostly life, a few answers to applications.

    python tests/benchmarks/mailboxes.py 4000 mailbox.mbox

Of every hundred messages three are rejections and five other mail about applications, with the words of
`data/corpus` in MIME as mail programs write it; the rest are talk, receipts, newsletters of 20-100 kB and
attachments of up to 1 MB. A thousand messages are about 47 MB.
"""

from __future__ import annotations

import base64
import html
import json
import quopri
import random
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from pathlib import Path
from pydoc_data.topics import topics

CORPUS = Path(__file__).parent.parent.parent / "data" / "corpus" / "mails"
ME = "Dana Li <dana.li@mail.example>"
START = datetime(2023, 1, 2, 7, 0, tzinfo=UTC)

_PEOPLE = [
    "Ruth Okafor",
    "Piet Janssen",
    "Mai Tanaka",
    "Leo Brandt",
    "Ines Duarte",
    "Sam Whitlock",
    "Nora Haugen",
    "Omar Farouk",
]
_FIRMS = [
    "Northlight Books",
    "Harbour Gym",
    "Tidewater Rail",
    "Pixel Pantry",
    "Green Fork",
    "Oakline Bank",
    "Kestrel Air",
    "Loom & Co",
]
_THINGS = [
    "garden chairs",
    "a blue bicycle",
    "train tickets",
    "the router",
    "winter tyres",
    "two concert seats",
    "a desk lamp",
    "the invoice",
    "running shoes",
    "the photos",
    "a coffee grinder",
    "the lease",
    "insurance papers",
    "a birthday cake",
    "the drill",
    "hiking maps",
]
_LINES = ["Are you around on {day}? I could bring {thing} over after lunch.", "Your parcel with {thing} left our warehouse in Rotterdam on {day}.", "I went through the ledger again and the heating bill comes to {n} euros, {m} less than in spring.", "The allotment committee meets on {day} at {h} behind the greenhouse; bring gloves.", "The zip file holds {thing}, scanned at {n} dpi, crooked pages and all.", "We rode {n} kilometres along the canal yesterday and my knees still know it.", "A direct debit of {n}.{m} euros for gas and water leaves your account on {day}.", "Grandma rang about {thing}; she shouted, so the hearing aid must be broken again.", "Version {m}.{n} fixes the segfault on older kernels, and the regression suite is green.", "Members of the loyalty club save {m} percent on {thing} until {day} midnight.", "The children ask for the pancake recipe, the one with {thing} and cinnamon.", "The swimming pool closes its outdoor basin on {day}; sauna and whirlpool stay open until {h}.", "A corner table for {m} under the name Li is booked for {day}, {h}, terrace if it is dry.", "The landlord reads the water meters on {day}, so clear the cellar stairs of prams and crates.", "Patch two segfaults in the tokenizer once {thing} is merged; see the backtrace below.", "Many greetings to your mother, and tell her the marmalade was eaten within a day.", "Drizzle until {day}, then sun, gusts from the west and up to {m} degrees.", "Your credit card statement for last month has {m} entries; sign in with the token to view the PDF.", "The choir rehearses Brahms on {day} at {h}, altos please bring a pencil.", "Our courier rang twice about {thing} and left a yellow card under the doormat.", "The Volvo passed its inspection, but the left fog lamp is weak and the exhaust rattles.", "Read how {firm} weaves, dyes and mends {thing} in a former flax mill.", "Fresh on the shelves: {thing}, from {n} euros, while stocks last.", "The library holds volume {m} of the Icelandic sagas for you until {day}.", "Flight KX{n} departs at {h} from gate B{m}; liquids go into a clear bag.", "Goalkeeper sprained her ankle, so {firm} lends us a substitute for the derby on {day}.", "The dentist has your X-ray; floss, and come back in {m} months.", "Unboxed: {thing} with walnut handles, brushed brass and a ten year guarantee.", "Kernel panic at {h}, stack trace attached, reproducible with {m} threads and swap disabled.", "The cat ate half of {thing} and then slept in the laundry basket until {h}.", "Parliament votes on {day}; our correspondent explains the amendment in {m} paragraphs.", "Snow closed the pass above Andermatt, so the coach takes the tunnel and arrives around {h}.", "Pull the Wellington boots over the radiator, they drip onto the parquet.", "Mozzarella, basil, {m} tomatoes and flour: aunt Giulia cooks on {day}.", "Your tyre pressure sensor reports {m} psi; nitrogen refill is free at {firm}.", "The orchestra tours Estonia with Sibelius and a new viola concerto.", "Password of your router was changed at {h} from a laptop in Utrecht.", "Museum night: {m} galleries, jazz in the foyer, trams run until {h}.", "Polish the copper kettle with lemon and salt, never with steel wool.", "Bitcoin slipped {m} percent, copper rallied and the yen weakened, writes our markets desk.", "The hedgehog family moved under the woodpile; keep the dog on a leash.", "Kindergarten is shut on {day} because of a burst pipe in the kitchen.", "Row {m}, seats {n}A and {n}B, prosecco at the interval is included.", "Rebase your branch onto trunk, squash the fixups and drop the vendored zlib."]  # fmt: skip
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def _sentence(rng: random.Random) -> str:
    return rng.choice(_LINES).format(
        day=rng.choice(_DAYS), thing=rng.choice(_THINGS), firm=rng.choice(_FIRMS), n=rng.randint(11, 998),
        m=rng.randint(2, 30), h=f"{rng.randint(8, 19)}:{rng.choice(('00', '15', '30'))}",
    )  # fmt: skip


@lru_cache(maxsize=1)
def _manual() -> list[str]:
    """Paragraphs of real prose, for mail among engineers: the manual that comes with Python."""
    blocks = (" ".join(block.split()) for text in topics.values() for block in text.split("\n\n"))
    return [block for block in blocks if 80 < len(block) < 700 and block[0].isupper()]


def _prose(rng: random.Random, sentences: int) -> str:
    if rng.random() < 0.2:
        return "\n\n".join(rng.choice(_manual()) for _ in range(max(1, sentences // 4)))
    blocks: list[str] = []
    while sentences > 0:
        size = min(sentences, rng.randint(1, 5))
        blocks.append(" ".join(_sentence(rng) for _ in range(size)))
        sentences -= size
    return "\n\n".join(blocks)


def _newsletter(rng: random.Random, size: int) -> str:
    """An HTML newsletter of about `size` bytes: mostly tables, styles and long links."""
    rules = "\n".join(
        f".c{n} {{ font-size:{rng.randint(10, 30)}px; padding:{n}px 0; color:#{n:02x}3344 }}"
        for n in range(40)
    )
    out = [
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><style type='text/css'>{rules}</style></head><body>",
        f"<div style='display:none;max-height:0;overflow:hidden'>{_sentence(rng)}{'&#847;&zwnj;&nbsp;' * 60}</div>",
    ]
    length = sum(map(len, out))
    while length < size:
        token = base64.urlsafe_b64encode(rng.randbytes(90)).decode()
        style = (
            "font-family:-apple-system,Helvetica,Arial,sans-serif;font-size:14px;line-height:21px;color:#333333;"
            "mso-line-height-rule:exactly;-webkit-text-size-adjust:100%;word-break:break-word;padding:12px 24px"
        )
        table = (
            "<table role='presentation' width='100%' cellpadding='0' cellspacing='0' border='0' align='center' "
            "style='border-collapse:collapse;mso-table-lspace:0pt;mso-table-rspace:0pt;max-width:600px'><tbody><tr>"
        )
        link = f"https://click.news.example/f/a/{token}~~/{token[:60]}~/{token[20:110]}?utm_source=mail&amp;utm_medium=digest"
        cell = (
            f"{table}<td align='left' valign='top' class='c{rng.randint(0, 39)}' style='{style}'>{table}<td style='{style}'>"
            f"<a href='{link}' target='_blank' rel='noopener' style='color:#0a66c2;text-decoration:none'>"
            f"<img src='https://img.news.example/{token}.png' width='552' height='180' border='0' alt='{_sentence(rng)}' "
            "style='display:block;height:auto;width:100%;border:0;outline:none;text-decoration:none'></a></td></tr></tbody></table>"
            f"{table}<td style='{style}'><h2 class='c{rng.randint(0, 39)}' style='margin:0;{style}'>{html.escape(_sentence(rng))}</h2>"
            f"<p style='margin:0 0 16px 0;{style}'>{html.escape(_sentence(rng))}</p></td></tr></tbody></table>"
            f"{table}<td style='{style}'><a href='{link}' target='_blank' style='background:#0a66c2;border-radius:4px;{style}'>"
            "Read more</a></td></tr></tbody></table></td></tr></tbody></table>"
        )
        out.append(cell)
        length += len(cell)
    out.append(
        "<p>You get this because you signed up. <a href='https://news.example/u'>Unsubscribe</a></p></body></html>"
    )
    return "\n".join(out)


def _page(text: str) -> str:
    blocks = (f"<p style='margin:0 0 12px'>{html.escape(block)}</p>" for block in text.split("\n\n"))
    return f"<html><body><div style='font-family:Calibri,sans-serif'>{''.join(blocks)}</div></body></html>"


def _part(kind: str, text: str, encoding: str) -> bytes:
    data = text.encode()
    if encoding == "base64":
        body = base64.encodebytes(data)
    elif encoding == "quoted-printable":
        body = quopri.encodestring(data)
    else:
        body = data.replace(b"\nFrom ", b"\n>From ")
    head = f"Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n"
    return head.encode() + body


def _multipart(rng: random.Random, subtype: str, parts: list[bytes]) -> bytes:
    boundary = f"----=_Part_{rng.getrandbits(64):016x}"
    lines = b"".join(b"--" + boundary.encode() + b"\n" + part.rstrip(b"\n") + b"\n\n" for part in parts)
    head = f'MIME-Version: 1.0\nContent-Type: multipart/{subtype}; boundary="{boundary}"\n\n'
    return head.encode() + lines + f"--{boundary}--\n".encode()


def _attachment(rng: random.Random, size: int) -> bytes:
    head = (
        "Content-Type: application/pdf; name=scan.pdf\nContent-Transfer-Encoding: base64\n"
        "Content-Disposition: attachment; filename=scan.pdf\n\n"
    )
    return head.encode() + base64.encodebytes(rng.randbytes(size))


def _wrapped(rng: random.Random, text: str) -> bytes:
    """A text as mail programs send it: plain, as both, or as HTML alone, in any encoding."""
    encoding = rng.choice(("7bit", "quoted-printable", "base64", "8bit", "quoted-printable"))
    if not text.isascii() and encoding == "7bit":
        encoding = "8bit"
    plain = "\n".join(textwrap.fill(line, 74) for line in text.split("\n"))
    shape = rng.random()
    if shape < 0.45:
        return _part("plain", plain, encoding)
    if shape < 0.75:
        return _multipart(
            rng, "alternative", [_part("plain", plain, encoding), _part("html", _page(text), encoding)]
        )
    return _part("html", _page(text), encoding)


def _head(rng: random.Random, number: int, sender: str, subject: str) -> bytes:
    when = START + timedelta(minutes=37 * number)
    hops = "".join(
        f"Received: from mx{hop}.relay.example (mx{hop}.relay.example [192.0.2.{hop + 1}])\n"
        f"\tby mail.example with ESMTPS id {rng.getrandbits(60):015x}\n"
        f"\tfor <dana.li@mail.example>; {format_datetime(when)}\n"
        for hop in range(3)
    )
    signature = base64.b64encode(rng.randbytes(192)).decode()
    return (
        f"From {rng.getrandbits(60)}@xxx {when:%a %b %d %H:%M:%S} +0000 {when:%Y}\n"
        f"X-GM-THRID: {rng.getrandbits(60)}\nX-Gmail-Labels: Inbox,Opened\nDelivered-To: dana.li@mail.example\n{hops}"
        f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=mail.example; s=a1;\n\tbh={signature[:44]};\n\tb={signature}\n"
        f"Date: {format_datetime(when)}\nFrom: {sender}\nTo: {ME}\nSubject: {subject}\n"
        f"Message-ID: <{number}.{rng.getrandbits(48):012x}@mail.example>\n"
    ).encode()


def _ordinary(rng: random.Random) -> tuple[str, str, bytes]:
    person, firm = rng.choice(_PEOPLE), rng.choice(_FIRMS)
    address = f"{person.split()[0].lower()}@post.example"
    subject = f"{rng.choice(_THINGS)} on {rng.choice(_DAYS)}"
    shape = rng.random()
    if shape < 0.45:
        return (
            f"{person} <{address}>",
            subject,
            _part("plain", textwrap.fill(_prose(rng, rng.randint(2, 40)), 74), "7bit"),
        )
    if shape < 0.68:
        return f"{person} <{address}>", subject, _wrapped(rng, _prose(rng, rng.randint(3, 30)))
    if shape < 0.932:
        body = _newsletter(rng, rng.randint(20_000, 100_000))
        page = _part("html", body, rng.choice(("quoted-printable", "base64", "8bit")))
        plain = _part("plain", _prose(rng, 12), "quoted-printable")
        shaped = _multipart(rng, "alternative", [plain, page]) if rng.random() < 0.7 else page
        return f"{firm} <news@list.example>", _sentence(rng), b"List-Id: <news.list.example>\n" + shaped
    parts = [_wrapped(rng, _prose(rng, rng.randint(1, 12))), _attachment(rng, rng.randint(20_000, 730_000))]
    return f"{person} <{address}>", subject, _multipart(rng, "mixed", parts)


def corpus(rejections: bool) -> list[dict[str, str]]:
    """The mails of the corpus that are rejections, or those about applications that are none."""
    kinds = {
        "acknowledgement",
        "status_update",
        "job_alert",
        "outreach",
        "interview_invite",
        "delay",
        "reschedule",
        "assessment",
    }
    mails = [
        json.loads(line)
        for path in sorted(CORPUS.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    return [mail for mail in mails if (mail["labels"] if rejections else mail["kind"] in kinds)]


def messages(count: int, seed: int = 1) -> Iterator[tuple[bytes, bool]]:
    """The messages of a mailbox with their From_ lines, and whether each is a rejection."""
    rng = random.Random(seed)
    noes, others = corpus(True), corpus(False)
    for number in range(count):
        chance = rng.random()
        known = rng.choice(noes) if chance < 0.03 else rng.choice(others) if chance < 0.08 else None
        if known:
            sender, subject = (
                known["from"] or "Talent Team <jobs@firm.example>",
                known["subject"] or "Your application",
            )
            body = _wrapped(rng, known["text"])
        else:
            sender, subject, body = _ordinary(rng)
        head = _head(rng, number, "".join(sender.splitlines()), " ".join(subject.split()))
        yield head + body.rstrip(b"\n") + b"\n\n", chance < 0.03


def write(path: Path, count: int, seed: int = 1) -> int:
    """Write an mbox of so many messages; return how many of them are rejections."""
    noes = 0
    with path.open("wb") as file:
        for raw, no in messages(count, seed):
            file.write(raw)
            noes += no
    return noes


if __name__ == "__main__":
    print(write(Path(sys.argv[2]), int(sys.argv[1])), "rejections")
