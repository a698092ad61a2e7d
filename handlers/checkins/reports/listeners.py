"""`/checkin report`: which cohort is meant, the report as a message or a window, and its files by direct message."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import blocks, calendar, choosing, standing, windows
from handlers.checkins import rules as checkin_rules
from handlers.checkins.reports import files, rules, views
from handlers.errors import Refused
from handlers.people import asker_allowed, refuse_unless
from handlers.types import Ack, Client, Clock, Json, Sessions, Settings
from storage import cohorts, deliveries, reports
from storage.cohorts import Listed
from storage.members import Asker
from storage.reports import Line, Occurrence
from storage.roster import export, text

ACT = "checkin report"
ANYWHERE = "UTC"


@dataclass(frozen=True)
class Read:
    """Who asks, about which cohort, and what its report is made of."""

    asker: Asker
    cohort: Listed
    rounds: list[Occurrence]
    lines: list[Line]

    def today(self, now: datetime) -> date:
        """The cohort's own day."""
        return calendar.today(self.rounds[-1].zone if self.rounds else ANYWHERE, now)


async def reply(
    session: AsyncSession, team_id: str, user_id: str, name: str, now: datetime, settings: Settings
) -> Json:
    """The report of the cohort that is named, or the only one; a form that asks, when there are several."""
    asker = await asker_allowed(session, team_id, user_id, ACT)
    known = await cohorts.listed(session, asker.member.program_id)
    own = [one for one in known if asker.runs(one.id)]
    if name.strip():
        meant = await choosing.named(session, asker.member, ACT, name.strip(), (known, own), settings)
        if not isinstance(meant, list):
            return meant
    else:
        zone = asker.member.slack_time_zone or ANYWHERE
        meant = [one for one in own if not standing.is_over(one, now, zone)] or own
    if not meant:
        raise Refused(f"There is no cohort yet. `{settings.command_cohort} new` makes one.")
    if len(meant) > 1:
        return views.choice(meant)
    read = await _read(session, asker, meant[0])
    return views.short(meant[0], rules.report(read.rounds, read.lines), read.today(now), settings)


async def chosen(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """The cohort was chosen in the form: the report takes its place."""
    cohort_id = int(blocks.value_of(view, views.COHORT) or 0)
    async with sessions() as session:
        shown = await _window(session, team_id, user_id, cohort_id, clock.now())
    await ack(response_action="update", view=shown)


async def show_more(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Every city and round, in a window; read anew."""
    async with sessions() as session:
        shown = await _window(session, team_id, user_id, int(action["value"]), clock.now())
    await windows.open_from(client, body, shown)
    await ack()


async def send_csv(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """A line for each round and person or city, as a file."""
    async with sessions() as session:
        read = await _asked_for(session, team_id, user_id, int(action["value"]))
    table = files.asked(read.cohort.name, read.rounds, read.lines)
    await _send(sessions, client, body, read, ("report", table), clock.now())
    await ack()


async def send_answers(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """The answers that this reader may read, as a file."""
    async with sessions() as session:
        read = await _asked_for(session, team_id, user_id, int(action["value"]))
        member = read.asker.member
        given = await reports.answers(session, member.program_id, [one.id for one in read.rounds])
    reader = checkin_rules.Reader(member.id, facilitates=True, seat_ids=frozenset(), in_cohort=False, in_network=False)
    table = files.answers(read.cohort.name, read.rounds, given, reader)
    await _send(sessions, client, body, read, ("answers", table), clock.now())
    await ack()


async def _asked_for(session: AsyncSession, team_id: str, user_id: str, cohort_id: int) -> Read:
    """What the report of a cohort is made of; refuses whoever may not have it."""
    asker = await asker_allowed(session, team_id, user_id, ACT)
    known = await cohorts.listed(session, asker.member.program_id)
    cohort = next((one for one in known if one.id == cohort_id), None)
    if cohort is None:
        raise Refused("That cohort is gone.")
    if not asker.runs(cohort_id):
        await refuse_unless(session, asker.member, ACT, cohort_id)
    return await _read(session, asker, cohort)


async def _read(session: AsyncSession, asker: Asker, cohort: Listed) -> Read:
    """Two statements, however many rounds and people."""
    program_id = asker.member.program_id
    rounds = await reports.rounds(session, program_id, cohort.id)
    lines = await reports.lines(session, program_id, [one.id for one in rounds]) if rounds else []
    return Read(asker, cohort, rounds, lines)


async def _window(session: AsyncSession, team_id: str, user_id: str, cohort_id: int, now: datetime) -> Json:
    read = await _asked_for(session, team_id, user_id, cohort_id)
    return views.in_full(read.cohort, rules.report(read.rounds, read.lines), read.today(now))


async def _send(
    sessions: Sessions, client: Client, body: Json, read: Read, file: tuple[str, files.Table], now: datetime
) -> None:
    """Owe the file, and say so: in a window at its top, beside a message to whoever pressed its button."""
    note = views.file_owed(file[0], read.cohort.name, len(file[1]) - 1)
    async with sessions.begin() as session:
        await _owe(session, body, read, file, note, now)
    if body.get("view"):
        found = rules.report(read.rounds, read.lines)
        shown = views.in_full(read.cohort, found, read.today(now), note)
        await client.views_update(view_id=body["view"]["id"], view=shown)


async def _owe(
    session: AsyncSession, body: Json, read: Read, file: tuple[str, files.Table], note: str, now: datetime
) -> None:
    (what, table), asker = file, read.asker
    if len(table) > 1:
        said = views.file_sent(what, read.cohort.name, len(table) - 1, reports.MOST_ROUNDS)
        content = export.MARK + text.written(table)
        key, name = f"report:{what}:{body['trigger_id']}", f"{what}-{now:%Y-%m-%d}.csv"
        await deliveries.owe_file(session, asker.member, key, said, name=name, content=content, at=now)
    if body.get("response_url"):
        answer = blocks.message(note) | {"response_type": "ephemeral", "replace_original": False}
        where = (asker.member.program_id, asker.workspace.id, body["response_url"])
        await deliveries.owe_response(session, *where, f"report:said:{what}:{body['trigger_id']}", answer, at=now)
