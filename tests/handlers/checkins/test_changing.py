"""Facilitators pause, resume and end a check-in, leave a date out and run a round; phases and rules that change what comes next."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from handlers import cadence
from handlers.cadence import Cadence
from handlers.checkins import planning
from storage import checkin_changes, checkins, cohort_edits, programs
from storage.models import CheckIn, Round
from tests import cast
from tests.handlers.checkins import steps
from tests.handlers.checkins.steps import Json, read
from tests.whole import Slack, program_of

ONE_DAY = timedelta(days=1)
MONDAY, COLUMBUS_DAY, NEXT = date(2026, 10, 5), date(2026, 10, 12), date(2026, 10, 19)
FRIDAY_MORNING = datetime(2026, 10, 2, 14, 0, tzinfo=UTC)  # 9 AM in Memphis, 7 AM in Phoenix, 4 AM in Honolulu
NEXT_MONDAY = datetime(2026, 10, 19, 20, 0, tzinfo=UTC)


async def typed(slack: Slack, who: str, text: str) -> Json:
    answer = await slack.person(who).types("/checkin", text)
    assert isinstance(answer, dict)
    return answer


async def presses(slack: Slack, message: Json, label: str, who: str = "Renee") -> str:
    """What stands there after a button was pressed."""
    await slack.person(who).clicks(message, label)
    await slack.settle()
    return read(slack.person(who).messages[-1])


async def does(slack: Slack, text: str, label: str) -> str:
    """A word is typed, and its button pressed."""
    await typed(slack, "Renee", text)
    return await presses(slack, slack.person("Renee").messages[-1], label)


def asked(slack: Slack, who: str = "Ana") -> int:
    """How many prompts somebody got and has not answered."""
    return len([one for one in slack.person(who).messages if "three questions" in one["text"]])


async def set_dates(slack: Slack, dates: Cadence, number: int = 1) -> None:
    """A check-in asks on other dates from now on."""
    async with slack.sessions.begin() as session:
        found = await checkins.of_id(session, await program_of(slack.sessions), number)
        turn = (await planning.outlook(session, found, slack.clock.now())).turn(dates)
        renee = await slack.member("Renee")
        assert await checkin_changes.set_dates(session, renee, found.check_in, dates, turn)


async def set_phases(slack: Slack, *phases: tuple[str, str]) -> None:
    """The cohort's phases are edited."""
    async with slack.sessions.begin() as session:
        workspace = await programs.by_team(session, cast.TEAM)
        assert workspace
        seen = await cohort_edits.present(session, workspace, 1)
        assert seen
        said = replace(seen.said, phases=phases)
        dana = await slack.member("Dana")
        assert await cohort_edits.edit(session, dana, workspace, seen, said, slack.clock.now())


async def test_a_word_says_what_it_changes_for_whom_and_changes_nothing_by_itself(slack: Slack) -> None:
    await steps.made(slack)
    said = read(await typed(slack, "Renee", "pause 1"))
    assert "Pause Weekly pulse (Inclusive procurement)?" in said
    assert "Four people are not asked from Monday, October 5 on until it is resumed." in said
    said = read(await typed(slack, "Renee", "skip"))
    assert "Four people are not asked on Monday, October 5. The next round is Monday, October 12, 9:00 AM" in said
    said = read(await typed(slack, "Renee", "run 1"))
    assert "Four people are asked: three now, and one when their working hours begin." in said
    said = read(await typed(slack, "Renee", "end 1"))
    assert "not asked any more from Monday, October 5 on." in said
    assert "It cannot be started again." in said
    assert "Next: Monday, October 5" in read(await typed(slack, "Ana", "show 1"))


async def test_a_button_pressed_twice_says_the_same_and_changes_it_once(slack: Slack) -> None:
    await steps.made(slack)
    question = await typed(slack, "Renee", "pause 1")
    question = slack.person("Renee").messages[-1]
    first = await presses(slack, question, "Pause the check-in")
    again = read(await typed(slack, "Renee", "pause 1"))
    assert "Weekly pulse is paused: no new round starts." in first
    assert "Weekly pulse is paused: no new round starts." in again
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS + ONE_DAY)
    assert asked(slack) == 0


async def test_a_date_that_is_left_out_is_not_asked_and_the_one_after_it_is(slack: Slack) -> None:
    await steps.made(slack)
    said = await does(slack, "skip 1", "Leave out Monday, October 5")
    assert "Weekly pulse leaves out Monday, October 5. The next round is Monday, October 12" in said
    assert "Left out: Monday, October 5. Next: Monday, October 12" in read(await typed(slack, "Ana", "show 1"))
    assert "Ask on Monday, October 5 after all" in str(await typed(slack, "Renee", "show 1"))
    await slack.turn_to(steps.CLOSED)
    assert asked(slack) == 0
    await slack.turn_to(datetime(2026, 10, 13, 15, 0, tzinfo=UTC))
    assert asked(slack) == 1


async def test_a_date_left_out_is_asked_after_all_when_that_is_taken_back_in_time(slack: Slack) -> None:
    await steps.made(slack)
    await does(slack, "skip 1", "Leave out Monday, October 5")
    skipped = slack.person("Renee").messages[-1]
    said = await presses(slack, skipped, "Ask on that day after all")
    assert "Weekly pulse asks on Monday, October 5 after all. The next round is Monday, October 5" in said
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    assert asked(slack) == 1


async def test_it_is_too_late_to_take_back_a_date_whose_moment_has_passed(slack: Slack) -> None:
    await steps.made(slack)
    await does(slack, "skip 1", "Leave out Monday, October 5")
    skipped = slack.person("Renee").messages[-1]
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    said = await presses(slack, skipped, "Ask on that day after all")
    assert "That day is over by now" in said
    assert asked(slack) == 0


async def test_a_date_that_no_longer_belongs_to_the_check_in_is_not_brought_back(slack: Slack) -> None:
    await steps.made(slack)
    await does(slack, "skip 1", "Leave out Monday, October 5")
    skipped = slack.person("Renee").messages[-1]
    await set_dates(slack, cadence.weekly(MONDAY, 1, [2]))
    said = await presses(slack, skipped, "Ask on that day after all")
    assert "Weekly pulse does not ask on Monday, October 5 any more." in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("skip 1 October 19", "Four people are not asked on Monday, October 19. The next round is Monday, October 5"),
        ("skip weekly pulse Oct 19", "Four people are not asked on Monday, October 19."),
        ("skip Oct 19", "Four people are not asked on Monday, October 19."),
        (
            "skip 1 October 20",
            "Weekly pulse does not ask on Tuesday, October 20. Its next dates are: Monday, October 5;",
        ),
        ("skip 1 2026-09-28", "Monday, September 28 is over"),
        ("skip 1 someday", "I do not know which check-in “1 someday” is."),
    ],
)
async def test_another_date_is_said_in_words(slack: Slack, words: str, said: str) -> None:
    await steps.made(slack)
    assert said in read(await typed(slack, "Renee", words))


async def test_a_round_run_by_hand_asks_at_once_and_holds_those_outside_working_hours(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(FRIDAY_MORNING)
    said = await does(slack, "run 1", "Run a round now")
    assert "Weekly pulse asks now. Four people are asked: two now, and two when their working hours begin." in said
    assert "The next round is Monday, October 5" in said
    await slack.turn_to(FRIDAY_MORNING + timedelta(minutes=1))
    assert [asked(slack, who) for who in ("Ana", "Rosa", "Tomas", "Keola")] == [1, 1, 0, 0]
    await slack.turn_to(datetime(2026, 10, 2, 15, 0, tzinfo=UTC))
    assert [asked(slack, who) for who in ("Tomas", "Keola")] == [1, 0]
    await slack.turn_to(datetime(2026, 10, 2, 18, 0, tzinfo=UTC))
    assert asked(slack, "Keola") == 1
    shown = read(await typed(slack, "Renee", "show 1"))
    assert "The round of Friday, October 2 is open." in shown
    assert "Renee Okonjo ran it by hand." in shown
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    assert asked(slack) == 2, "the planned round comes as it would have"


async def test_a_second_round_of_one_day_is_refused_kindly(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(FRIDAY_MORNING)
    await does(slack, "run 1", "Run a round now")
    said = read(await typed(slack, "Renee", "run 1"))
    assert "Weekly pulse has a round of Friday, October 2 already. Nothing was changed." in said


async def test_who_presses_run_for_the_second_time_asks_nobody_twice(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(FRIDAY_MORNING)
    shown = await typed(slack, "Dana", "show 1")
    await does(slack, "run 1", "Run a round now")
    said = await presses(slack, slack.person("Dana").messages[-1], "Run a round now", "Dana")
    assert shown
    assert "has a round of Friday, October 2 already" in said
    await slack.turn_to(FRIDAY_MORNING + timedelta(hours=1))
    assert asked(slack) == 1


async def test_a_run_offered_on_another_day_is_not_done(slack: Slack) -> None:
    await steps.made(slack)
    await typed(slack, "Renee", "run 1")
    old = slack.person("Renee").messages[-1]
    await slack.turn_to(FRIDAY_MORNING)
    assert "That was offered on another day." in await presses(slack, old, "Run a round now")


async def test_a_round_run_on_its_own_day_takes_the_place_of_the_planned_one(slack: Slack) -> None:
    await steps.made(slack, at="15:00")
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    said = await does(slack, "run 1", "Run a round now")
    assert "The next round is Monday, October 12, 3:00 PM" in said
    await slack.turn_to(steps.CLOSED)
    assert asked(slack) == 1


async def test_a_paused_check_in_is_not_run_and_its_next_date_not_left_out(slack: Slack) -> None:
    await steps.made(slack)
    await does(slack, "pause 1", "Pause the check-in")
    assert "Weekly pulse is paused. Resume it first" in read(await typed(slack, "Renee", "run 1"))
    assert "Say which one to leave out" in read(await typed(slack, "Renee", "skip 1"))
    said = await does(slack, "skip 1 October 19", "Leave out Monday, October 19")
    assert "Weekly pulse leaves out Monday, October 19." in said
    assert "Paused." in read(await typed(slack, "Renee", "show 1"))


async def test_an_ended_check_in_lets_its_round_run_out_and_is_still_shown(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    question = read(await typed(slack, "Renee", "end 1"))
    assert "The round of Monday, October 5 is open and runs to its end." in question
    said = await presses(slack, slack.person("Renee").messages[-1], "End the check-in")
    assert "Weekly pulse has ended: nobody is asked any more." in said
    await steps.answers(slack, "Ana", answer_0="Moved")
    await slack.turn_to(steps.MONDAY_IN_HONOLULU)
    assert asked(slack, "Keola") == 1, "who has not been asked yet in the open round still is"
    await slack.turn_to(steps.CLOSED)
    assert "Moved" in read(slack.person("Ana").sees("#cohort")[-1])
    await slack.turn_to(NEXT_MONDAY)
    assert asked(slack, "Rosa") == 1
    shown = await typed(slack, "Renee", "show 1")
    assert "Over since Monday, October 5." in read(shown)
    assert "Pause" not in str(shown)
    assert "is over since Monday, October 5 and asks nobody" in read(await typed(slack, "Renee", "resume 1"))
    assert "No check-in runs" in read(await typed(slack, "Ana", "list"))


@pytest.mark.parametrize("ended_at", [steps.MONDAY_IN_MEMPHIS, steps.CLOSED], ids=["in a round", "after it"])
async def test_the_last_round_takes_late_answers_for_thirty_days(slack: Slack, ended_at: datetime) -> None:
    await steps.made(slack)
    await slack.turn_to(ended_at)
    await does(slack, "end 1", "End the check-in")
    await slack.turn_to(steps.CLOSED + timedelta(days=29))
    assert "a late answer is still welcome" in read(await typed(slack, "Ana", ""))
    await slack.turn_to(steps.CLOSED + timedelta(days=31))
    assert "Nothing is open for you" in read(await typed(slack, "Ana", ""))


async def test_a_check_in_whose_dates_are_over_ends_quietly_after_its_last_round(slack: Slack) -> None:
    await steps.made(slack)
    await set_dates(slack, cadence.once(MONDAY))
    assert "Once, on Monday, October 5, on working days only" in read(await typed(slack, "Ana", "show 1"))
    before = len(slack.person("Renee").messages)
    await slack.turn_to(steps.MONDAY_IN_HONOLULU)
    assert asked(slack, "Keola") == 1
    await steps.answers(slack, "Ana", answer_0="All of it")
    await slack.turn_to(NEXT_MONDAY)
    assert [asked(slack, who) for who in ("Rosa", "Keola")] == [1, 1]
    assert "All of it" in read(slack.person("Ana").sees("#cohort")[-1])
    assert "Over since Monday, October 5." in read(await typed(slack, "Renee", "show 1"))
    told = [one["text"] for one in slack.person("Renee").messages[before:]]
    assert not any("no date" in text for text in told)


async def test_every_second_week_and_the_last_friday_are_asked_when_they_say(slack: Slack) -> None:
    await steps.made(slack)
    await set_dates(slack, cadence.weekly(NEXT, 2, [0]))
    assert "Every second Monday, on working days only" in read(await typed(slack, "Ana", "list"))
    await slack.turn_to(datetime(2026, 10, 27, 15, 0, tzinfo=UTC))
    assert asked(slack) == 1
    await slack.turn_to(datetime(2026, 11, 3, 16, 0, tzinfo=UTC))
    assert asked(slack) == 2


async def test_a_check_in_before_a_phase_follows_it_when_it_moves(slack: Slack) -> None:
    await set_phases(slack, ("Convening", "2026-10-12"))
    await steps.made(slack)
    await set_dates(slack, cadence.around("Convening", -7))
    assert "Next: Monday, October 5" in read(await typed(slack, "Ana", "show 1"))
    await set_phases(slack, ("Convening", "2026-10-14"))
    await slack.settle()
    await slack.turn_to(steps.MADE + timedelta(hours=1))
    assert "7 days before *Convening* (Wednesday, October 14)" in read(await typed(slack, "Ana", "show 1"))
    await slack.turn_to(steps.MONDAY_IN_HONOLULU)
    assert asked(slack) == 0
    await slack.turn_to(steps.CLOSED)
    assert asked(slack) == 1


async def test_a_phase_that_is_gone_is_told_once_to_whoever_made_the_check_in(slack: Slack) -> None:
    await set_phases(slack, ("Convening", "2026-10-12"))
    await steps.made(slack)
    await set_dates(slack, cadence.around("Convening", -7))
    await set_phases(slack, ("Gathering", "2026-10-12"))
    await slack.turn_to(FRIDAY_MORNING)
    await set_phases(slack, ("Reunion", "2026-10-12"))
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    told = [read(one) for one in slack.person("Renee").messages if "has no date now" in one["text"]]
    assert len(told) == 1
    assert "Weekly pulse (Inclusive procurement) has no date now, so nobody is asked." in told[0]
    assert "the cohort has no dated phase of that name" in told[0]
    assert asked(slack) == 0
    assert "*No date now:*" in read(await typed(slack, "Ana", "show 1"))
    await set_phases(slack, ("convening", "2026-10-21"))
    await slack.turn_to(datetime(2026, 10, 14, 15, 0, tzinfo=UTC))
    assert asked(slack) == 1, "it goes on by itself"


async def test_a_rule_that_cannot_be_read_keeps_no_other_check_in_from_asking(slack: Slack) -> None:
    await steps.made(slack)
    await steps.made(slack, name="Coaching")
    async with slack.sessions.begin() as session:
        broken = update(CheckIn).where(CheckIn.program_id == await program_of(slack.sessions), CheckIn.number == 1)
        await session.execute(broken.values(rule="DTSTART:rubbish"))
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    prompts = [one["text"] for one in slack.person("Ana").messages if "three questions" in one["text"]]
    assert ["Coaching" in text for text in prompts] == [True]
    await slack.turn_to(steps.CLOSED)
    told = [read(one) for one in slack.person("Renee").messages if "has no date now" in one["text"]]
    assert ["I cannot read its dates any more" in text for text in told] == [True]
    assert "I cannot read its dates any more" in read(await typed(slack, "Renee", "show 1"))


async def test_somebody_who_does_not_facilitate_changes_nothing(slack: Slack) -> None:
    await steps.made(slack)
    for word in ("pause", "resume", "skip", "run", "end"):
        assert "Only facilitators can do this." in read(await typed(slack, "Ana", f"{word} 1"))


async def test_the_buttons_of_a_check_in_ask_first_in_words(slack: Slack) -> None:
    await steps.made(slack)
    shown = await typed(slack, "Renee", "show 1")
    buttons: list[Any] = [one for block in shown["blocks"] for one in block.get("elements", []) if "confirm" in one]
    assert [one["text"]["text"] for one in buttons] == [
        "Pause the check-in",
        "Leave out Monday, October 5",
        "Run a round now",
        "End the check-in",
    ]
    assert all("Four people are" in one["confirm"]["text"]["text"] for one in buttons)
    assert all(len(one["confirm"]["text"]["text"]) < 300 for one in buttons)


async def test_a_round_by_hand_is_marked_as_such(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(FRIDAY_MORNING)
    await does(slack, "run 1", "Run a round now")
    async with slack.sessions() as session:
        program_id = await program_of(slack.sessions)
        found = await checkins.of_id(session, program_id, 1)
        ahead = await planning.outlook(session, found, slack.clock.now())
    assert isinstance(ahead.newest, Round)
    assert (ahead.newest.nominal_on, ahead.newest.at_once) == (date(2026, 10, 2), True)
