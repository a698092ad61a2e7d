"""The rules of the house: imports, sizes, listener arguments, and that settings, commands and the manifest are told truly everywhere."""

import ast
import inspect
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.web.async_client import AsyncWebClient

from bot.config import Settings
from tests import hooks
from tests.hooks import Registry

ROOT = Path(__file__).parent.parent
SOURCES = [path for folder in ("bot", "handlers", "storage") for path in sorted((ROOT / folder).rglob("*.py"))]
MANIFEST = json.loads((ROOT / "bot" / "manifest.json").read_text())
REFERENCE = json.loads((ROOT / "bot" / "sandbox" / "methods" / "reference.json").read_text())
OURS = {"sessions", "clock", "settings", "team_id", "user_id", "channel_id"}
NEEDED_BY_EVENTS = {
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
    "team_join": "users:read",
    "user_change": "users:read",
}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return hooks.registered()


def test_nothing_imports_upwards() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]


def test_modules_stay_small() -> None:
    long = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in SOURCES}
    assert {path: lines for path, lines in long.items() if lines >= 300 and "versions" not in path} == {}


def test_every_module_says_what_it_is_for() -> None:
    assert [str(path.relative_to(ROOT)) for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text()))] == []


def test_only_the_process_catches_everything() -> None:
    broad = re.compile(r"except (Base)?Exception\b|except:")
    inside = [path for path in SOURCES if "bot" not in path.relative_to(ROOT).parts and broad.search(path.read_text())]
    assert inside == []


def test_listeners_name_only_what_they_are_given(registry: Registry) -> None:
    known = set(AsyncArgs.__annotations__) | OURS
    wrong = {
        f"{listener.__module__}.{listener.__name__}({parameter})"
        for _, _, listener in registry.hooked
        for parameter in inspect.signature(listener).parameters.values()
        if parameter.name not in known or parameter.default is not parameter.empty
    }
    assert wrong == set()


def test_every_listener_acknowledges(registry: Registry) -> None:
    silent = {
        f"{listener.__module__}.{listener.__name__}"
        for _, _, listener in registry.hooked
        if "ack" not in inspect.signature(listener).parameters
    }
    assert silent == set()


def test_the_manifest_has_the_commands_that_the_code_hooks(registry: Registry) -> None:
    commands = {one["command"] for one in MANIFEST["features"]["slash_commands"]}
    assert registry.names("command") == commands == set(Settings("xoxb-").commands)


def test_the_manifest_has_the_shortcuts_that_the_code_hooks(registry: Registry) -> None:
    shortcuts = {one["callback_id"] for one in MANIFEST["features"]["shortcuts"]}
    assert registry.names("shortcut", "global_shortcut", "message_shortcut") == shortcuts


def test_the_manifest_has_the_events_that_the_code_hooks(registry: Registry) -> None:
    subscribed = {name.split(".")[0] for name in MANIFEST["settings"]["event_subscriptions"]["bot_events"]}
    assert registry.names("event") == subscribed


def test_the_manifest_asks_for_the_scopes_that_the_code_needs() -> None:
    granted = set(MANIFEST["oauth_config"]["scopes"]["bot"])
    needed = {"commands"} | {
        NEEDED_BY_EVENTS[name]
        for name in MANIFEST["settings"]["event_subscriptions"]["bot_events"]
        if name in NEEDED_BY_EVENTS
    }
    for method in called_methods():
        scopes = set(REFERENCE[method]["bot_scopes"])
        assert not scopes or scopes & granted, f"{method} needs one of {sorted(scopes)}"
        needed |= scopes & granted
    needed |= {"users:read.email"}  # users.info and users.list give addresses only with it
    assert granted == needed


def test_settings_stand_in_the_example_and_in_the_readme() -> None:
    names = {field.name.upper() for field in fields(Settings)}
    assert set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)) == names
    readme = (ROOT / "README.md").read_text()
    assert [name for name in sorted(names) if f"`{name}`" not in readme] == []


def test_the_readme_names_every_command_and_scope() -> None:
    readme = (ROOT / "README.md").read_text()
    named = [*Settings("xoxb-").commands, *MANIFEST["oauth_config"]["scopes"]["bot"]]
    assert [name for name in named if f"`{name}" not in readme] == []


def called_methods() -> Iterator[str]:
    """The Web API methods that our code calls, found by the names of the client's functions."""
    known = {name.replace(".", "_").lower(): name for name in REFERENCE}
    for path in SOURCES:
        if "sandbox" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Attribute)
                and node.attr != "api_call"
                and inspect.iscoroutinefunction(getattr(AsyncWebClient, node.attr, None))
            ):
                yield known[node.attr.lower()]
