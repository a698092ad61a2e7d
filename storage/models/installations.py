"""The app in a Slack workspace: the token it speaks with, since when, and whether it was removed; and installations under way."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Key


class Installation(Base):
    """The app as it was installed last in a workspace. `ended_at` is set when it was removed; installing it again takes that back.

    `bot_token` is None where the token stands in the settings. `scopes` are separated by commas; `installed_by` is the Slack user who
    allowed it.
    """

    __tablename__ = "installations"

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), unique=True)
    bot_token: Mapped[str | None]
    bot_id: Mapped[str | None]
    scopes: Mapped[str]
    installed_by: Mapped[str | None]
    installed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class InstallState(Base):
    """Somebody was sent to Slack to install the app, and comes back with this word, once and before it expires."""

    __tablename__ = "install_states"

    state: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]
