"""What people and the clock ask for: one folder per feature; here is the list of them."""

from types import ModuleType

from slack_bolt.async_app import AsyncApp

from handlers import (
    absences,
    checkins,
    cohorts,
    commitments,
    help,  # noqa: A004 (the feature)
    home,
    installations,
    merged,
    practices,
    rosters,
    seats,
    workspaces,
)
from handlers.types import Job, Settings

# The busiest commands first: Bolt asks its listeners in the order in which they were hooked. The cohorts come after the others
# that answer words of `/cohort`, since they answer all words that are left.
FEATURES: tuple[ModuleType, ...] = (
    commitments,
    practices,
    checkins,
    absences,
    rosters,
    seats,
    workspaces,
    cohorts,
    home,
    help,
    merged,
    installations,
)
# The other way round for the clock: who is who, then who is asked, then who is reminded.
JOBS: tuple[Job, ...] = tuple(job for feature in reversed(FEATURES) for job in feature.JOBS)


def register(app: AsyncApp, settings: Settings) -> None:
    """Hook every feature into the app."""
    for feature in FEATURES:
        feature.register(app, settings)
