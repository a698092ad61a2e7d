"""Who is to be looked for in Slack is found without looking through everybody who is there"""

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"

WHICH = sa.text("looked_up_at IS NULL AND deactivated_at IS NULL")
KNOWN = sa.text(
    "UPDATE members SET looked_up_at = created_at WHERE looked_up_at IS NULL AND EXISTS (SELECT 1 FROM identities "
    "WHERE identities.member_id = members.id AND identities.program_id = members.program_id)"
)


def upgrade() -> None:
    op.execute(KNOWN)
    op.create_index("ix_members_to_look_up", "members", ["created_at"], sqlite_where=WHICH, postgresql_where=WHICH)


def downgrade() -> None:
    op.drop_index("ix_members_to_look_up", table_name="members")
