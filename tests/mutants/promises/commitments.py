"""Commitments: recorded once, changed once, undone by their own person, seen by whom they are meant for, brought to mind once a day."""

from tests.mutants.mutant import Mutant

VERBS, LISTS, RULES = "storage/commitments.py", "storage/commitment_lists.py", "handlers/commitments/rules.py"
STORED = ("tests/storage/test_commitments.py",)
CHANGED = ("tests/handlers/commitments/test_lists_and_changes.py",)
NUDGED = ("tests/handlers/commitments/test_nudges.py",)
RULED = ("tests/handlers/commitments/test_rules.py",)

MUTANTS = [
    Mutant(
        "a form of a commitment counts once (its key)",
        "storage/models/commitments.py",
        "form_key: Mapped[str | None] = mapped_column(unique=True)",
        "form_key: Mapped[str | None]",
        STORED,
    ),
    Mutant(
        "a form of a commitment carries its key",
        "handlers/commitments/listeners.py",
        "form_key=carried.key or None,",
        "form_key=None,",
        ("tests/handlers/commitments/test_recording.py",),
    ),
    Mutant(
        "submitting a form again is no error",
        VERBS,
        ".from_select(list(values), chosen).on_conflict_do_nothing()",
        ".from_select(list(values), chosen)",
        STORED,
    ),
    Mutant(
        "the same text twice within two minutes is one commitment",
        VERBS,
        """chosen = select(*(literal(value, columns[name].type) for name, value in values.items())).where(
        ~exists().where(_twin(member, new, at))
    )""",
        "chosen = select(*(literal(value, columns[name].type) for name, value in values.items()))",
        STORED,
    ),
    Mutant(
        "the same text after two minutes is another commitment",
        VERBS,
        "        Commitment.created_at > at - TWICE_WITHIN,\n",
        "",
        STORED,
    ),
    Mutant(
        "two people may promise the same",
        VERBS,
        "        Commitment.created_by == member.id,\n        Commitment.created_at",
        "        Commitment.created_at",
        STORED,
    ),
    Mutant(
        "what was closed may be promised again at once",
        VERBS,
        "        Commitment.state.in_(OPEN),\n        func.lower",
        "        func.lower",
        STORED,
    ),
    Mutant(
        "a number that was not used is given back",
        VERBS,
        "    await session.execute(back.values(last_commitment_number=Program.last_commitment_number - 1))\n",
        "",
        STORED,
    ),
    Mutant(
        "a number is given once (UPDATE … RETURNING)",
        "storage/programs.py",
        """    query = (
        update(Program)
        .where(Program.id == program_id)
        .values(last_commitment_number=Program.last_commitment_number + 1)
    )
    return (await session.scalars(query.returning(Program.last_commitment_number))).one()
""",
        """    given = (await session.scalars(select(Program.last_commitment_number).where(Program.id == program_id))).one()
    await session.execute(update(Program).where(Program.id == program_id).values(last_commitment_number=given + 1))
    return given + 1
""",
        ("tests/bot/test_promises.py::test_twenty_commitments_at_once_get_twenty_numbers", *STORED),
        postgresql=True,
    ),
    Mutant(
        "no number stands twice in a program",
        "storage/models/commitments.py",
        '    __table_args__ = (UniqueConstraint("program_id", "number"),)\n',
        "",
        ("tests/storage/test_migrations.py",),
    ),
    Mutant(
        "a commitment is changed as it was seen (the condition)",
        VERBS,
        "changed = await _update(session, seen, values, at, conditions)",
        "changed = await _update(session, seen, values, at)",
        STORED,
    ),
    Mutant(
        "what is closed is not changed",
        VERBS,
        "if seen.state not in OPEN or before == told:",
        "if before == told:",
        STORED,
    ),
    Mutant(
        "what is so already is not changed",
        VERBS,
        "if seen.state not in OPEN or before == told:",
        "if seen.state not in OPEN:",
        STORED,
    ),
    Mutant(
        "only one's own change can be taken back",
        VERBS,
        'query.where(CommitmentEvent.member_id == member.id, CommitmentEvent.kind != "undone")',
        'query.where(CommitmentEvent.kind != "undone")',
        STORED,
    ),
    Mutant(
        "only the last change can be taken back",
        VERBS,
        "if found is None or await session.scalar(last.where(CommitmentEvent.commitment_id == found.id)) != event_id:",
        "if found is None:",
        STORED,
    ),
    Mutant(
        "a change is taken back once, also by two clicks at once",
        VERBS,
        "query.with_for_update().execution_options(populate_existing=True)",
        "query.execution_options(populate_existing=True)",
        STORED,
        postgresql=True,
    ),
    Mutant(
        "what was taken back reminds nobody",
        VERBS,
        '_update(session, found, {**values, "nudge_at": None}, at)',
        "_update(session, found, values, at)",
        STORED,
    ),
    Mutant(
        "a reminder is moved on by one process",
        VERBS,
        "query.where(Commitment.nudge_at == commitment.nudge_at, Commitment.updated_at == commitment.updated_at)",
        "query.where(Commitment.updated_at == commitment.updated_at)",
        STORED,
    ),
    Mutant(
        "a reminder of what was just changed is left alone",
        VERBS,
        "query.where(Commitment.nudge_at == commitment.nudge_at, Commitment.updated_at == commitment.updated_at)",
        "query.where(Commitment.nudge_at == commitment.nudge_at)",
        STORED,
    ),
    Mutant(
        "what is closed is not brought to mind",
        VERBS,
        ".where(Commitment.nudge_at < until, Commitment.state.in_(REMINDED))",
        ".where(Commitment.nudge_at < until)",
        STORED,
    ),
    Mutant(
        "somebody is nudged once a day",
        "handlers/commitments/jobs.py",
        'key = f"nudge:{owner.id}:{today.isoformat()}"',
        'key = f"nudge:{owner.id}:{now.isoformat()}"',
        NUDGED,
    ),
    Mutant(
        "all of a day goes into one nudge",
        "handlers/commitments/jobs.py",
        "until = rules.end_of_day(now, where.time_zone)",
        "until = now + timedelta(seconds=1)",
        NUDGED,
    ),
    Mutant(
        "an owner who left is not nudged",
        "handlers/commitments/jobs.py",
        "    if gone:\n",
        "    if False:\n",
        NUDGED,
    ),
    Mutant(
        "whoever just updated is left in peace",
        RULES,
        "return due_on <= today <= due_days or now - updated_at >= UNDISTURBED",
        "return True",
        RULED,
    ),
    Mutant(
        "a nudge comes in working hours",
        RULES,
        "return calendar.next_working_moment(calendar.at_local(day, NUDGES_FROM, zone), zone, state)",
        "return calendar.at_local(day, NUDGES_FROM, zone)",
        RULED,
    ),
    Mutant(
        "others may not change a commitment",
        RULES,
        "return commitment.owner_id == member.id or any(",
        "return True or any(",
        RULED,
    ),
    Mutant(
        "who may not change it is refused",
        "handlers/commitments/asking.py",
        "if not rules.may_change(item.commitment, asker.member, asker.places):",
        "if False:",
        CHANGED,
    ),
    Mutant(
        "a lead may change what is of their own city",
        RULES,
        'place.role == "lead" and place.city_id is not None and place.city_id == commitment.city_id',
        'place.role == "lead"',
        RULED,
    ),
    Mutant(
        "a past day is asked about",
        RULES,
        "    if day < today:\n",
        "    if False:\n",
        RULED,
    ),
    Mutant(
        "moving a date needs a reason",
        "handlers/commitments/changing.py",
        "        if not fresh and not filled.why:\n",
        "        if False:\n",
        CHANGED,
    ),
    Mutant(
        "a list holds what its reader may see",
        LISTS,
        "    return or_(\n        Commitment.owner_id == member.id,",
        "    return or_(\n        Commitment.id > 0,",
        STORED,
    ),
    Mutant(
        "what is for facilitators is not for the city team",
        LISTS,
        'and_(Commitment.audience != "facilitators", Commitment.city_id.in_({place.city_id for place in seats}))',
        "Commitment.city_id.in_({place.city_id for place in seats})",
        STORED,
    ),
    Mutant(
        "what is for the city team is not for the cohort",
        LISTS,
        'and_(Commitment.audience.in_(("cohort", "network")), Commitment.cohort_id.in_(cohorts))',
        "Commitment.cohort_id.in_(cohorts)",
        STORED,
    ),
    Mutant(
        "what is for the cohort is not for the network",
        LISTS,
        'and_(Commitment.audience == "network", Commitment.cohort_id.in_(network))',
        "Commitment.cohort_id.in_(network)",
        STORED,
    ),
    Mutant(
        "the lists of others hold what may be seen",
        LISTS,
        "_open(member).where(_visible(member, places), Commitment.cohort_id.in_(cohort_ids))",
        "_open(member).where(Commitment.cohort_id.in_(cohort_ids))",
        STORED,
    ),
    Mutant(
        "the list of a city holds what may be seen",
        LISTS,
        "_open(member).where(_visible(member, places), Commitment.city_id.in_(city_ids))",
        "_open(member).where(Commitment.city_id.in_(city_ids))",
        STORED,
    ),
    Mutant(
        "the list of what is late holds what may be seen",
        LISTS,
        "_open(member).where(_visible(member, places), Commitment.due_on < today)",
        "_open(member).where(Commitment.due_on < today)",
        STORED,
    ),
    Mutant(
        "a single commitment is shown to whom it is meant for",
        LISTS,
        "_select(member).where(Commitment.number == number, _visible(member, places))",
        "_select(member).where(Commitment.number == number)",
        STORED,
    ),
    Mutant(
        "a facilitator who ended facilitates no longer",
        LISTS,
        "        Facilitator.member_id == member,\n        Facilitator.ended_at.is_(None),\n",
        "        Facilitator.member_id == member,\n",
        STORED,
    ),
]
