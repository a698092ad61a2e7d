"""What was merged into the last message of a day: a part of it is shown in full on request."""

from slack_bolt.async_app import AsyncApp

from handlers.merged import listeners
from handlers.merging import SHOW_IN_FULL
from handlers.types import Job, Settings

JOBS: list[Job] = []


def register(app: AsyncApp, settings: Settings) -> None:  # noqa: ARG001 (every feature is registered alike)
    app.action(SHOW_IN_FULL)(listeners.show_in_full)
