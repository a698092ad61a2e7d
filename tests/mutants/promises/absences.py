"""Days off and absences: nobody is written to on one, nobody is lost, and what changes is shown first."""

from tests.mutants.mutant import Mutant

RULES, JOBS = ("tests/handlers/absences/test_rules.py",), ("tests/handlers/absences/test_absences.py",)
DAYS, STORED = ("tests/handlers/absences/test_city_days.py",), ("tests/storage/test_absences.py",)
HOLDING = ("tests/bot/test_holding.py",)

MUTANTS = [
    Mutant(
        "facilitators see who of their own cohorts is away",
        "storage/away.py",
        "        query = query.where(Seat.cohort_id.in_(cohort_ids))\n",
        "        pass\n",
        ("tests/storage/test_away.py",),
    ),
    Mutant(
        "who is away is told by the date where they are",
        "storage/away.py",
        "at.astimezone(ZoneInfo(its_zone)).date()",
        "at.date()",
        ("tests/storage/test_away.py",),
    ),
    Mutant(
        "an absence that is noted or ended shows in the Homes of those whom it concerns",
        "storage/absences.py",
        "        await homes.want_around(session, member, at)\n    return ended",
        "    return ended",
        ("tests/handlers/cohorts/test_away_is_shown.py",),
    ),
    Mutant(
        "a city's own days are not worked",
        "handlers/calendar.py",
        "    return not any(off.covers(day) for off in days.off)\n",
        "    return True\n",
        ("tests/handlers/test_calendar.py",),
    ),
    Mutant(
        "who is away is not asked",
        "handlers/checkins/due_prompts.py",
        '        await rounds.skip(session, one.asking.program_id, [one.asking.id], "away")\n',
        "        return False\n",
        JOBS,
    ),
    Mutant(
        "who is back within the window is asked then",
        "handlers/checkins/absent.py",
        "    return back if back < ends_at else None\n",
        "    return None\n",
        JOBS,
    ),
    Mutant(
        "who says to be back is asked while the window is open",
        "storage/absences.py",
        "    await session.execute(_quietly(askings.values(due_at=at, skipped=None)))\n",
        "",
        (*STORED, *JOBS),
    ),
    Mutant(
        "who was already asked is not asked again on coming back",
        "storage/absences.py",
        'askings.where(Asking.asked_at.is_(None), or_(Asking.skipped.is_(None), Asking.skipped == "away"))',
        "askings",
        STORED,
    ),
    Mutant(
        "what nobody asked for waits for who is away",
        "bot/holding.py",
        "        moment = _morning(last + timedelta(days=1), where, hours)\n",
        "        break\n",
        HOLDING,
    ),
    Mutant(
        "reminders of commitments wait for who is away",
        "handlers/commitments/jobs.py",
        "        await _wait_for(session, owner, where, until)\n        return\n",
        "        pass\n",
        JOBS,
    ),
    Mutant(
        "overlapping absences become one",
        "handlers/absences/rules.py",
        "one for one in known if one not in taken and one.touches(result)]",
        "one for one in known if one not in taken and False]",
        RULES,
    ),
    Mutant(
        "only facilitators note an absence for others",
        "storage/absences.py",
        "    query = query.where(_facilitated_by(by))\n    return await",
        "    return await",
        (*STORED, *JOBS),
    ),
    Mutant(
        "only the lead and facilitators change a city's calendar",
        "handlers/absences/days_listeners.py",
        "    if not city.may_change:\n        raise Refused(NOT_YOURS)\n",
        "",
        DAYS,
    ),
    Mutant(
        "what is planned for a city follows its calendar",
        "handlers/checkins/jobs.py",
        "        await checkin_changes.plan_again(session, check_in, (planned, opens_at(planned)))"
        "  # a city's calendar changed\n        return\n",
        "        pass\n",
        DAYS,
    ),
    Mutant(
        "what a recess moves to one moment was not passed over",
        "handlers/checkins/rules.py",
        "        if opens_at(nominal) < opens_at(following):\n",
        "        if True:\n",
        ("tests/handlers/checkins/test_rules.py",),
    ),
]
