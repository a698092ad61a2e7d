"""What people read when they type /cohort."""

from datetime import date, time, timedelta

import pytest

from bot.sandbox.form import Form
from storage import roster
from storage.models import CheckIn, Commitment
from tests import cast
from tests.whole import Slack, program_of

HEADER = "network,cohort,city,state,name,email,slack_id,role,title,expertise,time_zone,from,until\n"


async def take(slack: Slack, *lines: str) -> None:
    program_id = await program_of(slack.sessions)
    report = await roster.import_roster(
        slack.sessions, program_id, HEADER + "".join(lines), dry_run=False, at=slack.clock.now()
    )
    assert report.ok, report.lines


async def test_my_cohort_my_seat_the_next_check_in_and_what_i_promised(slack: Slack) -> None:
    ana = await slack.member("Ana")
    async with slack.sessions.begin() as session:
        at = cast.START
        session.add(
            CheckIn(
                program_id=ana.program_id,
                number=1,
                cohort_id=1,
                name="Fortnightly pulse",
                at=time(9),
                next_on=date(2027, 1, 4),
                next_at=at + timedelta(days=90),
                created_by=ana.id,
                created_at=at,
            )
        )
        session.add(
            Commitment(
                program_id=ana.program_id,
                number=128,
                text="publish <!channel> & more",
                owner_id=ana.id,
                due_on=date(2026, 10, 9),
                audience="facilitators",
                created_by=ana.id,
                created_at=at,
                updated_at=at,
            )
        )
    answer = await slack.person("Ana").types("/cohort")
    assert answer["text"] == (
        "You lead Memphis, TN in Inclusive procurement; next check-in Monday, January 4, 2027, 9:00 AM. "
        "You have one open commitment, the first due Friday, October 9."
    )
    texts = [block["text"]["text"] for block in answer["blocks"] if block["type"] == "section"]
    assert texts[0] == (
        "*Inclusive procurement* · City Accelerator\n"
        "You lead *Memphis, TN*. Next check-in: *Fortnightly pulse*, Monday, January 4, 2027, 9:00 AM."
    )
    assert texts[1] == ("*One open commitment*\n*#128* publish &lt;!channel&gt; &amp; more · due *Friday, October 9*")


async def test_the_button_opens_the_cohort_as_a_window(slack: Slack) -> None:
    rosa = slack.person("Rosa")
    answer = await rosa.types("/cohort")
    window = await rosa.clicks(answer, "Show cohort")
    assert isinstance(window, Form)
    assert "Facilitated by Renee Okonjo" in window.text
    assert "Ana Diaz (lead, Chief of Staff); Rosa Kim (Procurement Director)" in window.text


async def test_a_cohort_in_full_with_its_people_and_channel(slack: Slack) -> None:
    answer = await slack.person("Keola").types("/cohort", "show proc")
    assert answer["text"] == "Inclusive procurement (City Accelerator). Running. 3 cities, 4 people."
    first, cities = (block["text"]["text"] for block in answer["blocks"])
    assert first == (
        "*Inclusive procurement* · City Accelerator\nTheme: Procurement\nRunning\n"
        "Facilitated by Renee Okonjo\nChannel: <#C0COHORT>"
    )
    assert cities.splitlines()[1] == "*Honolulu, HI* Keola Akana (lead, Chief Innovation Officer)"


async def test_of_a_cohort_of_others_one_reads_the_name_and_whom_to_ask_but_no_people(slack: Slack) -> None:
    await take(slack, "PMI,Advisory group,Austin,TX,Bo Li,bo@austin.gov,,lead,Chief of Staff,,,,\n")
    ana, dana = slack.person("Ana"), slack.person("Dana")
    answer = await ana.types("/cohort", "show advisory")
    assert "Bo Li" not in str(answer)
    assert answer["text"] == "Advisory group (PMI). Running. Its cities and people are shown to its members."
    assert "Dana Whitfield can tell you more." in str(answer["blocks"])
    assert "Bo Li" not in str(await ana.types("/cohort", "who austin"))
    assert "Bo Li" in str(await dana.types("/cohort", "show advisory"))
    assert "Bo Li" in str(await dana.types("/cohort", "who austin"))


async def test_a_search_does_not_betray_that_somebody_in_another_cohort_fits(slack: Slack) -> None:
    async def searches() -> list[str]:
        answers = [
            await slack.person("Ana").types("/cohort", words) for words in ("who Quimby", "who Quimbi", "Quimby")
        ]
        return [answer["text"] for answer in answers]

    before = await searches()
    await take(slack, "PMI,Advisory group,Austin,TX,Bo Quimby,bo@austin.gov,,lead,Chief of Staff,,,,\n")
    assert await searches() == before
    assert before[0].startswith("I found nobody for Quimby")


async def test_several_cohorts_that_fit_are_asked_about(slack: Slack) -> None:
    for name in ("Community engagement", "Community wealth"):
        await take(slack, f"City Accelerator,{name},Austin,TX,Bo Li,bo@austin.gov,,lead,,,,,\n")
    ana = slack.person("Ana")
    answer = await ana.types("/cohort", "show comunity")
    assert answer["text"] == (
        "Several cohorts fit comunity. Type one of these: "
        "/cohort show Community engagement, /cohort show Community wealth."
    )
    assert "Near it: Community engagement" in (await ana.types("/cohort", "show community zoo"))["text"]


async def test_the_list_has_mine_first_and_all_others_by_name(slack: Slack) -> None:
    await take(slack, "PMI,Advisory group,Austin,TX,Bo Li,bo@austin.gov,,lead,,,,2014-09-01,2016-03-01\n")
    answer = await slack.person("Ana").types("/cohort", "list")
    assert answer["text"] == "You are in 1 of 2 cohorts: Inclusive procurement, Advisory group."
    texts = [block["text"]["text"] for block in answer["blocks"] if block["type"] == "section"]
    assert texts == [
        "*Your cohort*\n• *Inclusive procurement* · City Accelerator\n*PMI*\n• Advisory group · ended March 2016"
    ]
    window = await slack.person("Ana").chooses(answer, "cohort_choose", "Advisory group")
    assert "Ended March 2016" in window.text


async def test_people_are_found_and_shown_ten_at_a_time(slack: Slack) -> None:
    lines = [
        f"City Accelerator,Inclusive procurement,Memphis,TN,Person {n:02},p{n}@memphis.gov,,delegate,Analyst,budget,,,\n"
        for n in range(25)
    ]
    await take(slack, *lines)
    ana = slack.person("Ana")
    answer = await ana.types("/cohort", "who budget memphis")
    assert answer["text"].startswith("25 people for budget memphis, the first 10: Person 00, Analyst (Memphis, TN); ")
    assert "not in Slack yet, p0@memphis.gov" in str(answer["blocks"])
    await ana.clicks(answer, "Show 10 more")
    second = ana.messages[-1]
    assert second["text"].startswith("25 people for budget memphis, 11 to 20: Person 10, Analyst (Memphis, TN); ")
    assert len(ana.messages) == 1
    await ana.clicks(second, "Show 5 more")
    last = ana.messages[-1]
    assert last["text"].startswith("25 people for budget memphis, 21 to 25: Person 20, ")
    assert [len(block["elements"]) for block in last["blocks"] if block["type"] == "actions"] == [1]
    await ana.clicks(last, "Show the first 10")
    assert ana.messages[-1]["text"] == answer["text"]


@pytest.mark.parametrize(
    ("typed", "start"),
    [
        (
            "who procuremnt",
            "I read procuremnt as procurement. "
            "2 people for procuremnt: Rosa Kim, Procurement Director (Memphis, TN); Renee Okonjo",
        ),
        ("who memfis", "I read memfis as Memphis. 2 people for memfis: Ana Diaz, Chief of Staff (Memphis, TN); Rosa"),
        ("who lead Memphis", "One person for lead Memphis: Ana Diaz, Chief of Staff (Memphis, TN)."),
        ("who zebra", "I found nobody for zebra among the people of your cohorts."),
        ("who honolulu zebra", "Nobody fits every word of honolulu zebra; one person fits some: Keola Akana"),
        ("who @keola", "One person for @keola: Keola Akana, Chief Innovation Officer (Honolulu, HI)."),
        ("who <@U0KEOLA>", "One person for &lt;@U0KEOLA&gt;: Keola Akana"),
        ("shwo procurement", "I read shwo as show. Inclusive procurement (City Accelerator)."),
        ("inclusive procurement", "I took that for `/cohort show inclusive procurement`. Inclusive procurement (City"),
        ("honolulu", "I took that for `/cohort who honolulu`. One person for honolulu: Keola Akana"),
        ("overdo", "I found no cohort and nobody in your cohorts for overdo. `/cohort who WORDS` finds people"),
        ("show zebra", "I know no cohort called zebra. `/cohort list` shows all of them."),
        ("show", "Inclusive procurement (City Accelerator). Running."),
        ("help", "/cohort shows your cohorts; /cohort list, show NAME and who WORDS tell more. For example: "),
        ("who <!channel>", "I found nobody for &lt;!channel&gt; among"),
    ],
)
async def test_words_are_understood_or_answered_with_the_nearest_thing(slack: Slack, typed: str, start: str) -> None:
    answer = await slack.person("Ana").types("/cohort", typed)
    assert answer["text"].startswith(start)
    assert answer["response_type"] == "ephemeral" if "response_type" in answer else True
