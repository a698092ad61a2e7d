"""Brings a file to Slack before the message that refers to it: the upload is private, so that repeating it shows nothing twice."""

import asyncio
import logging

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers import blocks
from handlers.types import Client, Json

log = logging.getLogger(__name__)
SECONDS = 10  # as for a call: with the post after it, it must be over before the lease is
REFUSALS = frozenset(
    {
        "access_denied", "file_type_not_allowed", "file_upload_size_restricted", "file_uploads_disabled",
        "file_uploads_except_images_disabled", "snippet_too_large", "storage_limit_reached",
    }
)  # fmt: skip
"""What a workspace does not take, however often it is tried: then the person is told, and the message goes without the file."""


async def message(slack: Client, http: aiohttp.ClientSession, payload: Json) -> Json:
    """The message to post for an owed `{"text", "file": {"name", "content"}}`: the link to its file is what shares it."""
    file, text = payload["file"], payload["text"]
    try:
        async with asyncio.timeout(SECONDS):
            link = await _upload(slack, http, file["name"], file["content"].encode())
    except SlackApiError as error:
        reason = str(error.response.get("error", ""))
        if reason not in REFUSALS:
            raise
        log.warning("A file was not taken by Slack: %s", reason)
        sorry = f"Slack did not take the file ({reason}): please ask who administers this workspace."
        return blocks.message(f"{text}\n{sorry}")
    return blocks.message(f"{text}\n<{link}|{blocks.escaped(file['name'])}>")


async def _upload(slack: Client, http: aiohttp.ClientSession, name: str, content: bytes) -> str:
    announced = await slack.files_getUploadURLExternal(filename=name, length=len(content))
    async with http.post(announced["upload_url"], data=content) as answer:
        if answer.status != 200:
            raise aiohttp.ClientError(f"the upload was answered with {answer.status}")
    done = await slack.files_completeUploadExternal(files=[{"id": announced["file_id"], "title": name}])
    return str(done["files"][0]["permalink"])
