# One door for people and CI: `make demo`, `make test`. Everything lives in .venv; nothing else is installed.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
SHELL := /bin/bash

.PHONY: demo test lint bench clean

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $(INSTALLED)

demo: $(INSTALLED)  ## the whole job on the bundled replica, no network needed
	$(BIN)/cstowatch demo

test: $(INSTALLED) lint  ## everything that must hold, as CI runs it
	$(BIN)/python -m pytest -q -n auto --dist loadgroup

lint: $(INSTALLED)  ## style, types, layers
	$(BIN)/ruff format --check --quiet crawler diffing monitor seeds storage tests bench
	$(BIN)/ruff check --quiet crawler diffing monitor seeds storage tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(INSTALLED)  ## every measurement, one line each
	for module in bench/*.py; do $(BIN)/python -m "bench.$$(basename "$$module" .py)" || exit 1; done

clean:
	rm -rf .venv build dist *.egg-info demo
