"""`python -m tests.bench [--json FILE] [--only WORD …]`: measures everything, prints the tables, and says what is not as expected."""

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from tests import databases
from tests.bench import (
    clock_cost,
    commands,
    figures,
    long_texts,
    page,
    people,
    reporting,
    rounds,
    sandbox_cost,
    searching,
    sending,
    starting,
    statements,
)
from tests.bench.figures import Section
from tests.bench.sizes import Sizes

Urls = Callable[[str], Awaitable[dict[str, str]]]
PARTS = (
    "search",
    "texts",
    "start",
    "statements",
    "commands",
    "people",
    "reports",
    "page",
    "sender",
    "round",
    "clock",
    "sandbox",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="What the bot costs on this machine.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file, too")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS, help="measure these alone")
    given = parser.parse_args()
    measured_on = machine()
    print(measured_on, flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench") as folder, databases.postgres_server() as postgres:
        sections = asyncio.run(_print_all(Sizes(), Path(folder), postgres, given.only))
    if given.json:
        shown = [{"title": one.title, "figures": [figure.as_json() for figure in one.figures]} for one in sections]
        given.json.write_text(json.dumps({"machine": measured_on, "sections": shown}, indent=2, ensure_ascii=False))
    missed = figures.missed(sections)
    print(f"Took {time.monotonic() - started:.0f} seconds. {len(missed)} of the figures are not as expected.")
    return 1 if missed else 0


def machine() -> str:
    """What was measured on; other work on the machine makes all figures worse, so the load before the start stands there, too."""
    python, load = f"Python {platform.python_version()}", os.getloadavg()[0]
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {python}; load before the start {load:.1f}."
    )


async def measure(sizes: Sizes, folder: Path, postgres: str, only: tuple[str, ...] = PARTS) -> AsyncIterator[Section]:
    """The sections one after the other. `postgres` is the address of a server with `{name}` for the database, if it is to be measured."""

    async def new(purpose: str) -> dict[str, str]:
        (folder / purpose).mkdir()
        urls = {"SQLite": databases.sqlite_url(folder / purpose)}
        if "PostgreSQL" in sizes.databases:
            urls["PostgreSQL"] = await databases.new_postgres(postgres, f"bench_{purpose}")
        return urls

    for part in only:
        yield await _measure(part, sizes, folder, new)


async def _measure(part: str, sizes: Sizes, folder: Path, new: Urls) -> Section:
    section: Section
    if part in (without := {"search": searching, "texts": long_texts}):
        section = without[part].measure(sizes)
    elif part in (of_the_sandbox := {"page": page, "sandbox": sandbox_cost}):
        section = await of_the_sandbox[part].measure(sizes)
    elif part == "statements":
        urls = await new(part)
        for url in urls.values():
            await databases.create_tables(url)
        section = await statements.measure(urls, folder)
    elif part == "clock":
        section = await clock_cost.measure(sizes, await new(part), folder)
    else:
        measures = {
            "start": starting,
            "commands": commands,
            "people": people,
            "reports": reporting,
            "sender": sending,
            "round": rounds,
        }
        section = await measures[part].measure(sizes, await new(part))
    return section


async def _print_all(sizes: Sizes, folder: Path, postgres: str, only: tuple[str, ...]) -> list[Section]:
    sections = []
    async for section in measure(sizes, folder, postgres, tuple(only)):
        print(f"\n{figures.table(section)}", flush=True)
        sections.append(section)
    print()
    return sections


if __name__ == "__main__":
    sys.exit(main())
