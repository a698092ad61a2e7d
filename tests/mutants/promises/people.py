"""Who is asking, and what they may do and see."""

from tests.mutants.mutant import Mutant

PEOPLE, MEMBERS, IDENTITIES = "handlers/people.py", "storage/members.py", "storage/identities.py"
COMMANDED = ("tests/handlers/checkins/test_command.py",)
IDENTIFIED = ("tests/storage/test_identities.py",)
PRACTICES = ("tests/handlers/practices/test_conversations.py",)

MUTANTS = [
    Mutant(
        "somebody unknown gets no answer but whom to ask",
        PEOPLE,
        "    if member is None:\n        raise Unknown(await _whom_to_ask(session, team_id), team_id=team_id, user_id=user_id)\n",
        "",
        PRACTICES,
    ),
    Mutant(
        "who does not facilitate is refused",
        PEOPLE,
        "    if not await members.facilitates(session, member, cohort_id):\n",
        "    if False:\n",
        PRACTICES,
    ),
    Mutant(
        "somebody who left is unknown",
        MEMBERS,
        "    .where(Member.deactivated_at.is_(None))\n    .execution_options",
        "    .execution_options",
        IDENTIFIED,
    ),
    Mutant(
        "a user of another workspace is somebody else",
        MEMBERS,
        '.where(Workspace.team_id == bindparam("team"), Identity.user_id',
        ".where(Identity.user_id",
        IDENTIFIED,
    ),
    Mutant(
        "a facilitator of another cohort does not facilitate this one",
        MEMBERS,
        """        query = query.where(or_(Facilitator.cohort_id.is_(None), Facilitator.cohort_id == cohort_id))
    return await session.scalar""",
        "        pass\n    return await session.scalar",
        ("tests/storage/test_facilitators.py",),
    ),
    Mutant(
        "who ended as facilitator is not counted as one",
        MEMBERS,
        "    query = query.where(Facilitator.ended_at.is_(None))\n",
        "",
        ("tests/storage/test_facilitators.py",),
    ),
    Mutant(
        "who ended as facilitator is not told of",
        MEMBERS,
        "select(Facilitator.member_id).where(Facilitator.program_id == program_id, Facilitator.ended_at.is_(None))\n    runs",
        "select(Facilitator.member_id).where(Facilitator.program_id == program_id)\n    runs",
        ("tests/storage/test_facilitators.py",),
    ),
    Mutant(
        "a user is one member (the unique key)",
        "storage/models/members.py",
        '(UniqueConstraint("workspace_id", "user_id"), UniqueConstraint("workspace_id", "member_id"))',
        '(UniqueConstraint("workspace_id", "member_id"),)',
        IDENTIFIED,
    ),
    Mutant(
        "a member is one user of a workspace (the unique key)",
        "storage/models/members.py",
        '(UniqueConstraint("workspace_id", "user_id"), UniqueConstraint("workspace_id", "member_id"))',
        '(UniqueConstraint("workspace_id", "user_id"),)',
        ("tests/storage/test_claims.py",),
    ),
    Mutant(
        "bots, the deleted and guests are nobody",
        IDENTITIES,
        "if not user.deleted and not user.is_bot and user.team_id == workspace.team_id]",
        "if user.id]",
        IDENTIFIED,
    ),
    Mutant(
        "the first facilitator is the only one made so",
        IDENTITIES,
        "    if await session.scalar(there.limit(1)) is not None:\n        return None\n",
        "",
        IDENTIFIED,
    ),
    Mutant(
        "of two admins at once one becomes the first facilitator",
        IDENTITIES,
        "select(Workspace.id).where(Workspace.program_id == program_id).with_for_update()",
        "select(Workspace.id).where(Workspace.program_id == program_id)",
        IDENTIFIED,
        postgresql=True,
    ),
    Mutant(
        "a stranger is answered once",
        "storage/strangers.py",
        "query = update(Stranger).where(Stranger.id == stranger.id, Stranger.looked_up_at.is_(None))",
        "query = update(Stranger).where(Stranger.id == stranger.id)",
        IDENTIFIED,
    ),
    Mutant(
        "a stranger who spoke again is looked up again",
        "storage/strangers.py",
        "query.where(Stranger.asked_at == stranger.asked_at).values(",
        "query.values(",
        IDENTIFIED,
    ),
    Mutant(
        "people are shown to their own cohorts",
        "handlers/standing.py",
        "    return who.runs_program or cohort_id in who.cohort_ids\n",
        "    return True\n",
        ("tests/handlers/test_standing.py",),
    ),
    Mutant(
        "a cohort of others shows no people",
        "handlers/cohorts/cohort_views.py",
        "    if standing.may_see_people(who, one.id):\n",
        "    if True:\n",
        ("tests/handlers/cohorts/test_cohort_command.py",),
    ),
    Mutant(
        "two imports of a roster wait for each other",
        "storage/roster/__init__.py",
        "            await alone(session, program_id)\n",
        "",
        ("tests/storage/test_roster.py::test_two_imports_at_the_same_time_make_one_roster",),
        postgresql=True,
    ),
    Mutant(
        "two starts load the practices once",
        "storage/practices.py",
        "    await _lock(session, program_id)\n    known",
        "    known",
        ("tests/storage/test_practices.py::test_two_processes_that_start_at_once_load_the_practices_once",),
        postgresql=True,
    ),
    Mutant(
        "a practice that is not published is not found",
        "storage/practices.py",
        'Practice.program_id == program_id, Practice.status == "published")',
        "Practice.program_id == program_id)",
        ("tests/storage/test_search.py::test_what_is_not_published_is_not_found",),
    ),
    Mutant(
        "a directory of others is not searched",
        "handlers/cohorts/answers.py",
        "        return None if self.standing.runs_program else self.standing.cohort_ids\n",
        "        return None\n",
        (
            "tests/handlers/cohorts/test_cohort_command.py::test_a_search_does_not_betray_that_somebody_in_another_cohort_fits",
            "tests/handlers/home/test_who_sees_whom.py",
        ),
    ),
    Mutant(
        "who does not facilitate sees nobody's participation",
        "handlers/home/reading.py",
        "    if facilitated is not None and not facilitated:\n        return None\n",
        "    facilitated = facilitated or None\n",
        ("tests/handlers/home/test_home.py",),
    ),
    Mutant(
        "a Home is published only when it changed",
        "handlers/home/jobs.py",
        "    if digest == home.digest and await _arrives(session, home):\n",
        "    if False:\n",
        ("tests/handlers/home/test_home.py",),
    ),
    Mutant(
        "a reason that comes while a Home is drawn is not lost (the condition)",
        "storage/homes.py",
        "Home.id == home.id, Home.wants == home.wants)",
        "Home.id == home.id)",
        ("tests/storage/test_homes.py",),
    ),
    Mutant(
        "a row of the directory that is torn apart hides nobody else",
        "storage/directory.py",
        "    return (row for row in rows if len(row) == columns)\n",
        "    return (row for row in rows)\n",
        ("tests/handlers/cohorts/test_finding.py",),
    ),
]
