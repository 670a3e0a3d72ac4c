"""What to send and what to do, as tables: by the stage reached, and by what the mail says.

Sources: the five articles this project grew from, and some thirty career
guides; where those disagree, the defaults here are the cautious ones. Rows are
named tuples: a dataclass takes a millisecond to define, and every reply waits for it.
"""

from __future__ import annotations

from typing import NamedTuple

from rejoinder.types import Label, Stage

#: Hours to let pass before any answer to fresh news: a reply is drafted now, and sent when calm.
PAUSE_HOURS = 1


class Send(NamedTuple):
    """A template and why; `after` working days wait before it, and `window` more are still good."""

    template: str
    reason: str
    after: int = 0
    window: int = 1


class Advice(NamedTuple):
    """Something the candidate does for themself, and why; `{skill}` is what the mail found missing."""

    text: str
    reason: str


ACKNOWLEDGE_SIGNED = Send(
    "acknowledge", "Somebody signed this, so two sentences are kind; nobody has notes for feedback."
)
ACKNOWLEDGE_UNKNOWN = Send(
    "acknowledge", "The mail does not show that you talked, so two sentences are enough."
)
THANKS_MID = Send("thank_you", "You talked, so thank them.")
THANKS_FINAL = Send("thank_you", "They gave you hours; a gracious thank-you keeps the door open.")
ASK_MID = Send(
    "feedback_request",
    "A few days later is when a question about feedback is welcome.",
    after=3,
    window=2,
)
ASK_FINAL = Send(
    "feedback_request",
    "After a final round it is fair to ask what would have made the difference.",
    after=4,
    window=1,
)
#: What to send after a plain no, by the stage reached.
BY_STAGE: dict[Stage, tuple[Send, ...]] = {
    Stage.INITIAL: (ACKNOWLEDGE_SIGNED,),
    Stage.UNKNOWN: (ACKNOWLEDGE_UNKNOWN,),
    Stage.MID: (THANKS_MID, ASK_MID),
    Stage.FINAL: (THANKS_FINAL, ASK_FINAL),
}
#: What to send when the mail itself says more than no; the first that applies wins.
BY_LABEL: tuple[tuple[Label, Send], ...] = (
    (Label.SOFT_NO, Send("keep_in_touch", "The door is held open: confirm your interest, no goodbye.")),
    (
        Label.SKILL_GAP,
        Send("skill_gap", "They told you why: thank them for the point, and do not argue it."),
    ),
    (Label.CULTURE_FIT, Send("culture_fit", "Thank them, and do not ask why: fit is not up for debate.")),
    (
        Label.FEEDBACK_GIVEN,
        Send(
            "feedback_thanks",
            "They told you something about yourself: thank them for that, ask for nothing more.",
        ),
    ),
)
OFFERED = Send("feedback_request", "They offer feedback: ask now, the way they offer it.")
ASKED_FOR = "You asked for this kind of reply."
ASKED_FOR_REFUSED = "You asked for this kind of reply, though they write that they give no feedback."
#: The kinds of reply a person can ask for, and the template of each.
KINDS = {"thanks": "thank_you", "feedback": "feedback_request", "keep-in-touch": "keep_in_touch"}

PRACTISE = Advice(
    "Practise this: {skill}. A small project or a certificate is something to show next time.",
    "A gap with a name can be closed.",
)
PRACTISE_UNNAMED = Advice(
    "Practise what they found missing: a small project or a certificate is something to show next time.",
    PRACTISE.reason,
)
#: What to do when the mail says more than no; every row that applies is given.
ADVICE_BY_LABEL: dict[Label, Advice] = {
    Label.SOFT_NO: Advice(
        "Treat it as a no for now: keep applying without a pause, and note any date they named.",
        "Nothing is promised yet.",
    ),
    Label.SKILL_GAP: PRACTISE,
    Label.CULTURE_FIT: Advice(
        "Before the next interview read up on how the company works, "
        "and practise the conversation, not only the answers.",
        "Fit is mostly judged by how a talk goes.",
    ),
    Label.FEEDBACK_GIVEN: Advice(
        "Write the point down, and look for the pattern over several rejections.",
        "One mail is one opinion.",
    ),
}
#: Where the point itself has a row of its own, writing it down need not be said as well.
COVERS_FEEDBACK = frozenset({Label.SKILL_GAP, Label.CULTURE_FIT})
#: What to do next by the stage reached, unless the door is held open.
ADVICE_BY_STAGE: dict[Stage, Advice] = {
    Stage.INITIAL: Advice("Apply elsewhere within the hour.", "A first no says little about you."),
    Stage.UNKNOWN: Advice(
        "If you had interviews with them, run this again with --stage mid or --stage final.",
        "The plan is fuller then.",
    ),
    Stage.MID: Advice(
        "While it is fresh, write down what was asked, and which answers felt strong or weak.",
        "In a week half of it is gone.",
    ),
    Stage.FINAL: Advice(
        "Apply for like roles at once, at similar companies too, with what you learnt.",
        "You were nearly there.",
    ),
}
#: Where no feedback is given, somebody outside has to say what they see.
OUTSIDE_VIEW = Advice("Ask for a mock interview with somebody outside.", "They give no feedback themselves.")
OUTSIDE_VIEW_INITIAL = Advice(
    "Let somebody outside read your CV against the advert, or hold a mock interview.",
    "They give no feedback themselves.",
)
TAKE_UP_OFFER = Advice(
    "They offer feedback: take it up the way they say.", "A mail is not the way, or would not arrive."
)
ARCHIVE = Advice("Move the mail out of your inbox into a folder.", "Kept, but out of sight.")
#: Said on the first day that an open door can have meant; asking on that very day would push.
FOLLOW_UP = Advice(
    "Their time has come. If they have not written in a few days, ask once how things stand.",
    'They named a time: "{time}".',
)

#: Why a mail that nobody signed is better left without a reply.
UNSIGNED: dict[Stage, str] = {
    Stage.INITIAL: "it is a form mail after an application and nobody signed it: a reply would reach no one who knows you",
    Stage.UNKNOWN: "nobody signed it, and nothing in it shows that you talked: a reply would hardly reach anyone who knows you",
}
