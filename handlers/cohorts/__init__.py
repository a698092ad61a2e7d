"""Who is in the cohort: the roster, who is who in Slack, and what members see of each other."""

from slack_bolt.async_app import AsyncApp

from handlers import words
from handlers.cohorts import (
    brief_views,
    briefing,
    cohort_forms,
    cohort_views,
    editing,
    import_jobs,
    import_views,
    imports,
    jobs,
    leaving,
    listeners,
    opening,
    people_views,
    placing,
    seat_forms,
    seat_views,
)
from handlers.types import Job, Settings

JOBS: list[Job] = [*jobs.JOBS, *leaving.JOBS, *import_jobs.JOBS]


def register(app: AsyncApp, settings: Settings) -> None:
    """The command, its buttons, and what Slack tells of its users."""
    app.command(settings.command_cohort)(listeners.answer)
    app.action(cohort_views.SHOW)(listeners.show)
    app.action(cohort_views.CHOOSE)(listeners.show)
    app.action(people_views.MORE)(listeners.show_more)
    app.action(people_views.FIRST)(listeners.show_more)
    app.view(import_views.FORM)(imports.take)
    app.action(import_views.CHOOSE)(imports.open_form)
    app.action(import_views.CONFIRM)(imports.confirm)
    app.action(import_views.NOT_NOW)(imports.put_off)
    app.action(import_views.AGAIN)(imports.show_again)
    app.action(import_views.MORE)(imports.show_more)
    app.action(import_views.WHOLE)(imports.send_whole)
    app.action(import_views.UNDO)(imports.take_back)
    app.event("team_join")(listeners.somebody_joined)
    app.event("user_change")(listeners.somebody_changed)
    for word in words.FORMS:
        app.action(f"cohort_{word}")(opening.pressed)
    app.view(seat_forms.PICK)(opening.picked)
    app.view(cohort_forms.FORM)(editing.save)
    app.view(seat_forms.ADD)(placing.add)
    app.view(seat_forms.REMOVE)(placing.remove)
    app.view(seat_forms.GOING)(placing.remove_now)
    app.view(seat_forms.HANDOVER)(placing.handover)
    app.view(seat_forms.TAKING)(placing.take)
    app.action(seat_views.UNDO)(placing.undo)
    app.action(seat_views.COMMITMENTS)(briefing.show_commitments)
    app.action(brief_views.ANSWERS)(briefing.show_answers)
    app.action(brief_views.WHEN)(briefing.show_when)
