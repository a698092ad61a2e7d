"""Brings a file to Slack before the message that refers to it: the upload is private, so that repeating it shows nothing twice."""

import asyncio
import base64
import logging

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers import blocks
from handlers.types import Client, Json

log = logging.getLogger(__name__)
PAUSES = (0.0, 0.5, 1.0, 2.0)  # of machine time
ALT_TEXT = 1000
SECONDS = 10  # as for a call: with the post after it, it must be over before the lease is
REFUSALS = frozenset(
    {
        "access_denied", "file_type_not_allowed", "file_upload_size_restricted", "file_uploads_disabled",
        "file_uploads_except_images_disabled", "snippet_too_large", "storage_limit_reached",
    }
)  # fmt: skip
"""What a workspace does not take, however often it is tried: then the person is told, and the message goes without the file."""


async def message(slack: Client, http: aiohttp.ClientSession, payload: Json) -> Json:
    """The message to post for an owed `{"text", "file": {"name", "content"}}`: the link to its file is what shares it.

    A file with a "picture" (base64) is shown in the message, with its "alt_text", below the "blocks" that the payload may have.
    """
    file, text = payload["file"], payload["text"]
    content = base64.b64decode(file["picture"]) if "picture" in file else file["content"].encode()
    try:
        async with asyncio.timeout(SECONDS):
            uploaded = await _upload(slack, http, file, content)
    except SlackApiError as error:
        reason = str(error.response.get("error", ""))
        if reason not in REFUSALS:
            raise
        log.warning("A file was not taken by Slack: %s", reason)
        sorry = f"Slack did not take the file ({reason}): please ask who administers this workspace."
        more = [*payload["blocks"], blocks.section(sorry)] if "blocks" in payload else []
        return blocks.message(f"{text}\n{sorry}", more)
    shared = f"{text}\n<{uploaded['permalink']}|{blocks.escaped(file['name'])}>"
    if "picture" in file and await _is_ready(slack, uploaded["id"]):
        shown = {"type": "image", "slack_file": {"id": uploaded["id"]}, "alt_text": file["alt_text"]}
        return {"text": text, "blocks": [*payload.get("blocks", []), shown]}
    return blocks.message(shared)


async def _upload(slack: Client, http: aiohttp.ClientSession, file: Json, content: bytes) -> Json:
    said = {"alt_txt": blocks.cut(file["alt_text"], ALT_TEXT)} if "alt_text" in file else {}
    announced = await slack.files_getUploadURLExternal(filename=file["name"], length=len(content), **said)
    async with http.post(announced["upload_url"], data=content) as answer:
        if answer.status != 200:
            raise aiohttp.ClientError(f"the upload was answered with {answer.status}")
    done = await slack.files_completeUploadExternal(files=[{"id": announced["file_id"], "title": file["name"]}])
    uploaded: Json = done["files"][0]
    return uploaded


async def _is_ready(slack: Client, file_id: str) -> bool:
    """Whether Slack has looked at the picture: before that it refuses a message that shows it (python-slack-sdk #1658).

    What tells is that the kind of the file is known. When that takes too long, a link has to do.
    """
    for pause in PAUSES:
        await asyncio.sleep(pause)
        if (await slack.files_info(file=file_id))["file"].get("mimetype"):
            return True
    return False
