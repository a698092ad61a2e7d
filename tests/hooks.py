"""What the features hook into the app, without an app."""

from collections.abc import Callable, Sequence
from typing import Any

import handlers
from bot.config import Settings


class Registry:
    """Takes what `handlers.register` hooks and remembers it by kind; `matchers` has those of each, in the same order."""

    def __init__(self) -> None:
        self.hooked: list[tuple[str, Any, Callable[..., Any]]] = []
        self.matchers: list[Sequence[Callable[..., Any]]] = []

    def __getattr__(self, kind: str) -> Callable[..., Any]:
        def hook(constraint: Any, matchers: Sequence[Callable[..., Any]] = ()) -> Callable[[Callable[..., Any]], None]:
            def remember(listener: Callable[..., Any]) -> None:
                self.hooked.append((kind, constraint, listener))
                self.matchers.append(matchers)

            return remember

        return hook

    def names(self, *kinds: str) -> set[str]:
        return {
            name if isinstance(name, str) else name.get("type", "") for kind, name, _ in self.hooked if kind in kinds
        }


def registered() -> Registry:
    """All that is hooked."""
    registry = Registry()
    handlers.register(registry, Settings("xoxb-"))  # type: ignore[arg-type]
    return registry
