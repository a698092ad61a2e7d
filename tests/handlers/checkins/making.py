"""Walks the steps in which a check-in is made, as a person does: every test that needs a check-in goes through them."""

from typing import Any

from bot.sandbox.form import Form
from tests.whole import Slack

# By what the tests of a check-in call a field: the step in which it stands, and its label.
LABELS = {
    "cohort": (1, "Cohort"),
    "template": (1, "Start with"),
    "name": (1, "Name"),
    "every": (3, "Weeks"),
    "weekday": (3, "On"),
    "at": (3, "At"),
    "hours": (3, "Ask on"),
    "answers": (4, "Who answers"),
    "window": (4, "Open for"),
    "reminder": (4, "Remind who has not answered"),
    "channel": (4, "Channel for the summary"),
}
PARTS = {"question": "Question", "kind": "Kind of answer", "audience": "Who sees the answers"}
USUAL = {"name": "Weekly pulse", "every": "Every week"}


async def first_step(slack: Slack, who: str = "Renee", words: str = "") -> Form:
    """The window that `/checkin new` opens."""
    opened = await slack.person(who).types("/checkin", f"new {words}".strip())
    assert isinstance(opened, Form), opened
    return opened


async def following(form: Form, **fields: Any) -> Form:
    """Fill a step in and go on to the next one."""
    for label, value in fields.items():
        await form.put(label, value)
    return await onward(form)


async def onward(form: Form) -> Form:
    shown = await form.submit()
    assert shown is not None
    assert not shown.errors, shown.errors
    return shown


async def last_step(slack: Slack, who: str = "Renee", **fields: Any) -> Form:
    """The last step, after the others were filled in: Mondays at nine, two days, the questions of the pulse."""
    wanted = USUAL | fields
    form = await first_step(slack, who)
    for step in (1, 2, 3, 4):
        if step == 2:
            await rewrite(slack, who, form, wanted)
        for name, (place, label) in LABELS.items():
            if place == step and name in wanted:
                await form.put(label, wanted[name])
        form = await onward(form)
    return form


async def rewrite(slack: Slack, who: str, form: Form, wanted: dict[str, Any]) -> None:
    """Write the questions that are wanted otherwise; one that is wanted empty is removed, the last one first."""
    for number in (3, 2, 1):
        parts = {label: wanted[f"{part}_{number}"] for part, label in PARTS.items() if f"{part}_{number}" in wanted}
        if parts.get("Question") == "":
            await slack.person(who).chooses(form, f"checkin_question_change_{number - 1}", "Remove")
        elif parts:
            window = await slack.person(who).chooses(form, f"checkin_question_change_{number - 1}", "Edit")
            assert isinstance(window, Form), window
            for label, value in parts.items():
                await window.put(label, value)
            assert await window.submit() is None, window.errors


async def made(slack: Slack, who: str = "Renee", **fields: Any) -> None:
    """Somebody makes a check-in."""
    form = await last_step(slack, who, **fields)
    assert await form.submit() is None, form.errors
