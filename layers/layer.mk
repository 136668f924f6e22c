# What the Makefiles of both layers share. `sam build` runs them, one target per architecture, in the project's root
# (WorkingDirectory in template.yaml) and with ARTIFACTS_DIR set. pip selects the wheels for Lambda's machine, whatever
# machine this is, and refuses any file without a hash. Neither Docker nor another Python is needed.
PYTHON ?= python3
MANYLINUX := 2_34 2_31 2_28 2_27 2_26 2_24 2_17
# The tests set this to their own interpreter, to build a layer for it and for this machine.
LAYER_INTERPRETER ?=
SITE = $(ARTIFACTS_DIR)/python
# Bytecode halves a cold start, and only the same version of Python can compile it. Without one, the layer has none.
# `make deploy` sets LAYER_COMPILER to one that it found.
LAYER_COMPILER ?=
COMPILER := $(or $(LAYER_INTERPRETER),$(LAYER_COMPILER),$(shell python3.13 -c 'import sys; print(sys.executable)' 2>/dev/null))

for = $(if $(LAYER_INTERPRETER),--only-binary :all:,--only-binary :all: --implementation cp --python-version 3.13 \
	$(foreach glibc,$(MANYLINUX),--platform manylinux_$(glibc)_$(1)) --platform manylinux2014_$(1))

# $(call install,REQUIREMENTS,ARCHITECTURE)
define install
	@test -n "$(ARTIFACTS_DIR)" -a -f $(1) || { echo "run this through sam build, in the project's root"; exit 2; }
	$(or $(LAYER_INTERPRETER),$(PYTHON)) -m pip install --quiet --disable-pip-version-check --no-compile --no-deps \
		--require-hashes $(call for,$(2)) --target "$(SITE)" -r $(1)
	rm -rf "$(SITE)/bin"
endef

# Bytecode is not checked against the time of the source file, which a zip does not keep; so the same sources make the
# same layer.
define compile
	find "$(SITE)" -name __pycache__ -prune -exec rm -rf {} +
	$(if $(COMPILER),$(COMPILER) -m compileall -q -s "$(SITE)" -p /opt/python --invalidation-mode unchecked-hash "$(SITE)",\
		@echo "python3.13 not found: building the layer without bytecode, which about doubles the time of a cold start")
endef
