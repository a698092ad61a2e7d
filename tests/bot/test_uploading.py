"""Messages with a file: the upload may be repeated, the message is not."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from storage import deliveries
from storage.models import Delivery
from tests.whole import Slack

PRIVATE = ("files.getUploadURLExternal", "files.completeUploadExternal")


async def owe(slack: Slack, key: str, content: str = "a,b\nZoë,1\n") -> None:
    ana = await slack.member("Ana")
    async with slack.sessions.begin() as session:
        await deliveries.owe_file(
            session, ana, key, "Your file.", name="a <b>.csv", content=content, at=slack.clock.now()
        )


async def test_a_file_goes_up_privately_and_a_message_shares_it(slack: Slack) -> None:
    await owe(slack, "file")
    await slack.settle()
    [message] = slack.person("Ana").messages
    [file] = message["files"]
    assert slack.workspace.files[file["id"]].content == "a,b\nZoë,1\n".encode()
    assert message["text"].startswith("Your file.\n<")
    assert message["text"].endswith("|a &lt;b&gt;.csv>")
    assert message["metadata"]["event_payload"] == {"key": "file"}


async def test_a_file_whose_answer_was_lost_is_looked_for_and_not_sent_again(slack: Slack) -> None:
    slack.sandbox.faults.order("chat.postMessage", lost=True)
    await owe(slack, "file")
    await slack.settle()
    await _wait_is_over(slack)
    await slack.settle()
    assert len(slack.person("Ana").messages) == 1
    methods = [call["method"] for call in slack.sandbox.calls]
    assert methods.count("chat.postMessage") == 1
    assert methods.count("files.completeUploadExternal") == 1


async def test_an_upload_that_broke_off_is_made_again_and_one_message_comes(slack: Slack) -> None:
    for method in PRIVATE:
        slack.sandbox.faults.order(method, lost=True)
        await owe(slack, method)
        await slack.settle()
        await _wait_is_over(slack)
        await slack.turn_to(slack.clock.now() + timedelta(minutes=1))
    assert [one["text"].partition("\n")[0] for one in slack.person("Ana").messages] == ["Your file."] * 2


async def test_a_file_owed_twice_under_one_key_comes_once(slack: Slack) -> None:
    await owe(slack, "file")
    await owe(slack, "file")
    await slack.settle()
    assert len(slack.person("Ana").messages) == 1


async def _wait_is_over(slack: Slack) -> None:
    """As if the wait before looking, which is machine time, were over."""
    past = datetime.now(UTC) - timedelta(seconds=1)
    query = update(Delivery).where(Delivery.program_id == slack.bot.program_id, Delivery.leased_until.is_not(None))
    async with slack.sessions.begin() as session:
        await session.execute(query.where(Delivery.settled_at.is_(None)).values(leased_until=past))
