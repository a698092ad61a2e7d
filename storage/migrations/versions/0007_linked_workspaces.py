"""Codes that link a workspace to a program, who entered one, who claims to be a member; where a member chose to be written to"""

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # A program can be removed from now on; PostgreSQL never gives an id again anyway.
        with op.batch_alter_table("programs", recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass
    op.add_column("workspaces", sa.Column("linked_at", MOMENT, nullable=True))
    op.add_column("identities", sa.Column("chosen_at", MOMENT, nullable=True))
    _codes()
    _requests()
    _claims()


def _codes() -> None:
    op.create_table(
        "link_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("taken_back_at", MOMENT, nullable=True),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name=op.f("fk_link_codes_program_id_programs")),
        sa.ForeignKeyConstraint(["made_by"], ["members.id"], name=op.f("fk_link_codes_made_by_members")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_link_codes_workspace_id_workspaces")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_codes")),
        sa.UniqueConstraint("code", name=op.f("uq_link_codes_code")),
    )
    for column in ("program_id", "made_by"):
        op.create_index(op.f(f"ix_link_codes_{column}"), "link_codes", [column])


def _requests() -> None:
    op.create_table(
        "link_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("response_url", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_link_requests_workspace_id_workspaces")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_requests")),
        sa.UniqueConstraint("key", name=op.f("uq_link_requests_key")),
        sa.UniqueConstraint("workspace_id", "user_id", name=op.f("uq_link_requests_workspace_id_user_id")),
    )
    op.create_index(op.f("ix_link_requests_due_at"), "link_requests", ["due_at"])


def _claims() -> None:
    op.create_table(
        "identity_claims",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("response_url", sa.String(), nullable=True),
        sa.Column("claimed_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["program_id"], ["programs.id"], name=op.f("fk_identity_claims_program_id_programs")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_identity_claims_workspace_id_workspaces")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_identity_claims_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_claims")),
        sa.UniqueConstraint(
            "workspace_id", "user_id", "member_id", name=op.f("uq_identity_claims_workspace_id_user_id_member_id")
        ),
    )
    for column in ("program_id", "member_id", "due_at"):
        op.create_index(op.f(f"ix_identity_claims_{column}"), "identity_claims", [column])
