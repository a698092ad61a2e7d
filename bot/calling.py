"""The one call to Slack that pays a delivery: a message, a change of one, a Home, or an answer to a response_url."""

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot import looking, uploading
from handlers import merging
from handlers.types import Client, Json
from storage.outbox import Parcel


async def call(slack: Client, http: aiohttp.ClientSession, parcel: Parcel) -> tuple[str | None, str | None]:
    """Make the call; where the message now stands, as (conversation, ts), when it is a message."""
    delivery, payload = parcel.delivery, merging.composed(parcel.parts)
    if delivery.kind == "home":
        await slack.views_publish(user_id=delivery.place, view=payload)
        return None, None
    if delivery.kind == "response_url":
        await _respond(http, delivery.place, payload)
        return None, None
    # The link to a file must unfold: that shares it.
    how: Json = {} if "file" in payload else {"unfurl_links": False, "unfurl_media": False}
    if "file" in payload:
        payload = await uploading.message(slack, http, payload)
    if delivery.kind == "update" and parcel.original:
        channel, ts = parcel.original.conversation or "", parcel.original.ts or ""
        await slack.chat_update(channel=channel, ts=ts, text=payload["text"], blocks=payload.get("blocks", []))
        return channel, ts
    replied = parcel.original.conversation if delivery.thread_of_id and parcel.original else None
    answer = await slack.chat_postMessage(
        channel=replied or delivery.place,
        thread_ts=parcel.thread_ts,
        metadata=looking.metadata(parcel),
        **how,
        **payload,
    )
    return answer["channel"], answer["ts"]


async def _respond(http: aiohttp.ClientSession, url: str, payload: Json) -> None:
    webhook = AsyncWebhookClient(url, session=http, retry_handlers=[], timeout=10)
    answer = await webhook.send_dict(payload)
    if answer.status_code >= 500:
        raise aiohttp.ClientError(f"status {answer.status_code}")
    if answer.status_code != 200:
        raise SlackApiError(
            "the response_url was refused", {"ok": False, "error": f"response_url_{answer.status_code}"}
        )
