"""The counts see what they are there for: a loss, a repeat, and a repeat that nobody looked for before."""

from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient

from bot.looking import EVENT_TYPE
from tests import databases
from tests.chaos import counting
from tests.chaos import office as offices
from tests.chaos.office import Office


async def post(office: Office, key: str, times: int = 1) -> None:
    client = AsyncWebClient(office.settings["SLACK_BOT_TOKEN"], base_url=office.settings["SLACK_API_URL"])
    for _ in range(times):
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
        await client.chat_postMessage(channel=offices.CHANNEL, text="Hello.", metadata=metadata)


async def test_what_is_missing_and_what_is_there_twice_is_counted(tmp_path: Path) -> None:
    async with offices.opened(databases.sqlite_url(tmp_path), 5) as office:
        await post(office, "prompt:1")
        await post(office, "prompt:2", times=3)
        found = await counting.count(office, "by hand", kills=0, rounds=1, closed=0)
        assert (found.owed, found.in_slack, found.lost, found.twice, found.unlooked) == (5, 4, 3, 2, 2)
        assert not found.is_well
        assert counting.table([found]).splitlines()[1].split() == ["by", "hand", "0", "5", "4", "3", "2", "2", "0.0"]


async def test_a_repeat_after_a_look_is_no_blind_one(tmp_path: Path) -> None:
    async with offices.opened(databases.sqlite_url(tmp_path), 5) as office:
        client = AsyncWebClient(office.settings["SLACK_BOT_TOKEN"], base_url=office.settings["SLACK_API_URL"])
        await post(office, "prompt:1")
        await client.conversations_history(channel=offices.CHANNEL)
        await post(office, "prompt:1")
        assert counting.unlooked(office) == 0
