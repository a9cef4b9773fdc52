# The commands of the project. Each sets up what it needs first (scripts/setup.sh, quick when nothing changed).
PYTHON := .venv/bin/python
SHELL := /bin/sh

.PHONY: run test setup lint types vectors tests bench lock clean

run:
	@scripts/setup.sh run
	@exec $(PYTHON) -m hallq demo $(ARGS)

# every layer, the cheap ones first
test: setup lint types vectors tests

setup:
	@scripts/setup.sh test

lint: setup
	$(PYTHON) -m ruff check .

types: setup
	$(PYTHON) -m mypy

vectors: setup
	@set -e; for file in firmware_protocols/vectors/*.json; do \
		printf '%s: ' "$$file"; $(PYTHON) -m firmware_protocols check "$$file"; done

# two at a time: most tests wait for a line or a page, not for the processor; with three, pages come too late
tests: setup
	$(PYTHON) -m pytest -n 2 $(ARGS)

bench: setup
	@exec $(PYTHON) -m bench $(ARGS)

# newest versions of everything, for every Python from 3.11, with hashes and without addresses
lock:
	@scripts/lock.sh

clean:
	rm -rf .venv build dist artifacts demo-data .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
