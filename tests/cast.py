"""The same small cast everywhere: Memphis, Honolulu and Phoenix in a cohort on procurement, and the people who run it.

Ana leads Memphis and Rosa is her co-delegate; Keola is alone for Honolulu, Tomas for Phoenix.
Dana facilitates the program, Renee the cohort.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage import installations, programs
from storage.installations import Grant
from storage.models import (
    City,
    Cohort,
    CohortChannel,
    Delegate,
    Facilitator,
    Identity,
    Member,
    Network,
    Seat,
    Workspace,
)

START = datetime(2026, 10, 1, 15, 0, tzinfo=UTC)
TEAM = "T0COHORT"
OFFICE = 1  # the id of its workspace in a database that was empty
BOT_USER = "U0BOT"
PEOPLE = (
    # name, time zone, title, expertise, city or None, role
    ("Ana Diaz", "America/Chicago", "Chief of Staff", ["policy"], "Memphis", "lead"),
    ("Rosa Kim", "America/Chicago", "Procurement Director", ["procurement", "vendor outreach"], "Memphis", "delegate"),
    ("Keola Akana", "Pacific/Honolulu", "Chief Innovation Officer", ["innovation"], "Honolulu", "lead"),
    ("Tomas Reyes", "America/Phoenix", "Equity Officer", ["equity"], "Phoenix", "lead"),
    ("Dana Whitfield", "America/New_York", "Director", ["coaching"], None, "program"),
    ("Renee Okonjo", "America/New_York", "Head facilitator", ["procurement"], None, "cohort"),
)
CITIES = (
    ("Memphis", "TN", "America/Chicago"),
    ("Honolulu", "HI", "Pacific/Honolulu"),
    ("Phoenix", "AZ", "America/Phoenix"),
)


@dataclass
class Cast:
    """Everybody by first name (`cast["Ana"]`), and the rows around them."""

    workspace: Workspace
    network: Network
    cohort: Cohort
    cities: dict[str, City] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    delegates: dict[str, Delegate] = field(default_factory=dict)

    def __getitem__(self, first_name: str) -> Member:
        return self.members[first_name]


def user_id(first_name: str) -> str:
    """The Slack user id of somebody of the cast."""
    return f"U0{first_name.upper()}"


async def enter(
    session: AsyncSession, *, team_id: str = TEAM, channel: str | None = None, at: datetime = START
) -> Cast:
    """Write the cast into the database; `channel` becomes the cohort's channel."""
    workspace = await programs.ensure(
        session, team_id=team_id, name="Programme Office", bot_user_id=BOT_USER, time_zone="America/New_York", at=at
    )
    await installations.save(session, workspace, Grant(bot_token=None, bot_id="B0BOT"), at)
    program_id = workspace.program_id
    network = Network(program_id=program_id, name="City Accelerator")
    session.add(network)
    await session.flush()
    cohort = Cohort(
        program_id=program_id, network_id=network.id, name="Inclusive procurement", theme="Procurement", created_at=at
    )
    session.add(cohort)
    await session.flush()
    if channel:
        session.add(
            CohortChannel(program_id=program_id, cohort_id=cohort.id, workspace_id=workspace.id, channel=channel)
        )
    cast = Cast(workspace, network, cohort)
    for name, state, zone in CITIES:
        city = City(program_id=program_id, name=name, state=state, time_zone=zone)
        session.add(city)
        await session.flush()
        seat = Seat(program_id=program_id, cohort_id=cohort.id, city_id=city.id)
        session.add(seat)
        await session.flush()
        cast.cities[name], cast.seats[name] = city, seat
    for person in PEOPLE:
        await _add(session, cast, person, at)
    await session.flush()
    return cast


async def _add(
    session: AsyncSession, cast: Cast, person: tuple[str, str, str, list[str], str | None, str], at: datetime
) -> None:
    name, zone, title, expertise, city, role = person
    first = name.split()[0]
    program_id = cast.workspace.program_id
    member = Member(
        program_id=program_id,
        name=name,
        email=f"{first.lower()}@example.org",
        title=title,
        expertise=expertise,
        slack_time_zone=zone,
        created_at=at,
    )
    session.add(member)
    await session.flush()
    session.add(
        Identity(
            program_id=program_id,
            workspace_id=cast.workspace.id,
            member_id=member.id,
            user_id=user_id(first),
            created_at=at,
        )
    )
    if city:
        cast.delegates[first] = Delegate(
            program_id=program_id, seat_id=cast.seats[city].id, member_id=member.id, role=role
        )
        session.add(cast.delegates[first])
    else:
        cohort_id = cast.cohort.id if role == "cohort" else None
        session.add(Facilitator(program_id=program_id, member_id=member.id, cohort_id=cohort_id))
    cast.members[first] = member
