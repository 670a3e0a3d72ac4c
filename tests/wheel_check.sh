#!/usr/bin/env bash
# The built wheel, installed in a clean environment, drafts a reply from another folder.
set -euo pipefail
here=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$PYTHON" -m build --outdir "$work/dist" . >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
"$PYTHON" -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check "$work"/dist/*.whl
cp "$here/data/samples/final_round_no.eml" "$work/mail.eml"
cd "$work"
REJOINDER_HOME="$work/home" "$work/venv/bin/rejoinder" reply --today 2026-03-12 mail.eml >draft.txt 2>reading.txt
grep -q '^To: Miriam Osei <miriam.osei@larkfieldrobotics.com>$' draft.txt
grep -q '^Subject: Re: Senior Firmware Engineer - our decision$' draft.txt
grep -q 'A rejection: hard no' reading.txt
! tar tzf "$work"/dist/*.tar.gz | grep -v -E '/(src|tests|templates|models|data/corpus|data/samples|notebooks)/|/(README|CHANGELOG|CONTRIBUTING)\.md$|/(LICENSE|Makefile|pyproject\.toml|PKG-INFO|\.gitignore)$'
echo "the wheel drafts a reply"
