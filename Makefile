# `make` alone lists the targets. Installing is driven by the .ready files: a second `make setup` does nothing.
PYTHON ?= python3
VENV := .venv/bin

# An environment's scripts begin with the path of its python, which cannot have a space or 128 characters: hence `python -m`.
# anvil, forge, cast and solhint come from npm; a native compiler, when SOLC names one, is faster than npm's.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
ifdef SOLC
export FOUNDRY_SOLC := $(SOLC)
endif

# Tests wait for nodes, databases and browsers longer than they work: four share two cores well.
PYTEST := $(VENV)/python -m pytest -n $(or $(WORKERS),4) --dist loadfile --no-loadscope-reorder

# An environment whose Python is gone, or whose checkout was moved since, is made whole again.
ifneq ($(wildcard .venv/.ready),)
$(shell test -x $(VENV)/python && { ! test -s .venv/.ready || grep -qxF "$(CURDIR)" .venv/.ready; } || rm -f .venv/.ready)
endif

# Tests import from their own folder and from tests/, as pytest has it. In one run of mypy all conftest.py of folders would be
# one module: it is given them by names of their own.
TEST_FOLDERS := $(filter-out tests/brownie,$(patsubst %/,%,$(sort $(dir $(wildcard tests/*/*.py)))))
TEST_FILES := $(wildcard tests/*.py) $(filter-out %/conftest.py,$(wildcard $(addsuffix /*.py,$(TEST_FOLDERS))))
empty :=
CONFTESTS := $(wildcard $(addsuffix /conftest.py,$(TEST_FOLDERS)))
CONFTEST_LINKS := $(patsubst tests/%/conftest.py,build/conftests/%_conftest.py,$(CONFTESTS))
TEST_PATH := tools:tests:$(subst $(empty) $(empty),:,$(TEST_FOLDERS))

.DEFAULT_GOAL := help
.PHONY: help setup check contracts wheel sdist chromium test test-long lint format contracts-test gas-check gas-snapshot gas bench-gas bench-mirror bench-scale bench-api bench-scores bench-relay \
	demo brownie prove slither mutate clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' \
		| awk -F'|' '{ printf "  make %-12s %s\n", $$1, $$2 }'

setup: check .venv/.ready node_modules/.ready chromium ## install everything the project needs, once

check:
	@$(PYTHON) tools/setup.py check

.venv/.ready: requirements-dev.txt | check
	@$(PYTHON) tools/setup.py python
	@printf '%s\n' "$(CURDIR)" > $@

node_modules/.ready: package-lock.json package.json .npmrc tools/setup.py | check
	@$(PYTHON) tools/setup.py node
	@touch $@

bench/node_modules/.ready: bench/package-lock.json bench/package.json bench/.npmrc tools/setup.py | check
	@$(PYTHON) tools/setup.py bench
	@touch $@

bench/ponder/node_modules/.ready: bench/ponder/package-lock.json bench/ponder/package.json bench/ponder/.npmrc | check
	@cd bench/ponder && npm install --no-save --no-audit --no-fund
	@touch $@

chromium: | check
	@$(PYTHON) tools/setup.py chromium

.venv-brownie/.ready: requirements-brownie.txt tools/solc | check
	@$(PYTHON) tools/setup.py brownie
	@touch $@

.venv-assurance/.ready: requirements-assurance.txt | check
	@$(PYTHON) tools/setup.py assurance
	@touch $@

bench-mirror: setup bench/ponder/node_modules/.ready ## measure the mirror beside Ponder and the raw limit (EVENTS=500000)
	@$(VENV)/python -m bench.mirror --events $(or $(EVENTS),500000)

bench-scale: setup ## sizes, plans and answers with many entries (ROWS=10000000: 16 GB of disk, ten minutes), to docs/scale.md
	@$(VENV)/python -m bench.scale --rows $(or $(ROWS),10000000)

build/bench/peers/.ready: requirements-bench.txt | setup
	@$(VENV)/python -m pip install --quiet --require-hashes --no-deps --upgrade --target build/bench/peers -r requirements-bench.txt
	@touch $@

bench-scores: setup build/bench/peers/.ready ## all scores, beside networkx and scipy and from a mirror (PARTNERS=100000 DEALS=2000000 MIRRORED=500000)
	@PYTHONPATH=build/bench/peers $(VENV)/python -m bench.scores $(if $(PARTNERS),--partners $(PARTNERS)) \
		$(if $(DEALS),--deals $(DEALS)) $(if $(MIRRORED),--mirrored $(MIRRORED))

bench-api: setup ## how many answers a second the API gives beside a bare route, to bench/api.json (ROWS=1000000: 3 GB of disk)
	@$(VENV)/python -m bench.api --rows $(or $(ROWS),1000000)

bench-relay: setup ## from signature to sent by the relayer, beside a bare transaction, to bench/relay.json (JOBS=100000: jobs behind it)
	@$(VENV)/python -m bench.relay --jobs $(or $(JOBS),100000)

# What is given on the command line of make is in the environment too, where quotes and spaces in it stay what they are.
contracts: setup ## compile the contracts for the package, unless they are compiled as they are
	@$(VENV)/python -m tools.compiling

wheel: contracts ## build the package that is installed without a checkout, into dist/
	$(VENV)/python -m pip --disable-pip-version-check wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

sdist: contracts ## build the source distribution, from which the package is built without a compiler, into dist/
	$(VENV)/python setup.py --quiet sdist

demo: check .venv/.ready node_modules/.ready ## the whole path on sample files, then the portal (ONCE=1: exit when done; ANVIL_PORT=, API_PORT=, FOLDER=)
	@$(VENV)/python -m ledger.cli demo $(if $(ONCE),--once) $(if $(ANVIL_PORT),--anvil-port="$$ANVIL_PORT") \
		$(if $(API_PORT),--api-port="$$API_PORT") $(if $(FOLDER),--folder="$$FOLDER")

# The contracts are compiled three times, by forge, py-solc-x and Brownie, each on one core: the latter two beside forge.
# What fails there fails again below, and is shown there.
test: setup .venv-brownie/.ready ## linters, contracts, gas snapshot, Python tests, Brownie
	@mkdir -p build
	@{ $(VENV)/python -m tools.compiling; tools/brownie compile; } > build/compiling.log 2>&1 & \
		$(MAKE) --no-print-directory lint contracts-test gas-check; failed=$$?; wait; exit $$failed
	$(PYTEST) -m "not long"
	$(MAKE) --no-print-directory brownie

test-long: prove slither ## what `make test` leaves out: proofs, Slither, longer fuzzing and invariants, all faults, some mutants
	FOUNDRY_PROFILE=long forge test --offline --no-match-contract Gas
	$(PYTEST) -m long
	$(MAKE) mutate SAMPLE=$(or $(SAMPLE),20)

prove: .venv-assurance/.ready node_modules/.ready ## prove the arithmetic of shares with halmos
	@.venv-assurance/bin/python tools/prove.py

# Its own build: Slither reads what one whole compilation says, and would run `forge clean` itself.
slither: .venv-assurance/.ready node_modules/.ready ## look for known mistakes in the contracts
	FOUNDRY_PROFILE=slither forge build --offline --force --build-info contracts
	FOUNDRY_PROFILE=slither .venv-assurance/bin/python -m slither . --ignore-compile --foundry-out-directory build/slither/out --fail-pedantic

mutate: setup ## put faults into the contracts and count those the tests notice (SAMPLE=50: that many; SEED=2; FILES=...)
	@$(VENV)/python -m tools.mutation $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED)) $(FILES)

build/conftests/%_conftest.py: tests/%/conftest.py
	@mkdir -p build/conftests
	@ln -sf ../../$< $@

lint: setup $(CONFTEST_LINKS) ## ruff, mypy, import-linter, TypeScript's check of the portal's scripts, solhint
	$(VENV)/python -m ruff check .
	$(VENV)/python -m ruff format --check .
	$(VENV)/python -m mypy
	@MYPYPATH=$(TEST_PATH) $(VENV)/python -m mypy $(TEST_FILES) $(CONFTEST_LINKS)
	$(VENV)/python -c 'from importlinter.cli import lint_imports_command as lint; lint()'
	tsc --project tools/portal
	solhint --disc --noPoster --max-warnings 0 'contracts/**/*.sol'

format: setup ## let ruff and forge rewrite the sources
	$(VENV)/python -m ruff check --fix .
	$(VENV)/python -m ruff format .
	forge fmt contracts tests/contracts tests/symbolic bench/gas bench/peers

contracts-test: setup
	forge test --offline --no-match-contract Gas

# Each call of a gas test is a transaction of its own (--isolate): the 21,000 and the calldata are measured too.
gas-check: setup
	forge test --offline --isolate --match-contract Gas --gas-snapshot-check true
	@$(VENV)/python tools/bench_gas.py check

gas-snapshot: setup
	forge test --offline --isolate --match-contract Gas --gas-snapshot-check false

gas: gas-snapshot ## measure our gas, rewrite the snapshot and the table
	@$(VENV)/python tools/bench_gas.py write

bench-gas: gas-snapshot bench/node_modules/.ready ## measure our gas and that of others, print the table
	@$(VENV)/python tools/bench_gas.py peers
	@$(VENV)/python tools/bench_gas.py write
	@$(VENV)/python tools/bench_gas.py print

brownie: .venv-brownie/.ready node_modules/.ready ## compile, deploy, seed and test with Brownie on its development network
	@$(PYTHON) tools/setup.py port 8545
	tools/brownie compile
	tools/brownie run scripts/deploy.py
	tools/brownie run scripts/seed.py
	tools/brownie test tests/brownie

clean: ## remove what was built and installed
	rm -rf build dist .venv .venv-brownie .venv-assurance node_modules bench/node_modules bench/ponder/node_modules *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
