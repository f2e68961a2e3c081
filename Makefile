# Everything sets itself up: `make demo` and `make test` work on a fresh clone.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
.DELETE_ON_ERROR:
.PHONY: setup demo demo-postgresql test journeys mariadb models lint scenarios faults faults-short bench bench-verdict pictures lock clean

$(VENV)/.made: requirements.lock pyproject.toml packages/parom-site/pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Parom needs Python 3.11 or newer: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
		-e . -e packages/parom-site
	touch $@

setup: $(VENV)/.made

demo: setup ## HR Helper in production under load: r1 -> r2, and r3 comes back by itself
	$(VENV)/bin/parom demo

demo-postgresql: setup ## the same on a PostgreSQL server, which it starts and stops
	$(VENV)/bin/parom demo --database postgresql

test: setup
	$(PY) -m pytest -q -n 6 --dist loadfile --no-loadscope-reorder
	$(MAKE) -C hrhelper test

lint: setup
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff check --config hrhelper/pyproject.toml hrhelper
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

journeys: setup ## whole ways that `make test` has no time for; some minutes
	$(PY) -m pytest -v -n 4 --dist loadfile -m long \
		tests/journeys tests/recovery tests/adapters/layouts

mariadb: setup ## the whole way on MariaDB, killed servers too; needs mariadb-server installed
	$(PY) -m pytest -v -m "long or not long" tests/adapters/databases/mariadb tests/journeys/test_mariadb.py

scenarios: setup ## releases that are bad in one way each, and what the watch makes of them; long
	$(PY) -m pytest -v -m long tests/scenarios

models: setup ## any sequence of writes, migrations, crashes and returns, on both databases; hours
	$(PY) -m pytest -v -m long tests/models

faults: setup ## every kill point of every step; long
	$(PY) -m tests.faults

faults-short: setup
	$(PY) -m tests.faults --short

bench: setup ## Parom beside the old shell plan; long
	$(PY) -m bench
	$(PY) -m bench.postgresql

bench-verdict: setup ## how often the verdict is wrong, and how soon it is right; some minutes
	$(PY) -m bench.verdict

pictures: setup ## the pictures of the README, of a real deployment; needs Chromium
	$(PY) -m docs.pictures.make

lock: setup
	$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-package parom-site --group dev pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
