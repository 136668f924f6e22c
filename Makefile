# The door to everything. Environments are made beside the code, as they pin other versions of the same libraries:
# .venv for the program and its tests, .venv-aws for a local AWS, .venv-sam for the SAM CLI, .venv-bench for what
# `make bench` compares with.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help demo test e2e deploy cost browser bench peers check types setup format lock clean

# The layer has what the program has, in the same versions, but for what Lambda has itself and what only people use.
LOCK_LAYER = $(BIN)/uv pip compile -q --no-header --generate-hashes --python-platform aarch64-manylinux_2_28 \
	--python-version 3.13 -c requirements/dev.txt pyproject.toml requirements/layer.in -o requirements/layer.txt \
	$(addprefix --no-emit-package ,boto3 botocore s3transfer python-dateutil six rich markdown-it-py mdurl pygments argcomplete)

help:  ## what there is to make
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: .venv/ready  ## archive a few sample feeds into ./my-archive, and look at what is there
	@$(BIN)/python seeds/demo/demo.py

test: .venv/ready .venv-aws/ready .venv-sam/ready browser  ## run every test
	$(BIN)/pytest -n 2

e2e: .venv/ready .venv-aws/ready .venv-sam/ready  ## sam build and sam deploy to a local AWS, and look at all of it
	$(BIN)/pytest tests/e2e

deploy: .venv-sam/ready  ## build, and deploy to your AWS account; asks what it must know the first time
	.venv-sam/bin/sam build
	.venv-sam/bin/sam deploy $(shell grep -qs parameter_overrides samconfig.toml || echo --guided)

cost: .venv/ready  ## what a month on AWS costs, by what was measured and the prices in it
	@PYTHONPATH="$(CURDIR)/tests" $(BIN)/python -m cost

browser:  ## a Chromium for the tests of the pages: the one on the PATH, else Debian's
	@command -v chromium >/dev/null \
	|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get -qq update \
		&& DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends chromium fonts-dejavu-core >/dev/null; } \
	|| echo "The tests of the pages want a chromium on the PATH (Debian: sudo apt-get install chromium)."

bench: .venv/ready .venv-aws/ready .venv-bench/ready peers  ## measure against what people use today: make bench [BENCH="--curve"], see BENCH="--help"
	@PYTHONPATH="$(CURDIR)/layers/core:$(CURDIR)/tests" $(BIN)/python -m bench $(BENCH)

peers:  ## what to measure against, and nginx to serve the feeds: Debian's packages
	@{ command -v sfeed_update && command -v newsboat && command -v /usr/sbin/nginx; } >/dev/null \
	|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get -qq update \
		&& RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends sfeed curl newsboat nginx-light >/dev/null; } \
	|| echo "Measured without what is not installed (Debian: sudo apt-get install sfeed curl newsboat nginx-light)."

check: .venv/ready  ## lint, format, types, and every test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@$(MAKE) --no-print-directory types test

# Each function is a folder of its own in Lambda, with a handler.py each: so they are looked at one by one.
types: .venv/ready
	$(BIN)/mypy
	@for function in fetch_feeds build_digest; do (cd functions/$$function && MYPYPATH=../../layers/core \
		../../$(BIN)/mypy --config-file ../../pyproject.toml --cache-dir ../../.mypy_cache/$$function *.py) || exit; done

setup: .venv/ready .venv-aws/ready .venv-sam/ready  ## make all environments that the tests need

format: .venv/ready  ## put all code into form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: .venv/ready  ## choose the newest versions that pyproject.toml allows
	$(BIN)/uv pip compile -q -U --universal --python-version 3.11 --no-header --extra dev pyproject.toml -o requirements/dev.txt
	$(BIN)/uv pip compile -q -U --universal --python-version 3.11 --no-header requirements/local-aws.in -o requirements/local-aws.txt
	$(BIN)/uv pip compile -q -U --universal --python-version 3.11 --no-header requirements/bench.in -o requirements/bench.txt
	$(BIN)/uv pip compile -q -U --universal --python-version 3.11 --no-header requirements/sam.in -o requirements/sam.txt
	$(LOCK_LAYER)

clean:  ## remove the environments and what the tools left
	rm -rf .venv .venv-aws .venv-sam .venv-bench .aws-sam .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/ready: pyproject.toml requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv-aws/ready: requirements/local-aws.txt
	$(PYTHON) -m venv .venv-aws
	.venv-aws/bin/python -m pip install --quiet --disable-pip-version-check -r requirements/local-aws.txt
	@touch $@

.venv-bench/ready: requirements/bench.txt
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -r requirements/bench.txt
	@touch $@

.venv-sam/ready: requirements/sam.txt
	$(PYTHON) -m venv .venv-sam
	.venv-sam/bin/python -m pip install --quiet --disable-pip-version-check -r requirements/sam.txt
	@touch $@
