"""No program sees or changes what is another's: the comparison with the program is taken out of each query, one at a time."""

import ast
from collections.abc import Iterator

from tests.mutants.mutant import ROOT, Mutant

COMMITTING = ("tests/storage/test_commitments.py", "tests/handlers/commitments/test_lists_and_changes.py")
ASKING = ("tests/storage/test_checkins_rounds.py", "tests/storage/test_checkins.py")
TALKING = ("tests/handlers/checkins/test_conversations.py", "tests/handlers/checkins/test_command.py")
OWING = ("tests/storage/test_deliveries.py", "tests/storage/test_outbox.py", "tests/bot/test_delivery.py")
KNOWING = ("tests/storage/test_facilitators.py", "tests/handlers/cohorts/test_cohort_command.py")
SEATING = (
    "tests/storage/test_seats.py",
    "tests/handlers/seats/test_seats_by_hand.py",
    "tests/handlers/seats/test_turnover.py",
)
LINKING = ("tests/storage/test_links.py", "tests/storage/test_claims.py")
OPENING = ("tests/handlers/home/test_home.py", "tests/handlers/home/test_who_sees_whom.py")

# Which tests run the queries of a module; the quick ones stand first.
TESTS = {
    "storage/absences.py": ("tests/storage/test_absences.py", "tests/handlers/absences/test_absences.py"),
    "storage/away.py": ("tests/storage/test_away.py",),
    "storage/answers.py": (*ASKING, "tests/storage/test_following.py", *TALKING),
    "storage/archives.py": ("tests/storage/test_checkin_changes.py",),
    "storage/checkin_changes.py": ("tests/storage/test_checkin_changes.py", "tests/storage/test_checkins.py"),
    "storage/checkins.py": (*ASKING[::-1], *TALKING[::-1]),
    "storage/city_days.py": ("tests/storage/test_absences.py", "tests/handlers/absences/test_city_days.py"),
    "storage/claims.py": LINKING[::-1],
    "storage/cohort_channels.py": ("tests/handlers/workspaces/test_spread_over_two.py",),
    "storage/cohort_edits.py": ("tests/storage/test_cohort_edits.py", "tests/handlers/cohorts/test_cohorts_by_hand.py"),
    "storage/cohorts.py": ("tests/storage/test_cohorts.py", "tests/handlers/cohorts/test_cohort_command.py"),
    "storage/commitment_lists.py": (*COMMITTING, "tests/storage/test_following.py"),
    "storage/commitments.py": (
        *COMMITTING,
        "tests/storage/test_following.py",
        "tests/handlers/commitments/test_recording.py",
    ),
    "storage/deliveries.py": (*OWING, "tests/storage/test_parts.py", *ASKING, "tests/handlers/home/test_home.py"),
    "storage/directory.py": (
        "tests/storage/test_directory.py",
        "tests/handlers/cohorts/test_finding.py",
    ),
    "storage/facilitators.py": ("tests/storage/test_facilitators.py",),
    "storage/handovers.py": ("tests/storage/test_handovers.py",),
    "storage/homes.py": ("tests/storage/test_homes.py", *OPENING),
    "storage/identities.py": ("tests/storage/test_identities.py", *LINKING[::-1]),
    "storage/installations.py": ("tests/storage/test_installations.py",),
    "storage/links.py": LINKING,
    "storage/members.py": (*KNOWING, "tests/storage/test_deliveries.py", *TALKING[::-1]),
    "storage/moving.py": LINKING,
    "storage/outbox.py": OWING,
    "storage/owners.py": SEATING,
    "storage/parts.py": ("tests/storage/test_parts.py", "tests/bot/test_merging.py"),
    "storage/participation.py": ("tests/storage/test_participation.py", *OPENING),
    "storage/place_queries.py": (
        "tests/storage/test_away.py",
        "tests/storage/test_cohorts.py",
        "tests/handlers/cohorts/test_cohort_command.py",
    ),
    "storage/practices.py": (
        "tests/storage/test_practices.py",
        "tests/storage/test_search.py",
        "tests/handlers/practices/test_conversations.py",
    ),
    "storage/programs.py": (
        "tests/storage/test_programs.py",
        "tests/storage/test_checkins.py",
        "tests/bot/test_delivery.py",
        *COMMITTING,
    ),
    "storage/roster/__init__.py": ("tests/storage/test_roster.py",),
    "storage/roster/export.py": ("tests/storage/test_roster_export.py",),
    "storage/roster/state.py": ("tests/storage/test_roster.py",),
    "storage/roster/undo.py": ("tests/storage/test_roster_undo.py",),
    "storage/roster_imports.py": (
        "tests/storage/test_roster_imports.py",
        "tests/handlers/rosters/test_imports.py",
    ),
    "storage/seat_changes.py": ("tests/storage/test_handovers.py", "tests/handlers/seats/test_way_back.py"),
    "storage/rounds.py": (*ASKING, *TALKING),
    "storage/seats.py": SEATING,
    "storage/turnout.py": ("tests/storage/test_participation.py",),
    "storage/turnover.py": SEATING,
    "storage/begun.py": (
        "tests/storage/test_following.py",
        "tests/handlers/checkins/test_answering.py",
        "tests/storage/test_drafts.py",
    ),
    "storage/blockers.py": (
        "tests/storage/test_blockers.py",
        "tests/handlers/checkins/test_looking_after.py",
    ),
    "storage/check_in_edits.py": (
        "tests/storage/test_check_in_edits.py",
        "tests/handlers/checkins/test_making.py",
    ),
    "storage/cities.py": (
        "tests/storage/test_cities.py",
        "tests/handlers/checkins/test_one_per_city.py",
    ),
    "storage/coming.py": (
        "tests/storage/test_early_rounds.py",
        "tests/handlers/checkins/test_early.py",
    ),
    "storage/drafts.py": (
        "tests/storage/test_drafts.py",
        "tests/handlers/checkins/test_answering.py",
    ),
    "storage/following.py": (
        "tests/storage/test_following.py",
        "tests/handlers/checkins/test_answering.py",
    ),
    "storage/ledger.py": (
        "tests/handlers/checkins/test_ledger.py",
        "tests/storage/test_reports.py",
    ),
    "storage/prompting.py": (
        "tests/storage/test_early_rounds.py",
        "tests/handlers/checkins/test_early.py",
    ),
    "storage/publishing.py": (
        "tests/storage/test_publishing.py",
        "tests/handlers/home/test_home.py",
    ),
    "storage/reports.py": (
        "tests/storage/test_reports.py",
        "tests/handlers/checkins/test_reporting.py",
    ),
    "storage/rests.py": (
        "tests/storage/test_rests.py",
        "tests/handlers/checkins/test_rests.py",
    ),
    "storage/summing.py": (
        "tests/storage/test_summing.py",
        "tests/handlers/checkins/test_summed_up.py",
    ),
}

# What stands for "everything" in a list that names the program itself.
NO_FILTER = {("storage/commitment_lists.py", "_visible", "Commitment.program_id")}


def mutants() -> list[Mutant]:
    """One for each comparison of a program's key with a given value, in all of storage."""
    paths = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "storage").rglob("*.py"))
    return [one for path in paths if "/versions/" not in path for one in _of(path)]


def _of(path: str) -> Iterator[Mutant]:
    text = (ROOT / path).read_text()
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for function, node in _comparisons(ast.parse(text)):
        old = ast.get_source_segment(text, node) or ""
        begin = starts[node.lineno - 1] + len(text.splitlines()[node.lineno - 1].encode()[: node.col_offset].decode())
        key = ast.unparse(node.left)
        if (path, function, key) in NO_FILTER:
            continue
        promise = f"program filter of {path.removeprefix('storage/').removesuffix('.py')}.{function}: {key}, line {node.lineno}"
        # Compared with itself it lets every row through; a parameter that the caller gives has to be used still.
        right = ast.unparse(node.comparators[0])
        same = right if right.startswith("bindparam") else key
        yield Mutant(promise, path, old, f"{same} == {same}", TESTS.get(path, ("tests/storage",)), at=begin)


def _comparisons(tree: ast.AST, function: str = "") -> Iterator[tuple[str, ast.Compare]]:
    for child in ast.iter_child_nodes(tree):
        name = child.name if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else function
        if isinstance(child, ast.Compare) and _filters(child):
            yield name, child
        yield from _comparisons(child, name)


def _filters(node: ast.Compare) -> bool:
    """A comparison of two tables' columns joins them; it filters nothing."""
    left, right = ast.unparse(node.left), ast.unparse(node.comparators[0])
    keyed = left.endswith(".program_id") or left == "Program.id"
    return keyed and isinstance(node.ops[0], ast.Eq) and not right[0].isupper()
