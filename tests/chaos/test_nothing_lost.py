"""Nothing lost, nothing twice: whatever happens to the bot's process, every prompt and every summary is in Slack exactly once."""

import asyncio
from collections.abc import Callable
from functools import cache

import pytest

from tests.chaos import counting, scenarios
from tests.chaos.counting import Count
from tests.chaos.scenarios import IN_STORMS, KILLED, TWO_BOTS, Scenario

PEOPLE = 20
SEED = 20261122
AT_RANDOM = {"killed ten times at random": scenarios.at_random(SEED, 10)}
IN_SOME_STORMS = {name: IN_STORMS[name] for name in ("a storm of 429", "answers cut off, and looking refused")}
SCENARIOS: dict[str, dict[str, Scenario]] = {
    "sqlite": {**AT_RANDOM, **KILLED, **IN_SOME_STORMS},
    "postgresql": {**AT_RANDOM, **KILLED, **TWO_BOTS},
}
Outcomes = Callable[[str], dict[str, Count | Exception]]


@pytest.fixture(scope="module")
def outcomes(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """What came of all scenarios on a kind of database; they run side by side, since each mostly waits for leases."""

    @cache
    def lived(database: str) -> dict[str, Count | Exception]:
        folder = tmp_path_factory.mktemp(database)
        found = asyncio.run(scenarios.run_all(database, SCENARIOS[database], folder, postgres, people=PEOPLE))
        print(f"\n{database}\n{counting.table([one for one in found.values() if isinstance(one, Count)])}")
        return found

    return lived


@pytest.mark.parametrize(("database", "scenario"), [(kind, name) for kind in SCENARIOS for name in SCENARIOS[kind]])
def test_every_prompt_and_summary_is_in_slack_once(outcomes: Outcomes, database: str, scenario: str) -> None:
    outcome = outcomes(database)[scenario]
    if isinstance(outcome, Exception):
        raise outcome
    assert (outcome.lost, outcome.twice, outcome.unlooked) == (0, 0, 0)
    assert outcome.in_slack == outcome.owed
    assert outcome.kills >= 10 * (scenario in AT_RANDOM) + (scenario in KILLED)
