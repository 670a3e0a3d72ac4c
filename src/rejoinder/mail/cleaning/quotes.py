"""Where an earlier mail begins inside a mail."""

from __future__ import annotations

import re

from rejoinder.types import Trimmed

_ATTRIBUTION = re.compile(
    r"^\s*(?:On\b.{6,200}\bwrote\s*:|(?:Am|Le|El|Il|Op|Den)\b.{6,200}(?:schrieb|écrit|escribió|scritto|schreef|skrev).{0,80}:)\s*$",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTION_START = re.compile(r"^\s*(?:On\s+\w{2,}|Am\s|Le\s|El\s|Il\s|Op\s|Den\s)", re.IGNORECASE)
_ORIGINAL = re.compile(
    r"^\s*(?:>\s*)?[-_=*]{2,}\s*(?:original (?:message|mail|email|appointment)|reply message|ursprüngliche nachricht|message d'origine)\s*[-_=*]{0,}\s*$",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"^\s*(?:[-_=*]{2,}\s*(?:forwarded (?:message|mail|by .{1,60})|weitergeleitete nachricht)\s*[-_=*]*|begin forwarded message\s*:)\s*$",
    re.IGNORECASE,
)
_HEADER_LINE = re.compile(
    r"^\s*\*?(from|sent|date|to|cc|subject|reply-to|von|gesendet|an|betreff|de|envoyé|objet)\s*\*?\s*:\*?\s*\S?",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*_{10,}\s*$")


def cut_quotes(text: str) -> tuple[str, list[Trimmed]]:
    """The text without earlier mails quoted in it, and those.

    Lines marked with `>` go wherever they stand, so that answers between or
    below them stay. An unmarked earlier mail goes from its heading to the
    end. A forwarded mail is no quote: only its heading is dropped.
    """
    lines = _unwrap_attributions(text.split("\n"))
    kept: list[str] = []
    quoted: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if _FORWARD.match(line):
            at = _after_header_block(lines, at + 1)
            continue
        if _ATTRIBUTION.match(line) and (_marked_below(lines, at) or _words(kept)):
            quoted.append(line)
            if not _marked_below(lines, at):
                quoted.extend(lines[at + 1 :])
                break
        elif _words(kept) and (_ORIGINAL.match(line) or _is_header_block(lines, at)):
            quoted.extend(lines[at:])
            break
        elif line.lstrip().startswith(">"):
            quoted.append(line)
        else:
            kept.append(line)
        at += 1
    if not _words(kept) and quoted:  # somebody pasted a quoted mail: the quote is the letter
        return "\n".join(re.sub(r"^(?:\s*>)+ ?", "", line) for line in quoted if not _ATTRIBUTION.match(line)), []
    cut = "\n".join(quoted).strip("\n")
    return "\n".join(kept), [Trimmed("quote", cut)] if cut.strip() else []


def _words(lines: list[str]) -> bool:
    return any(re.search(r"\w", line) for line in lines)


def _unwrap_attributions(lines: list[str]) -> list[str]:
    """`On ... wrote:` on one line where a mail program wrapped it over up to three."""
    out: list[str] = []
    at = 0
    while at < len(lines):
        taken = 1
        if _ATTRIBUTION_START.match(lines[at]) and not _ATTRIBUTION.match(lines[at]):
            for extra in (2, 3):
                joined = " ".join(line.strip() for line in lines[at : at + extra])
                if len(lines) >= at + extra and re.search(r"[\d@]", joined) and _ATTRIBUTION.match(joined):
                    taken = extra
                    break
        out.append(lines[at] if taken == 1 else " ".join(line.strip() for line in lines[at : at + taken]))
        at += taken
    return out


def _marked_below(lines: list[str], at: int) -> bool:
    following = next((line for line in lines[at + 1 : at + 6] if line.strip()), "")
    return following.lstrip().startswith(">")


def _is_header_block(lines: list[str], at: int) -> bool:
    """Whether an Outlook-style heading (From/Sent/To/Subject lines) starts here."""
    if _RULE.match(lines[at]):
        below = at + 1
        while below < len(lines) and not lines[below].strip():
            below += 1
        return below < len(lines) and _is_header_block(lines, below)
    names = []
    for line in lines[at : at + 6]:
        match = _HEADER_LINE.match(line)
        if not match:
            break
        names.append(match.group(1).lower())
    return len(names) >= 3 and names[0] in ("from", "von", "de", "date", "sent")


def _after_header_block(lines: list[str], at: int) -> int:
    while at < len(lines) and (not lines[at].strip() or _HEADER_LINE.match(lines[at])):
        at += 1
    return at
