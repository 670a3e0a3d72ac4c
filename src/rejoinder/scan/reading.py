"""One message of a mailbox: what it is, or why it was left out. Runs wherever the work is done."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from operator import attrgetter

from rejoinder.mail.cleaning import plain_is_enough
from rejoinder.mail.owner import OwnerCount
from rejoinder.mail.parsing import parse, with_id
from rejoinder.mail.roles import mailbox_role
from rejoinder.mail.sources import RawMail, Slice, Source, read_slice
from rejoinder.model.classifier import classify_letter
from rejoinder.model.gate import Gate, stripped
from rejoinder.model.scorer import Scorer
from rejoinder.model.store import gate_of, load_model
from rejoinder.pipeline import Reading, classify, letter_of, read_on
from rejoinder.reply.details import find_application
from rejoinder.resources import corrections_path
from rejoinder.scan.how import LEFT_OUT, How
from rejoinder.scan.threads import Clue, clue_of, course_of
from rejoinder.types import Details, Failure, Label, Letter, Message, Origin, Plan, ReplyRoute, Stage, Verdict

#: The `error` of a Failure that is no failure: the message was left out on purpose.
SKIPPED = "Skipped"
TOO_OLD = "before --since"
_NO_PLAN = Plan(ReplyRoute(False, None, "it does not read like a rejection of your application"), ())
_NO_DETAILS = Details()
#: All that a message has, in order: copying one so takes a third of the time that `replace` does.
_FIELDS = attrgetter(*Message.__slots__)
_NO_LABELS: dict[str, float] = dict.fromkeys(Label, 0.0)


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as it was read by itself; what came before it is not known here."""

    value: Reading | Failure
    source: int
    offset: int
    key: int
    sender: str
    clue: Clue | None


@dataclass(slots=True)
class Read:
    """A piece of work done: its messages in order, and what they say of the mailbox's owner."""

    piece: Slice
    seen: list[Seen] = field(default_factory=list)
    owner: OwnerCount = field(default_factory=OwnerCount)


@dataclass(frozen=True, slots=True)
class Tools:
    """What a worker reads a piece with; models are loaded by path, once a process."""

    scorer: Scorer
    gate: Gate | None
    #: What is said of mail that the gate stops, but for the probabilities.
    no: Callable[..., Verdict]
    #: Whether the user has ever said what a mail really is.
    corrected: bool

    @classmethod
    def of(cls, how: How) -> Tools:
        """The model and its gate."""
        scorer = load_model(how.model)
        no = partial(
            Verdict,
            rejection=False,
            labels=(),
            evidence=(),
            stage=how.stage or Stage.UNKNOWN,
            stage_source="option" if how.stage else "text",
            language="en",
            unsure=False,
            model=scorer.id,
        )
        gate = gate_of(how.model) if how.gated else None
        return cls(scorer, gate, no, corrections_path().exists())


def read_piece(piece: Slice, how: How) -> Read:
    """All messages of a piece of work; whatever is wrong with one stays with that one."""
    out = Read(piece)
    tools = Tools.of(how)
    names = {source.name: at for at, source in enumerate(piece.sources)}
    for item in read_slice(piece):
        at = names.get(item.origin.path, 0)
        if isinstance(item, Failure):
            out.seen.append(Seen(item, at, 0, 0, "", None))
        else:
            out.seen.append(_seen(item, at, how, tools, out.owner))
    return out


def _seen(mail: RawMail, at: int, how: How, tools: Tools, owner: OwnerCount) -> Seen:
    try:
        message = parse(mail.raw, mail.origin, identified=how.every or tools.corrected)
        role = mailbox_role(message, mail.folder, mail.flags)
        owner.add(message, role)
        value = _left_out(message, role, how) or _reading(message, mail.raw, how, tools)
    except Exception as error:  # one trap a message: whatever it does to us, the next one is read
        return Seen(_failure(mail.origin, error), at, mail.offset, _key(None, mail.raw), "", None)
    sender = message.sender.address.lower() if message.sender else ""
    key = _key(message.message_id, mail.raw)
    clue = clue_of(value) if isinstance(value, Reading) else None
    return Seen(value, at, mail.offset, key, sender, clue)


def _failure(origin: Origin, error: Exception) -> Failure:
    return Failure(origin, type(error).__name__, " ".join(str(error).split())[:500])


def _key(message_id: str | None, raw: bytes) -> int:
    data = message_id.encode("utf-8", "replace") if message_id else raw.strip()
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")


def left_out(origin: Origin, reason: str) -> Failure:
    """The value of a message that is left out on purpose."""
    return Failure(origin, SKIPPED, reason)


def _left_out(message: Message, role: str | None, how: How) -> Failure | None:
    if role in LEFT_OUT and role not in how.include:
        return left_out(message.origin, role or "")
    if message.sender and message.sender.address.lower() in how.mine and "sent" not in how.include:
        return left_out(message.origin, "sent")
    if how.since is not None:
        sent = message.date
        if sent is not None and sent.date() < how.since:
            return left_out(message.origin, TOO_OLD)
    return None


def _reading(message: Message, raw: bytes, how: How, tools: Tools) -> Reading:
    probability = 1.0
    if tools.gate is not None and not (tools.corrected and _spoken_of(message)):
        passes, probability = tools.gate.passes([f"{message.subject}\n{body}" for body in _bodies(message)])
        if not passes:
            return _stopped(message, Letter(message.subject, ""), probability, tools)
    letter = letter_of(message)
    text = f"{message.subject}\n{letter.text}"
    if tools.gate is not None and not tools.corrected and tools.gate.passed_by_chance(text, probability):
        return _stopped(message, letter, probability, tools)
    if tools.corrected:
        verdict = classify(letter, stage=how.stage, model=tools.scorer, message_id=message.id)
    else:
        verdict = classify_letter(letter, tools.scorer, how.stage)
    if verdict.rejection:
        return read_on(with_id(message, raw), letter, verdict, today=how.today)
    course = course_of(verdict)
    if how.every and (verdict.rejection is None or course):
        reading = read_on(message, letter, verdict, today=how.today)
        return replace(reading, message=_bare(message))
    named = find_application(message, letter) if course else _NO_DETAILS
    return Reading(_bare(message), letter, verdict, named, _NO_PLAN)


def _stopped(message: Message, letter: Letter, probability: float, tools: Tools) -> Reading:
    verdict = tools.no(probabilities={"rejection": round(probability, 4), **_NO_LABELS})
    return Reading(_bare(message), letter, verdict, _NO_DETAILS, _NO_PLAN)


def _spoken_of(message: Message) -> bool:
    """Whether the user said what this mail is: then no gate may keep it from being read."""
    from rejoinder.corrections import find

    return find(message.id, "") is not None


def _bodies(message: Message) -> list[str]:
    """Every text that a full reading could choose."""
    if plain_is_enough(message):
        return [message.plain] if message.plain.strip() else []
    return [text for text in (message.plain, stripped(message.html or message.plain)) if text.strip()]


def _bare(message: Message) -> Message:
    """A message without its texts: a mailbox holds thousands that are read once and never again."""
    digest, origin, _, _, *rest = _FIELDS(message)
    return Message(digest, origin, "", "", *rest)


def moved(reading: Reading, origin: Origin) -> Reading:
    """The reading of a message that is said to lie elsewhere."""
    digest, _, *rest = _FIELDS(reading.message)
    message = Message(digest, origin, *rest)
    return Reading(message, reading.letter, reading.verdict, reading.details, reading.plan)


def read_again(source: Source, offset: int, key: int, stage: Stage, how: How) -> Reading | None:
    """One message of a source anew, with another stage; None if it is no longer what it was."""
    for item in read_slice(Slice((source,), offset, offset + 1)):
        if isinstance(item, RawMail) and item.offset == offset:
            message = parse(item.raw, item.origin)
            if _key(message.message_id, item.raw) == key:
                letter = letter_of(message)
                verdict = classify(letter, stage=stage, model=how.model, message_id=message.id)
                if verdict.stage_source != "you":
                    verdict = replace(verdict, stage_source="thread")
                return read_on(message, letter, verdict, today=how.today)
    return None


__all__ = ["SKIPPED", "Read", "Seen", "left_out", "moved", "read_again", "read_piece"]
