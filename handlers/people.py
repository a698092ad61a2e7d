"""Who is asking: the only way from a Slack user to a member, and what that member may do."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar, rights
from handlers.errors import Refused, Unknown
from storage import begun, members, programs
from storage.begun import Asked
from storage.members import Asker
from storage.models import Member

ONE_MOMENT = "One moment, please: I do not know you yet, so I am looking you up in Slack."


async def member_of(session: AsyncSession, team_id: str, user_id: str) -> Member:
    """The member behind a Slack user; raises `Unknown`, which tells them kindly whom to ask."""
    member = await members.by_identity(session, team_id, user_id)
    if member is None:
        raise Unknown(await _whom_to_ask(session, team_id), team_id=team_id, user_id=user_id)
    return member


async def asked(session: AsyncSession, team_id: str, user_id: str, prompt_id: int) -> Asked | None:
    """The member with a prompt that they may answer, in one statement; None when it is somebody else's. Raises `Unknown` as `member_of`."""
    found = await begun.by_identity(session, team_id, user_id, prompt_id)
    if found is None:
        await member_of(session, team_id, user_id)
    return found


async def asker_or_wait(session: AsyncSession, team_id: str, user_id: str) -> Asker:
    """Who asks; `Unknown` bids whoever is no member wait, and what a look into Slack finds is told them."""
    asker = await members.asker(session, team_id, user_id)
    if asker is None:
        raise Unknown(ONE_MOMENT, team_id=team_id, user_id=user_id, waits=True)
    return asker


async def facilitator_of(session: AsyncSession, team_id: str, user_id: str, cohort_id: int | None = None) -> Member:
    """The member, when they facilitate this cohort (any cohort, without one); else `Refused` says who can."""
    member = await member_of(session, team_id, user_id)
    if not await members.facilitates(session, member, cohort_id):
        raise Refused(await _only_facilitators(session, member, cohort_id))
    return member


async def allowed(session: AsyncSession, team_id: str, user_id: str, act: str, cohort_id: int | None = None) -> Member:
    """The member, when `rights` lets them do this in the cohort (in any, without one); else `Refused` says who can."""
    return (await asker_allowed(session, team_id, user_id, act, cohort_id)).member


async def asker_allowed(
    session: AsyncSession, team_id: str, user_id: str, act: str, cohort_id: int | None = None
) -> Asker:
    """As `allowed`, with the workspace and what they facilitate; one statement."""
    asker = await members.asker(session, team_id, user_id)
    if asker is None:
        raise Unknown(await _whom_to_ask(session, team_id), team_id=team_id, user_id=user_id)
    if not rights.may(act, asker.runs(cohort_id)):
        raise Refused(await _only_facilitators(session, asker.member, cohort_id))
    return asker


async def refuse_unless(session: AsyncSession, member: Member, act: str, cohort_id: int | None = None) -> None:
    """`Refused` says who can, when `rights` does not let the member do this in the cohort (in any, without one)."""
    if not rights.may(act, await members.runs(session, member, cohort_id)):
        raise Refused(await _only_facilitators(session, member, cohort_id))


async def today_of(session: AsyncSession, member: Member, now: datetime) -> date:
    """The member's own day; no statement where their zone is known."""
    return calendar.today(await members.zone_of(session, member), now)


async def who_can(session: AsyncSession, program_id: int, cohort_id: int | None = None) -> str:
    """One sentence that names up to three facilitators to ask: the right ones, or any when there are none of these."""
    right = await members.facilitators(session, program_id, cohort_id)
    return _please_ask(right or await members.facilitators_anywhere(session, program_id))


async def _only_facilitators(session: AsyncSession, member: Member, cohort_id: int | None) -> str:
    """Who can instead: without a cohort those of the member's own cohorts, else those of the program."""
    start = "Only facilitators can do this."
    own = await members.own_facilitators(session, member) if cohort_id is None else []
    return f"{start} {_please_ask(own) if own else await who_can(session, member.program_id, cohort_id)}"


def _please_ask(whom: Sequence[Member]) -> str:
    names = [person.name for person in whom][:3]
    return f"Please ask {_one_of(names)}." if names else "Please ask the people who run your program."


async def _whom_to_ask(session: AsyncSession, team_id: str) -> str:
    start = "I do not know you yet: you are not on a seat of any cohort here."
    workspace = await programs.by_team(session, team_id)
    whom = await who_can(session, workspace.program_id) if workspace else "Please ask the people who run your program."
    return f"{start} {whom} They can put you on the roster with the e-mail address that you use in Slack."


def _one_of(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
