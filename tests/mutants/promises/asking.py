"""Who is asked, reminded and left alone: one answer for a city, early answers, and rests after silent rounds."""

from tests.mutants.mutant import Mutant

ANSWERS, CITIES, PROMPTING = "storage/answers.py", "storage/cities.py", "storage/prompting.py"
FILLINGS, RESTS, ROUNDS = "storage/fillings.py", "storage/rests.py", "storage/rounds.py"
CITY = ("tests/storage/test_cities.py",)
EARLY = ("tests/storage/test_early_rounds.py",)
RESTED = ("tests/storage/test_rests.py",)
OF_CITIES = ("tests/handlers/checkins/test_one_per_city.py",)
OF_EARLY = ("tests/handlers/checkins/test_early.py",)
SILENT = ("tests/handlers/checkins/test_silence.py",)
OF_RESTS = ("tests/handlers/checkins/test_rests.py",)
VALUES = ("tests/handlers/checkins/test_city_views.py",)

MUTANTS = [
    Mutant(
        "nobody is reminded after their city answered",
        ANSWERS,
        "values(remind_at=None, skipped=skipped)",
        "values(remind_at=case((Asking.id == this.asking.id, None), else_=Asking.remind_at), skipped=skipped)",
        CITY,
    ),
    Mutant(
        "nobody is asked after their city answered",
        ANSWERS,
        "values(remind_at=None, skipped=skipped)",
        "values(remind_at=None, skipped=case((Asking.id == this.asking.id, ANSWERED), else_=Asking.skipped))",
        CITY,
    ),
    Mutant(
        "a city has one prompt",
        PROMPTING,
        'return f"{FOR_CITY}{one.person.seat_id}" if one_per_city else',
        'return f"{FOR_CITY}{one.person.delegate_id}" if one_per_city else',
        CITY,
    ),
    Mutant(
        "each of a city has the same number of hours",
        FILLINGS,
        '| {"ends_at": one.ends_at, "remind_at"',
        '| {"ends_at": groups[one.subject][0].ends_at, "remind_at"',
        CITY,
    ),
    Mutant(
        "a city is open until its last window ends",
        FILLINGS,
        '"ends_at": max(one.ends_at for one in group)',
        '"ends_at": min(one.ends_at for one in group)',
        CITY,
    ),
    Mutant(
        "who passes does not pass for the others of the city",
        ANSWERS,
        "    if not cities.left(await cities.on(session, member.program_id, [this.prompt.id]), member.id):\n",
        "    if True:\n",
        CITY,
    ),
    Mutant(
        "who passed is not left to answer",
        CITIES,
        "return self.skipped is None and not self.declined",
        "return self.skipped is None",
        VALUES,
    ),
    Mutant(
        "who left the seat does not change the answer of its city",
        "handlers/checkins/answering/listeners.py",
        "    cities.refuse_who_left(this, await today_of(session, asked.member, now))\n",
        "",
        OF_CITIES,
    ),
    Mutant(
        "a confirmation that follows late tells what its own answer knew",
        "handlers/checkins/answering/cities.py",
        "if one.id <= said.revision.id]",
        "]",
        OF_CITIES,
    ),
    Mutant(
        "the others of a city read who answered",
        "handlers/checkins/answering/cities.py",
        "            await change(session, program_id, one.asking_id, text, now)\n",
        "            pass\n",
        OF_CITIES,
    ),
    Mutant(
        "who overwrote an answer unseen reads so",
        "handlers/checkins/answering/cities.py",
        "one for one in told[:-1] if one.id > int(parts[1]) and",
        "one for one in told[:-1] if False and",
        OF_CITIES,
    ),
    Mutant(
        "who left the seat is not reminded",
        "handlers/checkins/jobs.py",
        "        and due_prompts.seated(one, now)\n",
        "",
        OF_CITIES,
    ),
    Mutant(
        "who answered early is not asked",
        PROMPTING,
        "await _plan(session, asking, one, ANSWERED if prompt.answered_at else one.skipped)",
        "await _plan(session, asking, one, one.skipped)",
        EARLY,
    ),
    Mutant(
        "who only looked at the coming round is asked",
        PROMPTING,
        "await _plan(session, asking, one, ANSWERED if prompt.answered_at else one.skipped)",
        "await _plan(session, asking, one, ANSWERED)",
        EARLY,
    ),
    Mutant(
        "the round of an early answer lasts as long as the windows of the others",
        PROMPTING,
        "    # Whoever had looked at the questions and is not asked any more.\n",
        "    return\n",
        EARLY,
    ),
    Mutant(
        "what is not asked yet is not open",
        ANSWERS,
        "    query = query.where(Asking.declined_at.is_(None), ~Round.early)\n",
        "    query = query.where(Asking.declined_at.is_(None))\n",
        EARLY,
    ),
    Mutant(
        "a round that began early is not closed before it is asked",
        ROUNDS,
        "Round.closes_at <= now, Round.closed_at.is_(None), ~TO_BE_ASKED)",
        "Round.closes_at <= now, Round.closed_at.is_(None))",
        EARLY,
    ),
    Mutant(
        "an early answer ends the late ones of nobody",
        "storage/archives.py",
        ".where(of_check_in, ~Round.early)",
        ".where(of_check_in)",
        EARLY,
    ),
    Mutant(
        "questions that were answered early stay as they were",
        ROUNDS,
        "    if this is not None and not await prompting.answered_already(session, this):\n",
        "    if this is not None:\n",
        EARLY,
    ),
    Mutant(
        "questions that somebody only looked at are asked as they are now",
        ROUNDS,
        "    if this is not None and not await prompting.answered_already(session, this):\n",
        "    if False:\n",
        EARLY,
    ),
    Mutant(
        "a pass is no strike",
        "handlers/checkins/resting.py",
        "    heard = {one.member_id for one in people if one.answered or one.declined}\n",
        "    heard = {one.member_id for one in people if one.answered}\n",
        SILENT,
    ),
    Mutant(
        "an answer is no strike",
        "handlers/checkins/resting.py",
        "    heard = {one.member_id for one in people if one.answered or one.declined}\n",
        "    heard = {one.member_id for one in people if one.declined}\n",
        SILENT,
    ),
    Mutant(
        "what did not reach somebody is no strike",
        "handlers/checkins/resting.py",
        'if one.asked and one.outcome == "sent" and not is_away(one)]',
        "if not is_away(one)]",
        SILENT,
    ),
    Mutant(
        "an absence is no strike",
        "handlers/checkins/resting.py",
        'if one.asked and one.outcome == "sent" and not is_away(one)]',
        'if one.skipped == "away" or one.asked and one.outcome == "sent"]',
        SILENT,
    ),
    Mutant(
        "an answer clears the strikes",
        "handlers/checkins/rules.py",
        "        if any(one.reacted for one in of_round):\n",
        "        if False:\n",
        VALUES,
    ),
    Mutant(
        "a rest begins once",
        RESTS,
        "        where=Rest.ended_at.is_not(None) & (Rest.program_id == program_id),\n",
        "        where=Rest.program_id == program_id,\n",
        RESTED,
    ),
    Mutant(
        "who rests is not asked",
        RESTS,
        "    await session.execute(_quietly(unasked.values(skipped=RESTING)))\n",
        "",
        RESTED,
    ),
    Mutant(
        "who rests is not asked in the next round",
        "handlers/checkins/asking.py",
        "skipped = RESTING if person.member_id in resting else late",
        "skipped = late",
        OF_RESTS,
    ),
    Mutant(
        "any answer ends a rest",
        "handlers/checkins/answering/following.py",
        "    await resting.answered(session, member, this, now)\n",
        "",
        OF_RESTS,
    ),
    Mutant(
        "after a rest it is counted anew",
        RESTS,
        "        .where(or_(Rest.ended_at.is_(None), Asking.due_at > Rest.ended_at))\n",
        "",
        RESTED,
    ),
    Mutant(
        "the last of all rounds takes answers for thirty days",
        "handlers/checkins/rules.py",
        "or now <= this.closed_at + TAKES_LATE_ANSWERS",
        "or True",
        VALUES,
    ),
]
