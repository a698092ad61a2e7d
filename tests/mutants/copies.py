"""Copies of the working tree in which promises are taken away; the tree itself is never touched."""

import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.mutants.mutant import ROOT, Mutant

_moments = itertools.count(1)


FILLED, TABLES = "filled", "storage/models/"
FILL = "import asyncio; from pathlib import Path; from tests import databases, whole; asyncio.run(whole.fill(databases.sqlite_url(Path())))"


def fill(folder: Path) -> None:
    """Make the database that most conversations begin with, once for all: it costs more than many a test."""
    folder.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", FILL], cwd=folder, env=environment, check=True)


class Copy:
    """One copy, in which one promise at a time is missing: from the file `missing`, None while it is whole."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.whole: dict[str, str] = {}
        self.missing: str | None = None
        self.filled: Path | None = root.parent / FILLED / "civic.db"
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
        for name in filter(None, names):
            if (ROOT / name).is_file():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, root / name)

    def take_away(self, mutant: Mutant) -> None:
        """Where the tables are others, no database that was filled before fits."""
        self.filled = None if mutant.path.startswith(TABLES) else self.root.parent / FILLED / "civic.db"
        text = self.whole.setdefault(mutant.path, (self.root / mutant.path).read_text())
        self._write(mutant.path, mutant.taken_from(text))
        self.missing = mutant.path

    def give_back(self, mutant: Mutant) -> None:
        self._write(mutant.path, self.whole[mutant.path])
        self.missing = None

    def _write(self, path: str, text: str) -> None:
        """Each version has a time of its own: by it Python knows which compiled file is of which version."""
        (self.root / path).write_text(text)
        then = 1_000_000_000 + next(_moments)
        os.utime(self.root / path, (then, then))
