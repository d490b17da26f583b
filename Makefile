# Two commands: `make demo` and `make test`. Everything they need is installed into .venv from pyproject.toml.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
AT_ONCE ?= 2

.PHONY: demo test browser lint clean
$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Answerprint needs Python 3.11 or newer; this is %d.%d. Call make with PYTHON=python3.12, say." % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[demo,test]'
	@touch $@

demo: $(STAMP)
	$(BIN)/python -m sample demo/

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/mypy

# The browser tests want a Chromium: the one on PATH, the one that CHROME names, or Playwright's own, which is brought here if neither is.
browser: $(STAMP)
	@$(BIN)/python -m tests.room.browser || $(BIN)/playwright install chromium || true

# Two at a time, a file always whole in one of them; what costs most to make is made once and shared (tests/conftest.py).
test: lint browser
	$(BIN)/python -m pytest -n $(AT_ONCE) --dist loadfile --no-loadscope-reorder

clean:
	rm -rf $(VENV) demo
