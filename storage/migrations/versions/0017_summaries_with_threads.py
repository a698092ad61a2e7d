"""Messages in the thread of another one; when a round is summed up next, what was anonymous when it closed, and who was told"""

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("thread_of_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_deliveries_thread_of_id"), "deliveries", ["thread_of_id"])
    op.add_column("rounds", sa.Column("sum_up_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("rounds", sa.Column("anonymous", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("blockers", sa.Column("told_of", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_rounds_sum_up_at"), "rounds", ["sum_up_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_rounds_sum_up_at"), table_name="rounds")
    op.drop_column("blockers", "told_of")
    op.drop_column("rounds", "anonymous")
    op.drop_column("rounds", "sum_up_at")
    op.drop_index(op.f("ix_deliveries_thread_of_id"), table_name="deliveries")
    op.drop_column("deliveries", "thread_of_id")
