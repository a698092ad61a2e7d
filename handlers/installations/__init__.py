"""The app in a workspace: that it was removed. Installing it is the process's business (`bot/installing.py`)."""

from slack_bolt.async_app import AsyncApp

from handlers.installations import listeners
from handlers.types import Job, Settings

JOBS: list[Job] = []


def register(app: AsyncApp, _settings: Settings) -> None:
    """What Slack tells of the app itself."""
    app.event("app_uninstalled")(listeners.removed)
    app.event("tokens_revoked")(listeners.removed)
