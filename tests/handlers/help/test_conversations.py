"""People write to the bot, or mention it in a channel, and are answered there, once."""

import asyncio

from sqlalchemy import func, select

from storage import practices
from storage.models import Owed
from tests import cast
from tests.whole import Slack, program_of

MENTION = f"<@{cast.BOT_USER}>"


async def owed(slack: Slack) -> int:
    async with slack.sessions() as session:
        query = select(func.count()).select_from(Owed).where(Owed.program_id == await program_of(slack.sessions))
        return await session.scalar(query) or 0


async def gaps(slack: Slack) -> list[str]:
    async with slack.sessions() as session:
        return [one.text for one in await practices.gaps(session, await program_of(slack.sessions), 20)]


async def test_a_direct_question_is_answered_with_practices(slack: Slack) -> None:
    ana = slack.person("Ana")
    await ana.says("who has used text reminders for court dates?")
    [answer] = [message for message in ana.messages if message["user"] == cast.BOT_USER]
    assert "45 Redesigned court summons plus text reminders" in answer["text"]
    assert "thread_ts" not in answer
    buttons = [block for block in answer["blocks"] if block["type"] == "actions"]
    assert [element["text"]["text"] for element in buttons[0]["elements"]] == ["Read", "Adopt"]


async def test_a_mention_is_answered_in_its_thread_for_everybody_there(slack: Slack) -> None:
    asked = await slack.person("Ana").says(f"{MENTION} participatory budgeting?", channel="#cohort")
    [answer] = [one for one in slack.person("Rosa").replies(asked) if one["user"] == cast.BOT_USER]
    assert answer["thread_ts"] == asked["ts"]
    assert "34 First citywide participatory budget" in answer["text"]


async def test_a_mention_in_a_thread_is_answered_in_that_thread(slack: Slack) -> None:
    start = await slack.person("Rosa").says("Has anybody done this?", channel="#cohort")
    await slack.person("Ana").says(f"{MENTION} participatory budgeting", channel="#cohort", thread_ts=start["ts"])
    assert [one["user"] for one in slack.person("Rosa").replies(start)][-1] == cast.BOT_USER


async def test_what_is_not_found_is_said_and_noted(slack: Slack) -> None:
    ana = slack.person("Ana")
    await ana.says("anyone with beekeeping on rooftops?")
    assert ana.messages[-1]["text"].startswith("I have nothing for “anyone with beekeeping on rooftops?” yet. I noted")
    assert await gaps(slack) == ["anyone with beekeeping on rooftops?"]


async def test_a_greeting_is_answered_with_what_the_bot_can_do(slack: Slack) -> None:
    ana = slack.person("Ana")
    await ana.says("hello")
    told = ana.messages[-1]["blocks"][0]["text"]["text"]
    assert len(told.splitlines()) == 5
    assert "/commit publish the MWBE dashboard by next Friday" in told


async def test_a_promise_is_pointed_to_the_command_and_a_remark_gets_a_kind_answer(slack: Slack) -> None:
    ana = slack.person("Ana")
    await ana.says("remind me to call <!channel> the auditor")
    assert "Nothing is recorded yet" in ana.messages[-1]["text"]
    await ana.says("I am running late today")
    assert ana.messages[-1]["text"].startswith(
        "I read “I am running late today”, and I am not sure what you would like."
    )
    assert await gaps(slack) == []


async def test_somebody_unknown_is_told_whom_to_ask_where_they_asked(slack: Slack) -> None:
    zed = slack.workspace.add_person("Zed Stranger")
    actor = slack.person(zed.id)
    await actor.says("who has done participatory budgeting?")
    assert actor.messages[-1]["text"].startswith("I do not know you yet")
    slack.channel("cohort").members.append(zed.id)
    asked = await actor.says(f"{MENTION} hello", channel="#cohort")
    assert actor.replies(asked)[-1]["text"].startswith("I do not know you yet")


async def test_an_event_that_arrives_again_takes_effect_once(slack: Slack) -> None:
    from slack_bolt.request.async_request import AsyncBoltRequest  # noqa: PLC0415 (only here a payload is made by hand)

    message = {"type": "message", "channel_type": "im", "channel": "D1", "user": cast.user_id("Ana"), "ts": "17.1"}
    event = {
        "type": "event_callback",
        "team_id": cast.TEAM,
        "event_id": "Ev1",
        "event": {**message, "text": "beekeeping?"},
    }
    repeated = [AsyncBoltRequest(body=event, mode="socket_mode") for _ in range(3)]
    answers = await asyncio.gather(*(slack.bot.app.async_dispatch(request) for request in repeated))
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert await owed(slack) == 1
    assert await gaps(slack) == ["beekeeping?"]


async def test_an_edited_message_and_the_bots_own_are_not_answered(slack: Slack) -> None:
    ana = slack.person("Ana")
    written = await ana.says("participatory budgeting?")
    before = await owed(slack)
    slack.workspace.edit(
        written["channel"] if "channel" in written else ana.channel(None).id, written["ts"], {"text": "lean?"}
    )
    await slack.settle()
    assert await owed(slack) == before == 1
