"""The sample data of the sandbox: people and channels from a roster, and a check-in that is due on the next working Monday."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.sandbox.workspace import Workspace
from handlers import cadence, calendar
from handlers.checkins import rules
from handlers.rhythm import Pattern, Place
from storage import checkins, members, programs
from storage.checkins import NewCheckIn
from storage.models import Cohort, CohortChannel

COHORT = "Cohort 4: Inclusive procurement"
NINE = time(9, 0)
QUESTIONS = (
    {"kind": "text", "text": "What moved since last time?", "audience": "cohort"},
    {"kind": "scale", "text": "How confident are you that your city reaches its next milestone?", "audience": "cohort"},
    {"kind": "blocker", "text": "What stands in your way?", "audience": "cohort"},
)
Row = dict[str, str]


def move_in(workspace: Workspace, rows: Sequence[Row], today: date) -> None:
    """The people of the roster, and a channel for each open cohort with its people and the bot."""
    people: dict[str, str] = {}
    for email in dict.fromkeys(row["email"] for row in rows):
        own = [row for row in rows if row["email"] == email]
        labels = {"city": _cities(own), "cohorts": sorted({row["cohort"] for row in own if row["cohort"]})}
        first = own[0]
        person = workspace.add_person(
            first["name"], email=email, tz=first["time_zone"], title=first["title"], labels=labels
        )
        people[email] = person.id
    runs_all = [row["email"] for row in rows if row["role"] == "facilitator" and not row["cohort"]]
    for email in runs_all:
        workspace.people[people[email]].is_admin = True
    open_rows = [row for row in rows if row["cohort"] and _is_open(row, today)]
    for cohort in dict.fromkeys(row["cohort"] for row in open_rows):
        emails = [row["email"] for row in open_rows if row["cohort"] == cohort] + runs_all
        ids = [people[email] for email in dict.fromkeys(emails)]
        workspace.add_channel(channel_name(cohort), members=[*ids, workspace.bot_user_id])


def channel_name(cohort: str) -> str:
    """The name of a cohort's channel: `inclusive-procurement` for "Cohort 4: Inclusive procurement"."""
    return re.sub(r"[^a-z0-9]+", "-", cohort.rsplit(": ", maxsplit=1)[-1].lower()).strip("-")


def next_working_monday(today: date) -> date:
    """The first Monday after today that is no holiday."""
    monday = today + timedelta(days=7 - today.weekday())
    while not calendar.is_working_day(monday):
        monday += timedelta(days=7)
    return monday


async def fill(session: AsyncSession, program_id: int, channels: Mapping[str, str], now: datetime) -> date | None:
    """Name the cohorts' channels, by channel name, and make the check-in; the day it asks first, None without the sample cohort."""
    [workspace, *_] = await programs.workspaces(session, program_id)
    cohorts = list(await session.scalars(select(Cohort).where(Cohort.program_id == program_id)))
    for cohort in cohorts:
        if (channel := channels.get(channel_name(cohort.name))) and not cohort.ends_on:
            session.add(
                CohortChannel(program_id=program_id, cohort_id=cohort.id, workspace_id=workspace.id, channel=channel)
            )
    await session.flush()
    sample = next((cohort for cohort in cohorts if cohort.name == COHORT), None)
    if sample is None:
        return None
    facilitator = (await members.facilitators(session, program_id, sample.id))[-1]
    people = await checkins.people_of(session, program_id, sample.id)
    monday = next_working_monday(calendar.today(people[0].zone, now))
    mondays = cadence.weekly(monday, 1, [0])
    pattern = Pattern(mondays, NINE, 48)
    opens_at = rules.first_at(pattern, monday, [Place(person.zone, person.days) for person in people])
    channel = channels[channel_name(COHORT)]
    new = NewCheckIn(
        sample.id, channel, "Weekly pulse", mondays, NINE, 48, any_hour=False, questions=QUESTIONS, form_key="sample"
    )
    await checkins.add(session, facilitator, workspace, new, (monday, opens_at), now)
    return monday


def _cities(rows: Sequence[Row]) -> str:
    return ", ".join(dict.fromkeys(f"{row['city']}, {row['state']}" for row in rows if row["city"]))


def _is_open(row: Row, today: date) -> bool:
    return not row["until"] or date.fromisoformat(row["until"]) >= today
