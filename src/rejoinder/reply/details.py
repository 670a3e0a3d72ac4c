"""Names in the mail: company, role, who wrote, who is written to. Nothing found is None, never a guess."""

from __future__ import annotations

import re

from rejoinder.mail.cleaning.endings import VALEDICTION
from rejoinder.reply.recipients import FREE_MAIL, RELAY_DOMAINS, in_domain
from rejoinder.types import Address, Details, Letter, Message

_TEAM_WORDS = (
    r"(?:talent(?: acquisition| management)?|recruit(?:ing|ment|er|ers)|hiring|careers?|human resources|hr|people(?: (?:team|ops|operations|&? ?culture))?"
    r"|jobs?|staffing|candidate experience|admissions?|university relations|campus|team|department|dept|office|selection|resourcing|no-?reply|notifications?)"
)
_TEAM_TAIL = re.compile(rf"(?:[\s,|–-]*\b(?:the\s+)?{_TEAM_WORDS}\b)+[\s.]*$", re.IGNORECASE)
_TEAM = re.compile(rf"\b{_TEAM_WORDS}\b", re.IGNORECASE)
_NAME = r"[A-Z][\w&'’.+-]*"
#: A company as it stands in running text: capitalised words, joined by a few small ones.
_COMPANY = rf"(?P<company>{_NAME}(?:[ ,]? ?(?:{_NAME}|&|and(?= [A-Z])|of(?= [A-Z])|the(?= [A-Z])|for(?= [A-Z])|de(?= [A-Z])))*)"
_ROLE_WORD = r"(?:role|position|post|opening|vacancy|job|opportunity|internship|apprenticeship|fellowship|residency|requisition|gig)"
_ROLE = r"(?P<role>[A-Z(][^.!?;\n\"“”]{1,90}?)"
_SMALL_ROLE = r"(?P<role>[^.!?;,\n\"“”]{3,60}?)"

_ROLE_PATTERNS = [
    re.compile(rf"(?:role|position|post|opening|vacancy|job|title) of (?:an? |the |our )?\**[\"“]?{_ROLE}\**[\"”]?(?= at | with | in | here|[.,!;\n]|$| has| was| and | \(|:)"),
    re.compile(rf"\b(?:[Tt]he|[Oo]ur|[Yy]our|[Aa]n?|open) \**[\"“]?{_ROLE}\**[\"”]? {_ROLE_WORD}\b"),
    re.compile(rf"(?:{_ROLE_WORD}|[Aa]pplication|[Aa]pplying)\s*(?:for|to|:|[-–])\s*(?:the |our |an? )?(?:{_ROLE_WORD} (?:of )?)?\**[\"“]?{_ROLE}\**[\"”]?(?= {_ROLE_WORD}\b| at | with | here|[.,!;\n]|$| has | was )"),
    re.compile(rf"(?:apply(?:ing)?|application|applied|interview(?:ed|ing)?|considered|candidacy|interest)(?: to us)? (?:for|as|in|to) (?:the |our |an? )?{_SMALL_ROLE} {_ROLE_WORD}\b"),
    re.compile(r"(?:apply(?:ing)?|applied|interview(?:ed|ing)?|hire|hiring|cast) (?:as|for) (?:an? |the |our )(?P<role>[a-z][^.!?;,\n]{2,40}?)(?= at | with | in | on |[.,!?;\n]|$)"),
]
_COMPANY_PATTERNS = [
    re.compile(rf"(?:interest(?:ed)? in (?:joining|working (?:at|for|with)|a (?:career|position|role) (?:at|with)|employment (?:at|with)|opportunities (?:at|with))|career (?:at|with)|appl(?:y|ying|ied) (?:to|at|with)|application (?:to|at|with)|interview(?:ing|ed)? (?:at|with)|consider(?:ing|ed)? (?:a (?:career|position|role) (?:at|with)|joining)|opportunity (?:at|with)|opportunities (?:at|with)|(?:join(?:ing)?|explor(?:e|ing)) (?:us at|the team at)?|on behalf of|behalf of everyone at|time with|employment with|here at|welcome to|pursuing a career (?:at|with)|talk(?:ing)? (?:to|with) us at)\s+(?:the\s+)?{_COMPANY}"),
    re.compile(rf"{_ROLE_WORD} (?:here )?(?:at|with)\s+(?:the\s+)?{_COMPANY}"),
    re.compile(rf"\b(?:interest in|choosing)\s+{_COMPANY}(?=[.,!]| and |\s*$)"),
    re.compile(rf"^\s*{_COMPANY} (?:has|have) (?:decided|chosen|reviewed|received|filled)", re.MULTILINE),
    re.compile(rf"[Uu]nfortunately,? {_COMPANY} (?:has|have|is|will)\b"),
    re.compile(rf" at\s+(?:the\s+)?{_COMPANY}(?=[.,!;\n]| and | in | has | for | was )"),
]
_SUBJECT_PATTERNS = [
    re.compile(rf"(?:application|applying|interview|interest|candidacy|opportunity|update)\b.{{0,60}}?\b(?:at|with|to|in|from)\s+(?:the\s+)?{_COMPANY}\s*(?=$|[-–|:(,!]| for )"),
    re.compile(rf"^(?:re:\s*|fwd?:\s*)*{_COMPANY}\s*[-–|:]\s*(?:your |update|application|status|interview|thank)", re.IGNORECASE),
]
_NOT_A_COMPANY = frozenset(
    "i we you our your the this that us it hi hello dear thank thanks unfortunately team hr human resources january february march april may "
    "june july august september october november december monday tuesday wednesday thursday friday saturday sunday linkedin indeed glassdoor "
    "software senior junior engineer developer manager zoom teams google hirevue hackerrank round phase stage level best kind regards application "
    "position role job careers career talent recruiting recruitment update status ii iii iv bsc msc phd covid ceo cto vp q1 q2 q3 q4".split()
)
_GREETING = re.compile(
    r"^\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|hiya|greetings|hola)[\s,]+(?P<name>[A-Z][\w'’.-]*(?:\s+[A-Z][\w'’.-]*){0,3})\s*[,!.:–-]?",
    re.IGNORECASE,
)
_NO_NAME = frozenset(
    "all there team candidate applicant sir madam sir/madam everyone folks friend both colleague student user customer member valued to mr mrs ms miss mx dr prof professor job hiring".split()
)
_PERSON = re.compile(r"^(?:(?:dr|prof|mr|mrs|ms|mx|miss)\.?\s+)?[A-Z][\w'’-]+(?:\s+(?:[A-Z]\.?|[A-Z][\w'’-]+|de|van|von|der|la|bin|al|O['’][A-Z]\w+)){0,3}$")
_SKILL = re.compile(
    r"(?:experience|expertise|background|knowledge|skills?|fluency|proficiency|depth|exposure|grounding|qualifications?|track record|years?) (?:of|with|in|using|on|around) "
    r"(?:the |our |a |an )?(?P<skill>[\w+#./&'’ -]{2,45}?)(?=[.,;:!?)\n]|$| than\b| that\b| which\b| who\b| and (?:we|the|has|have)\b| for (?:this|the)\b| at (?:this|the)\b| to\b| as\b| is\b| was\b| were\b| did\b| needs?\b)"
    r"|(?P<before>(?:[A-Z][\w+#./-]*)(?:(?: (?:and|&) | )[A-Z][\w+#./-]*){0,3}) (?:experience|skills?|expertise|knowledge|certification|licence|license|background)\b"
)
_BRITISH = re.compile(
    r"\b(?:unfortunately|whilst|organis\w+|apologis\w+|recognis\w+|favour\w*|programme|colour|behaviour|honour|CV|shortlist(?:ed|ing)?|enquir\w+|licence|practise|centre|fulfil|learnt|fortnight|kind regards)\b"
)
_STRONGLY_BRITISH = re.compile(
    r"\b(?:whilst|organis\w+|apologis\w+|recognis\w+|favour\w*|programme|colour|behaviour|honour|shortlist(?:ed|ing)?|enquir\w+|licence|centre|fulfil|learnt|fortnight)\b"
)


def find_details(message: Message, letter: Letter, skill_sentences: tuple[str, ...] = ()) -> Details:
    """Company, role, writer and reader as the mail names them.

    `skill_sentences` are the sentences that carried a skill gap; skills are
    looked for in those alone.
    """
    writer = _writer(letter)
    contact = _contact(message, writer)
    skills = tuple(dict.fromkeys(skill for sentence in skill_sentences for skill in _skills(sentence)))
    return Details(
        company=_company(message, letter, contact),
        role=_role(message, letter),
        contact=contact,
        greeting_name=_first_name(contact.name) if contact and contact.name else None,
        candidate=_candidate(message, letter),
        skills=skills[:3],
        british=len(_STRONGLY_BRITISH.findall(letter.text)) > 0,
    )


def _lines(letter: Letter) -> list[str]:
    return letter.text.split("\n")


def _writer(letter: Letter) -> str | None:
    """The person's name under the valediction, or on the last line."""
    lines = [line.strip() for line in _lines(letter)]
    at = next((i for i in range(len(lines) - 1, -1, -1) if VALEDICTION.match(lines[i])), None)
    below = lines[at + 1 :] if at is not None else lines[-1:]
    for line in below:
        name = re.split(r"\s*(?:[,|(]| [-–] )", line.lstrip("-–— "), maxsplit=1)[0].strip()
        if line and is_person(name):
            return name
        if line:
            break
    return None


def is_person(name: str) -> bool:
    """Whether a display name or signature line looks like a person's name."""
    words = name.split()
    if not _PERSON.match(name) or _TEAM.search(name) or len(words) > 4:
        return False
    return not any(word.lower().strip(".,") in _NOT_A_COMPANY for word in words)


def _contact(message: Message, writer: str | None) -> Address | None:
    sender = message.sender
    address = (message.reply_to[0] if message.reply_to else sender) if sender or message.reply_to else None
    if writer:
        return Address(writer, address.address if address else "")
    if sender and sender.name and _display_person(sender.name):
        return Address(_display_person(sender.name) or "", address.address if address else "")
    return None


def _display_person(name: str) -> str | None:
    """The person in a display name such as `Jane Doe`, `Doe, Jane` or `Jane from Acme`."""
    name = re.split(r"\s+(?:from|at|@|via|\||-|–)\s+|\s*[(|]", name, maxsplit=1)[0].strip()
    if re.fullmatch(r"[A-Z][\w'’-]+, [A-Z][\w'’-]+", name):
        last, _, first = name.partition(", ")
        name = f"{first} {last}"
    return name if is_person(name) and len(name.split()) > 1 else None


def _first_name(name: str) -> str:
    words = name.split()
    titled = words[0].rstrip(".").lower() in ("dr", "prof", "mr", "mrs", "ms", "mx", "miss")
    return f"{words[0]} {words[-1]}" if titled else words[0]


def _candidate(message: Message, letter: Letter) -> str | None:
    """The reader's name from the greeting, or from a single To address that shows one."""
    for line in _lines(letter)[:4]:
        match = _GREETING.match(line)
        if match:
            words = [word.strip(".,") for word in match["name"].split()]
            if words and words[0].lower() not in _NO_NAME and all(word[:1].isupper() for word in words):
                return " ".join(words[:3])
    if len(message.to) == 1 and is_person(message.to[0].name):
        return message.to[0].name
    return None


def _role(message: Message, letter: Letter) -> str | None:
    for text in (letter.text, message.subject):
        flat = re.sub(r"[ \t]*\n[ \t]*", " ", re.sub(r"\n\s*\n", ".\n", text)) if text is letter.text else text
        for pattern in _ROLE_PATTERNS:
            for match in pattern.finditer(flat):
                role = _tidy_role(match["role"])
                if role:
                    return role
    return None


def _tidy_role(role: str) -> str | None:
    role = re.sub(r"\s+", " ", role).strip(" *\"“”,-–:")
    role = re.sub(rf"\s*{_ROLE_WORD}$", "", role, flags=re.IGNORECASE).strip(" ,-–")
    role = re.sub(r"^(?:the|our|an?|open|current|recent|advertised|following|above|position of|role of|post of)\s+", "", role, flags=re.IGNORECASE)
    words = role.split()
    if not 1 <= len(words) <= 12 or not re.search(r"[A-Za-z]{2}", role):
        return None
    if words[0].lower() in _ROLE_STARTS or any(word.lower() in _ROLE_BANNED for word in words):
        return None
    return role


_ROLE_STARTS = frozenset(
    "this that these those we you i your our us it they and or but for with which at any other another several many all some no open "
    "new right same first second next final recent current different available specific particular interest opportunity future time "
    "hi hello dear thank thanks unfortunately as after at in on of to best suitable exciting good great other such more each both".split()
)
_ROLE_BANNED = frozenset(
    "we you your have has had was were are is been applying applied thank thanks interest application decided considering reviewed us our will not that which interviewing taking".split()
)


def _company(message: Message, letter: Letter, contact: Address | None) -> str | None:
    body = re.sub(r"[ \t]*\n[ \t]*", " ", re.sub(r"\n\s*\n", ".\n", letter.text))
    from_name = _company_in_name(message.sender.name) if message.sender else None
    finders = (
        lambda: from_name,
        lambda: _search(_SUBJECT_PATTERNS, message.subject),
        lambda: _search(_COMPANY_PATTERNS[:5], body),
        lambda: _company_below(letter, contact),
        lambda: _search(_COMPANY_PATTERNS[5:], body),
        lambda: _company_of_domain(message, letter),
    )
    for find in finders:
        company = find()
        if company:
            return company
    return None


def _search(patterns: list[re.Pattern[str]], text: str) -> str | None:
    for pattern in patterns:
        for match in pattern.finditer(text):
            company = _tidy_company(match["company"])
            if company:
                return company
    return None


def _tidy_company(name: str) -> str | None:
    name = re.sub(r"\s+", " ", name).strip(" .,;:-–|'’")
    name = re.sub(r"['’]s$", "", _TEAM_TAIL.sub("", name)).strip(" .,;:-–|")
    name = re.sub(r"^(?:The|Everyone|Team|All of)\s+(?=[A-Z])", "", name)
    words = name.split()
    if not words or len(words) > 7 or len(name) > 70:
        return None
    if all(word.lower().strip(".,") in _NOT_A_COMPANY for word in words) or words[0].lower() in ("we", "i", "you", "our", "your", "this", "if", "after", "thank"):
        return None
    return name


def _company_in_name(name: str) -> str | None:
    """`Acme Careers`, `Jane Doe from Acme`, `Acme via Greenhouse`; not a person alone."""
    if "@" in name:
        return None
    tail = re.search(r"(?:\bfrom\b|\bat\b|@|\||\bof\b)\s+(.+)$", name)
    if tail and is_person(name[: tail.start()].strip(" ,(")):
        return _tidy_company(tail.group(1).strip(" )"))
    name = re.split(r"\s+via\s+|\s*[(|]", name, maxsplit=1)[0]
    stripped = _TEAM_TAIL.sub("", name).strip()
    if stripped != name.strip() and stripped:
        return _tidy_company(stripped)
    return None


def _company_below(letter: Letter, contact: Address | None) -> str | None:
    """The company on a line under the valediction, by itself or before a team word."""
    lines = [line.strip() for line in _lines(letter)]
    at = next((i for i in range(len(lines) - 1, -1, -1) if VALEDICTION.match(lines[i])), None)
    if at is None:
        return None
    signature = letter.trimmed_text("signature").split("\n")[:4]
    for line in [*lines[at + 1 : at + 5], *signature]:
        line = re.sub(r"^(?:The|Your)\s+", "", line.strip())
        stripped = _TEAM_TAIL.sub("", line).strip(" ,|–-")
        if stripped and stripped != line and re.match(_NAME, stripped) and not is_title(stripped):
            return _tidy_company(stripped)
    return None


def is_title(text: str) -> bool:
    """Whether a signature line is a job title rather than a company."""
    return re.search(r"\b(?:manager|director|head|lead|officer|partner|coordinator|specialist|recruiter|advisor|assistant|founder|president|senior|global|corporate|technical|university|campus|early)\b", text, re.IGNORECASE) is not None


def _company_of_domain(message: Message, letter: Letter) -> str | None:
    """The sender's domain spelt as the mail itself spells it; a bare domain is no name."""
    if message.sender is None or in_domain(message.sender.domain, RELAY_DOMAINS | FREE_MAIL):
        return None
    label = message.sender.domain.split(".")[-2] if message.sender.domain.count(".") else ""
    key = re.sub(r"[^a-z0-9]", "", label)
    if len(key) < 3:
        return None
    for match in re.finditer(rf"{_NAME}(?: (?:{_NAME}|&|and|of)){{0,4}}", f"{letter.text}\n{message.subject}"):
        words = match.group().split()
        for size in range(len(words), 0, -1):
            for start in range(len(words) - size + 1):
                candidate = " ".join(words[start : start + size])
                if re.sub(r"[^a-z0-9]", "", candidate.lower().replace("&", "and")) in (key, key.replace("-", "")):
                    return _tidy_company(candidate)
    return None


def _skills(sentence: str) -> list[str]:
    found = []
    for match in _SKILL.finditer(sentence):
        skill = (match["skill"] or match["before"] or "").strip(" -'’")
        skill = re.sub(r"^(?:more|the|your|their|our|his|her|some|any|working|using|hands-on|experience|direct)\s+", "", skill)
        words = skill.split()
        if 1 <= len(words) <= 5 and words[0].lower() not in _SKILL_BANNED and words[-1].lower() not in _SKILL_BANNED:
            found.append(skill)
    return found


_SKILL_BANNED = frozenset("this that these those it you we us them which who role position job level experience area areas field time and or the a is more what how our your".split())
