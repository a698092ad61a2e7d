"""What a run of tests finds loaded already: other people's packages, and of our own modules all that a mutant leaves as they were."""

import gc
import importlib
import sys
from functools import cache
from pathlib import Path

import grimp

from tests.mutants import patching
from tests.mutants.copies import Copy

OURS = ("bot", "handlers", "storage", "tests")
PACKAGES = (
    *("aiohttp.web", "aiosqlite", "alembic.command", "apscheduler.schedulers.asyncio", "asyncpg", "dateutil.parser"),
    *(
        "holidays",
        "hypothesis",
        "slack_bolt.adapter.socket_mode.async_handler",
        "slack_bolt.async_app",
        "slack_sdk.web.async_client",
    ),
    *("sqlalchemy.dialects.postgresql.asyncpg", "sqlalchemy.dialects.sqlite.aiosqlite", "sqlalchemy.ext.asyncio"),
    *("xml.etree.ElementTree", "yaml"),
)
TABLES = "storage.models"
# Of the tests only what stands beside them: pytest loads the tests, and every conftest, by itself.
BESIDE_TESTS = ("tests.cast", "tests.databases", "tests.several", "tests.tenancy", "tests.whole")


def everything() -> None:
    """Import what the tests need, before anything forks: it costs more than most of them."""
    for name in (*PACKAGES, *_loaded_before(), *BESIDE_TESTS):
        importlib.import_module(name)
    _graph()
    gc.collect()
    gc.freeze()  # every run would look through all of it again and again


def change(copy: Copy) -> bool:
    """In a run: let what is loaded be as the copy has it; whether nothing needed to be forgotten for that."""
    path = copy.missing
    patched = bool(path and copy.patched) and patching.patch(name_of(path or ""), *copy.texts())
    forget(None if patched else path, copy.root)
    return patched


def forget(path: str | None, root: Path) -> None:
    """In a run whose copy stands in `root`: forget the module of this file and whatever imports it; they are imported from the copy then.

    The tables register each other, and migrations are found by their folder: where one of these is another, all is forgotten.
    """
    others = _others(name_of(path)) if path else set()
    for name in [name for name in sys.modules if _is_ours(name)]:
        if name in others or not _stays(name):
            _forget(name)
        elif hasattr(sys.modules[name], "__path__"):
            sys.modules[name].__path__ = [str(root / Path(*name.split(".")))]


def name_of(path: str) -> str:
    """storage/roster/__init__.py is `storage.roster`."""
    return path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def _forget(name: str) -> None:
    """Its package has it as an attribute, too."""
    del sys.modules[name]
    package, _, module = name.rpartition(".")
    if package in sys.modules:
        vars(sys.modules[package]).pop(module, None)


def _others(module: str) -> set[str]:
    known = _graph().modules
    if module.startswith(TABLES) or "migrations" in module or module not in known:
        return set(known)
    return {module, *_graph().find_downstream_modules(module)}


@cache
def _graph() -> grimp.ImportGraph:
    return grimp.build_graph(*OURS, cache_dir=None)


def _loaded_before() -> list[str]:
    return sorted(name for name in _graph().modules if _is_ours(name) and _stays(name) and not name.startswith("tests"))


def _stays(name: str) -> bool:
    """Whether nothing happens when it is imported but that it is there."""
    return (
        not name.endswith("__main__")
        and ".migrations." not in name
        and (name in BESIDE_TESTS or not name.startswith("tests"))
    )


def _is_ours(name: str) -> bool:
    return name.split(".", maxsplit=1)[0] in OURS
