"""Check-ins: a few questions at a fixed local time, an answer per person, and a summary for the cohort."""

import re

from slack_bolt.async_app import AsyncApp

from handlers.checkins import (
    answering,
    forms,
    ledger,
    ledger_views,
    listeners,
    report_views,
    reporting,
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
    app.action(forms.LAST_TIME)(answering.read_last_time)
    app.action(views.READ)(answering.read_round)
    app.action(re.compile(f"^{summaries.TURN_PAGE}_"))(answering.turn_page)
    app.view(report_views.PICK)(reporting.chosen)
    app.action(report_views.MORE)(reporting.show_more)
    app.action(report_views.CSV)(reporting.send_csv)
    app.action(report_views.ANSWERS)(reporting.send_answers)
    app.action(ledger_views.DELIVERIES)(ledger.show)
    app.action(re.compile(f"^{ledger_views.TURN}_"))(ledger.turn)
