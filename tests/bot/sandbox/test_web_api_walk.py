"""Every method of the Web API is walked with what may go wrong; each answer must have the reference's errors and keys."""

import json

import pytest
from aiohttp import ClientSession

from bot.sandbox import methods
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Channel, Workspace
from tests.bot.sandbox import web_api
from tests.bot.sandbox.test_web_api import EVERY_METHOD, WITH_TOKEN, right_arguments
from tests.bot.sandbox.web_api import Json, id_of

WRONG = {"string": 5, "integer": "many", "number": "many", "boolean": "perhaps", "array": {"id": 1}}
TAKES_ANYTHING = {"blocks", "metadata", "view", "attachments"}
"""Whose own faults are in test_limits."""
NOBODY_KNOWS = {
    ("chat.postMessage", "channel"): "channel_not_found",
    ("chat.postMessage", "thread_ts"): "cannot_reply_to_message",
    ("chat.postEphemeral", "channel"): "channel_not_found",
    ("chat.postEphemeral", "user"): "user_not_in_channel",
    ("chat.postEphemeral", "thread_ts"): "cannot_reply_to_message",
    ("chat.update", "channel"): "channel_not_found",
    ("chat.update", "ts"): "message_not_found",
    ("chat.delete", "channel"): "channel_not_found",
    ("chat.delete", "ts"): "message_not_found",
    ("chat.getPermalink", "channel"): "channel_not_found",
    ("chat.getPermalink", "message_ts"): "message_not_found",
    ("chat.scheduleMessage", "channel"): "channel_not_found",
    ("chat.scheduleMessage", "thread_ts"): "invalid_arguments",
    ("chat.scheduledMessages.list", "channel"): "invalid_channel",
    ("chat.scheduledMessages.list", "cursor"): "invalid_cursor",
    ("chat.deleteScheduledMessage", "channel"): "channel_not_found",
    ("chat.deleteScheduledMessage", "scheduled_message_id"): "invalid_scheduled_message_id",
    ("conversations.open", "channel"): "channel_not_found",
    ("conversations.open", "users"): "user_not_found",
    ("conversations.list", "types"): "invalid_types",
    ("conversations.list", "cursor"): "invalid_cursor",
    ("conversations.info", "channel"): "channel_not_found",
    ("conversations.members", "channel"): "channel_not_found",
    ("conversations.members", "cursor"): "invalid_cursor",
    ("conversations.history", "channel"): "channel_not_found",
    ("conversations.history", "cursor"): "invalid_cursor",
    ("conversations.history", "oldest"): "invalid_ts_oldest",
    ("conversations.history", "latest"): "invalid_ts_latest",
    ("conversations.replies", "channel"): "channel_not_found",
    ("conversations.replies", "ts"): "thread_not_found",
    ("conversations.replies", "cursor"): "invalid_cursor",
    ("conversations.replies", "oldest"): "invalid_ts_oldest",
    ("conversations.join", "channel"): "channel_not_found",
    ("conversations.invite", "channel"): "channel_not_found",
    ("conversations.invite", "users"): "user_not_found",
    ("users.info", "user"): "user_not_found",
    ("users.list", "cursor"): "invalid_cursor",
    ("users.lookupByEmail", "email"): "users_not_found",
    ("users.conversations", "types"): "invalid_types",
    ("users.conversations", "cursor"): "invalid_cursor",
    ("users.conversations", "user"): "invalid_arguments",
    ("bots.info", "bot"): "bot_not_found",
    ("team.info", "team"): "team_not_found",
    ("team.info", "domain"): "team_not_found",
    ("files.info", "file"): "file_not_found",
    ("files.completeUploadExternal", "channel_id"): "channel_not_found",
    ("files.completeUploadExternal", "thread_ts"): "invalid_arguments",
    ("reactions.add", "channel"): "channel_not_found",
    ("reactions.add", "timestamp"): "bad_timestamp",
    ("views.open", "trigger_id"): "invalid_trigger_id",
    ("views.push", "trigger_id"): "invalid_trigger_id",
    ("views.update", "view_id"): "not_found",
    ("views.publish", "user_id"): "invalid_arguments",
    ("views.publish", "hash"): "hash_conflict",
    ("views.update", "hash"): "hash_conflict",
}
ARCHIVED = {
    "chat.postMessage": "is_archived",
    "chat.postEphemeral": "is_archived",
    "chat.scheduleMessage": "is_archived",
    "chat.update": "is_inactive",
    "conversations.join": "is_archived",
    "conversations.invite": "is_archived",
    "reactions.add": "is_archived",
    "files.completeUploadExternal": "posting_to_channel_denied",
}
NOT_A_MEMBER = {
    "chat.postMessage": "not_in_channel",
    "chat.postEphemeral": "not_in_channel",
    "chat.scheduleMessage": "not_in_channel",
    "conversations.history": "not_in_channel",
    "conversations.replies": "thread_not_found",
    "conversations.invite": "not_in_channel",
    "files.completeUploadExternal": "not_in_channel",
    "reactions.add": "no_access",
}
OF_A_CHANNEL = [name for name in EVERY_METHOD if {"channel", "channel_id"} & set(methods.REFERENCE[name]["args"])]


@pytest.fixture
def slack() -> Workspace:
    made = web_api.workspace()
    made.join(id_of(made, "#general"), made.bot_user_id)
    return made


def of_type(method: str, name: str) -> str:
    return str(methods.REFERENCE[method]["args"][name]).split(" ", maxsplit=1)[0].split("|")[-1]


def channel_of(slack: Workspace, args: Json) -> Channel:
    return slack.channels[args.get("channel") or args.get("channel_id") or id_of(slack, "#general")]


@pytest.mark.parametrize(
    ("method", "name"),
    [
        (method, name)
        for method in EVERY_METHOD
        for name in methods.REFERENCE[method]["args"]
        if name not in TAKES_ANYTHING and of_type(method, name) in WRONG
    ],
)
async def test_every_argument_of_a_wrong_type_is_refused_and_named(slack: Workspace, method: str, name: str) -> None:
    args = right_arguments(slack)[method]() | {name: WRONG[of_type(method, name)]}
    lines = await web_api.faults(slack, method, **args)
    assert [line for line in lines if f"[json-pointer:/{name}" in line], lines


@pytest.mark.parametrize("method", [name for name in EVERY_METHOD if name != "api.test"])
async def test_a_superfluous_argument_is_ignored_and_named_in_a_warning(slack: Workspace, method: str) -> None:
    body = await web_api.ok(slack, method, **right_arguments(slack)[method](), misspelled=1, another="x")
    assert "unknown_arguments: another, misspelled" in body["warning"]


@pytest.mark.parametrize("method", EVERY_METHOD)
async def test_null_is_the_same_as_left_out(slack: Workspace, method: str) -> None:
    args = right_arguments(slack)[method]()
    nulls = {name: None for name in methods.REFERENCE[method]["args"] if name not in args}
    await web_api.ok(slack, method, **args, **nulls)
    for name in methods.REFERENCE[method]["required"]:
        assert await web_api.refused(slack, method, **right_arguments(slack)[method]() | {name: None})


@pytest.mark.parametrize(("method", "name"), NOBODY_KNOWS)
async def test_an_id_that_nobody_knows(slack: Workspace, method: str, name: str) -> None:
    args = right_arguments(slack)[method]() | {name: "NOBODY"}
    assert await web_api.refused(slack, method, **args) == NOBODY_KNOWS[method, name]


def test_every_id_is_tried() -> None:
    ids = {
        "channel",
        "channel_id",
        "user",
        "user_id",
        "ts",
        "thread_ts",
        "trigger_id",
        "view_id",
        "file",
        "cursor",
        "bot",
        "hash",
    }
    unused = {
        ("files.info", "cursor"),
        ("usergroups.list", "cursor"),
    }  # the sandbox has neither comments nor so many groups
    there = {(method, name) for method in EVERY_METHOD for name in methods.REFERENCE[method]["args"] if name in ids}
    assert there - set(NOBODY_KNOWS) <= unused


@pytest.mark.parametrize("method", OF_A_CHANNEL)
async def test_in_an_archived_channel(slack: Workspace, method: str) -> None:
    """Reading goes on, writing is refused in the method's own words."""
    args = right_arguments(slack)[method]()
    channel_of(slack, args).is_archived = True
    body = await web_api.answer(slack, method, args)
    assert body.get("error") == ARCHIVED.get(method), body


@pytest.mark.parametrize("method", OF_A_CHANNEL)
async def test_where_the_app_is_not_a_member(slack: Workspace, method: str) -> None:
    """A public channel may be looked at and joined; its messages may not be read or written."""
    args = right_arguments(slack)[method]()
    channel = channel_of(slack, args)
    channel.members = [member for member in channel.members if member != slack.bot_user_id]
    body = await web_api.answer(slack, method, args)
    assert body.get("error") == NOT_A_MEMBER.get(method), body


@pytest.mark.parametrize("method", OF_A_CHANNEL)
async def test_a_private_channel_of_others_does_not_exist(slack: Workspace, method: str) -> None:
    args = right_arguments(slack)[method]()
    hidden = slack.add_channel("hidden", members=[id_of(slack, "Ana")], is_private=True)
    for name in {"channel", "channel_id"} & set(args):
        args[name] = hidden.id
        assert await web_api.refused(slack, method, **args) == "channel_not_found"


@pytest.mark.parametrize("token", ["", "xoxb-another", "xapp-another", "xoxp-of-a-person"])
async def test_a_bad_token_is_refused_over_the_wire_by_every_method(sandbox: Sandbox, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with ClientSession(headers=headers) as session:
        for method in WITH_TOKEN:
            async with session.post(f"{sandbox.url}/api/{method}") as response:
                error = "invalid_auth" if token else "not_authed"
                assert (response.status, (await response.json())["error"]) == (200, error), method


async def test_the_app_level_token_is_taken_from_the_header_only(sandbox: Sandbox) -> None:
    token, address = sandbox.workspace.app_token, f"{sandbox.url}/api/apps.connections.open"
    async with ClientSession() as session:
        for where in ({"data": {"token": token}}, {"params": {"token": token}}, {"json": {"token": token}}):
            async with session.post(address, **where) as response:  # type: ignore[arg-type]
                assert (await response.json())["error"] == "not_authed"


@pytest.mark.parametrize(
    ("body", "error"), [("{", "invalid_json"), ("[]", "json_not_object"), ('"x"', "json_not_object")]
)
async def test_what_is_no_json_object_is_refused(sandbox: Sandbox, body: str, error: str) -> None:
    headers = {"Authorization": f"Bearer {sandbox.workspace.bot_token}", "Content-Type": "application/json"}
    async with (
        ClientSession() as session,
        session.post(f"{sandbox.url}/api/chat.postMessage", data=body, headers=headers) as response,
    ):
        assert (await response.json())["error"] == error


@pytest.mark.parametrize("method", [name for name in EVERY_METHOD if methods.REFERENCE[name]["required"]])
async def test_json_is_read_where_the_method_takes_it_and_a_form_everywhere(sandbox: Sandbox, method: str) -> None:
    """What the method understood shows in what it misses."""
    args = dict.fromkeys(methods.REFERENCE[method]["required"], "x")
    headers = {"Authorization": f"Bearer {sandbox.workspace.bot_token}"}
    sandbox.workspace.scopes = set(web_api.SCOPES)
    takes_json = bool(methods.REFERENCE[method]["json"])
    async with ClientSession(headers=headers) as session:
        for where, understood in (({"json": args}, takes_json), ({"data": args}, True), ({"params": args}, True)):
            async with session.post(f"{sandbox.url}/api/{method}", **where) as response:  # type: ignore[arg-type]
                answer = json.dumps(await response.json())
            assert ("missing required field" not in answer) is understood, answer
