"""Real Outlook stores, a `.pst` and an `.ost`, read through `rejoinder.scan`: how many mails there are is known.

    python tests/benchmarks/outlook_store.py [FOLDER]

They come with the npm package `pst-extractor`, whose own listing is what the numbers were checked against.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from downloads import unpacked

from rejoinder import Failure, scan
from rejoinder.scan.batch import reason_of

PACKAGE = "pst-extractor@1.12.0"
#: Mails in each, appointments and contacts not counted.
STORES = {"enron.pst": 71, "pstextractortest@outlook.com.ost": 14}


def main() -> int:
    """Read every store and print what was found; fail where it is not what there is."""
    folder = unpacked(PACKAGE, Path(sys.argv[1]) if len(sys.argv) > 1 else None) / "example" / "testdata"
    wrong = 0
    for name, mails in STORES.items():
        counts: Counter[str] = Counter()
        for value in scan(folder / name, include=("sent", "draft", "spam", "chat")):
            counts[reason_of(value) if isinstance(value, Failure) else "read"] += 1
        print(f"{name}: {dict(counts)} of {mails}")
        wrong += counts.total() != mails or counts["unreadable"] > 0
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
