"""All promises that are taken away, one list a module."""

from tests.mutants.mutant import Mutant
from tests.mutants.promises import (
    absences,
    acknowledging,
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
    traps,
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
    *people.MUTANTS,
    *linking.MUTANTS,
    *rosters.MUTANTS,
    *times.MUTANTS,
    *traps.MUTANTS,
    *absences.MUTANTS,
    *escaping.MUTANTS,
    *turnover.MUTANTS,
    *workspaces.MUTANTS,
    *sandboxes.MUTANTS,
    *programs.mutants(),
]
