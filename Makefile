# `make` lists the targets. Everything is installed into .venv, pinned by constraints.txt.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

# Kills on each of the two databases. A run of 300 takes most of an hour.
SEED ?= 7
KILLS ?= 300
# Broker of the rehearsal of production: redis or rabbitmq. MINUTES is its length, or that of a soak.
BROKER ?= redis
# Seeds of the simulation on each database, and the first of them.
SEEDS ?= 1000
FIRST ?= 0
# The lowest and the highest Python that a release is tried with.
PYTHONS ?= python3.11 python3.13
# Share of the requests to providers that fail in a rehearsal, 0 to 1.
FAULTS ?= 0.3

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint types check evaluate bench bench-history bench-judgement crash dagster-suite \
	simulate simulate-bugs chaos rehearse-providers rehearse-production rehearse-backfill simulate-day bench-companies privacy-check \
	screenshots reference dbt bench-warehouse crm-kills restore-drill sbom audit release-check clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(INSTALLED) ## Install everything into .venv

$(INSTALLED): pyproject.toml setup.py constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; choose one with: make setup PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV), a minute or two the first time ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: setup ## Run the whole path on fictional companies and show the result
	@$(BIN)/bg demo

test: setup ## Run the tests
	@$(BIN)/python -m pytest

lint: setup ## Check style and the direction of imports
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/lint-imports

types: setup ## Check types
	@$(BIN)/mypy

check: lint types test ## Lint, types and tests

bench: setup ## Measure speed beside its baselines, about ten minutes; see docs/performance.md
	@$(BIN)/python -m benchmarks

dagster-suite: setup ## Run Dagster's own storage tests on our storage classes
	@$(BIN)/python -m pip download --quiet --no-deps --no-binary dagster -c constraints.txt \
		-d $(VENV)/dagster-source dagster
	@tar xzf $(VENV)/dagster-source/dagster-*.tar.gz -C $(VENV)/dagster-source --strip-components 1 \
		--wildcards '*/dagster_tests'
	@PYTHONPATH=$(VENV)/dagster-source DAGSTER_SOURCE=1 $(BIN)/python -m pytest -n 0 -q \
		-o addopts= -o filterwarnings= bg_orchestration_tests/ops/test_dagster_suite.py

bench-history: setup ## Compare queries on a long history in PostgreSQL with an empty database
	@$(BIN)/python -m benchmarks.history

evaluate: setup ## Read labelled titles, judge labelled companies; report accuracy and reliability
	@$(BIN)/python -m benchmarks.evaluate

bench-warehouse: setup ## Export the groups of 100,000 companies from both databases; print speed and memory
	@$(BIN)/python -m benchmarks.warehouse 100000

bench-judgement: setup ## Judge 100,000 people of one company against naive substring rules
	@$(BIN)/python -m benchmarks.judgement

crash: setup ## Kill processes at random, then check every promise: SEED=7 KILLS=300
	@$(BIN)/python -m bg_orchestration_tests.crash --seed $(SEED) --kills $(KILLS)

simulate: setup ## Simulate the system by seed on both databases, check every history: SEEDS=1000 FIRST=0
	@$(BIN)/python -m bg_orchestration_tests.simulation --seeds $(SEEDS) --first $(FIRST)

simulate-bugs: setup ## Put known bugs of queues back one at a time; the simulation must find each
	@$(BIN)/python -m bg_orchestration_tests.simulation --bugs

chaos: MINUTES ?= 0.5
chaos: setup ## Run the system while its surroundings misbehave, then check: SEED=7 MINUTES=0.5
	@$(BIN)/python -m bg_orchestration_tests.chaos --seed $(SEED) --minutes $(MINUTES)

rehearse-providers: setup ## Refresh companies on provider stubs that fail often: SEED=7 FAULTS=0.3
	@$(BIN)/python -m bg_orchestration_tests.rehearsal --seed $(SEED) --faults $(FAULTS)

rehearse-production: MINUTES ?= 10
rehearse-production: setup ## Load and kill a fleet on PostgreSQL, PgBouncer, Redis: SEED=7 MINUTES=10
	@$(BIN)/python -m bg_orchestration_tests.production --seed $(SEED) --minutes $(MINUTES) --broker $(BROKER)

rehearse-backfill: setup ## Backfill 200 companies on failing providers, on both databases, while events arrive
	@$(BIN)/python -m bg_orchestration_tests.rehearsal.backfill --seed $(SEED) --database sqlite
	@$(BIN)/python -m bg_orchestration_tests.rehearsal.backfill --seed $(SEED) --database postgres

simulate-day: setup ## Simulate a day of 10,000 companies under a virtual clock; print its summary
	@$(BIN)/python -m bg_orchestration_tests.simulated_day --seed $(SEED)

bench-companies: setup ## Measure sensor, schedule and Dagit's pages with 10,000 and 100,000 companies
	@$(BIN)/python -W ignore -m benchmarks.many_companies --companies 10000
	@$(BIN)/python -W ignore -m benchmarks.many_companies --companies 100000

crm-kills: KILLS := 200
crm-kills: setup ## Kill the writers of both CRMs between request and record: SEED=7 KILLS=200
	@$(BIN)/python -m bg_orchestration_tests.destinations.crm.kills --seed $(SEED) --kills $(KILLS)

privacy-check: setup ## Run a whole demo, then search what it left for the people of the sample
	@$(BIN)/python -m bg_orchestration_tests.privacy

screenshots: setup ## Take the pictures of docs/ in a headless Chromium
	@$(BIN)/python -m bg_orchestration_tests.screenshots

reference: setup ## Write docs/reference.md and the tables of docs/webhooks.md from the code
	@$(BIN)/python -W ignore -m bg_orchestration_tests.documents

# dbt needs other versions of shared libraries than the package, so it has its own environment.
DBT := dbt/.venv

$(DBT)/.installed: dbt/requirements.txt dbt/constraints.txt
	@test -x $(DBT)/bin/python || $(PYTHON) -m venv $(DBT)
	@echo "Installing dbt into $(DBT) ..."
	@$(DBT)/bin/python -m pip install --quiet --disable-pip-version-check \
		-c dbt/constraints.txt -r dbt/requirements.txt
	@touch $@

dbt: setup $(DBT)/.installed ## Build and test the dbt package on an export of the sample
	@rm -rf dbt/target && mkdir dbt/target
	@$(BIN)/python -W ignore -m bg_orchestration_tests.destinations.warehouse.sample_groups \
		dbt/target/export
	@cd dbt && BG_WAREHOUSE=target/export .venv/bin/dbt build --profiles-dir .
	@cd dbt && BG_WAREHOUSE=target/export .venv/bin/dbt source freshness --profiles-dir .

# Tools that look at the installed packages have an environment of their own, outside of that set.
TOOLS := build/tools

$(TOOLS)/.installed:
	@test -x $(TOOLS)/bin/python || $(PYTHON) -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check \
		build==1.6.1 cyclonedx-bom==7.5.0 pip-audit==2.10.1 pip-licenses==5.5.5
	@touch $@

restore-drill: setup ## Back up a working system, lose it, restore both databases, repeat the events
	@RESTORE_DRILL=1 $(BIN)/python -m pytest -n 0 -q bg_orchestration_tests/deploy/test_restore.py

sbom: setup $(TOOLS)/.installed ## Write build/sbom.json (CycloneDX) and list the packages by licence
	@$(TOOLS)/bin/cyclonedx-py environment --output-reproducible --output-format JSON \
		--pyproject pyproject.toml --output-file build/sbom.json $(BIN)/python
	@$(TOOLS)/bin/pip-licenses --python $(BIN)/python --order license --format csv \
		--output-file build/licences.csv
	@$(TOOLS)/bin/pip-licenses --python $(BIN)/python --summary --order count
	@echo "build/sbom.json and build/licences.csv"

audit: $(TOOLS)/.installed ## Look for known vulnerabilities of the pinned packages; needs pypi.org
	@$(TOOLS)/bin/pip-audit --strict --requirement constraints.txt --no-deps --disable-pip --timeout 30 || \
		{ echo "A package is vulnerable, or pypi.org could not be asked about it: see above."; exit 1; }

release-check: $(TOOLS)/.installed ## Build the committed state, install wheel and sdist elsewhere, run the demo
	@PYTHONS="$(PYTHONS)" BUILD="$(abspath $(TOOLS))/bin/python" sh deploy/release-check

clean: ## Remove .venv, caches and the stored data in .bg
	rm -rf $(VENV) $(DBT) dbt/target dbt/logs .bg .pytest_cache .mypy_cache .ruff_cache .hypothesis build ./*.egg-info
