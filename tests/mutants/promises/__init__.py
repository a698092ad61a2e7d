"""All promises that are taken away, one list a module."""

from tests.mutants.mutant import Mutant
from tests.mutants.promises import (
    absences,
    acknowledging,
    asking,
    commitments,
    databases,
    escaping,
    holding,
    linking,
    people,
    programs,
    rosters,
    rounds,
    sandboxes,
    sending,
    times,
    turnover,
    workspaces,
)

ALL: list[Mutant] = [
    *acknowledging.MUTANTS,
    *sending.MUTANTS,
    *holding.MUTANTS,
    *databases.MUTANTS,
    *commitments.MUTANTS,
    *rounds.MUTANTS,
    *asking.MUTANTS,
    *people.MUTANTS,
    *linking.MUTANTS,
    *rosters.MUTANTS,
    *times.MUTANTS,
    *absences.MUTANTS,
    *escaping.MUTANTS,
    *turnover.MUTANTS,
    *workspaces.MUTANTS,
    *sandboxes.MUTANTS,
    *programs.mutants(),
]
