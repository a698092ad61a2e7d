"""chat.scheduleMessage of the sandbox's Web API with its list and delete."""

from datetime import timedelta

import pytest

from bot.sandbox.clock import Clock
from bot.sandbox.workspace import Workspace
from tests.bot.sandbox import web_api
from tests.bot.sandbox.web_api import id_of, ok, refused


@pytest.fixture
def slack() -> Workspace:
    made = web_api.workspace()
    made.join(id_of(made, "#general"), made.bot_user_id)
    return made


@pytest.fixture
def general(slack: Workspace) -> str:
    return id_of(slack, "#general")


async def test_a_scheduled_message_goes_out_when_its_time_has_come(slack: Workspace, general: str) -> None:
    at = web_api.START + timedelta(hours=1)
    body = await ok(slack, "chat.scheduleMessage", channel=general, text="Later", post_at=int(at.timestamp()))
    assert slack.next_scheduled() == at
    [listed] = (await ok(slack, "chat.scheduledMessages.list"))["scheduled_messages"]
    assert (listed["id"], listed["channel_id"], listed["text"]) == (body["scheduled_message_id"], general, "Later")
    assert isinstance(slack.clock, Clock)
    slack.clock.set(at)
    slack.post_scheduled()
    assert slack.channels[general].messages[-1]["text"] == "Later"
    assert (await ok(slack, "chat.scheduledMessages.list"))["scheduled_messages"] == []


@pytest.mark.parametrize(
    ("seconds", "error"), [(0, "time_in_past"), (-60, "time_in_past"), (120 * 86400 + 1, "time_too_far")]
)
async def test_a_message_is_scheduled_for_the_next_120_days(
    slack: Workspace, general: str, seconds: int, error: str
) -> None:
    post_at = int(slack.seconds()) + seconds
    assert await refused(slack, "chat.scheduleMessage", channel=general, text="x", post_at=post_at) == error


async def test_thirty_scheduled_messages_fit_into_five_minutes_of_a_channel(slack: Workspace, general: str) -> None:
    post_at = int(slack.seconds()) // 300 * 300 + 600
    for _ in range(30):
        await ok(slack, "chat.scheduleMessage", channel=general, text="x", post_at=post_at)
    again = {"channel": general, "text": "x", "post_at": post_at}
    assert await refused(slack, "chat.scheduleMessage", **again) == "restricted_too_many"
    await ok(slack, "chat.scheduleMessage", **(again | {"post_at": post_at + 300}))


async def test_a_scheduled_message_can_be_taken_back_until_a_minute_before(slack: Workspace, general: str) -> None:
    now = int(slack.seconds())
    soon, later = [
        (await ok(slack, "chat.scheduleMessage", channel=general, text="x", post_at=now + seconds))[
            "scheduled_message_id"
        ]
        for seconds in (59, 61)
    ]
    cancel = {"channel": general, "scheduled_message_id": soon}
    assert await refused(slack, "chat.deleteScheduledMessage", **cancel) == "invalid_scheduled_message_id"
    await ok(slack, "chat.deleteScheduledMessage", channel=general, scheduled_message_id=later)
