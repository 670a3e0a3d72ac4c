"""Who wrote a mail, and whom it greets."""

from __future__ import annotations

import re

from rejoinder.patterns import lazy
from rejoinder.reply.closing import closing_lines
from rejoinder.reply.names import is_person, squeeze
from rejoinder.reply.relays import organisation
from rejoinder.reply.words import GENERIC, SYSTEMS, word_set
from rejoinder.types import Address, Letter, Message

_GREETING = lazy(
    r"\s*(?:(?:alright|right|morning|afternoon|evening)(?= [A-Z])|hi there|hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|hiya|greetings"
    r"|hola|hallo|hej|kære|liebe[rs]?|bonjour|ch[eè]re?|ciao|g['’]day|howdy|namaste|salaam|kalimera)[\s,]+(?P<name>(?:(?:dr|prof|mr|mrs|ms|mx)\.\s?)?[^\s,!.:–—-][^,!.:–—\n]{0,60})",
    re.IGNORECASE,
)
_BARE_NAME = lazy(r"\s*(?P<name>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?)\s*[,:–—-]\s*$")
_NO_NAME = word_set(
    "all there team candidate applicant sir madam sir/madam everyone folks friend both colleague "
    "student user customer member valued job hiring future again to"
)
#: `W. Boyle`, `R. T. Pennefather`: a person, though not on first-name terms.
_INITIALLED = lazy(r"(?:(?:Mr|Mrs|Ms|Dr|Prof)\.? )?(?:[A-Z]\. ?){1,3}[A-ZÀ-Þ][\w'’-]+")
_TITLES = ("dr", "prof", "mr", "mrs", "ms", "mx", "miss", "professor", "mister", "maestro", "captain")


def find_contact(message: Message, letter: Letter) -> Address | None:
    """The person who signed or sent the mail, with the address replies go to; None for a team or a system."""
    sender = message.sender
    target = message.reply_to[0] if message.reply_to else sender
    shown = _shown(sender)
    signed = _writer(letter, shown)
    if signed and shown and shown.split()[0].lower() == signed.split()[0].lower():
        signed = max(signed, shown, key=len)
    name = signed or shown
    return Address(name, target.address if target else "") if name else None


def greeting_name(name: str) -> str:
    """How to greet a person: the first name, or title and last name where a title is shown."""
    words = name.split()
    if words[0].endswith(".") and len(words[0]) == 2:
        return name
    return (
        f"{words[0]} {words[-1]}" if words[0].rstrip(".").lower() in _TITLES and len(words) > 1 else words[0]
    )


def find_candidate(message: Message, letter: Letter) -> str | None:
    """The reader's name, from the greeting or from a To header that shows one."""
    shown = message.to[0].name if len(message.to) == 1 and is_person(message.to[0].name) else None
    for line in letter.text.split("\n")[:5]:
        match = _GREETING.match(line) or _BARE_NAME.match(line)
        if match:
            name = _leading_name(match["name"])
            if name:
                return shown if shown and shown.split()[0] == name.split()[0] else name
    return shown


def _leading_name(text: str) -> str | None:
    words: list[str] = []
    for word in text.split()[:4]:
        bare = word.strip(".,")
        if bare.lower() in _TITLES and not words:
            continue
        if not bare[:1].isupper() or bare.lower() in _NO_NAME or bare.lower() in _SENTENCE_STARTS:
            break
        words.append(bare)
    name = " ".join(words)
    return name if name and is_person(name) else None


#: In mail without punctuation the first sentence follows the name at once.
_SENTENCE_STARTS = word_set(
    "thank thanks we i our your this after as at from unfortunately on the in it following"
)


def _writer(letter: Letter, shown: str | None = None) -> str | None:
    """Who signs: the first closing line that is a person's, or the one that is the sender's."""
    names = [_signed(line) for line in closing_lines(letter)[:3]]
    for name in names:
        if name and shown and name.split()[0].lower() in shown.lower().split():
            return name
    return names[0] if names else None


def _signed(line: str) -> str | None:
    name = re.split(r"\s*(?:[,|(]| [-–] )", line.lstrip("-–— "), maxsplit=1)[0].strip()
    name = re.sub(r"\s+[xX]{1,3}$", "", name)
    if is_person(name) and not (name.isupper() and len(name) < 4):
        return name
    return name if _INITIALLED.fullmatch(name) else None


def signers(message: Message, letter: Letter) -> list[str]:
    """Names of persons that the mail comes from: in the display name, and on the line that signs it."""
    shown = _shown(message.sender)
    return [name for name in (shown, _writer(letter, shown)) if name]


def _shown(sender: Address | None) -> str | None:
    """The person in the sender's display name; not a brand such as `Acme Motors <jobs@acme.example>`."""
    name = _display_person(sender.name) if sender else None
    if sender is None or name is None:
        return None
    office = set(re.split(r"[._+-]", sender.address.rpartition("@")[0].lower())) & (GENERIC | SYSTEMS)
    brand = squeeze(organisation(sender.domain).partition(".")[0])
    return None if office and len(brand) > 2 and squeeze(name).startswith(brand) else name


def _display_person(name: str) -> str | None:
    """The person in a display name such as `Jane Doe`, `Doe, Jane` or `Jane Doe from Acme`."""
    name = re.split(r"\s+(?:from|at|@|via|\||-|–)\s+|\s*[(|]", name, maxsplit=1)[0].strip()
    swapped = re.fullmatch(r"([A-Z][\w'’-]+), ([A-Z][\w'’-]+)", name)
    if swapped:
        name = f"{swapped.group(2)} {swapped.group(1)}"
    return name if is_person(name) and len(name.split()) > 1 else None
