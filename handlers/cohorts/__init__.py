"""Who is in the cohort: the roster, who is who in Slack, and what members see of each other."""

from slack_bolt.async_app import AsyncApp

from handlers.cohorts import (
    absence_listeners,
    absence_views,
    cohort_views,
    days_listeners,
    days_views,
    jobs,
    listeners,
    people_views,
)
from handlers.types import Job, Settings

JOBS: list[Job] = jobs.JOBS


def register(app: AsyncApp, settings: Settings) -> None:
    """The command, its buttons, and what Slack tells of its users."""
    app.command(settings.command_cohort)(listeners.answer)
    app.action(cohort_views.SHOW)(listeners.show)
    app.action(cohort_views.CHOOSE)(listeners.show)
    app.action(people_views.MORE)(listeners.show_more)
    app.view(absence_views.FORM)(absence_listeners.show_effect)
    app.view(absence_views.CONFIRM)(absence_listeners.confirm)
    app.action(absence_views.CHANGE)(absence_listeners.change_dates)
    app.action(absence_views.END)(absence_listeners.end)
    app.action(days_views.CHOOSE)(days_listeners.choose)
    app.action(days_views.ADD)(days_listeners.ask)
    app.action(days_views.CHANGE)(days_listeners.change)
    app.action(days_views.REMOVE)(days_listeners.ask_to_remove)
    app.view(days_views.FORM)(days_listeners.show_effect)
    app.view(days_views.CONFIRM)(days_listeners.add)
    app.view(days_views.REMOVAL)(days_listeners.remove)
    app.event("team_join")(listeners.somebody_joined)
    app.event("user_change")(listeners.somebody_changed)
