"""Phases and edits of cohorts, how a delegate ended and who came after, head facilitators"""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    with op.batch_alter_table("cohorts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("phases", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("changed_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("form_key", sa.String(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_cohorts_changed_by_members"), "members", ["changed_by"], ["id"])
        batch_op.create_unique_constraint(batch_op.f("uq_cohorts_form_key"), ["form_key"])

    with op.batch_alter_table("cohort_channels", schema=None) as batch_op:
        batch_op.add_column(sa.Column("check_for", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_cohort_channels_check_for_members"), "members", ["check_for"], ["id"]
        )

    with op.batch_alter_table("delegates", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ended_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("why", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("successor_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("takes", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("note", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("greeting", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("form_key", sa.String(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_delegates_ended_by_members"), "members", ["ended_by"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_delegates_successor_id_delegates"), "delegates", ["successor_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_delegates_greeting"), ["greeting"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_delegates_form_key"), ["form_key"])

    with op.batch_alter_table("facilitators", schema=None) as batch_op:
        batch_op.add_column(sa.Column("head", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("form_key", sa.String(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_facilitators_form_key"), ["form_key"])

    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.add_column(sa.Column("turnover_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_members_turnover_since"), ["turnover_since"], unique=False)
