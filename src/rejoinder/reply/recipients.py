"""Whether a reply would reach anybody, and at which address."""

from __future__ import annotations

import re

from rejoinder.reply.relays import RELAY_DOMAINS, in_domain, is_deaf, is_live_relay, organisation
from rejoinder.types import Address, Letter, Message, ReplyRoute

_BODY_SAYS_NO = re.compile(
    # "this mailbox is not monitored", "sent from an unmonitored address"
    r"\b(?:mail ?box|inbox|address|account|e-?mail) (?:(?:is|are)(?: not| no longer| never)|isn['’]t"
    r"|aren['’]t) (?:\w+ly )?(?:monitored|read|checked)\b"
    r"|\b(?:mail ?box|inbox|address|account|e-?mail) (?:is|are) un(?:monitored|attended)\b"
    r"|\b(?:un(?:monitored|attended)|no-?reply) (?:e-?mail )?(?:mail ?box|inbox|address|account)\b"
    # "please do not reply to this e-mail": a request about this mail, at a sentence's start or after please
    r"|(?:^|[.!?:;,(*–—-] ?|\b(?:please|kindly|and|but|so) )(?:do not|don['’]t) (?:reply"
    r"|respond)(?: directly)?"
    r"(?: to (?:this|the)(?: [\w-]{1,20}){0,3}? (?:e-?mail|mail|message|notification|address|mail ?box"
    r"|inbox|account)\b| ?[.!*)]| ?$)"
    # "replies to this message are not read"
    r"|\b(?:replies|responses|answers) (?:to this (?:e-?mail|message|address|mail ?box|inbox)"
    r"|sent here)?\s?(?:are|will|go)\b[^.\n]{0,25}(?:not|never|unread|unmonitored|unattended|nobody)"
    r"|\b(?:cannot|can['’]t|unable to|not able to) (?:receive|accept|process)(?: incoming)? (?:replies"
    r"|responses|e-?mails?\b(?! applications))|\bcannot be replied to",
    re.IGNORECASE | re.MULTILINE,
)
_OTHER_ADDRESS = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.)+[A-Za-z]{2,24}")


def route(message: Message, letter: Letter) -> ReplyRoute:
    """Where a reply goes: the Reply-To address, else From, and whether anybody reads it there."""
    target = message.reply_to[0] if message.reply_to else message.sender
    everything = "\n".join(
        [letter.text, *(cut.text for cut in letter.trimmed if cut.kind in ("footer", "signature"))]
    )
    if target is None:
        if _BODY_SAYS_NO.search(everything):
            return ReplyRoute(False, None, "the mail says that replies are not read")
        return ReplyRoute(
            True, None, None, "No sender address was given with the mail; add it before you send."
        )
    if is_deaf(target):
        return _unreachable(target, f"{target.address} does not take replies", everything)
    if _BODY_SAYS_NO.search(everything) and not is_live_relay(target):
        return _unreachable(target, "the mail says that replies are not read", everything)
    return ReplyRoute(True, target, None, _warning(message, target))


def _unreachable(target: Address, reason: str, text: str) -> ReplyRoute:
    others = [found for found in _OTHER_ADDRESS.findall(text) if found.lower() != target.address.lower()]
    usable = next((found for found in others if not is_deaf(Address("", found))), None)
    warning = f"The mail names another address: {usable}." if usable else None
    return ReplyRoute(False, target, reason, warning)


def _warning(message: Message, target: Address) -> str | None:
    sender = message.sender
    if (
        sender is not None
        and "@" in sender.name
        and sender.name.strip("<> ").lower() != sender.address.lower()
    ):
        return (
            f"The sender shows the name {sender.name} but writes from {sender.address}; make sure it is real."
        )
    if sender is None or not message.reply_to or in_domain(target.domain, RELAY_DOMAINS):
        return None
    if organisation(target.domain) == organisation(sender.domain) or in_domain(sender.domain, RELAY_DOMAINS):
        return None
    return f"Replies go to {target.address}, another domain than the sender's; make sure it is theirs."
