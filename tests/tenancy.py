"""Refuses, during tests, a statement on a program's table that does not name the program.

Lists that are of no program on purpose (what is due, who a Slack user is) say so with the execution option `across_programs`.
"""

from typing import Any

from sqlalchemy import Delete, Select, Update, event
from sqlalchemy.engine import Engine
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BinaryExpression
from sqlalchemy.sql.schema import Column, Table


class TenantForgottenError(AssertionError):
    pass


def watch() -> None:
    event.listen(Engine, "before_execute", _check)


def unwatch() -> None:
    event.remove(Engine, "before_execute", _check)


def _check(_connection: Any, statement: Any, _multi: Any, _parameters: Any, options: Any) -> None:
    if not isinstance(statement, Select | Update | Delete) or options.get("across_programs"):
        return
    tables = {part.name for part in visitors.iterate(statement) if isinstance(part, Table) and _is_tenants(part)}
    if tables and not any(_names_program(part) for part in visitors.iterate(statement)):
        raise TenantForgottenError(f"a statement on {sorted(tables)} does not name the program: {statement}")


def _is_tenants(table: Table) -> bool:
    return "program_id" in table.c or table.name == "programs"


def _names_program(part: Any) -> bool:
    """Whether this is a comparison of a program's key with a given value (a join between tables names none)."""
    if not isinstance(part, BinaryExpression):
        return False
    sides = (part.left, part.right)
    return any(_is_program_key(side) for side in sides) and not all(isinstance(side, Column) for side in sides)


def _is_program_key(side: Any) -> bool:
    name, table = getattr(side, "name", None), getattr(side, "table", None)
    return name == "program_id" or (name == "id" and getattr(table, "name", None) == "programs")
