"""Who is asking: the only way from a Slack user to a member, and what that member may do."""

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.errors import Refused, Unknown
from storage import members, programs
from storage.models import Member


async def member_of(session: AsyncSession, team_id: str, user_id: str) -> Member:
    """The member behind a Slack user; raises `Unknown`, which tells them kindly whom to ask."""
    member = await members.by_identity(session, team_id, user_id)
    if member is None:
        raise Unknown(await _whom_to_ask(session, team_id), team_id=team_id, user_id=user_id)
    return member


async def facilitator_of(session: AsyncSession, team_id: str, user_id: str, cohort_id: int | None = None) -> Member:
    """The member, when they facilitate this cohort (any cohort, without one); else `Refused` says who can."""
    member = await member_of(session, team_id, user_id)
    if not await members.facilitates(session, member, cohort_id):
        raise Refused(f"Only facilitators can do this. {await who_can(session, member.program_id, cohort_id)}")
    return member


async def who_can(session: AsyncSession, program_id: int, cohort_id: int | None = None) -> str:
    """One sentence that names up to three facilitators to ask: the right ones, or any when there are none of these."""
    right = await members.facilitators(session, program_id, cohort_id)
    names = [person.name for person in right or await members.facilitators_anywhere(session, program_id)][:3]
    return f"Please ask {_one_of(names)}." if names else "Please ask the people who run your program."


async def _whom_to_ask(session: AsyncSession, team_id: str) -> str:
    start = "I do not know you yet: you are not on a seat of any cohort here."
    workspace = await programs.by_team(session, team_id)
    whom = await who_can(session, workspace.program_id) if workspace else "Please ask the people who run your program."
    return f"{start} {whom} They can put you on the roster with the e-mail address that you use in Slack."


def _one_of(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
