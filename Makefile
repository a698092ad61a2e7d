# make try    a Slack workspace in the browser with the bot and sample data; nothing else needed
# make test   the whole suite
# make chaos  the bot's process killed two hundred times on each database: nothing lost, nothing twice (about ten minutes)
# make simulate  a year of forty cohorts with restarts and faults, watched (about an hour; --days 28 is a month: python -m tests.simulation)
# make mutants  each promise taken away in turn, and which test noticed (about ten minutes; python -m tests.mutants --only WORD)
PYTHON ?= python3
BIN = .venv/bin
PORT ?= 8765

.PHONY: try test check bench mutants chaos simulate lock

try: .venv/ready
	@$(BIN)/cohort sandbox --port $(PORT)

test: .venv/ready
	@$(BIN)/python -m pytest -q -n 2

check: .venv/ready
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

mutants: .venv/ready
	@$(BIN)/python -m tests.mutants

bench: .venv/ready
	@$(BIN)/python -m tests.bench

chaos: .venv/ready
	@$(BIN)/python -m tests.chaos

simulate: .venv/ready
	@$(BIN)/python -m tests.simulation

lock: .venv/ready
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--python-version 3.11 --extra dev pyproject.toml -o requirements.lock

.venv/ready: requirements.lock pyproject.toml
	@echo "Setting up .venv (about a minute, once)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Civic Cohort needs Python 3.11 or newer.")'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch .venv/ready
