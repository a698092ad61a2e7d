"""chat.* and reactions of the sandbox's Web API: where a message may go, what becomes of it, and who hears of it."""

import pytest

from bot.sandbox import reactions
from bot.sandbox.records import SlackError
from bot.sandbox.workspace import Workspace
from tests.bot.sandbox import web_api
from tests.bot.sandbox.web_api import Json, button, id_of, ok, refused, section


@pytest.fixture
def slack() -> Workspace:
    made = web_api.workspace()
    made.join(id_of(made, "#general"), made.bot_user_id)
    return made


@pytest.fixture
def ana(slack: Workspace) -> str:
    return id_of(slack, "Ana")


@pytest.fixture
def general(slack: Workspace) -> str:
    return id_of(slack, "#general")


def events(slack: Workspace) -> list[Json]:
    heard: list[Json] = []
    slack.on_event = heard.append
    return heard


async def test_a_message_to_a_person_opens_the_direct_message_and_names_it(slack: Workspace, ana: str) -> None:
    first = await ok(slack, "chat.postMessage", channel=ana, text="Hello")
    again = await ok(slack, "chat.postMessage", channel=ana, text="Hello again")
    assert first["channel"].startswith("D")
    assert again["channel"] == first["channel"]
    assert [message["text"] for message in slack.channels[first["channel"]].messages] == ["Hello", "Hello again"]


async def test_opening_the_direct_message_needs_im_write(slack: Workspace, ana: str) -> None:
    slack.scopes.discard("im:write")
    body = await web_api.answer(slack, "chat.postMessage", {"channel": ana, "text": "Hello"})
    assert (body["error"], body["needed"]) == ("missing_scope", "im:write")


async def test_a_message_is_stored_as_the_app_said_it(slack: Workspace, general: str) -> None:
    metadata = {"event_type": "owed", "event_payload": {"key": "a:1"}}
    blocks = [section(), {"type": "actions", "elements": [button()]}]
    body = await ok(slack, "chat.postMessage", channel=general, text="Hello", blocks=blocks, metadata=metadata)
    [*_, stored] = slack.channels[general].messages
    assert body["message"] == stored
    assert (stored["user"], stored["bot_id"]) == (slack.bot_user_id, slack.bot_id)
    assert stored["metadata"] == metadata
    assert all(block["block_id"] for block in stored["blocks"])


async def test_time_stamps_rise_even_when_the_clock_stands(slack: Workspace, general: str) -> None:
    stamps = [(await ok(slack, "chat.postMessage", channel=general, text="x"))["ts"] for _ in range(5)]
    assert stamps == sorted(set(stamps))
    assert stamps[0].startswith(f"{int(web_api.START.timestamp())}.")


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({}, "no_text"),
        ({"text": ""}, "no_text"),
        ({"text": "", "blocks": []}, "no_text"),
        ({"text": "x", "blocks": "section"}, "invalid_blocks_format"),
        ({"text": "x", "blocks": [section("x" * 3001)]}, "invalid_blocks"),
        ({"text": "x", "blocks": [section()] * 51}, "invalid_blocks"),
        ({"text": "x", "blocks": [{"type": "image", "alt_text": "x", "slack_file": {"id": "F9"}}]}, "invalid_blocks"),
        ({"text": "x", "metadata": "owed"}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "owed"}}, "invalid_metadata_schema"),
        ({"text": "x", "markdown_text": "# x"}, "markdown_text_conflict"),
        ({"text": "x", "attachments": [{}] * 101}, "too_many_attachments"),
        ({"text": "x", "thread_ts": "1.000000"}, "cannot_reply_to_message"),
        ({"text": "x", "channel": "C9"}, "channel_not_found"),
        ({"text": "x", "channel": "U9"}, "channel_not_found"),
        ({"text": "x", "channel": "#nowhere"}, "channel_not_found"),
    ],
)
async def test_what_slack_does_not_post(slack: Workspace, general: str, args: Json, error: str) -> None:
    before = len(slack.channels[general].messages)
    assert await refused(slack, "chat.postMessage", **({"channel": general} | args)) == error
    assert len(slack.channels[general].messages) == before


async def test_the_place_of_a_fault_is_named_as_slack_does(slack: Workspace, general: str) -> None:
    blocks = [section(), section(), {"type": "actions", "elements": [button("x" * 76)]}]
    body = await web_api.answer(slack, "chat.postMessage", {"channel": general, "text": "x", "blocks": blocks})
    line = "[ERROR] must be less than 76 characters [json-pointer:/blocks/2/elements/0/text/text]"
    assert body == {"ok": False, "error": "invalid_blocks", "response_metadata": {"messages": [line]}}


async def test_a_public_channel_without_the_app_takes_messages_with_a_scope_of_its_own(slack: Workspace) -> None:
    slack.add_channel("procurement")
    assert await refused(slack, "chat.postMessage", channel="#procurement", text="x") == "not_in_channel"
    slack.scopes.add("chat:write.public")
    await ok(slack, "chat.postMessage", channel="#procurement", text="x")


async def test_a_private_channel_without_the_app_is_not_found_and_an_archived_one_is_closed(slack: Workspace) -> None:
    hidden = slack.add_channel("hidden", is_private=True)
    closed = slack.add_channel("closed", members=[slack.bot_user_id])
    closed.is_archived = True
    assert await refused(slack, "chat.postMessage", channel=hidden.id, text="x") == "channel_not_found"
    assert await refused(slack, "chat.postMessage", channel=closed.id, text="x") == "is_archived"


async def test_who_left_still_has_a_direct_message_but_gets_no_new_one(slack: Workspace, ana: str) -> None:
    await ok(slack, "chat.postMessage", channel=ana, text="x")
    slack.change_person(ana, deleted=True)
    slack.change_person(id_of(slack, "Ben"), deleted=True)
    await ok(slack, "chat.postMessage", channel=ana, text="x")
    assert await refused(slack, "chat.postMessage", channel=id_of(slack, "Ben"), text="x") == "channel_not_found"


async def test_without_a_messages_tab_there_are_no_direct_messages(slack: Workspace, ana: str) -> None:
    slack.manifest = {"features": {"app_home": {"messages_tab_enabled": False}}}
    assert await refused(slack, "chat.postMessage", channel=ana, text="x") == "messages_tab_disabled"


async def test_a_name_or_picture_of_its_own_needs_a_scope(slack: Workspace, general: str) -> None:
    assert await refused(slack, "chat.postMessage", channel=general, text="x", username="Clerk") == "missing_scope"
    slack.scopes.add("chat:write.customize")
    body = await ok(slack, "chat.postMessage", channel=general, text="x", username="Clerk")
    assert body["message"]["username"] == "Clerk"


async def test_markdown_is_kept_as_a_block_and_has_its_own_limit(slack: Workspace, general: str) -> None:
    body = await ok(slack, "chat.postMessage", channel=general, markdown_text="# Title")
    [block] = body["message"]["blocks"]
    assert (block["type"], block["text"]) == ("markdown", "# Title")
    [line] = await web_api.faults(slack, "chat.postMessage", channel=general, markdown_text="x" * 12_001)
    assert line == "must be less than 12001 characters [json-pointer:/markdown_text]"


async def test_blocks_in_attachments_are_checked_like_others(slack: Workspace, general: str) -> None:
    wrong = [{"color": "#36a64f", "blocks": [section("")]}]
    lines = await web_api.faults(slack, "chat.postMessage", channel=general, text="x", attachments=wrong)
    assert lines == ["must be more than 0 characters [json-pointer:/attachments/0/blocks/0/text/text]"]
    assert await refused(slack, "chat.postMessage", channel=general, text="x", attachments=["x"]) == "invalid_arguments"


async def test_long_text_is_cut_when_posted_and_refused_when_changed(slack: Workspace, general: str) -> None:
    body = await ok(slack, "chat.postMessage", channel=general, text="x" * 40_001)
    assert len(body["message"]["text"]) == 40_000
    assert await refused(slack, "chat.update", channel=general, ts=body["ts"], text="x" * 4_001) == "msg_too_long"
    await ok(slack, "chat.update", channel=general, ts=body["ts"], text="x" * 4_000)


async def test_blocks_may_hold_so_much_text_in_all_when_they_are_posted(slack: Workspace, general: str) -> None:
    full = [section("x" * 3000) for _ in range(4)]
    posted = await web_api.ok(slack, "chat.postMessage", channel=general, text="x", blocks=full)
    too_much = [*full, section("x")]
    assert await web_api.refused(slack, "chat.postMessage", channel=general, blocks=too_much) == "msg_blocks_too_long"
    await web_api.ok(slack, "chat.update", channel=general, ts=posted["ts"], blocks=too_much)


async def test_new_text_takes_the_old_blocks_away_and_new_blocks_mark_nothing_as_edited(
    slack: Workspace, general: str
) -> None:
    ts = (await ok(slack, "chat.postMessage", channel=general, text="a", blocks=[section()]))["ts"]
    changed = await ok(slack, "chat.update", channel=general, ts=ts, text="b", blocks=[section("c")])
    assert "edited" not in changed["message"]
    changed = await ok(slack, "chat.update", channel=general, ts=ts, text="d")
    assert "blocks" not in changed["message"]
    assert changed["message"]["edited"]["user"] == slack.bot_user_id
    assert changed["text"] == changed["message"]["text"] == "d"


async def test_metadata_stays_through_a_change_until_it_is_emptied(slack: Workspace, general: str) -> None:
    metadata = {"event_type": "owed", "event_payload": {}}
    ts = (await ok(slack, "chat.postMessage", channel=general, text="a", metadata=metadata))["ts"]
    assert (await ok(slack, "chat.update", channel=general, ts=ts, text="b"))["message"]["metadata"] == metadata
    assert "metadata" not in (await ok(slack, "chat.update", channel=general, ts=ts, text="b", metadata={}))["message"]


async def test_the_app_changes_and_deletes_its_own_messages_only(slack: Workspace, general: str, ana: str) -> None:
    hers = slack.post(general, {"user": ana, "text": "Hello"})["ts"]
    assert await refused(slack, "chat.update", channel=general, ts=hers, text="x") == "cant_update_message"
    assert await refused(slack, "chat.delete", channel=general, ts=hers) == "cant_delete_message"
    assert await refused(slack, "chat.update", channel=general, ts="1.000000", text="x") == "message_not_found"
    assert await refused(slack, "chat.delete", channel=general, ts="1.000000") == "message_not_found"
    assert await refused(slack, "chat.update", channel=ana, ts=hers, text="x") == "channel_not_found"


async def test_the_app_hears_of_posts_changes_and_deletions_where_it_is_a_member(
    slack: Workspace, general: str
) -> None:
    heard = events(slack)
    ts = (await ok(slack, "chat.postMessage", channel=general, text="a"))["ts"]
    await ok(slack, "chat.update", channel=general, ts=ts, text="b")
    await ok(slack, "chat.delete", channel=general, ts=ts)
    slack.post(slack.add_channel("elsewhere").id, {"user": id_of(slack, "Ana"), "text": "not for the app"})
    assert [event.get("subtype") for event in heard] == [None, "message_changed", "message_deleted"]
    assert {event["channel_type"] for event in heard} == {"channel"}
    assert (heard[1]["previous_message"]["text"], heard[1]["message"]["text"]) == ("a", "b")
    assert heard[2]["deleted_ts"] == ts


async def test_a_mention_is_two_events_in_a_channel_and_one_in_a_direct_message(slack: Workspace, ana: str) -> None:
    heard = events(slack)
    slack.post(id_of(slack, "#general"), {"user": ana, "text": f"<@{slack.bot_user_id}> hello"})
    slack.post(slack.direct_channel(ana).id, {"user": ana, "text": f"<@{slack.bot_user_id}> hello"})
    assert [(event["type"], event.get("channel_type")) for event in heard] == [
        ("message", "channel"),
        ("app_mention", None),
        ("message", "im"),
    ]


async def test_an_archived_channel_takes_no_changes_and_no_reactions(slack: Workspace, general: str) -> None:
    ts = (await ok(slack, "chat.postMessage", channel=general, text="x"))["ts"]
    slack.channels[general].is_archived = True
    assert await refused(slack, "chat.update", channel=general, ts=ts, text="y") == "is_inactive"
    assert await refused(slack, "reactions.add", channel=general, name="eyes", timestamp=ts) == "is_archived"


async def test_an_ephemeral_message_is_seen_by_one_member_and_is_in_no_history(slack: Workspace, general: str) -> None:
    ana = id_of(slack, "Ana")
    heard = events(slack)
    body = await ok(slack, "chat.postEphemeral", channel=general, user=ana, text="Only you see this")
    assert [(one["ts"], one["user"]) for one in slack.channels[general].ephemeral] == [(body["message_ts"], ana)]
    assert heard == []
    assert await refused(slack, "chat.update", channel=general, ts=body["message_ts"], text="x") == "message_not_found"
    outsider = slack.add_person("Cora Lee").id
    slack.channels[general].members.remove(outsider)
    assert await refused(slack, "chat.postEphemeral", channel=general, user=outsider, text="x") == "user_not_in_channel"


async def test_a_permalink_leads_into_the_page_and_names_the_thread(slack: Workspace, general: str) -> None:
    slack.base_url = "http://127.0.0.1:8080"
    first = await ok(slack, "chat.postMessage", channel=general, text="a")
    reply = await ok(slack, "chat.postMessage", channel=general, text="b", thread_ts=first["ts"])
    link = (await ok(slack, "chat.getPermalink", channel=general, message_ts=reply["ts"]))["permalink"]
    assert link.startswith(f"http://127.0.0.1:8080/archives/{general}/p{reply['ts'].replace('.', '')}")
    assert link.endswith(f"?thread_ts={first['ts']}&cid={general}")
    assert await refused(slack, "chat.getPermalink", channel=general, message_ts="1.000000") == "message_not_found"


async def test_a_reaction_counts_once_for_each_person(slack: Workspace, general: str, ana: str) -> None:
    ts = slack.post(general, {"user": ana, "text": "Done"})["ts"]
    heard = events(slack)
    await ok(slack, "reactions.add", channel=general, name="eyes", timestamp=ts)
    assert await refused(slack, "reactions.add", channel=general, name="eyes", timestamp=ts) == "already_reacted"
    assert await refused(slack, "reactions.add", channel=general, name="Not An Emoji", timestamp=ts) == "invalid_name"
    assert await refused(slack, "reactions.add", channel=general, name="eyes", timestamp="x") == "bad_timestamp"
    assert await refused(slack, "reactions.add", channel=general, name="eyes", timestamp="1.0") == "message_not_found"
    reactions.add(slack, general, ts, "eyes", ana)
    message = slack.channels[general].message(ts)
    assert message is not None
    assert message["reactions"] == [{"name": "eyes", "users": [slack.bot_user_id, ana], "count": 2}]
    assert [(event["type"], event["user"]) for event in heard] == [
        ("reaction_added", slack.bot_user_id),
        ("reaction_added", ana),
    ]
    with pytest.raises(SlackError, match="already_reacted"):
        reactions.add(slack, general, ts, ":eyes:", ana)
