"""What a person is told when something fails: the fitting kind of answer for each kind of request."""

import asyncio
import logging
import secrets
import traceback

from slack_bolt import BoltResponse
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.config import Settings
from handlers import blocks
from handlers.errors import Refused
from handlers.types import Json

log = logging.getLogger(__name__)
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LAST_INPUT_LIMIT = 1000
_telling: set[asyncio.Task[None]] = set()


def answer(request: AsyncBoltRequest, error: BaseException, settings: Settings) -> BoltResponse:
    """The response to a request that failed; a button's words go to its response_url, as Slack ignores the body there."""
    text = error.text if isinstance(error, Refused) else _unexpected(request, error, settings)
    kind = kind_of(request.body)
    if kind == "command":
        typed = "" if isinstance(error, Refused) else _typed(request.body)
        return BoltResponse(status=200, body=blocks.private(blocks.message(text + typed)))
    if kind == "form":
        return BoltResponse(status=200, body=_on_form(request.body["view"], text, getattr(error, "field", None)))
    if kind == "event":
        return BoltResponse(status=200 if isinstance(error, Refused) else 500, body="")
    _tell(request, text)
    return BoltResponse(status=200, body="")


def kind_of(body: Json) -> str:
    """command, form, event, or button (which also stands for shortcuts and closed forms)."""
    if "command" in body:
        return "command"
    if body.get("type") == "view_submission":
        return "form"
    return "event" if "event" in body else "button"


def drain() -> asyncio.Future[list[None]]:
    """Wait until everybody was told."""
    return asyncio.gather(*_telling)


def _unexpected(request: AsyncBoltRequest, error: BaseException, settings: Settings) -> str:
    """Words for a defect or an outage, with a reference that also stands in the log (without what anybody typed)."""
    reference = "".join(secrets.choice(LETTERS) for _ in range(4))
    trace = "".join(traceback.format_tb(error.__traceback__))
    log.error("Reference %s: %s on a %s\n%s", reference, _named(error), kind_of(request.body), trace)
    if isinstance(error, TimeoutError):
        where = _where_to_look(request.body, settings)
        return f"I am not sure that was saved: the answer took too long. {where} Reference {reference}."
    if isinstance(error, DBAPIError | PoolTimeoutError | OSError):
        return f"I could not save that: the database did not answer, and nothing was recorded. Please try again. Reference {reference}."
    return f"Something went wrong on my side, and nothing was recorded. Please try again. Reference {reference}."


def _named(error: BaseException) -> str:
    """The kind of an error; its text only where it cannot hold what somebody typed."""
    if isinstance(error, SlackApiError):
        return f"{type(error).__name__} {error.response.get('error')}"
    return (
        f"{type(error).__name__} {error}"
        if isinstance(error, TypeError | AttributeError | KeyError)
        else type(error).__name__
    )


def _where_to_look(body: Json, settings: Settings) -> str:
    command = body.get("command")
    if command == settings.command_checkin:
        return f"`{command}` shows what is still open for you."
    if command in (settings.command_cohort, settings.command_practices):
        return f"Please type `{command}` again."
    return f"`{settings.command_commit} mine` and `{settings.command_checkin}` show it if it was."


def _typed(body: Json) -> str:
    text = body.get("text") or ""
    return (
        f"\nYour text, ready to send again: `{blocks.escaped(blocks.cut(text, LAST_INPUT_LIMIT))}`"
        if text.strip()
        else ""
    )


def _on_form(view: Json, text: str, field: str | None) -> Json:
    """The error beside its field, else beside the first input; a form without inputs turns into the message."""
    inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    if inputs:
        place = field if field in inputs else inputs[0]
        return {"response_action": "errors", "errors": {place: text}}
    changed = blocks.modal(view["callback_id"], "That did not work", [blocks.section(blocks.escaped(text))])
    return {"response_action": "update", "view": changed}


def _tell(request: AsyncBoltRequest, text: str) -> None:
    task = asyncio.get_running_loop().create_task(_say(request, text))
    _telling.add(task)
    task.add_done_callback(_telling.discard)


async def _say(request: AsyncBoltRequest, text: str) -> None:
    """By response_url where there is one, else as a direct message; not owed, since the database may be what failed."""
    url, user = request.body.get("response_url"), request.context.user_id
    try:
        if url:
            await AsyncWebhookClient(url, timeout=10).send_dict(
                {"text": text, "response_type": "ephemeral", "replace_original": False}
            )
        elif user and request.context.client:
            await request.context.client.chat_postMessage(channel=user, text=text)
    except Exception as error:
        log.warning("Somebody could not be told of a failure: %s", type(error).__name__)
