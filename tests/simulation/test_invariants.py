"""What the simulated year watches over can fail: for each a fault is planted in a fortnight that went well, and is named."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from storage.models import Owed
from tests import databases
from tests.simulation import facts as reading
from tests.simulation import invariants, life
from tests.simulation import world as worlds
from tests.simulation.facts import OF_ALL, Asked, Facts, Line, Message
from tests.simulation.invariants import Book, Look, Truth
from tests.simulation.life import Broken, Life

DAYS = 14
Well = Callable[[], Look]


@pytest.fixture(scope="module")
def well(tmp_path_factory: pytest.TempPathFactory) -> Well:
    """A look at all that happened in a fortnight in which nothing went wrong; a fresh one each time."""
    found: list[tuple[Life, Facts]] = []

    async def run() -> None:
        people = worlds.made(3, networks=1, cohorts=2, people=12)
        url = databases.sqlite_url(tmp_path_factory.mktemp("fortnight"))
        async with life.begun(people, url, DAYS, 0, 0) as lived:
            await life.live(lived, DAYS)
            async with life.started(lived) as bot:
                found.append((lived, await reading.everything(bot.sessions, lived.sandbox.workspace)))

    asyncio.run(run())
    [(lived, known)] = found

    def look() -> Look:
        own = Facts(*(list(part) for part in (known.messages, known.lines, known.askings, known.rounds)))
        truth = Truth(dict(lived.truth.answered), lived.truth.away.copy())
        return Look(lived.world, truth, Book(), own, lived.now)

    return look


def faults(look: Look) -> list[str]:
    """What is found wrong; the look is made anew, since things were planted in it."""
    return invariants.broken_in_full(Look(look.world, look.truth, Book(), look.facts, look.now))


def put(rows: list[object], old: object, new: object) -> None:
    rows[rows.index(old)] = new


def a_message(look: Look, kind: str) -> Message:
    return next(one for one in look.facts.messages if one.key.startswith(f"{kind}:"))


def a_line(look: Look, key: str) -> Line:
    return look.lines[key]


def an_asking(look: Look, message: Message) -> Asked:
    return next(asked for _, asked in look.places(message))


def moved(look: Look, message: Message, at: datetime) -> Message:
    """The message, and what the ledger says of it, at another moment."""
    ts = f"{at.timestamp():.6f}"
    there = replace(message, ts=ts)
    put(look.facts.messages, message, there)
    line = a_line(look, message.key)
    put(look.facts.lines, line, replace(line, ts=ts))
    return there


def test_where_nothing_went_wrong_nothing_is_named(well: Well) -> None:
    assert faults(well()) == []
    assert len(well().facts.messages) > 10


def test_a_message_that_stands_twice_is_named(well: Well) -> None:
    look = well()
    prompt = a_message(look, "prompt")
    look.facts.messages.append(replace(prompt, ts=f"{prompt.at.timestamp() + 1:.6f}"))
    assert any(one.startswith(f"once: {prompt.key} to ") for one in faults(look))


def test_two_messages_about_one_prompt_are_named(well: Well) -> None:
    look = well()
    prompt = a_message(look, "prompt")
    asked = an_asking(look, prompt)
    again = replace(prompt, key="prompt:999999", ts=f"{prompt.at.timestamp() + 1:.6f}")
    look.facts.messages.append(again)
    look.facts.askings.append(replace(asked, id=999999))
    look.facts.lines.append(replace(a_line(look, prompt.key), key=again.key, delivery_id=999999, ts=again.ts))
    assert any("asks about the same prompt as" in one and one.startswith("once: ") for one in faults(look))


def test_a_prompt_that_waits_for_nothing_is_named(well: Well) -> None:
    look = well()
    prompt = a_message(look, "prompt")
    asked = an_asking(look, prompt)
    put(look.facts.askings, asked, replace(asked, asked_at=None))
    assert any(one.startswith("none lost: ") and "was not asked" in one for one in faults(look))


def test_a_line_that_is_never_sent_is_named(well: Well) -> None:
    look = well()
    line = a_line(look, a_message(look, "prompt").key)
    put(look.facts.lines, line, replace(line, outcome=None, settled_at=None))
    assert f"none lost: {line.key} to " in "\n".join(faults(look))


@pytest.mark.parametrize("change", [{"outcome": "channel_not_found"}, {"outcome": "expired", "expires_at": None}])
def test_a_message_that_was_given_up_is_named(well: Well, change: dict[str, object]) -> None:
    look = well()
    line = a_line(look, a_message(look, "prompt").key)
    put(look.facts.lines, line, replace(line, **change))
    assert any(one.startswith(f"none lost: {line.key} to ") for one in faults(look))


@pytest.mark.parametrize("reason", ["late", "away", "answered", "some new reason"])
def test_somebody_who_is_not_asked_for_no_good_reason_is_named(well: Well, reason: str) -> None:
    look = well()
    prompt = a_message(look, "prompt")
    asked = an_asking(look, prompt)
    look.truth.answered.pop(asked.prompt_id, None)
    look.truth.away.pop(asked.user_id, None)
    put(look.facts.askings, asked, replace(asked, skipped=reason))
    assert any("for no good reason" in one for one in faults(look))


def test_who_was_asked_too_late_is_no_fault_only_while_no_bot_ran(well: Well) -> None:
    look = well()
    asked = next(one for one in look.facts.askings if one.asked_at and one.prompt_id not in look.truth.answered)
    put(look.facts.askings, asked, replace(asked, skipped="late"))
    half = asked.due_at + (asked.ends_at - asked.due_at) / 2
    look.truth.stops.append((asked.due_at, half))
    assert any("for no good reason: late" in fault for fault in faults(look))
    look.truth.stops.append((asked.due_at, half + timedelta(minutes=1)))
    assert not any("for no good reason: late" in fault for fault in faults(look))


def test_somebody_who_is_left_alone_too_soon_is_named(well: Well) -> None:
    look = well()
    asked = an_asking(look, a_message(look, "prompt"))
    put(look.facts.askings, asked, replace(asked, skipped="resting"))
    assert any("rests" in one and "was left alone after 0 rounds" in one for one in faults(look))


def test_somebody_who_is_missing_in_a_round_is_named(well: Well) -> None:
    look = well()
    asked = an_asking(look, a_message(look, "prompt"))
    look.facts.askings.remove(asked)
    wanted = f"nobody forgotten: {look.world.people[asked.user_id].name} is not in the round {asked.check_in}"
    assert any(one.startswith(wanted) for one in faults(look))


def test_a_round_that_never_opened_is_named(well: Well) -> None:
    look = well()
    this = min(look.facts.rounds, key=lambda one: (one.nominal_on, one.id))
    look.facts.rounds.remove(this)
    assert f"nobody forgotten: {this.check_in} has no round of {this.nominal_on}" in faults(look)


@pytest.mark.parametrize("days", [0, 1, 2, 3, 4, 5, 6])
def test_a_message_at_night_or_on_a_day_off_is_named(well: Well, days: int) -> None:
    look = well()
    prompt = a_message(look, "prompt")
    look.truth.answered.clear()
    person = look.world.people[prompt.to]
    later = prompt.at + timedelta(days=days)
    if worlds.works_on(person.town, worlds.local(later, person.zone).date()):
        later += timedelta(hours=12)
    there = moved(look, prompt, later)
    assert any(one.startswith(f"working hours: {there.key} to ") for one in faults(look))


def test_a_third_message_of_a_day_is_named(well: Well) -> None:
    look = well()
    prompt = a_message(look, "prompt")
    line = a_line(look, prompt.key)
    for number in range(2):
        key, ts = f"nudge:{number}", f"{prompt.at.timestamp() + number + 1:.6f}"
        look.facts.messages.append(replace(prompt, key=key, ts=ts))
        look.facts.lines.append(replace(line, key=key, delivery_id=900 + number, ts=ts))
    found = [one for one in faults(look) if one.startswith("ceiling: ")]
    assert len(found) == 1
    assert "is number 3 of that day" in found[0]


def test_a_message_after_the_answer_is_named(well: Well) -> None:
    look = well()
    prompt = a_message(look, "prompt")
    look.truth.answered[an_asking(look, prompt).prompt_id] = prompt.at - timedelta(minutes=1)
    assert any(one.startswith(f"nobody after answering: {prompt.key} to ") for one in faults(look))


def test_a_message_to_somebody_who_is_away_is_named(well: Well) -> None:
    look = well()
    prompt = a_message(look, "prompt")
    look.truth.away[prompt.to] = [(prompt.at - timedelta(hours=1), prompt.at + timedelta(hours=1))]
    assert any(one.startswith(f"nobody while away: {prompt.key} to ") for one in faults(look))


def test_a_round_that_stays_open_is_named(well: Well) -> None:
    look = well()
    this = min(look.facts.rounds, key=lambda one: one.closes_at)
    put(look.facts.rounds, this, replace(this, closed_at=None))
    assert any(one.startswith(f"rounds close: the round {this.check_in} of {this.nominal_on}") for one in faults(look))


def test_a_round_that_is_to_close_in_months_is_named(well: Well) -> None:
    look = well()
    this = look.facts.rounds[0]
    put(look.facts.rounds, this, replace(this, closes_at=this.closes_at + timedelta(weeks=8), closed_at=None))
    assert any("closes only" in one for one in faults(look))


def test_a_message_that_the_ledger_does_not_know_is_named(well: Well) -> None:
    look = well()
    prompt = a_message(look, "prompt")
    look.facts.lines.remove(a_line(look, prompt.key))
    assert any(
        one.startswith(f"ledger and Slack: {prompt.key} to ") and "not in the ledger" in one for one in faults(look)
    )


def test_a_line_whose_message_is_not_in_slack_is_named(well: Well) -> None:
    look = well()
    prompt = a_message(look, "prompt")
    look.facts.messages.remove(prompt)
    assert any(
        one.startswith(f"ledger and Slack: {prompt.key} to ") and "not stand in Slack" in one for one in faults(look)
    )


def test_a_line_that_says_another_place_is_named(well: Well) -> None:
    look = well()
    line = a_line(look, a_message(look, "prompt").key)
    put(look.facts.lines, line, replace(line, ts="1.000001"))
    assert any(one.startswith(f"ledger and Slack: {line.key} to ") for one in faults(look))


async def test_what_is_planted_in_slack_and_in_the_database_itself_ends_the_life_with_its_name(tmp_path: Path) -> None:
    people = worlds.made(3, networks=1, cohorts=1, people=6)
    async with life.begun(people, databases.sqlite_url(tmp_path), 9, 0, 0) as lived:
        await life.live(lived, 6)
        prompt = next(one for one in reading.Reader(lived.sandbox.workspace).new() if one.key.startswith("prompt:"))
        stored = lived.sandbox.workspace.channels[prompt.channel].message(prompt.ts)
        assert stored
        lived.sandbox.workspace.post(prompt.channel, {one: stored[one] for one in ("user", "text", "metadata")})
        with pytest.raises(Broken, match=f"once: {prompt.key} to Delegate"):
            await life.live(lived, 9)

        lived.sandbox.workspace.channels[prompt.channel].messages.pop()
        async with life.started(lived) as bot:
            async with bot.sessions.begin() as session:
                await session.execute(delete(Owed).where(Owed.key == prompt.key).execution_options(**OF_ALL))
            with pytest.raises(Broken, match=f"ledger and Slack: {prompt.key} to Delegate"):
                await life.look_in_full(lived, bot)
