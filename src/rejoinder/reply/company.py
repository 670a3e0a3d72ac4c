"""Which company a mail comes from, as the mail itself names it."""

from __future__ import annotations

import re

from rejoinder.reply.names import (
    JOB_TITLE,
    below_valediction,
    capitalised_run,
    flatten,
    is_person,
    names_team,
    spelled_like,
    tidy_company,
    without_team,
)
from rejoinder.reply.recipients import FREE_MAIL, RELAY_DOMAINS, in_domain
from rejoinder.types import Letter, Message

_AFTER = re.compile(
    r"\b(?:interest(?:ed)? in (?:joining|working (?:at|for|with)|(?:a |an )?(?:career|position|role|job"
    r"|employment|opportunit\w+|internship)s? (?:here )?(?:at|with|within))"
    r"|(?:career|employment|opportunit\w+|position|role|opening|internship|job|vacancy|candidacy|team"
    r"|interview\w*|time|everyone|anyone|here) (?:at|with)"
    r"|appl(?:y|ying|ied|ication|ications) (?:to|at|with)(?: join)?|joining|consider(?:ing"
    r"|ed) (?:joining )?|on behalf of|behalf of everyone at|welcome to"
    r"|we at|us at|choosing|chose) (?:the )?(?=[A-Z])"
)
_INTEREST = re.compile(
    r"\b(?:interest in|interested in|thinking of|choosing|applying to|applying at|join) (?:the )?(?=[A-Z])"
)
_DECIDED = re.compile(
    r" (?:has|have) (?:decided|chosen|reviewed|received|filled|selected|elected)\b| (?:is|are) unable to\b"
)
_AT = re.compile(r" at (?:the )?(?=[A-Z])")
_ROLE_AHEAD = re.compile(
    r"[^.,;!?]{0,60}?\b(?:role|position|opening|internship|job|vacancy)\b|\s*/", re.IGNORECASE
)

#: Whole words: Marlowe is no March, and Springhill no spring.
_TIME = re.compile(
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    r"|spring|summer|autumn|fall|winter|q[1-4])\b|\d",
    re.IGNORECASE,
)
#: `Moor, Ada` and `van der Berg, Ada` are people, last name first.
_LAST_NAME = re.compile(
    r"[\w'’-]+|(?:van|von|de|der|da|di|del|della|la|le|bin|al|el|ter|ten|zu)\b.*", re.IGNORECASE
)


def find_company(message: Message, letter: Letter, role: str | None = None) -> str | None:
    """The company's name, or None: from sender, subject, text, signature, and the domain as spelled "
    "in the mail."""
    body = flatten(letter.text)
    name = message.sender.name if message.sender else ""
    for found in (
        _in_display_name(name),
        _in_subject(message.subject),
        _after(_AFTER, body, role),
        _after(_INTEREST, body, role),
        _who_decided(body),
        _in_signature(letter),
        _of_domain(message, letter),
        _after(_AT, body, role),
    ):
        if found:
            return found
    return None


def _in_display_name(name: str) -> str | None:
    """`Acme Careers`, `Jane Doe from Acme`, `Acme via Greenhouse`; not a person alone."""
    if "@" in name or not name:
        return None
    tail = re.search(r"(?:\b(?:from|at|of)\b|@|\||\(|,)\s*(.{2,80})$", name)
    person = name[: tail.start()].strip(" ,(|") if tail else ""
    if tail and is_person(person):
        swapped = tail.group().lstrip().startswith(",") and _LAST_NAME.fullmatch(person)
        return None if swapped else tidy_company(tail.group(1).strip(" )"))
    name = re.split(r"\s+via\s+|\s*[(|]", name, maxsplit=1)[0].strip()
    if names_team(name) and without_team(name):
        return tidy_company(name)
    return None


def _in_subject(subject: str) -> str | None:
    for match in re.finditer(r"\b(?:to|at|with|from|in|joining) (?:the )?(?=[A-Z])", subject[:300]):
        found = tidy_company(capitalised_run(subject, match.end()))
        if found and not JOB_TITLE.search(found) and not is_month(found):
            return found
    lead = re.match(
        r"(?:(?:re|fwd?)\s*:\s*)*([A-Z][^:|–-]{1,40}?)\s*(?:[:|–]|\s-)\s*(?:your|an? update|update"
        r"|application|thank|status)",
        subject,
        re.IGNORECASE,
    )
    if lead and not JOB_TITLE.search(lead.group(1)):
        return tidy_company(lead.group(1))
    return None


def is_month(name: str) -> bool:
    """Whether a capitalised word after `in` or `from` is a time, not a company."""
    return _TIME.match(name) is not None


def _after(anchor: re.Pattern[str], body: str, role: str | None) -> str | None:
    for match in anchor.finditer(body):
        run = capitalised_run(body, match.end())
        found = tidy_company(run)
        if not found or JOB_TITLE.search(found) or found == role or is_month(found):
            continue
        # "applying to the Ruby position": what was read is a part of the role.
        if not _ROLE_AHEAD.match(body[match.end() + len(run) :].partition(" at ")[0]):
            return found
    return None


def _who_decided(body: str) -> str | None:
    for match in _DECIDED.finditer(body):
        words = body[: match.start()].split()[-6:]
        run: list[str] = []
        for word in reversed(words):
            if (not word[:1].isupper() and word not in ("&", "of", "and")) or (
                word.endswith((",", ".", "!")) and run
            ):
                break
            run.insert(0, word)
            if word.endswith((",", ".")):
                break
        found = tidy_company(" ".join(run))
        if (found and not is_person(found)) or (found and len(found.split()) == 1):
            return found
    return None


def _in_signature(letter: Letter) -> str | None:
    """A line under the valediction such as `The Acme Talent Team`, or the company after a title."""
    lines = [*below_valediction(letter)[:4], *letter.trimmed_text("signature").split("\n")[:4]]
    for line in lines:
        if names_team(line) and not _is_title(line):
            # `People Team, Acme`: the team goes, the rest may be the company.
            head, comma, rest = line.strip().partition(", ")
            name = rest if comma and names_team(head) else line.strip()
            found = tidy_company(re.sub(r"^(?:The|Your|All at|Everyone at)\s+", "", name))
            if found and not is_person_title(found) and not JOB_TITLE.search(found):
                return found
    for line in lines:
        parts = re.split(r"\s*(?:,|\||\bat\b|@|[–-] )\s*", line.strip())
        if (
            len(parts) == 2
            and (_is_title(parts[0]) or is_person(parts[0]))
            and parts[1][:1].isupper()
            and not _is_title(parts[1])
        ):
            return tidy_company(parts[1])
    return None


def is_person_title(name: str) -> bool:
    """Whether what is left of a team line is a bare rank such as `Senior`."""
    return name.lower() in (
        "senior",
        "lead",
        "global",
        "head",
        "head of",
        "director of",
        "vp",
        "vp of",
        "chief",
        "director",
        "manager",
    )


def _is_title(line: str) -> bool:
    return (
        re.search(
            r"\b(?:manager|director|head|lead|officer|partner|coordinator|specialist|recruiter|advisor"
            r"|assistant|founder|president|generalist|chef|owner|cto|ceo|coo|vp|supervisor|executive"
            r"|producer|editor|consultant)\b",
            line,
            re.IGNORECASE,
        )
        is not None
    )


def _of_domain(message: Message, letter: Letter) -> str | None:
    """The sender's domain spelt as the mail itself spells it; a bare domain is no name."""
    sender = message.reply_to[0] if message.reply_to else message.sender
    if sender is None or in_domain(sender.domain, RELAY_DOMAINS | FREE_MAIL):
        return None
    text = "\n".join(
        [letter.text, message.subject, *(cut.text for cut in letter.trimmed if cut.kind != "quote")]
    )
    for label in sender.domain.split(".")[:-1]:
        key = re.sub(r"[^a-z0-9]", "", label)
        if len(key) > 3 and (found := next(spelled_like(text, key), None)):
            return found
    return None
