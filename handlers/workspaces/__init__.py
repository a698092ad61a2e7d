"""Several Slack workspaces in one program: `/cohort link` brings one in, and a person known in two of them says so themselves."""

import re

from slack_bolt.async_app import AsyncApp

from handlers import words
from handlers.types import Job, Settings
from handlers.workspaces import claim_listeners, claim_views, claiming, jobs, listeners, views

JOBS: list[Job] = [*jobs.JOBS, *claiming.JOBS]


def register(app: AsyncApp, settings: Settings) -> None:
    """Its word of the command, the buttons at codes, and those at the question whether somebody is oneself."""
    app.command(settings.command_cohort, matchers=[words.first("link")])(listeners.link)
    app.action(views.ANOTHER)(listeners.make_another)
    app.action(views.TAKE_BACK)(listeners.take_back)
    app.action(views.CONFIRM)(listeners.confirm)
    app.action(claim_views.YES)(claim_listeners.confirm)
    app.action(claim_views.NO)(claim_listeners.deny)
    app.action(re.compile(f"^{claim_views.PREFER}_"))(claim_listeners.prefer)
