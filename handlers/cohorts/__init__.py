"""Which cohorts there are and who is in them: what members see of each other, cohorts made and edited, who is who in Slack."""

from slack_bolt.async_app import AsyncApp

from handlers import buttons, choosing, words
from handlers.cohorts import cohort_views, editing, forms, jobs, listeners, opening, people_views
from handlers.types import Job, Settings

JOBS: list[Job] = jobs.JOBS


def register(app: AsyncApp, settings: Settings) -> None:
    """The command with all words that no other feature hooked, its buttons, and what Slack tells of its users."""
    app.command(settings.command_cohort, matchers=[words.first(*opening.WORDS)])(opening.asked)
    app.command(settings.command_cohort)(listeners.answer)
    app.action(buttons.SHOW_COHORT)(listeners.show)
    app.action(cohort_views.CHOOSE)(listeners.show)
    app.action(people_views.MORE)(listeners.show_more)
    app.action(people_views.FIRST)(listeners.show_more)
    for word in opening.WORDS:
        app.action(f"cohort_{word}")(opening.pressed)
    app.view(choosing.pick("edit"))(opening.picked)
    app.view(forms.FORM)(editing.save)
    app.event("team_join")(listeners.somebody_joined)
    app.event("user_change")(listeners.somebody_changed)
