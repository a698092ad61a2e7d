"""App Home: what is due for me, what I promised, my cohorts and people, a practice that fits; for facilitators how their cohorts do.

Whoever opens it, or does something that shows on it, wants it drawn; the job draws it, and what changed is published.
"""

import re

from slack_bolt.async_app import AsyncApp

from handlers.home import jobs, listeners, views
from handlers.types import Job, Settings

JOBS: list[Job] = jobs.JOBS


def register(app: AsyncApp, settings: Settings) -> None:  # noqa: ARG001 (every feature registers alike)
    app.event("app_home_opened")(listeners.opened)
    app.action(re.compile(f"^{views.MORE}_"))(listeners.show_more)
    app.action(views.ANOTHER)(listeners.suggest_another)
