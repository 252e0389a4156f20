# What one types here. `make run PYTHON=/usr/bin/python3.12` chooses the Python, else the newest that is there.

VENV = .venv
BIN = $(VENV)/bin
PYTEST = PYTHONSAFEPATH=1 $(BIN)/python -m pytest -n 2 --dist loadfile

.PHONY: run test test-newest test-lowest check lint format style types rooms unused needs tools bench lock man tour
.NOTPARALLEL:

# reconnectd in this terminal, until Ctrl-C.
run:
	@VENV='$(VENV)' PYTHON='$(PYTHON)' sh .ci/venv
	@[ -n "$$HOME" ] || unset HOME; \
	$(BIN)/reconnect init --defaults >/dev/null && PYTHONSAFEPATH=1 exec $(BIN)/python -m reconnectd foreground

test:
	@VENV='$(VENV)' PYTHON='$(PYTHON)' sh .ci/venv test
	$(PYTEST) $(LEFT_OUT)

# The same tests on the newest Python that can be had here; and with the oldest version of all that it needs, but for
# those that start the installed programs over and over, or two servers for each form: these say little about a library.
ONCE = agreement calendar_gone canary clearing clock_jumps cli_service config_catalogue contracts counting_sync \
	departures doctor event_ideas foreground generations hardened init_talk many_weeks moving_house other_starters \
	private_words restoring seen_by slips slips_lost stale_configs sync_machine talks_in_the_calendar tour two_homes two_people \
	unit wiping words_reach_the_calendar
test-newest:
	@$(MAKE) --no-print-directory test VENV=.venv-newest PYTHON="$$(sh .ci/python newest)"

test-lowest:
	@$(MAKE) --no-print-directory test VENV=.venv-lowest PYTHON="$$(sh .ci/python oldest)" LOCKED= LOWEST=1 \
		LEFT_OUT='$(ONCE:%=--ignore=tests/test_%.py)'

# Everything that is asked of a change. `make lint` is the quick part of it; with -k all of it is told at once.
check: lint test

lint: format style types rooms unused needs

format: tools
	$(BIN)/ruff format --check

style: tools
	$(BIN)/ruff check

types: tools
	$(BIN)/mypy

rooms: tools
	$(BIN)/lint-imports --no-logo

unused: tools
	$(BIN)/vulture

needs: tools
	$(BIN)/deptry reconnectd

tools:
	@VENV='$(VENV)' PYTHON='$(PYTHON)' sh .ci/venv test check

bench:
	@VENV='$(VENV)' PYTHON='$(PYTHON)' sh .ci/venv test
	PYTHONPATH=.:tests $(BIN)/python -m bench

# What CI installs: every version, with its hashes. To be made anew when the needs in pyproject.toml change.
lock:
	@VENV='$(VENV)' PYTHON='$(PYTHON)' sh .ci/venv lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade \
		--extra sealed --extra server --group test --group check --output-file requirements-ci.txt pyproject.toml

# The man pages, from the words of --help.
man:
	@VENV='$(VENV)' PYTHON='$(PYTHON)' sh .ci/venv test
	$(BIN)/python docs/manual.py

# The screens of docs/tour.md and docs/first-week.md, from the real programs.
tour:
	@VENV='$(VENV)' PYTHON='$(PYTHON)' sh .ci/venv test
	PYTHONPATH=tests $(BIN)/python docs/tour.py
	PYTHONPATH=tests $(BIN)/python docs/first_week.py
