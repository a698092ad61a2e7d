"""The Web API's door: every method is walked without a token, with a wrong one, without scope, without arguments, and rightly."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox import methods, modals, oauth
from bot.sandbox.records import File
from bot.sandbox.workspace import Workspace
from tests.bot.sandbox import web_api
from tests.bot.sandbox.web_api import Json

EVERY_METHOD = sorted(methods.REFERENCE)
WITH_TOKEN = [method for method in EVERY_METHOD if method not in methods.WITHOUT_TOKEN]
PROMISED = {
    "auth": "test revoke",
    "oauth.v2": "access",
    "apps": "uninstall",
    "apps.connections": "open",
    "team": "info",
    "users": "info list lookupByEmail conversations",
    "conversations": "open list info members history replies create join invite",
    "files": "info getUploadURLExternal completeUploadExternal",
    "chat": "postMessage postEphemeral update delete getPermalink scheduleMessage deleteScheduledMessage",
    "chat.scheduledMessages": "list",
    "views": "open push update publish",
    "reactions": "add",
    "usergroups": "list",
}


@pytest.fixture
def slack() -> Workspace:
    made = web_api.workspace()
    made.join(web_api.id_of(made, "#general"), made.bot_user_id)
    return made


def right_arguments(slack: Workspace) -> dict[str, Callable[[], Json]]:
    """For every method a call that Slack takes; each is made just before it is used."""
    ana, general = web_api.id_of(slack, "Ana"), web_api.id_of(slack, "#general")

    def said() -> str:
        return str(slack.post(general, {"user": slack.bot_user_id, "bot_id": slack.bot_id, "text": "Hello"})["ts"])

    def file(content: bytes | None = b"abc", complete: bool = False) -> str:
        made = File(slack.new_id("F"), "notes.csv", slack.bot_user_id, 3, 0, content=content, complete=complete)
        slack.files[made.id] = made
        return made.id

    def scheduled() -> str:
        slack.scheduled.append({"id": "Q1", "channel_id": general, "post_at": now + 900, "text": "x", "message": {}})
        return "Q1"

    def form() -> str:
        return str(modals.open_for(slack, ana, web_api.modal())["id"])

    now = int(slack.seconds())
    client = {"client_id": slack.client_id, "client_secret": slack.client_secret}
    home = {"type": "home", "blocks": [web_api.section()]}
    return {
        "api.test": lambda: {"foo": "bar"},
        "auth.test": dict,
        "auth.revoke": dict,
        "oauth.v2.access": lambda: client | {"code": oauth.allow(slack, slack.people[ana], ["chat:write"], "")},
        "apps.uninstall": lambda: client,
        "apps.connections.open": dict,
        "bots.info": lambda: {"bot": slack.bot_id},
        "team.info": dict,
        "users.info": lambda: {"user": ana},
        "users.list": dict,
        "users.lookupByEmail": lambda: {"email": "ANA@example.gov"},
        "users.conversations": lambda: {"user": ana, "types": "public_channel,im"},
        "usergroups.list": lambda: {"include_users": "true"},
        "conversations.open": lambda: {"users": ana},
        "conversations.list": lambda: {"types": "public_channel,private_channel,im,mpim", "limit": "10"},
        "conversations.info": lambda: {"channel": general, "include_num_members": "1"},
        "conversations.members": lambda: {"channel": general},
        "conversations.history": lambda: {"channel": general},
        "conversations.replies": lambda: {"channel": general, "ts": said()},
        "conversations.create": lambda: {"name": "procurement"},
        "conversations.join": lambda: {"channel": general},
        "conversations.invite": lambda: {
            "channel": slack.add_channel("new", members=[slack.bot_user_id]).id,
            "users": ana,
        },
        "files.getUploadURLExternal": lambda: {"filename": "notes.csv", "length": 3},
        "files.completeUploadExternal": lambda: {"files": [{"id": file()}], "channel_id": general},
        "files.info": lambda: {"file": file(complete=True)},
        "chat.postMessage": lambda: {"channel": general, "text": "Hello"},
        "chat.postEphemeral": lambda: {"channel": general, "user": ana, "text": "Hello"},
        "chat.update": lambda: {"channel": general, "ts": said(), "text": "Hello again"},
        "chat.delete": lambda: {"channel": general, "ts": said()},
        "chat.getPermalink": lambda: {"channel": general, "message_ts": said()},
        "chat.scheduleMessage": lambda: {"channel": general, "text": "Later", "post_at": now + 600},
        "chat.scheduledMessages.list": dict,
        "chat.deleteScheduledMessage": lambda: {"channel": general, "scheduled_message_id": scheduled()},
        "views.open": lambda: {"trigger_id": slack.triggers.issue(ana), "view": web_api.modal()},
        "views.push": lambda: form() and {"trigger_id": slack.triggers.issue(ana), "view": web_api.modal()},
        "views.update": lambda: {"view_id": form(), "view": web_api.modal()},
        "views.publish": lambda: {"user_id": ana, "view": home},
        "reactions.add": lambda: {"channel": general, "name": "eyes", "timestamp": said()},
    }


def test_every_method_that_the_sandbox_promises_is_there() -> None:
    promised = {f"{space}.{name}" for space, names in PROMISED.items() for name in names.split()}
    assert promised <= set(EVERY_METHOD)
    assert set(right_arguments(web_api.workspace())) == set(EVERY_METHOD)


@pytest.mark.parametrize("method", EVERY_METHOD)
async def test_a_right_call_is_answered_with_the_keys_of_the_reference(slack: Workspace, method: str) -> None:
    body = await web_api.ok(slack, method, **right_arguments(slack)[method]())
    optional = {"response_metadata", "warning", "no_op", "already_open", "latest", "expires_in", "refresh_token"}
    assert set(methods.REFERENCE[method]["success_keys"]) - optional <= set(body)


@pytest.mark.parametrize("method", EVERY_METHOD)
async def test_a_call_is_understood_when_all_its_arguments_come_as_text(slack: Workspace, method: str) -> None:
    args = right_arguments(slack)[method]()
    as_text = {name: value if isinstance(value, str) else json.dumps(value) for name, value in args.items()}
    await web_api.ok(slack, method, **as_text)


@pytest.mark.parametrize("method", WITH_TOKEN)
@pytest.mark.parametrize(("token", "error"), [("", "not_authed"), ("xoxb-another", "invalid_auth")])
async def test_without_the_right_token_nothing_is_answered(
    slack: Workspace, method: str, token: str, error: str
) -> None:
    body = await web_api.answer(slack, method, right_arguments(slack)[method](), token)
    assert body["error"] == error


@pytest.mark.parametrize("method", WITH_TOKEN)
async def test_the_app_level_token_opens_connections_and_nothing_else(slack: Workspace, method: str) -> None:
    wrong = slack.bot_token if method == "apps.connections.open" else slack.app_token
    body = await web_api.answer(slack, method, right_arguments(slack)[method](), wrong)
    assert body["error"] == "not_allowed_token_type"


@pytest.mark.parametrize("method", [name for name in EVERY_METHOD if methods.REFERENCE[name]["bot_scopes"]])
async def test_without_the_scope_slack_names_what_is_needed_and_what_is_there(slack: Workspace, method: str) -> None:
    args = right_arguments(slack)[method]()
    wanted = methods.REFERENCE[method]["bot_scopes"]
    slack.scopes = set(web_api.SCOPES) - set(wanted)
    body = await web_api.answer(slack, method, args)
    assert body["error"] == "missing_scope"
    assert body["needed"] in wanted
    assert body["provided"] == ",".join(sorted(slack.scopes))


@pytest.mark.parametrize(
    ("method", "missing"), [(name, arg) for name in EVERY_METHOD for arg in methods.REFERENCE[name]["required"]]
)
async def test_a_missing_argument_is_named(slack: Workspace, method: str, missing: str) -> None:
    args = right_arguments(slack)[method]()
    del args[missing]
    assert f"missing required field: {missing}" in await web_api.faults(slack, method, **args)


@pytest.mark.parametrize(
    ("method", "name", "value"),
    [
        ("conversations.history", "limit", "many"),
        ("conversations.history", "inclusive", "perhaps"),
        ("chat.scheduleMessage", "post_at", "tomorrow"),
        ("chat.postMessage", "channel", 5),
        ("chat.postMessage", "text", ["Hello"]),
        ("conversations.list", "exclude_archived", 2),
        ("views.open", "view", "no JSON"),
        ("files.completeUploadExternal", "files", "no JSON"),
    ],
)
async def test_an_argument_of_a_wrong_type_is_refused_with_its_place(
    slack: Workspace, method: str, name: str, value: Any
) -> None:
    args = right_arguments(slack)[method]() | {name: value}
    lines = await web_api.faults(slack, method, **args)
    assert [line for line in lines if line.endswith(f"[json-pointer:/{name}]")]


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=6)
    | st.sampled_from(["-1", "1.5", "U1,U2", "[{}]", "{}"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "type", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


ARGUMENTS = [(method, name) for method in EVERY_METHOD for name in methods.REFERENCE[method]["args"] if name != "error"]
"""All but the error that api.test is asked to answer with."""


@given(st.sampled_from(ARGUMENTS), ANYTHING)
@settings(max_examples=200, deadline=None)
async def test_whatever_an_argument_is_slack_answers_in_its_own_words(argument: tuple[str, str], value: Any) -> None:
    method, name = argument
    workspace = web_api.workspace()
    workspace.join(web_api.id_of(workspace, "#general"), workspace.bot_user_id)
    args = right_arguments(workspace)[method]() | {name: value}
    body = await web_api.answer(workspace, method, args)
    assert json.loads(json.dumps(body)) == body


async def test_an_unknown_method_is_refused(slack: Workspace) -> None:
    assert await web_api.refused(slack, "chat.postMessages", channel="C1") == "unknown_method"


async def test_an_undocumented_argument_is_ignored_as_slack_does_but_named_in_a_warning(slack: Workspace) -> None:
    body = await web_api.ok(slack, "chat.postMessage", channel="#general", text="Hello", thread="1.2")
    assert body["warning"] == "unknown_arguments: thread"


async def test_auth_test_says_who_the_app_is(slack: Workspace) -> None:
    body = await web_api.ok(slack, "auth.test")
    assert (body["user_id"], body["bot_id"], body["team_id"]) == (slack.bot_user_id, slack.bot_id, slack.team_id)


async def test_a_connection_gets_a_ticket_of_its_own(slack: Workspace) -> None:
    slack.base_url = "http://127.0.0.1:8080"
    first, second = [(await web_api.ok(slack, "apps.connections.open"))["url"] for _ in range(2)]
    assert first != second
    assert first.startswith("ws://127.0.0.1:8080/link/?ticket=")
    assert len(slack.tickets) == 2


if "SLACK_REFERENCE" in os.environ:

    def test_the_reference_in_the_package_is_slacks_own() -> None:
        full = json.loads((Path(os.environ["SLACK_REFERENCE"]) / "methods.json").read_text())
        for method, known in methods.REFERENCE.items():
            assert known == {name: full[method][name] for name in known}
