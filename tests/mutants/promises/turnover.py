"""Who sits where, who may change it, and what follows when people come and go."""

from tests.mutants.mutant import Mutant

SEATS, TURNOVER, OWNERS, EDITS = (
    "storage/seats.py",
    "storage/turnover.py",
    "storage/owners.py",
    "storage/cohort_edits.py",
)
HANDOVERS, CHANGES = "storage/handovers.py", "storage/seat_changes.py"
ENDS = ("tests/storage/test_seats.py",)
BACK = ("tests/storage/test_handovers.py",)
WAY_BACK = "tests/handlers/seats/test_way_back.py"
HAND = ("tests/handlers/seats/test_turnover.py",)
BY_HAND = ("tests/handlers/seats/test_seats_by_hand.py",)
RIGHTS = ("tests/handlers/test_rights.py",)
BOTH_EDIT = ("tests/storage/test_cohort_edits.py",)

MUTANTS = [
    Mutant(
        "who may not do something is refused",
        "handlers/people.py",
        "    if not rights.may(act, asker.runs(cohort_id)):\n",
        "    if False:\n",
        RIGHTS,
    ),
    Mutant(
        "who may not do something by a word of the command is refused",
        "handlers/people.py",
        "    if not rights.may(act, await members.runs(session, member, cohort_id)):\n",
        "    if False:\n",
        RIGHTS,
    ),
    Mutant(
        "who facilitates another cohort does not facilitate this one",
        "storage/members.py",
        "if one is None or cohort_id in (None, one)}",
        "if True}",
        ("tests/handlers/cohorts/test_cohorts_by_hand.py",),
    ),
    Mutant(
        "nothing is offered at a cohort that one may not do",
        "handlers/cohorts/cohort_views.py",
        ' if rights.may(f"cohort {word}", roles)]',
        "]",
        RIGHTS,
    ),
    Mutant(
        "only facilitators of the program name others of the program",
        "handlers/seats/placing.py",
        'if adding.role == "program" and not rights.may("cohort add program", asker.runs()):',
        "if False:",
        RIGHTS,
    ),
    Mutant(
        "what somebody else made of a cohort meanwhile is not overwritten",
        EDITS,
        "    if now is None or now.said != seen.said:\n        return False\n",
        "",
        BOTH_EDIT,
        postgresql=True,
    ),
    Mutant(
        "the form of a cohort notices what changed since it was opened",
        "handlers/cohorts/editing.py",
        "as_seen = forms.as_seen(present.said) == filled.carried.seen",
        "as_seen = True",
        ("tests/handlers/cohorts/test_cohorts_by_hand.py",),
    ),
    Mutant(
        "a last day that somebody changed meanwhile is not overwritten",
        SEATS,
        "    query = query.where(Delegate.until_on.is_(None) if before is None else Delegate.until_on == before)\n",
        "",
        ENDS,
    ),
    Mutant(
        "the end of a place takes effect once",
        TURNOVER,
        "query = query.where(Delegate.ended_at.is_(None), Delegate.until_on == one.until_on).values(ended_at=at)",
        "query = query.values(ended_at=at)",
        ENDS,
    ),
    Mutant(
        "an end is taken back only by who set it, while nobody came after",
        SEATS,
        "    if (one.ended_by, one.until_on, one.successor_id) != (by.id, last_day, None):\n        return None\n",
        "",
        ENDS,
    ),
    Mutant(
        "a handover is taken back only by who did it, while nobody built on it",
        HANDOVERS,
        "not _stands(by, handed, place.delegate, after.delegate)",
        "False",
        BACK,
    ),
    Mutant(
        "days on which a successor had the seat stay in the history",
        HANDOVERS,
        "    if handed.since_on >= today:\n",
        "    if True:\n",
        BACK,
    ),
    Mutant(
        "a commitment that was touched since stays with the successor",
        OWNERS,
        '        if event.kind != "handed" or event.member_id is not None or event.at < since:\n',
        "        if False:\n",
        BACK,
    ),
    Mutant(
        "a change of seats is taken back by who asked for it, and once",
        CHANGES,
        "    query = query.where(SeatChange.member_id == by.id, SeatChange.state == DONE)\n",
        "",
        BACK,
    ),
    Mutant(
        "who facilitates the cohort no longer takes nothing back",
        "handlers/seats/placing.py",
        '        await refuse_unless(session, by, "cohort undo", cohort_id)\n',
        "",
        (f"{WAY_BACK}::test_who_facilitates_the_cohort_no_longer_takes_nothing_back",),
    ),
    Mutant(
        "a change of seats is carried out once",
        CHANGES,
        "    query = query.where(SeatChange.state == seen.state, SeatChange.due_at.is_not(None))\n",
        "",
        BACK,
    ),
    Mutant(
        "a form about places is saved once (the unique key)",
        "storage/models/seat_changes.py",
        '        UniqueConstraint("program_id", "form_key"),\n',
        "",
        BACK,
    ),
    Mutant(
        "of two who hand the same seat over the second is told",
        "handlers/seats/carrying.py",
        "    whom.refuse_changed(place, handing)\n",
        "",
        (f"{WAY_BACK}::test_of_two_who_hand_the_same_seat_over_the_second_is_told_and_keeps_the_note",),
    ),
    Mutant(
        "why a place ends is not told to whose place it is",
        "handlers/seats/views.py",
        'f" Thank you for what you did there.',
        'f" Thank you for what you did there. {place.delegate.why}',
        (f"{WAY_BACK}::test_who_is_ended_reads_it_once_with_whom_to_ask",),
    ),
    Mutant(
        "nobody has the same seat twice on one day",
        "handlers/seats/whom.py",
        "    return ends_after and (until is None or one.since_on is None or one.since_on <= until)\n",
        "    return ends_after\n",
        ("tests/handlers/seats/test_whom.py",),
    ),
    Mutant(
        "only the first who follows gets a brief",
        SEATS,
        'before.where(Delegate.role != "sponsor", Delegate.successor_id.is_(None), Delegate.id != placed)',
        'before.where(Delegate.role != "sponsor", Delegate.id != placed)',
        ENDS,
    ),
    Mutant(
        "who comes to a seat is told once",
        TURNOVER,
        "    query = query.where(Delegate.greeting == one.greeting).values(greeting=None)\n",
        "    query = query.values(greeting=None)\n",
        ENDS,
    ),
    Mutant(
        "the brief waits until who leaves has left",
        TURNOVER,
        "in_slack, ~waits, ~gone)",
        "in_slack, ~gone)",
        ENDS,
    ),
    Mutant(
        "only what belongs to the seat is let go with it",
        "storage/commitments.py",
        "        mine = mine.where(Commitment.cohort_id == seat.cohort_id, Commitment.city_id == seat.city_id)\n",
        "        pass\n",
        ENDS,
    ),
    Mutant(
        "who comes back takes up only what was let go since",
        OWNERS,
        'if event.kind != "let_go" or event.at < since:',
        'if event.kind != "let_go":',
        ENDS,
    ),
    Mutant(
        "a change of roles ends nothing",
        "handlers/seats/leaving.py",
        "and not one.stays and not _cohort_is_over(one)",
        "and not _cohort_is_over(one)",
        BY_HAND,
    ),
    Mutant(
        "a lead reads nothing that only facilitators see",
        "handlers/seats/leaving.py",
        'return [one for one in known if one.audience != "facilitators"]',
        "return list(known)",
        BY_HAND,
    ),
    Mutant(
        "a brief passes on no answer that only facilitators see",
        "handlers/seats/brief_views.py",
        'return [one for one in answered if one["audience"] in ("city", "cohort", "network")]',
        "return answered",
        HAND,
    ),
    Mutant(
        "the answers of a seat are read by who sits there now",
        "handlers/seats/briefing.py",
        "        if place.member.id != member.id or (until is not None and until < today):\n",
        "        if place.member.id != member.id:\n",
        HAND,
    ),
    Mutant(
        "a form that is sent twice makes one cohort",
        EDITS,
        "insert(session, Cohort).values(**values).on_conflict_do_nothing()",
        'insert(session, Cohort).values(**(values | {"form_key": None, "name": said.name + " "})).on_conflict_do_nothing()',
        BOTH_EDIT,
    ),
]
