"""Several reasons in one delivery: each is changed, withdrawn, left out and forgotten by itself."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import deliveries, members, outbox, parts
from storage.database import Sessions
from storage.deliveries import Priority, Terms
from storage.models import Delivery, Member, Owed
from storage.outbox import Parcel
from tests import cast

LEASE = timedelta(minutes=1)
UNASKED = Terms(own_accord=True, any_hour=True, priority=Priority.NUDGE)
KEYS = ("first", "second", "third")


async def owe(sessions: Sessions, at: datetime, *keys: str) -> int:
    """Owe Ana so many messages that she did not ask for; the program."""
    async with sessions.begin() as session:
        people = await cast.enter(session)
        for key in keys or KEYS:
            assert await deliveries.owe(session, people["Ana"], key, {"text": f"{key}."}, at=at, terms=UNASKED)
        return people.workspace.program_id


async def take(session: AsyncSession, at: datetime) -> list[Parcel]:
    return await outbox.take_due(session, cast.OFFICE, at, LEASE, 10)


async def merge(sessions: Sessions, at: datetime, *, hold: bool = True) -> None:
    """The first one carries the others; it is put back for a moment, or it is being sent."""
    async with sessions.begin() as session:
        first, *others = await take(session, at)
        await parts.join(session, [(first.delivery, one.delivery) for one in others], at)
        if hold:
            await outbox.held(session, first.delivery, at)


async def outcomes(sessions: Sessions, program_id: int) -> dict[str, str | None]:
    async with sessions() as session:
        query = select(Owed.key, Delivery.outcome).join(Delivery, Delivery.id == Owed.delivery_id)
        rows = await session.execute(query.where(Owed.program_id == program_id))
        return dict([tuple(row) for row in rows])


async def said(sessions: Sessions, at: datetime) -> list[list[str]]:
    """What the messages that are due say, each part by itself."""
    async with sessions.begin() as session:
        return [[one.payload["text"] for one in parcel.parts] for parcel in await take(session, at)]


async def test_what_joined_another_message_is_sent_with_it_once(sessions: Sessions, at: datetime) -> None:
    program_id = await owe(sessions, at)
    await merge(sessions, at)
    assert await said(sessions, at) == [["first.", "second.", "third."]]
    async with sessions() as session:
        query = select(Delivery.outcome).where(Delivery.program_id == program_id).order_by(Delivery.id)
        assert list(await session.scalars(query)) == [None, "merged", "merged"]


async def test_one_part_is_withdrawn_and_the_others_are_sent(sessions: Sessions, at: datetime) -> None:
    program_id = await owe(sessions, at)
    await merge(sessions, at)
    async with sessions.begin() as session:
        assert await deliveries.withdraw(session, program_id, "first", at)
        assert not await deliveries.owe_update(session, program_id, "first", {"text": "new"}, at=at)
    assert await outcomes(sessions, program_id) == {"first": "withdrawn", "second": None, "third": None}
    assert await said(sessions, at) == [["second.", "third."]]


async def test_a_message_of_which_every_part_is_withdrawn_is_not_sent(sessions: Sessions, at: datetime) -> None:
    program_id = await owe(sessions, at)
    await merge(sessions, at)
    async with sessions.begin() as session:
        assert [await deliveries.withdraw(session, program_id, key, at) for key in KEYS] == [True] * 3
        assert not await deliveries.withdraw(session, program_id, "first", at)
    assert set((await outcomes(sessions, program_id)).values()) == {"withdrawn"}
    assert await said(sessions, at) == []


async def test_no_part_of_a_message_that_is_being_sent_can_be_withdrawn(sessions: Sessions, at: datetime) -> None:
    program_id = await owe(sessions, at)
    await merge(sessions, at, hold=False)
    async with sessions.begin() as session:
        assert not await deliveries.withdraw(session, program_id, "second", at)


async def test_a_part_is_changed_where_it_waits(sessions: Sessions, at: datetime) -> None:
    program_id = await owe(sessions, at)
    await merge(sessions, at)
    async with sessions.begin() as session:
        assert await deliveries.owe_update(session, program_id, "second", {"text": "Answered."}, at=at)
    assert await said(sessions, at) == [["first.", "Answered.", "third."]]


async def test_a_change_of_one_part_of_a_sent_message_says_all_of_it_anew(sessions: Sessions, at: datetime) -> None:
    program_id = await owe(sessions, at)
    await merge(sessions, at, hold=False)
    async with sessions.begin() as session:
        assert await deliveries.owe_update(session, program_id, "third", {"text": "Done."}, at=at)
        waiting = update(Delivery).where(Delivery.program_id == program_id, Delivery.kind == "post")
        await session.execute(waiting.values(settled_at=at, outcome="sent"))
        assert await deliveries.owe_update(session, program_id, "first", {"text": "Answered."}, at=at)
    assert await said(sessions, at) == [["Answered.", "second.", "Done."]]


async def test_what_is_left_out_has_an_outcome_of_its_own(sessions: Sessions, at: datetime) -> None:
    program_id = await owe(sessions, at)
    await merge(sessions, at)
    async with sessions.begin() as session:
        [parcel] = await take(session, at)
        assert await parts.leave_out(session, parcel.delivery, ["second"], at, "expired")
        await outbox.held(session, parcel.delivery, at)
    assert await outcomes(sessions, program_id) == {"first": None, "second": "expired", "third": None}
    async with sessions.begin() as session:
        assert not await parts.leave_out(session, parcel.delivery, ["third"], at, "expired"), "somebody else has it"


async def test_only_who_got_a_message_has_a_part_of_it_shown_in_full(sessions: Sessions, at: datetime) -> None:
    program_id = await owe(sessions, at)
    await merge(sessions, at, hold=False)
    async with sessions.begin() as session:
        ana, rosa = [await members.by_identity(session, cast.TEAM, cast.user_id(name)) for name in ("Ana", "Rosa")]
        assert ana
        assert rosa
        assert not await deliveries.show_in_full(session, rosa, "second", at=at)
        assert await deliveries.show_in_full(session, ana, "second", at=at)
        assert await deliveries.show_in_full(session, ana, "third", at=at)
        query = select(Owed.key).where(Owed.program_id == program_id, Owed.in_full)
        assert list(await session.scalars(query)) == ["third"]


async def test_why_something_waits_is_kept_until_it_is_sent(sessions: Sessions, at: datetime) -> None:
    program_id = await owe(sessions, at, "first")

    async def why() -> str | None:
        async with sessions() as session:
            return await session.scalar(select(Delivery.held_because).where(Delivery.program_id == program_id))

    for reason, told in (("ceiling", "ceiling"), (None, "ceiling"), ("night", "night")):
        async with sessions.begin() as session:
            [parcel] = await take(session, at)
            await outbox.held(session, parcel.delivery, at, reason)
        assert await why() == told
    async with sessions.begin() as session:
        [parcel] = await take(session, at)
        await outbox.all_sent(session, [outbox.Sent(parcel.delivery, at, "D1", "1.0")])
    assert await why() is None


async def test_what_waits_in_another_program_is_not_merged(sessions: Sessions, at: datetime) -> None:
    await owe(sessions, at)
    async with sessions.begin() as session:
        other = await cast.enter(session, team_id="T0OTHER")
        [[delivery, member_id]] = await session.execute(
            select(Delivery, Owed.member_id)
            .join(Owed, Owed.delivery_id == Delivery.id)
            .where(Owed.program_id != other.workspace.program_id, Owed.key == "first")
        )
        where = (delivery.workspace_id, [member_id], at)
        assert len(await parts.waiting(session, delivery.program_id, *where)) == len(KEYS)
        assert await parts.waiting(session, other.workspace.program_id, *where) == []


async def test_another_program_shows_nothing_in_full(sessions: Sessions, at: datetime) -> None:
    program_id = await owe(sessions, at)
    await merge(sessions, at, hold=False)
    async with sessions.begin() as session:
        other = await cast.enter(session, team_id="T0OTHER")
        theirs = other.workspace.program_id
        own = select(Owed).where(Owed.program_id == program_id, Owed.key == "first")
        first = (await session.scalars(own)).one()
        assert await deliveries.owe(session, other["Ana"], "first", {"text": "Theirs."}, at=at)
        stranger = Member(id=first.member_id, program_id=theirs)
        assert not await deliveries.show_in_full(session, stranger, "first", at=at)
        astray = Owed(program_id=theirs, delivery_id=first.delivery_id, key="astray", payload={}, created_at=at)
        astray.own_accord, astray.priority, astray.in_full = True, 0, True
        session.add(astray)
        await session.flush()
        asker = Member(id=first.member_id, program_id=program_id)
        assert await deliveries.show_in_full(session, asker, "second", at=at)
        left = select(Owed.in_full).where(Owed.program_id == theirs, Owed.key == "astray")
        assert await session.scalar(left)
