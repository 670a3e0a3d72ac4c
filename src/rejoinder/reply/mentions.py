"""Where a mail may name its company: every place that does, and how much each is worth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rejoinder.patterns import folded, lazy
from rejoinder.reply.closing import LEGAL
from rejoinder.reply.names import (
    capitalised_run,
    is_person,
    names_post,
    names_team,
    spelled_like,
    squeeze,
    without_team,
)
from rejoinder.reply.relays import FREE_MAIL, RELAY_DOMAINS, in_domain, organisation
from rejoinder.reply.signature import signed_for
from rejoinder.reply.words import GENERIC, SYSTEMS, word_set
from rejoinder.types import Address, Letter, Message


class Mention(NamedTuple):
    """A name, and how much the place it stands in says for its being the company's.

    `said` is whether the mail calls it the place applied to in so many words,
    `whole` whether the name stands by itself, with nothing around it to run into.
    """

    name: str
    worth: float
    said: bool = False
    whole: bool = False


_STRONG = lazy(
    r"\b(?:interest(?:ed)? in (?:joining(?: us at)?|working (?:at|for|with)|employment (?:at|with)"
    r"|(?:an? |the )?(?:career|position|role|job|employment|opportunit\w+|internship)s? (?:here )?(?:at|with|within))"
    r"|(?:career|employment|opportunit\w+|position|role|opening|internship|job|vacancy|candidacy|process|vacancies"
    r"|openings|positions|roles|careers|jobs|interest) (?:at|with)"
    r"|appl(?:y|ying|ied|ication|ications) (?:to|at|with)(?: join| work at)?|behalf of (?:everyone|all of us|all) at|welcome to"
    r"|(?:we|us|everyone|all of us|here|team) at|opportunity with|career with"
    r"|opportunities (?:at|with)|employer at) (?:the )?(?=[A-Z])"
)
_FAIR = lazy(
    r"\b(?:[Ii]nterest in|[Ii]nterested in|thinking of|apply to|join|joining|part of"
    r"|(?:board|directors|panel|committee|people|folks|colleagues|manager|partners|friends) at"
    r"|time (?:at|with)|anyone at|team with|expand your career with|explore an opportunity with"
    r"|[Cc]onsidering|considered|choosing) (?:the )?(?=[A-Z])"
)
_PLACE = lazy(r"[-\w#()/ ]{0,25}? (?:at|with) (?:the )?(?=[A-Z])")
_ACTS = lazy(
    r" (?:has|have) (?:decided|chosen|reviewed|received|filled|selected|elected|opted|moved|completed|concluded|closed|determined)\b"
    r"| (?:is|are) (?:unable|not able|proud|an equal|committed)\b| did not (?:select|choose)\b| (?:appreciates|regrets|thanks you|salutes|continues to grow|will not be)\b"
)
_AT = lazy(r"(?: at| @|\binterview(?:s|ed|ing)? with| on behalf of) (?:the )?(?=[A-Z])")
_TEAM = lazy(
    r" (?:Talent|Recruit(?:ing|ment)|Hiring|Human Resources|HR|People (?:Team|Operations|Ops|&|and)|Careers?|Early Careers?|University|Campus)\b"
)
_SUBJECT = lazy(r"(?:\b(?:to|at|with|from|joining)|@|\bin) (?:the )?(?=[A-Z])")
_TALK = lazy(r"\b(?:interview|call|chat|conversation|meeting|lunch|coffee)\s*$", re.IGNORECASE)
_SUBJECT_PART = lazy(r"\s+[-–—|/]+\s+|\s*[|:]\s*|\s+(?:Application|Update|Interview|Careers|Job)\b")
_FURNITURE = word_set(
    "thank you thanks your my the our we i update status important information news follow following regarding re "
    "ext external application decision interview outcome notice confirmation response next about on a an from "
    "hello hi welcome message notification reminder feedback final result results letter sorry position role "
    "no not new invitation offer congratulations unfortunately regret after good"
)
_OUR_CLIENT = lazy(
    r"\b(?:our|my) client\b|\bthe client\b.{0,40}\b(?:decided|chose|feedback|went|feels?|felt|wants?|opted|side)\b"
    r"|\bfrom the client\b|\bto the client\b",
    re.IGNORECASE,
)


def mentions(message: Message, letter: Letter, body: str, role: str | None) -> Iterator[Mention]:
    """Everything that may be the company's name; a name may come up several times."""
    agency = "client" in folded(body) and _OUR_CLIENT.search(body) is not None
    if not agency:
        if message.sender:
            yield from _in_display_name(message.sender.name)
        yield from _in_address(message, letter)
    yield from _in_subject(message.subject[:300])
    for pattern, worth in ((_STRONG, 3.0), (_FAIR, 2.0), (_AT, 1.0)):
        yield from _behind(pattern, body, worth)
    if role:
        yield from _behind_role(role, body)
    yield from _before(_ACTS, body)
    if not agency:
        yield from _before(_TEAM, re.sub(r"\s*\n\s*", " | ", letter.text[:20_000]))
        yield from (Mention(name, worth, whole=True) for name, worth in signed_for(letter))


def _in_display_name(name: str) -> Iterator[Mention]:
    """`Acme Careers`, `Jane Doe from Acme`, `Acme via Greenhouse`, `Doe, Jane (Acme)`; not a person alone."""
    if not name or re.search(r"\S@\S", name):
        return
    parts = [
        part for part in re.split(r"\s+(?:via|from|at|of(?= the\b)|@|-|–|—)\s+|\s*[|(),]\s*", name) if part
    ]
    if len(parts) == 2 and all(len(part.split()) == 1 and is_person(part) for part in parts) and "," in name:
        return  # `Moor, Ada`
    if len(parts) == 2 and "," in name and re.match(r"(?:van|von|de|der|da|di|la|le|bin|al|el|ter)\b", name):
        return
    for at, part in enumerate(parts):
        words = [word for word in part.split() if word.lower().strip(".'") not in SYSTEMS | {"jobs@"}]
        part = " ".join(words)
        if not part or (at == 0 and len(parts) > 1 and is_person(part) and _is_name_first(name)):
            continue
        if names_team(part):
            yield Mention(
                without_team(re.sub(r"^(?:Jobs|Careers|Team|Recruiting|Hiring) (?:at|@) ", "", part)), 3.0
            )
        elif at > 0 and not names_post(part):
            yield Mention(part, 3.0, whole=True)
        else:
            yield Mention(part, 1.0 if is_person(part) else 2.0, whole=True)


def _is_name_first(name: str) -> bool:
    return re.search(r"\s(?:from|at|of)\s|,|\(|\|", name) is not None


def _in_address(message: Message, letter: Letter) -> Iterator[Mention]:
    """The sender's domain, or what stands before a relay's, as the mail itself spells it."""
    lines = [letter.text, message.subject, *(cut.text for cut in letter.trimmed if cut.kind != "quote")]
    if message.sender:
        lines.insert(0, message.sender.name)
    text = "\n".join(lines)
    for key in _keys(message):
        found = next(spelled_like(text, key), None)
        if found:
            yield Mention(found, 3.0, said=not _is_own(found, message.sender))
            at = text.find(found)
            yield Mention(capitalised_run(text[: at + 120], at), 1.0)


def _is_own(name: str, sender: Address | None) -> bool:
    """Whether a name stands in the local part too: `Ann Moor <ann@annmoor.example>` is a person."""
    local = sender.address.rpartition("@")[0].lower() if sender else ""
    return any(len(word) > 2 and word.lower() in local for word in name.split())


def domain_likes(message: Message, name: str) -> bool:
    """Whether the sender's address begins like a name: `rivertownliteracy` like `Rivertown Literacy Project`."""
    squeezed = squeeze(name)
    first = squeeze(name.split()[0])
    return any(
        len(squeezed) > 3
        and (
            key.startswith(squeezed) or squeezed.startswith(key) or (len(first) > 4 and key.startswith(first))
        )
        for key in _keys(message)
    )


def _keys(message: Message) -> Iterator[str]:
    sender = message.sender
    if sender is None or in_domain(sender.domain, FREE_MAIL):
        return
    if in_domain(sender.domain, RELAY_DOMAINS):
        name = re.split(r"[+._-]", sender.address.rpartition("@")[0])[0]
    else:
        name = organisation(sender.domain).partition(".")[0]
    key = squeeze(name)
    if len(key) >= 3 and key not in GENERIC | SYSTEMS:
        yield key


def _in_subject(subject: str) -> Iterator[Mention]:
    for match in _SUBJECT.finditer(subject):
        word = match.group().split()[0].lower()
        plain = word not in ("in", "from") and not _TALK.search(subject[: match.start()])
        run = capitalised_run(subject, match.end())
        if not _PART_OF_ROLE.match(subject[match.end() + len(run) :]):
            yield Mention(run, 2.5 if plain else 1.0, plain)
    for part in _SUBJECT_PART.split(
        re.sub(r"^(?:\s*(?:re|fwd?|ext)\b:?\s*)+", "", subject, flags=re.IGNORECASE)
    ):
        words = part.split()
        if 1 <= len(words) <= 5 and not any(word.lower().strip(",.!?") in _FURNITURE for word in words):
            yield Mention(part, 1.0)


def _behind_role(role: str, body: str) -> Iterator[Mention]:
    """The company behind the role: `Kiln Operator (nights) at Acme`."""
    at = body.find(role)
    while at >= 0:
        place = _PLACE.match(body, at + len(role))
        if place:
            yield Mention(capitalised_run(body, place.end()), 3.0, said=True)
        at = body.find(role, at + len(role))


def _behind(anchor: re.Pattern[str], body: str, worth: float) -> Iterator[Mention]:
    for match in anchor.finditer(body):
        run = capitalised_run(body, match.end())
        rest = body[match.end() + len(run) : match.end() + len(run) + 60]
        # "applying to the Ruby position", "at our Selby store", "to Ostrava assembly plant": no company.
        if not _PART_OF_ROLE.match(rest):
            yield Mention(run, worth, worth >= 3)


_PART_OF_ROLE = lazy(
    r"(?:\s+(?!(?:and|for|at|with|to|in|is|has|as|or|we|but|on|from|about)\b)[\w/+#&-]+){0,3}?\s+(?:role|position|opening"
    r"|internship|job|vacancy|post|family of|plant|site|office|store|branch|depot|campus|location|program(?:me)?|co-?op|co op)s?\b|\s+[a-z]\w+ team\b|\s*/"
)


def _before(anchor: re.Pattern[str], body: str) -> Iterator[Mention]:
    """The capitalised words in front of what a company does, or is signed as."""
    for match in anchor.finditer(body):
        run: list[str] = []
        for word in reversed(body[max(0, match.start() - 90) : match.start()].split()[-6:]):
            bare = word.strip("\"“”'’*()—–-")
            small = word in ("&", "of", "and")
            if not small and (
                not bare[:1].isupper()
                or (run and word.endswith((",", ".", "!", ":", ";")) and not LEGAL.search(word))
            ):
                break
            if bare.lower().strip(",.!") in _CLOSERS:
                break
            run.insert(0, bare)
            if word.endswith((".", "!", ":", ";")) and not LEGAL.search(word):
                run.clear()
                break
        while run and run[0] in ("&", "of", "and"):
            run.pop(0)
        if run:
            yield Mention(" ".join(run), 2.0)


_CLOSERS = word_set(
    "sincerely regards regard best warmly cheers thanks thank you wishes respectfully kind warm yours the our your cordially "
    "we they i unfortunately however sincerly truly luck team hello hi dear"
)
