"""Check-ins: a few questions at a fixed local time, an answer per person, and a summary for the cohort."""

import re

from slack_bolt.async_app import AsyncApp

from handlers.checkins import (
    answer_form,
    answering,
    blocker_views,
    following,
    forms,
    jobs,
    last_time,
    listeners,
    looking_after,
    summaries,
    views,
)
from handlers.types import Settings

__all__ = ["JOBS", "register"]

JOBS = [*jobs.JOBS, following.FOLLOW]


def register(app: AsyncApp, settings: Settings) -> None:
    app.command(settings.command_checkin)(listeners.command)
    app.view(forms.NEW_FORM)(listeners.make)
    app.action(views.PAUSE)(listeners.pause)
    app.action(views.RESUME)(listeners.resume)
    app.action(views.ANSWER)(answering.ask)
    app.view(answer_form.ANSWER_FORM)(answering.save)
    app.view_closed(answer_form.ANSWER_FORM)(answering.closed)
    app.action(answer_form.BACK)(answering.back)
    app.action(answer_form.AFRESH)(answering.start_afresh)
    app.action(views.DECLINE)(answering.decline)
    app.action(views.NO_REMINDER)(answering.remind_no_more)
    app.action(last_time.LAST_TIME)(answering.read_last_time)
    app.action(views.READ)(answering.read_round)
    app.action(re.compile(f"^{summaries.TURN_PAGE}_"))(answering.turn_page)
    app.action(blocker_views.LOOK_AFTER)(looking_after.open_form)
    app.view(blocker_views.FORM)(looking_after.save)
    app.action(blocker_views.LET_GO)(looking_after.let_go)
    app.action(blocker_views.CLOSE)(looking_after.close)
    app.action(blocker_views.REOPEN)(looking_after.reopen)
    app.action(re.compile(f"^{blocker_views.TURN_PAGE}_"))(looking_after.turn_page)
