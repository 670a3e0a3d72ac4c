import json
import sys
from pathlib import Path

import pytest

from rejoinder import Message, classify, clean, scan
from rejoinder.errors import EmptyLetterError, ModelError
from rejoinder.learn.corpus import load_corpus
from rejoinder.model.gate import load, stripped, words_of
from rejoinder.model.store import gate_of, model_path
from rejoinder.scan.batch import results
from rejoinder.scan.how import How
from rejoinder.types import Result

DEV = Path(__file__).parent.parent.parent / "shared" / "eval" / "dev.jsonl"
#: The one mail of the corpus whose reading hangs on the gate.
STOPPED_FALSE_ALARM = "hardneg2-009"
TAIL = (
    "This message and its attachments are confidential and may be protected by law. Any opinions in it are those of its author. "
    "Registered office: 12 Harbour Row, Leith. Trams, bicycles and ferries stop within sight of the gate; visitors' parking is "
    "behind the boiler house, and dogs wait outside. The canteen serves lentils on Tuesdays. "
)


@pytest.fixture(scope="module")
def gate():
    found = gate_of(model_path())
    assert found is not None
    return found


def lost(gate, mails):
    """Texts that the gate turns away although the model calls them a rejection."""

    def rejected(text):
        try:
            return classify(text).rejection
        except EmptyLetterError:
            return False

    return [text for subject, text in mails if stopped(gate, subject, text) and rejected(text)]


def stopped(gate, subject, text):
    """Whether the gate turns a mail away, as it came or by its cleaned letter."""
    passes, probability = gate.passes([f"{subject}\n{text}"])
    if not passes:
        return True
    try:
        letter = clean(Message.from_text(text, subject=subject))
    except EmptyLetterError:
        return False
    return gate.passed_by_chance(f"{subject}\n{letter.text}", probability)


def corpus_mails(stopped_false_alarm):
    """The corpus but for what the gate is known to stop, or that alone: subject and text."""
    return [
        (mail.subject or "", mail.text)
        for mail in load_corpus().mails
        if (mail.id == STOPPED_FALSE_ALARM) is stopped_false_alarm
    ]


def test_no_rejection_of_the_corpus_is_lost(gate):
    """The gate lets through every mail of the corpus that the model calls a rejection; if not, run `make model`."""
    mails = corpus_mails(stopped_false_alarm=False)
    assert lost(gate, mails) == []
    assert sum(not gate.passes([f"{subject}\n{text}"])[0] for subject, text in mails) > 100


@pytest.mark.xfail(
    strict=True,
    raises=AssertionError,
    reason="the model takes an accelerator's refusal for a rejection, the gate does not",
)
def test_a_false_alarm_does_not_hang_on_the_gate(gate):
    """What the model calls a rejection wrongly, it calls so with the gate, too."""
    [mail] = corpus_mails(stopped_false_alarm=True)
    assert lost(gate, [mail]) == []


def test_no_rejection_is_lost_before_fine_print(gate):
    """A no is let through however much else follows it."""
    mails = [mail for mail in load_corpus().mails if mail.labels][::5]
    turned_away = [mail for mail in mails if stopped(gate, mail.subject or "", f"{mail.text}\n\n{TAIL * 8}")]
    assert [mail.id for mail in turned_away if classify(mail.text).rejection] == []


@pytest.mark.skipif(not DEV.is_file(), reason="the development set is not here")
def test_no_rejection_of_the_development_set_is_lost(gate):
    """The gate lets through every rejection of the development set; what it stops are false alarms."""
    mails = [json.loads(line) for line in DEV.read_text("utf-8").splitlines()]
    noes = [(mail["subject"] or "", mail["text"]) for mail in mails if mail["labels"]]
    assert lost(gate, noes) == []


@pytest.fixture(scope="module")
def write_box():
    """Writes a made-up mailbox."""
    sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))
    try:
        from mailboxes import write
    finally:
        sys.path.pop(0)
    return write


def test_a_mailbox_has_the_same_rejections_with_and_without_the_gate(tmp_path, write_box):
    """In a made-up mailbox the gate changes no verdict, and no mail of another kind is lost for it."""
    write_box(tmp_path / "box.mbox", 300, seed=11)
    found = [value for value in scan(tmp_path / "box.mbox") if isinstance(value, Result)]
    gated = [value.verdict.rejection for value in found]
    how = How.of(gated=False)
    full = [
        value.verdict.rejection
        for value in results([tmp_path / "box.mbox"], how)
        if isinstance(value, Result)
    ]
    assert gated == full
    assert sum(map(bool, full)) > 3


def test_what_passes_by_chance_is_stopped_once_it_is_cleaned(tmp_path, write_box):
    """Mail whose beginning barely passes and whose letter is far below is not read in full; one in 250 is such."""
    write_box(tmp_path / "box.mbox", 2_000, seed=11)
    found = [value for value in scan(tmp_path / "box.mbox") if isinstance(value, Result)]
    by_chance = [value for value in found if value.letter.text and not value.verdict.signals]
    assert len(by_chance) > 3


@pytest.mark.parametrize(
    "text",
    [
        "Sehr geehrte Frau Li, leider müssen wir Ihnen mitteilen, dass wir uns für andere Bewerber entschieden haben. "
        * 5,
        "Estimada Dana: gracias por su interés en nuestra empresa. Lamentablemente hemos elegido a otra persona para el puesto. "
        * 5,
        "お世話になっております。この度はご応募いただきありがとうございました。" * 20,
        "12 34 56 EUR 78 total 90 kWh 11 22 33 44 " * 10,
        "No.",
    ],
)
def test_what_it_cannot_read_goes_to_the_model(gate, text):
    """Other languages, figures and very short mail are never judged by the gate."""
    assert gate.passes([text])[0]


def test_words_and_markup():
    """Markup, entities, fillers and curly quotes do not stand between words and the gate."""
    page = "<style>p { color: red }</style><p>Unfor\u00adtunately&nbsp;we <b>can\u2019t</b></p><!-- no -->"
    assert words_of(stripped(page)) == [b"unfortunately", b"we", b"can", b"t"]
    assert words_of("ÉTÉ – 2024") == ["été".encode(), b"2024"]


@pytest.mark.parametrize(
    "damage",
    [lambda data: data[:-1], lambda data: data[:-9] + b"x" * 9, lambda data: b"{}\n", lambda data: b""],
)
def test_a_damaged_gate_is_refused(tmp_path, damage):
    """A gate that is cut, changed or none at all is an error that says what to do."""
    (tmp_path / "a.gate").write_bytes(damage(model_path().with_suffix(".gate").read_bytes()))
    with pytest.raises(ModelError, match="make model"):
        load(tmp_path / "a.gate")
