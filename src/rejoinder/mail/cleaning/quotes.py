"""Where an earlier mail begins inside a mail."""

from __future__ import annotations

import re

from rejoinder.patterns import lazy
from rejoinder.types import Trimmed

_ATTRIBUTION = lazy(
    r"^\s*(?:On\b.{6,200}\bwrote\s*:|(?:Am|Le|El|Il|Op|Den)\b.{6,200}(?:schrieb|écrit|escribió|scritto"
    r"|schreef|skrev).{0,80}:)\s*$",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTION_START = lazy(r"^\s*(?:On\s+\w{2,}|Am\s|Le\s|El\s|Il\s|Op\s|Den\s)", re.IGNORECASE)
_ORIGINAL = lazy(
    r"^\s*(?:>\s*)?[-_=*]{2,}\s*(?:original (?:message|mail|email|appointment)|reply message"
    r"|ursprüngliche nachricht|message d'origine)\s*[-_=*]{0,}\s*$",
    re.IGNORECASE,
)
_FORWARD = lazy(
    r"^\s*(?:[-_=*]{2,}\s*(?:forwarded (?:message|mail|by .{1,60})|weitergeleitete nachricht)\s*[-_=*]*"
    r"|begin forwarded message\s*:)\s*$",
    re.IGNORECASE,
)
#: What headings such as `---- Original Message ----` can begin with.
_RULED = tuple(">-_=*")
_HEADER_LINE = lazy(
    r"^\s*\*?(from|sent|date|to|cc|subject|reply-to|von|gesendet|an|betreff|de|envoyé"
    r"|objet)\s*\*?\s*:\*?\s*\S?",
    re.IGNORECASE,
)
_RULE = lazy(r"^\s*_{10,}\s*$")
#: What mail programs put into an attribution, and people hardly ever: an address, a time or a full date.
_DATED = lazy(r"@|\b(?:19|20)\d\d\b|\d{1,2}[:.]\d\d\b|\d{1,2}[./-]\d{1,2}\b")
_WORD = lazy(r"\w")
_MARKS = lazy(r"^(?:\s*>)+ ?")
#: A mail whose subject begins like this is passed on, not answered.
_FORWARD_SUBJECT = lazy(r"\s*(?:fwd?|wg|tr|rv|i)\s*:", re.IGNORECASE)


def cut_quotes(text: str, subject: str = "") -> tuple[str, list[Trimmed]]:
    """The text without earlier mails quoted in it, and those.

    Lines marked with `>` go wherever they stand, so that answers between or
    below them stay. An unmarked earlier mail goes from its heading to the
    end. A forwarded mail is no quote: only its heading is dropped. Nor is an
    earlier mail with nothing above it, or the first one below a subject that
    says `Fwd:`.
    """
    lines = _unmark_forwards(_unwrap_attributions(text.split("\n")))
    passed_on = _FORWARD_SUBJECT.match(subject) is not None
    kept: list[str] = []
    quoted: list[str] = []
    worded, at = False, 0
    while at < len(lines):
        line = lines[at]
        earlier = _is_original_heading(line) or _is_header_block(lines, at)
        if is_forward_heading(line) or (earlier and (passed_on or not worded)):
            at = _after_heading(lines, at)
            passed_on = False
            continue
        marked = _marked_below(lines, at)
        if earlier or (worded and not marked and _is_attribution(line)):
            quoted.extend(lines[at:])
            break
        cut = line.lstrip().startswith(">") or (marked and _ATTRIBUTION.match(line))
        (quoted if cut else kept).append(line)
        worded = worded or (not cut and _has_word(line))
        at += 1
    if not worded and quoted:  # somebody pasted a quoted mail: the quote is the letter
        return _unquoted(quoted), []
    cut_text = "\n".join(quoted).strip("\n")
    return "\n".join(kept), [Trimmed("quote", cut_text)] if cut_text.strip() else []


def is_forward_heading(line: str) -> bool:
    """Whether a line announces a forwarded mail."""
    return line.lstrip()[:1] in (*_RULED, "b", "B") and _FORWARD.match(line) is not None


def _is_original_heading(line: str) -> bool:
    return line.lstrip()[:1] in _RULED and _ORIGINAL.match(line) is not None


def _has_word(line: str) -> bool:
    return _WORD.search(line) is not None


def _is_attribution(line: str) -> bool:
    return _ATTRIBUTION.match(line) is not None and _DATED.search(line) is not None


def _unquoted(quoted: list[str]) -> str:
    """The mail in quoted lines, without marks and heading."""
    lines = [_MARKS.sub("", line) for line in quoted if not _ATTRIBUTION.match(line)]
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    return "\n".join(lines[_after_heading(lines, first) :] if _is_header_block(lines, first) else lines)


def _unmark_forwards(lines: list[str]) -> list[str]:
    """The lines, with one `>` less where a mail program marked a whole forwarded mail (Apple Mail)."""
    out: list[str] = []
    forwarded = False
    for line in lines:
        marked = line.startswith(">")
        forwarded = is_forward_heading(line) or (forwarded and (marked or not line.strip()))
        out.append(line[1:].removeprefix(" ") if forwarded and marked else line)
    return out


def _unwrap_attributions(lines: list[str]) -> list[str]:
    """`On ... wrote:` on one line where a mail program wrapped it over up to three."""
    out: list[str] = []
    at = 0
    while at < len(lines):
        taken = 1
        if _ATTRIBUTION_START.match(lines[at]) and not _ATTRIBUTION.match(lines[at]):
            wrapped = (" ".join(line.strip() for line in lines[at : at + extra]) for extra in (2, 3))
            taken = next((extra for extra, line in enumerate(wrapped, 2) if _is_attribution(line)), 1)
        taken = min(taken, len(lines) - at)
        out.append(lines[at] if taken == 1 else " ".join(line.strip() for line in lines[at : at + taken]))
        at += taken
    return out


def _marked_below(lines: list[str], at: int) -> bool:
    following = next((line for line in lines[at + 1 : at + 6] if line.strip()), "")
    return following.lstrip().startswith(">")


def _is_header_block(lines: list[str], at: int) -> bool:
    """Whether an Outlook-style heading (From/Sent/To/Subject lines) starts here, or a rule above one."""
    if _RULE.match(lines[at]):
        at = _after_blanks(lines, at + 1)
    names = []
    for line in lines[at : at + 6]:
        match = _HEADER_LINE.match(line) if ":" in line else None
        if not match:
            break
        names.append(match.group(1).lower())
    return len(names) >= 3 and names[0] in ("from", "von", "de", "date", "sent")


def _after_heading(lines: list[str], at: int) -> int:
    """Where the text begins below a heading: its title or rule, if any, and one block of header lines."""
    if not _HEADER_LINE.match(lines[at]):
        at = _after_blanks(lines, at + 1)
    while at < len(lines) and _HEADER_LINE.match(lines[at]):
        at += 1
    return at


def _after_blanks(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at
