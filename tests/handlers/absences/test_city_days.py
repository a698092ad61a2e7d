"""A city's calendar: holidays by name and days of its own, who may change it, and what that moves, shown before it is confirmed."""

from datetime import UTC, date, datetime

import pytest

from bot.sandbox.form import Form
from storage import city_days
from storage.city_days import NewDays
from storage.days import Off
from tests.handlers.checkins import steps
from tests.handlers.checkins.steps import read
from tests.whole import Slack

Json = steps.Json
MONDAY = date(2026, 10, 5)


async def shown(slack: Slack, who: str, words: str = "") -> Json:
    reply = await slack.person(who).types("/cohort", f"days {words}".strip())
    assert isinstance(reply, dict), reply
    return reply


async def filled(slack: Slack, who: str, words: str = "", **fields: str) -> Form:
    """The calendar, "Add days", and the page with what changes."""
    form = await slack.person(who).clicks(await shown(slack, who, words), "Add days")
    assert isinstance(form, Form)
    page = await form.submit(**fields)
    assert page is not None
    return page


async def added(slack: Slack, who: str, words: str = "", **fields: str) -> None:
    page = await filled(slack, who, words, **fields)
    assert await page.submit() is None, page.errors


def asked_on(slack: Slack, who: str) -> list[str]:
    prompts = [one for one in slack.person(who).messages if "three questions" in one["text"]]
    return [datetime.fromtimestamp(float(one["ts"]), UTC).date().isoformat() for one in prompts]


async def test_a_calendar_names_the_holidays_and_says_that_there_are_no_own_days_yet(slack: Slack) -> None:
    said = read(await shown(slack, "Ana"))
    assert "Memphis, TN: days off" in said
    assert "Monday, October 12: Columbus Day" in said
    assert "Thursday, November 26: Thanksgiving" in said
    assert "None so far: furlough days, a council recess, a local holiday." in said


async def test_new_days_show_what_they_move_and_for_whom_and_then_move_it(slack: Slack) -> None:
    await steps.made(slack)
    page = await filled(slack, "Ana", name="Staff retreat", first="2026-10-05", last="2026-10-06")
    said = page.text.replace("*", "")
    assert "Staff retreat: Monday, October 5 through Tuesday, October 6" in said
    assert (
        "Weekly pulse (Inclusive procurement): Monday, October 5 → Wednesday, October 7. For Ana Diaz and Rosa Kim."
        in said
    )
    assert "Keola" not in said
    assert await page.submit() is None
    assert "Added to the calendar of Memphis, TN: Staff retreat" in read(slack.person("Ana").sees()[-1]).replace(
        "*", ""
    )
    await slack.turn_to(datetime(2026, 10, 9, 23, tzinfo=UTC))
    assert (asked_on(slack, "Ana"), asked_on(slack, "Tomas")) == (["2026-10-07"], ["2026-10-05"])


async def test_furlough_fridays_are_a_rule_of_one_line_and_removed_they_are_worked_again(slack: Slack) -> None:
    await steps.made(slack, weekday="Friday")
    await added(
        slack, "Renee", "Memphis", name="Furlough", first="2026-10-01", last="2026-12-31", weekday="Only Fridays"
    )
    calendar = slack.person("Renee").sees()[-1]
    assert "every Friday from Thursday, October 1 through Thursday, December 31" in read(calendar)
    await slack.turn_to(datetime(2026, 10, 5, 20, tzinfo=UTC))
    assert (asked_on(slack, "Ana"), asked_on(slack, "Tomas")) == (["2026-10-05"], ["2026-10-02"])
    page = await slack.person("Renee").clicks(calendar, "Remove these days")
    assert isinstance(page, Form)
    assert "Tuesday, October 13 → Friday, October 9" in page.text  # Monday is Columbus Day
    assert await page.submit() is None
    assert "Removed from the calendar of Memphis, TN" in read(slack.person("Renee").sees()[-1])
    await slack.turn_to(datetime(2026, 10, 9, 23, tzinfo=UTC))
    assert asked_on(slack, "Ana") == ["2026-10-05", "2026-10-09"]


async def test_when_the_whole_cohort_is_off_the_round_is_planned_anew_and_back_again(slack: Slack) -> None:
    await steps.made(slack)
    dana = await slack.member("Dana")
    async with slack.sessions.begin() as session:
        for city in await city_days.cities_for(session, dana, MONDAY):
            recess = Off(MONDAY, date(2026, 10, 7), None, "Recess")
            await city_days.add(session, dana, NewDays(city.id, recess, f"recess of {city.name}"), slack.clock.now())
    await slack.settle()
    assert await slack.next_due() == datetime(2026, 10, 8, 14, tzinfo=UTC)
    planned = await slack.person("Dana").types("/checkin", "show 1")
    assert isinstance(planned, dict)
    assert "Next: Monday, October 5" in read(planned)
    assert "The round of" not in read(planned)
    page = await slack.person("Dana").clicks(await shown(slack, "Dana", "Memphis"), "Remove these days")
    assert isinstance(page, Form)
    assert await page.submit() is None
    await slack.settle()
    assert await slack.next_due() == steps.MONDAY_IN_MEMPHIS
    await slack.turn_to(datetime(2026, 10, 9, 23, tzinfo=UTC))
    assert (asked_on(slack, "Ana"), asked_on(slack, "Tomas")) == (["2026-10-05"], ["2026-10-08"])
    assert not any("not running" in read(one) for one in slack.person("Renee").messages)


async def test_who_may_not_change_a_calendar_is_told_who_can(slack: Slack) -> None:
    reply = await shown(slack, "Rosa")
    assert "The lead of the city and the facilitators of its cohorts add days and remove them." in read(reply)
    assert "Add days" not in str(reply["blocks"])
    page = await filled(slack, "Ana", name="Recess", first="2026-11-16", last="2026-11-17")
    forged = page.view | {"private_metadata": page.view["private_metadata"].replace('"city": 1,', '"city": 3,')}
    await slack.person("Ana").exchange.submit(slack.person("Ana").id, forged)
    assert (
        "The lead of a city and the facilitators of its cohorts change its calendar. Nothing was changed." in page.text
    )
    other = await shown(slack, "Ana", "Phoenix")
    assert "Phoenix, AZ: days off" in read(other)
    assert "Add days" not in str(other["blocks"])
    assert "None so far" in read(other)


@pytest.mark.parametrize(
    ("fields", "field", "text"),
    [
        ({"name": " "}, "name", "Please give these days a name"),
        ({"last": "2026-10-04"}, "last", "The last day comes before the first one."),
        ({"first": "2026-09-07", "last": "2026-09-08"}, "last", "These days are over already."),
        ({"weekday": "Only Fridays"}, "last", "Please choose the day until which this repeats."),
        ({"last": "2028-10-04"}, "last", "This is more than a year."),
        ({"first": "2026-10-10", "last": "2026-10-12"}, "first", "None of these days is a working day in Memphis"),
    ],
)
async def test_days_that_make_no_sense_are_asked_about_beside_the_field(
    slack: Slack, fields: dict[str, str], field: str, text: str
) -> None:
    page = await filled(slack, "Ana", **({"name": "Recess", "first": "2026-10-05"} | fields))
    assert text in page.errors[field]


async def test_an_unknown_city_and_no_city_of_ones_own_lead_to_a_choice(slack: Slack) -> None:
    assert "I know no city “Gotham” in your cohorts." in read(await shown(slack, "Ana", "Gotham"))
    reply = await shown(slack, "Renee")
    assert "Whose calendar?" in read(reply)
    await slack.person("Renee").chooses(reply, "days_choose", "Phoenix, AZ")
    assert "Phoenix, AZ: days off" in read(slack.person("Renee").sees()[-1])


async def test_a_recess_over_several_rounds_says_that_they_fall_together(slack: Slack) -> None:
    await steps.made(slack)
    page = await filled(slack, "Ana", name="Recess", first="2026-10-19", last="2026-10-30")
    assert (
        "Monday, October 19 → together with the next round; Monday, October 26 → together with the next round"
        in page.text
    )


async def test_more_than_five_own_days_are_behind_a_button(slack: Slack) -> None:
    for number in (2, 3, 4, 5, 6, 9, 10):
        await added(slack, "Dana", "Memphis", name=f"Day {number}", first=f"2026-11-{number:02}")
    reply = await shown(slack, "Ana")
    assert "Day 9" not in read(reply)
    await slack.person("Ana").clicks(reply, "Show all 7")
    assert "Day 10" in read(slack.person("Ana").sees()[-1])


async def test_a_name_is_escaped_and_adding_twice_counts_once(slack: Slack) -> None:
    page = await filled(slack, "Ana", name="<!channel>", first="2026-11-16", last="2026-11-17")
    view, ana = page.view, slack.person("Ana")
    for _ in range(2):
        assert await ana.exchange.submit(ana.id, view) == {}
    said = read(await shown(slack, "Ana"))
    assert said.count("*&lt;!channel&gt;*") == 1
    assert "<!channel>" not in said
