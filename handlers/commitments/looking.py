"""Commitments are looked at: lists, single ones, and further pages."""

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import blocks
from handlers.commitments import asking, line, messages, story, surfaces
from handlers.commitments.asking import Asker
from handlers.commitments.line import Line
from handlers.commitments.messages import Notice
from handlers.commitments.surfaces import Surface
from handlers.types import Ack, Clock, Json, Sessions, Settings
from storage import commitment_lists


async def names(session: AsyncSession, asker: Asker, text: str) -> dict[str, int]:
    """What somebody may name after `cohort` and `city`, with the ids: their own, and all cities of the cohorts they facilitate."""
    first = text.strip().split(" ")[0].lower()
    if first == "cohort":
        return {place.cohort: place.cohort_id for place in asker.places}
    if first != "city":
        return {}
    own = {place.city: place.city_id for place in asker.places if place.city_id}
    run = {place.cohort_id for place in asker.places if place.facilitates}
    return own | (await commitment_lists.city_names(session, asker.member, run) if run else {})


async def answer(
    session: AsyncSession, asker: Asker, read: Line, known: dict[str, int], settings: Settings
) -> Json | None:
    """The answer to a line that only asks; None when it records or changes something."""
    if read.verb == "help":
        return story.helps(settings.command_commit)
    if read.verb in line.LISTS:
        return await _list(session, asker, read, known, settings)
    if read.verb == "show" or (read.verb == "done" and read.meant):
        item = await asking.find(session, asker, read.number)
        history = await commitment_lists.history(session, item.commitment)
        return story.shown(item, history, asker, _taken_for(read, settings))
    return None


async def more(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """The button "Show more" brings the next page as a message of its own, so that the first one stays."""
    async with sessions.begin() as session:
        asker = await asking.load(session, team_id, user_id, clock.now())
        surface = Surface(action["value"], str(body.get("response_url") or ""), settings.command_commit)
        message = await surfaces.page(session, asker, surface.stands_on, surface.command)
        await surfaces.respond(session, asker, surface, message, clock.now(), replace=False)
    await ack()


async def _list(session: AsyncSession, asker: Asker, read: Line, known: dict[str, int], settings: Settings) -> Json:
    """The first page of a list. In a cohort's channel `cohort` alone means that cohort."""
    here = [place.cohort_id for place in asker.places if place.here] if read.verb == "cohort" else []
    key = known[read.name] if read.name else (here[0] if len(here) == 1 else 0)
    page = messages.page_of(read.verb, 0, key)
    return await surfaces.page(session, asker, page, settings.command_commit, _taken_for(read, settings))


def _taken_for(read: Line, settings: Settings) -> Notice | None:
    """What a misspelt word was read as, and what to type when it was meant as it stands."""
    if not read.meant:
        return None
    typed, command = blocks.escaped(read.text.split(" ")[0]), settings.command_commit
    if typed.lower() in line.CHANGES:
        return Notice(f"Which one? Add its number: `{command} {typed.lower()} 128`.")
    meant = f"I read *{typed}* as *{read.verb}*."
    if read.verb == "done":
        return Notice(f"{meant} Nothing was changed; to do it, type `{command} done {read.number}`.")
    return Notice(f"{meant} If it was a commitment, add a date: `{command} {typed} by Friday`.")
