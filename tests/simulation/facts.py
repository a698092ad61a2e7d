"""What is there to be held against each other: the messages in Slack, and what the database says of them."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.looking import EVENT_TYPE
from bot.sandbox.workspace import Workspace
from storage.database import Sessions
from storage.models import Asking, CheckIn, Delivery, Identity, Owed, Prompt, Round

OF_ALL = {"across_programs": "the simulation looks at all"}
POSTS = ("post", "file")


@dataclass(frozen=True, slots=True)
class Message:
    """One message that the bot posted; `to` is the user it went to, or the channel."""

    key: str
    to: str
    channel: str
    ts: str

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(float(self.ts), UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the ledger: a reason to post, and what became of the delivery that pays it."""

    key: str
    owed_id: int
    delivery_id: int
    to: str
    own_accord: bool
    any_hour: bool
    expires_at: datetime | None
    due_at: datetime
    taken: datetime | None
    outcome: str | None
    settled_at: datetime | None
    channel: str | None
    ts: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody's place in a round."""

    id: int
    prompt_id: int
    round_id: int
    check_in: str
    nominal_on: date
    user_id: str
    due_at: datetime
    ends_at: datetime
    asked_at: datetime | None
    skipped: str | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A round."""

    id: int
    check_in: str
    nominal_on: date
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None


@dataclass
class Facts:
    """All of it, or what is new: then lines and askings are those that the new messages are about, and those that are overdue."""

    messages: list[Message] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    askings: list[Asked] = field(default_factory=list)
    rounds: list[Opened] = field(default_factory=list)


@dataclass
class Reader:
    """Reads what is new in Slack: `read` is how far it got in each channel."""

    workspace: Workspace
    read: dict[str, int] = field(default_factory=dict)

    def new(self) -> list[Message]:
        found = []
        for channel in list(self.workspace.channels.values()):
            known = self.read.get(channel.id, 0)
            if known == len(channel.messages):
                continue
            self.read[channel.id] = len(channel.messages)
            people = [one for one in channel.members if one != self.workspace.bot_user_id]
            to = people[0] if channel.is_im else channel.id
            found += [_message(one, to, channel.id) for one in channel.messages[known:] if _is_ours(one)]
        return sorted(found, key=lambda one: one.ts)


async def everything(sessions: Sessions, workspace: Workspace) -> Facts:
    """All messages, lines, askings and rounds there are."""
    async with sessions() as session:
        return Facts(
            Reader(workspace).new(),
            [Line(*row) for row in await session.execute(_lines(), execution_options=OF_ALL)],
            [Asked(*row) for row in await session.execute(_askings(), execution_options=OF_ALL)],
            [Opened(*row) for row in await session.execute(_rounds(), execution_options=OF_ALL)],
        )


async def about(sessions: Sessions, program_id: int, messages: list[Message], now: datetime) -> Facts:
    """What the database says of these messages, and what it says should have happened by now."""
    paying = select(Owed.delivery_id).where(Owed.program_id == program_id, Owed.key.in_({one.key for one in messages}))
    late = Asking.asked_at.is_(None) & Asking.skipped.is_(None) & (Asking.due_at < now)
    open_still = Round.closed_at.is_(None) & (Round.closes_at < now)
    async with sessions() as session:
        lines = await _rows(session, _lines().where(Delivery.settled_at.is_(None), Delivery.due_at < now))
        lines |= await _rows(session, _lines().where(Owed.delivery_id.in_(paying))) if messages else {}
        ids = {number for line in lines if (number := asking_id(line[0]))}
        askings = await _rows(session, _askings().where(late))
        askings |= await _rows(session, _askings().where(Asking.id.in_(ids))) if ids else {}
        rounds = await _rows(session, _rounds().where(open_still))
    return Facts(
        messages, [Line(*row) for row in lines], [Asked(*row) for row in askings], [Opened(*row) for row in rounds]
    )


async def opened_since(sessions: Sessions, round_id: int) -> list[Asked]:
    """The askings of the rounds that were opened after this one."""
    async with sessions() as session:
        rows = await session.execute(_askings().where(Round.id > round_id), execution_options=OF_ALL)
        return [Asked(*row) for row in rows]


def asking_id(key: str) -> int | None:
    """The asking that a message is about; None when it is about something else."""
    kind, _, rest = key.partition(":")
    return int(rest) if kind in ("prompt", "reminder") and rest.isdecimal() else None


async def _rows(session: AsyncSession, query: Select[Any]) -> dict[tuple[Any, ...], None]:
    """Each row once, in order."""
    return dict.fromkeys(tuple(row) for row in await session.execute(query, execution_options=OF_ALL))


def _lines() -> Select[Any]:
    terms = (Owed.own_accord, Owed.any_hour, Owed.expires_at)
    fate = (Delivery.due_at, Delivery.leased_until, Delivery.outcome, Delivery.settled_at)
    columns = (Owed.key, Owed.id, Delivery.id, Delivery.place, *terms, *fate, Delivery.conversation, Delivery.ts)
    return select(*columns).join(Delivery, Delivery.id == Owed.delivery_id).where(Delivery.kind.in_(POSTS))


def _askings() -> Select[Any]:
    when = (Asking.due_at, Prompt.ends_at, Asking.asked_at, Asking.skipped)
    whose = (Round.id, CheckIn.name, Round.nominal_on, Identity.user_id)
    return (
        select(Asking.id, Asking.prompt_id, *whose, *when)
        .join(Prompt, Prompt.id == Asking.prompt_id)
        .join(Round, Round.id == Prompt.round_id)
        .join(CheckIn, CheckIn.id == Round.check_in_id)
        .join(Identity, Identity.member_id == Asking.member_id)
    )


def _rounds() -> Select[Any]:
    when = (Round.opened_at, Round.closes_at, Round.closed_at)
    return select(Round.id, CheckIn.name, Round.nominal_on, *when).join(CheckIn, CheckIn.id == Round.check_in_id)


def _is_ours(message: dict[str, Any]) -> bool:
    return (message.get("metadata") or {}).get("event_type") == EVENT_TYPE


def _message(message: dict[str, Any], to: str, channel: str) -> Message:
    return Message(message["metadata"]["event_payload"]["key"], to, channel, message["ts"])
