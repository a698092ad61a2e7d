"""On which dates a check-in asks, and what facilitators change of it: each once, never what was asked already."""

from tests.mutants.mutant import Mutant

CADENCE, CHANGES, ARCHIVES = "handlers/cadence.py", "storage/checkin_changes.py", "storage/archives.py"
RULES, DUE, CHANGING = (
    "handlers/checkins/rules.py",
    "handlers/checkins/due_prompts.py",
    "handlers/checkins/changing_rules.py",
)
DATED = ("tests/handlers/test_cadence.py",)
RULED = ("tests/handlers/checkins/test_rules.py",)
MADE = ("tests/storage/test_checkins.py",)
CHANGED = ("tests/storage/test_checkin_changes.py",)
SAID = ("tests/handlers/checkins/test_changing.py",)

MUTANTS = [
    Mutant(
        "a check-in is moved on by one process",
        CHANGES,
        "_running(check_in.program_id, check_in.id).where(CheckIn.next_on == check_in.next_on)\n"
        "    query = query.where(CheckIn.next_at <= at)",
        "_running(check_in.program_id, check_in.id)\n    query = query.where(CheckIn.next_at <= at)",
        MADE,
    ),
    Mutant(
        "a check-in is paused once",
        CHANGES,
        "_running(member.program_id, check_in_id).where(CheckIn.paused_at.is_(None))",
        "_running(member.program_id, check_in_id)",
        MADE,
    ),
    Mutant(
        "a check-in is resumed when it is paused",
        CHANGES,
        "_running(member.program_id, check_in_id).where(CheckIn.paused_at.is_not(None))",
        "_running(member.program_id, check_in_id)",
        MADE,
    ),
    Mutant(
        "a check-in that ended does not go on",
        CHANGES,
        "return query.where(CheckIn.ended_at.is_(None)).execution_options(synchronize_session=False)",
        "return query.execution_options(synchronize_session=False)",
        MADE,
    ),
    Mutant(
        "a 31st is the last day of a shorter month",
        CADENCE,
        "    several = day > SURE_IN_EVERY_MONTH\n",
        "    several = False\n",
        DATED,
    ),
    Mutant(
        "a date that is left out is not asked",
        CADENCE,
        "tuple(sorted((*rule.but, day)))",
        "rule.but",
        DATED,
    ),
    Mutant(
        "a date around a phase can be left out",
        CADENCE,
        "(one for one in dates if one > day and one not in left_out)",
        "(one for one in dates if one > day)",
        DATED,
    ),
    Mutant(
        "a broken rule stops nobody",
        CADENCE,
        "    if not text or _read(text) is None:\n        return None\n",
        "    if not text:\n        return None\n",
        DATED,
    ),
    Mutant(
        "no rule keeps the clock looking for a date that never comes",
        CADENCE,
        "1 <= day <= 31 and again == _monthly_on(day, every)",
        "1 <= day <= 31",
        DATED,
    ),
    Mutant(
        "a date that was asked is not asked again",
        RULES,
        "max(yesterday, asked_last or yesterday)",
        "yesterday",
        RULED,
    ),
    Mutant(
        "a date that was left out meanwhile is not left out again (the condition)",
        CHANGES,
        ".where(CheckIn.rule == check_in.rule)\n",
        "\n",
        CHANGED,
    ),
    Mutant(
        "a date whose round opened meanwhile is not left out",
        CHANGES,
        "    query = query.where(CheckIn.next_on == check_in.next_on, CheckIn.paused_at == check_in.paused_at)\n",
        "    query = query.where(CheckIn.paused_at == check_in.paused_at)\n",
        CHANGED,
    ),
    Mutant(
        "a paused check-in is not run",
        CHANGES,
        "    query = _running(check_in.program_id, check_in.id).where(CheckIn.paused_at.is_(None))\n"
        "    return await session.scalar(query.values(channel_check_at=at)",
        "    query = _running(check_in.program_id, check_in.id)\n"
        "    return await session.scalar(query.values(channel_check_at=at)",
        CHANGED,
    ),
    Mutant(
        "what hangs on a phase follows it",
        "storage/cohort_edits.py",
        "    if said.phases != seen.said.phases:\n",
        "    if False:\n",
        CHANGED,
    ),
    Mutant(
        "the last round of a check-in is archived",
        ARCHIVES,
        "case((is_newest & over.exists(), literal(",
        "case((~is_newest & over.exists(), literal(",
        CHANGED,
    ),
    Mutant(
        "who made a check-in is told once that its date is gone",
        "handlers/checkins/planning.py",
        " and turn is None and had_a_date:\n",
        " and turn is None:\n",
        SAID,
    ),
    Mutant(
        "a round that is run by hand asks at once",
        RULES,
        "due_at_once(pattern, at_once, place) if at_once else due_at(pattern, nominal, place)",
        "due_at(pattern, nominal, place)",
        RULED,
    ),
    Mutant(
        "who is outside working hours is held in a round that is run by hand",
        "handlers/rhythm.py",
        "    if pattern.any_hour:\n        return opened_at\n",
        "    if opened_at:\n        return opened_at\n",
        RULED,
    ),
    Mutant(
        "a round run by hand is not offered for another day",
        CHANGING,
        "    if step.day != today:\n",
        "    if False:\n",
        SAID,
    ),
    Mutant(
        "an open round of an ended check-in runs to its end",
        DUE,
        '    if one.round.archived_at:\n        return "ended"\n',
        '    if one.round.archived_at or one.check_in.ended_at:\n        return "ended"\n',
        SAID,
    ),
    Mutant(
        "only its own facilitators change a check-in",
        "handlers/checkins/changing.py",
        '    await refuse_unless(session, member, "checkin switch", found.cohort.id)\n',
        "",
        SAID,
    ),
]
