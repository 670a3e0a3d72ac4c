"""Whether a mail shows that its writer and the candidate talked, or asks to: the one place that says so.

Only what took place counts. A test alone is no talk, a phone screen is one;
an interview that will not be held, or that others had, is none.
"""

from __future__ import annotations

import re

from rejoinder.patterns import folded, lazy
from rejoinder.reply.names import flatten

#: All patterns here read folded text. Each of those below needs one of these: most sentences are done with here.
_HINT = lazy(
    r"interview|conversation|chat|call|spoke|speak|talk|\bmet\b|meet|visit|know you|\byou (?:in|over|along|here|down)\b"
    r"|see you|seeing you|phone|coming|c[ao]me|in person|face to face|the room"
)
_IN = r"(?:in|over|along|by|out|down|round|here)\b(?! (?:with|from|as|on top))"
_TALK = (
    r"(?:interviews?|conversations?|chats?|phone screen|(?:phone |video |zoom )?calls?|visit(?! (?:your|our|the) )|discussions?)\b"
    r"(?! (?:process|stages?|rounds?|phase|invit\w+|requests?|(?:short)?list\w*|slots?|questions|schedule|for the next"
    r"|cent(?:re|er)|panel|opens?|skills|performance|for ))"
)
_TOOK_PLACE = (
    # thank you for speaking with us, nice meeting you
    r"(?<![\w-])(?:(?:speaking|talking|chatting|interviewing)(?: (?:to|with|you|us|me|our|for)\b|[.,;!]|$)|(?:having met|meeting|to meet)(?: with)? (?:you|us|me|the team)\b|visiting us\b)",
    # for coming in, that you came over, having you in, jumping on the phone
    rf"\b(?:coming|dropping|popping|stopping|having you|had you) {_IN}|\b(?:you|to) c[ao]me {_IN}|\b(?:jump|hopp)ing on\b",
    # we spoke, I have met you, you came across well
    r"\b(?:we|i|you|they|he|she)(?: have| had| all| both| also| only| first| last| now|['’]ve){0,2}"
    r" (?:spoke|spoken|met|talked|chatted|interviewed|came across)(?: (?:to|with|you|me|us|about|as|on|last|in|at|\w+ly)\b|[.,;!]|$)",
    # the time to talk, a pleasure to meet
    r"\b(?:time|trouble|chance|opportunity|pleasure|privilege|great|good|nice|lovely|pleased|glad|able|happy|enjoyed|joy)"
    r"(?: \w+){0,3}? (?:to|of) (?:speak|talk|meet|chat|interview|come in|sit down|get to know|see you (?:in|on|at|again))\b",
    # your interview, our two conversations, at interview
    rf"\b(?:your|our|both|\w+day['’]s|yesterday['’]s) (?:[\w-]+ ){{0,2}}?{_TALK}",
    rf"\b(?:at|after|since|from|following|during|in|attend\w*|time for) (?:the |an? )?(?:[\w-]+ ){{0,2}}?{_TALK}",
    r"\b(?:in the room|on the phone|in person|face to face|got to know you|getting to know you|great to get to know)\b",
)
#: A sentence with one of these before the talk speaks of one that there was not, is not yet, or that others had.
_NOT_YET = lazy(
    r"\b(?:not|never|cannot|unable|without|instead of|rather than|would|could have|hop(?:e|ing) to|forward to|if|unless"
    r"|before|will|shall|invit\w+|schedul\w+|arrang\w+|book\w*|cancel\w*|proceed\w*|progress\w*|mov(?:e|ing) (?:you|for|on|to)"
    r"|select\w*|shortlist\w*|advanc\w+|who|whose|others?|candidates?|applicants?|people|free|like to|want to|can|may"
    r"|only|forgo|forego|ask\w*|next|client|customers?|manager at)\b|n['’]t\b|['’](?:ll|d)\b"
)
_SENTENCE = lazy(r"(?<=[.!?;:])\s+|\n\s*\n|[,;]? but ")
#: How far back a word can still turn the meaning round.
_REACH = 80


_ASKS_LEAVE = lazy(
    r"(?:^|[.!?;,:] )(?:and |so )?(?:may|can|could|might|would it be|would you (?:be open|mind|allow|be (?:happy|willing|okay|ok|interested))|is it|mind if|are you (?:open|happy|ok))"
    r"[^.?!]{0,80}\b(?:keep|keeping|hold|contact\w*|reach(?:ing)? out|call|ring|phone|stay|get in touch|approach|write|message|reconnect|e-?mail)\b[^.?!]{0,120}\?"
)


def talked(text: str) -> bool:
    """Whether a letter speaks of a conversation between its writer's side and the candidate."""
    return any(_tells(sentence) for sentence in map(folded, _SENTENCE.split(text)) if _HINT.search(sentence))


def _tells(sentence: str) -> bool:
    sentence = " ".join(sentence.split())
    return any(
        not _NOT_YET.search(sentence[max(0, match.start() - _REACH) : match.start()])
        for pattern in _TOOK_PLACE
        for match in re.finditer(pattern, sentence)
    )


def asks_leave(text: str) -> bool:
    """Whether they ask if they may keep in touch, so that a reply should say yes."""
    return "?" in text and _ASKS_LEAVE.search(folded(flatten(text))) is not None
