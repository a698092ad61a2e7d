"""The traps that others fell into (product.md, "Never"): each has a test here that is named after it and fails in it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, update

from bot import run
from bot.sandbox import interaction
from bot.sandbox.clock import Clock
from bot.sandbox.form import Form
from bot.sandbox.server import Sandbox
from storage.models import Cohort, Commitment, Delegate, Delivery, Member, Network, Owed, Seat, SeenEvent
from tests import cast, databases, whole
from tests.handlers.checkins import steps
from tests.journeys import telling
from tests.journeys.telling import Said, moment
from tests.whole import Slack

COUNTED = {"across_programs": "the test looks at all"}
MEMPHIS, HONOLULU = "America/Chicago", "Pacific/Honolulu"
MONDAY = moment(MEMPHIS, 2026, 10, 5, 9)


async def waits_end(slack: Slack) -> None:
    """The pauses of a sender that does not know what became of a message are real time: here they are over at once."""
    query = update(Delivery).where(Delivery.settled_at.is_(None), Delivery.leased_until.is_not(None))
    async with slack.sessions.begin() as session:
        await session.execute(query.values(leased_until=datetime.now(UTC)).execution_options(**COUNTED))
    await slack.settle()


def prompts_to(slack: Slack, who: str) -> list[datetime]:
    return [one.at for one in telling.said(slack, ["prompt"]) if one.to == who]


async def test_trap_one_deadline_for_all_time_zones(slack: Slack) -> None:
    """Far west people were never asked, and yet called missing."""
    await telling.makes_check_in(slack, window="One day")
    await slack.turn_to(moment(MEMPHIS, 2026, 10, 6, 9, 1))  # the day of Memphis is over, not that of Honolulu
    assert prompts_to(slack, "Keola") == [moment(HONOLULU, 2026, 10, 5, 9)]
    assert telling.said(slack, ["summary"]) == []
    await steps.answers(slack, "Keola", answer_0="The survey is out.")
    await slack.turn_to(moment(HONOLULU, 2026, 10, 6, 9, 1))
    private = telling.words(telling.latest(slack, "Dana", "for facilitators"))
    assert "Keola Akana" not in private
    assert "late" not in slack.person("Keola").messages[-1]["text"]


async def test_trap_matching_the_exact_minute(slack: Slack) -> None:
    """A restart over that minute lost the whole round."""
    await telling.makes_check_in(slack)
    slack.clock.set(MONDAY + timedelta(minutes=7))
    await slack.settle()
    assert prompts_to(slack, "Ana") == prompts_to(slack, "Rosa") == [MONDAY + timedelta(minutes=7)]


async def test_trap_returning_at_the_first_finished_cohort(slack: Slack) -> None:
    """The cohorts after it got no reminder."""
    async with slack.sessions.begin() as session:
        first = (await session.scalars(select(Cohort).execution_options(**COUNTED))).one()
        network = await session.scalar(select(Network.id).execution_options(**COUNTED))
        common = {"program_id": first.program_id}
        later = Cohort(**common, network_id=network, name="Open data", theme="", created_at=slack.clock.now())
        session.add(later)
        await session.flush()
        seat = await session.scalar(select(Seat).limit(1).execution_options(**COUNTED))
        other = Seat(**common, cohort_id=later.id, city_id=seat.city_id)
        session.add(other)
        await session.flush()
        rosa = await session.scalar(select(Member.id).where(Member.name == "Rosa Kim").execution_options(**COUNTED))
        session.add(Delegate(**common, seat_id=other.id, member_id=rosa, role="delegate"))
    await telling.makes_check_in(slack, cohort="Inclusive procurement", channel="C0COHORT", name="First pulse")
    await telling.makes_check_in(slack, cohort="Open data", channel="C0COHORT", name="Second pulse")
    await slack.turn_to(moment(HONOLULU, 2026, 10, 5, 9))
    # The first cohort is finished before its reminders are due; the second is not.
    async with slack.sessions.begin() as session:
        mine = select(Seat.id).where(Seat.cohort_id == first.id)
        ended = update(Delegate).where(Delegate.seat_id.in_(mine)).values(until_on=date(2026, 10, 4))
        await session.execute(ended.execution_options(**COUNTED))
    await slack.turn_to(moment(MEMPHIS, 2026, 10, 7, 8, 30))
    reminders = [one["text"] for one in slack.person("Rosa").messages if "You have not answered" in one["text"]]
    assert len(reminders) == 1
    assert "Second pulse (Open data)" in reminders[0]
    assert [one.to for one in telling.said(slack, ["reminder"])] == ["Rosa"]


async def test_trap_marking_sent_only_after_sending(slack: Slack) -> None:
    """Who died in between said it again."""
    await telling.makes_check_in(slack)
    slack.sandbox.faults.order("chat.postMessage", lost=True, times=4)
    await slack.turn_to(MONDAY)
    await waits_end(slack)
    await waits_end(slack)
    assert prompts_to(slack, "Ana") == [MONDAY]
    assert prompts_to(slack, "Rosa") == [MONDAY]


async def test_trap_marking_sent_before_sending(slack: Slack) -> None:
    """Who died in between never said it."""
    await telling.makes_check_in(slack)
    slack.sandbox.faults.order("chat.postMessage", status=500, times=2)
    await slack.turn_to(MONDAY)
    assert prompts_to(slack, "Ana") == prompts_to(slack, "Rosa") == []
    await waits_end(slack)
    assert prompts_to(slack, "Ana") == prompts_to(slack, "Rosa") == [MONDAY]


async def test_trap_counting_what_the_night_or_the_weekend_held_back_as_sent(slack: Slack) -> None:
    """Three days before a Tuesday is a Saturday: the nudge was not sent, and not made up for either."""
    await slack.person("Rosa").types("/commit", "send Phoenix our vendor survey by Oct 6")
    await slack.turn_to(moment(MEMPHIS, 2026, 10, 4, 20))
    assert telling.said(slack, ["nudge"]) == []
    await slack.turn_to(moment(MEMPHIS, 2026, 10, 5, 12))
    assert telling.said(slack, ["nudge"]) == [Said(moment(MEMPHIS, 2026, 10, 5, 8), "nudge", "Rosa")]


async def test_trap_holding_a_prompt_over_the_night_and_forgetting_it(slack: Slack) -> None:
    """The bot comes back in the evening: the prompt waits for the morning, and comes."""
    await telling.makes_check_in(slack, window="Three days")
    slack.clock.set(moment(MEMPHIS, 2026, 10, 5, 21))
    await slack.settle()
    assert prompts_to(slack, "Ana") == []
    await slack.turn_to(moment(MEMPHIS, 2026, 10, 6, 9))
    assert prompts_to(slack, "Ana") == [moment(MEMPHIS, 2026, 10, 6, 8)]


async def test_trap_marking_a_reminder_done_although_sending_failed(slack: Slack) -> None:
    await telling.makes_check_in(slack)
    await slack.turn_to(moment(MEMPHIS, 2026, 10, 6, 20))
    slack.sandbox.faults.order("chat.postMessage", status=429, retry_after=3, times=6)
    await slack.turn_to(moment(MEMPHIS, 2026, 10, 7, 8, 30))
    reminded = sorted(one.to for one in telling.said(slack, ["reminder"]))
    assert reminded == ["Ana", "Rosa"]


async def test_trap_subtracting_minutes_without_moving_the_weekday(slack: Slack) -> None:
    """Monday morning in Guam is Sunday evening in UTC: it was asked on the wrong day."""
    async with slack.sessions.begin() as session:
        keola = update(Member).where(Member.name == "Keola Akana").values(app_time_zone="Pacific/Guam")
        await session.execute(keola.execution_options(**COUNTED))
    await telling.makes_check_in(slack)
    await slack.turn_to(moment("Pacific/Guam", 2026, 10, 6, 12))
    assert prompts_to(slack, "Keola") == [moment("Pacific/Guam", 2026, 10, 5, 9)]
    assert moment("Pacific/Guam", 2026, 10, 5, 9).weekday() == 6


async def test_trap_dropping_what_slack_delivers_again(filled: Path, tmp_path: Path) -> None:
    """What was lost in a restart comes a second time, with a header that says so. What was not lost counts once."""
    url, workspace, clock = (
        databases.copy_of(filled, tmp_path),
        whole.people_the_workspace(),
        Clock(cast.START, frozen=True),
    )
    async with Sandbox(workspace, clock=clock) as sandbox:

        def moves(zone: str) -> None:
            workspace.people[cast.user_id("Ana")].tz = zone
            changed = {"type": "user_change", "user": workspace.user(cast.user_id("Ana")), "cache_ts": 1}
            sandbox.links.deliver(interaction.event(workspace, changed))

        moves("America/Denver")  # nobody is there to hear it
        await sandbox.links.quiet()
        settings = whole.settings_for(workspace, sandbox.url, url)
        async with run.running(settings, clock, ticking=False) as bot:
            sandbox.app_next_due, sandbox.app_settle = bot.next_due, bot.settle
            slack = Slack(sandbox, bot)
            assert (await slack.member("Ana")).slack_time_zone == MEMPHIS
            await slack.turn_to(clock.now() + timedelta(minutes=10))
            assert (await slack.member("Ana")).slack_time_zone == "America/Denver"

            sandbox.faults.order_event("unheard", "user_change")  # it takes effect, and Slack does not know
            moves("America/Los_Angeles")
            await slack.turn_to(clock.now() + timedelta(minutes=10))
            assert (await slack.member("Ana")).slack_time_zone == "America/Los_Angeles"
            async with slack.sessions() as session:
                assert await session.scalar(select(func.count(SeenEvent.event_id))) == 2
            assert any("redelivery" in call["verdict"] for call in sandbox.calls)


async def test_trap_closing_a_goal_because_its_owner_was_silent(slack: Slack) -> None:
    await slack.person("Rosa").types("/commit", "send Phoenix our vendor survey by Oct 6")
    await slack.turn_to(datetime(2027, 3, 1, tzinfo=UTC))
    async with slack.sessions() as session:
        [goal] = await session.scalars(select(Commitment).execution_options(**COUNTED))
    assert (goal.state, goal.closed_at) == ("open", None)
    shown = await slack.person("Rosa").types("/commit", "overdue")
    assert "send Phoenix our vendor survey" in telling.words(shown)


async def test_trap_ringing_everybody(slack: Slack) -> None:
    """Nothing that the bot says of its own accord mentions @here, @channel or @everyone."""
    await telling.makes_check_in(slack)
    await slack.person("Rosa").types("/commit", "send Phoenix our vendor survey by Oct 6")
    await slack.turn_to(MONDAY)
    await steps.answers(slack, "Ana", answer_0="The survey is out.")
    await slack.turn_to(MONDAY + timedelta(days=4))
    async with slack.sessions() as session:
        payloads = list(await session.scalars(select(Owed.payload).execution_options(**COUNTED)))
    assert len(payloads) > 10
    assert not any(word in str(payloads) for word in ("<!here", "<!channel", "<!everyone", "@here", "@channel"))


async def test_trap_a_long_text_that_fails_silently(slack: Slack) -> None:
    """Longer than Slack takes in one block: it reaches the channel, and its last word can be read."""
    await telling.makes_check_in(slack)
    await slack.turn_to(MONDAY)
    long = f"{'word ' * 597}THE END"
    await steps.answers(slack, "Ana", answer_0=long)
    await slack.turn_to(MONDAY + timedelta(days=3))
    async with slack.sessions() as session:
        failed = select(Delivery).where(Delivery.outcome.not_in(("sent", "withdrawn", "superseded")))
        assert list(await session.scalars(failed.execution_options(**COUNTED))) == []
    summary = next(
        one for one in slack.person("Rosa").sees("#cohort") if one.get("user") == slack.workspace.bot_user_id
    )
    shown = telling.words([summary, *slack.person("Rosa").replies(summary)])
    if "THE END" not in shown:
        page = await slack.person("Rosa").clicks(summary, "Read on")
        assert isinstance(page, Form)
        shown = page.text
    assert "THE END" in shown


async def test_trap_user_text_that_reaches_mrkdwn_unescaped(slack: Slack) -> None:
    """`<!channel>`, typed by a person, must not ring everybody."""
    await telling.makes_check_in(slack)
    await slack.turn_to(MONDAY)
    await steps.answers(slack, "Ana", answer_0="<!channel> & <@U0ROSA>", answer_2="<!here> is in the way")
    await slack.person("Rosa").types("/commit", "tell <!channel> by Oct 6")
    await slack.turn_to(MONDAY + timedelta(days=4))
    async with slack.sessions() as session:
        payloads = str(list(await session.scalars(select(Owed.payload).execution_options(**COUNTED))))
    assert "&lt;!channel&gt; &amp; &lt;@U0ROSA&gt;" in payloads
    assert "<!" not in payloads
    assert "<@U0ROSA>" not in payloads
