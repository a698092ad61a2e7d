"""One answer for a city: all who have the seat are asked, whoever is first answers for all, and the others read so."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from bot.sandbox.form import Form
from handlers.checkins.answering import cities
from storage import answers, following
from storage.models import Delegate
from tests.handlers.checkins import steps
from tests.handlers.checkins.steps import read
from tests.whole import Slack

MONDAY = steps.MONDAY_IN_MEMPHIS
IN_LOS_ANGELES = datetime(2026, 10, 5, 16, tzinfo=UTC)
REMINDED = MONDAY + timedelta(hours=36)


def prompts(slack: Slack, who: str) -> list[str]:
    return [read(one) for one in slack.person(who).messages if "three questions" in one["text"]]


def of_memphis(slack: Slack, who: str) -> str:
    """The last message to somebody, in full."""
    return read(slack.person(who).messages[-1])


async def test_the_prompt_says_who_else_can_answer_and_who_sees_it(slack: Slack) -> None:
    await steps.made_for_cities(slack)
    await slack.turn_to(MONDAY)
    assert "Answering for Memphis; Rosa Kim can answer too." in prompts(slack, "Ana")[0]
    assert "Answering for Memphis; Ana Diaz can answer too." in prompts(slack, "Rosa")[0]
    assert "facilitators, and who answers for your city with you, see answer 3" in prompts(slack, "Ana")[0]
    form = await slack.person("Ana").clicks(steps.prompt_of(slack, "Ana"), "Answer now")
    assert isinstance(form, Form)
    assert "Facilitators, and who answers for your city with you, see this answer." in form.text
    await slack.turn_to(steps.MONDAY_IN_HONOLULU)
    assert "Answering for Honolulu." in prompts(slack, "Keola")[0], "he is the only one of his city"


async def test_who_answers_first_answers_for_the_city_and_the_other_reads_it_and_may_edit(slack: Slack) -> None:
    await steps.made_for_cities(slack)
    await slack.turn_to(MONDAY + timedelta(minutes=72))
    ana, rosa = slack.person("Ana"), slack.person("Rosa")
    before = len(ana.messages)
    assert await steps.answers(slack, "Rosa", answer_0="The survey is out.", answer_2="Legal says no.") is None
    assert len(ana.messages) == before, "her message was changed, nothing was added"
    assert ana.messages[-1]["text"] == (
        "Inclusive procurement · Weekly pulse: Rosa Kim answered for Memphis at 10:12 AM."
    )
    assert "You answered for Memphis at 10:12 AM." in of_memphis(slack, "Rosa")

    edited = await ana.clicks(ana.messages[-1], "See or edit the answer")
    assert isinstance(edited, Form)
    assert edited["answer_0"] == "The survey is out."
    await slack.turn_to(MONDAY + timedelta(minutes=90))
    await edited.submit(answer_0="The survey is out, and 40 firms answered.")
    assert "You answered for Memphis at 10:12 AM; Ana Diaz changed it at 10:30 AM." in of_memphis(slack, "Rosa")
    assert "Rosa Kim answered for Memphis at 10:12 AM; you changed it at 10:30 AM." in of_memphis(slack, "Ana")

    versions = await rosa.clicks(rosa.messages[-1], "Read earlier versions")
    assert isinstance(versions, Form)
    assert versions.text.index("Ana Diaz") < versions.text.index("40 firms") < versions.text.index("Rosa Kim")
    assert "The survey is out.\n" in versions.text


async def test_after_the_answer_nobody_of_the_city_is_asked_or_reminded(slack: Slack) -> None:
    await steps.made_for_cities(slack)
    await steps.moves(slack, "Rosa", "America/Los_Angeles")
    await slack.turn_to(MONDAY)
    await steps.answers(slack, "Ana", answer_0="For both")
    await slack.turn_to(steps.CLOSED)
    assert slack.person("Rosa").messages == []
    assert [read(one) for one in slack.person("Ana").messages if "has not answered" in one["text"]] == []
    assert "1 of 3 cities answered." in of_memphis(slack, "Renee")
    assert "Rosa" not in of_memphis(slack, "Renee")


async def test_each_is_asked_at_their_own_moment_and_reminded_in_their_own_window(slack: Slack) -> None:
    await steps.made_for_cities(slack)
    await steps.moves(slack, "Rosa", "America/Los_Angeles")
    await slack.turn_to(IN_LOS_ANGELES - timedelta(minutes=1))
    assert len(prompts(slack, "Ana")) == 1
    assert prompts(slack, "Rosa") == []
    await slack.turn_to(IN_LOS_ANGELES)
    assert "Open until Wednesday, October 7, 9:00 AM CDT" in prompts(slack, "Ana")[0]
    assert "Open until Wednesday, October 7, 9:00 AM PDT" in prompts(slack, "Rosa")[0]
    await slack.turn_to(IN_LOS_ANGELES + timedelta(hours=47))
    for who in ("Ana", "Rosa"):
        [reminder] = [one["text"] for one in slack.person(who).messages if "has not answered" in one["text"]]
        assert reminder.startswith("Memphis has not answered Weekly pulse (Inclusive procurement) yet.")


async def test_a_reminder_that_stands_there_says_who_answered(slack: Slack) -> None:
    await steps.made_for_cities(slack)
    await slack.turn_to(REMINDED + timedelta(hours=12))
    assert "has not answered" in slack.person("Ana").messages[-1]["text"]
    await steps.answers(slack, "Rosa", answer_0="Here it is")
    said = [one["text"] for one in slack.person("Ana").messages]
    assert len(said) == 2
    assert all("Rosa Kim answered for Memphis on Wednesday, October 7" in one for one in said)


async def test_after_ones_own_window_the_city_is_still_in_time_until_its_last_one(slack: Slack) -> None:
    await steps.made_for_cities(slack)
    await steps.moves(slack, "Rosa", "America/Los_Angeles")
    await slack.turn_to(MONDAY + timedelta(hours=49))
    form = await slack.person("Ana").types("/checkin")
    assert isinstance(form, Form)
    assert "Open until Wednesday, October 7, 11:00 AM CDT." in form.text
    await form.submit(answer_0="In time for the city")
    assert "marked late" not in of_memphis(slack, "Ana")


async def test_a_confirmation_that_follows_late_tells_what_its_own_answer_knew(slack: Slack) -> None:
    await steps.made_for_cities(slack)
    await slack.turn_to(MONDAY)
    ana, rosa = await slack.member("Ana"), await slack.member("Rosa")
    async with slack.sessions.begin() as session:
        [hers], [colleagues] = await answers.open_for(session, ana), await answers.open_for(session, rosa)
        assert await answers.save(session, ana, hers, {"0": "First"}, "f1", slack.clock.now())
        assert await answers.save(session, rosa, colleagues, {"0": "Second"}, "f2", slack.clock.now())
        [first] = await following.due(session, slack.clock.now(), 10)
        said = await following.take(session, first)
        assert said is not None
        told = await cities.tell(session, said, slack.clock.now())
    assert told is not None
    assert "You answered for Memphis at 9:00 AM. Your whole cohort" in told["text"]


async def test_two_who_write_at_the_same_time_lose_nothing(slack: Slack) -> None:
    await steps.made_for_cities(slack)
    await slack.turn_to(MONDAY)
    forms = {}
    for who in ("Ana", "Rosa"):
        forms[who] = await slack.person(who).clicks(steps.prompt_of(slack, who), "Answer now")
        assert isinstance(forms[who], Form)
    for who, form in forms.items():
        assert isinstance(form, Form)
        assert await form.submit(answer_0=f"Written by {who}") is None
    assert "What Ana Diaz wrote while you were writing is kept; yours is the version that counts now." in of_memphis(
        slack, "Rosa"
    )
    assert "You answered for Memphis at 9:00 AM; Rosa Kim changed it at 9:00 AM." in of_memphis(slack, "Ana")
    versions = await slack.person("Ana").clicks(slack.person("Ana").messages[-1], "Read earlier versions")
    assert isinstance(versions, Form)
    assert "Written by Ana" in versions.text
    await slack.turn_to(steps.CLOSED)
    summary = read(slack.person("Ana").sees("#cohort")[-1])
    assert "Written by Rosa" in summary
    assert "Ana Diaz, changed by Rosa Kim" in summary


async def test_a_pass_says_for_whom_it_holds(slack: Slack) -> None:
    await steps.made_for_cities(slack)
    await slack.turn_to(MONDAY)
    ana, rosa, tomas = (slack.person(who) for who in ("Ana", "Rosa", "Tomas"))
    await ana.clicks(steps.prompt_of(slack, "Ana"), "Not this time")
    assert "I will not remind you of it. Rosa Kim can still answer for Memphis." in of_memphis(slack, "Ana")
    assert "three questions" in rosa.messages[-1]["text"], "it is still hers to answer"
    await slack.turn_to(steps.MONDAY_IN_PHOENIX)
    await tomas.clicks(steps.prompt_of(slack, "Tomas"), "Not this time")
    assert "Phoenix passes on this round: nobody else is left to answer for it." in of_memphis(slack, "Tomas")
    await slack.turn_to(REMINDED + timedelta(hours=11))
    assert "has not answered" not in read(ana.messages[-1])
    assert "has not answered" in read(rosa.messages[-1])
    await rosa.clicks(rosa.messages[0], "Not this time")
    assert "Memphis passes on this round" in of_memphis(slack, "Rosa")
    after_all = await ana.clicks(ana.messages[-1], "Answer after all")
    assert isinstance(after_all, Form)
    await after_all.submit(answer_0="We have something")
    assert "Ana Diaz answered for Memphis" in of_memphis(slack, "Rosa")


async def test_of_two_on_a_seat_the_one_who_is_there_is_asked(slack: Slack) -> None:
    await steps.made_for_cities(slack)
    page = await slack.person("Ana").types("/cohort", "away until next Thursday")
    assert isinstance(page, Form)
    await page.submit()
    await slack.turn_to(MONDAY)
    assert prompts(slack, "Ana") == []
    assert "Answering for Memphis. Ana Diaz is away; your answer can stand for you both." in prompts(slack, "Rosa")[0]
    await slack.person("Rosa").clicks(steps.prompt_of(slack, "Rosa"), "Not this time")
    assert "Memphis passes on this round" in of_memphis(slack, "Rosa")


async def test_who_takes_the_seat_in_an_open_round_is_asked_next_time_and_who_left_it_is_reminded_no_more(
    slack: Slack,
) -> None:
    await steps.made_for_cities(slack)
    await slack.turn_to(MONDAY)
    ana, dana = await slack.member("Ana"), await slack.member("Dana")
    async with slack.sessions.begin() as session:
        place = update(Delegate).where(Delegate.program_id == ana.program_id, Delegate.member_id == ana.id)
        seat_id = await session.scalar(place.values(until_on=MONDAY.date()).returning(Delegate.seat_id))
        start = {"role": "delegate", "since_on": MONDAY.date() + timedelta(days=1)}
        session.add(Delegate(program_id=ana.program_id, seat_id=seat_id, member_id=dana.id, **start))
    prompt = steps.prompt_of(slack, "Ana")
    form = await slack.person("Ana").clicks(prompt, "Answer now")
    assert isinstance(form, Form)
    await slack.turn_to(REMINDED + timedelta(hours=11))
    assert [one for one in slack.person("Ana").messages if "has not answered" in one["text"]] == []
    assert prompts(slack, "Dana") == []
    refused = await form.submit(answer_0="Too late")
    assert isinstance(refused, Form)
    assert "You are no longer on the seat of Memphis" in str(refused.errors)
    nothing = await slack.person("Ana").types("/checkin")
    assert isinstance(nothing, dict)
    assert "Nothing is open for you" in nothing["text"]
    await slack.turn_to(MONDAY + timedelta(days=8))
    assert len(prompts(slack, "Dana")) == 1
    assert len(prompts(slack, "Ana")) == 1


async def test_a_late_answer_and_an_edit_change_the_summary_until_the_next_round_opens(slack: Slack) -> None:
    await steps.made_for_cities(slack)
    await slack.turn_to(MONDAY + timedelta(hours=1))
    await slack.turn_to(steps.CLOSED)
    assert "0 of 3 cities answered." in of_memphis(slack, "Renee")
    ana, rosa = slack.person("Ana"), slack.person("Rosa")
    await steps.answers(slack, "Ana", answer_0="Better late")
    assert "marked late" in of_memphis(slack, "Ana")
    assert "Ana Diaz answered for Memphis" in read(rosa.messages[0])
    assert "Better late" in read(ana.sees("#cohort")[-1])
    assert "1 of 3 cities answered." in of_memphis(slack, "Renee")
    edited = await rosa.clicks(rosa.messages[0], "See or edit the answer")
    assert isinstance(edited, Form)
    await edited.submit(answer_0="Better late, and whole")
    assert "Better late, and whole" in read(ana.sees("#cohort")[-1])
    assert "Ana Diaz, changed by Rosa Kim, late" in read(ana.sees("#cohort")[-1])
    assert len(ana.sees("#cohort")) == 1
    again = await rosa.clicks(rosa.messages[0], "See or edit the answer")
    assert isinstance(again, Form)
    await slack.turn_to(MONDAY + timedelta(days=8))
    refused = await again.submit(answer_0="Too late")
    assert isinstance(refused, Form)
    assert "a newer one is open" in str(refused.errors)


async def test_after_a_stop_of_minutes_hours_or_days_a_city_is_asked_once_or_not_at_all(slack: Slack) -> None:
    await steps.made_for_cities(slack)
    await steps.moves(slack, "Rosa", "America/Los_Angeles")
    slack.clock.set(MONDAY + timedelta(minutes=7))
    await slack.settle()
    assert (len(prompts(slack, "Ana")), len(prompts(slack, "Rosa"))) == (1, 0)
    slack.clock.set(MONDAY + timedelta(days=7, hours=25))  # a holiday moved it to this Tuesday at nine
    await slack.settle()
    assert (len(prompts(slack, "Ana")), len(prompts(slack, "Rosa"))) == (2, 0)
    slack.clock.set(MONDAY + timedelta(days=14, hours=25))  # half of Ana's window is over, not yet of Rosa's
    await slack.settle()
    assert (len(prompts(slack, "Ana")), len(prompts(slack, "Rosa"))) == (2, 1)
    await slack.turn_to(MONDAY + timedelta(days=17))
    assert "Not asked because I was not running when it was their turn: Ana Diaz (Memphis)" in of_memphis(
        slack, "Renee"
    )
