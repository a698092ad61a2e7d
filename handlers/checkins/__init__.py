"""Check-ins: a few questions at a fixed local time, an answer per person, and a summary for the cohort."""

import re

from slack_bolt.async_app import AsyncApp

from handlers.checkins import (
    blocker_views,
    changing,
    changing_views,
    jobs,
    listeners,
    looking_after,
    rest_views,
    resting,
    views,
)
from handlers.checkins.answering import answer_form, city_views, early, early_views, following, last_time
from handlers.checkins.answering import listeners as answering
from handlers.checkins.making import dates_views as making_dates_views
from handlers.checkins.making import last_views as making_last_views
from handlers.checkins.making import preview, question_views
from handlers.checkins.making import questions as making_questions
from handlers.checkins.making import steps as making_steps
from handlers.checkins.making import views as making_views
from handlers.checkins.reports import ledger, ledger_views
from handlers.checkins.reports import listeners as reporting
from handlers.checkins.reports import views as report_views
from handlers.checkins.summing import summaries
from handlers.types import Settings

__all__ = ["JOBS", "register"]

JOBS = [*jobs.JOBS, following.FOLLOW]


def register(app: AsyncApp, settings: Settings) -> None:
    app.command(settings.command_checkin)(listeners.command)
    _making(app)
    for step in changing_views.STEPS:
        app.action(f"{changing_views.PREFIX}{step}")(changing.press)
    app.action(views.ANSWER)(answering.ask)
    app.view(answer_form.ANSWER_FORM)(answering.save)
    app.view_closed(answer_form.ANSWER_FORM)(answering.closed)
    app.action(answer_form.BACK)(answering.back)
    app.action(answer_form.AFRESH)(answering.start_afresh)
    app.action(views.DECLINE)(answering.decline)
    app.action(views.NO_REMINDER)(answering.remind_no_more)
    app.action(early_views.EARLY)(early.ask)
    app.action(city_views.REVISIONS)(answering.read_versions)
    app.action(rest_views.ASK_AGAIN)(resting.ask_again)
    app.action(last_time.LAST_TIME)(answering.read_last_time)
    app.action(views.READ)(answering.read_round)
    app.action(re.compile(f"^{summaries.TURN_PAGE}_"))(answering.turn_page)
    _blockers(app)
    _reports(app)


def _making(app: AsyncApp) -> None:
    """The form in steps by which facilitators make and change check-ins, and the preview of one."""
    app.action(making_views.NEW)(making_steps.pressed)
    app.action(making_views.EDIT)(making_steps.pressed)
    app.view(making_views.STEP)(making_steps.sent)
    app.view_closed(making_views.STEP)(making_steps.closed)
    app.action(making_views.BACK)(making_steps.back)
    app.action(making_views.GO_ON)(making_steps.go_on)
    app.action(making_views.ANEW)(making_steps.anew)
    app.action(re.compile(f"^{making_dates_views.LOOK}"))(making_steps.look)
    app.action(making_views.ADD)(making_questions.add)
    app.action(re.compile(f"^{making_views.CHANGE}_"))(making_questions.change)
    app.action(making_views.PUT_BACK)(making_questions.put_back)
    app.action(making_views.TAKE_TEMPLATE)(making_questions.take_template)
    app.action(question_views.KIND)(making_questions.kind_chosen)
    app.view(question_views.FORM)(making_questions.written)
    app.action(making_last_views.PREVIEW)(preview.send)
    app.action(preview.ANSWER)(preview.ask)
    app.action(preview.DECLINE)(preview.decline)
    app.view(preview.FORM)(preview.answer)


def _blockers(app: AsyncApp) -> None:
    """What facilitators do about what is in a city's way."""
    app.action(blocker_views.LOOK_AFTER)(looking_after.open_form)
    app.view(blocker_views.FORM)(looking_after.save)
    app.action(blocker_views.LET_GO)(looking_after.let_go)
    app.action(blocker_views.CLOSE)(looking_after.close)
    app.action(blocker_views.REOPEN)(looking_after.reopen)
    app.action(re.compile(f"^{blocker_views.TURN_PAGE}_"))(looking_after.turn_page)


def _reports(app: AsyncApp) -> None:
    """How cohorts answer, and what became of each message of a round."""
    app.view(report_views.PICK)(reporting.chosen)
    app.action(report_views.MORE)(reporting.show_more)
    app.action(report_views.CSV)(reporting.send_csv)
    app.action(report_views.ANSWERS)(reporting.send_answers)
    app.action(ledger_views.DELIVERIES)(ledger.show)
    app.action(re.compile(f"^{ledger_views.TURN}_"))(ledger.turn)
