"""Messages in the thread of another one: after it, in their order, changed like any other, and never twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from handlers.blocks import message
from storage import deliveries
from storage.models import Delivery
from tests.whole import Slack

Json = dict[str, Any]
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
PICTURE = {
    **message("How it went.", [{"type": "section", "text": {"type": "mrkdwn", "text": "How it went."}}]),
    "file": {"name": "rounds.png", "picture": PIXEL, "alt_text": "It went up."},
}


async def owe(slack: Slack, *replies: Json, later: timedelta = timedelta()) -> None:
    """A message to the channel, and replies to it."""
    at = slack.clock.now()
    program_id = slack.bot.program_id
    async with slack.sessions.begin() as session:
        await deliveries.owe_channel(session, program_id, 1, "C0COHORT", "top", message("Top."), at=at + later)
        for number, reply in enumerate(replies):
            assert await deliveries.owe_reply(session, program_id, "top", f"reply:{number}", reply, at=at)


def replies(slack: Slack) -> list[Json]:
    every = slack.channel("#cohort").messages
    [top] = [one for one in every if one["text"] == "Top."]
    return [one for one in every if one.get("thread_ts") == top["ts"] and one is not top]


async def test_replies_come_after_their_message_and_in_order(slack: Slack) -> None:
    await owe(slack, *(message(f"Reply {number}.") for number in range(12)), later=timedelta(hours=2))
    await slack.settle()
    assert slack.channel("#cohort").messages == []
    await slack.turn_to(slack.clock.now() + timedelta(hours=2, minutes=1))
    assert [one["text"] for one in replies(slack)] == [f"Reply {number}." for number in range(12)]


async def test_a_reply_that_fails_at_first_keeps_the_later_ones_waiting(slack: Slack) -> None:
    await owe(slack)
    await slack.settle()
    slack.sandbox.faults.order("chat.postMessage", error="restricted_action")
    await owe(slack, message("First."), message("Second."))
    await slack.settle()
    assert replies(slack) == []
    await slack.turn_to(slack.clock.now() + timedelta(minutes=1))
    assert [one["text"] for one in replies(slack)] == ["First.", "Second."]


async def test_a_reply_is_not_sent_without_its_message(slack: Slack) -> None:
    await owe(slack, message("Lost."), later=timedelta(hours=1))
    async with slack.sessions.begin() as session:
        assert await deliveries.withdraw(session, slack.bot.program_id, "top", slack.clock.now())
    await slack.turn_to(slack.clock.now() + timedelta(hours=2))
    assert slack.channel("#cohort").messages == []
    async with slack.sessions() as session:
        query = select(Delivery.outcome).where(
            Delivery.program_id == slack.bot.program_id, Delivery.thread_of_id.is_not(None)
        )
        assert list(await session.scalars(query)) == ["superseded"]
        assert not await deliveries.owe_reply(
            session, slack.bot.program_id, "nothing", "reply", message("x"), at=slack.clock.now()
        )


async def test_a_reply_whose_answer_was_lost_is_looked_for_in_its_thread(slack: Slack) -> None:
    await owe(slack)
    await slack.settle()
    slack.sandbox.faults.order("chat.postMessage", lost=True)
    async with slack.sessions.begin() as session:
        at = slack.clock.now()
        await deliveries.owe_reply(session, slack.bot.program_id, "top", "reply", message("Once."), at=at)
    await slack.settle()
    past = datetime.now(UTC) - timedelta(seconds=1)
    query = update(Delivery).where(Delivery.program_id == slack.bot.program_id, Delivery.settled_at.is_(None))
    async with slack.sessions.begin() as session:
        await session.execute(query.values(leased_until=past))
    await slack.settle()
    assert [one["text"] for one in replies(slack)] == ["Once."]
    assert "conversations.replies" in [call["method"] for call in slack.sandbox.calls]


async def test_a_reply_is_changed_like_any_message(slack: Slack) -> None:
    await owe(slack, message("First."), message("Second."))
    await slack.settle()
    async with slack.sessions.begin() as session:
        await deliveries.owe_update(session, slack.bot.program_id, "reply:0", message("Better."), at=slack.clock.now())
    await slack.settle()
    assert [one["text"] for one in replies(slack)] == ["Better.", "Second."]
    async with slack.sessions() as session:
        found = await deliveries.newest(session, slack.bot.program_id, ["reply:0", "reply:1", "reply:2"])
    assert found == {"reply:0": message("Better."), "reply:1": message("Second.")}


async def test_a_picture_stands_in_its_message_with_what_it_says_and_is_not_kept(slack: Slack) -> None:
    await owe(slack, PICTURE)
    await slack.settle()
    [reply] = replies(slack)
    text, picture = reply["blocks"]
    assert text["text"]["text"] == "How it went."
    file = slack.workspace.files[picture["slack_file"]["id"]]
    assert (picture["alt_text"], file.alt_txt) == ("It went up.", "It went up.")
    assert file.content is not None
    assert file.content.startswith(b"\x89PNG")
    async with slack.sessions() as session:
        found = await deliveries.newest(session, slack.bot.program_id, ["reply:0"])
    assert found["reply:0"]["file"] == {"name": "rounds.png", "alt_text": "It went up."}


async def test_a_picture_is_changed_for_another_one(slack: Slack) -> None:
    await owe(slack, PICTURE)
    await slack.settle()
    other = {**PICTURE, "file": {**PICTURE["file"], "alt_text": "It went down."}}
    async with slack.sessions.begin() as session:
        await deliveries.owe_update(session, slack.bot.program_id, "reply:0", other, at=slack.clock.now())
    await slack.settle()
    [reply] = replies(slack)
    assert reply["blocks"][1]["alt_text"] == "It went down."
    assert len(slack.workspace.files) == 2


async def test_a_workspace_that_takes_no_pictures_gets_the_words(slack: Slack) -> None:
    slack.sandbox.faults.order("files.getUploadURLExternal", error="file_uploads_disabled")
    await owe(slack, PICTURE)
    await slack.settle()
    [reply] = replies(slack)
    assert reply["text"].startswith("How it went.\nSlack did not take the file (file_uploads_disabled)")
