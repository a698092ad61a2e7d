"""Slack's synchronous web client for Python against the sandbox; the asynchronous one is in test_web_api_client."""

import asyncio
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import methods
from bot.sandbox.server import Sandbox
from tests.bot.sandbox import web_api
from tests.bot.sandbox.web_api import button, id_of, modal, section

Json = dict[str, Any]


@pytest.fixture
def client(sandbox: Sandbox) -> WebClient:
    """Used in threads only, where it may block."""
    workspace = sandbox.workspace
    workspace.join(id_of(workspace, "#general"), workspace.bot_user_id)
    workspace.scopes = set(web_api.SCOPES)
    return WebClient(token=workspace.bot_token, base_url=f"{sandbox.url}/api/")


async def test_the_synchronous_client_posts_changes_reads_and_deletes(sandbox: Sandbox, client: WebClient) -> None:
    ana = id_of(sandbox.workspace, "Ana")
    metadata = {"event_type": "owed", "event_payload": {"key": "a"}}

    def work() -> list[str]:
        blocks = [section(), {"type": "actions", "elements": [button()]}]
        posted = client.chat_postMessage(channel=ana, text="Hello", blocks=blocks, metadata=metadata)
        place, ts = posted["channel"], posted["ts"]
        client.chat_postMessage(channel=place, text="In the thread", thread_ts=ts)
        client.chat_update(channel=place, ts=ts, text="Hello again", blocks=[])
        client.reactions_add(channel=place, name="eyes", timestamp=ts)
        replies = client.conversations_replies(channel=place, ts=ts)["messages"]
        client.chat_delete(channel=place, ts=replies[1]["ts"])
        client.chat_getPermalink(channel=place, message_ts=ts)
        client.chat_postEphemeral(channel="#general", user=ana, text="For you alone")
        return [message["text"] for message in client.conversations_history(channel=place)["messages"]]

    assert await asyncio.to_thread(work) == ["Hello again"]


async def test_the_synchronous_client_finds_people_and_channels(sandbox: Sandbox, client: WebClient) -> None:
    ana = id_of(sandbox.workspace, "Ana")

    def work() -> tuple[list[str], list[str]]:
        assert client.auth_test()["user_id"] == sandbox.workspace.bot_user_id
        assert client.team_info()["team"]["id"] == sandbox.workspace.team_id
        assert client.bots_info(bot=sandbox.workspace.bot_id)["bot"]["name"] == "Echo"
        assert client.users_info(user=ana)["user"]["id"] == ana
        assert client.users_lookupByEmail(email="ana@city.example")["user"]["id"] == ana
        made = client.conversations_create(name="procurement")["channel"]["id"]
        client.conversations_invite(channel=made, users=[ana])
        client.conversations_join(channel=made)
        assert client.conversations_members(channel=made)["members"] == [sandbox.workspace.bot_user_id, ana]
        assert client.conversations_info(channel=made)["channel"]["name"] == "procurement"
        assert client.conversations_open(users=[ana])["channel"]["id"].startswith("D")
        assert client.usergroups_list()["usergroups"] == []
        names = [channel["name"] for page in client.conversations_list(limit=1) for channel in page["channels"]]
        return names, [person["id"] for page in client.users_list(limit=1) for person in page["members"]]

    names, people = await asyncio.to_thread(work)
    assert names == ["general", "procurement"]
    assert people == list(sandbox.workspace.people)


async def test_the_synchronous_client_opens_forms_uploads_and_schedules(sandbox: Sandbox, client: WebClient) -> None:
    workspace, ana = sandbox.workspace, id_of(sandbox.workspace, "Ana")
    first, second = (workspace.triggers.issue(ana) for _ in range(2))
    post_at = int(workspace.seconds()) + 600

    def work() -> None:
        view = client.views_open(trigger_id=first, view=modal())["view"]
        client.views_update(view_id=view["id"], hash=view["hash"], view=modal(callback_id="second"))
        with pytest.raises(SlackApiError, match="hash_conflict"):
            client.views_update(view_id=view["id"], hash=view["hash"], view=modal(callback_id="third"))
        client.views_push(trigger_id=second, view=modal())
        client.views_publish(user_id=ana, view={"type": "home", "blocks": [section()]})
        client.files_upload_v2(filename="notes.csv", content="city,answer", channel=id_of(workspace, "#general"))
        made = client.chat_scheduleMessage(channel="#general", text="Later", post_at=post_at)
        assert len(client.chat_scheduledMessages_list()["scheduled_messages"]) == 1
        client.chat_deleteScheduledMessage(channel=made["channel"], scheduled_message_id=made["scheduled_message_id"])

    await asyncio.to_thread(work)
    assert [one["callback_id"] for one in workspace.stacks[ana]] == ["second", ""]
    assert [file.content for file in workspace.files.values()] == [b"city,answer"]
    assert workspace.scheduled == []


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("chat.postMessage", {"channel": "C404", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "#general"}, "no_text"),
        ("chat.update", {"channel": "#general", "ts": "1.2", "text": "x" * 4001}, "msg_too_long"),
        ("views.open", {"trigger_id": "nonsense", "view": modal()}, "invalid_trigger_id"),
        ("users.info", {"user": "U404"}, "user_not_found"),
        ("chat.postMessages", {"channel": "#general"}, "unknown_method"),
    ],
)
async def test_the_synchronous_client_raises_what_slack_refuses(
    client: WebClient, method: str, args: Json, error: str
) -> None:
    takes_json = methods.REFERENCE.get(method, {}).get("json", True)
    with pytest.raises(SlackApiError, match=error):
        await asyncio.to_thread(client.api_call, method, **{"json" if takes_json else "params": args})
