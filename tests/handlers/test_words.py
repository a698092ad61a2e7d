from typing import Any

import pytest

from handlers import words
from handlers.words import Asked
from tests import hooks


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("", Asked("mine")),
        ("  ", Asked("mine")),
        ("list", Asked("list")),
        ("LIST", Asked("list")),
        ("show proc", Asked("show", "proc")),
        ("who  budget Memphis ", Asked("who", "budget Memphis")),
        ("shwo proc", Asked("show", "proc", ("shwo", "show"))),
        ("lst", Asked("list", "", ("lst", "list"))),
        ("helpp", Asked("help", "", ("helpp", "help"))),
        ("Memphis", Asked("anything", "Memphis")),
        ("inclusive procurement", Asked("anything", "inclusive procurement")),
    ],
)
def test_a_command_is_read(typed: str, asked: Asked) -> None:
    assert words.read(typed) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("new", Asked("new")),
        ("new York", Asked("anything", "new York")),
        ("add procurement", Asked("add", "procurement")),
        ("Edith", Asked("anything", "Edith")),
        ("Adda", Asked("anything", "Adda")),
        ("handovr procurement", Asked("handover", "procurement", ("handovr", "handover"))),
    ],
)
def test_words_of_facilitators_are_not_taken_for_names(text: str, asked: Asked) -> None:
    assert words.read(text) == asked


async def test_each_word_has_one_feature_and_what_is_left_goes_to_the_cohorts() -> None:
    heard = {word: await features_that_hear(word) for word in ("", *words.COMMANDS, "Memphis")}
    assert [word for word, features in heard.items() if len(features) > 2 or features[-1] != "cohorts"] == []
    others = {word: features[0] for word, features in heard.items() if features[0] != "cohorts"}
    assert others == {
        "away": "absences", "back": "absences", "days": "absences", "import": "rosters", "export": "rosters",
        "add": "seats", "remove": "seats", "handover": "seats", "link": "workspaces",
    }  # fmt: skip


async def features_that_hear(text: str) -> list[str]:
    """In the order in which Bolt asks them."""
    registry = hooks.registered()
    command: dict[str, Any] = {"text": text}
    fitting = []
    for (kind, name, listener), matchers in zip(registry.hooked, registry.matchers, strict=True):
        if (kind, name) == ("command", "/cohort") and all([await fits(command) for fits in matchers]):
            fitting.append(listener.__module__.split(".")[1])
    return fitting
