"""That somebody is away is shown where people look: beside them in their cohort, in their own Home, and to their facilitators."""

from datetime import UTC, date, datetime

from bot.sandbox.form import Form
from handlers.home import away_views
from storage.away import Away
from storage.days import Span
from tests.handlers.checkins.steps import read
from tests.whole import Slack

AWAY = "Ana Diaz (Memphis, TN), away until Tuesday, October 6"


async def goes(slack: Slack, who: str, words: str) -> None:
    page = await slack.person(who).types("/cohort", f"away {words}")
    assert isinstance(page, Form), page
    assert await page.submit() is None
    await slack.settle()


async def shown(slack: Slack, who: str) -> str:
    reply = await slack.person(who).types("/cohort", "show procurement")
    assert isinstance(reply, dict)
    return read(reply)


def home_of(slack: Slack, who: str) -> str:
    view = slack.person(who).home
    assert view is not None
    return "\n".join(block["text"]["text"] for block in view["blocks"] if "text" in block)


async def test_beside_a_delegate_stands_until_when_they_are_away(slack: Slack) -> None:
    assert "away" not in await shown(slack, "Rosa")
    await goes(slack, "Ana", "until next Tuesday")
    assert "Ana Diaz (lead, Chief of Staff, away until Tuesday, October 6)" in await shown(slack, "Rosa")
    await slack.person("Ana").types("/cohort", "back")
    assert "away" not in await shown(slack, "Rosa")


async def test_an_absence_to_come_is_not_told_before_it_begins(slack: Slack) -> None:
    await goes(slack, "Ana", "Oct 5 to Oct 9")
    assert "away" not in await shown(slack, "Rosa")
    await slack.turn_to(datetime(2026, 10, 9, 20, tzinfo=UTC))
    assert "Ana Diaz (lead, Chief of Staff, away today)" in await shown(slack, "Rosa")


async def test_my_own_absence_stands_first_in_my_home_with_the_way_back(slack: Slack) -> None:
    ana = slack.person("Ana")
    await ana.opens_home()
    await goes(slack, "Ana", "until next Tuesday")
    assert home_of(slack, "Ana").startswith("*You are away through Tuesday, October 6.*")
    await ana.clicks(ana.home, "I am back")
    await slack.settle()
    assert home_of(slack, "Ana").startswith("Due for you")
    assert "Welcome back." in ana.messages[-1]["text"]
    assert "You are back" in ana.messages[-2]["text"]
    await goes(slack, "Ana", "Oct 12 to Oct 16")
    assert "*You are away from Monday, October 12 through Friday, October 16.*" in home_of(slack, "Ana")
    await ana.clicks(ana.home, "Cancel the absence")
    await slack.settle()
    assert home_of(slack, "Ana").startswith("Due for you")


async def test_facilitators_see_who_is_away_and_delegates_do_not(slack: Slack) -> None:
    for who in ("Renee", "Dana", "Rosa"):
        await slack.person(who).opens_home()
        assert "away today" not in home_of(slack, who)
    await goes(slack, "Ana", "until next Tuesday")
    for who in ("Renee", "Dana"):
        assert f"*One person is away today.*\n{AWAY}" in home_of(slack, who)
    assert "away" not in home_of(slack, "Rosa")
    await slack.person("Ana").types("/cohort", "back")
    await slack.settle()
    assert "away today" not in home_of(slack, "Renee")


def test_five_who_are_away_are_listed_and_all_of_them_behind_a_button() -> None:
    today, more = date(2026, 10, 1), {"type": "button"}
    spans = (Span(today, date(2026, 10, 6)), Span(today, today), Span(today))
    some = [Away(n, n, f"<Person {n}>", f"Cohort {n % 2}", "Memphis", "TN", spans[n % 3], today) for n in range(6)]
    [section, button] = away_views.of_cohorts(some, more)
    assert section["text"]["text"].splitlines()[:4] == [
        "*6 people are away today.*",
        "&lt;Person 0&gt; (Memphis, TN; Cohort 0), away until Tuesday, October 6",
        "&lt;Person 1&gt; (Memphis, TN; Cohort 1), away today",
        "&lt;Person 2&gt; (Memphis, TN; Cohort 0), away for now",
    ]
    assert len(section["text"]["text"].splitlines()) == 6
    assert button["elements"] == [more]
    assert away_views.of_cohorts([], more) == []
    assert len(away_views.lines(some)) == 6
