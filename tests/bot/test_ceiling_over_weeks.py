"""The ceiling over weeks of random messages: never more than it permits on a local day, and nothing is lost or said twice."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from bot import holding
from handlers import calendar
from storage import deliveries, members, outbox
from storage.database import Sessions, connect
from storage.days import Days
from storage.deliveries import Priority, Terms
from storage.models import Delivery, Owed, Program
from storage.outbox import Parcel
from tests import cast, databases

ZONES = {"Ana": "America/Chicago", "Keola": "Pacific/Honolulu"}
STATES = {"Ana": Days("TN"), "Keola": Days("HI")}
QUIET = ((None, None), (time(20), time(6)), (time(16, 30), time(10)), (time(12), time(13)))
WEEKS = settings(
    max_examples=12,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),  # a shorter story is another story
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Wish:
    """A message that is owed so many minutes after the start."""

    after: int
    who: str
    terms: Terms
    withdrawn: bool


@dataclass
class Seen:
    """What was sent: (moment, member, the reasons in it)."""

    sent: list[tuple[datetime, str, tuple[Owed, ...]]] = field(default_factory=list)


def _wish(
    after: int,
    who: str,
    priority: Priority,
    quiet: tuple[time | None, time | None],
    any_hour: bool,
    lasts: int,
    gone: int,
) -> Wish:
    expires = cast.START + timedelta(minutes=after, hours=lasts) if lasts else None
    own = {"own_accord": True, "any_hour": any_hour, "priority": priority, "expires_at": expires}
    return Wish(after, who, Terms(**own, quiet_from=quiet[0], quiet_until=quiet[1]), withdrawn=gone == 0)  # type: ignore[arg-type]


wishes = st.builds(
    _wish,
    st.integers(0, 8 * 24 * 4).map(lambda quarter: quarter * 15),
    st.sampled_from(sorted(ZONES)),
    st.sampled_from([Priority.PROMPT, Priority.REMINDER, Priority.NUDGE, Priority.DIGEST]),
    st.sampled_from(QUIET),
    st.booleans(),
    st.sampled_from([0, 0, 6, 30]),
    st.integers(0, 6),
)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        address = databases.sqlite_url(Path(folder))
        asyncio.run(_fill(address))
        yield address


@WEEKS
@given(st.lists(wishes, max_size=30), st.integers(1, 3), st.integers(0, 2**16))
def test_over_weeks_the_ceiling_holds_and_everything_is_sent_expired_or_withdrawn(
    url: str, wanted: list[Wish], ceiling: int, seed: int
) -> None:
    asyncio.run(_live(url, wanted, ceiling, Random(seed)))


async def _fill(url: str) -> None:
    await databases.create_tables(url)
    sessions = connect(url)
    async with sessions.begin() as session:
        await cast.enter(session)
    await sessions.close()


async def _live(url: str, wanted: list[Wish], ceiling: int, chance: Random) -> None:
    sessions = connect(url)
    try:
        await _begin(sessions, ceiling)
        seen, coming = Seen(), dict(enumerate(sorted(wanted, key=lambda wish: wish.after)))
        withdrawn: set[str] = set()
        while (now := await _next(sessions, coming)) is not None:
            for number in [one for one, wish in coming.items() if _moment(wish) <= now]:
                await _owe(sessions, number, coming.pop(number), now)
            await _withdraw_some(sessions, wanted, chance, withdrawn, now)
            await _send(sessions, chance.randint(1, 8), seen, now)
        await _check(sessions, wanted, ceiling, seen, withdrawn)
    finally:
        await sessions.close()


async def _begin(sessions: Sessions, ceiling: int) -> None:
    everything = {"across_programs": "the test begins anew"}
    async with sessions.begin() as session:
        for table in (Owed, Delivery):
            await session.execute(delete(table).execution_options(**everything))
        await session.execute(update(Program).values(daily_ceiling=ceiling).execution_options(**everything))


async def _next(sessions: Sessions, coming: dict[int, Wish]) -> datetime | None:
    async with sessions() as session:
        due = await outbox.next_due(session, cast.OFFICE)
    moments = [*([due] if due else []), *(_moment(wish) for wish in coming.values())]
    return min(moments, default=None)


def _moment(wish: Wish) -> datetime:
    return cast.START + timedelta(minutes=wish.after)


async def _owe(sessions: Sessions, number: int, wish: Wish, now: datetime) -> None:
    async with sessions.begin() as session:
        member = await members.by_identity(session, cast.TEAM, cast.user_id(wish.who))
        assert member
        await deliveries.owe(session, member, str(number), {"text": f"Word {number}."}, at=now, terms=wish.terms)


async def _withdraw_some(
    sessions: Sessions, wanted: list[Wish], chance: Random, withdrawn: set[str], now: datetime
) -> None:
    for number, wish in enumerate(sorted(wanted, key=lambda wish: wish.after)):
        if wish.withdrawn and str(number) not in withdrawn and chance.random() < 0.5:
            async with sessions.begin() as session:
                if await deliveries.withdraw(session, 1, str(number), now):
                    withdrawn.add(str(number))


async def _send(sessions: Sessions, limit: int, seen: Seen, now: datetime) -> None:
    async with sessions.begin() as session:
        taken = await outbox.take_due(session, cast.OFFICE, now, timedelta(minutes=1), limit)
        kept = await holding.hold_back(session, taken, now)
    async with sessions.begin() as session:
        ids = [parcel.delivery.id for parcel in taken]
        over = select(Delivery.id).where(Delivery.program_id == 1, Delivery.id.in_(ids), Delivery.due_at > now)
        over = over.where(Delivery.held_because == holding.CEILING, Delivery.settled_at.is_(None))
        held = set(await session.scalars(over))
        _check_order([parcel for parcel in taken if parcel.delivery.id in held], kept)
        for parcel in kept:
            await outbox.all_sent(session, [outbox.Sent(parcel.delivery, now, "D1", "1.0")])
            who = next(name for name in ZONES if cast.user_id(name) == parcel.delivery.place)
            seen.sent.append((now, who, parcel.owed))


def _check_order(held: list[Parcel], kept: list[Parcel]) -> None:
    """Of what was taken for somebody, nothing waits for the ceiling that is more urgent than what went."""
    for parcel in kept:
        assert list(parcel.owed) == sorted(parcel.owed, key=lambda owed: (owed.priority, owed.id))
    for parcel in held:
        first = parcel.owed[0]
        went = [one.owed[0] for one in kept if one.delivery.place == parcel.delivery.place]
        assert all((one.priority, one.id) < (first.priority, first.id) for one in went)


async def _check(sessions: Sessions, wanted: list[Wish], ceiling: int, seen: Seen, withdrawn: set[str]) -> None:
    a_day = Counter((who, calendar.today(ZONES[who], moment)) for moment, who, _ in seen.sent)
    assert max(a_day.values(), default=0) <= ceiling
    for moment, who, reasons in seen.sent:
        for owed in reasons:
            hours = calendar.outside(owed.quiet_from, owed.quiet_until)
            assert owed.any_hour or calendar.in_working_hours(moment, ZONES[who], STATES[who], hours)
            assert owed.expires_at is None or moment <= owed.expires_at
    said = [owed.key for _, _, reasons in seen.sent for owed in reasons]
    assert len(said) == len(set(said)), "nothing is said twice"
    async with sessions() as session:
        query = select(Owed.key, Delivery.outcome).join(Delivery, Delivery.id == Owed.delivery_id)
        rows = await session.execute(query.where(Owed.program_id == 1))
        outcomes = dict([tuple(row) for row in rows])
    assert len(outcomes) == len(wanted)
    assert set(outcomes.values()) <= {"sent", "expired", "withdrawn"}
    assert {key for key, outcome in outcomes.items() if outcome == "sent"} == set(said)
    assert {key for key, outcome in outcomes.items() if outcome == "withdrawn"} == withdrawn
