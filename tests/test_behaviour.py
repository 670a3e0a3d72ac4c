"""What must not change a verdict, on the samples, on mails of the corpus and on the language of names."""

import os
import re
import textwrap
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from rejoinder import classify
from rejoinder.learn.corpus import Mail, load_corpus
from rejoinder.pipeline import read
from rejoinder.types import Verdict

SAMPLES = Path(__file__).parent.parent / "data" / "samples"
#: One mail of so many is tried; `make behaviour` tries all of them.
EVERY = 1 if os.environ.get("REJOINDER_ALL") else 11
#: Share of mails whose labels may move under a change that means nothing.
TOLERATED = 0.02

SIGNATURE = "\n\n-- \nOla Brand\nPeople Partner\n+44 20 7946 0000\nwww.example.org"
DISCLAIMER = (
    "\n\nThis e-mail and any attachments are confidential and intended solely for the addressee. If you have received "
    "this message in error, please delete it. We are an equal opportunity employer.\n\nUnsubscribe | Privacy policy"
)
TRACKING = (
    "\n\nView this email in your browser: https://t.example.org/v/8f3a91c2e4?u=19&k=Zm9v\n"
    "You receive this message because you applied on example.org. Manage preferences: "
    "https://t.example.org/p/8f3a91c2e4\n[image: open] https://t.example.org/o/8f3a91c2e4.gif\n"
)
INVITATION = (
    "\n\nOn Tue, 3 Mar 2026 at 10:02, Recruiting <jobs@example.org> wrote:\n"
    "> We are delighted to invite you to an interview next week.\n> Please choose a time that suits you.\n"
)
EARLIER_NO = (
    "\n\n-----Original Message-----\nFrom: Recruiting\nSent: Monday, 2 February 2026 09:00\nTo: You\nSubject: Your application\n\n"
    "Unfortunately you were not selected for the other role and we have decided to go with another candidate.\n"
)


def as_html(text: str) -> str:
    body = "".join(
        f"<p>{part}</p>" for part in re.split(r"\n\s*\n", text.replace("&", "&amp;").replace("<", "&lt;"))
    )
    hidden = '<div style="display:none">We are delighted to offer you the job&zwnj;&nbsp;</div>'
    return f"<html><body>{hidden}{body.replace(chr(10), '<br>')}</body></html>"


def with_other_names(mail: Mail) -> str:
    """The same mail to and from people of other names."""
    text = re.sub(r"(?m)^((?:Dear|Hi|Hello|Hey) )[A-Z][a-z]+(?= ?[,!.\n])", r"\1Oluwaseun", mail.text)
    return re.sub(r"(?m)^([A-Z][a-z]+)( [A-Z][a-z]+)?$(?=\n?\Z)", "Tadeusz Xiaoling", text)


def with_another(part: str, other: str, mail: Mail) -> str:
    """The same mail of another company or about another role, where these are found in it."""
    found = getattr(read(mail.text).details, part)
    return re.sub(rf"\b{re.escape(found)}\b", other, mail.text) if found else mail.text


def without_thanks(mail: Mail) -> str:
    """The mail without those sentences that do nothing but thank."""
    text = mail.text
    for sentence in mail.sentences:
        if set(sentence.functions) == {"thanks"}:
            text = text.replace(sentence.text, "", 1)
    return text


def texts(change: Callable[[str], str]) -> Callable[[Mail], str]:
    """A change of the text alone."""
    return lambda mail: change(mail.text)


CHANGES: dict[str, Callable[[Mail], str]] = {
    "other names": with_other_names,
    "another company": partial(with_another, "company", "Brackwater & Sons"),
    "another role": partial(with_another, "role", "Logistics Coordinator"),
    "upper case": texts(str.upper),
    "lower case": texts(str.lower),
    "wrapped": texts(
        lambda text: "\n\n".join(
            textwrap.fill(part, 50) if "\n-" not in part else part for part in text.split("\n\n")
        )
    ),
    "curly quotes": texts(lambda text: text.replace("'", "’").replace(" - ", " – ")),
    "signature": texts(lambda text: text + SIGNATURE),
    "disclaimer": texts(lambda text: text + DISCLAIMER),
    "tracking footer": texts(lambda text: text + TRACKING),
    "quoted invitation": texts(lambda text: text + INVITATION),
    "quoted no": texts(lambda text: text + EARLIER_NO),
    "zero-width": texts(lambda text: text.replace("e", "e\u200b")),
    "hidden preheader": texts(as_html),
    "thanks added": texts(lambda text: text + "\n\nThank you again for your time."),
    "thanks dropped": without_thanks,
}


@pytest.fixture(scope="module")
def mails() -> list[Mail]:
    """The samples, and mails of the corpus without a quoted thread of their own."""
    samples = [
        Mail(path.stem, "", "", frozenset(), "unknown", None, None, path.read_text("utf-8"), ())
        for path in sorted(SAMPLES.glob("*.txt"))
    ]
    return samples + [
        mail
        for mail in load_corpus().mails[::EVERY]
        if not re.search(r"(?m)^>|wrote:|Original Message|^From:|^--|\A\w+:|<", mail.text)
    ]


@pytest.fixture(scope="module")
def before(mails: list[Mail]) -> list[Verdict]:
    return [classify(mail.text) for mail in mails]


@pytest.mark.parametrize("change", CHANGES)
def test_labels_do_not_move(change: str, mails: list[Mail], before: list[Verdict]) -> None:
    """A change that means nothing leaves the labels of at least 98 of 100 mails as they were."""
    after = [classify(CHANGES[change](mail)) for mail in mails]
    moved = [
        mail.id for mail, one, other in zip(mails, before, after, strict=True) if one.labels != other.labels
    ]
    print(f"{change}: {len(moved)} of {len(mails)} moved")
    assert len(moved) <= TOLERATED * len(mails), moved


@pytest.mark.parametrize(
    ("text", "rejection"),
    [
        (
            "Dear Dana,\n\nWe have decided to move forward with your application and would like to arrange a call.",
            False,
        ),
        ("Dear Dana,\n\nWe have decided to move forward with other candidates for this role.", True),
        (
            "Thank you for applying. If you are not selected for an interview, you will not hear from us again.",
            False,
        ),
        ("Thank you for applying. You were not selected for an interview.", True),
        ("Thank you for your interest. The position has since been filled.", True),
        (
            "Your application for a mortgage was carefully reviewed. Unfortunately we are unable to offer you a loan.",
            False,
        ),
        ("Unfortunately our interviewer is ill. Could we move our interview to Thursday at ten?", False),
        ("I have decided to withdraw my application for the analyst role. Thank you for your time.", False),
        ("We regret to inform you that your paper was not accepted for the conference.", False),
    ],
)
def test_minimal_pairs(text: str, rejection: bool) -> None:
    """Nearly the same words that mean different things are told apart."""
    assert classify(text).rejection is rejection


@pytest.mark.parametrize(
    "text",
    [
        "Vielen Dank für Ihre Bewerbung. Leider haben wir uns für eine andere Bewerberin entschieden und wünschen Ihnen alles Gute.",
        "Nous vous remercions pour votre candidature. Malheureusement, nous avons retenu un autre candidat pour ce poste.",
        "42",
    ],
)
def test_cannot_tell(text: str) -> None:
    """Other languages and nothing to read are `None`, never `not a rejection`."""
    verdict = classify(text)
    assert verdict.rejection is None
    assert not verdict.labels


def test_verdicts_keep_the_logic_of_the_labels(before: list[Verdict]) -> None:
    """One outcome a rejection, reasons with feedback, evidence for each label, and no more likely than the whole."""
    for verdict in before:
        if not verdict.rejection:
            assert not verdict.labels
            continue
        assert len({"hard_no", "soft_no"} & set(verdict.labels)) == 1
        assert "feedback_given" in verdict.labels or not {"skill_gap", "culture_fit"} & set(verdict.labels)
        assert {item.label for item in verdict.evidence} == set(verdict.labels)
        given = verdict.probabilities
        assert all(given[name] <= given["rejection"] + 1e-9 for name in given)
        assert given["feedback_given"] >= max(given["skill_gap"], given["culture_fit"])
        assert verdict.label in verdict.labels
