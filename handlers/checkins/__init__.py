"""Check-ins: a few questions at a fixed local time, an answer per person, and a summary for the cohort."""

import re

from slack_bolt.async_app import AsyncApp

from handlers.checkins import (
    answering,
    city_views,
    early,
    early_views,
    forms,
    listeners,
    rest_views,
    resting,
    summaries,
    views,
)
from handlers.checkins.jobs import JOBS
from handlers.types import Settings

__all__ = ["JOBS", "register"]


def register(app: AsyncApp, settings: Settings) -> None:
    app.command(settings.command_checkin)(listeners.command)
    app.view(forms.NEW_FORM)(listeners.make)
    app.action(views.PAUSE)(listeners.pause)
    app.action(views.RESUME)(listeners.resume)
    app.action(views.ANSWER)(answering.ask)
    app.view(forms.ANSWER_FORM)(answering.save)
    app.action(views.DECLINE)(answering.decline)
    app.action(views.NO_REMINDER)(answering.remind_no_more)
    app.action(early_views.EARLY)(early.ask)
    app.action(city_views.REVISIONS)(answering.read_versions)
    app.action(rest_views.ASK_AGAIN)(resting.ask_again)
    app.action(forms.LAST_TIME)(answering.read_last_time)
    app.action(views.READ)(answering.read_round)
    app.action(re.compile(f"^{summaries.TURN_PAGE}_"))(answering.turn_page)
