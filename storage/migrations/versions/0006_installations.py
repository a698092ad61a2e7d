"""The app in several workspaces: installations with their tokens, those under way; and what is due found by workspace"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"

WAITING: dict[str, Any] = {
    "sqlite_where": sa.text("settled_at IS NULL"),
    "postgresql_where": sa.text("settled_at IS NULL"),
}


def upgrade() -> None:
    op.create_table(
        "installations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("bot_token", sa.String(), nullable=True),
        sa.Column("bot_id", sa.String(), nullable=True),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("installed_by", sa.String(), nullable=True),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_installations_workspace_id_workspaces")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installations")),
        sa.UniqueConstraint("workspace_id", name=op.f("uq_installations_workspace_id")),
    )
    op.create_table(
        "install_states",
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state", name=op.f("pk_install_states")),
    )
    op.drop_index("ix_deliveries_due", table_name="deliveries", **WAITING)
    op.create_index("ix_deliveries_due", "deliveries", ["workspace_id", "due_at", "id"], **WAITING)
