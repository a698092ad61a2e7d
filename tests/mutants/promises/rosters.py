"""Roster files in Slack: shown before they are done, done once, taken back whole; and what a file may hold."""

from tests.mutants.mutant import Mutant

IMPORTS, JOBS = "storage/roster_imports.py", "handlers/rosters/jobs.py"
TEXT, FILE, UNDO = "storage/roster/text.py", "storage/roster/file.py", "storage/roster/undo.py"
TALKED = ("tests/handlers/rosters/test_imports.py",)
EXPORTED = ("tests/storage/test_roster_export.py",)
READ = ("tests/storage/test_roster_file.py",)
UNDONE = ("tests/storage/test_roster_undo.py",)

MUTANTS = [
    Mutant(
        "only who facilitates the whole program imports",
        "handlers/rosters/imports.py",
        "    if not await roster_imports.runs_program(session, member):\n",
        "    if False:\n",
        TALKED,
    ),
    Mutant(
        "only the plan that was shown is imported",
        JOBS,
        "        if planned.digest != held.digest:\n",
        "        if False:\n",
        TALKED,
    ),
    Mutant(
        "an import writes what is right when it writes, not when it was prepared",
        "storage/roster/__init__.py",
        "            if await state.snapshot(session, program_id) == prepared.seen:\n",
        "            if True:\n",
        ("tests/storage/test_roster.py",),
    ),
    Mutant(
        "a button of an older dry run imports nothing",
        IMPORTS,
        "        query = query.where(RosterImport.digest.startswith(showing, autoescape=True))\n",
        "        pass\n",
        TALKED,
    ),
    Mutant(
        "a form with a file is taken once (the unique key)",
        "storage/models/roster_imports.py",
        '        UniqueConstraint("program_id", "form_key"),\n',
        "",
        TALKED,
    ),
    Mutant(
        "only the last import is undone",
        JOBS,
        "        if last is not None and last.id != held.id:\n",
        "        if False:\n",
        TALKED,
    ),
    Mutant(
        "the command line undoes no import of Slack",
        "storage/roster/__init__.py",
        "    if last.member_id is not None:\n",
        "    if False:\n",
        ("tests/bot/test_command_line.py",),
    ),
    Mutant(
        "what was changed since is not undone",
        UNDO,
        "[*await _changes_since(session, program_id, rows), *await _uses_since(session, program_id, rows)]",
        "[*await _uses_since(session, program_id, rows)]",
        UNDONE,
    ),
    Mutant(
        "what was used since is not undone",
        UNDO,
        "[*await _changes_since(session, program_id, rows), *await _uses_since(session, program_id, rows)]",
        "[*await _changes_since(session, program_id, rows)]",
        UNDONE,
    ),
    Mutant(
        "no cell of an export begins as a formula",
        TEXT,
        '    return f"\'{cell}" if RUNS.match(cell) else cell\n',
        "    return cell\n",
        EXPORTED,
    ),
    Mutant(
        "the apostrophe before a formula goes away again",
        TEXT,
        "    return cell[1:] if MARKED.match(cell) else cell\n",
        "    return cell\n",
        EXPORTED,
    ),
    Mutant(
        "of some cohorts only their delegates are exported",
        "storage/roster/export.py",
        "    return query if cohort_ids is None else query.where(Seat.cohort_id.in_(cohort_ids))\n",
        "    return query\n",
        EXPORTED,
    ),
    Mutant(
        "a file of wrong lines is not read to its end",
        FILE,
        "            if len(wrong) >= MOST_WRONG:\n",
        "            if False:\n",
        READ,
    ),
    Mutant(
        "an endless line is not split",
        TEXT,
        "        if len(line) > LONGEST_LINE:\n",
        "        if False:\n",
        READ,
    ),
    Mutant(
        "a file whose sending is unclear is looked for",
        "storage/outbox.py",
        'POSTED = ("post", "file")',
        'POSTED = ("post",)',
        ("tests/bot/test_uploading.py",),
    ),
]
