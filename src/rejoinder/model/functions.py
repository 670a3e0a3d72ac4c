"""What a sentence can do in a mail about a job: the vocabulary between words and labels.

The corpus tags sentences with these, the sentence model predicts them, and
the letter model, the evidence and the reply plan read them.
"""

from __future__ import annotations

from rejoinder.types import Label

FUNCTIONS = (
    "final_decision", "implied_decision", "hold", "waiting_list", "second_choice", "open_door", "courtesy",
    "keep_on_file", "reason_skill", "reason_culture", "reason_other", "weakness", "strength", "stock_reason",
    "stock_praise", "no_feedback", "feedback_offered", "survey", "condition", "receipt", "next_step", "invitation",
    "reschedule", "offer", "delay", "thanks", "outreach", "refusal_other", "third_party", "candidate", "greeting",
    "signoff", "footer", "other", "stage_initial", "stage_mid", "stage_final",
)  # fmt: skip

#: Unions learnt as outputs of their own: they have more examples than their members, and are what labels ask for.
UNIONS: dict[str, tuple[str, ...]] = {
    "any_no": ("final_decision", "implied_decision", "hold", "waiting_list", "second_choice"),
    "any_soft": ("hold", "waiting_list", "second_choice", "open_door"),
    "any_reason": ("reason_skill", "reason_culture", "reason_other", "weakness", "strength"),
}

#: Tagged, so that every sentence has a function, but nothing asks for them: not worth a column of the model.
_UNUSED = frozenset({"survey", "greeting", "signoff", "footer"})

#: Whether a sentence comes from a mail about somebody's application at all: what it is about, not what it does.
TOPIC = "job"

OUTPUTS = (*(name for name in FUNCTIONS if name not in _UNUSED), *UNIONS, TOPIC)

#: From this probability on, what a sentence does counts as said.
SAID = 0.5

#: A no about an application, in one and the same sentence: the weaker of the two logits. Not an output, computed.
JOB_NO = "job_no"

#: What is read a second time, knowing the sentences around.
IN_CONTEXT = (
    "final_decision", "implied_decision", "any_no", "hold", "waiting_list", "second_choice", "open_door", "any_soft",
    "reason_skill", "reason_culture", "reason_other", "weakness", "strength", "any_reason", "stage_initial",
    "stage_mid", "stage_final", "stock_reason", "stock_praise", "courtesy", "keep_on_file", "condition",
)  # fmt: skip

#: Everything known about a sentence: its outputs, what is computed from them, and the second reading.
SIGNALS = (*OUTPUTS, JOB_NO, *(f"{name} in context" for name in IN_CONTEXT))
_NO, _JOB = OUTPUTS.index("any_no"), OUTPUTS.index(TOPIC)

#: Where to look for the sentences that carried a label.
EVIDENCE: dict[Label, tuple[str, ...]] = {
    Label.HARD_NO: ("final_decision", "implied_decision"),
    Label.SOFT_NO: ("hold", "waiting_list", "second_choice", "open_door"),
    Label.FEEDBACK_GIVEN: UNIONS["any_reason"],
    Label.SKILL_GAP: ("reason_skill",),
    Label.CULTURE_FIT: ("reason_culture",),
}


def outputs_of(functions: set[str]) -> list[bool]:
    """For each output, whether a sentence with these functions is an example of it."""
    unions = {name for name, members in UNIONS.items() if not functions.isdisjoint(members)}
    return [output in functions or output in unions for output in OUTPUTS]


def signals_of(logits: list[float], in_context: list[float]) -> list[float]:
    """A sentence's logits, what is computed from them, and its second reading: one per name in `SIGNALS`."""
    return [*logits, min(logits[_NO], logits[_JOB]), *in_context]
