"""What is typed after /practices, and how a practice is told of: as values."""

from datetime import UTC, datetime

import pytest

from handlers import blocks
from handlers.practices import rules, views
from handlers.types import Json
from storage.models import Practice
from storage.search.filters import Filter
from storage.search.finder import Answer, Hit, Match
from tests.storage.test_practices import ENTRY


class Names:
    """The commands' names, as an office may have changed them."""

    command_cohort = "/cohort"
    command_checkin = "/checkin"
    command_commit = "/commit"
    command_practices = "/library"


def practice(**changes: object) -> Practice:
    row = {"slug": ENTRY["id"], **{name: value for name, value in ENTRY.items() if name != "id"}, **changes}
    return Practice(id=7, program_id=1, number=12, updated_at=datetime(2026, 10, 1, tzinfo=UTC), **row)


def answer(*hits: Hit, **changes: object) -> Answer:
    values = {"asked": "night market", "asks": True, "filters": (), "every_word": True, "corrected": (), "near": ()}
    return Answer(hits=hits, **(values | changes))  # type: ignore[arg-type]


def visible(message: Json) -> str:
    return "\n".join(block["text"]["text"] for block in message["blocks"] if block["type"] == "section")


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("", rules.Asked("topics")),
        ("  Help ", rules.Asked("help")),
        ("gaps", rules.Asked("gaps")),
        ("show 12", rules.Asked("show", number=12)),
        ("show #12", rules.Asked("show", number=12)),
        ("12", rules.Asked("show", number=12)),
        ("shwo 12", rules.Asked("show", number=12, read_as="show")),
        ("311", rules.Asked("search", words="311")),
        ("help for tenants", rules.Asked("search", words="help for tenants")),
        ("new ideas", rules.Asked("search", words="new ideas")),
        ("shovel 12", rules.Asked("search", words="shovel 12")),
        ("vision  zero", rules.Asked("search", words="vision zero")),
    ],
)
def test_what_is_no_command_is_a_question(typed: str, asked: rules.Asked) -> None:
    assert rules.read(typed) == asked


@pytest.mark.parametrize(
    ("published", "told"),
    [
        ("Time fell from 66 to 44 days.", "Time fell from 66 to 44 days."),
        ("Results not in the source.", "No published result was found."),
        (
            "$1 million award in 2018; results not in the source.",
            "$1 million award in 2018. No published figure was found.",
        ),
        ("The letter did best by a clear margin.", "The letter did best by a clear margin. (No figure is given.)"),
        (
            "Dallas set up its fund; no dollar result reported in the source.",
            "Dallas set up its fund. No published figure was found.",
        ),
    ],
)
def test_an_outcome_without_a_published_figure_says_so(published: str, told: str) -> None:
    assert rules.outcome(practice(outcome=published)) == told


@pytest.mark.parametrize(
    ("years", "told"),
    [
        ("2018-", "since 2018"),
        ("by 2014-", "since 2014 at the latest"),
        ("2014-2016", "2014–2016"),
        ("undated", "undated"),
    ],
)
def test_years_are_told_as_people_say_them(years: str, told: str) -> None:
    assert blocks.spoken_years(years) == told


def test_a_hit_shows_place_year_outcome_source_and_why() -> None:
    hit = Hit(practice(), (Match("market"), Match("minority owned", "MWBE")))
    message = views.found(answer(hit), "night market")
    assert visible(message) == (
        "One practice on *night market*.\n"
        "*12 · A night market run by vendors* — Elsewhere, OH, since 2024\n"
        "40 stalls in the first year.\n"
        "Matches _market_, _minority owned_ (for _MWBE_) · <https://example.org/market|The market>"
    )
    assert [button["value"] for button in message["blocks"][-1]["elements"]] == ["7", "7"]
    assert (
        message["text"] == "One practice on night market. 12 A night market run by vendors (Elsewhere, OH, since 2024)."
    )


def test_what_was_read_differently_and_what_is_missing_is_said() -> None:
    shown = answer(
        Hit(practice(), ()),
        every_word=False,
        corrected=(("markt", "market"),),
        filters=(Filter("city", "Elswhere", frozenset({"Elsewhere, OH"}), "Elsewhere, OH"),),
    )
    first = visible(views.found(shown, "x")).splitlines()[0]
    assert first == (
        "One practice on *night market* · city Elsewhere, OH. I read _markt_ as _market_. I read _Elswhere_ as _Elsewhere, OH_. "
        "Nothing matched every word; these are closest."
    )


def test_typed_text_reaches_nobody_as_markup_and_fits() -> None:
    typed = "<!channel> & " + "x" * 4000
    hit = Hit(practice(title="<!here> & co", outcome="<@U1> 3"), (Match("x", "<!everyone>"),))
    for message in (
        views.found(answer(hit, asked=typed), typed),
        views.nothing(answer(asked=typed, filters=(Filter("city", "<!here>", frozenset()),)), Names),
        views.nothing(answer(asked=typed, asks=False), Names),
    ):
        assert "<!" not in str(message.get("blocks", message))
        assert "<!" not in message["text"]
        assert len(message["text"]) <= 4000


def test_five_are_shown_and_the_rest_waits_behind_a_button() -> None:
    hits = [Hit(practice(), ()) for _ in range(12)]
    first = views.found(answer(*hits), "q")
    assert visible(first).startswith("Five of 12 practices on *night market*.")
    more = first["blocks"][-1]["elements"][0]
    assert (more["action_id"], more["value"]) == (views.MORE, '{"question": "q", "start": 5}')
    last = views.found(answer(*hits), "q", start=10)
    assert visible(last).startswith("Practices 11 to 12 of 12")
    assert last["blocks"][-1]["elements"][0]["action_id"] != views.MORE


def test_steps_are_called_suggestions_and_an_unverified_practice_says_so() -> None:
    shown = str(views.full(practice(verified=False)))
    assert "How you might start* (suggestions, not a record of what the city did)\\n1. Ask the vendors" in shown
    assert "not yet checked against its sources" in shown
    assert "not yet checked" not in str(views.full(practice()))


def test_the_longest_practice_that_can_be_imported_fits_into_a_window() -> None:
    entry = practice(
        title="&" * 140,
        summary="&" * 2000,
        outcome="&" * 1000,
        steps=["&" * 400] * 20,
        places=["&" * 80] * 20,
        topics=["&" * 40] * 20,
        networks=["&" * 80] * 20,
        sources=[{"title": "&" * 280, "url": "https://example.org/" + "&" * 480}] * 20,
        verified=False,
    )
    view = views.full_form(entry)
    assert len(view["blocks"]) <= 50
    for block in view["blocks"]:
        text = block.get("text") or (block.get("elements") or [{}])[0]
        assert len(text["text"]) <= 3000 if isinstance(text.get("text"), str) else True


def test_help_uses_the_commands_names_from_the_settings() -> None:
    assert "`/library show 12`" in visible(views.usage(Names))
    assert "/practices" not in str(views.usage(Names))
