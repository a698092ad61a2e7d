"""Which part of a merged message is shown in full, and the newest text of each reason in its own row"""

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"

# Until now a change that waits had its text in its own row alone.
NEWEST = """
UPDATE owed SET payload = (
    SELECT newer.payload FROM deliveries JOIN owed AS newer ON newer.delivery_id = deliveries.id
    WHERE deliveries.updates_id = owed.delivery_id AND deliveries.settled_at IS NULL
    ORDER BY deliveries.id DESC LIMIT 1
)
WHERE delivery_id IN (SELECT updates_id FROM deliveries WHERE updates_id IS NOT NULL AND settled_at IS NULL)
"""


def upgrade() -> None:
    op.add_column("owed", sa.Column("in_full", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(NEWEST)


def downgrade() -> None:
    op.drop_column("owed", "in_full")
