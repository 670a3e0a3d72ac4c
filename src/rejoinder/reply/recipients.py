"""Whether a reply would reach anybody, and at which address."""

from __future__ import annotations

import re
import unicodedata

from rejoinder.patterns import lazy
from rejoinder.reply.contents import find_other_addresses
from rejoinder.reply.people import signers
from rejoinder.reply.relays import (
    FREE_MAIL,
    RELAY_DOMAINS,
    in_domain,
    is_deaf,
    is_live_relay,
    organisation,
)
from rejoinder.reply.unread import says_unread
from rejoinder.reply.words import GENERIC
from rejoinder.types import Address, Letter, Message, ReplyRoute

_SHOWN_ADDRESS = lazy(r"[^\s<>()\"',;:@]{1,64}@[^\s<>()\"',;:@]{1,255}")
_DAEMON = lazy(r"(?:mailer-daemon|mail-daemon)(?:[+.-].*)?$", re.IGNORECASE)
#: Domains that no mail reaches (RFC 2606, RFC 6761, RFC 6762).
_NOWHERE = frozenset({"invalid", "localhost", "local", "test.invalid"})


def route(message: Message, letter: Letter, own: tuple[str, ...] = ()) -> ReplyRoute:
    """Where a reply goes: the Reply-To address, else From, and whether anybody reads it there.

    `own` are the candidate's addresses, where they are known.
    """
    target = _target(message, own)
    never = why_never(message, own)
    if never:
        return ReplyRoute(False, target, never)
    unread = says_unread(
        "\n".join([letter.text, *(cut.text for cut in letter.trimmed if cut.kind in ("footer", "signature"))])
    )
    if target is None:
        if unread:
            return _unreachable(message, letter, None, "the mail says that replies are not read")
        return ReplyRoute(
            True, None, None, "No sender address was given with the mail; add it before you send."
        )
    if is_deaf(target):
        return _unreachable(message, letter, target, f"{target.address} does not take replies")
    if target.domain.rpartition(".")[2] in _NOWHERE:
        return _unreachable(message, letter, target, f"no mail reaches {target.address}")
    if unread and not is_live_relay(target):
        return _unreachable(message, letter, target, "the mail says that replies are not read")
    return ReplyRoute(True, target, None, _warning(message, target))


def why_never(message: Message, own: tuple[str, ...] = ()) -> str | None:
    """Why no reply is ever drafted for a mail of this kind, or None: a bounce, a list, one's own mail."""
    if message.bounced or (message.sender and _DAEMON.match(message.sender.address.rpartition("@")[0])):
        return "it is a delivery report, not a letter"
    if message.list_id:
        return "it came over a mailing list"
    if _is_own(message, own):
        return "it is a mail of your own"
    return None


def _is_own(message: Message, own: tuple[str, ...]) -> bool:
    """Whether the candidate sent it: from a known address, or from the one it is addressed to.

    An office that writes to itself, with the candidates in blind copy, is no
    candidate.
    """
    if message.sender is None:
        return False
    address = message.sender.address.lower()
    if address in {known.lower() for known in own}:
        return True
    to_itself = bool(message.to) and all(to.address.lower() == address for to in message.to)
    return to_itself and not message.reply_to and not _is_office(message.sender)


def _is_office(address: Address) -> bool:
    words = set(re.split(r"[._+-]", address.address.rpartition("@")[0].lower()))
    return bool(words & GENERIC) or is_deaf(address)


def _target(message: Message, own: tuple[str, ...]) -> Address | None:
    """The first Reply-To address that is not the reader's own and takes mail, else the first, else From."""
    readers = {address.address.lower() for address in message.to} | {known.lower() for known in own}
    usable = [address for address in message.reply_to if address.address.lower() not in readers]
    if not usable:
        return message.sender or (message.reply_to[0] if message.reply_to else None)
    return next((address for address in usable if not is_deaf(address)), usable[0])


def _unreachable(message: Message, letter: Letter, target: Address | None, reason: str) -> ReplyRoute:
    """No way to reply, but perhaps another address or a name to look for."""
    others = [
        other
        for other in find_other_addresses(message, letter)
        if not target or other.address != target.address
    ]
    sender = message.sender
    if sender and target and sender.address != target.address and not is_deaf(sender) and not others:
        return ReplyRoute(
            False, target, reason, f"The mail itself came from {sender.address}, which may be read."
        )
    if others:
        named = " and ".join(str(other) for other in others[:2])
        word = "another address" if len(others) == 1 else "other addresses"
        return ReplyRoute(False, target, reason, f"The mail names {word}: {named}.")
    person = next((name for name in signers(message, letter) if " " in name), None)
    hint = f"{person} signed it: if you have another address of theirs, write there." if person else None
    return ReplyRoute(False, target, reason, hint)


def _warning(message: Message, target: Address) -> str | None:
    """What to beware of before writing to an address."""
    sender = message.sender
    for shown in (target, sender) if sender else (target,):
        false = _shows_another(shown)
        if false:
            return f"The sender shows the name {false} but writes from {shown.address}; make sure it is real."
    if _is_disguised(target.domain):
        return f"{target.address} is spelled with letters of another alphabet; make sure it is real."
    if sender is None or target == sender or not message.reply_to:
        return None
    if in_domain(target.domain, RELAY_DOMAINS) or organisation(target.domain) == organisation(sender.domain):
        return None
    if in_domain(sender.domain, RELAY_DOMAINS) and not in_domain(target.domain, FREE_MAIL):
        return None
    return f"Replies go to {target.address}, another domain than the sender's; make sure it is theirs."


def _shows_another(address: Address) -> str | None:
    """The address that a display name pretends to, such as `hr@a.com` in `hr@a.com <x@b.c>`."""
    match = _SHOWN_ADDRESS.search(unicodedata.normalize("NFKC", address.name))
    if match is None or match.group().strip(".").lower() == address.address.lower():
        return None
    return address.name


def _is_disguised(domain: str) -> bool:
    """Whether a domain mixes scripts within a label, as `аcme` with a Cyrillic first letter does."""
    for label in domain.split("."):
        if label.startswith("xn--"):
            try:
                label = label.encode("ascii").decode("idna")
            except UnicodeError:
                return True
        scripts = {unicodedata.name(char, "?").partition(" ")[0] for char in label if char.isalpha()}
        if len(scripts) > 1 and "LATIN" in scripts:
            return True
    return False
