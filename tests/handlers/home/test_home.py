"""What stands in App Home."""

from datetime import UTC, date, datetime

from sqlalchemy import func, select

from handlers.home import views
from storage.commitment_lists import Item
from storage.models import Commitment, Delivery
from tests.whole import Slack, program_of

NOW = datetime(2026, 10, 1, 15, 0, tzinfo=UTC)


class Names:
    command_cohort, command_checkin, command_commit, command_practices = "/cohort", "/checkin", "/commit", "/practices"


def texts(view: dict) -> list[str]:
    return [block["text"]["text"] for block in view["blocks"] if "text" in block]


async def test_home_shows_what_waits_what_i_promised_my_cohorts_and_what_to_try(slack: Slack) -> None:
    ana = slack.person("Ana")
    await ana.types("/commit", "publish the vendor list by Friday")
    await ana.opens_home()
    shown = texts(ana.home)
    assert shown[:3] == ["Open for you", "No check-in is waiting for you.", "Your commitments"]
    assert shown[3].startswith("*#1* publish the vendor list · due")
    assert shown[4:6] == [
        "Your cohorts",
        "*Inclusive procurement* · City Accelerator\nYou lead *Memphis, TN*. Next check-in: none planned.",
    ]
    assert shown[6].splitlines()[0] == "*Three things to try*"
    assert "`/cohort who Memphis`" in shown[6]


async def test_a_commitment_is_marked_done_from_home(slack: Slack) -> None:
    ana = slack.person("Ana")
    await ana.types("/commit", "publish the vendor list by Friday")
    await ana.opens_home()
    await ana.clicks(ana.home, "Mark done")
    assert "done" in ana.messages[-1]["text"].lower()
    await ana.opens_home()
    assert "None are open. `/commit TEXT by WHEN` records one." in texts(ana.home)


async def test_a_cohort_opens_as_a_window_from_home(slack: Slack) -> None:
    keola = slack.person("Keola")
    await keola.opens_home()
    window = await keola.clicks(keola.home, "Show cohort")
    assert "Facilitated by Renee Okonjo" in window.text


async def test_only_the_home_tab_is_drawn(slack: Slack) -> None:
    ana = slack.person("Ana")
    slack.workspace.on_event({"type": "app_home_opened", "user": ana.id, "channel": "D1", "tab": "messages"})
    await slack.settle()
    program_id = await program_of(slack.sessions)
    async with slack.sessions() as session:
        query = select(func.count()).select_from(Delivery).where(Delivery.program_id == program_id)
        assert await session.scalar(query.where(Delivery.kind == "home")) == 0


async def test_somebody_unknown_reads_whom_to_ask_in_home(slack: Slack) -> None:
    person = slack.workspace.add_person("Zoe", email="zoe@nowhere.org")
    zoe = slack.sandbox.person(person.id)
    await zoe.opens_home()
    [title, text] = texts(zoe.home)
    assert title == "Welcome"
    assert "Please ask Dana Whitfield. They can put you on the roster" in text


def test_home_holds_a_hundred_blocks_at_most() -> None:
    commitment = Commitment(number=1, text="a" * 3000, due_on=date(2026, 10, 2), state="open")
    items = [Item(commitment, None, "", "")] * 300
    view = views.home([], items, [], [], zone="America/Chicago", now=NOW, settings=Names())
    assert len(view["blocks"]) <= 100
    assert "and 295 more: `/commit mine` lists them all." in str(view)
