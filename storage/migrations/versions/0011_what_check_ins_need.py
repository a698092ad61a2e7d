"""Check-ins with rules, kinds of questions, blockers, drafts, rests, and why a message waits"""

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"

SETTLED_WELL = "'sent', 'withdrawn', 'expired', 'superseded'"


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_drafts_member_id_members")),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name=op.f("fk_drafts_program_id_programs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("member_id", "about", name=op.f("uq_drafts_member_id_about")),
    )
    op.create_index(op.f("ix_drafts_program_id"), "drafts", ["program_id"])
    op.create_table(
        "rests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_ins.id"], name=op.f("fk_rests_check_in_id_check_ins")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_rests_member_id_members")),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name=op.f("fk_rests_program_id_programs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rests")),
        sa.UniqueConstraint("check_in_id", "member_id", name=op.f("uq_rests_check_in_id_member_id")),
    )
    op.create_index(op.f("ix_rests_member_id"), "rests", ["member_id"])
    op.create_index(op.f("ix_rests_program_id"), "rests", ["program_id"])
    op.create_table(
        "anonymous_answers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name=op.f("fk_anonymous_answers_program_id_programs")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_anonymous_answers_round_id_rounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anonymous_answers")),
    )
    op.create_index(op.f("ix_anonymous_answers_program_id"), "anonymous_answers", ["program_id"])
    op.create_index(op.f("ix_anonymous_answers_round_id"), "anonymous_answers", ["round_id"])
    op.create_table(
        "blockers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("prompt_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("still_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_after_by", sa.Integer(), nullable=True),
        sa.Column("looked_after_said_by", sa.Integer(), nullable=True),
        sa.Column("looked_after_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["closed_by"], ["members.id"], name=op.f("fk_blockers_closed_by_members")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_blockers_cohort_id_cohorts")),
        sa.ForeignKeyConstraint(["looked_after_by"], ["members.id"], name=op.f("fk_blockers_looked_after_by_members")),
        sa.ForeignKeyConstraint(
            ["looked_after_said_by"], ["members.id"], name=op.f("fk_blockers_looked_after_said_by_members")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_blockers_member_id_members")),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name=op.f("fk_blockers_program_id_programs")),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompts.id"], name=op.f("fk_blockers_prompt_id_prompts")),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_blockers_seat_id_seats")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blockers")),
        sa.UniqueConstraint("prompt_id", "position", name=op.f("uq_blockers_prompt_id_position")),
    )
    op.create_index(op.f("ix_blockers_cohort_id"), "blockers", ["cohort_id"])
    op.create_index(op.f("ix_blockers_member_id"), "blockers", ["member_id"])
    op.create_index(op.f("ix_blockers_program_id"), "blockers", ["program_id"])
    op.create_index(op.f("ix_blockers_seat_id"), "blockers", ["seat_id"])
    op.add_column("check_ins", sa.Column("rule", sa.String(), server_default="", nullable=False))
    op.add_column("check_ins", sa.Column("event", sa.String(), nullable=True))
    op.add_column("check_ins", sa.Column("event_days", sa.Integer(), nullable=True))
    op.add_column("check_ins", sa.Column("reminds", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("check_ins", sa.Column("quiet_from", sa.Time(), server_default="18:00:00", nullable=False))
    op.add_column("check_ins", sa.Column("quiet_until", sa.Time(), server_default="08:00:00", nullable=False))
    op.add_column("deliveries", sa.Column("held_because", sa.String(), nullable=True))
    op.add_column("owed", sa.Column("quiet_from", sa.Time(), nullable=True))
    op.add_column("owed", sa.Column("quiet_until", sa.Time(), nullable=True))
    op.add_column("questions", sa.Column("required", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("questions", sa.Column("anonymous", sa.Boolean(), server_default=sa.false(), nullable=False))
    _index_failed(f"{SETTLED_WELL}, 'merged'")


def downgrade() -> None:
    _index_failed(SETTLED_WELL)
    op.drop_column("questions", "anonymous")
    op.drop_column("questions", "required")
    op.drop_column("owed", "quiet_until")
    op.drop_column("owed", "quiet_from")
    op.drop_column("deliveries", "held_because")
    op.drop_column("check_ins", "quiet_until")
    op.drop_column("check_ins", "quiet_from")
    op.drop_column("check_ins", "reminds")
    op.drop_column("check_ins", "event_days")
    op.drop_column("check_ins", "event")
    op.drop_column("check_ins", "rule")
    op.drop_index(op.f("ix_blockers_seat_id"), table_name="blockers")
    op.drop_index(op.f("ix_blockers_program_id"), table_name="blockers")
    op.drop_index(op.f("ix_blockers_member_id"), table_name="blockers")
    op.drop_index(op.f("ix_blockers_cohort_id"), table_name="blockers")
    op.drop_table("blockers")
    op.drop_index(op.f("ix_anonymous_answers_round_id"), table_name="anonymous_answers")
    op.drop_index(op.f("ix_anonymous_answers_program_id"), table_name="anonymous_answers")
    op.drop_table("anonymous_answers")
    op.drop_index(op.f("ix_rests_program_id"), table_name="rests")
    op.drop_index(op.f("ix_rests_member_id"), table_name="rests")
    op.drop_table("rests")
    op.drop_index(op.f("ix_drafts_program_id"), table_name="drafts")
    op.drop_table("drafts")


def _index_failed(well: str) -> None:
    """Which outcomes are failures: all but these."""
    where = sa.text(f"outcome NOT IN ({well})")
    op.drop_index("ix_deliveries_failed", table_name="deliveries")
    op.create_index(
        "ix_deliveries_failed",
        "deliveries",
        ["program_id", "settled_at"],
        sqlite_where=where,
        postgresql_where=where,
    )
