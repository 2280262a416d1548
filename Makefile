# Two commands: `make run` shows the program, `make test` proves it.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
DEV    := $(VENV)/.installed-dev

.PHONY: run test lint types unit integration e2e bench browser clean

run: $(STAMP)
	$(BIN)/coach ingest
	$(BIN)/coach serve --demo

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
	  || { echo "Python 3.11, 3.12 or 3.13 is needed; try: make run PYTHON=python3.12"; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -qq --disable-pip-version-check "pip>=25"
	@echo "Installing what the program needs; the first time this takes some minutes."
	$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e .
	touch $(STAMP)

$(DEV): $(STAMP)
	$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $(DEV)

test: $(DEV) browser
	$(MAKE) --no-print-directory lint types
	$(BIN)/python -m pytest

browser: $(DEV)
	$(BIN)/python scripts/find_browser.py

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV)
	$(BIN)/mypy
	$(BIN)/mypy scripts

unit integration e2e: $(DEV)
	$(BIN)/python -m pytest tests/$@

bench: $(STAMP)
	$(BIN)/coach bench

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
