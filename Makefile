# Two commands: `make up` brings the whole town to this machine, `make test` proves it.
# Needs Python 3.11 or newer and make; everything else is brought into .local and .venv.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help up down clean test check demo bench docs lock env

UV_VERSION := 0.13.9
UV := .local/uv/bin/uv
PACKAGES := shared/src deploy/src services/identity/src services/journal/src services/delegation/src \
            services/notifications/src services/support/src
ONLY ?=
MARKS ?=
SIZE ?=

# The machine's own trusted certificates, as pip uses them: there may be a proxy with one of its own.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS ?= 1
endif
export UV_PYTHON_DOWNLOADS ?= never

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/\1\t\2/' | expand -t 10

up: env ## start PostgreSQL, RabbitMQ and all services with a demo school (SIZE=large: a million marks); show sign-ins
	@.venv/bin/town up $(if $(SIZE),--size $(SIZE)) $(if $(MARKS),--marks $(MARKS))

down: ## stop exactly what `make up` started; data stays
	@if [ -x .venv/bin/town ]; then .venv/bin/town down; fi

clean: ## stop, and delete the data of the local town
	@if [ -x .venv/bin/town ]; then .venv/bin/town clean; fi

test: env ## the whole test suite, on real PostgreSQL and RabbitMQ
	@.venv/bin/pytest $(ARGS)

check: env ## lint, types, import rules, freshness of generated files, each service alone
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy $(PACKAGES)
	.venv/bin/lint-imports
	.venv/bin/town docs --check
	.venv/bin/town alone

demo: env ## play the story of one mark in the running town, with times
	@.venv/bin/town demo

bench: env ## measure; ONLY=name for one row, MARKS=10000000 for a greater city in week_flat; writes .local/bench.json
	@.venv/bin/town bench $(if $(ONLY),--only $(ONLY)) $(if $(MARKS),--marks $(MARKS))

docs: env ## generate EVENTS.md, schemas, AsyncAPI and RabbitMQ definitions from the code
	@.venv/bin/town docs

lock: $(UV) ## renew uv.lock after a change of dependencies
	$(UV) lock

env: .local/env.stamp # the environment, once and after every change of the lock file

.local/env.stamp: $(UV) uv.lock pyproject.toml $(wildcard shared/pyproject.toml services/*/pyproject.toml deploy/pyproject.toml)
	@echo "· .venv"
	@PYTHON=$$(deploy/python.sh) && $(UV) sync --locked --quiet --python "$$PYTHON"
	@touch $@

$(UV): deploy/python.sh
	@echo "· uv $(UV_VERSION)"
	@deploy/bootstrap.sh $(UV_VERSION)
