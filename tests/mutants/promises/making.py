"""Check-ins made and changed in steps: made once, changed by one at a time, kept while half done, and seen by those who may."""

from tests.mutants.mutant import Mutant

EDITS = "storage/check_in_edits.py"
STEPS, SAVING, QUESTIONS, FORMS, DATES, PREVIEW = (
    f"handlers/checkins/making/{name}.py" for name in ("steps", "saving", "questions", "forms", "dates", "preview")
)
STORED = ("tests/storage/test_check_in_edits.py",)
KEPT = ("tests/storage/test_drafts.py",)
MADE = ("tests/handlers/checkins/test_making.py",)
CHANGED = ("tests/handlers/checkins/test_editing.py",)
RULED = ("tests/handlers/checkins/test_making_rules.py",)

MUTANTS = [
    Mutant(
        "of two who change a check-in at once the second writes nothing",
        EDITS,
        "CheckIn.ended_at.is_(None), CheckIn.changes == seen)",
        "CheckIn.ended_at.is_(None))",
        STORED,
    ),
    Mutant(
        "the second of two who change a check-in is told",
        SAVING,
        "    if check_in.changes != plan.changes:\n",
        "    if False:\n",
        CHANGED,
    ),
    Mutant(
        "a change leaves a paused check-in paused",
        EDITS,
        "plan = plan.where(CheckIn.paused_at.is_(None)).values(",
        "plan = plan.values(",
        (*STORED, *CHANGED),
    ),
    Mutant(
        "a round keeps the terms on which it was opened",
        "storage/rounds.py",
        "    return [replace(one, check_in=as_asked[one.round.id]) for one in asks]\n",
        "    return list(asks)\n",
        CHANGED,
    ),
    Mutant(
        "a draft belongs to whoever typed it",
        "storage/drafts.py",
        " & (Draft.member_id == member.id)",
        "",
        KEPT,
    ),
    Mutant(
        "what stands in a step is kept before the next one is shown",
        STEPS,
        "        await forms.keep(session, asker, go_on, now)\n",
        "",
        MADE,
    ),
    Mutant(
        "an older window does not write over a newer draft",
        FORMS,
        "        if plan.key != carried.key:\n            raise Refused(ELSEWHERE)\n",
        "",
        MADE,
    ),
    Mutant(
        "a form that is sent again after its answer was lost makes nothing more",
        SAVING,
        "        if not await _is_done(session, asker, carried):\n",
        "        if True:\n",
        MADE,
    ),
    Mutant(
        "nobody goes on with a check-in of a cohort that they do not facilitate",
        FORMS,
        "    if plan.cohort and not rights.may(act, asker.runs(plan.cohort)):\n",
        "    if False:\n",
        (*MADE, *CHANGED, "tests/handlers/test_rights.py"),
    ),
    Mutant(
        "the date that was right when the form was begun is looked at again",
        SAVING,
        "    if wrong is not None:\n",
        "    if False:\n",
        MADE,
    ),
    Mutant(
        "dates that were skipped stay skipped",
        DATES,
        "            found = cadence.without(found, day)\n",
        "            pass\n",
        RULED,
    ),
    Mutant(
        "a preview goes to the maker alone",
        PREVIEW,
        "        reached = await deliveries.owe(session, asker.member, key, reply, at=now)\n",
        "        for one in await checkins.people_of(session, asker.member.program_id, plan.cohort):\n"
        "            other = await members.of_id(session, asker.member.program_id, one.member_id)\n"
        '            await deliveries.owe(session, other, f"{key}:{other.id}", reply, at=now)\n'
        "        reached = await deliveries.owe(session, asker.member, key, reply, at=now)\n",
        MADE,
    ),
    Mutant(
        "a check-in has at most ten questions",
        QUESTIONS,
        "        if place.position is None and len(plan.questions) >= rules.MOST_QUESTIONS:\n",
        "        if False:\n",
        MADE,
    ),
]
