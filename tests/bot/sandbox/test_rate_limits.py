"""Rate limits: one message a second and channel, so many calls a minute; off unless ordered, counted on the sandbox's clock."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import methods
from bot.sandbox.clock import Clock
from bot.sandbox.rate_limits import Limits
from bot.sandbox.server import Sandbox
from tests.bot.sandbox import web_api
from tests.bot.sandbox.page import Page
from tests.bot.sandbox.web_api import id_of

BURST = Limits().burst


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    workspace = web_api.workspace()
    workspace.join(id_of(workspace, "#general"), workspace.bot_user_id)
    async with Sandbox(workspace, clock=workspace.clock, limits=Limits()) as running:
        yield running


async def refused_after(sandbox: Sandbox, method: str, **args: object) -> tuple[int, int]:
    """How many calls are taken at once, and how many seconds later the next one would be."""
    for taken in range(2000):
        body = await methods.call(sandbox.workspace, method, dict(args), sandbox.workspace.bot_token)
        if body.get("error") == "ratelimited":
            return taken, int(body["retry_after"])
    return 2000, 0


def turn(sandbox: Sandbox, seconds: float) -> None:
    sandbox.clock.set(sandbox.clock.now() + timedelta(seconds=seconds))


async def test_a_channel_takes_a_short_burst_and_then_a_message_a_second(sandbox: Sandbox) -> None:
    assert await refused_after(sandbox, "chat.postMessage", channel="#general", text="x") == (BURST, 1)
    turn(sandbox, 0.5)
    assert await refused_after(sandbox, "chat.postMessage", channel="#general", text="x") == (0, 1)
    turn(sandbox, 0.5)
    assert await refused_after(sandbox, "chat.postMessage", channel="#general", text="x") == (1, 1)
    turn(sandbox, 3600)
    assert await refused_after(sandbox, "chat.postMessage", channel="#general", text="x") == (BURST, 1)


async def test_another_channel_is_not_held_up_but_another_name_for_the_same_one_is(sandbox: Sandbox) -> None:
    ana, general = id_of(sandbox.workspace, "Ana"), id_of(sandbox.workspace, "#general")
    await refused_after(sandbox, "chat.postMessage", channel=general, text="x")
    for name in ("general", "#general", general):
        assert (await refused_after(sandbox, "chat.postMessage", channel=name, text="x"))[0] == 0
    assert (await refused_after(sandbox, "chat.postMessage", channel=ana, text="x"))[0] == BURST
    direct = sandbox.workspace.direct_channel(ana).id
    assert (await refused_after(sandbox, "chat.postMessage", channel=direct, text="x"))[0] == 0


@pytest.mark.parametrize(
    ("method", "a_minute"),
    [
        ("users.list", 20),
        ("conversations.list", 20),
        ("conversations.history", 50),
        ("chat.update", 50),
        ("conversations.open", 50),
        ("users.info", 100),
        ("views.publish", 100),
        ("chat.postEphemeral", 100),
        ("auth.test", 600),
    ],
)
async def test_a_method_takes_so_many_calls_a_minute_as_its_tier_says(
    sandbox: Sandbox, method: str, a_minute: int
) -> None:
    assert await refused_after(sandbox, method) == (a_minute, 60)
    turn(sandbox, 59)
    assert await refused_after(sandbox, method) == (0, 1)
    turn(sandbox, 1)
    assert await refused_after(sandbox, method) == (a_minute, 60)


async def test_the_workspace_takes_several_hundred_messages_a_minute(sandbox: Sandbox) -> None:
    sandbox.limit(Limits(messages_a_minute=10))
    for number in range(10):
        channel = sandbox.workspace.add_channel(f"c{number}", members=[sandbox.workspace.bot_user_id])
        assert await web_api.ok(sandbox.workspace, "chat.postMessage", channel=channel.id, text="x")
    assert await refused_after(sandbox, "chat.postMessage", channel="#general", text="x") == (0, 60)


async def test_a_distributed_app_outside_the_marketplace_reads_history_once_a_minute_and_little(
    sandbox: Sandbox,
) -> None:
    sandbox.limit(Limits(rare_history=True))
    general = id_of(sandbox.workspace, "#general")
    for number in range(20):
        sandbox.workspace.post(general, {"user": "U1", "text": str(number)})
    body = await web_api.ok(sandbox.workspace, "conversations.history", channel=general, limit=200)
    assert len(body["messages"]) == 15
    assert await refused_after(sandbox, "conversations.history", channel=general) == (0, 60)


async def test_slacks_client_reads_the_header_and_its_retry_handler_gets_through(sandbox: Sandbox) -> None:
    client = AsyncWebClient(token=sandbox.workspace.bot_token, base_url=f"{sandbox.url}/api/")
    await refused_after(sandbox, "chat.postMessage", channel="#general", text="x")
    with pytest.raises(SlackApiError) as refusal:
        await client.chat_postMessage(channel="#general", text="x")
    response = refusal.value.response
    assert (response.status_code, response.headers["Retry-After"]) == (429, "1")
    assert response.data == {"ok": False, "error": "ratelimited"}
    sandbox.workspace.use_clock(Clock(sandbox.clock.now()))
    sandbox.limit(Limits(burst=1))
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=2))
    for _ in range(2):
        assert (await client.chat_postMessage(channel="#general", text="x"))["ok"]


async def test_without_limits_everything_goes_through_and_the_page_switches_them(sandbox: Sandbox) -> None:
    async with ClientSession() as session:
        page = Page(session, sandbox)
        assert (await page.get("state"))["limits"] is True
        await page.send("limits", on=False)
        assert await refused_after(sandbox, "chat.postMessage", channel="#general", text="x") == (2000, 0)
        await page.send("limits", on=True)
        assert (await refused_after(sandbox, "chat.postMessage", channel="#general", text="x"))[0] == BURST
        assert (await page.send("limits", on="perhaps"))["status"] == 400
