"""A promise taken away: one exact piece of one source file, what stands in its place, and the tests that should notice."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Mutant:
    """`tests` are what pytest is given; `postgresql` says that they are needed on that database, too.

    `at` tells which one is meant when `old` may stand in the file several times (only for mutants that are found by machine).
    """

    promise: str
    path: str
    old: str
    new: str
    tests: tuple[str, ...]
    postgresql: bool = False
    at: int | None = None

    @property
    def place(self) -> int:
        """Where `old` begins in the file."""
        return self._text().index(self.old) if self.at is None else self.at

    @property
    def where(self) -> str:
        return f"{self.path}:{self._text().count(chr(10), 0, self.place) + 1}"

    def problem(self) -> str | None:
        """Why the promise cannot be taken away as described; None when all is well."""
        if not (ROOT / self.path).is_file():
            return f"{self.promise}: there is no {self.path}"
        found = self._text().count(self.old)
        if found == 0 or (self.at is None and found > 1):
            return f"{self.promise}: stands {found} times in {self.path}, not once:\n    {self.old}"
        missing = [test for test in self.tests if not (ROOT / test.split("::")[0]).exists()]
        return f"{self.promise}: there is no {missing[0]}" if missing else None

    def taken_from(self, text: str) -> str:
        """The file without the promise; `text` is the file of the copy, made when the list was."""
        place = text.find(self.old) if self.at is None else self.at
        if place < 0 or not text.startswith(self.old, place):
            raise ValueError(f"{self.path} was changed meanwhile: {self.promise}")
        return text[:place] + self.new + text[place + len(self.old) :]

    def _text(self) -> str:
        return (ROOT / self.path).read_text()


def problems(mutants: Iterable[Mutant]) -> list[str]:
    """What is wrong with the list itself: it must not rot while the code goes on."""
    known = list(mutants)
    found = [problem for problem in (one.problem() for one in known) if problem]
    promises = [one.promise for one in known]
    return found + [f"{promise}: stands twice" for promise in sorted(set(promises)) if promises.count(promise) > 1]
