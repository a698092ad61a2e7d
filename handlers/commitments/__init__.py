"""Commitments: what somebody promised, until when, and what became of it."""

from slack_bolt.async_app import AsyncApp

from handlers import buttons
from handlers.commitments import changing, jobs, listeners, looking, views
from handlers.types import Job, Settings

JOBS: list[Job] = [jobs.NUDGES]


def register(app: AsyncApp, settings: Settings) -> None:
    """Hook the command, the shortcuts, the forms and the buttons of commitments."""
    app.command(settings.command_commit)(listeners.commit)
    app.global_shortcut(views.NEW_SHORTCUT)(listeners.new)
    app.message_shortcut(views.RECORD_SHORTCUT)(listeners.record_message)
    app.action(buttons.ADOPT_PRACTICE)(listeners.adopt)
    app.view(views.FORM)(listeners.save)
    for at_once in changing.AT_ONCE:
        app.action(at_once)(changing.press)
    for asking_more in changing.ASKING_MORE:
        app.action(asking_more)(changing.open_form)
    for by_form in changing.BY_FORM:
        app.view(by_form)(changing.submit)
    app.action(views.UNDO)(changing.undo)
    app.action(views.SHOW_MORE)(looking.more)
