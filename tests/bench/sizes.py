"""How much is measured: everything bounded, so that the whole bench ends within about a quarter of an hour."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """`serial` and `parallel` requests in each of `rounds` to each app; `at_once` of the parallel ones side by side."""

    rounds: int = 3
    serial: int = 100
    parallel: int = 320
    at_once: int = 32
    messages: int = 2000
    calls: int = 1000
    questions: int = 200
    people: int = 5000
    cohorts: int = 60
    imports: int = 2
    questions_each: int = 40
    openings: int = 100
    report_rounds: int = 26
    report_cities: int = 40
    lines: int = 2000
    files: int = 3
    pages: int = 20
    megabytes: int = 10
    slow_milliseconds: int = 100
    prompts: int = 10_000
    limited: int = 600
    a_minute: int = 300
    schedules: int = 10_000
    past: tuple[int, int] = (10_000, 1_000_000)
    due_jobs: int = 2000
    starts: tuple[str, ...] = ("first start", "later start")
    databases: tuple[str, ...] = ("SQLite", "PostgreSQL")


TINY = Sizes(
    rounds=1,
    serial=5,
    parallel=8,
    at_once=4,
    messages=30,
    calls=10,
    questions=4,
    people=40,
    cohorts=3,
    imports=1,
    questions_each=1,
    openings=2,
    report_rounds=2,
    report_cities=3,
    lines=40,
    files=1,
    pages=1,
    megabytes=1,
    slow_milliseconds=10,
    prompts=30,
    limited=8,
    a_minute=600,
    schedules=20,
    past=(20, 60),
    due_jobs=20,
    starts=("first start",),
    databases=("SQLite",),
)
