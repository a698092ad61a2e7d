"""Answers of which commitments and blockers are still to follow"""

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0011"


def upgrade() -> None:
    op.add_column("answer_revisions", sa.Column("follow_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_answer_revisions_follow_at"), "answer_revisions", ["follow_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_answer_revisions_follow_at"), table_name="answer_revisions")
    op.drop_column("answer_revisions", "follow_at")
