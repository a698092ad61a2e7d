"""Four weeks of the simulated year, and that the same seed tells the same people the same things at the same minutes."""

import asyncio
import heapq
from pathlib import Path

from tests import databases
from tests.simulation import life, world
from tests.simulation.acts import Act
from tests.simulation.life import DROPPED, FAULTS, NOBODY, Life

LONG = 60.0  # seconds of the machine; without progress it would go on for ever


async def lived(url: str, seed: int, *, days: int, people: int, restarts: int, faults: int, cohorts: int = 4) -> Life:
    everybody = world.made(seed, networks=2, cohorts=cohorts, people=people)
    async with life.begun(everybody, url, days, restarts, faults) as begun:
        await life.live(begun, days)
    return begun


def test_for_four_weeks_everything_holds_through_restarts_and_faults(tmp_path: Path) -> None:
    found = asyncio.run(lived(databases.sqlite_url(tmp_path), 2026, days=28, people=40, restarts=5, faults=8))
    counts = found.counts
    assert counts["restarts"] == 5
    assert {name: counts.get(name) for name in FAULTS} == dict.fromkeys(FAULTS, 2)
    assert counts[DROPPED] == 1
    assert counts["looks at everything"] >= 28
    assert counts["message: prompt"] > 100
    # Everybody's way to answer was gone, or the year would watch over nothing.
    ways = ("answered in time", "answered late", "answered before the prompt came", "passed", "went away")
    assert all(counts.get(way) for way in ways), counts
    assert all(counts.get(f"message: {kind}") for kind in ("reminder", "summary", "nudge")), counts


async def test_answers_that_are_cut_off_while_slack_bids_the_bot_wait_are_looked_for(tmp_path: Path) -> None:
    everybody = world.made(3, networks=1, cohorts=1, people=40)
    async with life.begun(everybody, databases.sqlite_url(tmp_path), 9, 0, 0) as begun:
        before_anybody_is_asked = world.at_midnight(world.BEGINS, "UTC")
        begun.agenda += [Act(before_anybody_is_asked, NOBODY, kind) for kind in ("cut-off answers", "429")]
        heapq.heapify(begun.agenda)
        async with asyncio.timeout(LONG):
            await life.live(begun, 9)
    assert begun.counts["message: prompt"] > 5
    assert [begun.counts[kind] for kind in ("cut-off answers", "429")] == [1, 1]


def test_the_same_seed_tells_the_same_people_the_same_at_the_same_minutes(tmp_path: Path) -> None:
    sizes = {"days": 9, "people": 14, "restarts": 2, "faults": 4, "cohorts": 2}
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    urls = [databases.sqlite_url(tmp_path / name) for name in ("first", "second")]
    first, second = (asyncio.run(lived(url, 7, **sizes)).told for url in urls)
    assert len(first) > 12
    assert first == second
