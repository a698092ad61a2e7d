"""Who asks, where they stand today, and what they may do with a commitment they name by its number."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import blocks, calendar, due_days, people
from handlers.commitments import rules
from handlers.errors import Refused
from storage import commitment_lists, members
from storage.commitment_lists import Item, Place
from storage.models import Member


@dataclass(frozen=True)
class Asker:
    """A member with the workspace they speak in, their places of today and their own day."""

    member: Member
    team_id: str
    places: list[Place]
    zone: str
    today: date

    @property
    def open_places(self) -> list[Place]:
        """Where they may commit."""
        return rules.open_places(self.places, self.today)


async def load(session: AsyncSession, team_id: str, user_id: str, now: datetime, channel: str = "") -> Asker:
    """Who asks, in two statements (a third one for somebody without any seat and time zone)."""
    member = await people.member_of(session, team_id, user_id)
    places = await commitment_lists.places_of(session, member, channel, team_id)
    own = member.app_time_zone or member.slack_time_zone or member.roster_time_zone
    zone = own or next((place.zone for place in places if place.city_id), "") or await members.zone_of(session, member)
    today = calendar.today(zone, now)
    return Asker(member, team_id, rules.current(places, today), zone, today)


async def find(session: AsyncSession, asker: Asker, number: int) -> Item:
    """The commitment with this number; `Refused` when there is none that they may see."""
    item = await commitment_lists.find(session, asker.member, asker.places, number)
    if item is None:
        raise Refused(
            f"I find no commitment #{number} that you may see. It may be somebody else's, or the number is another one."
        )
    return item


async def changeable(session: AsyncSession, asker: Asker, number: int) -> Item:
    """The commitment with this number; `Refused` also when they may see but not change it."""
    item = await find(session, asker, number)
    if not rules.may_change(item.commitment, asker.member, asker.places):
        owner = f"belongs to {blocks.escaped(item.owner.name)}" if item.owner else "belongs to somebody else"
        raise Refused(f"#{number} {owner}. Only the owner, the lead of the city and the facilitators can change it.")
    return item


async def next_nudge(
    session: AsyncSession, item: Item, now: datetime, *, due_on: date | None = None, owner: Member | None = None
) -> datetime | None:
    """When the owner is reminded next, in their own zone; of the day and owner to come when these change."""
    who = owner or item.owner
    if who is None:
        return None
    where = (await members.whereabouts(session, who.program_id, [who.id], since=now))[who.id]
    return due_days.next_nudge(due_on or item.commitment.due_on, now, where.time_zone, where.days)
