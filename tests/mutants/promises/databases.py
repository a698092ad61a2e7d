"""The database: readers that cannot write, one writer, durable commits, and moments that are no local times."""

from tests.mutants.mutant import Mutant

DATABASE, DRIVER = "storage/database.py", "storage/sqlite.py"
TESTS = ("tests/storage/test_database.py",)

MUTANTS = [
    Mutant(
        "a reader of SQLite cannot write",
        DATABASE,
        '(*PRAGMAS, "query_only=ON")',
        "PRAGMAS",
        TESTS,
    ),
    Mutant(
        "a reader of PostgreSQL cannot write",
        DATABASE,
        ', default_transaction_read_only="on")',
        ")",
        TESTS,
        postgresql=True,
    ),
    Mutant("a writer of SQLite locks at once (BEGIN IMMEDIATE)", DATABASE, '"BEGIN IMMEDIATE"', '"BEGIN"', TESTS),
    Mutant("a reader of SQLite locks nobody out", DATABASE, 'url, "BEGIN", (', 'url, "BEGIN IMMEDIATE", (', TESTS),
    Mutant("a commit is on the disk (synchronous=FULL)", DATABASE, '"synchronous=FULL"', '"synchronous=NORMAL"', TESTS),
    Mutant("readers and the writer do not wait for each other (WAL)", DATABASE, '"journal_mode=WAL", ', "", TESTS),
    Mutant("no row points nowhere (foreign_keys=ON)", DATABASE, ', "foreign_keys=ON")', ")", TESTS),
    Mutant(
        "a lock of PostgreSQL is waited for a second at most",
        DATABASE,
        '"lock_timeout": BUSY_SECONDS, ',
        "",
        TESTS,
        postgresql=True,
    ),
    Mutant(
        "a lock of SQLite is waited for a second at most",
        DATABASE,
        '{"timeout": BUSY_SECONDS, "isolation_level"',
        '{"timeout": 4.0, "isolation_level"',
        TESTS,
    ),
    Mutant(
        "a transaction of SQLite that somebody gave up is undone",
        DRIVER,
        "            self._tx.put_nowait((None, self._conn.rollback))",
        "            pass",
        TESTS,
    ),
    Mutant(
        "a connection that was cut is replaced",
        DATABASE,
        "    _ping_after_a_rest(engine, ping_after)\n",
        "",
        TESTS,
        postgresql=True,
    ),
    Mutant(
        "a job that a commit wakes is run at once",
        DATABASE,
        "            self.due.set()",
        "            pass",
        ("tests/bot/test_scheduler.py",),
    ),
    Mutant("who owes wakes the sender", DATABASE, "            self.owed.set()", "            pass", TESTS),
    Mutant(
        "only what owes wakes the sender",
        DATABASE,
        "if session.info.get(OWES):",
        "if True:",
        TESTS,
    ),
    Mutant(
        "a moment without a time zone is refused",
        "storage/columns.py",
        "        if value.tzinfo is None:\n            raise",
        "        if False:\n            raise",
        TESTS,
    ),
    Mutant(
        "a moment of another zone is the same instant on SQLite",
        "storage/columns.py",
        "        value = value.astimezone(UTC)\n",
        "",
        TESTS,
    ),
    Mutant(
        "a migration leaves no row that points nowhere (foreign_key_check)",
        "storage/migrations/env.py",
        "if sqlite and (orphans := ",
        "if False and (orphans := ",
        ("tests/storage/test_migrations.py",),
    ),
    Mutant(
        "a migration that rebuilds a table keeps the rows that point to it",
        "storage/migrations/env.py",
        'await connection.execute(text("PRAGMA foreign_keys=OFF"))',
        'await connection.execute(text("PRAGMA foreign_keys=ON"))',
        ("tests/storage/test_migrations.py",),
    ),
    Mutant(
        "only a database without tables is made from the models",
        "storage/migrations/env.py",
        " and is_new(connection)",
        "",
        ("tests/storage/test_migrations.py",),
    ),
    Mutant(
        "two processes that start together migrate one after the other",
        "storage/migrations/env.py",
        'connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))',
        "pass",
        ("tests/storage/test_migrations.py",),
        postgresql=True,
    ),
]
