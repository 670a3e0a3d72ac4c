"""Signatures and footers at the end of a mail."""

from __future__ import annotations

import re

from rejoinder.patterns import folded, lazy
from rejoinder.types import Trimmed

_BETWEEN_PARAGRAPHS = lazy(r"\n[ \t]*\n")
_WORD = lazy(r"\w")
_DELIMITER = lazy(r"^\s*--\s?$")
#: What is read folded: in small letters.
_DEVICE = lazy(
    r"^\s*(?:sent from (?:my|mail|outlook|yahoo)|get outlook for|sent via|sent with|envoyé de mon)\b.{0,60}$"
)
#: A valediction stands alone on its line; what follows it is the writer's name and particulars.
_VALEDICTION = lazy(
    r"^\s*(?:(?:with |many |my |our )?(?:kind(?:est)?|best|warm(?:est)?|good|sincere(?:st)?"
    r"|very best) ?(?:regards|wishes)?"
    r"|regards|sincerely(?: yours)?|yours (?:sincerely|faithfully|truly)|respectfully|cheers"
    r"|thanks(?: again)?|many thanks"
    r"|thank you(?: again)?|all the best|take care|cordially|warmly|with thanks|rgds|br|kr)\s*[,.!\-–]*\s*$"
)
_PARTICULARS = lazy(
    r"\+?\d[\d ().\-/]{7,}|\b(?:tel|phone|mobile|mob|fax|direct|t|m|e|w)\s*[:.]\s|https?://|www\."
    r"|\S+@\S+\.\S+|\|",
    re.IGNORECASE,
)
#: What fine print says, read folded, and for each pattern what it cannot do without: one of these texts.
_FOOTERS = {
    r"unsubscribe": "unsubscribe",
    r"privacy (?:policy|notice|statement)": "privacy ",
    r"all rights reserved": "all rights reserved",
    r"©": "©",
    r"\(c\) ?\d{4}": "(c)",
    r"copyright \d{4}": "copyright ",
    r"view (?:this|it|in|online).{0,30}browser": "browser",
    r"manage (?:your )?(?:preferences|notifications|subscription)": "preferences|notifications|subscription",
    r"(?:this|the) (?:e-?mail|message|communication|transmission).{0,60}(?:confidential|intended|privileged|automatic"
    r"|generated|attachments?|virus|unmonitored|not monitored|sent from an?|sent to|contains)": (
        "confidential|intended|privileged|automatic|generated|attachment|virus|monitored|sent from a|sent to|contains"
    ),
    r"(?:any|its|all) attachments?.{0,60}(?:confidential|intended|privileged|virus)": "attachment",
    r"intended (?:only )?(?:solely )?(?:for|recipient)": "intended ",
    r"(?:do not|don't|please don't) (?:reply|respond) (?:to|directly)": "reply |respond ",
    r"replies to this": "replies to this",
    r"(?:mailbox|inbox|account|address) is (?:not monitored|unattended|unmonitored)": "monitored|unattended",
    r"no-?reply (?:e-?mail|address)": "reply ",
    r"registered (?:in|office|charity|company|number)": "registered ",
    r"company (?:no|number|reg)": "company no|company number|company reg",
    r"(?:company|firm|ltd|limited|plc|llp).{0,40}registered": "registered",
    r"equal[- ]opportunit(?:y|ies) employer": " employer",
    r"powered by": "powered by",
    r"consider the environment": "consider the environment",
    r"if you (?:have )?received this (?:e-?mail|message|communication)": "received this ",
    r"not the intended recipient": "intended recipient",
    r"follow us on": "follow us on",
    r"connect with us on": "connect with us on",
    r"download our app": "download our app",
    r"you (?:are receiving|received|have received) this (?:e-?mail|message|notification)": (
        "receiving this |received this "
    ),
    r"email scanned": "email scanned",
    r"scanned for viruses": "scanned for viruses",
    r"data protection": "data protection",
    r"sent (?:by|via|through|using) .{2,40}(?:applicant|recruit|hiring|system|software|platform)": (
        "sent by|sent via|sent through|sent using"
    ),
    r"case (?:id|number)\s*:": "case id|case number",
}
_FOOTER = lazy("|".join(_FOOTERS))
_FOOTER_WORDS = tuple(dict.fromkeys("|".join(_FOOTERS.values()).split("|")))
#: A footer-like passage that also speaks of the decision stays in the letter.
_DECISIVE = lazy(
    r"application|applied|candida|interview|position|role|unsuccessful|regret|selected|decision|hire|hiring",
    re.IGNORECASE,
)
#: What is said about the candidate's own work stays too, whatever footer words it holds.
_FEEDBACK = lazy(
    r"\byour (?:\w+ )?(?:experience|knowledge|skills?|code|tests?|solution|answers?|understanding|work"
    r"|project|portfolio"
    r"|design|approach|service|background|task|practice|grasp|sense)\b(?! (?:with|on) our (?:web)?site)"
    r"|\byou (?:built|wrote|made|showed|described|presented|lack|lacked|chose|used|designed)\b",
    re.IGNORECASE,
)
_GREETING = lazy(
    r"\s*(?:dear\b.{0,60}|(?:hi|hello|hey|good (?:morning|afternoon|evening))\b.{0,60}[,!:–-])\s*$",
    re.IGNORECASE,
)
_BULLET = lazy(r"\s*(?:[-*•–]\s|p\.?\s?s\b)", re.IGNORECASE)
_SENTENCE_END = lazy(r"(?<!\binc)(?<!\bltd)(?<!\bco)(?<!\bcorp)(?<!\bllc)[.!?]\s*$", re.IGNORECASE)


def cut_endings(text: str) -> tuple[str, list[Trimmed]]:
    """The text without signature block and legal footer, and those."""
    lines = text.rstrip().split("\n")
    cuts: list[Trimmed] = []
    at = _delimiter(lines)
    if at is not None:
        cuts.append(Trimmed("signature", "\n".join(lines[at + 1 :]).strip()))
        lines = lines[:at]
    kept_paragraphs, footers = _cut_footers("\n".join(lines))
    cuts.extend(Trimmed("footer", footer) for footer in footers)
    body, signature = _cut_signature(kept_paragraphs)
    if signature:
        cuts.append(Trimmed("signature", signature))
    return body, [cut for cut in cuts if cut.text]


def is_fine_print(text: str) -> bool:
    """Whether text holds nothing but footers, such as the disclaimer a gateway adds as a part of its own."""
    # Nearly always the first paragraph is none, and there is no need to look for the others.
    first = _BETWEEN_PARAGRAPHS.split(text, maxsplit=1)[0]
    return _is_footer(first) and all(map(_is_footer, _BETWEEN_PARAGRAPHS.split(text)))


def _delimiter(lines: list[str]) -> int | None:
    """The first `--` line that has text above it, and below it no letter with a greeting."""
    if not any(line.strip() == "--" for line in lines):
        return None
    worded = False
    last_greeting = max((i for i, line in enumerate(lines) if _GREETING.match(line)), default=-1)
    for i, line in enumerate(lines):
        if worded and i > last_greeting and _DELIMITER.match(line):
            return i
        worded = worded or bool(line.strip())
    return None


def _cut_footers(text: str) -> tuple[str, list[str]]:
    """Paragraphs of fine print are taken out wherever they stand, the first paragraph excepted."""
    paragraphs = _BETWEEN_PARAGRAPHS.split(text)
    kept: list[str] = []
    footers: list[str] = []
    for paragraph in paragraphs:
        if kept and _is_footer(paragraph):
            footers.append(paragraph.strip())
        else:
            kept.append(paragraph)
    return "\n\n".join(kept), footers


def _is_footer(paragraph: str) -> bool:
    low = folded(paragraph)
    if low.lstrip().startswith(("sent ", "get outlook ", "envoyé ")) and _DEVICE.match(low):
        return True
    if not _WORD.search(paragraph):
        return True
    if not any(word in low for word in _FOOTER_WORDS):
        return False
    found = len(_FOOTER.findall(low))
    if not found:
        return False
    if found == 1 and _DECISIVE.search(paragraph):
        return False
    return found > 2 or _FEEDBACK.search(paragraph) is None


def is_valediction(line: str) -> bool:
    """Whether a line closes a letter, such as `Kind regards,`: names stand below it."""
    return _VALEDICTION.match(folded(line)) is not None


def _cut_signature(text: str) -> tuple[str, str]:
    """What follows the valediction beyond a name: title, company, telephone."""
    lines = text.split("\n")
    at = next((i for i in range(len(lines) - 1, -1, -1) if is_valediction(lines[i])), None)
    if at is None:
        return text.strip(), ""
    rest = [i for i in range(at + 1, len(lines)) if lines[i].strip()]
    if len(rest) <= 1 or _is_prose(lines[rest[0]].lstrip(" -–*•")):
        return text.strip(), ""
    block = [i for i in rest[1:] if not _is_prose(lines[i])]
    if len(block) < len(rest) - 1 and not any(_PARTICULARS.search(lines[i]) for i in block):
        return text.strip(), ""
    cut = set(block)
    kept = [line for i, line in enumerate(lines) if i not in cut]
    return "\n".join(kept).strip(), "\n".join(lines[i].strip() for i in block)


def _is_prose(line: str) -> bool:
    """Whether a line below a valediction still speaks to the reader: sentence, list item, postscript."""
    words = len(line.split())
    if words > 12 or _BULLET.match(line):
        return True
    return words >= 3 and _SENTENCE_END.search(line) is not None and not _PARTICULARS.search(line)
