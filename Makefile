# Every target may be run again from a half-finished state: setup.sh completes or rebuilds .venv.
# Without make: sh setup.sh && .venv/bin/copydesk run seeds/

.DEFAULT_GOAL := help
.PHONY: help setup run test lint soak lock wheel clean

ARTICLES ?= seeds/
PYTEST_ARGS ?=
BIN := .venv/bin

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup:  ## make .venv with what copydesk needs to run
	@sh setup.sh

run: setup  ## set up, then process ARTICLES (seeds/); the desk stays in ./desk
	@$(BIN)/copydesk run $(ARTICLES)

lint:  ## formatting, lint and types
	@sh setup.sh dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint  ## set up with the test tools, then lint, types and the tests
	$(BIN)/python -m pytest -m "not soak" $(PYTEST_ARGS)

soak:  ## the long runs: conservation under kills, fuzzing
	@sh setup.sh dev
	$(BIN)/python -m pytest -m soak --timeout=0 $(PYTEST_ARGS)

# Pins stay where they are unless pyproject.toml asks for more; `make lock UPGRADE=1` takes the newest of all.
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-config --custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)

# What builds copydesk itself; hatchling takes `editables` for an editable install.
BUILD_REQUIRES = $(BIN)/python -c "import tomllib; \
	print(*tomllib.load(open('pyproject.toml', 'rb'))['build-system']['requires'], sep='\n')"

lock:  ## write the lock files anew from pyproject.toml (UPGRADE=1: newest versions)
	@[ -x $(BIN)/python ] || sh setup.sh dev
	@$(BIN)/python -m pip install --quiet 'uv>=0.9,<1'
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) pyproject.toml --extra dev -c requirements.lock -o requirements-dev.lock
	{ $(BUILD_REQUIRES); echo editables; } | $(LOCK) - -c requirements-dev.lock -o requirements-build.lock

wheel:  ## build dist/copydesk-*.whl
	@sh setup.sh dev
	$(BIN)/python -m hatchling build -t wheel

clean:  ## remove .venv, caches and built files; the desk, the inbox and what is beside them stay
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -not -path './desk/*' -prune -exec rm -rf {} +
