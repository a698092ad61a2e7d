"""The record of all that passes between the app and Slack: kept in memory for the page and tests, and as lines of JSON in a file."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

Json = dict[str, Any]

FROM_APP = "bot→Slack"
TO_APP = "Slack→bot"
KEPT = 10_000
HIDDEN = ("token", "client_secret", "refresh_token")


class Calls(list[Json]):
    """A list of `{n, at, direction, method, args, status, response, verdict}`, oldest first; the oldest go beyond `KEPT`."""

    def __init__(self, now: Callable[[], datetime], file: Path | None = None) -> None:
        super().__init__()
        self._now = now
        self._count = 0
        self._file = file.open("a", encoding="utf-8") if file else None
        self.on_call: Callable[[Json], None] = lambda _call: None

    def said(self, method: str, args: object, status: int, response: object, verdict: str = "ok") -> Json:
        """Note what the app said to Slack; `method` is a Web API method, `ack` or `response_url`."""
        call = self._note(FROM_APP, method, args, status, response, verdict)
        if self._file:
            line = {key: call[key] for key in ("at", "method", "args", "status", "response")}
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._file.flush()
        return call

    def sent(self, kind: str, payload: Json) -> Json:
        """Note what Slack sent to the app; its `verdict` is filled in when the app has acknowledged it, or has not."""
        return self._note(TO_APP, kind, payload, 0, None, "waiting")

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

    def _note(self, direction: str, method: str, args: object, status: int, response: object, verdict: str) -> Json:
        self._count += 1
        if isinstance(args, dict):
            args = {key: value for key, value in args.items() if key not in HIDDEN or direction == TO_APP}
        call = {
            "n": self._count,
            "at": self._now().isoformat(),
            "direction": direction,
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
