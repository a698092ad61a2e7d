"""When a check-in asks as iCalendar text; rounds that are opened by hand, and when the last one is archived"""

from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONG_AGO = date(2024, 1, 1)  # a Monday before the first check-in was made
CHECK_INS = sa.table(
    "check_ins",
    sa.column("id", sa.Integer()),
    sa.column("cadence", sa.JSON()),
    sa.column("rule", sa.String()),
    sa.column("next_on", sa.Date()),
)


def upgrade() -> None:
    op.add_column("rounds", sa.Column("at_once", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("rounds", sa.Column("archive_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_rounds_archive_at"), "rounds", ["archive_at"])
    _rewrite(lambda row: {"rule": _rule(row.cadence, row.next_on)})
    op.drop_column("check_ins", "cadence")


def downgrade() -> None:
    """Only weeks could be said before: anything else comes back as every week."""
    op.add_column("check_ins", sa.Column("cadence", sa.JSON(), server_default="{}", nullable=False))
    _rewrite(lambda row: {"cadence": _weeks(row.rule)})
    op.drop_index(op.f("ix_rounds_archive_at"), table_name="rounds")
    op.drop_column("rounds", "archive_at")
    op.drop_column("rounds", "at_once")


def _rewrite(values: Any) -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(CHECK_INS)).all():
        connection.execute(CHECK_INS.update().where(CHECK_INS.c.id == row.id).values(values(row)))


def _rule(cadence: dict[str, Any], next_on: date | None) -> str:
    """Every so many weeks, counted from the date that was to come next."""
    days = ",".join(CODES[day] for day in sorted(cadence.get("weekdays", [])))
    if not days:
        return ""
    again = f"FREQ=WEEKLY;INTERVAL={cadence.get('every', 1)};BYDAY={days}"
    return f"DTSTART:{next_on or LONG_AGO:%Y%m%d}T000000\nRRULE:{again}"


def _weeks(rule: str) -> dict[str, Any]:
    days = rule.partition("BYDAY=")[2].split()[:1]
    weekly = "FREQ=WEEKLY" in rule and days
    weekdays = [CODES.index(code) for code in days[0].split(",")] if weekly else [0]
    return {"kind": "weekly", "every": 1, "weekdays": weekdays}
