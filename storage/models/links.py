"""How a workspace comes to a program, and a person of it to a member: codes, who entered one, and who says that they are a member."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Key, MemberKey, ProgramKey


class LinkCode(Base):
    """A code that brings one workspace into the program, once; `workspace_id` is the one that it brought."""

    __tablename__ = "link_codes"

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    code: Mapped[str] = mapped_column(unique=True)
    made_by: Mapped[MemberKey]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    workspace_id: Mapped[int | None] = mapped_column(ForeignKey("workspaces.id"))


class LinkRequest(Base):
    """Somebody who entered a code in a workspace; only the newest one of each person counts.

    `state` is asked (to be looked at), offered (it is their turn to confirm), confirmed (to be carried out) or settled. `key` is on the
    button that confirms. `due_at` is when the next step is to be taken, None when there is none.
    """

    __tablename__ = "link_requests"
    __table_args__ = (UniqueConstraint("workspace_id", "user_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    user_id: Mapped[str]
    code: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    response_url: Mapped[str]
    state: Mapped[str]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)


class IdentityClaim(Base):
    """A user of one workspace with the e-mail address of a member who is known in another: nobody until that member says so.

    `asked_at` is when the member was asked, `answer` yes or no. `due_at` is when the user is to be told how it stands, at
    `response_url` or else directly.
    """

    __tablename__ = "identity_claims"
    __table_args__ = (UniqueConstraint("workspace_id", "user_id", "member_id"),)

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    user_id: Mapped[str]
    name: Mapped[str]
    member_id: Mapped[MemberKey]
    response_url: Mapped[str | None]
    claimed_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    asked_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
