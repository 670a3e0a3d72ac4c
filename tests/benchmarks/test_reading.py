"""Reading a mailbox, without labels, against the standard library's reading of the same file."""

import mailbox
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rejoinder.mail.parsing import parse
from rejoinder.mail.sources import RawMail, read_path

MESSAGES = 2000
ROUNDS = 5
GENERATOR = Path(__file__).parent / "mailboxes.py"


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A mailbox as people export it: 47 MB for a thousand messages."""
    if not GENERATOR.exists():
        pytest.skip("there is no generator of mailboxes here")
    path = tmp_path_factory.mktemp("reading") / "box.mbox"
    subprocess.run([sys.executable, GENERATOR, str(MESSAGES), path], check=True, stdout=subprocess.DEVNULL)
    return path


def ours(path: Path) -> int:
    """Every mail split off, and its headers and text parts decoded."""
    return sum(bool(parse(item.raw, item.origin)) for item in read_path(path) if isinstance(item, RawMail))


def standard(path: Path) -> int:
    """What the standard library has for it."""
    count = 0
    for message in mailbox.mbox(path, create=False):
        count += 1
        for part in message.walk():
            if part.get_content_maintype() == "text":
                payload = part.get_payload(decode=True)
                charset = part.get_content_charset() or "utf-8"
                try:
                    payload.decode(charset, "replace")
                except LookupError:
                    payload.decode("latin-1")
    return count


def test_reading(box: Path) -> None:
    """Reading takes at most 0.25 of a loop over `mailbox.mbox` that decodes the text parts."""
    best = {ours: float("inf"), standard: float("inf")}
    for _ in range(ROUNDS):
        for read in best:
            start = time.process_time()
            count = read(box)
            best[read] = min(best[read], time.process_time() - start)
            # The standard library splits where a sentence begins with From, too.
            assert count == MESSAGES if read is ours else count >= MESSAGES
    ratio = best[ours] / best[standard]
    size = box.stat().st_size / 1e6
    print(f"\nreading / mailbox.mbox: {ratio:.3f} (limit 0.25), {size / best[ours]:.0f} MB/s")
    assert ratio <= 0.25
