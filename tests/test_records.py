"""A result as JSON: every promised key is there, whatever the mail."""

import json
from datetime import date

import pytest

from rejoinder import Label, NoReply, Origin, Result, draft, plan
from rejoinder.output.records import record, record_with_drafts
from rejoinder.pipeline import details

#: INTERFACE.md, written down a second time.
KEYS = [
    "id", "message_id", "source", "date", "from", "subject", "rejection", "label", "labels", "label_source", "probabilities", "unsure",
    "language", "stage", "stage_source", "company", "role", "contact", "skills", "evidence", "reply", "plan", "model",
    "reference", "interviewers", "dates", "feedback", "other_addresses",
]  # fmt: skip
DRAFT_KEYS = {"send_on", "to", "subject", "body", "in_reply_to", "references", "template", "blanks"}
TODAY = date(2026, 3, 6)


@pytest.fixture
def result(verdict, message, letter):
    def make(text="Dear Dana,\n\nno.\n\nKind regards,\nAda Moor", headers=None, **changes):
        labels = changes.pop("labels_given", ())
        mail, body, given = message(text, **(headers or {})), letter(text), verdict(*labels, **changes)
        steps = plan(mail, body, given, today=TODAY)
        return Result(mail, body, given, details(mail, body, given), steps, draft(mail, body, given, steps))

    return make


SHAPES = {
    "final": {"stage": "final"},
    "soft": {"labels_given": ("soft_no",), "stage": "mid", "door": "Write to me in May."},
    "skill gap": {
        "labels_given": ("hard_no", "feedback_given", "skill_gap"),
        "skill": "We need experience with Rust.",
    },
    "no rejection": {"rejection": False},
    "cannot tell": {"rejection": None, "language": "de", "unsure": True, "evidence": ()},
    "no reply": {"headers": {"sender": "no-reply@fenwick.example"}},
    "nothing known": {
        "text": "We chose somebody else.",
        "headers": {"sender": None, "subject": "", "message_id": None},
        "stage": "mid",
    },
    "everything known": {
        "headers": {
            "date_header": "Thu, 05 Mar 2026 16:41:08 +0000",
            "references": ("<a@x.example>",),
            "origin": Origin("mails.mbox", 17),
        },
        "stage": "final",
        "stage_source": "option",
    },
}


@pytest.mark.parametrize("shape", SHAPES)
def test_keys_are_always_there(shape, result):
    """Every key of the interface is there, in order, and the object survives JSON."""
    made = record(result(**SHAPES[shape]))
    assert list(made) == KEYS
    assert json.loads(json.dumps(made)) == made
    assert set(made["probabilities"]) == {"rejection", *(label.value for label in Label)}
    assert set(made["reply"]) == {"possible", "reason", "warning"}
    assert isinstance(made["reply"]["possible"], bool)
    assert made["contact"] is None or set(made["contact"]) == {"name", "address"}
    assert all(set(item) == {"label", "text", "weight"} for item in made["evidence"])
    assert all(set(item) == {"text", "earliest"} for item in made["dates"])
    assert made["feedback"] in ("offered", "refused", None)
    for step in made["plan"]:
        assert {"when", "do"} <= set(step)
        assert step["do"] in ("send", "advice")
        assert ("template" in step) is (step["do"] == "send")
        assert (step["when"] is None) is (step["do"] == "advice")
    assert made["rejection"] in (True, False, None)
    assert isinstance(made["labels"], list)
    assert isinstance(made["skills"], list)
    assert made["stage"] in ("initial", "mid", "final", "unknown")
    assert made["stage_source"] in ("text", "thread", "option")


@pytest.mark.parametrize("shape", SHAPES)
def test_drafts(shape, result):
    """`drafts` follow the plan, and `draft` is the first of them or null."""
    whole = result(**SHAPES[shape])
    made = record_with_drafts(whole)
    assert list(made) == [*KEYS, "drafts", "draft"]
    assert json.loads(json.dumps(made)) == made
    if isinstance(whole.drafts, NoReply):
        assert made["drafts"] == []
        assert made["draft"] is None
        assert made["reply"]["possible"] is False
        assert made["reply"]["reason"]
    else:
        assert made["draft"] == made["drafts"][0]
        assert all(set(one) == DRAFT_KEYS for one in made["drafts"])
        sends = [step for step in made["plan"] if step["do"] == "send"]
        assert [(one["send_on"], one["template"]) for one in made["drafts"]] == [
            (step["when"], step["template"]) for step in sends
        ]


def test_unknown_is_null(result):
    """What is not known is null or an empty list, never an empty text."""
    made = record(result(**SHAPES["nothing known"]))
    for key in ("message_id", "date", "from", "subject", "company", "role", "contact"):
        assert made[key] is None, key
    assert made["reference"] is None
    assert made["feedback"] is None
    assert made["skills"] == made["interviewers"] == made["dates"] == made["other_addresses"] == []


def test_known_values(result):
    """What is known stands there as the interface says."""
    made = record_with_drafts(result(**SHAPES["everything known"]))
    assert made["source"] == "mails.mbox#17"
    assert made["date"] == "2026-03-05T16:41:08+00:00"
    assert made["from"] == "Ada Moor <ada@fenwick.example>"
    assert made["message_id"] == "<parent@fenwick.example>"
    assert made["label"] == "hard_no"
    assert made["labels"] == ["hard_no"]
    assert made["stage_source"] == "option"
    assert made["contact"] == {"name": "Ada Moor", "address": "ada@fenwick.example"}
    assert [one["send_on"] for one in made["drafts"]] == ["2026-03-06", "2026-03-12"]
    assert made["draft"]["to"] == "Ada Moor <ada@fenwick.example>"
    assert made["draft"]["in_reply_to"] == "<parent@fenwick.example>"
    assert made["draft"]["references"] == ["<a@x.example>", "<parent@fenwick.example>"]


def test_values_are_plain(result):
    """Labels and stages are plain texts in JSON, not names of a Python class."""
    text = json.dumps(record(result(**SHAPES["skill gap"])))
    assert "Label." not in text
    assert "Stage." not in text
    assert '"label": "skill_gap"' in text
    assert '"skills": ["Rust"]' in text


@pytest.mark.parametrize(
    ("rejection", "label", "labels"), [(True, "hard_no", ["hard_no"]), (False, None, []), (None, None, [])]
)
def test_rejection_has_three_values(rejection, label, labels, result):
    """A mail is a rejection, is none, or cannot be told; only a rejection has labels."""
    made = record(result(rejection=rejection))
    assert (made["rejection"], made["label"], made["labels"]) == (rejection, label, labels)
