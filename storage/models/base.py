"""What all tables share: the metadata with names for constraints, and short-hands for common columns."""

from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import JSON, ForeignKey, MetaData
from sqlalchemy.orm import DeclarativeBase, mapped_column

from storage.columns import Moment

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: Moment, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012 (SQLAlchemy reads it)


Key = Annotated[int, mapped_column(primary_key=True)]
ProgramKey = Annotated[int, mapped_column(ForeignKey("programs.id"), index=True)]
# Of tables that grow without end: each statement names a row as well, and an index on the program alone costs every write and leads
# PostgreSQL astray, which takes a young table for a small one.
ProgramOfMany = Annotated[int, mapped_column(ForeignKey("programs.id"))]
MemberKey = Annotated[int, mapped_column(ForeignKey("members.id"), index=True)]
