# Two commands do everything on a fresh machine: `make demo` and `make test`. They need Python 3.11 or newer only.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
LIVE := tests/live/node_modules/.package-lock.json

.PHONY: demo test check generate docs bench live clean

demo: $(STAMP)
	@$(BIN)/codemode demo

test: $(STAMP) live
	$(BIN)/python -m pytest

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy generator runtime schemas generated tests bench docs
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports
	$(BIN)/codemode generate schemas/ioconnect_schemas/examples/wealth_desk.environment.json -o generated/wealth_desk --check

generate: $(STAMP)
	$(BIN)/codemode generate schemas/ioconnect_schemas/examples/wealth_desk.environment.json -o generated/wealth_desk
	$(BIN)/python bench/story_tokens.py --write

docs: $(STAMP)
	$(BIN)/python docs/build_tables.py

bench: $(STAMP) live
	$(BIN)/python bench/story.py
	$(BIN)/python bench/sandbox.py

# The npm packages of the live tests, where npm is; without it those tests say why they are skipped.
live: $(if $(shell command -v npm),$(LIVE))

$(LIVE): tests/live/package-lock.json
	npm ci --prefix tests/live --ignore-scripts --no-audit --no-fund --silent
	@touch $@

$(STAMP): pyproject.toml
	@if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --python $(PYTHON) --allow-existing $(VENV) && uv pip install --quiet --python $(BIN)/python -e . --group dev; \
	else \
	  $(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1' && \
	  $(BIN)/python -m pip install --quiet -e . --group dev; \
	fi
	@touch $@

clean:
	rm -rf $(VENV) tests/live/node_modules .mypy_cache .ruff_cache .pytest_cache
