"""Absences and city days"""

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    op.create_table(
        "city_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["members.id"], name=op.f("fk_city_days_added_by_members")),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_city_days_city_id_cities")),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name=op.f("fk_city_days_program_id_programs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city_days")),
        sa.UniqueConstraint("form_key", name=op.f("uq_city_days_form_key")),
    )
    with op.batch_alter_table("city_days", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_city_days_added_by"), ["added_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_city_days_city_id"), ["city_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_city_days_program_id"), ["program_id"], unique=False)

    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_absences_member_id_members")),
        sa.ForeignKeyConstraint(["noted_by"], ["members.id"], name=op.f("fk_absences_noted_by_members")),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name=op.f("fk_absences_program_id_programs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
        sa.UniqueConstraint("form_key", name=op.f("uq_absences_form_key")),
    )
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absences_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_absences_program_id"), ["program_id"], unique=False)
