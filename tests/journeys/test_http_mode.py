"""The bot in HTTP mode: Slack's signed requests reach it at its address, and the same conversations work."""

import pytest

from tests import whole


@pytest.fixture
async def slack(slack_over_http: whole.Slack) -> whole.Slack:
    return slack_over_http


async def test_commands_forms_home_and_messages_work_over_http(slack: whole.Slack) -> None:
    ana = slack.person("Ana")
    reply = await ana.types("/commit", "publish the dashboard by 2027-01-15")
    assert "publish the dashboard" in reply["text"]
    assert slack.sandbox.links.sockets == []
    form = await ana.types("/commit")
    assert form.labels
    await form.close()
    await ana.opens_home()
    assert "publish the dashboard" in str(ana.home)
    await ana.says("practices on inclusive procurement")
    assert ana.messages


async def test_an_event_whose_answer_is_lost_comes_again_and_is_answered_once(slack: whole.Slack) -> None:
    ana = slack.person("Ana")
    await ana.says("help")
    usual = len(ana.messages)
    slack.sandbox.faults.order_event("unheard", "message")
    await ana.says("help")
    verdicts = [call["verdict"] for call in slack.sandbox.calls if call["method"] == "message"]
    assert verdicts.count("acknowledged at redelivery 1") == 1
    assert len(ana.messages) == 2 * usual
    assert usual
