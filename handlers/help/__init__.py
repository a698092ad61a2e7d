"""Help: hears mentions of the bot and direct messages to it, answers questions from the practices, and says what the bot can do."""

from slack_bolt.async_app import AsyncApp

from handlers.help import listeners
from handlers.types import Job, Settings

JOBS: list[Job] = []


def register(app: AsyncApp, settings: Settings) -> None:  # noqa: ARG001 (every feature is registered alike)
    app.event("app_mention")(listeners.hear)
    app.event("message")(listeners.hear)
