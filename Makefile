# Everything a developer does here. `make` alone says what there is.

PORT ?= 8080
JOBS ?= 2
VENV ?= .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test test-slow lint fuzz faults bench clean

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## /  make \1 — /p' $(MAKEFILE_LIST)
	@echo '  PORT=8080 moves the sandbox; SHORT=1 shortens fuzz, faults and bench; PYTHON=… chooses the Python'

run: $(VENV)/.runs ## a whole county in a browser, to try the bot
	@echo 'The sandbox will be at http://127.0.0.1:$(PORT)/ (Ctrl-C ends it)'
	@$(BIN)/groupbot sandbox --port $(PORT)

test: lint ## style, types, and all tests that need no browser and no server of a platform
	$(BIN)/python -m pytest -m 'not slow' -n $(JOBS) --cov --cov-report=
	$(BIN)/coverage report --include='groupbot/rules/*' --fail-under=100

test-slow: $(VENV)/.tests ## the tests with a real browser and real servers
	$(BIN)/python -m pytest -m slow

lint: $(VENV)/.tests ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fuzz: $(VENV)/.tests ## the property tests with many examples
	$(BIN)/python -m tests.fuzz

faults: $(VENV)/.tests ## crashes, power cuts, full disks and races, again and again, with planted bugs that must be found
	$(BIN)/python -m tests.faults

bench: $(VENV)/.tests ## how fast it is
	$(BIN)/python -m tests.bench

clean: ## remove what make made
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .fuzz .coverage .coverage.* dist build
	find groupbot tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps are renewed when pyproject.toml changes; a second run finds them and starts at once.
$(VENV)/.runs: pyproject.toml | $(BIN)/python
	@echo 'installing what groupbot needs into $(VENV) (once)'
	@$(BIN)/python -m pip install --quiet --editable .
	@touch $@

# Dependency groups came with pip 25.1, which is younger than Python 3.11.
$(VENV)/.tests: pyproject.toml | $(BIN)/python
	@echo 'installing what groupbot and its tests need into $(VENV) (once)'
	@$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@ $(VENV)/.runs

$(BIN)/python:
	@set -e; \
	for python in $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3; do \
	    $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    if $$python -c 'import venv, ensurepip' 2>/dev/null; then \
	        echo "making $(VENV) with $$python"; exec $$python -m venv $(VENV); \
	    fi; \
	    without="$$python"; \
	done; \
	if [ -n "$${without:-}" ]; then \
	    echo "$$without has no venv module: install it (Debian, Ubuntu: apt install python3-venv)"; \
	else \
	    echo 'groupbot needs Python 3.11 or newer: install it, or say where it is: make PYTHON=/path/to/python3.11 …'; \
	fi >&2; \
	exit 1
