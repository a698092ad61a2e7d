"""How what a check-in says of its own accord may be held back: its quiet hours are kept, unless it keeps none. Pure."""

from datetime import datetime

from storage.deliveries import Priority, Terms
from storage.models import CheckIn


def of(check_in: CheckIn, priority: Priority, expires_at: datetime | None = None) -> Terms:
    """The terms of a prompt, a reminder or a summary."""
    return Terms(
        own_accord=True,
        any_hour=check_in.any_hour,
        quiet_from=check_in.quiet_from,
        quiet_until=check_in.quiet_until,
        priority=priority,
        expires_at=expires_at,
    )
