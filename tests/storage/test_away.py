"""Who is away today, by the date where they are, and never another program's; on both databases."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import update

from storage import absences, away, cohorts
from storage.database import Sessions
from storage.days import Span
from storage.models import Delegate
from tests import cast
from tests.cast import Cast

TUESDAY = date(2026, 10, 6)
NOON = datetime(2026, 10, 6, 17, tzinfo=UTC)


async def entered(sessions: Sessions, **spans: Span) -> Cast:
    """The cast, of whom these are away."""
    async with sessions.begin() as session:
        people = await cast.enter(session)
        for name, span in spans.items():
            await absences.note(session, people[name], people[name], span, (), f"form {name}", cast.START)
    return people


async def named(sessions: Sessions, program_id: int, cohort_ids: list[int] | None, at: datetime) -> list[str]:
    async with sessions() as session:
        return [one.name for one in await away.today(session, program_id, cohort_ids, at)]


async def test_who_is_away_is_told_by_the_date_where_they_are(sessions: Sessions) -> None:
    people = await entered(sessions, Ana=Span(TUESDAY, TUESDAY), Keola=Span(TUESDAY))
    program_id, cohort_id = people.workspace.program_id, people.cohort.id
    assert await named(sessions, program_id, None, NOON) == ["Keola Akana", "Ana Diaz"]
    assert await named(sessions, program_id, [cohort_id], NOON) == ["Keola Akana", "Ana Diaz"]
    assert await named(sessions, program_id, [cohort_id + 1], NOON) == []
    assert await named(sessions, program_id + 1, None, NOON) == []
    # Just after midnight in Memphis it is still Monday in Honolulu; a day later only there it is still Tuesday.
    assert await named(sessions, program_id, None, datetime(2026, 10, 6, 6, tzinfo=UTC)) == ["Ana Diaz"]
    assert await named(sessions, program_id, None, datetime(2026, 10, 7, 6, tzinfo=UTC)) == ["Keola Akana"]


async def test_who_left_the_seat_or_came_back_is_not_told(sessions: Sessions) -> None:
    people = await entered(sessions, Ana=Span(TUESDAY), Rosa=Span(TUESDAY))
    program_id = people.workspace.program_id
    async with sessions.begin() as session:
        [row] = await absences.of_member(session, people["Ana"], TUESDAY)
        assert await absences.end(session, people["Ana"], row, TUESDAY, NOON)
        left = update(Delegate).where(Delegate.program_id == program_id, Delegate.member_id == people["Rosa"].id)
        await session.execute(left.values(until_on=TUESDAY - timedelta(days=1)))
    assert await named(sessions, program_id, None, NOON) == []


async def test_a_place_comes_once_with_all_absences_around_the_day(sessions: Sessions) -> None:
    before, after = Span(date(2026, 10, 1), date(2026, 10, 5)), Span(date(2026, 10, 7), date(2026, 10, 9))
    people = await entered(sessions, Ana=before, Rosa=Span(date(2026, 11, 2)))
    async with sessions.begin() as session:
        await absences.note(session, people["Ana"], people["Ana"], after, (), "second form", cast.START)
    async with sessions() as session:
        plain = await cohorts.places(session, people.workspace.program_id, cohort_ids=[people.cohort.id])
        found = await cohorts.places(
            session, people.workspace.program_id, cohort_ids=[people.cohort.id], away_on=TUESDAY
        )
    assert [(one.person, one.city) for one in found] == [(one.person, one.city) for one in plain]
    spans = {one.person.name: set(one.away) for one in found if one.person}
    assert spans.pop("Ana Diaz") == {before, after}
    assert set().union(*spans.values()) == set()
