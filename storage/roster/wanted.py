"""What a roster file asks for, row by row, beside what is there. Pure."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from storage.models import Facilitator
from storage.models.base import Base
from storage.roster.file import Wrong

MOMENTS = frozenset({"created_at", "looked_up_at", "ended_at"})  # of the import itself, so different each time


@dataclass(eq=False)
class Wanted:
    """A row of `table`: `found` is there already, `values` are what it must say, `refs` are the rows whose ids it needs.

    `label` names it in the report, `line` is where the file speaks of it first. `row` is what is written of a new one.
    """

    table: type[Base]
    values: dict[str, Any]
    found: Any = None
    refs: dict[str, "Wanted"] = field(default_factory=dict)
    label: str = ""
    line: int = 0
    row: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """Its id in the table; of a new one once it is written."""
        row_id: int = self.found.id if self.found is not None else self.row["id"]
        return row_id

    def complete(self, program_id: int) -> dict[str, Any]:
        """A new row with all of its columns as the database will give them back, but for the ids, which it gives."""
        row: dict[str, Any] = {}
        for column in self.table.__table__.c:
            default: Any = getattr(column.default, "arg", None)
            default = default(None) if callable(default) else default
            value = self.values.get(column.name, default)
            row[column.name] = value.astimezone(UTC) if isinstance(value, datetime) else value
        return row | {"program_id": program_id}

    @property
    def changes(self) -> dict[str, tuple[Any, Any]]:
        """Column to (before, after), where they differ; empty for a row that is not there yet."""
        if self.found is None:
            return {}
        pairs = {name: (getattr(self.found, name), value) for name, value in self.values.items()}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

    @property
    def ends(self) -> bool:
        """Whether the file ends what was to last longer."""
        before, after = self.changes.get("until_on", (None, None))
        return after is not None and (before is None or after < before)

    def after(self, column: str) -> Any:
        """What will stand in a column."""
        return self.values[column] if column in self.values else getattr(self.found, column, None)


@dataclass
class Plan:
    """Everything that a file asks for, and the lines that contradict what is known."""

    program_id: int
    wrong: list[Wrong] = field(default_factory=list)
    networks: dict[Any, Wanted] = field(default_factory=dict)
    cohorts: dict[Any, Wanted] = field(default_factory=dict)
    cities: dict[Any, Wanted] = field(default_factory=dict)
    seats: dict[Any, Wanted] = field(default_factory=dict)
    people: dict[str, Wanted] = field(default_factory=dict)
    places: list[Wanted] = field(default_factory=list)

    def stages(self) -> Iterator[list[Wanted]]:
        """Parents before children: what stands in one stage needs ids of earlier ones only."""
        yield [*self.networks.values(), *self.cities.values(), *self.people.values()]
        yield list(self.cohorts.values())
        yield list(self.seats.values())
        yield self.places

    def everything(self) -> list[Wanted]:
        return [wanted for stage in self.stages() for wanted in stage]

    @property
    def added(self) -> list[Wanted]:
        return [wanted for wanted in self.everything() if wanted.found is None]

    @property
    def ended(self) -> list[Wanted]:
        return [wanted for wanted in self.places if wanted.ends]

    @property
    def changed(self) -> list[Wanted]:
        return [wanted for wanted in self.everything() if wanted.changes and not wanted.ends]

    @property
    def facilitators(self) -> list[Wanted]:
        return [wanted for wanted in self.places if wanted.table is Facilitator]

    @cached_property
    def digest(self) -> str:
        """The same for two plans that do the same, whenever they were made."""
        said = [(one.line, one.reason) for one in self.wrong]
        done = sorted(repr(_told(wanted)) for wanted in self.everything() if wanted.found is None or wanted.changes)
        return hashlib.sha256(repr((said, done)).encode()).hexdigest()


def _told(wanted: Wanted) -> tuple[Any, ...]:
    if wanted.found is None:
        values = sorted((name, value) for name, value in wanted.values.items() if name not in MOMENTS)
        parents = sorted((name, _name_of(parent)) for name, parent in wanted.refs.items())
        return wanted.table.__tablename__, wanted.label, values, parents
    changes = sorted((name, pair) for name, pair in wanted.changes.items() if name not in MOMENTS)
    return wanted.table.__tablename__, wanted.found.id, changes


def _name_of(wanted: Wanted) -> Any:
    return wanted.found.id if wanted.found else wanted.label
