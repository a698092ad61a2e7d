"""Changes of check-ins, which do not touch the rounds that are open"""

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"


def upgrade() -> None:
    with op.batch_alter_table("check_ins") as table:
        table.add_column(sa.Column("changes", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("changed_by", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_check_ins_changed_by_members"), "members", ["changed_by"], ["id"])
    op.add_column("rounds", sa.Column("terms", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("rounds", "terms")
    with op.batch_alter_table("check_ins") as table:
        table.drop_constraint(op.f("fk_check_ins_changed_by_members"), type_="foreignkey")
        table.drop_column("changed_by")
        table.drop_column("changes")
