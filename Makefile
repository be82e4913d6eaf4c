# Only Python 3.11+ and make are needed. `make help` lists the targets.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

PORT ?= 8000
DEBTORS ?= 2000
DAYS ?= 180
TESTS ?= tests
PROCESSES ?= 2

BIN := .venv/bin
PYTHON := $(BIN)/python
LOCKS := requirements/runtime.txt requirements/assets.txt requirements/demo.txt requirements/dev.txt
STAMP := .venv/installed
# The checks look at no data: they use the empty database of the tests, whatever is configured.
EMBEDDED := env -u DATABASE_URL -u CELERY_BROKER_URL -u DJANGO_SETTINGS_MODULE VAR_DIR=var/tests

.PHONY: help setup demo run test check lint fmt types contracts migrations messages unit assets
.PHONY: chaos benchmark screenshots lock clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name text; do \
		printf '%-18s %s\n' "$$name" "$$text"; done

setup: $(STAMP) ## build .venv from the pinned requirements

$(STAMP): $(LOCKS)
	@found=; \
	for name in $(BOOT_PYTHON) python3.11 python3.12 python3.13 python3.14 python3 python; do \
		if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
			found=$$name; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo 'Python 3.11 or newer is needed.' >&2; exit 1; fi; \
	echo "Building .venv with $$("$$found" --version); this takes about a minute."; \
	rm -rf .venv && "$$found" -m venv .venv || { \
		echo 'This Python cannot make an environment; on Debian: apt install python3-venv' >&2; \
		rm -rf .venv; exit 1; }
	@PIP_CONSTRAINT= "$(PYTHON)" -m pip install --quiet --disable-pip-version-check \
		--require-hashes $(LOCKS:%=-r %)
	@"$(PYTHON)" -m collections_app.fonts
	@touch $@

demo: setup ## a working product with a lifelike portfolio: PORT= DEBTORS= DAYS=
	@exec "$(PYTHON)" manage.py demo --port "$(PORT)" --debtors "$(DEBTORS)" --days "$(DAYS)"

run: setup ## web, worker and beat on DATABASE_URL and CELERY_BROKER_URL: PORT=
	@exec "$(PYTHON)" manage.py demo --port "$(PORT)" --no-seed

test: setup check unit ## everything that CI runs: lint, types, contracts, migrations, tests

check: lint types contracts migrations messages

lint: setup ## style, with ruff
	"$(PYTHON)" -m ruff check .
	"$(PYTHON)" -m ruff format --check .

fmt: setup ## put the style right
	"$(PYTHON)" -m ruff check --fix .
	"$(PYTHON)" -m ruff format .

types: setup ## types, with mypy
	"$(PYTHON)" -m mypy .

contracts: setup ## who may import whom
	"$(BIN)/lint-imports"

migrations: setup ## models and migrations agree, and production settings are sound
	$(EMBEDDED) "$(PYTHON)" manage.py makemigrations --check --dry-run
	@SECRET_KEY=not-a-secret-only-for-this-check-0123456789-abcdefghij-KLMNOPQRST \
	DATA_SECRETS=not-a-secret-only-for-this-check-0123456789-abcdefghij \
	DATABASE_URL=postgres://nobody@nowhere/nothing CELERY_BROKER_URL=redis://nowhere \
	ALLOWED_HOSTS=example.org DJANGO_SETTINGS_MODULE=collections_app.settings.production \
	"$(PYTHON)" manage.py check --deploy --fail-level WARNING

messages: setup ## every string is translated
	$(EMBEDDED) "$(PYTHON)" manage.py update_messages --check

unit: setup
	"$(PYTHON)" -m pytest -n "$(PROCESSES)" $(TESTS)

chaos: setup ## the fault tests at full length
	CHAOS=full "$(PYTHON)" -m pytest -m chaos $(TESTS)

benchmark: setup ## how fast: the night, the intake, the pages, the payments
	"$(PYTHON)" manage.py benchmark nightly
	"$(PYTHON)" manage.py benchmark intake
	"$(PYTHON)" manage.py benchmark pages
	"$(PYTHON)" manage.py benchmark payments

assets: setup ## cut the web font down anew
	@"$(PYTHON)" -m collections_app.fonts

screenshots: setup ## the pictures of the README, from a running demo: PORT=
	"$(PYTHON)" manage.py take_screenshots --port "$(PORT)"

lock: setup ## pin the requirements anew
	for name in runtime assets demo dev; do \
		"$(BIN)/pip-compile" --quiet --no-config --strip-extras --allow-unsafe --generate-hashes \
			--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
			--no-header --output-file requirements/$$name.txt requirements/$$name.in || exit 1; \
	done

clean: ## remove what the checks leave behind; data in var/ stay
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache staticfiles
