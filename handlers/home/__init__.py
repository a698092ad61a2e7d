"""App Home: what is open for me, what I promised, my cohorts, and three things to try."""

from slack_bolt.async_app import AsyncApp

from handlers.home import listeners
from handlers.types import Job, Settings

JOBS: list[Job] = []


def register(app: AsyncApp, settings: Settings) -> None:  # noqa: ARG001 (every feature registers alike)
    app.event("app_home_opened")(listeners.opened)
