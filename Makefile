# All commands of the project. It uses four virtual environments, because they need different versions of the same
# libraries: .venv for the program and its tests, .venv-aws for a local AWS, .venv-sam for the SAM CLI, and .venv-bench
# for the other programs that `make bench` measures.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help demo test e2e deploy smoke cost prove browser picture bench peers check types setup format lock clean docs

# The layer has the program's dependencies in the same versions, without those that Lambda includes and those that only
# the command line, or only the fetching of pages, uses.
LOCK_LAYER = $(BIN)/uv pip compile -q --no-header --generate-hashes --python-platform aarch64-manylinux_2_28 \
	--python-version 3.13 -c requirements/dev.txt pyproject.toml requirements/layer.in -o requirements/layer.txt \
	$(addprefix --no-emit-package ,boto3 botocore s3transfer python-dateutil six rich pygments argcomplete waitress protego)

# What the function for full texts needs besides that layer.
LOCK_FULL_TEXT_LAYER = $(BIN)/uv pip compile -q --no-header --generate-hashes --python-platform aarch64-manylinux_2_28 \
	--python-version 3.13 -c requirements/dev.txt --extra full-text pyproject.toml -o requirements/full-text-layer.txt \
	$(addprefix --no-emit-package ,boto3 botocore s3transfer python-dateutil six urllib3 rich pygments argcomplete waitress \
	$(shell sed -n 's/^\([a-z0-9.-]*\)==.*/\1/p' requirements/layer.txt))

help:  ## list the targets
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: .venv/ready  ## archive a few sample feeds into ./my-archive
	@$(BIN)/python seeds/demo/demo.py

test: .venv/ready .venv-aws/ready .venv-sam/ready browser  ## run all tests
	$(BIN)/pytest -n 4

e2e: .venv/ready .venv-aws/ready .venv-sam/ready  ## test sam build and sam deploy on a local AWS
	$(BIN)/pytest tests/e2e

deploy: .venv/ready .venv-sam/ready  ## build, and deploy to your AWS account: make deploy [DEPLOY="--stack NAME"]
	@$(BIN)/python -m deployment.deploy $(DEPLOY)

smoke: .venv/ready  ## look whether a deployed stack works: make smoke STACK=feedarchive
	@$(BIN)/python -m deployment.smoke $(STACK)

cost: .venv/ready  ## measure the functions, and calculate what a month on AWS costs
	@$(BIN)/python -m benchmarks.cost

prove: .venv/ready .venv-aws/ready  ## two simulated months, 1,000 kills over a folder, 300 over S3 with faults (half an hour)
	@$(BIN)/python -m benchmarks.two_months
	@$(BIN)/python -m benchmarks.kills folder
	@$(BIN)/python -m benchmarks.kills s3

browser:  ## install Chromium for the tests of the pages (Debian, as root), unless there is one
	@{ command -v chromium-headless-shell || command -v chromium; } >/dev/null \
	|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get -qq update \
		&& DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends chromium-headless-shell fonts-dejavu-core >/dev/null; } \
	|| echo "The tests of the pages need chromium on the PATH (Debian: sudo apt-get install chromium-headless-shell)."

picture: .venv/ready browser  ## make the picture in the README, from the demo
	@PYTHONPATH="$(CURDIR)" $(BIN)/python docs/make_screenshot.py

bench: .venv/ready .venv-aws/ready .venv-bench/ready peers  ## compare with other programs: make bench [BENCH="--curve"], see BENCH="--help"
	@$(BIN)/python -m benchmarks.peers $(BENCH)

peers:  ## install the other programs for `make bench`, and nginx (Debian, as root)
	@{ command -v sfeed_update && command -v newsboat && command -v /usr/sbin/nginx; } >/dev/null \
	|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get -qq update \
		&& RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends sfeed curl newsboat nginx-light >/dev/null; } \
	|| echo "Programs that are not installed are skipped (Debian: sudo apt-get install sfeed curl newsboat nginx-light)."

check: .venv/ready  ## lint, formatting, types and all tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@$(MAKE) --no-print-directory types test

# In Lambda each function is a folder of top-level modules, and each has a handler.py, so mypy checks them separately.
types: .venv/ready
	$(BIN)/mypy
	@for function in fetch_feeds build_digest read_pages complete_articles; do (cd functions/$$function && MYPYPATH=../../layers/core \
		../../$(BIN)/mypy --config-file ../../pyproject.toml --cache-dir ../../.mypy_cache/$$function *.py) || exit; done

setup: .venv/ready .venv-aws/ready .venv-sam/ready  ## create all environments that the tests need

format: .venv/ready  ## format all code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: .venv/ready  ## rewrite the generated parts of docs/
	$(BIN)/python docs/generate.py

lock: .venv/ready  ## update all locked versions to the newest allowed
	$(BIN)/uv pip compile -q -U --generate-hashes --universal --python-version 3.11 --no-header --extra dev pyproject.toml -o requirements/dev.txt
	$(BIN)/uv pip compile -q -U --generate-hashes --universal --python-version 3.11 --no-header requirements/local-aws.in -o requirements/local-aws.txt
	$(BIN)/uv pip compile -q -U --generate-hashes --universal --python-version 3.11 --no-header requirements/bench.in -o requirements/bench.txt
	$(BIN)/uv pip compile -q -U --generate-hashes --universal --python-version 3.11 --no-header requirements/sam.in -o requirements/sam.txt
	$(LOCK_LAYER)
	$(LOCK_FULL_TEXT_LAYER)

clean:  ## remove the environments and caches
	rm -rf .venv .venv-aws .venv-sam .venv-bench .aws-sam .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/ready: pyproject.toml requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is required: make PYTHON=python3.12 …")'
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

# --no-deps: the list is complete, and older versions of pip find no hash for a requirement with extras.
.venv-sam/ready: requirements/sam.txt
	$(PYTHON) -m venv .venv-sam
	.venv-sam/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements/sam.txt
	@touch $@
