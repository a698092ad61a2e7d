"""Who is away, and on which days a city does not work: `/cohort away`, `back` and `days`."""

from slack_bolt.async_app import AsyncApp

from handlers import words
from handlers.absences import days_listeners, days_views, listeners, views
from handlers.types import Job, Settings

JOBS: list[Job] = []


def register(app: AsyncApp, settings: Settings) -> None:
    """Its words of the command, the pages of an absence, and those of a city's calendar."""
    app.command(settings.command_cohort, matchers=[words.first("away")])(listeners.away)
    app.command(settings.command_cohort, matchers=[words.first("back")])(listeners.back)
    app.command(settings.command_cohort, matchers=[words.first("days")])(days_listeners.calendar_of)
    app.view(views.FORM)(listeners.show_effect)
    app.view(views.CONFIRM)(listeners.confirm)
    app.action(views.CHANGE)(listeners.change_dates)
    app.action(views.END)(listeners.end)
    app.action(days_views.CHOOSE)(days_listeners.choose)
    for button in days_listeners.PAGES:
        app.action(button)(days_listeners.open_page)
    app.action(days_views.CHANGE)(days_listeners.change)
    app.view(days_views.FORM)(days_listeners.show_effect)
    app.view(days_views.CONFIRM)(days_listeners.confirm)
    app.view(days_views.REMOVAL)(days_listeners.confirm)
