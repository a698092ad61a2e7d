"""conversations.*, users.* and usergroups of the sandbox's Web API: what the app may see, page by page."""

from typing import Any

import pytest

from bot.sandbox.workspace import Workspace
from tests.bot.sandbox import web_api
from tests.bot.sandbox.web_api import Json, id_of, ok, refused


@pytest.fixture
def slack() -> Workspace:
    made = web_api.workspace()
    made.join(id_of(made, "#general"), made.bot_user_id)
    return made


@pytest.fixture
def ana(slack: Workspace) -> str:
    return id_of(slack, "Ana")


def said(slack: Workspace, *texts: str, channel: str = "#general", **more: object) -> list[str]:
    place = id_of(slack, channel) if channel.startswith("#") else channel
    return [str(slack.post(place, {"user": id_of(slack, "Ana"), "text": text, **more})["ts"]) for text in texts]


async def history(slack: Workspace, **args: object) -> list[str]:
    body = await ok(slack, "conversations.history", channel=id_of(slack, "#general"), **args)
    return [message["text"] for message in body["messages"] if message.get("subtype") != "channel_join"]


async def all_pages(slack: Workspace, method: str, key: str, **args: object) -> list[list[Any]]:
    pages: list[list[Any]] = []
    cursor = None
    while cursor != "":
        body = await ok(slack, method, **args, cursor=cursor)
        pages.append(body[key])
        cursor = body.get("response_metadata", {}).get("next_cursor", "")
    return pages


async def test_lists_come_in_pages_that_together_are_everything(slack: Workspace) -> None:
    for number in range(4):
        slack.add_channel(f"c{number}")
        slack.add_person(f"Person {number}")
    channels = await all_pages(slack, "conversations.list", "channels", limit=2)
    assert [[channel["name"] for channel in page] for page in channels] == [["general", "c0"], ["c1", "c2"], ["c3"]]
    people = await all_pages(slack, "users.list", "members", limit="3")
    assert [len(page) for page in people] == [3, 3, 1]
    members = await all_pages(slack, "conversations.members", "members", channel=id_of(slack, "#general"), limit=5)
    assert sorted(user_id for page in members for user_id in page) == sorted(slack.people)


@pytest.mark.parametrize("method", ["conversations.list", "users.list", "users.conversations"])
@pytest.mark.parametrize("cursor", ["nonsense", "bmV4dDpuYWRh"])
async def test_a_cursor_that_slack_did_not_give_is_refused(slack: Workspace, method: str, cursor: str) -> None:
    assert await refused(slack, method, cursor=cursor) == "invalid_cursor"


async def test_a_page_has_between_one_and_a_thousand_entries(slack: Workspace) -> None:
    assert await refused(slack, "conversations.list", limit=-1) == "invalid_limit"
    assert await refused(slack, "conversations.list", limit=1001) == "invalid_limit"


async def test_each_kind_of_conversation_needs_its_own_scope(slack: Workspace, ana: str) -> None:
    private = slack.add_channel("private", members=[slack.bot_user_id], is_private=True)
    direct = slack.direct_channel(ana)
    slack.scopes -= {"groups:read", "im:read", "im:history"}
    for name in ("private_channel", "im"):
        assert await refused(slack, "conversations.list", types=name) == "missing_scope"
    assert await refused(slack, "conversations.info", channel=private.id) == "missing_scope"
    assert await refused(slack, "conversations.history", channel=direct.id) == "missing_scope"
    assert await refused(slack, "conversations.list", types="dm") == "invalid_types"


async def test_the_app_sees_every_public_channel_and_of_the_others_its_own(slack: Workspace, ana: str) -> None:
    slack.add_channel("public")
    slack.add_channel("hidden", members=[ana], is_private=True)
    slack.add_channel("ours", members=[ana, slack.bot_user_id], is_private=True)
    direct = slack.direct_channel(ana)
    kinds = "public_channel,private_channel,im"
    found = (await ok(slack, "conversations.list", types=kinds))["channels"]
    assert [channel.get("name", channel["id"]) for channel in found] == ["general", "public", "ours", direct.id]
    hers = (await ok(slack, "users.conversations", user=ana, types=kinds))["channels"]
    assert [channel.get("name", channel["id"]) for channel in hers] == ["general", "ours", direct.id]
    assert await refused(slack, "conversations.info", channel=id_of(slack, "hidden")) == "channel_not_found"


async def test_archived_channels_are_left_out_when_asked(slack: Workspace) -> None:
    slack.add_channel("old").is_archived = True
    names = [one["name"] for one in (await ok(slack, "conversations.list", exclude_archived="true"))["channels"]]
    assert names == ["general"]


async def test_a_direct_message_names_the_other_person(slack: Workspace, ana: str) -> None:
    opened = await ok(slack, "conversations.open", users=ana, return_im=True)
    assert opened["channel"]["user"] == ana
    again = await ok(slack, "conversations.open", users=ana)
    assert (again["already_open"], again["no_op"], again["channel"]["id"]) == (True, True, opened["channel"]["id"])


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({}, "users_list_not_supplied"),
        ({"users": "U00000001"}, "not_enough_users"),
        ({"users": "U99999999"}, "user_not_found"),
        ({"channel": "D99999999"}, "channel_not_found"),
    ],
)
async def test_a_conversation_opens_with_one_to_eight_people_who_are_here(
    slack: Workspace, args: Json, error: str
) -> None:
    assert await refused(slack, "conversations.open", **args) == error


async def test_a_conversation_that_is_there_can_be_opened_by_its_id(slack: Workspace, ana: str) -> None:
    direct = slack.direct_channel(ana)
    assert (await ok(slack, "conversations.open", channel=direct.id))["channel"] == {"id": direct.id}
    general = id_of(slack, "#general")
    assert await refused(slack, "conversations.open", channel=general) == "method_not_supported_for_channel_type"
    ben = id_of(slack, "Ben")
    assert await refused(slack, "conversations.open", users=ben, prevent_creation=True) == "channel_not_found"


async def test_a_group_message_holds_eight_people_and_nobody_who_left(slack: Workspace, ana: str) -> None:
    people = [slack.add_person(f"Person {number}").id for number in range(8)]
    group = await ok(slack, "conversations.open", users=",".join(people))
    assert slack.channels[group["channel"]["id"]].is_mpim
    assert await refused(slack, "conversations.open", users=",".join([ana, *people])) == "too_many_users"
    slack.change_person(ana, deleted=True)
    assert await refused(slack, "conversations.open", users=ana) == "user_disabled"


async def test_history_is_newest_first_and_comes_in_pages(slack: Workspace) -> None:
    said(slack, "a", "b", "c", "d", "e")
    assert await history(slack) == ["e", "d", "c", "b", "a"]
    pages = await all_pages(slack, "conversations.history", "messages", channel=id_of(slack, "#general"), limit=2)
    assert [[message["text"] for message in page] for page in pages[:2]] == [["e", "d"], ["c", "b"]]
    body = await ok(slack, "conversations.history", channel=id_of(slack, "#general"), limit=2)
    assert body["has_more"] is True


async def test_history_leaves_its_ends_out_unless_they_are_included(slack: Workspace) -> None:
    a, _, c = said(slack, "a", "b", "c")
    assert await history(slack, oldest=a, latest=c) == ["b"]
    assert await history(slack, oldest=a, latest=c, inclusive="true") == ["c", "b", "a"]
    assert await history(slack, oldest=c) == []
    place = {"channel": id_of(slack, "#general")}
    assert await refused(slack, "conversations.history", **place, oldest="yesterday") == "invalid_ts_oldest"
    assert await refused(slack, "conversations.history", **place, latest="now") == "invalid_ts_latest"


async def test_metadata_is_shown_only_when_asked_for(slack: Workspace) -> None:
    metadata = {"event_type": "owed", "event_payload": {"key": "a"}}
    place = {"channel": id_of(slack, "#general"), "limit": 1}
    posted = await ok(slack, "chat.postMessage", channel=place["channel"], text="x", metadata=metadata)
    [plain] = (await ok(slack, "conversations.history", **place))["messages"]
    [full] = (await ok(slack, "conversations.history", **place, include_all_metadata="true"))["messages"]
    assert "metadata" not in plain
    assert full["metadata"] == metadata
    args = {"channel": place["channel"], "ts": posted["ts"], "include_all_metadata": True}
    assert (await ok(slack, "conversations.replies", **args))["messages"][0]["metadata"] == metadata


async def test_reading_needs_membership(slack: Workspace, ana: str) -> None:
    outside = slack.add_channel("outside", members=[ana])
    [ts] = said(slack, "a", channel=outside.id)
    assert await refused(slack, "conversations.history", channel=outside.id) == "not_in_channel"
    assert await refused(slack, "conversations.replies", channel=outside.id, ts=ts) == "thread_not_found"
    assert await refused(slack, "conversations.history", channel="C9") == "channel_not_found"


async def test_a_thread_is_counted_on_its_first_message_and_kept_out_of_history(slack: Workspace) -> None:
    [first] = said(slack, "question")
    said(slack, "one", "two", thread_ts=first)
    place = {"channel": id_of(slack, "#general")}
    await ok(slack, "chat.postMessage", **place, text="to all", thread_ts=first, reply_broadcast=True)
    assert await history(slack) == ["to all", "question"]
    thread = (await ok(slack, "conversations.replies", **place, ts=first))["messages"]
    assert [message["text"] for message in thread] == ["question", "one", "two", "to all"]
    assert (thread[0]["reply_count"], thread[0]["latest_reply"]) == (3, thread[-1]["ts"])
    assert thread[0]["reply_users"] == [id_of(slack, "Ana"), slack.bot_user_id]
    reply = thread[1]["ts"]
    assert await refused(slack, "chat.postMessage", **place, text="x", thread_ts=reply) == "cannot_reply_to_message"
    assert await refused(slack, "conversations.replies", **place, ts="1.000000") == "thread_not_found"


async def test_a_thread_whose_first_message_goes_keeps_a_tombstone(slack: Workspace) -> None:
    place = {"channel": id_of(slack, "#general")}
    first = (await ok(slack, "chat.postMessage", **place, text="question"))["ts"]
    said(slack, "answer", thread_ts=first)
    await ok(slack, "chat.delete", **place, ts=first)
    thread = (await ok(slack, "conversations.replies", **place, ts=first))["messages"]
    assert [message.get("subtype", message["text"]) for message in thread] == ["tombstone", "answer"]
    assert await refused(slack, "chat.delete", **place, ts=first) == "message_not_found"


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "invalid_name_required"),
        ("x" * 81, "invalid_name_maxlength"),
        ("---", "invalid_name_punctuation"),
        ("Two Words", "invalid_name_specials"),
        ("general", "name_taken"),
    ],
)
async def test_a_channel_needs_a_good_name(slack: Workspace, name: str, error: str) -> None:
    assert await refused(slack, "conversations.create", name=name) == error


async def test_who_makes_a_channel_is_in_it_and_may_invite(slack: Workspace, ana: str) -> None:
    made = (await ok(slack, "conversations.create", name="procurement", is_private="true"))["channel"]
    assert made["is_private"] is True
    assert made["is_member"] is True
    place = {"channel": made["id"]}
    await ok(slack, "conversations.invite", **place, users=ana)
    assert slack.channels[made["id"]].members == [slack.bot_user_id, ana]
    assert await refused(slack, "conversations.invite", **place, users=ana) == "already_in_channel"
    assert await refused(slack, "conversations.invite", **place, users=slack.bot_user_id) == "cant_invite_self"
    assert await refused(slack, "conversations.invite", **place, users="U99999999") == "user_not_found"
    await ok(slack, "conversations.invite", **place, users=f"{ana},{id_of(slack, 'Ben')}", force="true")
    assert id_of(slack, "Ben") in slack.channels[made["id"]].members


async def test_the_app_joins_public_channels_and_hears_who_joins_afterwards(slack: Workspace, ana: str) -> None:
    channel = slack.add_channel("procurement")
    heard: list[Json] = []
    slack.on_event = heard.append
    slack.join(channel.id, id_of(slack, "Ben"))
    assert heard == []
    assert (await ok(slack, "conversations.join", channel=channel.id))["channel"]["is_member"] is True
    assert (await ok(slack, "conversations.join", channel=channel.id))["warning"] == "already_in_channel"
    slack.join(channel.id, ana)
    joined = [event["user"] for event in heard if event["type"] == "member_joined_channel"]
    assert joined == [slack.bot_user_id, ana]
    direct = slack.direct_channel(ana)
    assert await refused(slack, "conversations.join", channel=direct.id) == "method_not_supported_for_channel_type"


async def test_where_nobody_can_be_invited(slack: Workspace, ana: str) -> None:
    outside = slack.add_channel("outside")
    closed = slack.add_channel("closed", members=[slack.bot_user_id])
    closed.is_archived = True
    direct = slack.direct_channel(ana)
    for channel, error in (
        (outside, "not_in_channel"),
        (closed, "is_archived"),
        (direct, "method_not_supported_for_channel_type"),
    ):
        assert await refused(slack, "conversations.invite", channel=channel.id, users=ana) == error
    assert await refused(slack, "conversations.invite", channel=id_of(slack, "#general"), users="") == "no_user"
    assert await refused(slack, "conversations.join", channel=closed.id) == "is_archived"


async def test_people_are_shown_with_zone_and_role_and_their_mail_only_with_the_scope(
    slack: Workspace, ana: str
) -> None:
    user = (await ok(slack, "users.info", user=ana, include_locale="true"))["user"]
    assert (user["tz"], user["tz_offset"], user["is_admin"], user["locale"]) == (
        "America/Chicago",
        -21600,
        True,
        "en-US",
    )
    assert (user["real_name"], user["name"], user["profile"]["title"]) == ("Ana Ruiz", "ana.ruiz", "Director")
    assert user["profile"]["email"] == "ana@example.gov"
    slack.scopes.discard("users:read.email")
    assert "email" not in (await ok(slack, "users.info", user=ana))["user"]["profile"]
    assert await refused(slack, "users.info", user="U99999999") == "user_not_found"


async def test_nobody_is_found_by_the_mail_of_somebody_who_left(slack: Workspace, ana: str) -> None:
    assert (await ok(slack, "users.lookupByEmail", email="ana@example.gov"))["user"]["id"] == ana
    slack.change_person(ana, deleted=True)
    assert await refused(slack, "users.lookupByEmail", email="ana@example.gov") == "users_not_found"
    assert await refused(slack, "users.lookupByEmail", email="") == "users_not_found"


async def test_changes_of_people_are_events(slack: Workspace, ana: str) -> None:
    heard: list[Json] = []
    slack.on_event = heard.append
    slack.change_person(ana, tz="Pacific/Honolulu")
    cora = slack.add_person("Cora Lee")
    assert [(event["type"], event["user"]["id"]) for event in heard] == [("user_change", ana), ("team_join", cora.id)]
    assert heard[0]["user"]["tz"] == "Pacific/Honolulu"


async def test_user_groups_show_their_members_when_asked(slack: Workspace, ana: str) -> None:
    slack.usergroups.append({"id": "S1", "handle": "leads", "name": "City leads", "users": [ana]})
    slack.usergroups.append({"id": "S2", "handle": "old", "name": "Old", "users": [], "date_delete": 5})
    [group] = (await ok(slack, "usergroups.list", include_users="true", include_count="true"))["usergroups"]
    assert (group["users"], group["user_count"]) == ([ana], 1)
    assert len((await ok(slack, "usergroups.list", include_disabled="true"))["usergroups"]) == 2
