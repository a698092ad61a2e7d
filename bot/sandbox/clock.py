"""The sandbox's time: it runs on from where it was set, or stands still, and can be turned forward from due moment to due moment."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

NextDue = Callable[[], Awaitable[datetime | None]]
Settle = Callable[[], Awaitable[None]]

PATIENCE = 5
"""How often the same moment may be settled before the clock refuses to go on."""


class Clock:
    """One object for the sandbox and for a bot in the same process; `now()` is aware UTC."""

    def __init__(self, at: datetime | None = None, *, frozen: bool = False) -> None:
        machine_now = datetime.now(UTC)
        self._frozen_at = _aware(at or machine_now) if frozen else None
        self._ahead = _aware(at) - machine_now if at else timedelta()
        self._turned = asyncio.Event()

    @property
    def frozen(self) -> bool:
        return self._frozen_at is not None

    def now(self) -> datetime:
        return self._frozen_at or datetime.now(UTC) + self._ahead

    def set(self, at: datetime) -> None:
        """Move forward to `at`; ValueError when that lies in the past."""
        now = self.now()
        if _aware(at) < now:
            raise ValueError(f"The clock only moves forward: it is {now.isoformat()}, later than {at.isoformat()}.")
        if self._frozen_at is None:
            self._ahead += _aware(at) - now
        else:
            self._frozen_at = _aware(at)
        self._turned.set()
        self._turned = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Return once this clock has reached `seconds` from now, whether it ran or was turned there."""
        until = self.now() + timedelta(seconds=seconds)
        await asyncio.sleep(0)
        while (left := (until - self.now()).total_seconds()) > 0:
            turned = self._turned
            try:
                async with asyncio.timeout(None if self._frozen_at else left):
                    await turned.wait()
            except TimeoutError:
                continue


async def turn(clock: Clock, to: datetime, next_due: NextDue | None, settle: Settle | None) -> list[datetime]:
    """Turn the clock to `to`, stopping at each due moment until the app has settled; return the moments visited.

    ValueError when `to` is over and nothing is due. RuntimeError when something stays due although the app says it has
    settled: going on would break the order of things.
    """
    visited: list[datetime] = []
    first = await next_due() if next_due else None
    if _aware(to) < clock.now() and not (first and first <= to):
        raise ValueError(f"The clock only moves forward: it is {clock.now().isoformat()}.")
    while next_due and (due := await next_due()) and due <= to:
        if visited[-PATIENCE:] == [due] * PATIENCE:
            raise RuntimeError(f"The app does not do what has been due since {due.isoformat()}.")
        if due > clock.now():
            clock.set(due)
        if settle:
            await settle()
        visited.append(due)
    if to > clock.now():
        clock.set(to)
    if settle:
        await settle()
    return visited


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("The clock wants a time with a time zone.")
    return moment.astimezone(UTC)
