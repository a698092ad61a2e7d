"""Windows and passes of each person who is asked, rounds that begin with an early answer, and who stayed silent"""

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"


def upgrade() -> None:
    op.add_column("askings", sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("askings", sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("askings", sa.Column("silent", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("rounds", sa.Column("early", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("rounds", "early")
    op.drop_column("askings", "silent")
    op.drop_column("askings", "declined_at")
    op.drop_column("askings", "ends_at")
