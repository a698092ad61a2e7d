"""Holds what the bot said against Slack's own definitions, where those are at hand (`../shared`)."""

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parent.parent
TOOL = ROOT.parent / "shared" / "tools" / "conform.py"
MANIFEST = ROOT / "bot" / "manifest.json"


@cache
def tool() -> ModuleType | None:
    """The checker, or None on a machine that has none."""
    if not TOOL.exists():
        return None
    spec = importlib.util.spec_from_file_location("conform", TOOL)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def faults(log: Path) -> list[str]:
    """What is wrong with the calls in a log."""
    checker = tool()
    return checker.check_log(str(log), str(MANIFEST)) if checker and log.exists() else []
