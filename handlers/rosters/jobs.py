"""What the clock does for roster files: reads them, imports what was confirmed, looks for the new people, takes back.

Each step is one transaction on the state before it: a process that dies leaves the state, and the next one goes on from there.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from sqlalchemy.ext.asyncio import AsyncSession

from handlers import turns, users
from handlers.errors import NotInstalled
from handlers.rosters import fetching, rules, views
from handlers.rosters.imports import message_key
from handlers.types import Client, Job, Services
from storage import deliveries, identities, programs, roster, roster_imports
from storage.identities import User
from storage.models import Member, RosterImport, Workspace
from storage.roster import Prepared, file, report, text, undo
from storage.roster.wanted import Plan

PASSING = ("fatal_error", "internal_error", "request_timeout", "service_unavailable", "invalid_cursor")
NETWORK = (aiohttp.ClientError, TimeoutError, OSError)


async def go_on(services: Services) -> int:
    """Take the next step of every import that has one."""
    async with services.sessions() as session:
        waiting = await roster_imports.due(session, services.clock.now())

    async def step(one: RosterImport) -> None:
        try:
            await STEPS[one.state](services, one)
        except SlackApiError as error:
            await _failed(services, one, str(error.response.get("error")), _told_to_wait(error))
        except NotInstalled:
            await _failed(services, one, "not_installed", None)
        except NETWORK as error:
            await _failed(services, one, type(error).__name__, None)

    return await turns.side_by_side(waiting, lambda one: one.workspace_id, step, most=len(waiting))


async def read(services: Services, one: RosterImport) -> None:
    """Fetch the file and show what it would do, or what is wrong with it."""
    try:
        data = one.content or await fetching.content(await _slack(services, one), one.file_id)
    except fetching.Unreadable as error:
        await _cannot_read(services, one, str(error))
        return
    kind = text.other_kind(data)
    if kind:
        await _cannot_read(services, one, f"This is {kind}: {text.SAVE_AS_CSV}.")
        return
    sheet = await asyncio.to_thread(file.read, data)
    async with services.sessions() as session:
        planned = await roster.plan_of(session, one.program_id, sheet, at=services.clock.now())
    async with services.sessions.begin() as session:
        await _show(session, services, one, planned, len(sheet.rows), data)


async def take_over(services: Services, one: RosterImport) -> None:
    """Import what was confirmed, all of it or nothing, unless the roster changed so that the file would now do something else."""
    data, now = one.content or b"", services.clock.now()
    sheet = await asyncio.to_thread(file.read, data)

    async def make_ready(session: AsyncSession) -> Prepared:
        return await roster.prepare(session, one.program_id, sheet, at=now, looked_up_at=now)

    async def take(session: AsyncSession, prepared: Prepared) -> None:
        held, planned = await roster_imports.locked(session, one, roster_imports.CONFIRMED), prepared.plan
        if held is None:
            return
        if planned.digest != held.digest:
            note = "The roster was changed after I showed you this, and nothing was imported. Here is what the file does now."
            await _show(session, services, held, planned, len(sheet.rows), data, note)
            return
        await roster.apply(session, planned)
        done = undo.record(planned)
        people = undo.members_of(done)
        state = roster_imports.LOOKING if people else roster_imports.APPLIED
        values: dict[str, Any] = {
            "done": done,
            "content": None,
            "applied_at": now,
            "told_at": now,
            "due_at": now if people else None,
        }
        moved = await roster_imports.move(session, held, state, since=(roster_imports.CONFIRMED,), tries=0, **values)
        await _tell(session, services, moved)

    await roster.write(services.sessions, one.program_id, make_ready, take)


async def look(services: Services, one: RosterImport) -> None:
    """Look for the new people in Slack: a few one by one, many page by page of all users."""
    people = undo.members_of(one.done)
    async with services.sessions() as session:
        workspace = await programs.workspace(session, one.program_id, one.workspace_id)
        missing = await roster_imports.not_in_slack(session, one.program_id, people)
    page, cursor = await _users(services, one, workspace, missing)
    now = services.clock.now()
    async with services.sessions.begin() as session:
        if missing:
            await identities.recognize(session, workspace, page, now, members=missing)
        left = await roster_imports.count_not_in_slack(session, one.program_id, people)
        found, over = len(people) - left, not cursor
        if over and left and len(await programs.workspaces(session, one.program_id)) > 1:
            # They may be in another workspace of the program: there they are looked for with all others who are missing.
            await roster_imports.looked_for(session, one.program_id, people, None)
        tells = over or rules.tells(one.told_at, now)
        state = roster_imports.APPLIED if over else roster_imports.LOOKING
        values: dict[str, Any] = {
            "cursor": cursor,
            "due_at": None if over else now,
            "told_at": now if tells else one.told_at,
        }
        moved = await roster_imports.move(session, one, state, since=(roster_imports.LOOKING,), tries=0, **values)
        if tells:
            await _tell(session, services, moved, views.in_slack(len(people), found, over=over))


async def take_back(services: Services, one: RosterImport) -> None:
    """Undo the last import, all of it or nothing."""
    async with services.sessions.begin() as session:
        await roster.alone(session, one.program_id)
        held = await roster_imports.locked(session, one, roster_imports.UNDOING)
        if held is None:
            return
        last = await roster_imports.last(session, one.program_id)
        if last is not None and last.id != held.id:
            reasons = [f"{last.file_name} was imported after it, and comes first"]
        else:
            reasons = await undo.take_back(session, one.program_id, held.done)
        state, since = roster_imports.APPLIED if reasons else roster_imports.UNDONE, (roster_imports.UNDOING,)
        moved = await roster_imports.move(session, held, state, since=since, due_at=None)
        await _tell(session, services, moved, views.not_undone(reasons) if reasons else "")


async def _slack(services: Services, one: RosterImport) -> Client:
    """The workspace in which the file was given."""
    async with services.sessions() as session:
        workspace = await programs.workspace(session, one.program_id, one.workspace_id)
    return await services.slack(workspace.team_id)


async def _users(
    services: Services, one: RosterImport, workspace: Workspace, missing: list[Member]
) -> tuple[list[User], str]:
    """The next users to compare with, and where to go on; "" at the end."""
    slack = await services.slack(workspace.team_id)
    if len(missing) <= users.ONE_BY_ONE and not one.cursor:
        return [user async for user in users.each(slack, workspace, missing)], ""
    page = await slack.users_list(limit=users.PAGE, cursor=one.cursor or None)
    cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
    return [users.read(payload) for payload in page["members"]], cursor


async def _show(
    session: AsyncSession,
    services: Services,
    one: RosterImport,
    planned: Plan,
    read_lines: int,
    data: bytes,
    note: str = "",
) -> None:
    told = report.summary(planned, read_lines)
    state = roster_imports.SHOWN if told.chapters else roster_imports.SAME
    state = roster_imports.WRONG if told.wrong else state
    kept = data if state == roster_imports.SHOWN else None
    values: dict[str, Any] = {
        "shown": asdict(told),
        "digest": planned.digest,
        "content": kept,
        "due_at": None,
        "tries": 0,
    }
    moved = await roster_imports.move(session, one, state, since=(one.state,), **values)
    await _tell(session, services, moved, note)


async def _cannot_read(services: Services, one: RosterImport, why: str) -> None:
    async with services.sessions.begin() as session:
        since = (roster_imports.READING,)
        moved = await roster_imports.move(
            session, one, roster_imports.UNREADABLE, since=since, due_at=None, content=None
        )
        await _tell(session, services, moved, why)


async def _failed(services: Services, one: RosterImport, error: str, told: timedelta | None) -> None:
    """Try again later, or give up and say what to do. That Slack asked to wait is no try."""
    now, tries = services.clock.now(), one.tries if told else one.tries + 1
    passing = told is not None or error in PASSING or not error.islower()
    wait = told or (rules.wait(tries) if passing else None)
    if wait is not None:
        values: dict[str, Any] = {
            "due_at": now + wait,
            "tries": tries,
            "cursor": "" if error == "invalid_cursor" else one.cursor,
        }
        async with services.sessions.begin() as session:
            moved = await roster_imports.move(session, one, one.state, since=(one.state,), **values)
            if moved and tries == 1 and not told:
                await _tell(session, services, moved, views.slack_is_silent(one))
    elif one.state == roster_imports.READING:
        await _cannot_read(services, one, views.slack_refused(error))
    else:
        await _stop_looking(services, one)


async def _stop_looking(services: Services, one: RosterImport) -> None:
    """The roster stands; the people are looked for with all others who are missing."""
    async with services.sessions.begin() as session:
        await roster_imports.looked_for(session, one.program_id, undo.members_of(one.done), None)
        since = (roster_imports.LOOKING,)
        moved = await roster_imports.move(session, one, roster_imports.APPLIED, since=since, due_at=None)
        await _tell(session, services, moved, views.looks_on())


async def _tell(session: AsyncSession, services: Services, one: RosterImport | None, note: str = "") -> None:
    if one is not None:
        message = views.of(one, note=note)
        await deliveries.owe_update(session, one.program_id, message_key(one), message, at=services.clock.now())


def _told_to_wait(error: SlackApiError) -> timedelta | None:
    if getattr(error.response, "status_code", 200) != 429:
        return None
    return timedelta(seconds=float(error.response.headers.get("Retry-After", 30)))


STEPS: dict[str, Callable[[Services, RosterImport], Awaitable[None]]] = {
    roster_imports.READING: read,
    roster_imports.CONFIRMED: take_over,
    roster_imports.LOOKING: look,
    roster_imports.UNDOING: take_back,
}
JOBS = [Job("rosters: files", go_on, roster_imports.next_due)]
