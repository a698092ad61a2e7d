"""An acknowledgement means "saved", each event and form counts once, and what failed is answered or done later."""

from tests.mutants.mutant import Mutant

APP, ERRORS, EVENTS = "bot/app.py", "bot/errors.py", "storage/events.py"
PROMISES = ("tests/bot/test_promises.py",)
SEEN = ("tests/storage/test_events.py",)

MUTANTS = [
    Mutant(
        "Slack is answered after the commit (process_before_response)",
        APP,
        "process_before_response=True\n",
        "process_before_response=False\n",
        PROMISES,
    ),
    Mutant(
        "a listener has a time limit",
        APP,
        "asyncio.wait({listening}, timeout=ANSWER_WITHIN)",
        "asyncio.wait({listening}, timeout=60)",
        PROMISES,
        postgresql=True,
    ),
    Mutant(
        "an event that failed gets a second chance",
        APP,
        "            self._give_second_chance(req)\n",
        "            pass\n",
        PROMISES,
    ),
    Mutant(
        "an event that failed is refused, so that Slack sends it again",
        ERRORS,
        "status=200 if isinstance(error, Refused) else 500",
        "status=200",
        PROMISES,
    ),
    Mutant(
        "each event takes effect once (the memory)",
        EVENTS,
        "return await session.scalar(query.returning(SeenEvent.event_id)) is not None",
        "return await session.scalar(query.returning(SeenEvent.event_id)) is not None or True",
        SEEN,
    ),
    Mutant("seeing an event again is no error", EVENTS, ".on_conflict_do_nothing()", "", SEEN),
    Mutant(
        "old events are forgotten, new ones are not",
        EVENTS,
        "delete(SeenEvent).where(SeenEvent.at < before)",
        "delete(SeenEvent)",
        SEEN,
    ),
    Mutant(
        "news of a user take effect once",
        "handlers/cohorts/listeners.py",
        '    if not await events.first_time(session, body["event_id"], clock.now()):\n        return None\n',
        "",
        PROMISES,
    ),
    Mutant(
        "a stranger who spoke is looked up",
        APP,
        "            await _remember(sessions, clock, error, request)\n",
        "            pass\n",
        ("tests/handlers/cohorts/test_who_is_in_slack.py",),
    ),
    Mutant(
        "what nobody wanted is acknowledged",
        APP,
        "    app.action(everything)(acknowledge)\n",
        "",
        ("tests/bot/test_promises.py",),
    ),
    Mutant(
        "when a command fails, its text is given back",
        ERRORS,
        'typed = "" if isinstance(error, Refused) else _typed(request.body)',
        'typed = ""',
        PROMISES,
    ),
]
