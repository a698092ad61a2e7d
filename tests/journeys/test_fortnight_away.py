"""A fortnight with a holiday, a council recess, and people who are away: nobody is written to on a day off, and nobody is lost."""

from datetime import UTC, date, datetime

from bot.sandbox.form import Form
from handlers import calendar
from tests.handlers.checkins import steps
from tests.handlers.checkins.steps import read
from tests.whole import Slack

ZONES = {"Ana": "America/Chicago", "Rosa": "America/Chicago", "Keola": "Pacific/Honolulu", "Tomas": "America/Phoenix"}


def asked_on(slack: Slack, who: str) -> list[date]:
    """The local days on which somebody was asked."""
    prompts = [one for one in slack.person(who).messages if "three questions" in one["text"]]
    return [calendar.today(ZONES[who], datetime.fromtimestamp(float(one["ts"]), UTC)) for one in prompts]


async def confirmed(page: object) -> None:
    assert isinstance(page, Form), page
    assert await page.submit() is None, page.errors


async def recess(slack: Slack) -> None:
    """Ana, who leads Memphis, adds two days after Columbus Day to its calendar."""
    calendar_of_memphis = await slack.person("Ana").types("/cohort", "days")
    assert isinstance(calendar_of_memphis, dict)
    form = await slack.person("Ana").clicks(calendar_of_memphis, "Add days")
    assert isinstance(form, Form)
    page = await form.submit(name="Council recess", first="2026-10-13", last="2026-10-14")
    assert page is not None
    assert "Tuesday, October 13 → Thursday, October 15" in page.text
    await confirmed(page)


async def test_a_fortnight_with_a_holiday_a_recess_and_absences(slack: Slack) -> None:
    await steps.made(slack)
    await slack.person("Keola").types("/commit", "send the survey by Monday")
    await recess(slack)
    await confirmed(await slack.person("Keola").types("/cohort", "away Oct 5 to Oct 9"))
    await confirmed(await slack.person("Tomas").types("/cohort", "away from Oct 8"))
    quiet = len(slack.person("Keola").messages)

    await slack.turn_to(datetime(2026, 10, 10, 3, tzinfo=UTC))
    assert {who: asked_on(slack, who) for who in ZONES} == {
        "Ana": [date(2026, 10, 5)],
        "Rosa": [date(2026, 10, 5)],
        "Keola": [],
        "Tomas": [date(2026, 10, 5)],
    }
    assert len(slack.person("Keola").messages) == quiet
    first = next(read(one) for one in slack.person("Renee").messages if "October 5, for facilitators" in one["text"])
    assert "Away: Keola Akana (Honolulu)." in first
    assert "Still welcome to answer: Ana Diaz (Memphis), Rosa Kim (Memphis) and Tomas Reyes (Phoenix)." in first

    await slack.turn_to(datetime(2026, 10, 14, 17, tzinfo=UTC))
    assert asked_on(slack, "Keola") == [date(2026, 10, 13)]
    assert asked_on(slack, "Ana") == [date(2026, 10, 5)]
    assert asked_on(slack, "Tomas") == [date(2026, 10, 5)]
    reminded = [one for one in slack.person("Keola").messages if "send the survey" in read(one)]
    days = [calendar.today(ZONES["Keola"], datetime.fromtimestamp(float(one["ts"]), UTC)) for one in reminded]
    assert [day for day in days if day > date(2026, 10, 2)] == [date(2026, 10, 13)]

    back = await slack.person("Tomas").types("/cohort", "back")
    assert isinstance(back, dict)
    assert "Weekly pulse" in read(back)
    await slack.turn_to(datetime(2026, 10, 16, 23, tzinfo=UTC))
    assert asked_on(slack, "Tomas") == [date(2026, 10, 5), date(2026, 10, 14)]
    assert asked_on(slack, "Ana") == asked_on(slack, "Rosa") == [date(2026, 10, 5), date(2026, 10, 15)]
    await steps.answers(slack, "Rosa", answer_0="The vendor list is out")
    await slack.turn_to(datetime(2026, 10, 19, 20, tzinfo=UTC))
    second = next(read(one) for one in slack.person("Renee").messages if "October 12, for facilitators" in one["text"])
    assert "1 of 4 answered." in second
    assert "not running" not in second
    assert len({one["text"] for one in slack.person("Ana").sees("#cohort")}) == 2
