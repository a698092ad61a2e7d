"""Roster files in Slack: the form that takes one, and the buttons under the message that follows it."""

import secrets
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.errors import Refused
from handlers.people import member_of, who_can
from handlers.rosters import rules, views
from handlers.types import Ack, Client, Clock, Json, Sessions
from storage import deliveries, programs, roster_imports
from storage.models import Member, RosterImport


@dataclass(frozen=True)
class Move:
    """What a button does: from which states to which. `goes_on`: a job takes it from there; `as_shown`: only the plan beside the button."""

    since: tuple[str, ...]
    state: str
    goes_on: bool = True
    as_shown: bool = False


MOVES = {
    views.CONFIRM: Move((roster_imports.SHOWN,), roster_imports.CONFIRMED, as_shown=True),
    views.NOT_NOW: Move((roster_imports.SHOWN,), roster_imports.PUT_OFF, goes_on=False),
    # It is tried out anew: the roster may have changed meanwhile.
    views.AGAIN: Move((roster_imports.PUT_OFF,), roster_imports.READING),
    views.UNDO: Move((roster_imports.LOOKING, roster_imports.APPLIED), roster_imports.UNDOING),
}


def message_key(one: RosterImport) -> str:
    """What the one message about an import is owed under; every later state of it is a change of this message."""
    return f"cohorts:import:{one.id}"


async def open_form(ack: Ack, body: Json, team_id: str, user_id: str, client: Client, sessions: Sessions) -> None:
    """`/cohort import`, or "Choose a file"; who may not is told who can."""
    async with sessions() as session:
        await _maker(session, team_id, user_id)
    await client.views_open(trigger_id=body["trigger_id"], view=views.form(secrets.token_urlsafe(12)))
    await ack()


async def take(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """The form was sent: the file is noted and read a moment later; what it would do comes as a direct message."""
    form_key, file = views.read_form(view)
    problem = rules.problem_with_file(file) if file else "Choose a file first."
    if file is None or problem:
        raise Refused(problem or "", field=views.FILE)
    async with sessions.begin() as session:
        member = await _maker(session, team_id, user_id)
        workspace = await programs.by_team(session, team_id)
        named = {"file_id": file["id"], "file_name": file.get("name") or "your file"}
        if workspace is not None:
            one = await roster_imports.start(session, member, workspace, form_key=form_key, **named, at=clock.now())
            if one is not None:
                await deliveries.owe(session, member, message_key(one), views.of(one), at=clock.now())
    await ack()


async def move(ack: Ack, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """The buttons that move an import on; pressed again, or too late, they change nothing."""
    what, now = MOVES[action["action_id"]], clock.now()
    number, digest = views.read_value(action["value"])
    async with sessions.begin() as session:
        one = await _mine(session, team_id, user_id, number)
        showing = digest if what.as_shown else None
        values = {"due_at": now, "tries": 0} if what.goes_on else {}
        moved = await roster_imports.move(session, one, what.state, since=what.since, showing=showing, **values)
        await _tell(session, moved, clock)
    await ack()


async def show_more(ack: Ack, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    number, shown = views.read_value(action["value"])
    async with sessions.begin() as session:
        one = await _mine(session, team_id, user_id, number)
        if one.state == roster_imports.SHOWN:
            await _tell(session, one, clock, shown=int(shown))
    await ack()


async def send_whole(ack: Ack, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """The whole list as a text file; pressing again sends it again, a repeated request does not."""
    number, _ = views.read_value(action["value"])
    async with sessions.begin() as session:
        one = await _mine(session, team_id, user_id, number)
        member = await member_of(session, team_id, user_id)
        name, content = views.whole(one)
        key = f"{message_key(one)}:whole:{action['action_ts']}"
        text = views.whole_text(one)
        await deliveries.owe_file(session, member, key, text, name=name, content=content, at=clock.now())
    await ack()


async def _maker(session: AsyncSession, team_id: str, user_id: str) -> Member:
    """Who facilitates the whole program; everybody else hears who can."""
    member = await member_of(session, team_id, user_id)
    if not await roster_imports.runs_program(session, member):
        whom = await who_can(session, member.program_id)
        raise Refused(f"Only who facilitates the whole program can import a roster. {whom}")
    return member


async def _mine(session: AsyncSession, team_id: str, user_id: str, number: int) -> RosterImport:
    member = await _maker(session, team_id, user_id)
    one = await roster_imports.of_id(session, member.program_id, number)
    if one is None or one.member_id != member.id:
        raise Refused("I do not know this import any more. Nothing was changed.")
    return one


async def _tell(session: AsyncSession, one: RosterImport | None, clock: Clock, *, shown: int = views.FIRST) -> None:
    """Change the message; nothing when somebody else moved the import on, who told it then."""
    if one is not None:
        message = views.of(one, shown=shown)
        await deliveries.owe_update(session, one.program_id, message_key(one), message, at=clock.now())
