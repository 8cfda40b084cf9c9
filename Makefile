# Each target prepares .venv by itself: `make demo` in a fresh clone is enough. Nothing is done again while the
# requirements stay the same.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/.ready-to-run
DEVELOP := $(VENV)/.ready-to-develop
# One more than there are cores, up to a point: tests also wait, for disks and for processes that start.
WORKERS ?= $(shell n=$$(nproc); echo $$((n < 7 ? n + 1 : 8)))
# pip says a lot about itself that nobody needs to read here.
PIP := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-input

.DEFAULT_GOAL := help
.PHONY: help demo tour run doctor check lint unit test bench charts pictures crash faults load takeover thorough audit clean

help: ## Say what there is.
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1|/' | awk -F'|' '{printf "make %-8s %s\n", $$1, $$2}'

demo: $(RUN) browser ## Try the bot on a Discord server of its own; no account needed.
	@$(VENV)/bin/python main.py demo $(ARGS)

tour: $(RUN) ## Play the whole flow with six people and print what everyone saw.
	@$(VENV)/bin/python main.py demo --tour

run: $(RUN) ## Run the bot with the token of .env.
	@$(VENV)/bin/python main.py

doctor: $(RUN) ## Find out what keeps the bot from working.
	@$(VENV)/bin/python main.py doctor

lint: $(DEVELOP)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/pyright --warnings
	$(VENV)/bin/lint-imports

unit: $(DEVELOP)
	$(VENV)/bin/pytest -n $(WORKERS) -m "not e2e and not crash"

check: lint unit ## Look for mistakes quickly: style, types, layers, and the tests without the sandbox.

test: browser lint ## Do everything that decides whether a change is good.
	$(VENV)/bin/pytest -n $(WORKERS) --dist worksteal

charts: $(RUN) browser ## Draw the example charts of docs/images/charts anew; ARGS=--measure measures drawing instead.
	@$(VENV)/bin/python -m tests.services.charts.gallery $(ARGS)

bench: browser $(DEVELOP) ## Measure what docs/performance.md tells; ARGS="answers --quick" for a part of it, ARGS=--write to write the tables there.
	@$(VENV)/bin/python -m tests.bench $(ARGS)

pictures: $(DEVELOP) browser ## Take the pictures of the demo's page that README shows anew.
	@$(VENV)/bin/python -m tests.browser.pictures

crash: $(DEVELOP) ## Kill the bot at every point of the flow that is known; `make test` takes a twelfth of them.
	THOROUGH=1 $(VENV)/bin/pytest -n $(WORKERS) -m crash

thorough: browser $(DEVELOP) ## Run all tests with every case of those that take samples in `make test`.
	THOROUGH=1 $(VENV)/bin/pytest -n $(WORKERS) --dist worksteal

faults: $(DEVELOP) ## Play 500 seeds of faults against the bot; ARGS="--runs 50 --first-seed 7 --jobs 2" or ARGS="--seed 7".
	@$(VENV)/bin/python -m tests.faults.run $(or $(ARGS),--runs 500)

load: $(DEVELOP) ## Let 200 members use the bot at once; measure answers and memory.
	@$(VENV)/bin/python -m tests.faults.load $(ARGS)

takeover: $(DEVELOP) ## Measure how soon a process that stands by has taken over; about ten minutes.
	@$(VENV)/bin/python -m tests.e2e.processes.take_over $(ARGS)

# pip-audit's own requirements stay out of .venv. It resolves what the pinned requirements bring along, too.
AUDIT := var/audit
audit: ## Ask PyPI's advisory database about the requirements; needs the internet.
	@$(PYTHON) -m venv --clear $(AUDIT)
	@$(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check --no-input pip-audit
	@$(AUDIT)/bin/pip-audit --requirement requirements.txt --progress-spinner off; \
		status=$$?; rm -rf $(AUDIT); exit $$status

clean: ## Remove the virtual environment and caches; databases stay.
	rm -rf $(VENV) .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# The interpreter itself. A half-made environment (an interrupted run) is made again.
$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed; install it, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V 2>&1)" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || $(MAKE) --no-print-directory python3-venv
	@$(PYTHON) -m venv --clear $(VENV)

.PHONY: python3-venv
python3-venv:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing python3-venv"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null; \
	else \
		echo "Python's venv module is missing; install it first, on Debian and Ubuntu by: sudo apt-get install python3-venv" >&2; exit 1; \
	fi

# Pictures are drawn by a browser without a window, with fonts that have most scripts. The bot works without them, so this
# never stops anything.
FONTS := fonts-noto-core fonts-noto-color-emoji fonts-droid-fallback
.PHONY: browser
browser:
	@needed=chromium-headless-shell; \
	for name in $$BROWSER_PATH chromium-headless-shell chromium chromium-browser google-chrome; do \
		command -v $$name >/dev/null && needed=; \
	done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		dpkg -s $(FONTS) >/dev/null 2>&1 || needed="$$needed $(FONTS)"; \
		[ -z "$$needed" ] || { echo "Installing" $$needed; \
			{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$needed; } >/dev/null 2>&1 \
				|| echo "They could not be installed; pictures need the package chromium-headless-shell (or chromium)" >&2; }; \
	elif [ -n "$$needed" ]; then \
		echo "No browser found; pictures need one: sudo apt-get install chromium-headless-shell $(FONTS)" >&2; \
	fi

$(RUN): requirements.txt | $(VENV)/bin/python
	@echo "Installing what the bot needs into $(VENV)"
	@$(PIP) -r requirements.txt
	@touch $@

$(DEVELOP): requirements.txt requirements-dev.txt | $(VENV)/bin/python
	@echo "Installing what tests and checks need into $(VENV)"
	@$(PIP) -r requirements-dev.txt
	@touch $(RUN) $@
