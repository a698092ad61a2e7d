"""The record of all that passes between the app and Slack: kept in memory for the page and tests, and as lines of JSON in a file."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.sandbox.transport import team_of

Json = dict[str, Any]

FROM_APP = "bot→Slack"
TO_APP = "Slack→bot"
KEPT = 10_000
HIDDEN = ("token", "client_secret", "refresh_token", "access_token")


class Calls(list[Json]):
    """A list of `{n, at, direction, team, method, args, status, response, verdict}`, oldest first; the oldest go beyond `KEPT`.

    `team` is the id of the workspace that it was said to or came from, "" for what belongs to none (`apps.connections.open`).
    """

    def __init__(self, now: Callable[[], datetime], file: Path | None = None) -> None:
        super().__init__()
        self._now = now
        self._count = 0
        self._file = file.open("a", encoding="utf-8") if file else None
        self.on_call: Callable[[Json], None] = lambda _call: None

    def said(
        self, method: str, args: object, status: int, response: object, verdict: str = "ok", *, team: str = ""
    ) -> Json:
        """Note what the app said to Slack; `method` is a Web API method, `ack` or `response_url`."""
        call = self._note((FROM_APP, team, method), _open(args), status, _open(response), verdict)
        if self._file:
            line = {key: call[key] for key in ("at", "team", "method", "args", "status", "response")}
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._file.flush()
        return call

    def sent(self, kind: str, payload: Json) -> Json:
        """Note what Slack sent to the app; its `verdict` is filled in when the app has acknowledged it, or has not."""
        return self._note((TO_APP, team_of(payload), kind), payload, 0, None, "waiting")

    def judge(self, call: Json, verdict: str) -> None:
        """Say how an earlier call ended."""
        call["verdict"] = verdict
        self.on_call(call)

    def after(self, number: int) -> list[Json]:
        return [call for call in self if call["n"] > number]

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def _note(self, what: tuple[str, str, str], args: object, status: int, response: object, verdict: str) -> Json:
        self._count += 1
        direction, team, method = what
        call = {
            "n": self._count,
            "at": self._now().isoformat(),
            "direction": direction,
            "team": team,
            "method": method,
            "args": args,
            "status": status,
            "response": response,
            "verdict": verdict,
        }
        self.append(call)
        del self[: max(0, len(self) - KEPT)]
        self.on_call(call)
        return call


def _open(said: object) -> object:
    """What may be shown: all but tokens and secrets."""
    return {key: value for key, value in said.items() if key not in HIDDEN} if isinstance(said, dict) else said
