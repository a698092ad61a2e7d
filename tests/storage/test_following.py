"""What an answer leaves to be carried over, what a form begins with, and what is anonymous, as it is kept on both databases."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage import answers, begun, blockers, commitment_lists, commitments, drafts, following, rounds
from storage.answers import Open
from storage.begun import Begun
from storage.commitments import New
from storage.database import Sessions
from storage.models import AnswerRevision, Member, Round
from tests import cast
from tests.storage.test_checkins_rounds import DUE, ENDS, MONDAY, Stage, stage

__all__ = ["stage"]

BLOCKER = {"position": 1, "kind": "blocker", "text": "What is in the way?", "audience": "city"}
LEGAL = {"1": {"topic": "", "text": "Legal"}}


async def opens(sessions: Sessions, stage: Stage, day: date = MONDAY) -> Round:
    """A round with a question about blockers."""
    async with sessions.begin() as session:
        opened = await rounds.open_round(session, stage.check_in, day, [BLOCKER], stage.prompts(), note="", at=DUE)
    assert opened is not None
    return opened


async def says(sessions: Sessions, this: Open, who: Member, values: dict[str, Any], key: str, **more: Any) -> bool:
    async with sessions.begin() as session:
        return await answers.save(session, who, this, values, key, DUE, **more)


async def waiting(sessions: Sessions, now: datetime = DUE) -> list[AnswerRevision]:
    async with sessions() as session:
        return await following.due(session, now, 10)


async def form_of(session: AsyncSession, who: Member, this: Open) -> Begun:
    asked = await begun.of_member(session, who, this.prompt.id)
    assert asked is not None
    return asked.start


async def test_each_revision_is_carried_over_once_and_knows_the_one_before(sessions: Sessions, stage: Stage) -> None:
    await opens(sessions, stage)
    this, ana = await stage.prompt_of(sessions, "Ana"), stage.people["Ana"]
    await says(sessions, this, ana, LEGAL, "f1")
    await says(sessions, this, ana, {}, "f2")
    async with sessions() as session:
        assert await following.next_due(session) == DUE
        assert await following.due(session, DUE - timedelta(seconds=1), 10) == []

    async def takes(revision: AnswerRevision) -> following.Said | None:
        async with sessions.begin() as session:
            return await following.take(session, revision)

    for values, before in ((LEGAL, {}), ({}, LEGAL)):
        [revision] = await waiting(sessions)
        taken = [one for one in await asyncio.gather(takes(revision), takes(revision)) if one]
        assert [(one.values, one.earlier, one.member.id, one.this.prompt.id) for one in taken] == [
            (values, before, ana.id, this.prompt.id)
        ]
    assert await waiting(sessions) == []


async def test_what_is_put_off_keeps_later_answers_to_its_prompt_waiting_and_no_others(
    sessions: Sessions, stage: Stage
) -> None:
    async def keys(now: datetime = DUE) -> list[str]:
        return [one.form_key for one in await waiting(sessions, now)]

    await opens(sessions, stage)
    this, ana, rosa = await stage.prompt_of(sessions, "Ana"), stage.people["Ana"], stage.people["Rosa"]
    await says(sessions, this, ana, LEGAL, "f1")
    [first] = await waiting(sessions)
    later = DUE + timedelta(minutes=5)
    async with sessions.begin() as session:
        await following.put_off(session, AnswerRevision(id=first.id, program_id=first.program_id + 1), later)
    assert await keys() == ["f1"]
    async with sessions.begin() as session:
        await following.put_off(session, first, later)
    await says(sessions, this, ana, {}, "f2")
    await says(sessions, await stage.prompt_of(sessions, "Rosa"), rosa, LEGAL, "f3")
    assert (await keys(), await keys(later)) == (["f3"], ["f1", "f3"])
    async with sessions.begin() as session:
        assert await following.take(session, first) is not None
        await following.put_off(session, first, DUE)  # it was carried over meanwhile
    assert await keys() == ["f2", "f3"]


async def test_a_form_begins_with_ones_own_answer_and_draft_and_what_is_in_the_way(
    sessions: Sessions, stage: Stage
) -> None:
    await opens(sessions, stage)
    ana, rosa = stage.people["Ana"], stage.people["Rosa"]
    this, rosas = await stage.prompt_of(sessions, "Ana"), await stage.prompt_of(sessions, "Rosa")
    async with sessions() as session:
        nothing = await form_of(session, ana, this)
    assert (nothing.own, nothing.draft, nothing.since, nothing.blockers) == ({}, None, None, ())
    await says(sessions, this, ana, LEGAL, "f1")
    async with sessions.begin() as session:
        await drafts.keep(session, ana, begun.about(this.prompt.id), {"a1": "Half"}, DUE)
        await blockers.raised(session, this, ana, 1, "", "Legal", "city", DUE)
        await blockers.raised(session, rosas, rosa, 1, "", "Budget", "city", DUE + timedelta(hours=1))
    async with sessions() as session:
        mine, hers = await form_of(session, ana, this), await form_of(session, rosa, rosas)
        [before] = hers.blockers
    assert (mine.own, mine.draft, mine.since) == (LEGAL, {"a1": "Half"}, DUE)
    assert [one.blocker.text for one in mine.blockers] == ["Budget"], "what this answer raised stands in its own field"
    assert (hers.draft, before.blocker.text, before.name) == (None, "Legal", "Ana Diaz")
    async with sessions.begin() as session:
        assert await blockers.close(session, rosa, before.blocker.id, DUE)
    async with sessions() as session:
        assert len((await form_of(session, rosa, rosas)).blockers) == 1, "who closed it can take that back"
    async with sessions.begin() as session:
        assert not await blockers.opened_again(session, ana, before.blocker.id, DUE)
        assert await blockers.opened_again(session, rosa, before.blocker.id, DUE)


async def test_what_is_anonymous_is_kept_apart_with_the_first_answer_only(sessions: Sessions, stage: Stage) -> None:
    opened = await opens(sessions, stage)
    for name in ("Ana", "Rosa", "Keola"):
        this = await stage.prompt_of(sessions, name)
        assert await says(sessions, this, stage.people[name], {}, name, anonymous={3: "yes"})
        assert await says(sessions, this, stage.people[name], {}, f"{name} again", anonymous={3: "no"})
        assert not await says(sessions, this, stage.people[name], {}, name, anonymous={3: "no"})
    async with sessions() as session:
        assert await answers.anonymous_of_round(session, opened) == {3: ["yes"] * 3}


async def test_drafts_go_with_the_round_and_others_stay(sessions: Sessions, stage: Stage) -> None:
    opened = await opens(sessions, stage)
    this, ana = await stage.prompt_of(sessions, "Ana"), stage.people["Ana"]
    async with sessions.begin() as session:
        await drafts.keep(session, ana, begun.about(this.prompt.id), {"a1": "Half"}, DUE)
        await drafts.keep(session, ana, begun.about(this.prompt.id + 100), {"a1": "Another"}, DUE)
        await drafts.keep(session, ana, "check-in:new", {"name": "Pulse"}, DUE)
        assert await rounds.close(session, opened, ENDS)
        assert await drafts.find(session, ana, begun.about(this.prompt.id)) is not None
    await opens(sessions, stage, MONDAY + timedelta(days=7))
    async with sessions() as session:
        assert await drafts.find(session, ana, begun.about(this.prompt.id)) is None
        assert await drafts.find(session, ana, begun.about(this.prompt.id + 100)) is not None
        assert await drafts.find(session, ana, "check-in:new") is not None


async def test_a_round_that_closes_after_the_next_one_opened_takes_its_drafts_along(
    sessions: Sessions, stage: Stage
) -> None:
    opened = await opens(sessions, stage)
    this, ana = await stage.prompt_of(sessions, "Ana"), stage.people["Ana"]
    async with sessions.begin() as session:
        await drafts.keep(session, ana, begun.about(this.prompt.id), {"a1": "Half"}, DUE)
    await opens(sessions, stage, MONDAY + timedelta(days=7))
    async with sessions.begin() as session:
        assert await drafts.find(session, ana, begun.about(this.prompt.id)) is not None
        assert await rounds.close(session, opened, ENDS)
        assert await drafts.find(session, ana, begun.about(this.prompt.id)) is None


async def commits(sessions: Sessions, stage: Stage, name: str, audience: str = "city") -> commitments.Changed:
    city_id = stage.people.cities["Memphis"].id
    new = New(f"{name} promises", MONDAY, audience, stage.people.cohort.id, city_id, None)
    async with sessions.begin() as session:
        return await commitments.record(session, stage.people[name], new, DUE)


async def test_a_seat_lists_the_commitments_of_its_city_that_one_may_see(sessions: Sessions, stage: Stage) -> None:
    await commits(sessions, stage, "Ana", "facilitators")
    hers = (await commits(sessions, stage, "Rosa")).commitment
    seat_id = stage.people.seats["Memphis"].id
    async with sessions.begin() as session:
        for name, numbers, role in (("Ana", [1, 2], "lead"), ("Rosa", [2], "delegate")):
            found = await commitment_lists.of_seat(session, stage.people[name], seat_id)
            assert [(item.commitment.number, who) for item, who in found] == [(number, role) for number in numbers]
        await commitments.change(session, stage.people["Rosa"], hers, "done", {"state": "done"}, at=DUE)
        assert await commitment_lists.of_seat(session, stage.people["Rosa"], seat_id) == []
        again = await commitment_lists.of_seat(session, stage.people["Rosa"], seat_id, [2])
        assert [item.commitment.state for item, _ in again] == ["done"]
        assert await commitment_lists.of_seat(session, stage.people["Ana"], stage.people.seats["Honolulu"].id) == []


async def test_that_one_is_on_track_is_noted_as_an_update_and_once(sessions: Sessions, stage: Stage) -> None:
    one = (await commits(sessions, stage, "Ana")).commitment
    ana, later = stage.people["Ana"], DUE + timedelta(days=2)
    async with sessions.begin() as session:
        noted = await commitments.confirm(session, ana, one, "on_track", at=later)
        assert await commitments.confirm(session, ana, one, "on_track", at=later) is None, "it is not as seen any more"
        assert noted is not None
        assert (noted.commitment.state, noted.commitment.updated_at) == ("open", later)
        assert await commitments.event_of(session, ana, one, "on_track") == noted.event_id
        assert await commitments.event_of(session, ana, one, "done") is None
        assert await commitments.event_of(session, stage.people["Rosa"], one, "on_track") is None
        elsewhere = Member(id=ana.id, program_id=ana.program_id + 1)
        assert await commitments.event_of(session, elsewhere, one, "on_track") is None


async def test_nobody_of_another_program_begins_with_what_was_answered_or_knows_what_was_sent(
    sessions: Sessions, stage: Stage
) -> None:
    await opens(sessions, stage)
    this, ana = await stage.prompt_of(sessions, "Ana"), stage.people["Ana"]
    await says(sessions, this, ana, {"0": "Ours"}, "f1")
    async with sessions.begin() as session:
        stranger = (await cast.enter(session, team_id="T0OTHER"))["Ana"]
        assert await begun.of_member(session, stranger, this.prompt.id) is None
        elsewhere = Member(id=ana.id, program_id=stranger.program_id)
        assert await begun.of_member(session, elsewhere, this.prompt.id) is None
        assert await begun.by_identity(session, "T0OTHER", "U0ANA", this.prompt.id) is None
        mine = await begun.by_identity(session, cast.TEAM, "U0ANA", this.prompt.id)
        assert mine is not None
        assert (mine.member.id, mine.this.prompt.id, mine.start.own) == (ana.id, this.prompt.id, {"0": "Ours"})
        assert await begun.by_identity(session, cast.TEAM, "U0ROSA", this.prompt.id) is None
        assert await answers.was_saved(session, ana, "f1")
        assert not await answers.was_saved(session, stranger, "f1")
