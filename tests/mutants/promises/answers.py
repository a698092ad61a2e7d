"""What becomes of an answer: fields, steps, drafts, blockers, commitments, and what is anonymous."""

from tests.mutants.mutant import Mutant

FORM, FIELDS = "handlers/checkins/answering/answer_form.py", "handlers/checkins/answering/fields.py"
FILLING, FOLLOWING = "handlers/checkins/answering/filling.py", "handlers/checkins/answering/following.py"
ANSWERS, BLOCKERS = "storage/answers.py", "storage/blockers.py"
FORMS = ("tests/handlers/checkins/test_answer_forms.py",)
LIVED = ("tests/handlers/checkins/test_answering.py",)
KEPT = ("tests/storage/test_following.py",)
RAISED = ("tests/storage/test_blockers.py",)

MUTANTS = [
    Mutant("what is not anonymous alone is kept in a draft", FORM, "if unit not in hidden}", "}", LIVED),
    Mutant(
        "an anonymous answer is kept with the first one only",
        ANSWERS,
        "        if anonymous:\n            await _keep_anonymously",
        "    if anonymous:\n        await _keep_anonymously",
        KEPT,
    ),
    Mutant(
        "an anonymous answer is not in the answer",
        FILLING,
        "            anonymous[position] = fields.as_text(value)\n",
        "            said[str(position)] = value\n",
        LIVED,
    ),
    Mutant(
        "once answered, nothing anonymous is asked again",
        "handlers/checkins/answering/stepping.py",
        "if not (answered and is_anonymous(one))]",
        "if True or is_anonymous(one)]",
        FORMS,
    ),
    Mutant("a number is a number", FIELDS, "not NUMBER.fullmatch(text)", "False", FORMS),
    Mutant(
        "what stands in a step that changes is filled in anew",
        FIELDS,
        'return f"{name}~{turn}" if turn else name',
        "return name",
        LIVED,
    ),
    Mutant(
        "a blocker for facilitators does not come back to a colleague",
        FILLING,
        'return found.blocker.audience != "facilitators" or found.blocker.member_id == member.id',
        "return True",
        LIVED,
    ),
    Mutant(
        "who may not change a commitment is not asked about it",
        "handlers/checkins/answering/promised.py",
        "mine = one.owner_id == member_id or rights",
        "mine = True or rights",
        FORMS,
    ),
    Mutant(
        "a commitment is said to nobody whom its audience leaves out",
        "handlers/saying.py",
        'if reaches(one["audience"], question["audience"])',
        "",
        ("tests/handlers/test_saying.py",),
    ),
    Mutant(
        "an answer is carried over once",
        "storage/following.py",
        "AnswerRevision.follow_at.is_not(None))\n    query = query.values(follow_at=None)",
        "AnswerRevision.id == revision.id)\n    query = query.values(follow_at=None)",
        KEPT,
    ),
    Mutant(
        "what was carried over meanwhile is not put off",
        "storage/following.py",
        "AnswerRevision.follow_at.is_not(None))\n    await session.execute(query.values(follow_at=until)",
        "AnswerRevision.id == revision.id)\n    await session.execute(query.values(follow_at=until)",
        KEPT,
    ),
    Mutant(
        "a later answer waits until the one before it is carried over",
        "storage/following.py",
        "    query = query.where(~waiting.where(Earlier.follow_at.is_not(None)).exists())\n",
        "",
        KEPT,
    ),
    Mutant(
        "an answer that cannot be carried over keeps no other waiting",
        FOLLOWING,
        "    await turns.one_by_one(due, carry_over, put_off)\n",
        "    for one in due:\n        await carry_over(one)\n",
        LIVED,
    ),
    Mutant(
        "a late answer is counted anew",
        FOLLOWING,
        "    await answers.note_late(session, this, said.revision.at)\n",
        "",
        ("tests/handlers/checkins/test_conversations.py",),
    ),
    Mutant(
        "what was typed after an answer was sent stays in the draft",
        "storage/drafts.py",
        "        query = query.where(Draft.changed_at <= until)\n",
        "        pass\n",
        ("tests/storage/test_drafts.py",),
    ),
    Mutant(
        "an answer that is changed keeps the moment of the first",
        ANSWERS,
        "prompt.where(Prompt.answered_at.is_(None)).values(answered_at",
        "prompt.values(answered_at",
        ("tests/storage/test_checkins_rounds.py",),
    ),
    Mutant(
        "what was said before changes nothing again",
        FOLLOWING,
        'if before.get(one["number"]) != one]',
        "]",
        LIVED,
    ),
    Mutant(
        "two close a blocker once",
        BLOCKERS,
        "which, Blocker.closed_at.is_(None))",
        "which)",
        RAISED,
    ),
    Mutant(
        "a draft goes with its round",
        "storage/archives.py",
        "        await drafts.drop_of_archived(session, opened.program_id, archived)\n",
        "        pass\n",
        KEPT,
    ),
    Mutant(
        "a draft is dropped when the answer is saved",
        FOLLOWING,
        "    await drafts.drop(session, member, begun.about(this.prompt.id), until=said.revision.at)\n",
        "",
        LIVED,
    ),
]
