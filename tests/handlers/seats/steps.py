"""Steps that the conversations about seats share."""

from datetime import UTC, datetime

from bot.sandbox.form import Form
from bot.sandbox.person import Actor
from tests.handlers.steps import delegate_of, form_of
from tests.whole import Slack

MONDAY = datetime(2026, 10, 5, 15, 0, tzinfo=UTC)


def newcomer(slack: Slack) -> Actor:
    person = slack.workspace.add_person("Bo Li", email="bo@memphis.gov", tz="America/Chicago")
    return slack.sandbox.person(person.id)


async def ended(slack: Slack, name: str = "Ana", until: str = "2026-10-02") -> None:
    renee = slack.person("Renee")
    form = await form_of(renee, "remove")
    sure = await form.submit(who=delegate_of(form, name), until=until, why="moved <on>")
    assert isinstance(sure, Form)
    assert await sure.submit() is None
    await slack.settle()


async def hand_over(
    slack: Slack, to: Actor, *, along: str = "all", chosen: list[str] | None = None, **filled: str
) -> Form | None:
    form = await form_of(slack.person("Renee"), "handover")
    filled = {"who": delegate_of(form, "Ana"), "user": to.id, "name": "Bo Li", "since": "2026-10-05"} | filled
    second = await form.submit(**filled)
    if second is None or second.errors:
        return second
    assert second.labels == ["Which open commitments go along", "Those that go along"]
    done = await second.submit(along=along, **({"chosen": chosen} if chosen else {}))
    await slack.settle()
    return done
