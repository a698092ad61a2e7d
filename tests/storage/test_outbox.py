"""The outbox: who lost a lease changes nothing any more, and what is unclear stays unclear until it was looked for."""

from datetime import datetime, timedelta

from storage import deliveries, outbox
from storage.database import Sessions
from storage.models import Delivery, Member
from storage.outbox import Parcel
from tests import cast

LEASE = timedelta(minutes=1)
RAN_OUT = timedelta(seconds=-1)


async def owe(sessions: Sessions, at: datetime) -> Member:
    async with sessions.begin() as session:
        ana = (await cast.enter(session))["Ana"]
        assert await deliveries.owe(session, ana, "news", {"text": "News."}, at=at)
    return ana


async def take(sessions: Sessions, now: datetime, lease: timedelta = LEASE) -> Parcel:
    async with sessions.begin() as session:
        [parcel] = await outbox.take_due(session, now, lease, 10)
    return parcel


async def found(sessions: Sessions, member: Member) -> Delivery:
    async with sessions() as session:
        delivery = await deliveries.find(session, member.program_id, "news")
    assert delivery is not None
    return delivery


async def test_who_lost_the_lease_does_not_give_away_that_of_the_next(sessions: Sessions, at: datetime) -> None:
    ana = await owe(sessions, at)
    late = await take(sessions, at, RAN_OUT)
    current = await take(sessions, at)
    async with sessions.begin() as session:
        await outbox.again(session, late.delivery, at)
        await outbox.held(session, late.delivery, at)
        await outbox.closed(session, late.delivery, at, "no_answer")
        await outbox.unclear(session, late.delivery, RAN_OUT)
        assert await outbox.take_due(session, at, LEASE, 10) == []

    delivery = await found(sessions, ana)
    assert (delivery.outcome, delivery.leased_until) == (None, current.delivery.leased_until)


async def test_who_lost_the_lease_still_tells_that_the_message_was_sent(sessions: Sessions, at: datetime) -> None:
    ana = await owe(sessions, at)
    late = await take(sessions, at, RAN_OUT)
    await take(sessions, at)
    async with sessions.begin() as session:
        await outbox.sent(session, late.delivery, at, conversation="D1", ts="1.0")
    delivery = await found(sessions, ana)
    assert (delivery.outcome, delivery.conversation, delivery.ts) == ("sent", "D1", "1.0")


async def test_what_is_unclear_stays_so_while_it_is_held_back(sessions: Sessions, at: datetime) -> None:
    """Else it would be sent in the morning without a look at whether it stands there since yesterday."""
    await owe(sessions, at)
    first = await take(sessions, at, RAN_OUT)
    held = await take(sessions, at)
    assert (first.delivery.unclear_since, held.delivery.unclear_since is not None) == (None, True)
    async with sessions.begin() as session:
        await outbox.held(session, held.delivery, at)

    again = (await take(sessions, at)).delivery
    assert again.unclear_since == held.delivery.unclear_since
    assert again.first_tried_at == first.delivery.first_tried_at


async def test_a_try_that_surely_failed_is_not_unclear(sessions: Sessions, at: datetime) -> None:
    await owe(sessions, at)
    first = await take(sessions, at)
    async with sessions.begin() as session:
        await outbox.again(session, first.delivery, at)
    second = (await take(sessions, at)).delivery
    assert (second.tries, second.unclear_since) == (2, None)
