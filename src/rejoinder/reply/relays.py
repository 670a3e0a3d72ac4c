"""Systems that send mail for many companies, and which of their addresses reach a person."""

from __future__ import annotations

from rejoinder.patterns import folded, lazy
from rejoinder.reply.words import word_set
from rejoinder.types import Address

_DEAF = lazy(
    r"^(?:[a-z0-9]+[._+-])*(?:no-?_?\.?reply|do-?_?\.?not-?_?\.?reply|auto-?reply|autoresponder"
    r"|mailer-daemon|postmaster|bounces?"
    r"|notifications?|notify|unattended|unmonitored)(?:[._+-].*|\d*)?$"
)
#: One of these is in whatever the pattern finds.
_DEAF_WORDS = (
    "reply", "autoresponder", "mailer-daemon", "postmaster", "bounce", "notif", "unattended", "unmonitored",
)  # fmt: skip
#: Relays of applicant tracking systems whose addresses reach a person.
_LIVE_RELAYS = (
    (lazy(r".+"), ("workablemail.com", "workable.com")),
    (lazy(r"^conversations?\b"), ("message.teamtailor.com", "teamtailor-mail.com", "teamtailor.com")),
    (lazy(r".+-jobs$|.+"), ("m-personio.de", "m-personio.com")),
    (
        lazy(r".+"),
        ("recruitee.com", "recruitee-mail.com", "breezy.hr", "breezy-mail.com", "bamboohr.com"),
    ),
    (lazy(r".*\+email\+.+"), ("talent.icims.com",)),
    (lazy(r".+"), ("indeedemail.com",)),
)
#: Systems that send for many companies: their domain says nothing about who is behind a mail.
RELAY_DOMAINS = word_set(
    "greenhouse-mail.io greenhouse.io workablemail.com workable.com m-personio.de m-personio.com "
    "indeedemail.com indeed.com "
    "lever.co hire.lever.co myworkday.com workday.com icims.com talent.icims.com smartrecruiters.com "
    "ashbyhq.com jobvite.com "
    "taleo.net successfactors.com successfactors.eu oraclecloud.com bamboohr.com breezy.hr "
    "breezy-mail.com recruitee.com "
    "recruitee-mail.com teamtailor.com teamtailor-mail.com message.teamtailor.com jazz.co "
    "applytojob.com linkedin.com "
    "ziprecruiter.com glassdoor.com monster.com dice.com join.com hire.trakstar.com pinpointhq.com "
    "eightfold.ai avature.net "
    "brassring.com ultipro.com paylocity.com adp.com dayforce.com rippling.com gem.com hackerrank.com "
    "codility.com hirevue.com "
    "bullhornstaffing.com vincere.io applied.com tal.net reed.co.uk totaljobs.com "
    "seek.com.au naukri.com wellfound.com"
)
FREE_MAIL = word_set(
    "gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com icloud.com me.com aol.com "
    "gmx.com gmx.de "
    "proton.me protonmail.com mail.com zoho.com yandex.com btinternet.com"
)


def is_deaf(address: Address) -> bool:
    """Whether the local part says that nobody reads it, such as `no-reply`."""
    local = folded(address.address.rpartition("@")[0])
    return any(word in local for word in _DEAF_WORDS) and _DEAF.match(local) is not None


def is_live_relay(address: Address) -> bool:
    """Whether the address is a tracking system's relay that is known to reach a person."""
    local = address.address.rpartition("@")[0].lower()
    return any(
        in_domain(address.domain, domains) and pattern.match(local) for pattern, domains in _LIVE_RELAYS
    )


def in_domain(domain: str, known: frozenset[str] | tuple[str, ...]) -> bool:
    """Whether a domain is one of the known, or below one (`x.lever.co`, never `notlever.co`)."""
    parts = domain.lower().split(".")
    return any(".".join(parts[at:]) in known for at in range(len(parts)))


def organisation(domain: str) -> str:
    """The domain an organisation registers: `acme.co.uk` of `mail.acme.co.uk`."""
    parts = domain.split(".")
    second_level = (
        len(parts) > 2
        and len(parts[-1]) == 2
        and parts[-2] in ("co", "com", "org", "ac", "gov", "net", "edu")
    )
    return ".".join(parts[-3:] if second_level else parts[-2:])
