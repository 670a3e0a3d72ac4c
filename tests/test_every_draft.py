"""Every draft for every rejection of the corpus, and of the evaluation mail where there is any, comes through a lint.

What can be judged from the words alone is `rejoinder.reply.lint`, which the program itself uses in
`templates check`. Here each draft is also held against its mail: nothing that is not in the mail or the options.
"""

import json
import os
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import rejoinder
from rejoinder.errors import RejoinderError
from rejoinder.reply.lint import remarks
from rejoinder.reply.names import TEAM_WORDS
from rejoinder.reply.titles import names_job
from rejoinder.types import Label, NoReply, Stage

CORPUS = sorted((Path(__file__).parent.parent / "data" / "corpus" / "mails").glob("*.jsonl"))
ME = "Dana Li"
TODAY = date(2026, 3, 6)


SAID = 0.5
#: What a draft may only say -> what the mail must then hold.
CLAIMS = (
    (
        r"talk to me|talking to me|taking the time to talk|for talking|\bour conversation|chance to talk|get to know me|gave me\b(?! their)",
        r"interview|sp[eo]a?k|spoke|talk|chat|\bcall|\bmet\b|meet|conversation|visit|screen|discuss|phone|c[ao]me|coming|over|panel|room|in here|you in\b|hello|know you",
    ),
    (r"the task", r""),
    (r"on hold|has to wait|the delay|nobody's fault", r"hold|paus|fr[eo]+z|postpon|defer|suspend|delay|stop|\bice\b|halt|stall|push|put off|lock|moratori|abeyance"),
    (r"\blist\b", r"list|reserve|standby|pool|register|roster"),
    (r"how close|so close|be first", r"second|runner|reserve|close|first choice|other|else|decline|through|turn|two"),
    (r"offer of feedback|offer feedback|offering (?:me )?feedback", r"feedback|comment|notes|happy to|glad to|call|talk|advice|tip|suggest|debrief|ask|score|reason|explain|detail|more about|observ|discuss|through"),
)  # fmt: skip
#: What the words of a circumstance are called in a reply -> a part of it that the mail holds.
SAME = {"sponsorship": "sponsor", "relocation": "relocat", "notice": "notice", "period": "notice", "overqualified": "overqualif|over-qualif", "being": "", "commute": "commut"}  # fmt: skip
LABELLED = {
    r"what was missing|fell short|it turned on": Label.SKILL_GAP,
    r"keeping me in mind|door|on your list|carry on from there|pick it up again": Label.SOFT_NO,
}
#: Words of the templates that begin with a capital inside a sentence.
CAPITALS = {"I", "Dear", "Hello", "Best", "Kind", "By"}


def lint(draft, result, options=()):
    """What is wrong with a draft, held against its mail; an empty list when nothing is."""
    details, verdict = result.details, result.verdict
    names = [details.company, details.role, details.greeting_name, *options]
    found = remarks(draft.body, draft.template, verdict.stage.value, tuple(name for name in names if name))
    mail = _mail_of(result)
    return [
        *found,
        *_greeting(draft, result, mail, options),
        *_request(draft, verdict),
        *_claims(draft, verdict, mail),
        *_points(draft.body, mail),
        *_new_words(draft, mail, options),
    ]


def lint_result(result, options=()):
    """All remarks on all drafts of a result, with sentences that two of its drafts share."""
    if isinstance(result.drafts, NoReply):
        return []
    found = [
        f"{draft.template}: {remark}" for draft in result.drafts for remark in lint(draft, result, options)
    ]
    seen = set()
    for draft in result.drafts:
        mine = set(sentences(draft.body))
        found += [f"said twice: {one}" for one in mine & seen]
        seen |= mine
    return found


def sentences(body):
    """The sentences between greeting and signature."""
    inner = "\n\n".join(body.strip().split("\n\n")[1:-1])
    return [one for one in re.split(r"(?<=[.!?])\s+", inner) if one]


def _mail_of(result):
    message = result.message
    return "\n".join(
        [
            message.subject,
            str(message.sender or ""),
            *map(str, message.reply_to),
            *map(str, message.to),
            result.letter.text,
            *(cut.text for cut in result.letter.trimmed),
        ]
    )


def _greeting(draft, result, mail, options):
    first = draft.body.split("\n", 1)[0]
    match = re.fullmatch(r"Dear (.+),|Hello,", first)
    if not match:
        return [f"a greeting of its own: {first!r}"]
    name = match[1]
    if name is None:
        return []
    if name.endswith(" team"):
        return (
            [] if name.removesuffix(" team") in (result.details.company, *options) else [f"greets {name!r}"]
        )
    unknown = [word for word in name.split() if word not in mail and name not in options]
    found = [f"greets {name!r}, whom the mail does not name"] if unknown else []
    words = set(name.lower().split())
    company, role = ((one or "").lower() for one in (result.details.company, result.details.role))
    if name not in options and (
        name.lower() in (company, role, *company.split()) or names_job(name) or words & TEAM_WORDS
    ):
        found.append(f"greets a company, a team or a role by the name of {name!r}")
    return found


def _request(draft, verdict):
    if draft.template != "feedback_request":
        return []
    offered = verdict.signals.get("feedback_offered", 0) >= SAID
    checks = {
        "asks for feedback after an application alone": verdict.stage is Stage.INITIAL and not offered,
        "asks for feedback that was given": Label.FEEDBACK_GIVEN in verdict.labels,
        "asks for feedback that was refused": verdict.signals.get("no_feedback", 0) >= SAID and not offered,
    }
    return [what for what, wrong in checks.items() if wrong]


def _claims(draft, verdict, mail):
    body = " ".join(draft.body.split())
    final = verdict.stage is Stage.FINAL
    for says, needs in CLAIMS:
        match = re.search(says, body)
        if match and not final and not re.search(needs, mail, re.IGNORECASE):
            yield f"says {match.group()!r}, which the mail does not"
    late = re.search(
        r"this far|very end|my interviews|last stage|you all gave|everyone I spoke|saw a good deal of me",
        body,
    )
    if late and not final:
        yield f"says {late.group()!r} outside the final stage"
    for says, label in LABELLED.items():
        if (match := re.search(says, body)) and label not in verdict.labels:
            yield f"says {match.group()!r} without {label}"


def _points(body, mail):
    flat = " ".join(body.split())
    lower = mail.lower()
    for match in re.finditer(
        r"(?:wrote|said|say|says|point|words|open with me|specific|view|comments|be specific) (?:about|on) ([^.;,]+?)(?=[.;,]| (?:is|when|and|tells) )|mentioned ([^.;,]+)|a note for ([^.;,]+?)(?=[.;,]| in my)",
        flat,
    ):
        phrase = next(group for group in match.groups() if group)
        for word in () if phrase.endswith(("role", "internship")) else phrase.split():
            if word in ("my", "your", "the", "from", "now", "timing", "it", "in", "calendar", "diary", "and"):
                continue
            wanted = SAME.get(word, re.escape(word.lower()))
            if not re.search(wanted, lower):
                yield f"the mail does not say {word!r} of {phrase!r}"


def _new_words(draft, mail, options):
    """Names and numbers in the draft that neither the mail nor an option has."""
    known = mail + "\n" + "\n".join(options)
    body = draft.body
    for blank in draft.blanks:
        body = body.replace(f"[{blank}]", "")
    for word in re.findall(r"(?<![.!?\n] )(?<!^)(?<!\n)\b[A-Z][\w'’-]*|\b\d[\w.,]*", body):
        bare = word.rstrip(".,").removesuffix("'s").removesuffix("’s")
        if bare not in CAPITALS and bare not in known:
            yield f"{bare!r} is not in the mail"


def evaluation_mail():
    """The evaluation mails: `REJOINDER_EVAL`, else beside the checkout."""
    here = Path(__file__).resolve()
    places = [Path(os.environ["REJOINDER_EVAL"])] if os.environ.get("REJOINDER_EVAL") else []
    places += [parent / "shared" / "eval" for parent in here.parents]
    return next((place / "dev.jsonl" for place in places if (place / "dev.jsonl").is_file()), None)


def rejections(path):
    """The mails of a file that are labelled as rejections."""
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return [row for row in rows if row["kind"] == "rejection"]


def raw(row):
    """A labelled mail as somebody would paste it."""
    head = [f"{name}: {row[key]}" for name, key in (("From", "from"), ("Subject", "subject")) if row.get(key)]
    return "\n".join([*head, "", row["text"]]) if head else row["text"]


def remarks_on(path, **options):
    """All remarks on all drafts for a file of mails, by mail, and how many drafts there are."""
    found, drafts = {}, 0
    for row in rejections(path):
        try:
            result = rejoinder.answer(raw(row), me=ME, today=TODAY, **options)
        except RejoinderError:
            continue
        drafts += 0 if isinstance(result.drafts, NoReply) else len(result.drafts)
        said = lint_result(result, (ME, *options.values()))
        if said:
            found[row["id"]] = said
    return found, drafts


@pytest.mark.parametrize("path", CORPUS, ids=[path.stem for path in CORPUS])
def test_corpus(path):
    """No draft for a mail of the corpus has anything wrong with it."""
    found, _ = remarks_on(path)
    assert found == {}


def test_there_are_drafts():
    """The lint above is held against drafts, not against nothing."""
    assert remarks_on(CORPUS[0])[1] > 50


@pytest.mark.parametrize("tone", ["warm", "plain"])
def test_evaluation_mail(tone):
    """No draft for other people's mail has anything wrong with it, in either tone."""
    path = evaluation_mail()
    if path is None:
        pytest.skip("no evaluation mail here: set REJOINDER_EVAL to its folder")
    found, drafts = remarks_on(path, tone=tone)
    assert found == {}
    assert drafts > 30


def test_plain_corpus():
    """The plain tone comes through as well."""
    for path in CORPUS[::4]:
        assert remarks_on(path, tone="plain")[0] == {}


MAIL = (
    "From: Ada Moor <ada@fenwick.example>\nSubject: Glass Blower at Fenwick Glass\n\nDear Dana,\n\nThank you for "
    "coming to the interview. We have decided to go with another candidate for the Glass Blower role.\n\n"
    "Kind regards,\nAda Moor\n"
)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Dear Ada", "Dear Fenwick"),
        ("Dear Ada", "Dear Glass Blower"),
        ("Dear Ada", "Dear Bob"),
        ("Dear Ada", "Hi there"),
        ("Thank you", "{{ thanks }}"),
        ("Thank you", "Thank you None"),
        ("Thank you", "Thank  you"),
        ("Thank you", "Would you tell me why? What did I miss? Thank you"),
        ("Thank you", "Please reconsider. Thank you"),
        ("Thank you", "Who was hired in the end? Thank you"),
        ("Thank you", "My CV is attached. Thank you"),
        ("Thank you", "This is unfair. Thank you"),
        ("Thank you", "As per my last mail, thank you"),
        ("Thank you", "My time in Berlin was fine. Thank you"),
        ("Thank you", "I have 12 years of it. Thank you"),
        ("Thank you", "I came this far. Thank you"),
        ("Thank you", "I am happy to be on your list. Thank you"),
        ("Thank you", "What you wrote about Kubernetes is fair. Thank you"),
        ("Thank you", "You told me what was missing. Thank you"),
        ("Thank you", "word " * 120 + "Thank you"),
    ],
)
def test_the_lint_sees(wrong, right):
    """Each thing that must not stand in a draft is found when it is put there."""
    result = rejoinder.answer(MAIL, me=ME, today=TODAY, mention="the kiln", stage="mid")
    assert lint_result(result, (ME, "the kiln")) == []
    first = result.drafts[0]
    spoilt = replace(first, body=first.body.replace(wrong, right, 1))
    assert spoilt.body != first.body
    assert lint(spoilt, result, (ME, "the kiln"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"stage": Stage.INITIAL}, "application alone"),
        ({"labels": (Label.HARD_NO, Label.FEEDBACK_GIVEN)}, "was given"),
        ({"signals": {"no_feedback": 0.9}}, "was refused"),
    ],
)
def test_the_lint_sees_requests(changes, said):
    """A feedback request is a fault where nobody has notes, and after feedback or a refusal of it."""
    result = rejoinder.answer(MAIL, me=ME, today=TODAY, mention="the kiln", stage="mid")
    request = result.drafts[1]
    assert request.template == "feedback_request"
    assert any(said in one for one in _request(request, replace(result.verdict, **changes)))


def test_a_repeated_sentence_is_seen():
    """A sentence that two drafts of one plan share is a fault."""
    result = rejoinder.answer(MAIL, me=ME, today=TODAY, mention="the kiln", stage="mid")
    first, second = result.drafts
    assert any(
        "said twice" in one
        for one in lint_result(replace(result, drafts=(first, replace(second, body=first.body))))
    )
