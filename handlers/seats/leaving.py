"""What the clock does when people come and go: places end, members leave Slack or come back, newcomers are told."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar
from handlers.seats import brief_views, briefing, views
from handlers.types import Job, Json, Services, Settings
from storage import commitments, deliveries, members, owners, seats, turnover
from storage.deliveries import Letter, Priority, Terms
from storage.models import Commitment, Member
from storage.seats import Seated
from storage.turnover import Ended

BATCH = 50
# A roster file may tell of places that ended long ago: they are no news.
NEWS_FOR = timedelta(days=14)
TERMS = Terms(own_accord=True, priority=Priority.REMINDER)
Telling = Callable[[Sequence[Commitment], Sequence[Seated], date], Json]


@dataclass
class Reader:
    """Somebody who is to be told, with the seats and commitments that they may read of."""

    member: Member
    seats: dict[int, Seated] = field(default_factory=dict)
    commitments: dict[int, Commitment] = field(default_factory=dict)

    def reads(self, seats: Sequence[Seated], known: Sequence[Commitment]) -> None:
        self.seats |= {one.delegate.id: one for one in seats}
        self.commitments |= {one.id: one for one in known}


async def end_places(services: Services) -> int:
    """Places whose last day has passed: what goes along is handed over, the rest needs an owner, lead and facilitators are told."""
    now = services.clock.now()
    async with services.sessions.begin() as session:
        due = await turnover.due_ends(session, now, BATCH)
        for one in due:
            if await turnover.settle(session, one.place, now) and not one.stays and not _cohort_is_over(one):
                await _end(session, one.place, now, services.settings)
    return len(due)


async def follow_news(services: Services) -> int:
    """Who left Slack, and who came back."""
    now = services.clock.now()
    async with services.sessions.begin() as session:
        due = await turnover.news(session, BATCH)
        for member in due:
            since = member.turnover_since
            if await turnover.take_news(session, member) and since is not None:
                if member.deactivated_at is not None:
                    await _left(session, member, since, now, services.settings)
                else:
                    await _back(session, member, since, now)
    return len(due)


async def greet(services: Services) -> int:
    """Tell those who have a seat from today on: the first contact, or the brief of a successor."""
    now = services.clock.now()
    async with services.sessions.begin() as session:
        due = await turnover.due_greetings(session, now, BATCH)
        for place in due:
            kind, until = place.delegate.greeting, place.delegate.until_on
            over = until is not None and until < calendar.today(place.zone, now)
            if await turnover.greet(session, place) and not over:
                this = await briefing.arrival(session, place, now)
                message = brief_views.brief(this) if kind == "brief" else brief_views.welcome(this, services.settings)
                await deliveries.owe(session, place.member, f"seat:{place.delegate.id}", message, at=now, terms=TERMS)
    return len(due)


JOBS = [
    Job("seats: end places", end_places, turnover.next_end),
    Job("seats: who left or came back", follow_news, turnover.first_news),
    Job("seats: greet", greet, turnover.next_greeting),
]


def _cohort_is_over(one: Ended) -> bool:
    """A cohort that ended sends nothing, and what was promised in it stays with who promised it."""
    until, ends_on = one.place.delegate.until_on, one.place.ends_on
    return until is not None and ends_on is not None and ends_on <= until


async def _end(session: AsyncSession, place: Seated, now: datetime, settings: Settings) -> None:
    one, today = place.delegate, calendar.today(place.zone, now)
    after = await seats.place(session, one.program_id, one.successor_id) if one.successor_id else None
    if after is not None and one.takes:
        why = f"with the seat of {place.city}, to {after.member.name}"
        await owners.pass_on(session, place.member, after.member, one.takes, why, now)
    let_go = await commitments.let_go(session, place.member, f"{place.member.name} left the seat", now, seat=place.seat)
    fresh = one.until_on is not None and today - one.until_on <= NEWS_FOR
    if not let_go and not fresh:
        return
    seated = await turnover.beside(session, place, today)
    leads = await turnover.beside(session, place, today, ("lead",))
    facilitators = await members.facilitators(session, one.program_id, place.seat.cohort_id)
    follows = after.member.name if after is not None else ""

    def message(needing: Sequence[Commitment]) -> Json:
        return views.place_ended(place, needing, follows, seated, today, settings.command_commit)

    letters = [
        Letter(who.id, views.told_key(one.id, now, who.id), message(let_go if runs else _shared(let_go)), TERMS)
        for who, runs in _readers(leads, facilitators).values()
        if runs or after is None or who.id != after.member.id  # who follows reads it in the brief
    ]
    if letters:
        await deliveries.owe_all(session, one.program_id, letters, at=now)


async def _left(session: AsyncSession, member: Member, since: datetime, now: datetime, settings: Settings) -> None:
    await commitments.let_go(session, member, f"{member.name} is not in Slack any more", now)
    everything = await owners.open_of(session, member.program_id, member.id)
    needing = [one for one in everything if one.state == "needs_owner"]
    places = await _present(session, member, now)

    def message(seen: Sequence[Commitment], of: Sequence[Seated], today: date) -> Json:
        return views.left_slack(member, of, seen, today, settings.command_commit)

    letters = await _letters(session, member, places, needing, f"left:{since.timestamp():.0f}", now, message)
    if letters and (places or needing):
        await deliveries.owe_all(session, member.program_id, letters, at=now)


async def _back(session: AsyncSession, member: Member, since: datetime, now: datetime) -> None:
    kept = await owners.take_up(session, member, since, f"{member.name} is in Slack again", now)
    places = await _present(session, member, now)

    def message(seen: Sequence[Commitment], _of: Sequence[Seated], today: date) -> Json:
        return views.came_back(member, seen, today)

    letters = await _letters(session, member, places, kept, f"back:{since.timestamp():.0f}", now, message)
    if places or kept:
        today = calendar.today(await members.zone_of(session, member), now)
        own = views.welcome_back(kept, today)
        letters.append(Letter(member.id, f"back:{since.timestamp():.0f}:{member.id}:self", own, TERMS))
        await deliveries.owe_all(session, member.program_id, letters, at=now)


async def _letters(
    session: AsyncSession,
    member: Member,
    places: Sequence[Seated],
    known: Sequence[Commitment],
    key: str,
    now: datetime,
    message: Telling,
) -> list[Letter]:
    """One for each lead of the member's cities and each facilitator, about what concerns them."""
    today = calendar.today(await members.zone_of(session, member), now)
    readers: dict[int, Reader] = {}
    for place in places:
        of_seat = [one for one in _shared(known) if _belongs(one, place)]
        for lead in await turnover.beside(session, place, today, ("lead",)):
            readers.setdefault(lead.id, Reader(lead)).reads([place], of_seat)
    for cohort_id in {place.seat.cohort_id for place in places} | {one.cohort_id for one in known}:
        here = [place for place in places if place.seat.cohort_id == cohort_id]
        of_cohort = [one for one in known if one.cohort_id == cohort_id]
        for runs in await members.facilitators(session, member.program_id, cohort_id):
            readers.setdefault(runs.id, Reader(runs)).reads(here, of_cohort)
    readers.pop(member.id, None)
    return [
        Letter(
            id_,
            f"{key}:{member.id}:{id_}",
            message(_urgent_first(one.commitments.values()), list(one.seats.values()), today),
            TERMS,
        )
        for id_, one in readers.items()
    ]


async def _present(session: AsyncSession, member: Member, now: datetime) -> list[Seated]:
    """The seats that a member has today, in cohorts that have not ended."""
    found = []
    for place in await turnover.places_of(session, member):
        one, today = place.delegate, calendar.today(place.zone, now)
        sits = (one.since_on or today) <= today <= (one.until_on or today)
        if sits and (place.ends_on is None or place.ends_on >= today):
            found.append(place)
    return found


def _readers(leads: Sequence[Member], facilitators: Sequence[Member]) -> dict[int, tuple[Member, bool]]:
    """Who is told, and whether they facilitate: these see everything, a lead what the city may see."""
    return {one.id: (one, False) for one in leads} | {one.id: (one, True) for one in facilitators}


def _shared(known: Sequence[Commitment]) -> list[Commitment]:
    return [one for one in known if one.audience != "facilitators"]


def _belongs(one: Commitment, place: Seated) -> bool:
    return (one.cohort_id, one.city_id) == (place.seat.cohort_id, place.seat.city_id)


def _urgent_first(known: Iterable[Commitment]) -> list[Commitment]:
    return sorted(known, key=lambda one: (one.due_on, one.number))
