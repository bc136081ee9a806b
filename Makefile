# One command each; all are safe to repeat and fast the second time.
#   make demo        set up everything and run the demo plant at http://127.0.0.1:8080
#   make test        every test but those that take minutes or measure time
#   make test-long   those, and properties with twice as many examples
#   make check       formatting, lint, types, import contracts, unit tests
#   make bench       the benchmarks (see docs/benchmarks.md)

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := .make

HMI_SOURCES := $(shell find hmi-react -path hmi-react/node_modules -prune -o -path hmi-react/dist -prune -o -type f -print 2>/dev/null)

.PHONY: setup setup-dev demo check lint hmi-check test test-long bench wheel clean browser

setup: $(STAMPS)/runtime $(STAMPS)/hmi

setup-dev: $(STAMPS)/dev $(STAMPS)/hmi

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(STAMPS)/runtime: setup.py $(VENV)/pyvenv.cfg
	@mkdir -p $(STAMPS)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	$(BIN)/python -m compileall -q automation apps || true
	@touch $@

$(STAMPS)/dev: setup.py constraints.txt $(VENV)/pyvenv.cfg
	@mkdir -p $(STAMPS)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@ $(STAMPS)/runtime

$(STAMPS)/npm: hmi-react/package-lock.json
	@command -v npm >/dev/null || { echo "Node.js 20 or newer with npm is needed to build the HMI"; exit 1; }
	@mkdir -p $(STAMPS)
	cd hmi-react && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(STAMPS)/hmi: $(STAMPS)/npm $(HMI_SOURCES)
	cd hmi-react && npm run --silent build
	@touch $@

demo: setup
	$(BIN)/automation demo

lint: $(STAMPS)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

hmi-check: $(STAMPS)/npm
	cd hmi-react && npm run --silent lint && npm run --silent typecheck && npm run --silent test

check: lint hmi-check
	$(BIN)/pytest -q -m "not process and not browser and not contract and not app and not timing and not soak"

browser:
	@tests/browser/ensure-browser

test: setup-dev browser hmi-check
	$(BIN)/pytest -q -m "not timing and not soak"

test-long: setup-dev browser
	$(BIN)/pytest -q -m "timing or soak"
	AUTOMATION_EXAMPLES=100 $(BIN)/pytest -q -m "hypothesis and not timing and not soak"

bench: setup-dev
	$(BIN)/automation bench all

wheel: setup-dev
	$(BIN)/python -m build --wheel --outdir dist .

clean:
	rm -rf $(VENV) $(STAMPS) build dist *.egg-info hmi-react/node_modules hmi-react/dist .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
