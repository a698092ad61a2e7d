"""Practices: what other cities have done, found by plain words, read in full, and adopted.

Hooks the command (`/practices`), the buttons Read, Show more and those of topics, and the shortcut "Find practices" with its form.
"""

import re

from slack_bolt.async_app import AsyncApp

from handlers import buttons
from handlers.practices import listeners, views
from handlers.types import Job, Settings

JOBS: list[Job] = []


def register(app: AsyncApp, settings: Settings) -> None:
    app.command(settings.command_practices)(listeners.ask)
    app.action(re.compile(rf"^{buttons.READ_PRACTICE}(_\d+)?$"))(listeners.open_one)
    app.action(re.compile(rf"^({views.SEARCH}_\d|{views.MORE})$"))(listeners.search_again)
    app.shortcut(views.FIND)(listeners.open_search)
    app.view(views.FIND)(listeners.answer_form)
