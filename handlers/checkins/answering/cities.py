"""One answer for a city: whoever answers first answers for all who were asked, and their messages say so."""

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.checkins.answering import city_views
from handlers.checkins.wording import who_sees
from handlers.errors import Refused
from handlers.types import Json
from storage import cities, deliveries, homes, members, prompting
from storage.answers import Open
from storage.cities import Beside, Revision
from storage.following import Said
from storage.models import Member

LEFT_SEAT = (
    "You are no longer on the seat of {city}, so this answer is not yours to change any more. Nothing was changed."
)
OTHER_QUESTIONS = "The questions were changed while you wrote, so nothing was saved. Copy what you typed, close the form, open it again."


async def form_key(session: AsyncSession, this: Open) -> str:
    """A random key for a form of answers that also says on what it was built: the newest version, and the questions."""
    told = await cities.revisions(session, this.prompt.program_id, this.prompt.id) if _for_city(this) else []
    return f"{secrets.token_urlsafe(12)}.{told[-1].id if told else 0}.{_fingerprint(this)}"


def refuse_other_questions(this: Open, key: str, field: str | None) -> None:
    """Refuse a form that was built before somebody changed the questions of a round that was not asked yet."""
    if key.count(".") == 2 and key.rpartition(".")[2] != _fingerprint(this):
        raise Refused(OTHER_QUESTIONS, field=field)


def refuse_who_left(this: Open, today: date) -> None:
    """A city's answer belongs to those who have its seat."""
    if not is_theirs(this, today):
        raise Refused(LEFT_SEAT.format(city=this.city))


def is_theirs(this: Open, today: date) -> bool:
    """Whether a member may answer it: what only they were asked stays theirs, a city's is of those who have its seat today."""
    return not _for_city(this) or (this.sits_until is not None and today <= this.sits_until)


async def tell(
    session: AsyncSession, said: Said, now: datetime, more: str = "", buttons: Sequence[Json] = ()
) -> Json | None:
    """Change what the others of the city read, and keep from them what waits; what who answered reads. None: only they were asked."""
    member, this, at = said.member, said.this, said.revision.at
    if not _for_city(this):
        return None
    program_id = member.program_id
    told = await cities.revisions(session, program_id, this.prompt.id)
    told = [one for one in told if one.id <= said.revision.id]  # those that came since are told of next
    people = await cities.on(session, program_id, [this.prompt.id])
    where = await members.whereabouts(session, program_id, [one.member_id for one in people], since=now)
    await homes.want(session, program_id, [one.member_id for one in people], now)
    for one in people:
        if one.member_id != member.id:
            text = city_views.answered(this, one.member_id, told, where[one.member_id].time_zone, one.asked_at)
            await change(session, program_id, one.asking_id, text, now)
    late = at > this.prompt.ends_at and len(told) == 1
    unseen = _unseen(told, member, said.revision.form_key)
    about_it = "The window had ended, so it is marked late." if late else city_views.overtaken(unseen)
    more = " ".join(part for part in (about_it, who_sees(this.round.questions, together=True), more) if part)
    zone = where[member.id].time_zone
    return city_views.answered(this, member.id, told, zone, this.asking.asked_at, more=more, buttons=buttons)


async def pass_on(session: AsyncSession, member: Member, this: Open) -> Json | None:
    """What somebody reads after "Not this time" for a city; None where only they were asked."""
    if not _for_city(this):
        return None
    people = await cities.on(session, member.program_id, [this.prompt.id])
    return city_views.passed(this, cities.left(people, member.id))


async def beside(session: AsyncSession, program_id: int, prompt_ids: Sequence[int]) -> dict[int, list[Beside]]:
    """Who may answer, by prompt; nothing is asked where there is no prompt of a city."""
    found: dict[int, list[Beside]] = {}
    for one in await cities.on(session, program_id, prompt_ids) if prompt_ids else []:
        found.setdefault(one.prompt_id, []).append(one)
    return found


async def say(session: AsyncSession, member: Member, this: Open, message: Json, now: datetime) -> None:
    """Say it where the prompt stands, and in the reminder; where nothing was sent, in a message of its own."""
    if not await change(session, member.program_id, this.asking.id, message, now):
        await deliveries.owe(session, member, f"answered:{this.asking.id}", message, at=now)


async def change(session: AsyncSession, program_id: int, asking_id: int, message: Json, now: datetime) -> bool:
    """Say it where the prompt, its reminder or its confirmation stand; what waits is not sent. False when nothing was sent."""
    prompt, reminder, own = f"prompt:{asking_id}", f"reminder:{asking_id}", f"answered:{asking_id}"
    await deliveries.withdraw(session, program_id, prompt, now)
    if not await deliveries.withdraw(session, program_id, reminder, now):
        await deliveries.owe_update(session, program_id, reminder, message, at=now)
    if await deliveries.owe_update(session, program_id, prompt, message, at=now):
        return True
    return await deliveries.owe_update(session, program_id, own, message, at=now)


def _unseen(told: Sequence[Revision], member: Member, key: str) -> list[str]:
    """Whose versions were saved after somebody had opened the form, and before they saved it."""
    parts = key.split(".")
    if len(parts) != 3:
        return []
    between = [one for one in told[:-1] if one.id > int(parts[1]) and one.member_id != member.id]
    return list(dict.fromkeys(one.name for one in between))


def _for_city(this: Open) -> bool:
    return prompting.for_city(this.prompt)


def _fingerprint(this: Open) -> str:
    return hashlib.sha256(json.dumps(this.round.questions, sort_keys=True).encode()).hexdigest()[:12]
