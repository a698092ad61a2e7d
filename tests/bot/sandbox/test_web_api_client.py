"""Slack's own async web client against the sandbox: every way in which it sends arguments arrives."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from tests.bot.sandbox import web_api
from tests.bot.sandbox.web_api import button, id_of, modal, section


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    workspace = web_api.workspace()
    workspace.join(id_of(workspace, "#general"), workspace.bot_user_id)
    async with Sandbox(workspace, clock=workspace.clock) as running:
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(token=sandbox.workspace.bot_token, base_url=f"{sandbox.url}/api/")


async def test_the_client_knows_who_it_is_and_what_it_may(sandbox: Sandbox, client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert answer["user_id"] == sandbox.workspace.bot_user_id
    assert set(answer.headers["X-OAuth-Scopes"].split(",")) == sandbox.workspace.scopes
    opened = await client.apps_connections_open(app_token=sandbox.workspace.app_token)
    assert opened["url"].startswith("ws://127.0.0.1")


async def test_a_message_lives_through_the_client(sandbox: Sandbox, client: AsyncWebClient) -> None:
    ana = id_of(sandbox.workspace, "Ana")
    metadata = {"event_type": "owed", "event_payload": {"key": "a"}}
    blocks = [section(), {"type": "actions", "elements": [button()]}]
    posted = await client.chat_postMessage(channel=ana, text="Hello", blocks=blocks, metadata=metadata)
    place, ts = posted["channel"], posted["ts"]
    await client.chat_postMessage(channel=place, text="In the thread", thread_ts=ts)
    await client.chat_update(channel=place, ts=ts, text="Hello again")
    found = await client.conversations_history(channel=place, include_all_metadata=True, limit=5)
    assert [(one["text"], one["metadata"]) for one in found["messages"]] == [("Hello again", metadata)]
    thread = await client.conversations_replies(channel=place, ts=ts)
    assert [one["text"] for one in thread["messages"]] == ["Hello again", "In the thread"]
    await client.reactions_add(channel=place, name="eyes", timestamp=ts)
    await client.chat_delete(channel=place, ts=thread["messages"][1]["ts"])
    assert len((await client.conversations_replies(channel=place, ts=ts))["messages"]) == 1


async def test_a_refusal_reaches_the_caller_with_its_place(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as refusal:
        await client.chat_postMessage(channel="#general", text="x", blocks=[section("x" * 3001)])
    [line] = refusal.value.response["response_metadata"]["messages"]
    assert line == "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"


async def test_the_client_walks_all_pages(sandbox: Sandbox, client: AsyncWebClient) -> None:
    for number in range(5):
        sandbox.workspace.add_channel(f"c{number}")
    names = [
        channel["name"]
        async for page in await client.conversations_list(limit=2, types="public_channel", exclude_archived=True)
        for channel in page["channels"]
    ]
    assert names == ["general", "c0", "c1", "c2", "c3", "c4"]
    people = [person["id"] async for page in await client.users_list(limit=2) for person in page["members"]]
    assert people == list(sandbox.workspace.people)


async def test_forms_and_home_go_through_the_client(sandbox: Sandbox, client: AsyncWebClient) -> None:
    ana = id_of(sandbox.workspace, "Ana")
    view = (await client.views_open(trigger_id=sandbox.workspace.triggers.issue(ana), view=modal()))["view"]
    await client.views_update(view_id=view["id"], hash=view["hash"], view=modal(callback_id="second"))
    await client.views_push(trigger_id=sandbox.workspace.triggers.issue(ana), view=modal())
    await client.views_publish(user_id=ana, view={"type": "home", "blocks": [section()]})
    assert [one["callback_id"] for one in sandbox.workspace.stacks[ana]] == ["second", ""]
    assert sandbox.workspace.homes[ana]["blocks"][0]["type"] == "section"


async def test_a_file_goes_up_with_its_bytes(sandbox: Sandbox, client: AsyncWebClient) -> None:
    answer = await client.files_upload_v2(
        filename="notes.csv", content="city,answer", title="Notes", channel=id_of(sandbox.workspace, "#general")
    )
    file_id = answer["files"][0]["id"]
    assert sandbox.workspace.files[file_id].content == b"city,answer"
    info = await client.files_info(file=file_id)
    assert info["file"]["title"] == "Notes"


async def test_channels_and_people_are_found_and_brought_together(sandbox: Sandbox, client: AsyncWebClient) -> None:
    ana = id_of(sandbox.workspace, "Ana")
    assert (await client.users_lookupByEmail(email="ana@example.gov"))["user"]["id"] == ana
    made = (await client.conversations_create(name="procurement", is_private=False))["channel"]["id"]
    await client.conversations_invite(channel=made, users=[ana])
    assert (await client.conversations_members(channel=made))["members"] == [sandbox.workspace.bot_user_id, ana]
    opened = await client.conversations_open(users=[ana], return_im=True)
    assert opened["channel"]["user"] == ana
    hers = await client.users_conversations(user=ana, types="public_channel,im")
    assert [channel.get("name", "im") for channel in hers["channels"]] == ["general", "procurement", "im"]


async def test_scheduled_messages_are_listed_and_taken_back(sandbox: Sandbox, client: AsyncWebClient) -> None:
    post_at = int(sandbox.workspace.seconds()) + 600
    made = await client.chat_scheduleMessage(channel="#general", text="Later", post_at=post_at)
    listed = (await client.chat_scheduledMessages_list())["scheduled_messages"]
    assert [one["id"] for one in listed] == [made["scheduled_message_id"]]
    await client.chat_deleteScheduledMessage(channel=made["channel"], scheduled_message_id=listed[0]["id"])
    assert (await client.chat_scheduledMessages_list())["scheduled_messages"] == []
