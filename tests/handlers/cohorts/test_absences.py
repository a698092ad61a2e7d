"""Somebody is away: what changes is shown and confirmed, nobody writes to them meanwhile, a co-delegate is asked, and they come back."""

from datetime import UTC, datetime

from bot.sandbox.form import Form
from tests.handlers.checkins import steps
from tests.handlers.checkins.steps import read
from tests.whole import Slack


async def away(slack: Slack, who: str, words: str) -> Form:
    page = await slack.person(who).types("/cohort", f"away {words}".strip())
    assert isinstance(page, Form), page
    return page


async def confirmed(slack: Slack, who: str, words: str) -> str:
    page = await away(slack, who, words)
    assert await page.submit() is None, page.errors
    return read(slack.person(who).messages[-1])


def prompts(slack: Slack, who: str) -> list[str]:
    return [read(one) for one in slack.person(who).messages if "three questions" in one["text"]]


async def test_what_changes_is_shown_before_it_is_confirmed(slack: Slack) -> None:
    await steps.made(slack)
    await slack.person("Ana").types("/commit", "publish the vendor list by Monday")
    page = await away(slack, "Ana", "until next Tuesday")
    print(page.text)
    assert "You are away through Tuesday, October 6." in page.text
    assert "From Wednesday, October 7 on I write to you again." in page.text
    assert (
        "Weekly pulse (Inclusive procurement): Monday, October 5. Rosa Kim is asked, and can answer for Memphis."
        in page.text.replace("*", "")
    )
    assert "Reminders of #1 wait until you are back." in page.text
    before = len(slack.person("Ana").messages)
    await page.close()
    assert len(slack.person("Ana").messages) == before
    await slack.turn_to(datetime(2026, 10, 5, 15, tzinfo=UTC))
    assert len(prompts(slack, "Ana")) == 1


async def test_the_one_who_is_away_is_not_asked_and_the_co_delegate_may_answer_for_both(slack: Slack) -> None:
    await steps.made(slack)
    said = await confirmed(slack, "Ana", "until next Thursday")
    assert "Noted: you are away through Thursday, October 8." in said
    await slack.turn_to(datetime(2026, 10, 9, 23, tzinfo=UTC))
    assert prompts(slack, "Ana") == []
    assert "Answering for Memphis. Ana Diaz is away; your answer can stand for you both." in prompts(slack, "Rosa")[0]
    summary = read(slack.person("Renee").messages[-1])
    print(summary)
    assert "0 of 3 answered; one is away." in summary
    assert "Away: Ana Diaz (Memphis)." in summary
    assert "Still welcome to answer: Keola Akana (Honolulu), Rosa Kim (Memphis) and Tomas Reyes (Phoenix)." in summary
