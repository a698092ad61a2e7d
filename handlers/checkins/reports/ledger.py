"""The ledger of a round: opened by a button beside the round, turned page by page; for facilitators of its cohort alone."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import windows
from handlers.checkins.reports import ledger_views
from handlers.checkins.reports.ledger_views import Place
from handlers.errors import Refused
from handlers.people import asker_allowed, refuse_unless
from handlers.types import Ack, Client, Clock, Json, Sessions
from storage import ledger


async def show(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """The button "Deliveries": beside a message a window of its own, else over the window."""
    view = await _view(sessions, body, action["value"], team_id, user_id, clock.now())
    await windows.open_from(client, body, view)
    await ack()


async def turn(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Another page, or only what failed or waits; read anew, so it is as true as it can be."""
    view = await _view(sessions, body, action["value"], team_id, user_id, clock.now())
    await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)
    await ack()


async def _view(sessions: Sessions, body: Json, value: str, team_id: str, user_id: str, now: datetime) -> Json:
    round_id, which, page = ledger_views.read_place(value)
    place = Place(which, page, team_id, str((body.get("team") or {}).get("domain") or ""))
    async with sessions() as session:
        return await _drawn(session, round_id, place, user_id, now)


async def _drawn(session: AsyncSession, round_id: int, place: Place, user_id: str, now: datetime) -> Json:
    asker = await asker_allowed(session, place.team_id, user_id, "checkin deliveries")
    program_id = asker.member.program_id
    book = await ledger.book(session, program_id, round_id)
    if book is None:
        raise Refused("That round is gone.")
    if not asker.runs(book.cohort.id):
        await refuse_unless(session, asker.member, "checkin deliveries", book.cohort.id)
    found = await ledger.entries(session, program_id, round_id)
    together = await ledger.together(session, program_id, found)
    return ledger_views.ledger(book, ledger_views.rows(found, together, now), place, now)
