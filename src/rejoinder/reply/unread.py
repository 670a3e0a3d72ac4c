"""Whether a mail says that nobody reads replies to it."""

from __future__ import annotations

import re
from functools import cache

#: Without one of these no sentence can say so: most mails cost no pattern.
_WORDS = (
    "repl", "respond", "responses", "monitor", "unattended", "attended", "staffed", "checked", "not read", "never read",
    "send-only", "send only", "notification-only", "notification only", "outgoing", "receive e", "receive m",
    "receive inc", "receive any", "accept e", "accept m", "accept inc", "accept any", "process e", "process inc",
)  # fmt: skip


def says_unread(text: str) -> bool:
    """Whether a mail asks not to reply to it, or says that replies are not read."""
    low = text.lower()
    return any(word in low for word in _WORDS) and _pattern().search(text) is not None


@cache
def _pattern() -> re.Pattern[str]:
    box = r"(?:mail ?box|inbox|address|account|e-?mail|alias)"
    return re.compile(
        # "this mailbox is not monitored", "sent from an unmonitored address", "we do not monitor this inbox"
        rf"\b{box} (?:(?:is|are)(?: not| no longer| never)|isn['’]?t|aren['’]?t) (?:\w+ly )?(?:monitored|read|checked|attended|staffed)\b"
        rf"|\b{box} (?:is|are) un(?:monitored|attended)\b"
        rf"|\b(?:un(?:monitored|attended)|no-?reply|notification[- ]only|send[- ]only|outgoing(?:[- ]only)?) (?:e-?mail )?{box}\b"
        rf"|\b(?:do not|don['’]t|does not|nobody|no one|never) (?:monitors?|reads?|checks?) (?:replies|responses|this {box})\b"
        # "please do not reply to this e-mail": a request about this mail, at a sentence's start or after please
        r"|(?:^|[.!?:;,(*–—-] ?|\b(?:[Pp]lease|kindly|and|but|so) )(?:do not|don['’]t) (?:reply|respond)(?: directly)?"
        rf"(?: to (?:this|the)(?: [\w-]{{1,20}}){{0,3}}? (?:message|mail|notification|{box})\b| ?[.!*)]| ?$)"
        # "replies to this message are not read", "replies will bounce", "reply to this message can't be delivered"
        rf"|\b(?:repl(?:y|ies)|responses|answers) (?:to this (?:message|{box}) |sent (?:here|to this address) )?"
        r"(?:are|will|go|can['’]?t|cannot)\b[^.\n]{0,25}(?:not|never|unread|unmonitored|unattended|undeliverable|nobody|bounce|discarded|delivered|deleted)"
        r"|\b(?:cannot|can['’]t|unable to|not able to|does not|doesn['’]t|do not|not set up to|not equipped to) (?:receive|accept|process|take)(?: incoming| any)? (?:repl(?:y|ies)|responses|messages"
        r"|e-?mails?\b(?! applications))|\bcannot be replied to",
        re.IGNORECASE | re.MULTILINE,
    )
