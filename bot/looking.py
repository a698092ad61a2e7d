"""Looks in Slack for a message of which nobody knows whether it was sent, by the metadata that each message carries."""

from datetime import UTC, datetime, timedelta

from handlers.types import Client, Json
from storage.outbox import Parcel

EVENT_TYPE = "civic_cohort_delivery"
LOOK_BACK = timedelta(minutes=5)
UNREADABLE = ("missing_scope", "not_in_channel", "channel_not_found", "thread_not_found")
"""Errors which say that it is of no use to look: a possible repeat is better than a loss."""


def metadata(parcel: Parcel) -> Json:
    """What a message carries, so that it can be found again."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": parcel.owed[0].key}}


async def find(slack: Client, parcel: Parcel) -> tuple[str, str] | None:
    """Where the message stands, as (conversation, ts); None when it is not there. It looks from a while before the first try."""
    delivery, thread_ts = parcel.delivery, parcel.thread_ts
    channel = parcel.conversation or parcel.delivery.place
    if channel.startswith(("U", "W")):
        channel = (await slack.conversations_open(users=[channel]))["channel"]["id"]
    oldest = ((delivery.first_tried_at or datetime.now(UTC)) - LOOK_BACK).timestamp()
    where: Json = {"channel": channel, "oldest": f"{oldest:.6f}", "include_all_metadata": True, "limit": 200}
    pages = (
        await slack.conversations_replies(ts=thread_ts, **where)
        if thread_ts
        else await slack.conversations_history(**where)
    )
    async for page in pages:
        for message in page["messages"]:
            found = message.get("metadata") or {}
            if (found.get("event_type"), found.get("event_payload")) == (EVENT_TYPE, metadata(parcel)["event_payload"]):
                return channel, message["ts"]
    return None
