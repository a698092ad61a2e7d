"""Every name and text in the database would ring the whole channel; whatever the bot says, it rings nobody."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from storage.models import City, Cohort, Gap, Member, Network, Practice
from tests.handlers.checkins import steps
from tests.whole import Slack

RINGS = "<!channel>"
NAMED = ((Network, ("name",)), (Cohort, ("name", "theme")), (City, ("name",)), (Member, ("name", "title")))
TOLD = ("title", "summary", "outcome", "years")
LISTED = ("steps", "places", "topics", "elements", "networks")


async def make_everything_loud(slack: Slack) -> None:
    program_id = slack.bot.program_id
    async with slack.sessions.begin() as session:
        for table, columns in NAMED:
            values = {name: getattr(table, name) + f" {RINGS}" for name in columns}
            await session.execute(update(table).where(table.program_id == program_id).values(values))
        skilled = update(Member).where(Member.program_id == program_id)
        await session.execute(skilled.values(expertise=[f"procurement {RINGS}"]))
        values = {name: getattr(Practice, name) + f" {RINGS}" for name in TOLD}
        values |= {name: [f"procurement {RINGS}"] for name in LISTED}
        values["sources"] = [{"url": "https://example.org/", "title": f"Source {RINGS}"}]
        await session.execute(update(Practice).where(Practice.program_id == program_id).values(values))
        session.add(Gap(program_id=program_id, question=f"what of {RINGS}", at=slack.clock.now()))


def mrkdwn(part: Any) -> list[str]:
    """What Slack would read as markup in a message, a form or an answer."""
    if isinstance(part, list):
        return [text for one in part for text in mrkdwn(one)]
    if not isinstance(part, dict):
        return []
    own = [part["text"]] if isinstance(part.get("text"), str) and part.get("type") != "plain_text" else []
    return own + [text for value in part.values() for text in mrkdwn(value)]


def ringing(*said: Any) -> list[str]:
    shown = [one.view if hasattr(one, "view") else one for one in said if one is not None]
    return [text for text in mrkdwn(shown) if RINGS in text]


async def test_whatever_is_in_the_database_rings_nobody(slack: Slack) -> None:
    await make_everything_loud(slack)
    ana, renee, rosa = (slack.person(name) for name in ("Ana", "Renee", "Rosa"))
    said: list[Any] = []
    for who, command, text in (
        *((ana, "/cohort", text) for text in ("", "list", "show", "who", "who procurement", f"who {RINGS}", RINGS)),
        *((ana, "/commit", text) for text in (f"tell {RINGS} all by 2026-10-05", "mine", "city", "cohort", "show 1")),
        *(
            (ana, "/commit", text)
            for text in (f"tell {RINGS} by noday", f"move 1 to {RINGS}", "hand 1", f"drop 1 {RINGS}")
        ),
        *((rosa, "/commit", text) for text in ("city", "done 1", f"{RINGS}?")),
        *((ana, "/practices", text) for text in ("", "procurement", "show 1", f"city:{RINGS}", f"zzz {RINGS}", RINGS)),
        *((renee, "/practices", text) for text in ("gaps",)),
    ):
        said.append(await who.types(command, text))
    await ana.opens_home()
    said.append(ana.home)
    assert ringing(*said) == []


async def test_no_check_in_rings_anybody(slack: Slack) -> None:
    await make_everything_loud(slack)
    ana, renee, rosa = (slack.person(name) for name in ("Ana", "Renee", "Rosa"))
    await steps.made(slack, name=f"Pulse {RINGS}", question_1=f"What {RINGS} moved?")
    said: list[Any] = [await renee.types("/checkin", text) for text in ("list", "show 1", f"show zzz {RINGS}", RINGS)]
    said.append(await ana.types("/checkin", ""))
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    said += [await ana.types("/checkin", "list"), await ana.types("/checkin", "show 1")]
    long = f"{RINGS} " * 60
    await steps.answers(slack, "Ana", answer_0=long, answer_2=f"Blocked by {RINGS}")
    await rosa.clicks(steps.prompt_of(slack, "Rosa"), "Not this time")
    await slack.turn_to(steps.CLOSED + timedelta(days=1))
    said += [*ana.messages, *rosa.messages, *renee.messages, *ana.sees("#cohort"), *slack.person("Keola").messages]
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS + timedelta(days=8))  # that Monday is a holiday
    said.append(await ana.types("/checkin", ""))
    said.append(await renee.types("/checkin", "show 1"))
    said += [await renee.types("/checkin", f"{word} 1") for word in ("pause", "skip", "run", "end", "resume", "show")]
    await renee.types("/checkin", "skip 1")
    await renee.clicks(renee.messages[-1], "Leave out Monday, October 19")
    said.append(renee.messages[-1])
    await ana.opens_home()
    said.append(ana.home)
    assert ringing(*said) == []


async def test_no_nudge_and_no_hand_over_rings_anybody(slack: Slack) -> None:
    await make_everything_loud(slack)
    ana, rosa = slack.person("Ana"), slack.person("Rosa")
    await ana.types("/commit", f"tell {RINGS} all by 2026-10-02")
    await slack.turn_to(slack.clock.now() + timedelta(days=1, hours=2))
    for label in ("At risk", "Mark done"):
        await ana.clicks(ana.messages[-1], label)
    await ana.types("/commit", f"hear {RINGS} out by 2026-10-09")
    form = await ana.types("/commit", "hand 2")
    assert form is not None
    rosa_id = str((await slack.member("Rosa")).id)
    await form.submit(new_owner=rosa_id)
    said = [await rosa.types("/commit", text) for text in ("mine", "show 2")]
    assert ringing(*said, *ana.messages, *rosa.messages) == []
    assert any("&lt;!channel&gt;" in text for text in mrkdwn([*ana.messages, *rosa.messages]))
