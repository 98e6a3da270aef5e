# Two commands do everything on a fresh machine: `make demo` and `make test`. They need Python 3.11 or newer only.
PYTHON ?= python3
VENV := .venv
GROUP := dev
BIN := $(VENV)/bin
PLAIN := $(VENV)/.plain
STAMP := $(VENV)/.installed
LIVE := tests/live/node_modules/.package-lock.json tests/fdc3/node_modules/.package-lock.json tests/browser/node_modules/.package-lock.json
WEB := .cache/web-assets/.complete
PEERS := bench/npm/node_modules/.package-lock.json
SUITE := .cache/json-schema-test-suite

.PHONY: help demo test test-all soak check generate docs bench measure live peers web playground clean

demo: $(PLAIN) ## sets up and tells the story
	@$(BIN)/codemode demo

test: $(STAMP) live peers web $(SUITE) ## sets up and runs every test
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadscope

# The suite on every Python of the machine, each in an environment of its own, with a long run of the fuzzer.
# One of pyenv may be installed without being on the path: its name is there, and fails.
PYTHONS = $(foreach minor,11 12 13 14,$(shell python3.$(minor) -c 'import sys; print(sys.executable)' 2>/dev/null \
  || ls -d $(HOME)/.pyenv/versions/3.$(minor).*/bin/python3.$(minor) 2>/dev/null | tail -1))

test-all: ## the same on every Python of the machine, from 3.11 on
	@echo "on: $(PYTHONS)"
	@for python in $(PYTHONS); do \
	  CODEMODE_FUZZ_EXAMPLES=100000 $(MAKE) test PYTHON=$$python VENV=.venv-$$(basename $$python) || exit 1; \
	done

soak: $(STAMP) live ## ten minutes on a gateway, with apps that come and go: memory must stay flat
	$(BIN)/python tests/live/soak.py

check: $(STAMP) ## ruff, mypy strict, pyright strict, import-linter, and that generated/ is current
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy generator runtime schemas generated tests bench docs examples
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports
	$(BIN)/codemode generate schemas/ioconnect_schemas/examples/wealth_desk.environment.json -o generated/wealth_desk --check

generate: $(STAMP) ## rewrites generated/wealth_desk and the demo's token counts
	$(BIN)/codemode generate schemas/ioconnect_schemas/examples/wealth_desk.environment.json -o generated/wealth_desk
	$(BIN)/python bench/story_tokens.py --write

docs: $(STAMP) ## rewrites the tables and examples in docs/ that come from the code
	$(BIN)/python docs/build_tables.py

bench: ## measures, beside the peers, in an environment of its own
	$(MAKE) measure VENV=.venv-bench GROUP=peers

measure: $(STAMP) live peers web
	$(BIN)/python bench/story.py
	$(BIN)/python bench/sandbox.py
	$(BIN)/python bench/bridge.py
	$(BIN)/python bench/generate.py
	$(if $(shell command -v npm),$(BIN)/python bench/live.py)
	$(if $(shell command -v npm),$(BIN)/python bench/browser.py)
	$(BIN)/python bench/definition_tokens.py
	$(BIN)/python bench/search.py --unseen
	$(BIN)/python bench/slips.py
	$(BIN)/python bench/checks.py
	$(BIN)/python bench/tokens.py

# The npm packages of tests/live, tests/fdc3 and tests/browser, where npm is; without it those tests say why they are skipped.
live: $(if $(shell command -v npm),$(LIVE))

# The npm packages that the benches and the token budget are measured on, where npm is.
peers: $(if $(shell command -v npm),$(PEERS))

# What runs in the browser besides our own files: Pyodide, pinned wheels, the schema validator.
web: $(if $(shell command -v npm),$(WEB))

playground: $(STAMP) web ## opens the browser's playground on this machine
	$(BIN)/codemode web build build/web --without-compression
	$(BIN)/codemode web serve build/web

$(WEB): $(STAMP) $(wildcard runtime/ioconnect_codemode/browser/pins/*)
	$(BIN)/codemode web fetch $(@D)
	@touch $@

$(PEERS): bench/npm/package-lock.json
	npm ci --prefix bench/npm --ignore-scripts --no-audit --no-fund --silent
	@touch $@

# Offline the suite can't be fetched: its tests then say why they are skipped.
$(SUITE): tests/suite/fetch.py
	-$(BIN)/python tests/suite/fetch.py

$(LIVE): tests/%/node_modules/.package-lock.json: tests/%/package-lock.json
	npm ci --prefix tests/$* --ignore-scripts --no-audit --no-fund --silent
	@touch $@

# What a user installs; everything else is for tests, checks and benches.
$(PLAIN): pyproject.toml
	@if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --python $(PYTHON) --allow-existing $(VENV) && uv pip install --quiet --python $(BIN)/python -e .; \
	else \
	  $(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1' && \
	  $(BIN)/python -m pip install --quiet -e .; \
	fi
	@touch $@

$(STAMP): $(PLAIN)
	@if command -v uv >/dev/null 2>&1; then \
	  uv pip install --quiet --python $(BIN)/python -e . --group $(GROUP); \
	else \
	  $(BIN)/python -m pip install --quiet -e . --group $(GROUP); \
	fi
	@touch $@

help: ## lists these
	@sed -n 's/^\([a-z-]*\):.*## /make \1|/p' $(firstword $(MAKEFILE_LIST)) | while IFS='|' read -r name text; do \
	  printf '%-16s # %s\n' "$$name" "$$text"; \
	done

clean: ## removes what these have made
	rm -rf $(VENV) .venv-* tests/live/node_modules tests/fdc3/node_modules tests/browser/node_modules bench/npm/node_modules \
	  build .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
