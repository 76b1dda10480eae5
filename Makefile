# Every target makes .venv itself. PYTHON=python3.13 chooses the interpreter, ARGS="..." is passed on.
.DEFAULT_GOAL := help
.PHONY: help demo test fast lint bench faults ci requirements messages pictures reset clean venv-demo venv-dev
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

PYTHON ?=
export PYTHON
BIN := .venv/bin
RUN := $(BIN)/python
ARGS ?=

help: ## what there is
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

venv-demo:
	@tools/venv demo

venv-dev:
	@tools/venv dev

demo: venv-demo ## prepare the sample conference, serve it and print the addresses; Ctrl-C stops everything
	@$(RUN) manage.py demo $(ARGS)

test: venv-dev ## the whole suite; three processes keep two cores busy, as some tests wait for servers
	@$(RUN) -m pytest -n 3 --dist loadgroup $(ARGS)

fast: venv-dev ## the tests of a minute, for the first loop of a change (tests/fast.py chooses them)
	@$(RUN) -m pytest -n 2 -m fast $(ARGS)

lint: venv-dev ## static checks
	@$(RUN) tools/lint.py $(ARGS)

bench: venv-dev ## measure the figures of the budgets; writes bench/results.json
	@$(RUN) -m bench $(ARGS)

faults: venv-dev ## kill and break everything while 2,000 people register, and count every mail; takes a quarter of an hour
	@$(RUN) -m tests.faults $(ARGS)

ci: lint test ## everything a change must pass
	@$(RUN) manage.py demo --exit | $(RUN) tools/check_demo.py

requirements: venv-dev ## compile requirements/*.in into *.txt with hashes, for Python 3.11 and newer
	@tools/compile_requirements $(ARGS)

pictures: venv-dev ## take the steps of the tutorial in a browser and keep a picture of each in docs/images
	@$(RUN) -m tools.pictures

messages: venv-dev ## collect the texts of the sources into locale/ and compile them
	@$(RUN) -m tools.messages update
	@$(RUN) -m tools.messages compile

reset: venv-demo ## forget the demo: its database, mails, logs and keys
	@$(RUN) -c 'from ops import embedded; embedded.forget()'

clean: ## remove caches and what tools made; the demo's data stays
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache staticfiles bench/results.json
	@find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
