"""Every table, one file per feature."""

from storage.models.absences import Absence, CityDay
from storage.models.base import Base
from storage.models.blockers import Blocker
from storage.models.checkins import (
    AnonymousAnswer,
    Answer,
    AnswerRevision,
    Asking,
    CheckIn,
    Prompt,
    Question,
    Rest,
    Round,
)
from storage.models.cohorts import City, Cohort, CohortChannel, Delegate, Network, Seat
from storage.models.commitments import Commitment, CommitmentEvent
from storage.models.deliveries import Delivery, Owed
from storage.models.drafts import Draft
from storage.models.fillings import Filling
from storage.models.homes import Home, SetAside
from storage.models.installations import Installation, InstallState
from storage.models.links import IdentityClaim, LinkCode, LinkRequest
from storage.models.members import Facilitator, Identity, Member
from storage.models.practices import Gap, Practice
from storage.models.programs import Program, SeenEvent, Stranger, Workspace
from storage.models.roster_imports import RosterImport
from storage.models.seat_changes import SeatChange

__all__ = [
    "Absence",
    "AnonymousAnswer",
    "Answer",
    "AnswerRevision",
    "Asking",
    "Base",
    "Blocker",
    "CheckIn",
    "City",
    "CityDay",
    "Cohort",
    "CohortChannel",
    "Commitment",
    "CommitmentEvent",
    "Delegate",
    "Delivery",
    "Draft",
    "Facilitator",
    "Filling",
    "Gap",
    "Home",
    "Identity",
    "IdentityClaim",
    "InstallState",
    "Installation",
    "LinkCode",
    "LinkRequest",
    "Member",
    "Network",
    "Owed",
    "Practice",
    "Program",
    "Prompt",
    "Question",
    "Rest",
    "RosterImport",
    "Round",
    "Seat",
    "SeatChange",
    "SeenEvent",
    "SetAside",
    "Stranger",
    "Workspace",
]
