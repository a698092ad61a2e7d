"""Sends what the outbox owes: holds back, sends, looks before it repeats, and settles."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy.ext.asyncio import AsyncSession

from bot import calling, holding, lateness, looking, retry
from bot.lateness import TooLate
from bot.pace import BATCH
from bot.sender import Sender
from bot.settling import settle
from handlers.errors import NotInstalled
from storage import outbox
from storage.models import Delivery
from storage.outbox import Parcel, Queue, Sent

log = logging.getLogger(__name__)
NOT_INSTALLED = "not_installed"
BATCHES_AT_ONCE, BEGUN_AT_ONCE = 3, 10
NOBODY_KNOWS = (aiohttp.ClientError, TimeoutError, OSError)


@dataclass(frozen=True)
class Batch:
    """What was taken together in the workspace of a team: all of it, what may go, and until when its calls may begin (machine time)."""

    team_id: str
    parcels: Sequence[Parcel]
    kept: Sequence[Parcel]
    until: datetime


async def due(sender: Sender) -> list[Queue]:
    """The workspaces in which something is due now that may go out. A look before the transactions that take: most ticks find nothing."""
    now = sender.clock.now()
    async with sender.sessions() as session:
        waiting = await outbox.queues(session)
    return [one for one in waiting if one.due_at <= now and sender.pace(one.team_id).allowed(now)]


async def next_due(sender: Sender) -> datetime | None:
    """When something is to be sent next, the pace of each workspace considered."""
    now = sender.clock.now()
    async with sender.sessions() as session:
        waiting = await outbox.queues(session)
    return min((max(one.due_at, sender.pace(one.team_id).free_at(now)) for one in waiting), default=None)


async def send_due(sender: Sender, queue: Queue) -> int:
    """Send all that is due in a workspace as far as its pace allows, messages to different places side by side; how many were taken.

    While some are on their way to Slack the next ones are taken.
    """
    done, going = 0, set[asyncio.Task[None]]()
    try:
        while batch := await _take(sender, queue):
            done += len(batch.parcels)
            going.add(asyncio.create_task(_send_all(sender, batch)))
            if len(batch.parcels) < BATCH:  # it was the last
                break
            if len(going) == BATCHES_AT_ONCE:
                _, going = await asyncio.wait(going, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await asyncio.gather(*going)
    return done


async def _take(sender: Sender, queue: Queue) -> Batch | None:
    """What is due now, taken, with those kept that may go; None when there is nothing, or no room for more."""
    now, pace = sender.clock.now(), sender.pace(queue.team_id)
    # Calls begin in the first half only, so that who looks for one when the lease is over waited long enough.
    lease = timedelta(seconds=max(sender.settings.lease_seconds, 2 * sender.settings.look_up_seconds))
    until = datetime.now(UTC) + lease / 2  # by the wall clock: the monotonic one stands still while a machine sleeps
    allowed = pace.allowed(now)
    if not allowed:
        return None
    async with sender.basket, sender.sessions.begin() as session:
        parcels = await outbox.take_due(session, queue.workspace_id, now, lease, allowed)
        kept = await holding.hold_back(session, await _within_reach(session, parcels, now), now)
    pace.expected.update(parcel.delivery.id for parcel in kept)
    return Batch(queue.team_id, parcels, kept, until) if parcels else None


async def _send_all(sender: Sender, batch: Batch) -> None:
    """Send a batch, whatever happens: of what could not even be looked for the lease runs out."""
    unclear = [parcel for parcel in batch.kept if parcel.may_be_there]
    clear = [parcel for parcel in batch.kept if not parcel.may_be_there]
    try:
        await asyncio.gather(
            _send_side_by_side(sender, clear, batch.until), _look_and_send(sender, unclear, batch.until)
        )
    except Exception:
        log.exception("What may stand in Slack already is looked for again later")
    finally:
        sender.pace(batch.team_id).expected.difference_update(parcel.delivery.id for parcel in batch.kept)


async def _within_reach(session: AsyncSession, parcels: Sequence[Parcel], now: datetime) -> list[Parcel]:
    """Those of a workspace that has the app; the others are given up."""
    for parcel in parcels:
        if not parcel.installed:
            await outbox.closed(session, parcel.delivery, now, NOT_INSTALLED)
    return [parcel for parcel in parcels if parcel.installed]


async def _send_side_by_side(sender: Sender, parcels: Sequence[Parcel], until: datetime) -> None:
    by_place: dict[str, list[Parcel]] = {}
    for parcel in parcels:
        by_place.setdefault(parcel.delivery.place, []).append(parcel)
    going = []
    for number, queue in enumerate(by_place.values(), 1):
        going.append(asyncio.create_task(_send_in_order(sender, queue, until)))
        if number % BEGUN_AT_ONCE == 0:
            await asyncio.sleep(0)  # to begin a call takes a while: so many at once would hold everything up
    await asyncio.gather(*going)


async def _look_and_send(sender: Sender, parcels: Sequence[Parcel], until: datetime) -> None:
    """Look for all that may stand in Slack already; what does not is held back or sent as anything else."""
    there = await asyncio.gather(*(_found_in_slack(sender, parcel) for parcel in parcels))
    missing = [parcel for parcel, found in zip(parcels, there, strict=True) if not found]
    if missing:
        async with sender.sessions.begin() as session:
            missing = await holding.hold_back(session, missing, sender.clock.now(), looked_for=True)
        await _send_side_by_side(sender, missing, until)


async def _send_in_order(sender: Sender, parcels: Sequence[Parcel], until: datetime) -> None:
    lane = (parcels[0].team_id, parcels[0].delivery.place)
    async with sender.lanes.setdefault(lane, asyncio.Lock()):
        for parcel in parcels:
            try:
                await _send(sender, parcel, until)
            except Exception:
                # The lease runs out, then it is looked for in Slack before it is sent again.
                log.exception("Delivery %s could not be settled", parcel.delivery.id)


async def _send(sender: Sender, parcel: Parcel, until: datetime) -> None:
    """Bring one parcel to Slack and settle it, whatever happens.

    A call that cannot begin before `until` (machine time) is not made: when the process stood still, the lease may be over and somebody
    else may have sent it. The look at the clock comes right before the first byte (bot/lateness.py); what stops exactly between the two
    can still say it twice.
    """
    delivery = parcel.delivery
    try:
        ready = await _ready(sender, parcel)
        if ready is None:
            return
        slack = await sender.slack(parcel.team_id)
        now, pace = sender.clock.now(), sender.pace(parcel.team_id)
        if (free := pace.take(_lane(delivery), now)) is not None:
            await _put_back(sender, parcel, free)
            return
        pace.expected.discard(delivery.id)  # it counts as sent from now on
        with lateness.begun_before(until):
            place = await calling.call(slack, sender.http, ready)
    except TooLate:
        await _put_back(sender, parcel, sender.clock.now())
    except SlackApiError as error:
        if (wait := _retry_after(error.response)) is not None:
            await _wait_as_told(sender, parcel, timedelta(seconds=wait))
            return
        await _failed(sender, parcel, retry.after(_code(error), delivery.tries))
    except NOBODY_KNOWS:
        await _failed(sender, parcel, retry.unclear(delivery.tries))
    except NotInstalled:
        await _failed(sender, parcel, retry.GiveUp(NOT_INSTALLED))
    else:
        await _sent(sender, parcel, *place)


def _lane(delivery: Delivery) -> str:
    """What is paced together: messages to one place; somebody's Home keeps none of their messages waiting."""
    return f"home {delivery.place}" if delivery.kind == "home" else delivery.place


async def _put_back(sender: Sender, parcel: Parcel, due_at: datetime) -> None:
    await settle(sender.pen, lambda session: outbox.held(session, parcel.delivery, due_at))


async def _wait_as_told(sender: Sender, parcel: Parcel, wait: timedelta) -> None:
    """Slack took nothing and said when to come back. That is no try: a long storm of refusals uses up no patience."""
    now = sender.clock.now()
    log.warning("Delivery %s waits %s seconds, as Slack asked", parcel.delivery.id, wait.total_seconds())
    sender.pace(parcel.team_id).rest(_lane(parcel.delivery), now, now + wait)
    await _put_back(sender, parcel, now + wait)


async def _sent(sender: Sender, parcel: Parcel, conversation: str | None, ts: str | None) -> None:
    message, payload = Sent(parcel.delivery, sender.clock.now(), conversation, ts), parcel.owed[0].payload

    async def without_file(session: AsyncSession) -> None:
        await outbox.all_sent(session, [message])
        await outbox.without_file(session, parcel.delivery, payload)

    await settle(sender.pen, without_file if "file" in payload else message)


async def _ready(sender: Sender, parcel: Parcel) -> Parcel | None:
    """The parcel with the message that it changes or replies to; None when it was settled without a call, or must wait for that."""
    if parcel.delivery.kind == "update":
        return None if await _needless(sender, parcel) else parcel
    return await _in_its_thread(sender, parcel) if parcel.delivery.thread_of_id else parcel


async def _in_its_thread(sender: Sender, parcel: Parcel) -> Parcel | None:
    """A reply goes when its message stands in Slack, and after the replies that were owed before it; without the message it is not sent."""
    delivery, now = parcel.delivery, sender.clock.now()
    async with sender.sessions() as session:
        due_at = await outbox.waits_for(session, delivery)
        original = await outbox.of_id(session, delivery.program_id, delivery.thread_of_id or 0)
    if due_at:
        await _put_back(sender, parcel, max(due_at, now) + timedelta(seconds=1))
        return None
    if original is None or original.outcome != "sent":
        await settle(sender.pen, lambda session: outbox.closed(session, delivery, now, "superseded"))
        return None
    return replace(parcel, original=original)


async def _needless(sender: Sender, parcel: Parcel) -> bool:
    """Settle an update whose message is not there, or that a later one overtook; hold one whose message is still on its way."""
    delivery, original = parcel.delivery, parcel.original
    async with sender.sessions.begin() as session:
        if original is None or (original.settled_at and original.outcome != "sent"):
            await outbox.closed(session, delivery, sender.clock.now(), "superseded")
        elif original.settled_at is None:
            await outbox.held(session, delivery, sender.clock.now() + timedelta(seconds=1))
        elif await outbox.newer_update(session, delivery):
            await outbox.closed(session, delivery, sender.clock.now(), "superseded")
        else:
            return False
    return True


async def _found_in_slack(sender: Sender, parcel: Parcel) -> bool:
    """After an unclear try: look for the message, and settle when it stands there already.

    True also when the look itself failed: then nobody knows more than before, and it is looked for again later.
    """
    delivery = parcel.delivery
    try:
        found = await looking.find(await sender.slack(parcel.team_id), parcel)
    except (SlackApiError, *NOBODY_KNOWS) as error:
        if isinstance(error, SlackApiError) and _code(error) in looking.UNREADABLE:
            log.warning("Delivery %s may be repeated: its conversation cannot be read (%s)", delivery.id, _code(error))
            return False
        told = _retry_after(error.response) if isinstance(error, SlackApiError) else None
        await _failed(sender, parcel, retry.Again(told or retry.wait(delivery.tries), unclear=True))
        return True
    except NotInstalled:
        await _failed(sender, parcel, retry.GiveUp(NOT_INSTALLED))
        return True
    if found is None:
        return False
    await _sent(sender, parcel, *found)
    return True


async def _failed(sender: Sender, parcel: Parcel, verdict: retry.Again | retry.GiveUp) -> None:
    delivery, now = parcel.delivery, sender.clock.now()
    if isinstance(verdict, retry.GiveUp):
        reason = verdict.reason
        log.error("Delivery %s to %s was given up: %s", delivery.id, delivery.place, reason)
        await settle(sender.pen, lambda session: outbox.closed(session, delivery, now, reason))
        return
    wait = timedelta(seconds=verdict.seconds)
    if verdict.unclear:
        wait = max(wait, timedelta(seconds=sender.settings.look_up_seconds))
        await settle(sender.pen, lambda session: outbox.unclear(session, delivery, wait))
        return
    log.warning("Delivery %s is tried again in %s seconds", delivery.id, verdict.seconds)
    await settle(sender.pen, lambda session: outbox.again(session, delivery, now + wait))


def _code(error: SlackApiError) -> str:
    response = error.response
    status = getattr(response, "status_code", 200)
    # An answer without an error of Slack's came from something in between: nobody knows what Slack did.
    return "internal_error" if status >= 500 else str(response.get("error", "internal_error"))


def _retry_after(response: AsyncSlackResponse | dict[str, object]) -> float | None:
    if getattr(response, "status_code", 200) != 429:
        return None
    return float(getattr(response, "headers", {}).get("Retry-After", 30))
