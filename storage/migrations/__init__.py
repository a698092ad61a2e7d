"""Brings a database to the present tables: `upgrade(url)`, with Alembic, one file per change."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at an asynchronous url up to a revision; runs its own event loop, so call it outside of one."""
    config = _config(url)
    config.attributes["to_head"] = revision == "head"
    command.upgrade(config, revision)


def revision(url: str, message: str) -> None:
    """Write a migration that brings the database at `url`, which is up to date, to the present tables."""
    command.revision(_config(url), message, autogenerate=True)


async def pending(url: str) -> tuple[str | None, str | None]:
    """(what the database is at, what it should be at); both are equal when there is nothing to do."""
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            current = await connection.run_sync(_current)
    finally:
        await engine.dispose()
    return current, ScriptDirectory.from_config(_config(url)).get_current_head()


async def upgrade_async(url: str) -> None:
    """The same as `upgrade`, from inside a running event loop."""
    await asyncio.to_thread(upgrade, url)


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = url
    return config
