"""What people type, and every name, rings nobody: in mrkdwn it went through `escaped`."""

from tests.mutants.mutant import Mutant

LOUD = "tests/journeys/test_nobody_rings.py"
ANSWERED = (f"{LOUD}::test_whatever_is_in_the_database_rings_nobody",)
CHECKED_IN = (f"{LOUD}::test_no_check_in_rings_anybody",)
NUDGED = (f"{LOUD}::test_no_nudge_and_no_hand_over_rings_anybody",)
CHECKINS, COMMITMENTS, COHORTS = "handlers/checkins/", "handlers/commitments/", "handlers/cohorts/"


def _raw(what: str, path: str, escaped: str, tests: tuple[str, ...]) -> Mutant:
    """`escaped` holds one call of `escaped(`, which is left out."""
    raw = escaped.replace("blocks.escaped(", "(").replace("escaped(", "(")
    return Mutant(f"{what} is escaped", path, escaped, raw, tests)


MUTANTS = [
    Mutant(
        "markup is escaped",
        "handlers/blocks.py",
        '.replace("<", "&lt;")',
        "",
        ("tests/handlers/commitments/test_recording.py::test_what_is_typed_rings_nobody",),
    ),
    _raw("a question of a prompt", f"{CHECKINS}views.py", "escaped(ask.cohort_name)", CHECKED_IN),
    _raw("a question of a check-in", f"{CHECKINS}views.py", "escaped(question['text'])", CHECKED_IN),
    _raw("an answer in a summary", f"{CHECKINS}summing/telling.py", "return escaped(text)", CHECKED_IN),
    _raw("a name in a summary", f"{CHECKINS}summing/telling.py", "return f\"{escaped(one.name)}{', late'", CHECKED_IN),
    _raw("who has not answered", f"{CHECKINS}summing/missing.py", 'f"{escaped(person.name)} (', CHECKED_IN),
    _raw("an answer of last time", f"{CHECKINS}answering/last_time.py", "escaped(text[:SHOWN].rstrip())", CHECKED_IN),
    _raw(
        "a commitment that is saved",
        f"{COMMITMENTS}messages.py",
        'shown = f"Saved *#{one.number}*: {blocks.escaped(one.text)}',
        ANSWERED,
    ),
    _raw("the title of a list", f"{COMMITMENTS}messages.py", 'counted = f"{blocks.escaped(title)}', ANSWERED),
    _raw("a commitment that is handed over", f"{COMMITMENTS}messages.py", 'given = f"{blocks.escaped(giver)}', NUDGED),
    _raw("why a commitment was changed", "handlers/histories.py", "{blocks.escaped(event.why)}", NUDGED),
    _raw("a practice that was found", "handlers/blocks.py", "· {escaped(practice.title)}*", ANSWERED),
    _raw(
        "an unanswered question",
        "handlers/practices/views.py",
        'blocks.escaped(blocks.cut(" ".join(text.split()), QUOTED))',
        ANSWERED,
    ),
    _raw(
        "a topic",
        "handlers/practices/views.py",
        'f"*{blocks.escaped(rules.spoken(topic))}*" for topic in known',
        ANSWERED,
    ),
    _raw("a person's name", f"{COHORTS}people_views.py", 'f"*{blocks.escaped(person.name)}*"', ANSWERED),
    _raw("a cohort's name", "handlers/naming.py", 'return f"*{blocks.escaped(name)}*"', ANSWERED),
    _raw(
        "what a cohort command did not understand",
        f"{COHORTS}people_views.py",
        "blocks.escaped(blocks.cut(text, WORDS_KEPT))",
        ANSWERED,
    ),
    _raw("a commitment in Home", "handlers/home/views.py", 'return f"*#{one.number}* {blocks.escaped(', ANSWERED),
    _raw(
        "a city in Home", "handlers/home/views.py", "who {blocks.escaped(city)}", ("tests/handlers/home/test_views.py",)
    ),
    _raw(
        "what was said to the bot",
        "handlers/help/views.py",
        "return blocks.escaped(blocks.cut(text, QUOTED))",
        ("tests/handlers/help/test_views.py",),
    ),
    _raw(
        "what is given back after a failure",
        "bot/errors.py",
        "{blocks.escaped(blocks.cut(text, LAST_INPUT_LIMIT))}",
        ("tests/bot/test_errors.py",),
    ),
]
