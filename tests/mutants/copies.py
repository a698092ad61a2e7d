"""Copies of the working tree in which promises are taken away; the tree itself is never touched."""

import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests import databases, whole
from tests.mutants.mutant import ROOT, Mutant

_moments = itertools.count(1)


TABLES = "storage/models/"
TEMPLATES = {databases.EMPTY: "empty", whole.FILLED: "filled"}
MAKE = (
    "import asyncio; from pathlib import Path; from tests import databases, whole; "
    "asyncio.run(databases.create_tables(databases.sqlite_url(Path('empty')))); "
    "asyncio.run(whole.fill(databases.sqlite_url(Path('filled'))))"
)


def make_templates(folder: Path) -> None:
    """The databases that most tests begin with, once for all: each costs more than many a test."""
    for name in TEMPLATES.values():
        (folder / name).mkdir()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", MAKE], cwd=folder, env=environment, check=True)


class Copy:
    """One copy, in which one promise at a time is missing: from the file `missing`, None while it is whole."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.whole: dict[str, str] = {}
        self.missing: str | None = None
        self.patched = False
        self.fits = True
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
        for name in filter(None, names):
            if (ROOT / name).is_file():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, root / name)

    def take_away(self, mutant: Mutant, *, patched: bool = False) -> None:
        """Where the tables are others, no database that was made before fits. `patched`: what is loaded already need only be changed."""
        self.fits = not mutant.path.startswith(TABLES)
        text = self.whole.setdefault(mutant.path, (self.root / mutant.path).read_text())
        self._write(mutant.path, mutant.taken_from(text))
        self.missing, self.patched = mutant.path, patched

    def templates(self) -> dict[str, str]:
        """What tests find in the environment: the databases to be copied, "" where they make their own."""
        folder = self.root.parent
        return {name: str(folder / place / databases.FILE) if self.fits else "" for name, place in TEMPLATES.items()}

    def texts(self) -> tuple[str, str]:
        """The file from which something is missing, as it is otherwise, and now."""
        path = self.missing or ""
        return self.whole[path], (self.root / path).read_text()

    def give_back(self, mutant: Mutant) -> None:
        self._write(mutant.path, self.whole[mutant.path])
        self.missing = None

    def _write(self, path: str, text: str) -> None:
        """Each version has a time of its own: by it Python knows which compiled file is of which version."""
        (self.root / path).write_text(text)
        then = 1_000_000_000 + next(_moments)
        os.utime(self.root / path, (then, then))
