"""Smaller things a mail names: its number, the people met, other addresses, and feedback held out or withheld."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from rejoinder.patterns import lazy
from rejoinder.reply.names import is_person
from rejoinder.reply.relays import is_deaf
from rejoinder.reply.words import GENERIC, MONTHS, PLACES, word_set
from rejoinder.types import Address, Letter, Message

_NUMBERED = lazy(
    r"\b(?:req(?:uisition)?|ref(?:erence)?|vacancy|job|posting|position|application|case|advert|notice|competition|kennziffer)"
    r"(?: (?:id|no|nr|number|code|ref|reference))?\.?[\s:#–-]{0,3}\(?(?P<number>[A-Z0-9][A-Z0-9/_.-]{2,24})",
    re.IGNORECASE,
)
_BARE_NUMBER = lazy(
    r"(?<![\w/.-])(?P<number>(?:JR|REQ|R|VAC|JOB|REF|ID)[-_]?\d{3,10}|\d{4,8}BR|(?:19|20)\d\d-\d{3,6})(?![\w/-])"
)
_FEWEST_DIGITS = 3
_ADDRESS = lazy(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,6}[A-Za-z]{2,24}(?![\w-])")
#: Addresses for other concerns than an application.
_OTHER_CONCERNS = word_set(
    "privacy fraud abuse unsubscribe dpo gdpr dataprotection security legal press media sales support billing "
    "webmaster accessibility accommodations accommodation feedback survey compliance"
)
_MOST = 5


def find_reference(message: Message, letter: Letter) -> str | None:
    """The number of the requisition, vacancy or application, or None."""
    for text in (message.subject[:300], letter.text[:20_000]):
        if sum(map(str.isdigit, text)) < _FEWEST_DIGITS:
            continue
        for match in _NUMBERED.finditer(text):
            number = match["number"].strip(".-/_")
            if _is_number(number):
                return number
        bare = _BARE_NUMBER.search(text)
        if bare:
            return bare["number"]
    return None


def _is_number(text: str) -> bool:
    """Whether it reads like a number of a system: digits, no year or date alone, no word with a digit."""
    digits = sum(char.isdigit() for char in text)
    if digits < _FEWEST_DIGITS or re.fullmatch(
        r"(?:19|20)\d\d|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d\d-\d\d", text
    ):
        return False
    return text == text.upper() or digits * 2 > len(text)


def find_other_addresses(
    message: Message, letter: Letter, candidate: str | None = None
) -> tuple[Address, ...]:
    """Addresses in the body that somebody may read, besides those of the sender and the reader."""
    own = set((candidate or "").lower().split())
    known = {
        address.address.lower() for address in (message.sender, *message.reply_to, *message.to) if address
    }
    text = "\n".join([letter.text, *(cut.text for cut in letter.trimmed if cut.kind != "quote")])
    found: dict[str, Address] = {}
    for match in _ADDRESS.finditer(text[:100_000]):
        address = Address("", match.group().strip(".").removeprefix("mailto:"))
        key = address.address.lower()
        words = set(re.split(r"[^a-z]+", key.partition("@")[0]))
        if key not in known and not words & (own | _OTHER_CONCERNS) and not is_deaf(address):
            found.setdefault(key, Address(_owner(letter, address), address.address))
        if len(found) == _MOST:
            break
    return tuple(found.values())


def _owner(letter: Letter, address: Address) -> str:
    """The name in the letter that an address spells, `Jane Doe` for `jane.doe@`; empty if there is none."""
    parts = [part for part in re.split(r"[._-]", address.address.partition("@")[0]) if len(part) > 1]
    if len(parts) != 2 or not all(part.isalpha() for part in parts):
        return ""
    name = " ".join(part.capitalize() for part in parts)
    return name if name in " ".join(letter.text.split()) and is_person(name) else ""


#: Words in front of `with` or `to` that make a name somebody the candidate talked to.
_TALK = word_set(
    "spoke speak speaking spoken talk talked talking met meet meeting chat chatted chatting interview interviews "
    "interviewed interviewing conversation conversations call calls time lunch coffee paired pairing session phone"
)
_MET = lazy(
    r"\b(?P<verb>\w+) with (?=[A-ZÀ-Þ])|\b(?:sp(?:oke|eak|eaking|oken)|talk(?:ed|ing)?) to (?=[A-ZÀ-Þ])|\b(?:met|meet|meeting) (?=[A-ZÀ-Þ])"
)
_LIKED = lazy(
    r" (?:enjoyed|loved|liked|interviewed|appreciated|met you|spoke with you|thought|told me|said)\b"
)
_ADVERBS = word_set("really both all very much so thoroughly also and i me myself")
_NO_ONE = word_set("really personally outcome dad mum mom client having mother father")


def find_interviewers(text: str, others: Iterable[str | None]) -> tuple[str, ...]:
    """The people a mail says the candidate met or talked to; `others` are names that are none of them."""
    known = _NO_ONE | {word.lower() for name in others if name for word in name.split()}
    flat = " ".join(text[:20_000].split())
    found: dict[str, None] = {}
    for match in _MET.finditer(flat):
        if match["verb"] is None or match["verb"].lower() in _TALK:
            found.update(dict.fromkeys(_names(flat[match.end() : match.end() + 120].split())))
    for match in _LIKED.finditer(flat):
        found.update(dict.fromkeys(_names_before(flat[max(0, match.start() - 80) : match.start()].split())))
    names = (name for name in found if known.isdisjoint(name.lower().split()))
    return tuple(names)[:_MOST]


def _names_before(words: list[str]) -> list[str]:
    """The names that a sentence starts with: `Ada, Ruth and I really`."""
    while words and words[-1].lower().strip(",") in _ADVERBS:
        words.pop()
    at = len(words)
    while (
        at
        and (words[at - 1].rstrip(",")[:1].isupper() or words[at - 1] in ("and", "&"))
        and words[at - 1][-1] not in ".!?"
    ):
        at -= 1
    starts = at == 0 or words[at - 1][-1] in ".!?"
    return list(_names(words[at:])) if starts else []


def _names(words: list[str]) -> Iterator[str]:
    """Names in a row at the start of some words: `Dr. Hale, Ada Moor and Ruth`."""
    name: list[str] = []
    for word in words:
        joint = word in ("and", "&")
        bare = word.strip(',.;:!?()"”') if not re.fullmatch(r"(?:Dr|Prof|Mr|Mrs|Ms)\.", word) else word
        if not joint and not (bare[:1].isupper() or (name and bare in ("van", "von", "de", "der", "da"))):
            break
        if not joint:
            name.append(bare)
        if joint or bare != word:
            if name and _is_somebody(" ".join(name)):
                yield " ".join(name)
            name = []
            if not joint and word[-1] != ",":
                return
    if name and _is_somebody(" ".join(name)):
        yield " ".join(name)


def _is_somebody(name: str) -> bool:
    words = {word.strip(".").lower() for word in name.split()}
    return (
        len(name) > 2
        and len(words) <= 3
        and words.isdisjoint(GENERIC | MONTHS | PLACES)
        and re.search(r"['’](?:s|ve|ll|d|re|m)\b", name) is None
        and is_person(name)
    )


@cache
def _feedback() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What holds feedback out, and what withholds it; compiled for the first mail that speaks of feedback."""
    what = r"(?:\w+ ){0,4}?(?:feedback|comments on your|pointers|a debrief)"
    offered = (
        rf"\b(?:happy|glad|pleased|willing|delighted|be able) to (?:\w+ ){{0,3}}?(?:give|share|offer|provide|send|talk|discuss|arrange|go)\b(?: you)? ?{what}"
        rf"|\b(?:if you(?:['’]d| would)? (?:like|want|wish|be interested)|should you (?:like|want|wish)|would you like)\b[^.!?]{{0,30}}\b{what}"
        rf"|\b(?:let me know|ask|write|call|ring|contact|e-?mail|get in touch|reply)\b[^.!?]{{0,40}} (?:for|if you|should you)[^.!?]{{0,25}}\b{what}"
        r"|\bfeedback (?:is|can be|will be) (?:available|given|provided|sent|shared)\b|\byou (?:can|may|are welcome to|are entitled to) (?:ask for|request|receive) (?:\w+ ){0,3}?feedback"
        r"|\b(?:will|['’]ll) (?:send|share|give|call)\b[^.!?]{0,30}\bfeedback"
    )
    refused = (
        r"\b(?:unable|not able|not possible|not in a position|impossible|cannot|can['’]?t|can not|won['’]?t|will not|do not|don['’]?t|does not|not be able|no longer|regret that we|policy not)\b"
        r"[^.!?]{0,60}\b(?:feedback|reasons? for|comments? on (?:\w+ )?(?:individual|each|single|your)|(?:individual|personali[sz]ed|written) comments|further correspondence|into (?:further )?correspondence)"
        r"|\bfeedback (?:can ?not|can['’]t|will not|won['’]t|is not|isn['’]t|cannot be)\b|\bno (?:individual |further |specific |detailed |personal )?feedback\b"
        r"|\bwithout (?:giving |any )?(?:individual )?feedback\b|\b(?:refrain from|prevents? us from)[^.!?]{0,40}feedback"
    )
    return re.compile(offered, re.IGNORECASE), re.compile(refused, re.IGNORECASE)


def feedback_held(text: str) -> tuple[bool, bool]:
    """Whether a mail offers feedback, and whether it refuses it; a sentence that refuses offers nothing."""
    offers = refuses = False
    for sentence in re.split(r"(?<=[.!?])\s+|\n\s*\n", text[:20_000]):
        low = sentence.lower()
        if not any(word in low for word in ("feedback", "debrief", "pointers", "comment", "correspondence")):
            continue
        offered, refused = _feedback()
        flat = " ".join(sentence[:1000].split())
        if refused.search(flat):
            refuses = True
        elif offered.search(flat) and not re.search(
            r"\b(?:survey|experience with us|your experience|form|your feedback|give us|share your)\b",
            flat,
            re.IGNORECASE,
        ):
            offers = True
    return offers, refuses
