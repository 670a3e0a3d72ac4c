"""Whose mailbox it is, so that what its owner wrote is not taken for an answer to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from rejoinder.types import Message

#: A mailbox has few addresses; one that takes in less than this part of the mail is somebody else's.
_OWN_SHARE = 0.1
#: `To` names others too; it counts only where nothing better is known, and for the address it names most.
_TO_SHARE = 0.3


@dataclass(slots=True)
class OwnerCount:
    """Counts towards whose mailbox this is; two counts of parts of it can be added.

    What counts is who wrote the mails in the sent folder, then where servers
    say that mail was delivered, then to whom it is addressed.
    """

    senders: Counter[str] = field(default_factory=Counter)
    delivered: Counter[str] = field(default_factory=Counter)
    addressed: Counter[str] = field(default_factory=Counter)

    def add(self, message: Message, role: str | None = None) -> None:
        """Count a mail; `role` is what `mailbox_role` says of it."""
        if role in ("sent", "draft"):
            if message.sender:
                self.senders[message.sender.address.lower()] += 1
        elif role is None:
            self.delivered.update(address for address in message.delivered_to if "@" in address)
            if len(message.to) == 1:
                self.addressed[message.to[0].address.lower()] += 1

    def __add__(self, other: OwnerCount) -> OwnerCount:
        return OwnerCount(
            self.senders + other.senders, self.delivered + other.delivered, self.addressed + other.addressed
        )

    def addresses(self) -> frozenset[str]:
        """The owner's addresses, lower case; none where nothing points to one."""
        own = _shares(self.senders, _OWN_SHARE) | _shares(self.delivered, _OWN_SHARE)
        if own:
            return own
        most = sorted(
            _shares(self.addressed, _TO_SHARE), key=lambda address: (self.addressed[address], address)
        )
        return frozenset(most[-1:])


def _shares(counts: Counter[str], least: float) -> frozenset[str]:
    enough = counts.total() * least
    return frozenset(address for address, count in counts.items() if count >= max(enough, 1))


def owner_addresses(mails: Iterable[tuple[Message, str | None]]) -> frozenset[str]:
    """The addresses of the owner of a mailbox, from its mails and their roles."""
    count = OwnerCount()
    for message, role in mails:
        count.add(message, role)
    return count.addresses()
