"""What several conversations about check-ins begin with."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from bot.sandbox.form import Form
from storage import roster
from storage.models import CheckIn, Identity, Member, Question
from tests.handlers.checkins import making
from tests.whole import Slack

Json = dict[str, Any]
HEADER = "network,cohort,city,state,name,email,slack_id,role,title,expertise,time_zone,from,until\n"

MADE = datetime(2026, 10, 1, 15, 0, tzinfo=UTC)
MONDAY_IN_MEMPHIS = datetime(2026, 10, 5, 14, 0, tzinfo=UTC)
MONDAY_IN_PHOENIX = datetime(2026, 10, 5, 16, 0, tzinfo=UTC)
MONDAY_IN_HONOLULU = datetime(2026, 10, 5, 19, 0, tzinfo=UTC)
CLOSED = datetime(2026, 10, 7, 19, 0, tzinfo=UTC)


async def made(slack: Slack, **fields: Any) -> None:
    """Renee makes the suggested check-in: Mondays at nine, two days, the first answer for the whole cohort."""
    await making.made(slack, **fields)


async def asks(slack: Slack, *questions: Json) -> None:
    """A check-in of Renee's with these questions; what they do not say is as usual."""
    await made(slack)
    usual: Json = {"kind": "text", "audience": "city", "options": {}, "required": False, "anonymous": False}
    async with slack.sessions.begin() as session:
        check_in = (await session.scalars(select(CheckIn).where(CheckIn.program_id == 1))).one()
        whose = {"program_id": 1, "check_in_id": check_in.id}
        await session.execute(delete(Question).where(Question.program_id == 1, Question.check_in_id == check_in.id))
        rows = [{**usual, "text": f"Question {n}?", **one, **whose, "position": n} for n, one in enumerate(questions)]
        await session.execute(insert(Question), rows)
    await slack.turn_to(MONDAY_IN_MEMPHIS)


async def opens(slack: Slack, who: str) -> Form:
    """Somebody presses "Answer now", or what stands in its place."""
    opened = await slack.person(who).types("/checkin")
    if not isinstance(opened, Form):
        label = "See or edit the answer"
        shown = next(one for one in reversed(slack.person(who).messages) if label in str(one))
        opened = await slack.person(who).clicks(shown, label)
    assert isinstance(opened, Form), opened
    return opened


async def imported(slack: Slack, lines: str) -> None:
    """More places, as lines of a roster file."""
    done = await roster.import_roster(
        slack.sessions, slack.bot.program_id, HEADER + lines, dry_run=False, at=slack.clock.now()
    )
    assert done.ok, done.lines


async def unknown_to_slack(slack: Slack, name: str) -> None:
    """From now on Slack refuses each message to somebody."""
    member = await slack.member(name)
    async with slack.sessions.begin() as session:
        gone = update(Identity).where(Identity.program_id == member.program_id, Identity.member_id == member.id)
        await session.execute(gone.values(user_id="U0NOBODY"))


async def made_for_cities(slack: Slack, **fields: Any) -> None:
    """The same with one answer for each city."""
    await made(slack, **fields)
    async with slack.sessions.begin() as session:
        query = update(CheckIn).where(CheckIn.program_id == slack.bot.program_id)
        await session.execute(query.values(one_per_city=True))


async def pauses(slack: Slack) -> None:
    """Renee pauses the check-in, and says yes to what that changes."""
    question = await slack.person("Renee").types("/checkin", "pause 1")
    assert isinstance(question, dict)
    await slack.person("Renee").clicks(question, "Pause the check-in")
    await slack.settle()


async def moves(slack: Slack, who: str, zone: str) -> None:
    """Somebody's clock is that of another zone."""
    member = await slack.member(who)
    async with slack.sessions.begin() as session:
        query = update(Member).where(Member.program_id == member.program_id, Member.id == member.id)
        await session.execute(query.values(app_time_zone=zone))


def prompt_of(slack: Slack, who: str) -> Json:
    return next(one for one in reversed(slack.person(who).messages) if "Answer now" in str(one))


async def answers(slack: Slack, who: str, **fields: Any) -> Form | None:
    """Somebody presses "Answer now" and saves."""
    opened = await slack.person(who).clicks(prompt_of(slack, who), "Answer now")
    assert isinstance(opened, Form)
    return await opened.submit(**fields)


def thread(slack: Slack, message: Json, channel: str = "#cohort") -> list[Json]:
    """The replies to a message of a channel, the oldest first."""
    every = slack.channel(channel).messages
    return [one for one in every if one.get("thread_ts") == message["ts"] and one["ts"] != message["ts"]]


def read(message: Json) -> str:
    """All the text of a message, as it was sent."""
    return "\n".join([message.get("text", ""), *_texts(message.get("blocks", []))])


def _texts(part: Any) -> list[str]:
    if isinstance(part, list):
        return [text for one in part for text in _texts(one)]
    if isinstance(part, dict):
        own = [part["text"]] if isinstance(part.get("text"), str) else []
        return own + [text for value in part.values() if not isinstance(value, str) for text in _texts(value)]
    return []
