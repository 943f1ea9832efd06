# LeadConnect. Needed: Python >= 3.11 and make. `make` alone lists the targets.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The first Python of these that is new enough; choose another one with `make PYTHON=/path/to/python setup`.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && command -v "$$p" && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP_INSTALL = "$(BIN)/python" -m pip install -qq --no-compile --no-deps --disable-pip-version-check
# One more than the cores of a small machine: many tests wait for a process, a timer or the database.
PYTEST_WORKERS ?= 3
PYTEST_ARGS ?=
SECONDS ?= 60
ACCOUNTS ?= 1
LEADS ?= 2000
SQL := src/leadconnect/database/migrations

.PHONY: help setup run test check format lint types imports sql security bench fuzz seed migrate schema countries pages lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.development ## Make the virtual environment in .venv and install everything, each file checked by its hash

$(VENV)/.runtime: requirements.txt pyproject.toml
	@if [ -z "$(PYTHON)" ]; then \
		echo "LeadConnect needs Python 3.11 or newer, and there is none on the PATH."; \
		echo "Install one, or name it: make PYTHON=/path/to/python3.12 run"; exit 1; fi
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is $$("$(PYTHON)" --version 2>&1); LeadConnect needs Python 3.11 or newer."; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) lacks its venv module (Debian and Ubuntu: apt install python3-venv)."; exit 1; }
	@echo "Setting up $(VENV) with $$("$(PYTHON)" --version); this takes about half a minute the first time."
	@"$(BIN)/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || "$(PYTHON)" -m venv --clear "$(VENV)"
	@$(PIP_INSTALL) --require-hashes -r requirements.txt
	@$(PIP_INSTALL) --no-build-isolation -e .
	@touch "$@"

$(VENV)/.development: $(VENV)/.runtime requirements-dev.txt
	@echo "Adding the tools for tests and checks."
	@$(PIP_INSTALL) --require-hashes -r requirements-dev.txt
	@touch "$@"

run: $(VENV)/.runtime ## Serve on http://127.0.0.1:3000 (PORT=… for another port), with a PostgreSQL of its own
	@exec "$(BIN)/leadconnect" serve

test: setup ## Run the tests (PYTEST_ARGS=… to choose, PYTEST_WORKERS=… processes)
	@LEADCONNECT_MODEL_RUNS="$${LEADCONNECT_MODEL_RUNS:-100}" "$(BIN)/python" -m pytest -n $(PYTEST_WORKERS) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

check: export LEADCONNECT_MODEL_RUNS ?= 300
check: setup ## Everything that must hold before a change lands; goes on after a failure, so that all of them show
	@$(MAKE) --keep-going format lint types imports sql security test

format: setup
	@"$(BIN)/ruff" format --check

lint: setup
	@"$(BIN)/ruff" check

types: setup
	@"$(BIN)/mypy"

imports: setup
	@"$(BIN)/lint-imports"

sql: setup
	@"$(BIN)/squawk" $(SQL)/*.sql

security: setup
	@"$(BIN)/bandit" --quiet --recursive --configfile pyproject.toml --severity-level medium src
	@! grep -nE '(https?|git|file|ssh)(\+[a-z]+)?://' requirements*.txt || { echo "A requirements file names an address."; exit 1; }

bench: setup ## Measure and write bench/report.md (some minutes)
	@"$(BIN)/python" -m bench

fuzz: setup ## Fuzz the readers of files (SECONDS=60); needs atheris, which is for Linux only: pip install atheris
	@PYTHONPATH=. "$(BIN)/python" tests/fuzz/readers.py -max_len=4096 -max_total_time=$(SECONDS)

seed: $(VENV)/.runtime ## Fill the database with demo data (ACCOUNTS=1 LEADS=2000) and print a log-in
	@"$(BIN)/leadconnect" seed --accounts $(ACCOUNTS) --leads $(LEADS)

migrate: $(VENV)/.runtime ## Bring the database up to date
	@"$(BIN)/leadconnect" migrate

schema: setup ## Write src/leadconnect/database/schema.sql anew from the migrations
	@"$(BIN)/python" -m leadconnect.database.snapshot

countries: setup ## Write src/leadconnect/accounts/countries.tsv anew from the Unicode CLDR
	@"$(BIN)/python" -m leadconnect.accounts.cldr

pages: setup ## Write the answers on the pages of docs/api anew
	@LEADCONNECT_WRITE_PAGES=1 "$(BIN)/python" -m pytest -q tests/docs/test_api.py

lock: setup ## Pin the dependencies anew, with hashes and without an address
	@$(COMPILE) --group build -o requirements.txt
	@$(COMPILE) --constraint requirements.txt --group dev -o requirements-dev.txt

COMPILE = "$(BIN)/uv" pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links

clean: ## Remove what the tools left behind; the virtual environment and ./data stay
	@rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .schemathesis build dist
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
