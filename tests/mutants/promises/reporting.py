"""The report and the ledger: who counts as asked, what stands in the files, and who may read them."""

from tests.mutants.mutant import Mutant

RULES, FILES, LEDGER = (f"handlers/checkins/reports/{name}.py" for name in ("rules", "files", "ledger"))
RULED = ("tests/handlers/checkins/test_report_rules.py",)
TALKED = ("tests/handlers/checkins/test_reporting.py",)
LEDGERS = ("tests/handlers/checkins/test_ledger.py",)

MUTANTS = [
    Mutant(
        "whom a message did not reach is not asked in the report",
        "storage/reports.py",
        'self.asked_at is not None and (self.outcome == "sent" or not self.owed)',
        "self.asked_at is not None",
        RULED,
    ),
    Mutant(
        "whom a message did not reach is not missing on the Home of facilitators",
        "storage/turnout.py",
        "Asking.asked_at.is_not(None) & askings.reached()",
        "Asking.asked_at.is_not(None)",
        ("tests/storage/test_participation.py",),
    ),
    Mutant(
        "whom a message did not reach is not missing in the summary",
        "handlers/checkins/wording.py",
        "of {len(people) - away - not_asked} answered",
        "of {len(people) - away} answered",
        TALKED,
    ),
    Mutant(
        "rounds that are open are not counted",
        RULES,
        "    counted = [turn for turn in found if turn.round_id in ids]\n",
        "    counted = found\n",
        RULED,
    ),
    Mutant(
        "time to answer runs from the own message of whoever answered",
        RULES,
        "(line for line in lines if line.member_id == line.answered_by)",
        "(line for line in lines)",
        RULED,
    ),
    Mutant(
        "an anonymous answer stands in no file",
        FILES,
        ' or question.get("anonymous")',
        "",
        RULED,
    ),
    Mutant(
        "an answer stands in a file only for who may read it",
        FILES,
        "if not text or not seen or",
        "if not text or",
        RULED,
    ),
    Mutant(
        "a facilitator of another cohort reads no ledger of this one",
        LEDGER,
        "    if not asker.runs(book.cohort.id):\n",
        "    if False:\n",
        LEDGERS,
    ),
    Mutant(
        "a facilitator of another cohort gets no report of this one",
        "handlers/checkins/reports/listeners.py",
        "    if not asker.runs(cohort_id):\n",
        "    if False:\n",
        ("tests/handlers/checkins/test_ledger.py",),
    ),
]
