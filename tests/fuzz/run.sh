#!/usr/bin/env bash
# Fuzz the reading of mail for a bounded time: run.sh [SECONDS]. Passed over where atheris is not installed.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${PYTHON:-python3}
seconds=${1:-60}
if ! "$python" -c "import atheris" 2>/dev/null; then
  echo "fuzz: atheris is not installed (pip install atheris); passed over" >&2
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/corpus"
find tests/letters -type f ! -name '*.json' -exec cp {} "$work/corpus" \;
# An input that does harm is kept, so that it can be made a test.
PYTHONPATH=src "$python" tests/fuzz/fuzz_mail.py -max_total_time="$seconds" -timeout=5 -rss_limit_mb=600 \
  -max_len=20000 -len_control=0 -artifact_prefix=tests/fuzz/found- "$work/corpus" >"$work/log" 2>&1 || { tail -n 40 "$work/log" >&2; exit 1; }
grep -E "^Done|DONE" "$work/log" | tail -n 2 || true
