"""The tables of what to send, when, and what to do next."""

from datetime import date
from itertools import chain, combinations

import pytest

from rejoinder import Address, Details, Label, NoReply, Stage, draft, plan
from rejoinder.reply.policy import make_plan, why_no_reply, working_days_after

MONDAY = date(2026, 3, 2)
FRIDAY = date(2026, 3, 6)
SATURDAY = date(2026, 3, 7)
SIGNED = Details(contact=Address("Ada Moor", "ada@fenwick.example"), greeting_name="Ada")
UNSIGNED = Details()

STAGES = ["initial", "mid", "final", "unknown"]
REASONS = ["feedback_given", "skill_gap", "culture_fit"]
#: Every set of labels a verdict can hold: one outcome, any reasons.
LABELS = [
    (outcome, *reasons)
    for outcome in ("hard_no", "soft_no")
    for reasons in chain.from_iterable(combinations(REASONS, size) for size in range(4))
    if not set(reasons) & {"skill_gap", "culture_fit"} or "feedback_given" in reasons
]
SIGNALS = [
    {},
    {"no_feedback": 0.9},
    {"feedback_offered": 0.9},
    {"no_feedback": 0.9, "feedback_offered": 0.9},
    {"no_feedback": 0.2, "feedback_offered": 0.2},
]


def expected(labels, stage, signals, today=MONDAY):
    """The design's table, written down a second time: templates with the dates they go out."""
    if "soft_no" in labels:
        return [("keep_in_touch", today)]
    if "skill_gap" in labels:
        return [("skill_gap", today)]
    if "culture_fit" in labels:
        return [("culture_fit", today)]
    if "feedback_given" in labels:
        return [("feedback_thanks", today)]
    if signals.get("feedback_offered", 0) >= 0.5:
        return [("feedback_request", today)]
    if stage in ("initial", "unknown"):
        return [("acknowledge", today)]
    later = {"mid": date(2026, 3, 5), "final": date(2026, 3, 6)}[stage]
    if signals.get("no_feedback", 0) >= 0.5:
        return [("thank_you", today)]
    return [("thank_you", today), ("feedback_request", later)]


def sent(steps):
    return [(step.template, step.when) for step in steps.sends]


@pytest.mark.parametrize("signals", SIGNALS, ids=lambda signals: "+".join(signals) or "plain")
@pytest.mark.parametrize("labels", LABELS, ids="+".join)
@pytest.mark.parametrize("stage", STAGES)
def test_the_whole_table(stage, labels, signals, verdict, message, letter):
    """Stage, labels and what the mail says about feedback decide what is sent on which day."""
    steps = make_plan(message(), letter(), verdict(*labels, stage=stage, signals=signals), SIGNED, MONDAY)
    assert steps.route.possible
    assert sent(steps) == expected(labels, stage, signals)


@pytest.mark.parametrize(
    ("stage", "today", "later"),
    [
        ("mid", MONDAY, date(2026, 3, 5)),
        ("mid", date(2026, 3, 3), date(2026, 3, 6)),
        ("mid", date(2026, 3, 4), date(2026, 3, 9)),
        ("mid", date(2026, 3, 5), date(2026, 3, 10)),
        ("mid", FRIDAY, date(2026, 3, 11)),
        ("mid", SATURDAY, date(2026, 3, 11)),
        ("mid", date(2026, 3, 8), date(2026, 3, 11)),
        ("final", MONDAY, date(2026, 3, 6)),
        ("final", date(2026, 3, 3), date(2026, 3, 9)),
        ("final", FRIDAY, date(2026, 3, 12)),
        ("final", SATURDAY, date(2026, 3, 12)),
        ("final", date(2026, 12, 30), date(2027, 1, 5)),
        ("final", date(2028, 2, 25), date(2028, 3, 2)),
    ],
)
def test_feedback_request_waits_working_days(stage, today, later, verdict, message, letter):
    """The feedback request waits three or four working days, weekends not counted."""
    steps = make_plan(message(), letter(), verdict(stage=stage), SIGNED, today)
    assert sent(steps) == [("thank_you", today), ("feedback_request", later)]


@pytest.mark.parametrize("day", [MONDAY, FRIDAY, SATURDAY, date(2026, 3, 8)])
@pytest.mark.parametrize("count", range(8))
def test_working_days(day, count):
    """A number of working days later is a working day, with just that many after the start."""
    end = working_days_after(day, count)
    assert (end == day) is (count == 0)
    passed = [date.fromordinal(at) for at in range(day.toordinal() + 1, end.toordinal() + 1)]
    assert sum(each.weekday() < 5 for each in passed) == count
    assert count == 0 or end.weekday() < 5


@pytest.mark.parametrize("stage", ["initial", "unknown"])
@pytest.mark.parametrize("signals", [{}, {"no_feedback": 0.9}])
def test_unsigned_form_mail(stage, signals, verdict, message, letter):
    """A form mail after an application that nobody signed gets no reply, and the reason is said."""
    given = verdict(stage=stage, signals=signals)
    steps = make_plan(message(), letter(), given, UNSIGNED, MONDAY)
    assert not steps.route.possible
    assert steps.sends == ()
    assert "nobody signed it" in why_no_reply(given, steps).reason
    assert all(step.do == "advice" and step.text for step in steps.steps)
    assert steps.steps


@pytest.mark.parametrize(
    ("labels", "stage", "signals", "template"),
    [
        (("hard_no",), "mid", {}, "thank_you"),
        (("hard_no",), "final", {}, "thank_you"),
        (("hard_no",), "initial", {"feedback_offered": 0.9}, "feedback_request"),
        (("hard_no", "feedback_given"), "initial", {}, "feedback_thanks"),
        (("hard_no", "feedback_given", "skill_gap"), "unknown", {}, "skill_gap"),
        (("soft_no",), "initial", {}, "keep_in_touch"),
    ],
)
def test_unsigned_but_worth_an_answer(labels, stage, signals, template, verdict, message, letter):
    """An unsigned mail is answered when there was a conversation or it says more than no."""
    steps = make_plan(message(), letter(), verdict(*labels, stage=stage, signals=signals), UNSIGNED, MONDAY)
    assert steps.route.possible
    assert steps.sends[0].template == template


@pytest.mark.parametrize("stage", ["initial", "unknown"])
@pytest.mark.parametrize("signals", [{}, {"no_feedback": 0.9}])
def test_never_a_feedback_request_after_a_form_mail(stage, signals, verdict, message, letter):
    """Nobody is asked for feedback on an application that nobody talked about."""
    steps = make_plan(message(), letter(), verdict(stage=stage, signals=signals), SIGNED, MONDAY)
    assert [step.template for step in steps.sends] == ["acknowledge"]


REFUSED = {
    "other language": ({"rejection": None, "labels": (), "language": "de"}, {}, "language (de)"),
    "too little": ({"rejection": None, "labels": (), "language": "und"}, {}, "too little to read"),
    "nothing in English": ({"rejection": None, "labels": (), "language": "en"}, {}, "too little to read"),
    "no rejection": ({"rejection": False, "labels": ()}, {}, "does not read like a rejection"),
    "mailing list": ({}, {"list_id": "<jobs.lists.example>"}, "mailing list"),
    "bounce": ({}, {"bounced": True}, "delivery report"),
}


@pytest.mark.parametrize("kind", ["auto", "thanks", "feedback", "keep-in-touch"])
@pytest.mark.parametrize("case", REFUSED)
def test_never_drafted_for(case, kind, verdict, message, letter):
    """Other languages, non-rejections, lists and bounces get no draft, whatever kind is asked for."""
    changes, headers, reason = REFUSED[case]
    mail, text, given = message(**headers), letter(), verdict(stage="final", **changes)
    steps = plan(mail, text, given, today=MONDAY, kind=kind)
    assert steps.sends == ()
    assert not steps.route.possible
    found = draft(mail, text, given, steps)
    assert isinstance(found, NoReply)
    assert reason in found.reason


@pytest.mark.parametrize("case", ["other language", "too little", "no rejection"])
def test_no_advice_on_what_is_no_rejection(case, verdict, message, letter):
    """A mail that is not known to be a rejection gets no advice on coping with one."""
    changes, headers, _ = REFUSED[case]
    assert make_plan(message(**headers), letter(), verdict(**changes), SIGNED, MONDAY).steps == ()


@pytest.mark.parametrize("sender", ["no-reply@fenwick.example", "notifications@fenwick.example"])
@pytest.mark.parametrize("kind", ["auto", "thanks", "feedback", "keep-in-touch"])
def test_unreachable(sender, kind, verdict, message, letter):
    """A dead address gets no draft, and advice all the same."""
    steps = make_plan(message(sender=sender), letter(), verdict(stage="final"), SIGNED, MONDAY, kind)
    assert steps.sends == ()
    assert sender in steps.route.reason
    assert [step.do for step in steps.steps] == ["advice"] * len(steps.steps) != []


@pytest.mark.parametrize(
    ("kind", "template"),
    [("thanks", "thank_you"), ("feedback", "feedback_request"), ("keep-in-touch", "keep_in_touch")],
)
@pytest.mark.parametrize(
    "labels", [("hard_no",), ("soft_no",), ("hard_no", "feedback_given", "skill_gap")], ids="+".join
)
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("signed", [True, False], ids=["signed", "unsigned"])
def test_kind_overrides(kind, template, labels, stage, signed, verdict, message, letter):
    """A kind asked for is the one draft there is, today, even after an unsigned form mail."""
    names = SIGNED if signed else UNSIGNED
    signals = {"no_feedback": 0.9}
    steps = make_plan(
        message(), letter(), verdict(*labels, stage=stage, signals=signals), names, MONDAY, kind
    )
    assert sent(steps) == [(template, MONDAY)]


ADVICE = {
    ("hard_no",): {
        "initial": "within the hour",
        "mid": "While it is fresh",
        "final": "like roles at once",
        "unknown": "--stage",
    },
    ("soft_no",): dict.fromkeys(STAGES, "keep applying"),
    ("hard_no", "feedback_given"): dict.fromkeys(STAGES, "look for the pattern"),
    ("hard_no", "feedback_given", "skill_gap"): dict.fromkeys(STAGES, "certificate in Rust"),
    ("hard_no", "feedback_given", "culture_fit"): dict.fromkeys(STAGES, "how the company works"),
}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("labels", ADVICE, ids="+".join)
def test_advice(labels, stage, verdict, message, letter):
    """Each kind of no comes with what the candidate does next, and each piece of advice once."""
    names = Details(contact=SIGNED.contact, skills=("Rust",))
    steps = make_plan(message(), letter(), verdict(*labels, stage=stage), names, MONDAY)
    texts = [step.text for step in steps.steps if step.do == "advice"]
    assert any(ADVICE[labels][stage] in text for text in texts), texts
    assert len(texts) == len(set(texts))
    assert "folder" in texts[-1]
    assert all(step.when is None for step in steps.steps if step.do == "advice")


@pytest.mark.parametrize("stage", STAGES)
def test_no_feedback_advice(stage, verdict, message, letter):
    """Where no feedback is given, a mock interview outside is advised instead."""
    steps = make_plan(message(), letter(), verdict(stage=stage, signals={"no_feedback": 0.9}), SIGNED, MONDAY)
    assert any("mock interview" in (step.text or "") for step in steps.steps)
    steps = make_plan(message(), letter(), verdict(stage=stage), SIGNED, MONDAY)
    assert not any("mock interview" in (step.text or "") for step in steps.steps)


def test_skill_gap_without_a_skill(verdict, message, letter):
    """Advice on a skill gap reads well when no skill is named."""
    steps = make_plan(message(), letter(), verdict("hard_no", "feedback_given", "skill_gap"), SIGNED, MONDAY)
    texts = [step.text for step in steps.steps if step.text]
    assert not any("None" in text or "{" in text for text in texts)


@pytest.mark.parametrize("labels", LABELS, ids="+".join)
def test_soft_no_is_no_goodbye(labels, verdict, message, letter):
    """An open door is never answered with a goodbye, whatever reasons stand beside it."""
    steps = make_plan(message(), letter(), verdict(*labels, stage="final"), SIGNED, MONDAY)
    templates = [step.template for step in steps.sends]
    assert ("keep_in_touch" in templates) is ("soft_no" in labels)


def test_every_send_says_why(verdict, message, letter):
    """Every step to send has a template, a day and a reason."""
    for stage in Stage:
        for step in make_plan(message(), letter(), verdict(stage=stage), SIGNED, MONDAY).sends:
            assert step.template
            assert step.when
            assert step.reason


def test_plan_uses_the_clock_by_default(verdict, message, letter):
    """Without a date the plan starts today."""
    before = date.today()
    steps = plan(message(), letter(), verdict(stage="mid"))
    assert before <= steps.sends[0].when <= date.today()


def test_labels_are_the_ones_of_the_table():
    """A new label must find its way into this table."""
    assert {label for labels in LABELS for label in labels} == {label.value for label in Label}
