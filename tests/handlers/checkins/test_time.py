"""Check-ins through holidays, clock changes, long stops and moves between zones."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from bot.sandbox.form import Form
from storage.models import Cohort, Delegate, Identity, Member, Program, Seat
from tests import databases, whole
from tests.handlers.checkins import steps
from tests.handlers.checkins.steps import read
from tests.whole import Slack


def asked_at(slack: Slack, who: str) -> list[datetime]:
    """When somebody was asked, to the second."""
    prompts = [one for one in slack.person(who).messages if "three questions" in one["text"]]
    return [datetime.fromtimestamp(float(one["ts"]) // 1, UTC) for one in prompts]


async def test_a_month_runs_each_round_at_its_own_moment_and_sums_up_each_once(slack: Slack) -> None:
    await steps.made(slack)
    visited = await slack.turn_to(datetime(2026, 10, 23, 15, 0, tzinfo=UTC))
    for who in ("Ana", "Tomas", "Keola"):  # they said nothing three times
        person = slack.person(who)
        await person.clicks(
            next(one for one in person.messages if "I no longer ask you" in one["text"]), "Ask me again"
        )
    visited += await slack.turn_to(datetime(2026, 11, 5, 23, 0, tzinfo=UTC))
    assert visited == sorted(visited)
    assert asked_at(slack, "Ana") == [
        datetime(2026, 10, 5, 14, tzinfo=UTC),
        datetime(2026, 10, 13, 14, tzinfo=UTC),  # Columbus Day moves it to Tuesday
        datetime(2026, 10, 19, 14, tzinfo=UTC),
        datetime(2026, 10, 26, 14, tzinfo=UTC),
        datetime(2026, 11, 2, 15, tzinfo=UTC),  # nine o'clock after the clocks went back
    ]
    assert asked_at(slack, "Tomas")[-1] == datetime(2026, 11, 2, 16, tzinfo=UTC)
    assert asked_at(slack, "Keola")[-1] == datetime(2026, 11, 2, 19, tzinfo=UTC)
    texts = [one["text"] for one in slack.person("Ana").sees("#cohort")]
    assert len(texts) == len(set(texts)) == 5


@pytest.mark.parametrize(
    ("start", "at", "moments"),
    [
        (
            datetime(2026, 10, 28, 15, tzinfo=UTC),
            "01:30",
            {"Dana": (2026, 11, 1, 5, 30), "Tomas": (2026, 11, 1, 8, 30)},
        ),
        (datetime(2027, 3, 10, 15, tzinfo=UTC), "02:30", {"Dana": (2027, 3, 14, 7, 0), "Tomas": (2027, 3, 14, 9, 30)}),
    ],
)
async def test_a_check_in_on_the_sunday_of_a_clock_change_is_asked_once(
    filled: Path, tmp_path: Path, start: datetime, at: str, moments: dict[str, tuple[int, ...]]
) -> None:
    url = databases.copy_of(filled, tmp_path)
    async with whole.slack(url, tmp_path / "log", at=start) as slack:
        await seat_in_new_york(slack, "Dana")
        await steps.made(slack, weekday="Sunday", at=at, hours="Any day and hour", window="One day")
        await slack.turn_to(start + timedelta(days=6))
        for name, moment in moments.items():
            assert asked_at(slack, name) == [datetime(*moment, tzinfo=UTC)], name  # type: ignore[arg-type, misc]
        assert len(asked_at(slack, "Keola")) == 1
        assert len([one for one in slack.person("Ana").sees("#cohort") if "Weekly pulse" in one["text"]]) == 1


async def seat_in_new_york(slack: Slack, who: str) -> None:
    """Dana, whose clock is New York's, sits in for Memphis."""
    member = await slack.member(who)
    async with slack.sessions.begin() as session:
        seat = await session.scalar(select(Seat).where(Seat.program_id == member.program_id).order_by(Seat.id).limit(1))
        assert seat is not None
        session.add(Delegate(program_id=member.program_id, seat_id=seat.id, member_id=member.id, role="delegate"))


async def test_a_stop_over_the_minute_loses_no_round(slack: Slack) -> None:
    await steps.made(slack)
    slack.clock.set(steps.MONDAY_IN_MEMPHIS + timedelta(hours=3, minutes=17))
    await slack.settle()
    assert len(asked_at(slack, "Ana")) == 1
    assert "Open until Wednesday, October 7, 9:00 AM CDT" in steps.prompt_of(slack, "Ana")["text"]


async def test_after_more_than_half_of_the_window_it_is_not_asked_and_facilitators_read_why(slack: Slack) -> None:
    await steps.made(slack)
    slack.clock.set(steps.MONDAY_IN_MEMPHIS + timedelta(hours=26))
    await slack.settle()
    assert asked_at(slack, "Ana") == []
    await slack.turn_to(steps.CLOSED)
    morning_in_honolulu = datetime(2026, 10, 6, 18, tzinfo=UTC)
    assert asked_at(slack, "Keola") == [morning_in_honolulu], "there, less than half of the window has passed"
    said = read(slack.person("Renee").messages[-1])
    assert "Not asked because I was not running when it was their turn: Ana Diaz (Memphis)" in said
    assert "Still welcome to answer: Keola Akana (Honolulu) and Tomas Reyes (Phoenix)." in said
    assert not [one for one in slack.person("Ana").messages if "You have not answered" in one["text"]]


async def test_after_a_stop_of_weeks_only_the_latest_is_asked_and_the_round_says_why(slack: Slack) -> None:
    await steps.made(slack)
    slack.clock.set(steps.MONDAY_IN_MEMPHIS + timedelta(days=14, hours=1))
    await slack.settle()
    assert len(asked_at(slack, "Ana")) == 1
    await slack.turn_to(steps.CLOSED + timedelta(days=14))
    [summary] = slack.person("Ana").sees("#cohort")
    assert "Monday, October 19" in summary["text"]
    assert "Not asked on Monday, October 5; and Monday, October 12: I was not running then." in read(summary)


async def test_when_nobody_was_asked_the_channel_is_spared(slack: Slack) -> None:
    await steps.made(slack)
    slack.clock.set(steps.MONDAY_IN_MEMPHIS + timedelta(days=4))
    await slack.settle()
    assert slack.person("Ana").sees("#cohort") == []
    assert "I was not running" in read(slack.person("Renee").messages[-1])


async def test_who_moves_to_another_zone_before_being_asked_is_asked_by_the_new_clock(slack: Slack) -> None:
    await steps.made(slack)
    ana = await slack.member("Ana")
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS - timedelta(minutes=1))
    async with slack.sessions.begin() as session:
        query = update(Member).where(Member.program_id == ana.program_id, Member.id == ana.id)
        await session.execute(query.values(app_time_zone="America/Los_Angeles"))
    await slack.turn_to(steps.MONDAY_IN_HONOLULU)
    assert asked_at(slack, "Ana") == [datetime(2026, 10, 5, 16, tzinfo=UTC)]
    assert asked_at(slack, "Rosa") == [steps.MONDAY_IN_MEMPHIS]


async def test_who_is_not_in_slack_yet_is_not_missing(slack: Slack) -> None:
    await steps.made(slack)
    keola = await slack.member("Keola")
    async with slack.sessions.begin() as session:
        gone = delete(Identity).where(Identity.program_id == keola.program_id, Identity.member_id == keola.id)
        await session.execute(gone)
        unknown = update(Member).where(Member.program_id == keola.program_id, Member.id == keola.id)
        await session.execute(unknown.values(email="keola@elsewhere.example.org"))
    await slack.turn_to(steps.CLOSED)
    assert "Not asked because I cannot reach them in Slack yet: Keola Akana (Honolulu)." in read(
        slack.person("Renee").messages[-1]
    )


async def test_who_left_the_seat_is_not_asked(slack: Slack) -> None:
    await steps.made(slack)
    ana = await slack.member("Ana")
    async with slack.sessions.begin() as session:
        query = update(Delegate).where(Delegate.program_id == ana.program_id, Delegate.member_id == ana.id)
        await session.execute(query.values(until_on=steps.MONDAY_IN_MEMPHIS.date() - timedelta(days=1)))
    await slack.turn_to(steps.CLOSED)
    assert asked_at(slack, "Ana") == []
    assert "1 of 3" not in read(slack.person("Renee").messages[-1])
    assert "0 of 3 answered." in read(slack.person("Renee").messages[-1])


async def test_a_cohort_that_has_ended_is_asked_no_more(slack: Slack) -> None:
    await steps.made(slack)
    ana = await slack.member("Ana")
    async with slack.sessions.begin() as session:
        query = update(Cohort).where(Cohort.program_id == ana.program_id)
        await session.execute(query.values(ends_on=steps.MONDAY_IN_MEMPHIS.date() + timedelta(days=1)))
    await slack.turn_to(steps.CLOSED + timedelta(days=30))
    assert len(asked_at(slack, "Ana")) == 1


async def test_two_check_ins_that_are_due_together_are_both_asked_and_both_summed_up(slack: Slack) -> None:
    await steps.made(slack)
    await steps.made(slack, name="Coaching")
    await slack.turn_to(steps.CLOSED)
    assert len(asked_at(slack, "Ana")) == 2
    assert len(slack.person("Ana").sees("#cohort")) == 2


async def test_the_summary_of_a_friday_evening_waits_for_monday_and_takes_answers_until_then(slack: Slack) -> None:
    await steps.made(slack, weekday="Wednesday", at="17:00")
    await slack.turn_to(datetime(2026, 10, 10, 15, tzinfo=UTC))
    assert slack.person("Ana").sees("#cohort") == []
    assert await steps.answers(slack, "Ana", answer_0="On Saturday") is None
    await slack.turn_to(datetime(2026, 10, 13, 13, tzinfo=UTC))
    [summary] = slack.person("Ana").sees("#cohort")
    assert "On Saturday" in read(summary)


async def test_a_late_answer_to_a_round_that_nobody_was_asked_is_summed_up_after_all(slack: Slack) -> None:
    await steps.made(slack)
    slack.clock.set(steps.MONDAY_IN_MEMPHIS + timedelta(days=4))
    await slack.settle()
    ana = slack.person("Ana")
    await ana.types("/checkin")
    form = await ana.clicks(ana.messages[-1], "Answer now")
    assert isinstance(form, Form)
    assert await form.submit(answer_0="Better late") is None
    assert "Better late" in read(ana.sees("#cohort")[-1])


async def test_whose_prompt_never_came_is_not_reminded(slack: Slack) -> None:
    await steps.made(slack)
    await set_ceiling(slack, 0)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS + timedelta(hours=27))
    await set_ceiling(slack, 2)
    await slack.turn_to(steps.CLOSED)
    assert slack.person("Ana").messages == []


async def test_who_answers_while_the_prompt_is_held_back_gets_no_prompt_any_more(slack: Slack) -> None:
    await steps.made(slack)
    await set_ceiling(slack, 0)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    ana = slack.person("Ana")
    opened = await ana.types("/checkin")
    assert isinstance(opened, Form)
    await opened.submit(answer_0="Early")
    assert [message["text"].partition(":")[0] for message in ana.messages] == ["Inclusive procurement · Weekly pulse"]

    await set_ceiling(slack, 2)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS + timedelta(days=2))
    assert len(ana.messages) == 1


async def set_ceiling(slack: Slack, ceiling: int) -> None:
    """How many messages a person gets on a day that they did not ask for."""
    async with slack.sessions.begin() as session:
        query = update(Program).where(Program.id == slack.bot.program_id)
        await session.execute(query.values(daily_ceiling=ceiling))
