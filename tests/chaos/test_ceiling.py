"""The daily ceiling holds when two processes send at the same time, and when nobody knows whether a message was sent."""

import asyncio
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot import holding
from storage import deliveries, members, outbox, parts
from storage.database import Sessions
from storage.deliveries import Priority, Terms
from storage.models import Delivery
from storage.outbox import Parcel
from tests import cast

NOW = datetime(2026, 10, 1, 15, 0, tzinfo=UTC)
UNASKED = Terms(own_accord=True, any_hour=True, priority=Priority.NUDGE)
LEASE = timedelta(seconds=60)


async def owe(sessions: Sessions, messages: int, terms: Terms = UNASKED) -> None:
    """So many messages that nobody asked for to Ana, all due; she takes two a day."""
    async with sessions.begin() as session:
        people = await cast.enter(session)
        for number in range(messages):
            text = {"text": f"Nudge {number}."}
            assert await deliveries.owe(session, people["Ana"], f"nudge:{number}", text, at=NOW, terms=terms)


async def take(session: AsyncSession, limit: int) -> list[Parcel]:
    """What a sender would send now, of so many that it takes."""
    return await holding.hold_back(session, await outbox.take_due(session, cast.OFFICE, NOW, LEASE, limit), NOW)


async def test_what_another_process_is_sending_counts(sessions: Sessions) -> None:
    await owe(sessions, 4)
    async with sessions.begin() as session:
        first = await take(session, 2)
    async with sessions.begin() as session:
        second = await take(session, 2)
    assert (len(first), second) == (2, [])


async def test_what_another_process_takes_at_the_same_moment_counts(sessions: Sessions) -> None:
    await owe(sessions, 4)

    async def in_its_own_transaction() -> int:
        async with sessions.begin() as session:
            return len(await take(session, 2))

    sent = await asyncio.gather(in_its_own_transaction(), in_its_own_transaction())
    assert sum(sent) == 2


async def test_two_messages_sent_at_the_same_moment_count_as_two(sessions: Sessions) -> None:
    await owe(sessions, 3)
    async with sessions.begin() as session:
        for parcel in await take(session, 2):
            await outbox.all_sent(session, [outbox.Sent(parcel.delivery, NOW)])
    async with sessions.begin() as session:
        assert await take(session, 2) == []


async def test_what_may_have_been_sent_is_neither_held_back_nor_dropped_before_it_was_looked_for(
    sessions: Sessions,
) -> None:
    """It was taken before closing time, the process died, and the lease ran out in the evening or when it was too late."""
    await owe(sessions, 1, Terms(own_accord=True, priority=Priority.PROMPT, expires_at=NOW + timedelta(days=2)))
    async with sessions.begin() as session:
        [parcel] = await take(session, 1)
        ran_out = datetime.now(UTC) - timedelta(seconds=1)
        query = update(Delivery).where(Delivery.program_id == parcel.delivery.program_id)
        await session.execute(query.values(leased_until=ran_out))
    for moment in (NOW + timedelta(hours=9), NOW + timedelta(days=3)):
        async with sessions.begin() as session:
            taken = await outbox.take_due(session, cast.OFFICE, moment, timedelta(), 1)
            assert [one.delivery.unclear_since for one in taken] == [ran_out]
            assert await holding.hold_back(session, taken, moment) == taken
            assert await holding.hold_back(session, taken, moment, looked_for=True) == []


async def test_what_may_not_go_now_does_not_join_the_last_message(sessions: Sessions) -> None:
    await owe(sessions, 2)
    others = {
        "joins": UNASKED,
        "by day": Terms(own_accord=True, priority=Priority.NUDGE),
        "too late": Terms(own_accord=True, any_hour=True, priority=Priority.NUDGE, expires_at=NOW),
    }
    await owe_more(sessions, others)
    night = NOW + timedelta(hours=10)
    async with sessions.begin() as session:
        kept = await holding.hold_back(session, await outbox.take_due(session, cast.OFFICE, night, LEASE, 2), night)
    assert [[owed.key for owed in parcel.owed] for parcel in kept] == [["nudge:0"], ["nudge:1", "joins"]]


async def test_a_message_that_waited_keeps_the_quiet_hours_of_all_its_parts(sessions: Sessions) -> None:
    """At ten both could go; at one in the afternoon only one of them."""
    await owe(sessions, 0)
    hours = {"early": (time(6), time(7)), "morning": (time(12), time(9))}
    await owe_more(
        sessions,
        {
            key: Terms(own_accord=True, priority=Priority.NUDGE, quiet_from=at, quiet_until=until)
            for key, (at, until) in hours.items()
        },
    )
    one_o_clock = NOW + timedelta(hours=3)
    async with sessions.begin() as session:
        carrier, joining = await outbox.take_due(session, cast.OFFICE, NOW, LEASE, 2)
        await parts.join(session, [(carrier.delivery, joining.delivery)], NOW)
        await outbox.held(session, carrier.delivery, one_o_clock)
    async with sessions.begin() as session:
        taken = await outbox.take_due(session, cast.OFFICE, one_o_clock, LEASE, 2)
        assert [len(parcel.owed) for parcel in taken] == [2]
        assert await holding.hold_back(session, taken, one_o_clock) == []
    async with sessions() as session:
        assert await outbox.next_due(session, cast.OFFICE) == NOW + timedelta(hours=23)  # nine the next morning


async def owe_more(sessions: Sessions, wanted: dict[str, Terms]) -> None:
    async with sessions.begin() as session:
        ana = await members.by_identity(session, cast.TEAM, cast.user_id("Ana"))
        assert ana
        for key, terms in wanted.items():
            assert await deliveries.owe(session, ana, key, {"text": f"{key}."}, at=NOW, terms=terms)
