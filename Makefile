# Every verb sets up what it needs. PYTHON chooses the Python that .venv is made from.
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo reseller install-on-linode dask-cluster test test-examples check coverage bench format stub docs release pythons peer programs clean

help:  ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.ready  ## Make .venv: the project in place, its extras, the development tools
	@$(BIN)/python -m compileall -q src  # what pip does for what it installs, and not for a project in place

.venv/.ready: pyproject.toml requirements/dev.txt tools/setup.py
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not installed: Python 3.11 or later is needed" >&2; exit 1; }
	@echo "setting up .venv: a minute or so, once"
	@$(PYTHON) tools/setup.py
	@touch $@

demo: setup  ## A Linode created in the sandbox, followed until it runs
	@$(BIN)/python -m linode.sandbox.demo

reseller: .venv-examples/.ready  ## An application: visitors sign up and get a server of their own
	@$(call run,reseller)

install-on-linode: .venv-examples/.ready  ## An application: a button that installs your software in the visitor's account
	@$(call run,install_on_linode)

dask-cluster: .venv-examples/.ready  ## A Dask cluster on four machines of the sandbox, which are processes here
	@PYTHONPATH=examples exec .venv-examples/bin/python -m dask_cluster demo

# Its files go to build/; exec, so that Ctrl-C reaches it alone.
run = DATA_DIR=$${DATA_DIR:-build/$(1)} PYTHONPATH=examples exec .venv-examples/bin/python -m $(1)

test: check peer test-examples  ## Everything CI does: check, then all tests
	$(BIN)/python -m pytest -n auto

test-examples: .venv-examples/.ready  ## The types and tests of examples/, and the page of the sandbox, in a browser, on PostgreSQL and Redis too
	@tools/debian
	.venv-examples/bin/mypy --config-file examples/mypy.ini
	.venv-examples/bin/python -m pytest -c examples/pytest.ini examples -n auto

check: setup  ## Lint, format, types, and whether the generated files are fresh
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pyright --project pyproject.toml
	$(BIN)/python tools/make_contents.py --check
	$(BIN)/python tools/make_aio.py --check
	PYTHONPATH=src:tests/support $(BIN)/python tools/make_coverage.py --check
	PYTHONPATH=src $(BIN)/python tools/make_porting.py --check

coverage: setup  ## How much of the API is described and served, by family (FAMILY="volumes vpcs": what is missing)
	@PYTHONPATH=src:tests/support $(BIN)/python tools/api_coverage.py $(FAMILY)

bench: setup peer  ## The speed of the library, measured (WRITE=1, ONLY="listed read", ROUNDS=9)
	@$(BIN)/python benchmarks/run.py $(if $(WRITE),--write) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(ONLY),--only $(ONLY))

format: setup  ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

stub: setup  ## Write the generated files: the tables of contents and the stubs of linode.aio
	$(BIN)/python tools/make_contents.py
	$(BIN)/python tools/make_aio.py
	PYTHONPATH=src:tests/support $(BIN)/python tools/make_coverage.py
	PYTHONPATH=src $(BIN)/python tools/make_porting.py

docs: .venv-docs/.ready  ## The pages of docs/ and the reference as a site, in build/docs
	@.venv-docs/bin/python tools/make_docs.py

.venv-docs/.ready: requirements/docs.txt tools/setup.py
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not installed: Python 3.11 or later is needed" >&2; exit 1; }
	@echo "setting up .venv-docs: half a minute or so, once"
	@$(PYTHON) tools/setup.py docs
	@touch $@

release: .venv-release/.ready  ## Build the files of a release in dist/ and try them; nothing is published
	@.venv-release/bin/python tools/release.py

.venv-release/.ready: requirements/release.txt tools/setup.py
	@$(PYTHON) tools/setup.py release
	@touch $@

pythons: setup peer  ## The tests of the library with each other Python on PATH, from 3.11 on
	@$(BIN)/python tools/python_versions.py

.venv-examples/.ready: pyproject.toml requirements/examples.txt tools/setup.py
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not installed: Python 3.11 or later is needed" >&2; exit 1; }
	@echo "setting up .venv-examples: a minute or so, once"
	@$(PYTHON) tools/setup.py examples
	@touch $@

PEERS := .venv-peer .venv-peer-2 .venv-peer-3 .venv-peer-5

peer: $(PEERS:=/.ready)  ## Make .venv-peer and its like: other people's clients, which tests and benchmarks run

.venv-peer/.ready: requirements/peer.txt tools/setup.py
	@$(PYTHON) tools/setup.py peer
	@touch $@

.venv-peer-%/.ready: requirements/peer-%.txt tools/setup.py .venv-peer/.ready
	@$(PYTHON) tools/setup.py peer-$*
	@touch $@

JAVASCRIPT := tests/peer/javascript

programs: setup peer .venv-peer-tools/.ready $(JAVASCRIPT)/node_modules/.ready  ## Other people's programs that `make test` leaves out: the JavaScript client, certbot, Ansible
	@tools/debian programs
	$(BIN)/python -m pytest -n auto tests/peer/other_programs.py

$(JAVASCRIPT)/node_modules/.ready: $(JAVASCRIPT)/package.json tools/debian
	@tools/debian programs
	@cd $(JAVASCRIPT) && npm install --silent
	@touch $@

clean:  ## Remove what the verbs made
	rm -rf .venv .venv-3.* .venv-docs .venv-release .venv-examples $(PEERS) .venv-peer-tools $(JAVASCRIPT)/node_modules .venv-lock .mypy_cache .ruff_cache .pytest_cache examples/.pytest_cache .hypothesis build dist
	find src tests tools examples -name __pycache__ -type d -prune -exec rm -rf {} +
