"""Refuses, during tests, a statement on a program's table that does not name the program.

Each part of a statement is looked at by itself: a subquery on a program's table names the program too, or is tied to the program of
what surrounds it. Lists that are of no program on purpose (what is due, who a Slack user is) say so with the execution option
`across_programs`.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import CompoundSelect, Delete, Insert, Select, Update, event
from sqlalchemy.engine import Engine
from sqlalchemy.sql.elements import BinaryExpression
from sqlalchemy.sql.schema import Column, Table

Scope = Select[Any] | Update | Delete | Insert


class TenantForgottenError(AssertionError):
    pass


def watch() -> None:
    event.listen(Engine, "before_execute", _check)


def unwatch() -> None:
    event.remove(Engine, "before_execute", _check)


def _check(_connection: Any, statement: Any, _multi: Any, _parameters: Any, options: Any) -> None:
    if not isinstance(statement, Scope | CompoundSelect) or options.get("across_programs"):
        return
    for scope in _scopes(statement):
        parts = list(_own(scope))
        tables = {part.name for part in parts if isinstance(part, Table) and _is_tenants(part)}
        if isinstance(scope, Insert) or not tables or _is_rebuilt(statement):
            continue
        if not any(_names_program(part, tied=scope is not statement) for part in parts):
            raise TenantForgottenError(f"a part on {sorted(tables)} does not name the program: {statement}")


def _scopes(element: Any) -> Iterator[Any]:
    """The statement itself, and every query inside it."""
    yield element
    for part in _own(element):
        for child in part.get_children():
            if isinstance(child, Scope):
                yield from _scopes(child)


def _own(element: Any) -> Iterator[Any]:
    """The parts of a statement without those of the queries inside it."""
    yield element
    for child in element.get_children():
        if not isinstance(child, Scope):
            yield from _own(child)


def _is_rebuilt(statement: Any) -> bool:
    """Whether a migration copies a whole table, of all programs, into a new one."""
    return isinstance(statement, Insert) and statement.table.name.startswith("_alembic_tmp_")


def _is_tenants(table: Table) -> bool:
    return "program_id" in table.c or table.name == "programs"


def _names_program(part: Any, *, tied: bool) -> bool:
    """Whether this is a comparison of a program's key with a given value or, inside another query, with another table's."""
    if not isinstance(part, BinaryExpression):
        return False
    sides = (part.left, part.right)
    if all(isinstance(side, Column) for side in sides):
        return tied and all(_is_program_key(side) for side in sides) and sides[0].table is not sides[1].table
    return any(_is_program_key(side) for side in sides)


def _is_program_key(side: Any) -> bool:
    name, table = getattr(side, "name", None), getattr(side, "table", None)
    return name == "program_id" or (name == "id" and getattr(table, "name", None) == "programs")
