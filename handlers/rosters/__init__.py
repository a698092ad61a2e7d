"""The roster as a file: it comes in by `/cohort import`, and goes out by `/cohort export`."""

from slack_bolt.async_app import AsyncApp

from handlers import words
from handlers.rosters import exports, imports, jobs, views
from handlers.types import Job, Settings

JOBS: list[Job] = jobs.JOBS


def register(app: AsyncApp, settings: Settings) -> None:
    """Its words of the command, the form that takes a file, and the buttons under the message that follows it."""
    app.command(settings.command_cohort, matchers=[words.first("import")])(imports.open_form)
    app.command(settings.command_cohort, matchers=[words.first("export")])(exports.answer)
    app.view(views.FORM)(imports.take)
    app.action(views.CHOOSE)(imports.open_form)
    for button in imports.MOVES:
        app.action(button)(imports.move)
    app.action(views.MORE)(imports.show_more)
    app.action(views.WHOLE)(imports.send_whole)
