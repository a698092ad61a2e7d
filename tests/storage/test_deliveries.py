"""The outbox: owed once, withdrawn, changed while it waits."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from storage import deliveries, outbox
from storage.database import Sessions
from storage.deliveries import Letter
from storage.models import Delivery, Member, Owed
from tests import cast

HOME = {"type": "home", "blocks": []}
HELLO = {"text": "Hello"}


async def test_what_is_owed_twice_for_the_same_reason_is_owed_once(sessions: Sessions, at: datetime) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        assert await deliveries.owe(session, people["Ana"], "greeting:1", HELLO, at=at)
        assert not await deliveries.owe(session, people["Ana"], "greeting:1", HELLO, at=at)
    async with sessions() as session:
        everything = {"across_programs": "the test counts all"}
        assert await session.scalar(select(func.count()).select_from(Delivery).execution_options(**everything)) == 1
        assert await session.scalar(select(func.count()).select_from(Owed).execution_options(**everything)) == 1


async def test_two_changes_of_a_sent_message_at_the_same_moment_are_both_owed(sessions: Sessions, at: datetime) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        program_id = people.workspace.program_id
        await deliveries.owe(session, people["Ana"], "greeting:1", HELLO, at=at)
        settled = update(Delivery).where(Delivery.program_id == program_id).values(settled_at=at, outcome="sent")
        await session.execute(settled)
    for text in ("first", "second"):
        async with sessions.begin() as session:
            assert await deliveries.owe_update(session, program_id, "greeting:1", {"text": text}, at=at)
            await session.execute(settled)
    async with sessions() as session:
        texts = select(Owed.payload).where(Owed.program_id == program_id).order_by(Owed.id)
        assert [payload["text"] for payload in await session.scalars(texts)] == ["second", "first", "second"]


async def test_many_letters_are_owed_once_and_to_those_who_are_in_slack(sessions: Sessions, at: datetime) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        program_id = people.workspace.program_id
        nobody = Member(program_id=program_id, name="Not here", created_at=at)
        session.add(nobody)
        await session.flush()
        letters = [Letter(member.id, f"hello:{member.id}", HELLO) for member in (people["Ana"], people["Rosa"], nobody)]
        ana, rosa, _ = (letter.key for letter in letters)
        assert await deliveries.owe_all(session, program_id, letters[:1], at=at) == {ana}
        assert await deliveries.owe_all(session, program_id, letters, at=at) == {rosa}
    assert await kinds(sessions, program_id) == ["post", "post"]


async def test_what_is_on_its_way_is_changed_by_an_update_of_its_own(sessions: Sessions, at: datetime) -> None:
    program_id = await owe(sessions, at)
    await take(sessions, at)
    async with sessions.begin() as session:
        assert await deliveries.owe_update(session, program_id, "greeting:1", {"text": "first"}, at=at)
        assert await deliveries.owe_update(session, program_id, "greeting:1", {"text": "second"}, at=at)
    assert await texts(sessions, program_id) == ["second", "second"]

    await take(sessions, at)
    async with sessions.begin() as session:
        assert await deliveries.owe_update(session, program_id, "greeting:1", {"text": "third"}, at=at)
    assert await texts(sessions, program_id) == ["third", "second", "third"]


async def test_a_message_that_was_withdrawn_is_not_changed(sessions: Sessions, at: datetime) -> None:
    program_id = await owe(sessions, at)
    async with sessions.begin() as session:
        assert await deliveries.withdraw(session, program_id, "greeting:1", at)
        assert not await deliveries.owe_update(session, program_id, "greeting:1", {"text": "new"}, at=at)
    assert await texts(sessions, program_id) == ["Hello"]


async def test_what_is_being_sent_or_was_sent_cannot_be_withdrawn(sessions: Sessions, at: datetime) -> None:
    program_id = await owe(sessions, at)
    await take(sessions, at)
    async with sessions.begin() as session:
        assert not await deliveries.withdraw(session, program_id, "greeting:1", at)
        await session.execute(
            update(Delivery).where(Delivery.program_id == program_id).values(settled_at=at, outcome="sent", tries=0)
        )
        assert not await deliveries.withdraw(session, program_id, "greeting:1", at)
        delivery = await deliveries.find(session, program_id, "greeting:1")
    assert delivery is not None
    assert delivery.outcome == "sent"


async def test_two_programs_owe_for_the_same_reason_each_for_itself(sessions: Sessions, at: datetime) -> None:
    first = await owe(sessions, at)
    async with sessions.begin() as session:
        other = await cast.enter(session, team_id="T0OTHER")
        second = other.workspace.program_id
        letter = Letter(other["Ana"].id, "greeting:1", {"text": "Hello there"})
        assert await deliveries.owe_all(session, second, [letter], at=at) == {"greeting:1"}
        assert await deliveries.owe_update(session, second, "greeting:1", {"text": "Changed"}, at=at)
        assert await deliveries.withdraw(session, second, "greeting:1", at)
    assert (await texts(sessions, first), (await texts(sessions, second))[0]) == (["Hello"], "Changed")
    async with sessions() as session:
        delivery = await deliveries.find(session, first, "greeting:1")
    assert delivery is not None
    assert delivery.outcome is None


async def owe(sessions: Sessions, at: datetime) -> int:
    """Owe Ana a greeting; the program."""
    async with sessions.begin() as session:
        people = await cast.enter(session)
        assert await deliveries.owe(session, people["Ana"], "greeting:1", HELLO, at=at)
        return people.workspace.program_id


async def take(sessions: Sessions, at: datetime) -> None:
    async with sessions.begin() as session:
        assert len(await outbox.take_due(session, cast.OFFICE, at, timedelta(minutes=1), 10)) == 1


async def texts(sessions: Sessions, program_id: int) -> list[str]:
    async with sessions() as session:
        query = select(Owed.payload).where(Owed.program_id == program_id).order_by(Owed.id)
        return [payload.get("text", "") for payload in await session.scalars(query)]


async def kinds(sessions: Sessions, program_id: int) -> list[str]:
    async with sessions() as session:
        return list(await session.scalars(select(Delivery.kind).where(Delivery.program_id == program_id)))
