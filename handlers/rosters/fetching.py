"""Fetches the file that somebody gave in a form: with the bot's token, from Slack alone, and no more of it than may be read."""

from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers.rosters import rules
from handlers.types import Client

GONE = ("file_not_found", "file_deleted")
SECONDS = 60
PIECE = 64 * 1024


class Unreadable(Exception):  # noqa: N818 (it is an answer, not a defect)
    """The file cannot be had, however often it is tried; the text says why and what to do."""


async def content(slack: Client, file_id: str) -> bytes:
    """The bytes of a file, at most `rules.MOST_BYTES`. Raises Unreadable, and whatever else the network raises."""
    try:
        file = (await slack.files_info(file=file_id))["file"]
    except SlackApiError as error:
        if error.response.get("error") in GONE:
            raise Unreadable("It is not in Slack any more. Choose it again.") from error
        raise
    problem = rules.problem_with_file(file)
    if problem:
        raise Unreadable(problem)
    return await _download(slack, file.get("url_private_download") or file["url_private"])


async def _download(slack: Client, url: str) -> bytes:
    if not _is_slacks(url, slack.base_url):
        raise Unreadable("It does not lie in Slack itself. Save it on your computer, and choose it there.")
    headers = {"Authorization": f"Bearer {slack.token}"}
    within = aiohttp.ClientTimeout(total=SECONDS)
    async with (
        aiohttp.ClientSession(headers=headers, timeout=within) as http,
        http.get(url, allow_redirects=False) as answer,
    ):
        if answer.status != 200:  # Slack sends whoever may not read it to the page where people sign in
            raise aiohttp.ClientError(f"the file was answered with {answer.status}")
        data = bytearray()
        async for piece in answer.content.iter_chunked(PIECE):
            data += piece
            if len(data) > rules.MOST_BYTES:
                raise Unreadable(rules.too_large())
    return bytes(data)


def _is_slacks(url: str, api: str) -> bool:
    """The token goes to nobody else."""
    there, here = urlsplit(url), urlsplit(api)
    host = there.hostname or ""
    return there.netloc == here.netloc or (
        there.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))
    )
