"""No index on the program alone where each statement names a row as well: it costs every write, and leads PostgreSQL astray"""

from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"

TABLES = ("answer_revisions", "answers", "askings", "deliveries", "owed", "prompts")


def upgrade() -> None:
    for table in TABLES:
        op.drop_index(op.f(f"ix_{table}_program_id"), table_name=table)


def downgrade() -> None:
    for table in TABLES:
        op.create_index(op.f(f"ix_{table}_program_id"), table, ["program_id"])
