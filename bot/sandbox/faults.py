"""Orders to the sandbox to misbehave in its Web API, as Slack and networks do: refuse, break, or lose the answer."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Fault:
    """For the next `times` calls of `method` ("*" means any).

    `status` and `error` are answered instead of running the call (429 with `retry_after` seconds); with `lost` the call
    runs and its answer never arrives.
    """

    method: str
    error: str = "internal_error"
    status: int = 200
    retry_after: int = 1
    lost: bool = False
    times: int = 1

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)} if self.status == 429 else {}

    @property
    def body(self) -> dict[str, Any]:
        return {"ok": False, "error": self.error}


@dataclass
class Faults:
    orders: list[Fault] = field(default_factory=list)

    def order(self, method: str, **how: Any) -> None:
        """Let the next calls of `method` fail; `how` as in `Fault`."""
        self.orders.append(Fault(method, **how))

    def take(self, method: str) -> Fault | None:
        """The order that applies to this call, used up by it."""
        for fault in self.orders:
            if fault.method in (method, "*"):
                fault.times -= 1
                if fault.times <= 0:
                    self.orders.remove(fault)
                return fault
        return None
