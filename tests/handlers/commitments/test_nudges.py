"""Reminders: on the days they belong to, one message a day, never outside working hours, and nothing lost."""

import asyncio
from datetime import date, datetime, timedelta

from sqlalchemy import delete, update

from handlers import calendar
from handlers.commitments import jobs
from handlers.types import Services
from storage import programs
from storage.models import Identity, Member
from tests import cast
from tests.handlers.commitments.steps import commitment, kinds, labels, local, words
from tests.whole import Slack, program_of

# The clock stands at Thursday, October 1, 2026, 10:00 in Memphis.


def nudges(slack: Slack, name: str = "Ana") -> list[str]:
    """When reminders came, as the person's own clock shows it, and how they begin."""
    zone = next(zone for full, zone, *_ in cast.PEOPLE if full.startswith(name))
    found = []
    for message in slack.person(name).messages:
        if "due" in message["text"] and not message.get("is_ephemeral") and not message["text"].startswith("Saved"):
            there = calendar.local(datetime.fromtimestamp(float(message["ts"]), local(1, 1, 0).tzinfo), zone)
            found.append(f"{there:%a %m-%d %H:%M}")
    return found


async def test_a_nudge_comes_on_the_due_day_at_nine(slack: Slack) -> None:
    ana = slack.person("Ana")
    await ana.types("/commit", "publish the dashboard by Friday")
    assert await slack.next_due() == local(10, 2, 9)
    await slack.turn_to(local(10, 2, 12))
    assert nudges(slack) == ["Fri 10-02 09:00"]
    nudge = ana.messages[-1]
    assert nudge["text"] == "A commitment of yours is due: #1 publish the dashboard, due Friday, October 2."
    assert labels(nudge) == ["Mark done", "Move the date", "At risk"]


async def test_all_nudges_of_a_commitment_come_on_their_days(slack: Slack) -> None:
    await slack.person("Ana").types("/commit", "publish the dashboard by October 16")
    await slack.turn_to(local(10, 13, 12))
    assert slack.person("Ana").messages[-1]["text"].startswith("A commitment of yours is coming up: #1 publish")
    await slack.turn_to(local(12, 1, 12))
    # October 13 is three days before; then weekly, three times.
    assert nudges(slack) == [
        "Tue 10-13 09:00",
        "Fri 10-16 09:00",
        "Fri 10-23 09:00",
        "Fri 10-30 09:00",
        "Fri 11-06 09:00",
    ]
    assert (await commitment(slack, 1)).nudge_at is None
    assert (await commitment(slack, 1)).state == "open"


async def test_a_due_day_on_a_weekend_is_nudged_in_the_next_working_hour(slack: Slack) -> None:
    await slack.person("Ana").types("/commit", "publish the dashboard by October 3")
    await slack.turn_to(local(10, 6, 12))
    assert nudges(slack) == ["Mon 10-05 08:00"]


async def test_one_message_holds_all_of_the_day(slack: Slack) -> None:
    ana = slack.person("Ana")
    await ana.types("/commit", "publish the dashboard by October 3")
    await ana.types("/commit", "call Phoenix by October 5")
    await slack.turn_to(local(10, 5, 12))
    assert nudges(slack) == ["Mon 10-05 08:00"]
    assert ana.messages[-1]["text"].startswith("Two of your commitments are due: #1 publish the dashboard")
    assert "call Phoenix" in words(ana.messages[-1])


async def test_what_comes_to_be_due_after_the_nudge_of_the_day_joins_it(slack: Slack) -> None:
    ana = slack.person("Ana")
    await ana.types("/commit", "publish the dashboard by October 3")
    await ana.types("/commit", "call Phoenix by October 5")
    await slack.turn_to(local(10, 5, 8))
    assert all(number in words(ana.messages[-1]) for number in ("#1", "#2"))
    await slack.turn_to(local(10, 5, 8, 30))
    await ana.types("/commit", "write to Honolulu by October 5")
    await slack.turn_to(local(10, 5, 12))
    assert nudges(slack) == ["Mon 10-05 08:00"]
    nudge = next(one for one in ana.messages if "are due" in one["text"] or "is due" in one["text"])
    assert all(number in words(nudge) for number in ("#1", "#2", "#3"))


async def test_everyone_is_nudged_at_nine_of_their_own_day(slack: Slack) -> None:
    for name in ("Ana", "Keola", "Tomas", "Renee"):
        await slack.person(name).types("/commit", "publish the dashboard by October 2")
    await slack.turn_to(local(10, 3, 12))
    assert [nudges(slack, name) for name in ("Ana", "Keola", "Tomas", "Renee")] == [["Fri 10-02 09:00"]] * 4


async def test_whoever_updated_within_three_days_is_not_nudged_before_the_due_day(slack: Slack) -> None:
    ana = slack.person("Ana")
    await ana.types("/commit", "publish the dashboard by October 16")
    await slack.turn_to(local(10, 12, 12))
    form = await ana.types("/commit", "move 1 to October 15")
    await form.submit(why="sooner is better")
    await slack.turn_to(local(10, 15, 12))
    assert nudges(slack) == ["Thu 10-15 09:00"]


async def test_done_in_the_nudge_updates_the_nudge(slack: Slack) -> None:
    ana = slack.person("Ana")
    await ana.types("/commit", "publish the dashboard by Friday")
    await ana.types("/commit", "call Phoenix by Friday")
    await slack.turn_to(local(10, 2, 12))
    count = len(ana.messages)
    await ana.clicks(ana.messages[-1], "Mark done: #1")
    assert len(ana.messages) == count
    after = ana.messages[-1]
    assert (
        after["text"]
        == "Done: #1 publish the dashboard. A commitment of yours is due: #2 call Phoenix, due Friday, October 2."
    )
    assert labels(after) == ["Mark done", "Move the date", "At risk", "Undo"]
    await ana.clicks(after, "At risk: #2")
    assert (await commitment(slack, 2)).state == "at_risk"
    assert labels(ana.messages[-1]) == ["Mark done", "Move the date", "Undo"]
    assert "#1* publish the dashboard · done" in words(ana.messages[-1])
    await ana.clicks(ana.messages[-1], "Mark done: #2")
    assert ana.messages[-1]["text"] == "Done: #2 call Phoenix."
    await ana.clicks(ana.messages[-1], "Undo")
    assert (await commitment(slack, 2)).state == "at_risk"
    assert labels(ana.messages[-1]) == ["Mark done", "Move the date"]


async def test_moving_the_date_in_the_nudge_updates_it_and_sets_the_next(slack: Slack) -> None:
    ana = slack.person("Ana")
    await ana.types("/commit", "publish the dashboard by Friday")
    await slack.turn_to(local(10, 2, 12))
    form = await ana.clicks(ana.messages[-1], "Move the date")
    await form.submit(due_on="2026-10-16", why="the vendor is late")
    assert ana.messages[-1]["text"].startswith("Moved: #1 publish the dashboard is now due Friday, October 16.")
    assert (await commitment(slack, 1)).due_on == date(2026, 10, 16)
    await slack.turn_to(local(10, 13, 12))
    assert nudges(slack)[-1] == "Tue 10-13 09:00"


async def test_what_is_closed_is_not_nudged(slack: Slack) -> None:
    ana = slack.person("Ana")
    await ana.types("/commit", "publish the dashboard by Friday")
    await ana.types("/commit", "call Phoenix by Friday")
    await ana.types("/commit", "done 1")
    await ana.clicks(ana.messages[-2], "Undo")
    await slack.turn_to(local(11, 2, 12))
    assert nudges(slack) == []
    assert await slack.next_due() is None


async def test_two_processes_nudge_once(slack: Slack) -> None:
    ana = slack.person("Ana")
    await ana.types("/commit", "publish the dashboard by Friday")
    slack.clock.set(local(10, 2, 9))
    services = Services(slack.sessions, slack.clock, slack.bot.slack, slack.bot.app.settings)
    await asyncio.gather(jobs.nudge(services), jobs.nudge(services))
    await slack.settle()
    assert nudges(slack) == ["Fri 10-02 09:00"]
    assert await jobs.nudge(services) == 0


async def test_a_long_stop_of_the_bot_brings_one_nudge(slack: Slack) -> None:
    await slack.person("Ana").types("/commit", "publish the dashboard by Friday")
    slack.clock.set(local(10, 14, 11))
    await slack.turn_to(local(10, 14, 12))
    assert nudges(slack) == ["Wed 10-14 11:00"]
    assert (await commitment(slack, 1)).nudge_at == local(10, 16, 9)


async def test_an_owner_who_left_leaves_a_commitment_in_need_of_one(slack: Slack) -> None:
    await slack.person("Rosa").types("/commit", "publish the dashboard by Friday")
    rosa = await slack.member("Rosa")
    async with slack.sessions.begin() as session:
        left = update(Member).where(Member.program_id == rosa.program_id, Member.id == rosa.id)
        await session.execute(left.values(deactivated_at=slack.clock.now()))
    await slack.turn_to(local(10, 2, 12))
    one = await commitment(slack, 1)
    assert (one.state, one.owner_id, one.nudge_at) == ("needs_owner", rosa.id, None)
    assert await kinds(slack, 1) == ["recorded", "let_go"]
    told = await slack.person("Ana").types("/commit", "show 1")
    assert "Civic Cohort noted that it needs an owner: Rosa Kim is not in Slack any more" in words(told)
    form = await slack.person("Ana").types("/commit", "hand 1")
    await form.submit(new_owner="Ana Diaz")
    one = await commitment(slack, 1)
    assert (one.state, one.owner_id) == ("open", (await slack.member("Ana")).id)
    await slack.turn_to(local(10, 9, 12))
    assert nudges(slack) == ["Fri 10-09 09:00"]


async def test_an_owner_not_in_slack_loses_nothing(slack: Slack) -> None:
    await slack.person("Rosa").types("/commit", "publish the dashboard by Friday")
    rosa = await slack.member("Rosa")
    async with slack.sessions.begin() as session:
        program_id = await program_of(slack.sessions)
        await session.execute(delete(Identity).where(Identity.program_id == program_id, Identity.member_id == rosa.id))
        unknown = update(Member).where(Member.program_id == program_id, Member.id == rosa.id)
        await session.execute(unknown.values(email="somebody@example.net"))
    await slack.turn_to(local(10, 2, 12))
    assert (await commitment(slack, 1)).state == "needs_owner"
    assert "#1" in words(await slack.person("Ana").types("/commit", "city"))


async def test_a_nudge_over_the_daily_ceiling_waits_for_the_next_working_morning(slack: Slack) -> None:
    ana = await slack.member("Ana")
    await slack.person("Ana").types("/commit", "publish the dashboard by Friday")
    async with slack.sessions.begin() as session:
        program = await programs.of(session, ana.program_id)
        program.daily_ceiling = 0
    await slack.turn_to(local(10, 2, 20))
    assert nudges(slack) == []
    async with slack.sessions.begin() as session:
        program = await programs.of(session, ana.program_id)
        program.daily_ceiling = 2
    await slack.turn_to(local(10, 5, 12))
    assert nudges(slack) == ["Mon 10-05 09:00"]
    assert slack.clock.now() - local(10, 5, 12) == timedelta(0)
