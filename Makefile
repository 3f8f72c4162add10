# make         what can be made
# make demo    see it work
# make test    everything that must hold before a change goes in

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/pip -qq --disable-pip-version-check
NEEDS  := 3.11
HOSTS  := dagster airflow dbt

.DEFAULT_GOAL := help
.PHONY: help demo test test-bigquery test-integrations $(addprefix test-,$(HOSTS)) bench bench-peers docs lock clean
MAKEFLAGS += --no-print-directory

help:
	@echo 'make demo   set up .venv and watch the engine publish, withhold and explain a night of games'
	@echo 'make test   format, lint, types, layers, tests'
	@echo 'make test-bigquery  the warehouse in BigQuery against an emulator, in environments of its own'
	@echo 'make test-integrations  boxout inside $(HOSTS), each in an environment of its own'
	@echo 'make bench  how long the work takes, and how long the checks add'
	@echo 'make bench-peers  the same work in other tools, in environments of their own'
	@echo 'make docs   write what docs/ holds of the declarations, and the answers in the tutorial'
	@echo 'make lock   renew every lock'
	@echo 'make clean  remove .venv and everything the tools wrote'

demo: $(VENV)/.ready
	@$(BIN)/python examples/demo.py

test: $(VENV)/.ready-dev
	@echo 'format'; $(BIN)/ruff format --check --quiet .
	@echo 'lint';   $(BIN)/ruff check --quiet .
	@echo 'types';  $(BIN)/basedpyright --level warning
	@echo 'layers'; $(BIN)/lint-imports --no-cache > $(VENV)/layers.txt 2>&1 || { cat $(VENV)/layers.txt; exit 1; }
	@echo 'tests';  $(BIN)/pytest -n 2 -q

# The emulator and boxout need different DuckDBs: each has an environment.
test-bigquery: .venv-bigquery/.ready .venv-bqemulator/.ready
	@.venv-bigquery/bin/python -m pytest -n 2 --dist loadfile -q tests/bigquery

test-integrations: $(addprefix test-,$(HOSTS))

# Warnings are the hosts' own here.
$(addprefix test-,$(HOSTS)): test-%: .venv-%/.ready
	@.venv-$*/bin/python -m pytest -q -W default tests/integrations/$*

bench: $(VENV)/.ready
	@for file in benchmarks/bench_*.py; do \
	    test -e "$$file" || { echo 'There is no benchmark yet.'; exit 0; }; \
	    echo "$$file"; $(BIN)/python "$$file" || exit 1; \
	done

# Every tool has what it needs in an environment of its own; all of them have the same DuckDB.
PEERS := bare dbt sqlmesh dagster prefect airflow luigi hamilton

bench-peers: $(VENV)/.ready-dev $(PEERS:%=.venv-peers/%/.ready)
	@$(BIN)/python benchmarks/peers/compare.py

docs: $(VENV)/.ready-dev
	@$(BIN)/boxout docs --pipeline nba --into docs
	@$(BIN)/boxout schema --pipeline nba --into docs/schema
	@$(BIN)/python tests/test_tutorial.py

# Set-up is done once; a changed lock or pyproject.toml does it again.

$(VENV)/.ready: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo 'Installing what boxout runs on into $(VENV) (about a minute, once).'
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	@echo 'Installing what boxout is tested with into $(VENV) (about a minute, once).'
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.ready

.venv-bigquery/.ready: requirements-bigquery.lock pyproject.toml | $(VENV)/bin/python
	@echo 'Installing what the tests against BigQuery need into .venv-bigquery (a minute, once).'
	@$(BIN)/python -m venv .venv-bigquery
	@.venv-bigquery/bin/pip -qq --disable-pip-version-check install --require-hashes -r $<
	@.venv-bigquery/bin/pip -qq --disable-pip-version-check install --no-deps --no-build-isolation -e .
	@touch $@

.venv-bqemulator/.ready: tests/bigquery/emulator.lock | $(VENV)/bin/python
	@echo 'Installing an emulator of BigQuery into .venv-bqemulator (a minute, once).'
	@$(BIN)/python -m venv .venv-bqemulator
	@.venv-bqemulator/bin/pip -qq --disable-pip-version-check install --require-hashes -r $<
	@touch $@

$(HOSTS:%=.venv-%/.ready): .venv-%/.ready: tests/integrations/%.lock pyproject.toml | $(VENV)/bin/python
	@echo 'Installing $* and boxout into .venv-$* (some minutes, once).'
	@$(BIN)/python -m venv .venv-$*
	@.venv-$*/bin/pip -qq --disable-pip-version-check install --require-hashes -r $<
	@.venv-$*/bin/pip -qq --disable-pip-version-check install --no-deps --no-build-isolation -e .
	@touch $@

.venv-peers/%/.ready: benchmarks/peers/locks/%.lock | $(VENV)/bin/python
	@echo 'Installing $* into .venv-peers/$* (a minute, once).'
	@$(BIN)/python -m venv .venv-peers/$*
	@.venv-peers/$*/bin/pip -qq --disable-pip-version-check install --no-deps --require-hashes -r $<
	@touch $@

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < tuple(map(int, "$(NEEDS)".split("."))))' 2> /dev/null || { \
	    echo 'boxout needs Python $(NEEDS) or newer; "$(PYTHON)" is $(shell $(PYTHON) --version 2> /dev/null || echo not there).'; \
	    echo 'Name another one: make PYTHON=/path/to/python$(NEEDS) $(MAKECMDGOALS)'; \
	    exit 1; }
	@echo 'Making $(VENV) with $(shell $(PYTHON) --version 2> /dev/null).'
	@$(PYTHON) -m venv $(VENV)

# Only this target needs uv. The newest versions that pyproject.toml allows, with the hash of every file.

UV ?= uv
LOCK := $(UV) pip compile pyproject.toml --quiet --upgrade --universal --python-version $(NEEDS) \
	--generate-hashes --no-emit-index-url --no-header

lock:
	@command -v $(UV) > /dev/null || { echo 'make lock needs uv; name it: make lock UV=/path/to/uv'; exit 1; }
	@$(LOCK) --group build --output-file requirements.lock
	@$(LOCK) --group dev --constraint requirements.lock --output-file requirements-dev.lock
	@$(LOCK) --group bigquery --output-file requirements-bigquery.lock
	@for host in $(HOSTS); do \
	    $(LOCK) --group $$host --output-file tests/integrations/$$host.lock || exit 1; \
	done
	@$(subst pyproject.toml,tests/bigquery/emulator.in,$(LOCK)) --output-file tests/bigquery/emulator.lock
	@for peer in $(PEERS); do \
	    $(subst pyproject.toml,benchmarks/peers/locks/$$peer.in,$(LOCK)) \
	        --output-file benchmarks/peers/locks/$$peer.lock || exit 1; \
	done
	@git --no-pager diff --stat -- '*.lock'

clean:
	@rm -rf $(VENV) .venv-bigquery .venv-bqemulator $(HOSTS:%=.venv-%) .venv-peers build dist .hypothesis .pytest_cache .ruff_cache .import_linter_cache src/*.egg-info
	@find src tests benchmarks examples -name __pycache__ -type d -prune -exec rm -rf {} +
