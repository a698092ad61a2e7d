"""The clock finds what is due next without looking through what is over; large rounds are written in turns"""

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0017"

INDEXES = (
    ("ix_askings_due_at", "ix_askings_to_ask", "askings", "due_at", "asked_at IS NULL AND skipped IS NULL"),
    ("ix_askings_remind_at", "ix_askings_to_remind", "askings", "remind_at", "remind_at IS NOT NULL"),
    ("ix_rounds_closes_at", "ix_rounds_to_close", "rounds", "closes_at", "closed_at IS NULL"),
)
"""(of all rows, of those that are looked for, table, column, which those are)."""


def upgrade() -> None:
    for of_all, of_some, table, column, which in INDEXES:
        where = sa.text(which)
        op.create_index(of_some, table, [column], sqlite_where=where, postgresql_where=where)
        op.drop_index(of_all, table_name=table)
    op.create_index("ix_owed_member", "owed", ["program_id", "member_id"])
    op.drop_index(op.f("ix_owed_member_id"), table_name="owed")
    op.create_table(
        "fillings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name=op.f("fk_fillings_program_id_programs")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_fillings_round_id_rounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fillings")),
    )
    op.create_index(op.f("ix_fillings_program_id"), "fillings", ["program_id"])
    op.create_index(op.f("ix_fillings_round_id"), "fillings", ["round_id"])


def downgrade() -> None:
    op.drop_table("fillings")
    op.create_index(op.f("ix_owed_member_id"), "owed", ["member_id"])
    op.drop_index("ix_owed_member", table_name="owed")
    for of_all, of_some, table, column, _which in INDEXES:
        op.create_index(of_all, table, [column])
        op.drop_index(of_some, table_name=table)
