"""What a summary must not show, what it must not lose, and who may say that a blocker is looked after."""

from tests.mutants.mutant import Mutant

CHECKINS = "handlers/checkins/"
SAID = ("tests/handlers/checkins/test_summaries.py",)
CHARTED = ("tests/handlers/checkins/test_charts.py",)
LOOKED_AFTER = ("tests/handlers/checkins/test_looking_after.py",)
THREADED = ("tests/bot/test_threads.py",)
LIVED = ("tests/handlers/checkins/test_summed_up.py",)

MUTANTS = [
    Mutant(
        "a chart in the channel shows what the cohort may see",
        f"{CHECKINS}summing/summaries.py",
        '        if rules.seen_by_cohort(question["audience"]) != public:\n            continue\n',
        "",
        SAID,
    ),
    Mutant(
        "a picture in the channel shows what the cohort may see",
        f"{CHECKINS}summing/trends.py",
        'and rules.seen_by_cohort(question["audience"]) == public:',
        "and True:",
        CHARTED,
    ),
    Mutant(
        "what was asked for fewer eyes is no last time in a channel",
        f"{CHECKINS}summing/charts.py",
        '(public and not rules.seen_by_cohort(asked["audience"])) or',
        "",
        CHARTED,
    ),
    Mutant(
        "fewer than five anonymous answers are not shown",
        f"{CHECKINS}summing/charts.py",
        "ANONYMOUS_FROM = 5",
        "ANONYMOUS_FROM = 1",
        SAID,
    ),
    Mutant(
        "rounds with few anonymous answers are no point of a trend",
        f"{CHECKINS}summing/charts.py",
        " or too_few(asked, values)\n",
        "\n",
        CHARTED,
    ),
    Mutant(
        "what was answered anonymously is kept as it was when the round closed",
        f"{CHECKINS}jobs.py",
        "                await summing.keep_anonymous(session, this, await answers.anonymous_of_round(session, this))\n",
        "                pass\n",
        LIVED,
    ),
    Mutant(
        "nobody is named in the channel for not answering",
        f"{CHECKINS}summing/summaries.py",
        '    text = f"{title}: {_answers_from(cities)}"\n',
        '    foot += [section(line) for line in missing.lines(this.people)]\n    text = f"{title}: {_answers_from(cities)}"\n',
        SAID,
    ),
    Mutant(
        "only facilitators get the buttons of a blocker",
        f"{CHECKINS}summing/summaries.py",
        "blocker_views.care_buttons(row) if row and not public else []",
        "blocker_views.care_buttons(row) if row else []",
        SAID,
    ),
    Mutant(
        "each long answer stands whole in the thread",
        f"{CHECKINS}summing/packing.py",
        "replies = _replies([*late, *whole])",
        "replies = _replies(late)",
        SAID,
    ),
    Mutant(
        "who looks after a blocker may read it",
        f"{CHECKINS}looking_after.py",
        "return rules.seen_by_cohort(found.blocker.audience) or bool(carer.runs(found.blocker.cohort_id))",
        "return True",
        LOOKED_AFTER,
    ),
    Mutant(
        "only a cohort's facilitators say what becomes of a blocker",
        f"{CHECKINS}looking_after.py",
        "    await _refuse_elsewhere(session, asker, [found.blocker.cohort_id])\n    return asker, found",
        "    return asker, found",
        LOOKED_AFTER,
    ),
    Mutant(
        "a reply waits for its message and the replies before it",
        "storage/outbox.py",
        "or_(Delivery.id == delivery.thread_of_id, before), Delivery.settled_at.is_(None)",
        "Delivery.id == delivery.thread_of_id, Delivery.settled_at.is_(None)",
        THREADED,
    ),
    Mutant(
        "a reply without its message is not sent",
        "bot/delivery.py",
        '    if original is None or original.outcome != "sent":\n        await settle(sender',
        "    if original is None:\n        await settle(sender",
        THREADED,
    ),
    Mutant(
        "a round is summed up once",
        "storage/summing.py",
        "Round.id == this.id, Round.sum_up_at.is_not(None))",
        "Round.id == this.id)",
        ("tests/storage/test_summing.py",),
    ),
    Mutant(
        "a picture that stands in Slack is not drawn again",
        f"{CHECKINS}summing/closing.py",
        "if shown and any(",
        "if shown and True or any(",
        LIVED,
    ),
]
