"""How many messages were read, left out and why, and what the rejections among them were."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from rejoinder.pipeline import Reading
from rejoinder.scan.batch import reason_of
from rejoinder.types import Failure, Label, Stage

_GROUPS = ("skipped", "labels", "stages", "months")


@dataclass(slots=True)
class Tally:
    """Counts by what was counted, such as `read`, `skipped duplicate` or `labels soft_no`."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, value: Reading | Failure) -> None:
        """Count a message."""
        if isinstance(value, Failure):
            self.counts[f"skipped {reason_of(value)}"] += 1
            return
        self.counts["read"] += 1
        verdict = value.verdict
        if verdict.rejection is None:
            self.counts["cannot_tell"] += 1
        if not verdict.rejection:
            return
        self.counts["rejections"] += 1
        self.counts.update(f"labels {label}" for label in verdict.labels)
        self.counts[f"stages {verdict.stage}"] += 1
        sent = value.message.date
        self.counts[f"months {sent:%Y-%m}" if sent else "months unknown"] += 1

    def restage(self, before: str, after: str) -> None:
        """Count a rejection under another stage."""
        self.counts[f"stages {before}"] -= 1
        self.counts[f"stages {after}"] += 1

    def group(self, name: str) -> dict[str, int]:
        """One group of counts, in the order of what is counted."""
        order: list[str] = [*Label, *Stage]
        found = {
            key.partition(" ")[2]: count for key, count in self.counts.items() if key.startswith(f"{name} ")
        }
        known = [key for key in order if key in found] if name in ("labels", "stages") else []
        # Labels of the user's own come after the five.
        return {key: found[key] for key in (*known, *sorted(set(found).difference(known))) if found[key]}

    def as_json(self, seconds: float) -> dict[str, Any]:
        """The counts as `--summary` writes them; read and all skipped add up to the total."""
        skipped = self.group("skipped")
        counts = self.counts
        return {
            "total": counts["read"] + sum(skipped.values()),
            "read": counts["read"],
            "skipped": skipped,
            "rejections": counts["rejections"],
            "cannot_tell": counts["cannot_tell"],
            **{name: self.group(name) for name in _GROUPS[1:]},
            "seconds": round(seconds, 3),
        }

    def text(self, seconds: float) -> str:
        """The counts in a few lines for a person."""
        all_of = self.as_json(seconds)
        lines = [f"{_count(all_of['total'], 'message')}: {all_of['read']:,} read"]
        if all_of["skipped"]:
            skipped = ", ".join(f"{count:,} {reason}" for reason, count in all_of["skipped"].items())
            lines[0] += f", {sum(all_of['skipped'].values()):,} left out ({skipped})"
        lines[0] += f", in {seconds:.1f} s."
        if all_of["cannot_tell"]:
            lines.append(
                f"{all_of['cannot_tell']:,} could not be judged: another language, or too little text."
            )
        lines.append(f"{_count(all_of['rejections'], 'rejection')}.")
        for name in ("labels", "stages"):
            if all_of[name]:
                lines.append(
                    f"  {name}: "
                    + ", ".join(f"{count:,} {key.replace('_', ' ')}" for key, count in all_of[name].items())
                )
        return "\n".join(lines) + "\n"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
