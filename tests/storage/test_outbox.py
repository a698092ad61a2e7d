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
        [parcel] = await outbox.take_due(session, cast.OFFICE, now, lease, 10)
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
        assert await outbox.take_due(session, cast.OFFICE, at, LEASE, 10) == []

    delivery = await found(sessions, ana)
    assert (delivery.outcome, delivery.leased_until) == (None, current.delivery.leased_until)


async def test_who_lost_the_lease_still_tells_that_the_message_was_sent(sessions: Sessions, at: datetime) -> None:
    ana = await owe(sessions, at)
    late = await take(sessions, at, RAN_OUT)
    await take(sessions, at)
    async with sessions.begin() as session:
        await outbox.all_sent(session, [outbox.Sent(late.delivery, at, "D1", "1.0")])
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

    again = (await take(sessions, at + timedelta(hours=1))).delivery
    assert again.unclear_since == held.delivery.unclear_since
    assert again.first_tried_at == first.delivery.first_tried_at


async def test_a_try_that_surely_failed_is_not_unclear(sessions: Sessions, at: datetime) -> None:
    await owe(sessions, at)
    first = await take(sessions, at)
    async with sessions.begin() as session:
        await outbox.again(session, first.delivery, at)
    second = (await take(sessions, at)).delivery
    assert (second.tries, second.unclear_since) == (2, None)


async def test_what_is_settled_is_neither_taken_nor_settled_again(sessions: Sessions, at: datetime) -> None:
    ana = await owe(sessions, at)
    parcel = await take(sessions, at, RAN_OUT)
    async with sessions.begin() as session:
        await outbox.all_sent(session, [outbox.Sent(parcel.delivery, at, "D1", "1.0")])
        await outbox.all_sent(session, [outbox.Sent(parcel.delivery, at, "D2", "2.0")])
        await outbox.closed(session, parcel.delivery, at, "no_answer")
        assert await outbox.take_due(session, cast.OFFICE, at, LEASE, 10) == []
    delivery = await found(sessions, ana)
    assert (delivery.outcome, delivery.conversation, delivery.ts) == ("sent", "D1", "1.0")


async def test_what_somebody_is_sending_is_nobody_elses_turn(sessions: Sessions, at: datetime) -> None:
    await owe(sessions, at)
    async with sessions.begin() as session:
        assert await outbox.next_due(session, cast.OFFICE) == at
        assert await outbox.take_due(session, cast.OFFICE, at - timedelta(seconds=1), LEASE, 10) == []
    parcel = await take(sessions, at)
    async with sessions.begin() as session:
        assert await outbox.next_due(session, cast.OFFICE) is None
        assert await outbox.take_due(session, cast.OFFICE, at, LEASE, 10) == []
        await outbox.unclear(session, parcel.delivery, LEASE)
        assert await outbox.take_due(session, cast.OFFICE, at, LEASE, 10) == []
        await outbox.unclear(session, parcel.delivery, RAN_OUT)
        assert await outbox.next_due(session, cast.OFFICE) == at
    assert (await take(sessions, at)).delivery.tries == 2


async def test_a_second_sender_does_not_wait_for_the_first(sessions: Sessions, at: datetime) -> None:
    """On SQLite there is one writer, so that the second one comes when the first has committed."""
    ana = await owe(sessions, at)
    async with sessions.begin() as session:
        await deliveries.owe(session, ana, "more news", {"text": "More."}, at=at + timedelta(minutes=1))
    later = at + timedelta(minutes=1)
    if sessions.write.kw["bind"].dialect.name == "sqlite":
        taken = [await take_one(sessions, later), await take_one(sessions, later)]
    else:
        async with sessions.begin() as first:  # who waited for it would be refused after a second
            taken = [await outbox.take_due(first, cast.OFFICE, later, LEASE, 1), await take_one(sessions, later)]
    assert [[parcel.owed[0].key for parcel in parcels] for parcels in taken] == [["news"], ["more news"]]


async def test_a_message_is_looked_for_from_its_first_try_on(sessions: Sessions, at: datetime) -> None:
    await owe(sessions, at)
    await take(sessions, at, RAN_OUT)
    again = (await take(sessions, at + timedelta(hours=1))).delivery
    assert (again.first_tried_at, again.tries) == (at, 2)


async def test_what_was_held_back_was_not_tried(sessions: Sessions, at: datetime) -> None:
    await owe(sessions, at)
    parcel = await take(sessions, at)
    async with sessions.begin() as session:
        await outbox.held(session, parcel.delivery, at + timedelta(hours=1))
    again = (await take(sessions, at + timedelta(hours=1))).delivery
    assert (again.first_tried_at, again.tries, again.unclear_since) == (at + timedelta(hours=1), 1, None)


async def test_an_unclear_try_is_forgotten_when_a_later_one_surely_failed(sessions: Sessions, at: datetime) -> None:
    """It was looked for in between, and was not there."""
    await owe(sessions, at)
    await take(sessions, at, RAN_OUT)
    second = await take(sessions, at)
    async with sessions.begin() as session:
        await outbox.again(session, second.delivery, at)
    assert (second.delivery.unclear_since is not None, (await take(sessions, at)).delivery.unclear_since) == (
        True,
        None,
    )


async def take_one(sessions: Sessions, now: datetime) -> list[Parcel]:
    async with sessions.begin() as session:
        return await outbox.take_due(session, cast.OFFICE, now, LEASE, 1)


async def test_another_program_neither_waits_for_a_delivery_nor_reads_or_changes_it(
    sessions: Sessions, at: datetime
) -> None:
    ana = await owe(sessions, at)
    delivery, elsewhere = await found(sessions, ana), ana.program_id + 1
    file = {"file": {"name": "answers.csv", "content": "a,b"}}
    async with sessions.begin() as session:
        assert await outbox.of_id(session, elsewhere, delivery.id) is None
        reply = Delivery(id=delivery.id + 1, program_id=ana.program_id, thread_of_id=delivery.id)
        assert await outbox.waits_for(session, reply) == at
        reply.program_id = elsewhere
        assert await outbox.waits_for(session, reply) is None
        await outbox.without_file(session, Delivery(id=delivery.id, program_id=elsewhere), file)
        assert await deliveries.newest(session, elsewhere, ["news"]) == {}
        assert await deliveries.newest(session, ana.program_id, ["news"]) == {"news": {"text": "News."}}
