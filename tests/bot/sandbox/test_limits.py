"""What Slack refuses in blocks and views, each with the place it names."""

import json
import os
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from slack_sdk.models import blocks as models

from bot.sandbox import limits
from bot.sandbox.records import SlackError
from tests.bot.sandbox.blocks_to_try import FINE, ONLY_IN_MESSAGES, WRONG, WRONG_VIEWS, actions, chart, plain, table
from tests.bot.sandbox.web_api import Json, button, modal, section


def refusals(blocks: Any, surface: str = limits.MESSAGE) -> list[str]:
    return said_by(lambda: limits.check_blocks(blocks, surface), "invalid_blocks")


def view_refusals(view: Any) -> list[str]:
    return said_by(lambda: limits.check_view(view, (limits.MODAL, limits.HOME)), "invalid_arguments")


def said_by(check: Callable[[], object], code: str) -> list[str]:
    try:
        check()
    except SlackError as refusal:
        return list(refusal.details) if refusal.code == code else [refusal.code]
    return []


@pytest.mark.parametrize("block", [*FINE, *ONLY_IN_MESSAGES], ids=lambda block: block["type"])
def test_a_message_may_hold_what_slack_documents(block: Json) -> None:
    assert refusals([block]) == []


@pytest.mark.parametrize("block", FINE, ids=lambda block: block["type"])
def test_forms_and_home_hold_the_same_blocks(block: Json) -> None:
    assert view_refusals(modal(block)) == []
    assert view_refusals({"type": "home", "blocks": [block]}) == []


@pytest.mark.parametrize(("block", "line"), WRONG)
def test_a_wrong_block_is_refused_and_its_place_named(block: Any, line: str) -> None:
    assert line in refusals([block])


@pytest.mark.parametrize("kind", ["markdown", "table", "task_card", "data_visualization"])
@pytest.mark.parametrize("surface", [limits.MODAL, limits.HOME])
def test_some_blocks_stand_in_messages_only(kind: str, surface: str) -> None:
    block = next(block for block in ONLY_IN_MESSAGES if block["type"] == kind)
    assert refusals([block], surface) == [f"unsupported type: {kind} [json-pointer:/blocks/0/type]"]


def test_all_faults_are_told_at_once() -> None:
    assert len(refusals([section(""), actions(button("x" * 76, "a" * 256)), {"type": "header"}])) == 4


@pytest.mark.parametrize(("surface", "most"), [(limits.MESSAGE, 50), (limits.MODAL, 100), (limits.HOME, 100)])
def test_blocks_are_counted(surface: str, most: int) -> None:
    assert refusals([section()] * most, surface) == []
    assert refusals([section()] * (most + 1), surface) == [f"no more than {most} items allowed [json-pointer:/blocks]"]


def test_a_block_id_stands_once_in_a_message_and_an_action_id_once_in_a_block() -> None:
    twice = [section(block_id="a"), section(), section(block_id="a")]
    assert refusals(twice) == ['`block_id` "a" already exists [json-pointer:/blocks/2/block_id]']
    assert refusals([actions(button()), actions(button())]) == []


def test_a_message_has_one_table_two_charts_and_a_limited_amount_of_markdown() -> None:
    assert refusals([table(), table()]) == ["no more than 1 table block allowed [json-pointer:/blocks]"]
    assert refusals([chart(), chart()]) == []
    assert refusals([chart()] * 3) == ["no more than 2 data_visualization blocks allowed [json-pointer:/blocks]"]
    assert len(refusals([{"type": "markdown", "text": "x" * 6001}] * 2)) == 1


@pytest.mark.parametrize("blocks", ["Hello", {"type": "section"}, 5])
def test_what_is_no_list_of_blocks_has_an_error_of_its_own(blocks: Any) -> None:
    with pytest.raises(SlackError, match="invalid_blocks_format"):
        limits.check_blocks(blocks)


@pytest.mark.parametrize(("view", "line"), WRONG_VIEWS)
def test_a_wrong_view_is_refused_and_its_place_named(view: Any, line: str) -> None:
    assert line in view_refusals(view)


def test_a_view_as_large_as_slack_takes_it() -> None:
    assert view_refusals(modal(private_metadata="x" * 3000, callback_id="x" * 255, title=plain("x" * 24))) == []
    fields = [plain("x" * 2000)] * 10
    with pytest.raises(SlackError, match="view_too_large"):
        limits.check_view(modal(*[{"type": "section", "fields": fields} for _ in range(13)]))


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ("text", "invalid_metadata_format"),
        ({}, "invalid_metadata_schema"),
        ({"event_type": "x"}, "invalid_metadata_schema"),
        ({"event_type": "x", "event_payload": []}, "invalid_metadata_schema"),
        ({"event_type": "x", "event_payload": {}, "note": 1}, "invalid_metadata_schema"),
    ],
)
def test_metadata_has_one_shape(metadata: Any, code: str) -> None:
    limits.check_metadata({"event_type": "owed", "event_payload": {"key": "a"}})
    with pytest.raises(SlackError, match=code):
        limits.check_metadata(metadata)


@pytest.mark.parametrize("block", FINE, ids=lambda block: block["type"])
def test_what_is_taken_is_known_to_slacks_own_models(block: Json) -> None:
    read = models.Block.parse(block)
    assert read is not None
    assert set(block) <= set(read.to_dict())


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "elements", "block_id", "action_id", "options"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)


PARTS = [
    (number, place, name)
    for number, block in enumerate(FINE)
    for place, part in list(limits.objects_within(block))[:40]
    for name in part
]


@given(st.sampled_from(PARTS), ANYTHING)
@settings(deadline=None)
def test_whatever_stands_in_a_block_the_answer_is_a_list_of_places(where: tuple[int, str, str], value: Any) -> None:
    """One part of a good block is replaced by anything at all."""
    number, place, name = where
    changed = deepcopy(FINE[number])
    dict(limits.objects_within(changed))[place][name] = value
    for line in refusals([changed]):
        place = line.rpartition("[json-pointer:")[2].removesuffix("]")
        assert place.startswith("/blocks"), line


if "SLACK_REFERENCE" in os.environ:
    MESSAGE = Draft7Validator(json.loads((Path(os.environ["SLACK_REFERENCE"]) / "message.schema.json").read_text()))

    @pytest.mark.parametrize("block", [*FINE, *ONLY_IN_MESSAGES], ids=lambda block: block["type"])
    def test_slacks_types_agree_with_what_is_taken(block: Json) -> None:
        if block["type"] != "data_visualization":  # newer than the types
            assert [error.message for error in MESSAGE.iter_errors({"blocks": [block]})] == []
