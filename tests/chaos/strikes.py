"""When a bot strikes itself: at the n-th commit of a transaction that says a certain thing, before it or after it."""

import os
import re
import signal
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, SessionTransaction


@dataclass(frozen=True)
class Strike:
    """`when` is "before" or "after" the commit; `says`, a regular expression, is looked for in the transaction's statements, joined by ";".

    `with_signal` is KILL or STOP. A transaction that was struck before its commit is lost when it was KILL.
    """

    when: str
    says: str = ""
    count: int = 1
    with_signal: str = "KILL"


def install(strike: Strike) -> None:
    """Let this process strike itself."""
    found = re.compile(strike.says, re.DOTALL)
    left = [strike.count]

    def began(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
        if not transaction.nested:
            session.info["said"] = connection.info["said"] = []

    def says(connection: Connection, _cursor: object, statement: str, *_more: Any) -> None:
        connection.info.setdefault("said", []).append(statement)

    def commits(session: Session) -> None:
        if session.in_nested_transaction() or not found.search(";".join(session.info.get("said", []))):
            return
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), getattr(signal, f"SIG{strike.with_signal}"))

    event.listen(Session, "after_begin", began)
    event.listen(Connection, "before_cursor_execute", says)
    event.listen(Session, f"{strike.when}_commit", commits)
