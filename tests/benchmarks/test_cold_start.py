"""`rejoinder reply` as a whole cold process, against importing scikit-learn in the same run."""

import compileall
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
ROUNDS = 20
REPLY = [sys.executable, "-c", "from rejoinder.cli import main; main()", "reply", "--today", "2026-03-12"]
PLAIN = [*REPLY, str(ROOT / "data/samples/final_round_no.eml")]
HTML = [*REPLY, str(ROOT / "data/samples/ats_form_no.eml")]
SKLEARN = [sys.executable, "-c", "import sklearn"]


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


@pytest.fixture(scope="module")
def best() -> dict[str, float]:
    """The fastest of several interleaved runs: what else the machine does only ever adds."""
    # Installed packages come byte-compiled, scikit-learn too; a checkout does only where that was done.
    compileall.compile_dir(ROOT / "src", quiet=1)
    commands = {"sklearn": SKLEARN, "plain": PLAIN, "html": HTML}
    runs = [{name: seconds(command) for name, command in commands.items()} for _ in range(ROUNDS)]
    return {name: min(run[name] for run in runs) for name in commands}


def test_plain_text(best: dict[str, float]) -> None:
    """A plain-text mail takes at most 0.15 of the import."""
    ratio = best["plain"] / best["sklearn"]
    print(f"\nreply, plain text / import sklearn: {ratio:.3f} (limit 0.15)")
    assert ratio <= 0.15


def test_html(best: dict[str, float]) -> None:
    """An HTML mail takes at most 0.35 of the import."""
    ratio = best["html"] / best["sklearn"]
    print(f"\nreply, HTML / import sklearn: {ratio:.3f} (limit 0.35)")
    assert ratio <= 0.35


def test_memory() -> None:
    """A plain-text mail needs at most 45 MiB."""
    # The process's own high-water mark: what `wait4` reports may be that of the parent it was forked from.
    status = "\nimport sys; sys.stderr.write(open('/proc/self/status').read())"
    code = f"from rejoinder.cli import main\ntry: main()\nexcept SystemExit: pass{status}"
    run = subprocess.run(
        [sys.executable, "-c", code, *PLAIN[3:]], capture_output=True, text=True, check=False
    )
    mebibytes = int(re.search(r"VmHWM:\s+(\d+) kB", run.stderr).group(1)) / 1024
    print(f"\nreply, peak memory: {mebibytes:.1f} MiB (limit 45)")
    assert mebibytes <= 45
