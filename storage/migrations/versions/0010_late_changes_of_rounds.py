"""How often a closed round changed"""

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"


def upgrade() -> None:
    op.add_column("rounds", sa.Column("changes", sa.Integer(), nullable=False, server_default="0"))
