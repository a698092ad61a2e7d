"""Check-ins: a few questions at a fixed local time, an answer per person, and a summary for the cohort."""

import re

from slack_bolt.async_app import AsyncApp

from handlers.checkins import answering, changing, changing_views, forms, listeners, summaries, views
from handlers.checkins.jobs import JOBS
from handlers.types import Settings

__all__ = ["JOBS", "register"]


def register(app: AsyncApp, settings: Settings) -> None:
    app.command(settings.command_checkin)(listeners.command)
    app.view(forms.NEW_FORM)(listeners.make)
    for step in changing_views.STEPS:
        app.action(f"{changing_views.PREFIX}{step}")(changing.press)
    app.action(views.ANSWER)(answering.ask)
    app.view(forms.ANSWER_FORM)(answering.save)
    app.action(views.DECLINE)(answering.decline)
    app.action(views.NO_REMINDER)(answering.remind_no_more)
    app.action(forms.LAST_TIME)(answering.read_last_time)
    app.action(views.READ)(answering.read_round)
    app.action(re.compile(f"^{summaries.TURN_PAGE}_"))(answering.turn_page)
