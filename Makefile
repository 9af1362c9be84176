# One door for people and CI: `make demo`, `make test`. Everything lives in .venv; nothing else is installed.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
SHELL := /bin/bash

.PHONY: demo test lint bench soak clean

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $(INSTALLED)

demo: $(INSTALLED)  ## the whole job on the bundled replica, no network needed
	$(BIN)/cstowatch demo

test: $(INSTALLED) lint  ## everything that must hold, as CI runs it
	$(BIN)/python -m pytest -q

lint: $(INSTALLED)  ## style, types, layers
	$(BIN)/ruff check crawler diffing monitor seeds storage tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:
	rm -rf .venv build dist *.egg-info demo
