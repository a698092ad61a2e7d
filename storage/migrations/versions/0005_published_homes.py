"""App Homes: for whom they are drawn, what was published last, practices put away; and failed deliveries found quickly"""

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"

FAILED = "outcome NOT IN ('sent', 'withdrawn', 'expired', 'superseded')"


def upgrade() -> None:
    op.add_column("programs", sa.Column("homes_event_id", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "homes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wants", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("owed_key", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_homes_member_id_members")),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name=op.f("fk_homes_program_id_programs")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_homes_workspace_id_workspaces")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_homes")),
        sa.UniqueConstraint("workspace_id", "user_id", name=op.f("uq_homes_workspace_id_user_id")),
    )
    for column in ("program_id", "member_id", "wanted_at"):
        op.create_index(op.f(f"ix_homes_{column}"), "homes", [column])
    op.create_table(
        "set_aside_practices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("practice_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_set_aside_practices_member_id_members")),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f("fk_set_aside_practices_practice_id_practices")
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["programs.id"], name=op.f("fk_set_aside_practices_program_id_programs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_aside_practices")),
        sa.UniqueConstraint("member_id", "practice_id", name=op.f("uq_set_aside_practices_member_id_practice_id")),
    )
    for column in ("program_id", "member_id"):
        op.create_index(op.f(f"ix_set_aside_practices_{column}"), "set_aside_practices", [column])
    op.create_index(
        "ix_deliveries_failed",
        "deliveries",
        ["program_id", "settled_at"],
        sqlite_where=sa.text(FAILED),
        postgresql_where=sa.text(FAILED),
    )
