"""Who is in the cohort: the roster, who is who in Slack, and what members see of each other."""

from slack_bolt.async_app import AsyncApp

from handlers.cohorts import cohort_views, jobs, listeners, people_views
from handlers.types import Job, Settings

JOBS: list[Job] = jobs.JOBS


def register(app: AsyncApp, settings: Settings) -> None:
    """The command, its buttons, and what Slack tells of its users."""
    app.command(settings.command_cohort)(listeners.answer)
    app.action(cohort_views.SHOW)(listeners.show)
    app.action(cohort_views.CHOOSE)(listeners.show)
    app.action(people_views.MORE)(listeners.show_more)
    app.action(people_views.FIRST)(listeners.show_more)
    app.event("team_join")(listeners.somebody_joined)
    app.event("user_change")(listeners.somebody_changed)
