"""What stands in App Home, and when it is published."""

from sqlalchemy import func, select

from bot.sandbox.form import Form
from handlers.home import jobs
from storage import roster
from storage.models import Delivery, Home, SeenEvent
from tests.whole import Slack, program_of

HEADER = "network,cohort,city,state,name,email,slack_id,role,title,expertise,time_zone,from,until\n"


def texts(view: dict) -> list[str]:
    return [block["text"]["text"] for block in view["blocks"] if "text" in block]


async def published(slack: Slack) -> int:
    """How many Homes were ever owed."""
    program_id = await program_of(slack.sessions)
    async with slack.sessions() as session:
        query = select(func.max(Delivery.id)).where(Delivery.program_id == program_id, Delivery.kind == "home")
        return await session.scalar(query) or 0


async def test_home_shows_what_waits_what_i_promised_my_cohorts_and_people_and_a_practice(slack: Slack) -> None:
    ana = slack.person("Ana")
    await ana.types("/commit", "publish the vendor list by Friday")
    await ana.types("/commit", "send the survey by December 11")
    await ana.opens_home()
    shown = texts(ana.home)
    assert shown[:2] == ["Due for you", "*One commitment coming up.*"]
    assert shown[2].startswith("*#1* publish the vendor list · due tomorrow, *Friday")
    assert shown[3:5] == ["Your commitments", "*#2* send the survey · due *Friday, December 11*"]
    assert shown[5:7] == [
        "Your cohorts and people",
        "*Inclusive procurement* · City Accelerator\nYou lead *Memphis, TN*. Next check-in: none planned.",
    ]
    assert "With Rosa Kim, Keola Akana (Honolulu, HI) and Tomas Reyes (Phoenix, AZ)." in str(ana.home)
    assert shown[7] == "A practice for you"
    assert "Because of your commitment *#1* publish the vendor list" in shown[8]
    assert "How your cohorts are doing" not in shown


async def test_a_newcomer_reads_what_could_stand_there_and_what_to_try(slack: Slack) -> None:
    keola = slack.person("Keola")
    await keola.opens_home()
    shown = texts(keola.home)
    assert shown[:2] == ["Due for you", "Nothing waits for you in the next three days."]
    assert "None are open. `/commit TEXT by WHEN` records one." in shown
    assert shown[-1].splitlines()[0] == "*Three things to try*"
    assert "`/cohort who Honolulu`" in shown[-1]


async def test_a_commitment_is_marked_done_from_home_and_home_shows_it_without_being_opened(slack: Slack) -> None:
    ana = slack.person("Ana")
    await ana.types("/commit", "publish the vendor list by Friday")
    await ana.opens_home()
    await ana.clicks(ana.home, "Mark done")
    assert "done" in ana.messages[-1]["text"].lower()
    assert "None are open. `/commit TEXT by WHEN` records one." in texts(ana.home)
    await ana.types("/commit", "call Milwaukee by Friday")
    assert "call Milwaukee" in str(ana.home)


async def test_what_a_colleague_hands_over_stands_in_the_new_owners_home(slack: Slack) -> None:
    ana, rosa = slack.person("Ana"), slack.person("Rosa")
    await rosa.opens_home()
    await ana.types("/commit", "publish the vendor list by Friday")
    form = await ana.types("/commit", "hand 1")
    assert isinstance(form, Form)
    await form.submit(new_owner="Rosa Kim")
    assert "publish the vendor list" in str(rosa.home)


async def test_home_is_published_only_when_it_changed(slack: Slack) -> None:
    ana = slack.person("Ana")
    await ana.opens_home()
    first = await published(slack)
    await ana.opens_home()
    await ana.types("/practices", "eviction")
    assert await published(slack) == first
    await ana.types("/commit", "publish the vendor list by Friday")
    assert await published(slack) > first


async def test_who_never_opened_home_has_none_drawn(slack: Slack) -> None:
    await slack.person("Ana").types("/commit", "publish the vendor list by Friday")
    await slack.person("Rosa").opens_home()
    before = await published(slack)
    await slack.person("Ana").types("/commit", "call Milwaukee by Friday")
    assert await published(slack) == before


async def test_another_practice_takes_the_place_of_one_that_was_put_away_until_none_is_left(slack: Slack) -> None:
    keola = slack.person("Keola")
    await keola.opens_home()
    seen = []
    for _ in range(200):
        shown = texts(keola.home)
        practice = shown[shown.index("A practice for you") + 1]
        if "Show another" not in str(keola.home):
            break
        assert practice not in seen
        seen.append(practice)
        await keola.clicks(keola.home, "Show another")
    assert len(seen) > 1
    assert practice == "You have adopted or put away all that fits what you work on. `/practices WORDS` finds more."


async def test_a_cohort_opens_as_a_window_from_home(slack: Slack) -> None:
    keola = slack.person("Keola")
    await keola.opens_home()
    window = await keola.clicks(keola.home, "Show cohort")
    assert "Facilitated by Renee Okonjo" in window.text


async def test_all_commitments_open_as_a_window(slack: Slack) -> None:
    ana = slack.person("Ana")
    for number in range(6):
        await ana.types("/commit", f"send survey {number} by December {number + 10}")
    await ana.opens_home()
    window = await ana.clicks(ana.home, "Show all 6 commitments")
    assert all(f"send survey {number}" in window.text for number in range(6))


async def test_only_the_home_tab_is_drawn(slack: Slack) -> None:
    ana = slack.person("Ana")
    slack.workspace.on_event({"type": "app_home_opened", "user": ana.id, "channel": "D1", "tab": "messages"})
    await slack.settle()
    assert await published(slack) == 0


async def test_somebody_unknown_reads_whom_to_ask_and_later_sees_their_own_home(slack: Slack) -> None:
    person = slack.workspace.add_person("Zoe", email="zoe@memphis.gov")
    zoe = slack.sandbox.person(person.id)
    await zoe.opens_home()
    [title, text] = texts(zoe.home)
    assert title == "Welcome"
    assert "Please ask Dana Whitfield. They can put you on the roster" in text
    line = "City Accelerator,Inclusive procurement,Memphis,TN,Zoe Li,zoe@memphis.gov,,delegate,Analyst,budget,,,\n"
    program_id = await program_of(slack.sessions)
    assert (
        await roster.import_roster(slack.sessions, program_id, HEADER + line, dry_run=False, at=slack.clock.now())
    ).ok
    await slack.settle()
    await zoe.opens_home()
    assert texts(zoe.home)[0] == "Due for you"


async def test_a_home_that_did_not_arrive_is_published_when_it_is_opened_again(slack: Slack) -> None:
    ana = slack.person("Ana")
    slack.sandbox.faults.order("views.publish", error="invalid_arguments")
    await ana.opens_home()
    assert not ana.home
    await ana.opens_home()
    assert texts(ana.home)[0] == "Due for you"


async def test_a_home_that_is_rehearsed_leaves_nothing_behind(slack: Slack) -> None:
    async def there() -> list[int | None]:
        async with slack.sessions() as session:
            counts = [select(func.count()).select_from(table) for table in (SeenEvent, Delivery, Home)]
            everything = {"across_programs": "whatever is there"}
            return [await session.scalar(count, execution_options=everything) for count in counts]

    before = await there()
    await jobs.rehearse(slack.bot.ticker.services, slack.bot.program_id)
    await slack.settle()
    assert await there() == before
    assert not [call for call in slack.sandbox.calls if call["method"] == "views.publish"]
