"""The tables of what to send, when, and what to do next."""

from datetime import date
from itertools import chain, combinations

import pytest

from rejoinder import Address, Details, Label, NamedTime, NoReply, Stage, draft, plan
from rejoinder.reply.policy import Timing, make_plan, why_no_reply
from rejoinder.reply.workdays import WEEKDAYS, workdays_of

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
    refused = signals.get("no_feedback", 0) >= 0.5
    if signals.get("feedback_offered", 0) >= 0.5 and not refused:
        return [("feedback_request", today)]
    if stage in ("initial", "unknown"):
        return [("acknowledge", today)]
    later = {"mid": date(2026, 3, 5), "final": date(2026, 3, 6)}[stage]
    if refused:
        return [("thank_you", today)]
    return [("thank_you", today), ("feedback_request", later)]


def sent(steps):
    return [(step.template, step.when) for step in steps.sends]


def advised(steps):
    return " ".join(f"{step.text} {step.reason}" for step in steps.steps if step.do == "advice")


ROUTES = {
    "live": {},
    "relay": {"sender": "conversation-7@message.teamtailor.com"},
    "dead": {"sender": "no-reply@fenwick.example"},
    "none": {"sender": None},
}
TIMES = {
    "no time": (),
    "named": (NamedTime("after 30 September", date(2026, 10, 1)),),
    "on a Saturday": (NamedTime("in May", date(2026, 5, 2)),),
    "gone": (NamedTime("in January", date(2026, 1, 1)),),
    "vague": (NamedTime("some time next year"),),
    "several": (NamedTime("in June", date(2026, 6, 1)), NamedTime("in April", date(2026, 4, 1))),
}
FOLLOW_UPS = {
    "named": date(2026, 10, 1),
    "on a Saturday": date(2026, 5, 4),
    "several": date(2026, 4, 1),
}


@pytest.mark.parametrize("signed", [True, False], ids=["signed", "unsigned"])
@pytest.mark.parametrize("way", ROUTES)
@pytest.mark.parametrize("signals", SIGNALS, ids=lambda signals: "+".join(signals) or "plain")
@pytest.mark.parametrize("labels", LABELS, ids="+".join)
def test_what_holds_for_every_plan(labels, signals, way, signed, verdict, message, letter):
    """Whatever stage, time, route and signature come together, no plan breaks a rule."""
    refused, offered = (signals.get(name, 0) >= 0.5 for name in ("no_feedback", "feedback_offered"))
    for stage in STAGES:
        for name, times in TIMES.items():
            names = Details(contact=SIGNED.contact if signed else None, dates=times)
            given = verdict(*labels, stage=stage, signals=signals)
            steps = make_plan(message(**ROUTES[way]), letter(), given, names, MONDAY)
            templates = [step.template for step in steps.sends]
            asks = templates.count("feedback_request")

            assert bool(templates) is steps.route.possible
            assert (steps.route.reason is None) is steps.route.possible
            assert (way == "dead") <= (templates == [])
            # One ask at most, and never one that nobody can answer, was answered, or was refused.
            assert asks + templates.count("keep_in_touch") <= 1
            if stage in ("initial", "unknown"):
                assert asks <= offered
            if refused or "feedback_given" in labels or "soft_no" in labels:
                assert not asks
            if asks and offered:
                assert templates == ["feedback_request"]
                assert steps.sends[0].when == MONDAY
            # An open door is no goodbye, and a named day is kept.
            assert ("keep_in_touch" in templates) is (steps.route.possible and "soft_no" in labels)
            follow = [step for step in steps.steps if step.do == "follow_up"]
            wanted = FOLLOW_UPS.get(name) if "soft_no" in labels else None
            assert [step.when for step in follow] == [wanted] * (wanted is not None)
            # Every step says why; days come first and in order, on working days.
            assert all(step.reason and "\n" not in step.reason for step in steps.steps)
            days = [step.when for step in steps.dated]
            assert days == sorted(days)
            assert steps.steps[: len(days)] == steps.dated
            assert all(day.weekday() < 5 for day in days)
            assert all(step.until and step.until > step.when for step in steps.sends)
            assert [bool(step.pause_hours) for step in steps.sends] == [
                step.when == MONDAY for step in steps.sends
            ]
            # There is always something to do for oneself, not too much of it, and the mail goes out of sight.
            advice = [step for step in steps.steps if step.do == "advice"]
            assert 2 <= len(advice) <= 5
            assert "out of sight" in advice[-1].reason
            assert len({step.text for step in advice}) == len(advice)
            assert ("mock interview" in advised(steps)) is (
                refused and not offered and "feedback_given" not in labels
            )
            assert ("take it up" in advised(steps)) is (
                offered and "feedback_given" not in labels and not asks
            )


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


@pytest.mark.parametrize("stage", ["initial", "unknown"])
@pytest.mark.parametrize("signals", [{}, {"no_feedback": 0.9}])
def test_unsigned_form_mail(stage, signals, verdict, message, letter):
    """A form mail after an application that nobody signed gets no reply, and the reason is said."""
    given = verdict(stage=stage, signals=signals)
    steps = make_plan(message(), letter(), given, UNSIGNED, MONDAY)
    assert not steps.route.possible
    assert steps.sends == ()
    assert "nobody signed it" in why_no_reply(steps).reason
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
    ("hard_no", "feedback_given", "skill_gap"): dict.fromkeys(STAGES, "Practise this: Rust."),
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
    assert not any("None" in text or "{" in text or ": ." in text for text in texts)
    assert any("what they found missing" in text for text in texts)


@pytest.mark.parametrize("labels", LABELS, ids="+".join)
def test_soft_no_is_no_goodbye(labels, verdict, message, letter):
    """An open door is never answered with a goodbye, whatever reasons stand beside it."""
    steps = make_plan(message(), letter(), verdict(*labels, stage="final"), SIGNED, MONDAY)
    templates = [step.template for step in steps.sends]
    assert ("keep_in_touch" in templates) is ("soft_no" in labels)


def test_wait(verdict, message, letter):
    """The wait asked for counts for the feedback request alone; what is due today stays so."""
    for stage in ("mid", "final"):
        steps = make_plan(message(), letter(), verdict(stage=stage), SIGNED, Timing(MONDAY, WEEKDAYS, 7))
        assert sent(steps) == [("thank_you", MONDAY), ("feedback_request", date(2026, 3, 11))]
    offered = verdict(stage="mid", signals={"feedback_offered": 0.9})
    steps = make_plan(message(), letter(), offered, SIGNED, Timing(MONDAY, WEEKDAYS, 7))
    assert sent(steps) == [("feedback_request", MONDAY)]
    steps = plan(message(), letter(), verdict(stage="final"), today=MONDAY, wait=1)
    assert steps.sends[1].when == date(2026, 3, 3)


def test_public_holidays(verdict, message, letter):
    """Public holidays of the country named are no working days, for sends, windows and follow-ups."""
    day = date(2026, 3, 31)
    steps = plan(message(), letter(), verdict(stage="mid"), today=day, country="DE")
    assert sent(steps)[1] == ("feedback_request", date(2026, 4, 7))
    assert steps.sends[1].until == date(2026, 4, 9)
    assert sent(plan(message(), letter(), verdict(stage="mid"), today=day))[1][1] == date(2026, 4, 3)
    names = Details(dates=(NamedTime("at Easter", date(2026, 4, 3)),))
    timing = Timing(day, workdays_of("DE"))
    (step,) = [
        step
        for step in make_plan(message(), letter(), verdict("soft_no"), names, timing).steps
        if step.do == "follow_up"
    ]
    assert step.when == date(2026, 4, 7)
    assert "at Easter" in step.reason


def test_kind_feedback_after_a_refusal(verdict, message, letter):
    """Who asks for a feedback request after a refusal gets it, and is told."""
    given = verdict(stage="final", signals={"no_feedback": 0.9})
    (step,) = make_plan(message(), letter(), given, SIGNED, MONDAY, "feedback").sends
    assert "give no feedback" in step.reason


@pytest.mark.parametrize("words", ["{skill}", "{time} %s {0}", 'the "second" week'])
def test_words_of_the_mail_are_no_format(words, verdict, message, letter):
    """Braces in what the mail says stay what they are."""
    names = Details(skills=(words,), dates=(NamedTime(words, date(2026, 5, 1)),))
    given = verdict("soft_no", "feedback_given", "skill_gap")
    steps = make_plan(message(), letter(), given, names, MONDAY).steps
    assert any(words in (step.reason or "") for step in steps)
    assert any(words in (step.text or "") for step in steps)


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
