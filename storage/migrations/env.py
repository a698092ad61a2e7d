"""What Alembic runs: one connection of its own, foreign keys off on SQLite while tables are rebuilt, and checked after."""

import asyncio
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

from storage.columns import Moment
from storage.models import Base

LOCK = 0x6369766963  # any number: two processes that start together must not migrate at the same time


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Columns of moments stand in migrations as what the database stores, so that old migrations need none of our code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


def migrate(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection, target_metadata=Base.metadata, render_as_batch=sqlite, render_item=render, compare_type=True
    )
    with context.begin_transaction():
        if not sqlite:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        if context.config.attributes.get("to_head") and is_new(connection):
            # Straight from the models, in a tenth of the time of all migrations; tests hold the two against each other.
            Base.metadata.create_all(connection, checkfirst=False)
            context.get_context().stamp(context.script, "head")
        else:
            context.run_migrations()
        if sqlite and (orphans := connection.execute(text("PRAGMA foreign_key_check")).all()):
            raise RuntimeError(f"the migration would leave {len(orphans)} rows that point nowhere; nothing was changed")


def is_new(connection: Connection) -> bool:
    """Whether the database has no tables yet. Nobody else makes any until this transaction ends."""
    if connection.dialect.name == "sqlite" and not inspect(connection).get_table_names():
        connection.exec_driver_sql(
            "BEGIN IMMEDIATE"
        )  # else each table is a transaction, and a process that dies leaves some
    return not inspect(connection).get_table_names()


async def run() -> None:
    engine = create_async_engine(context.config.attributes["url"])
    try:
        async with engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                await connection.execute(text("PRAGMA journal_mode=WAL"))
                await connection.execute(text("PRAGMA foreign_keys=OFF"))
                await connection.commit()
            await connection.run_sync(migrate)
            await connection.commit()
    finally:
        await engine.dispose()


asyncio.run(run())
