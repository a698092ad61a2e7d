"""A message with several reasons: the first part in full, the others in short, all of it in its text, and always what Slack takes."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox import limits
from handlers import blocks, merging
from handlers.buttons import button
from storage.models import Owed

Json = dict[str, Any]


def part(key: str, payload: Json, *, in_full: bool = False) -> Owed:
    return Owed(key=key, payload=payload, in_full=in_full)


def prompt(number: int) -> Json:
    text = f"Procurement: pulse {number}, three questions. Open until Wednesday, 10:00 AM."
    row = blocks.actions(
        button("Answer now", "answer", str(number), style="primary"), button("Not this time", "pass", str(number))
    )
    small = blocks.context("Answering for Memphis.")
    return blocks.message(text, [blocks.section(f"*Pulse {number}*\nThree questions."), row, small])


def nudge(items: int) -> Json:
    rows: list[Json] = [blocks.section("Your commitments are coming up:")]
    for number in range(items):
        rows.append(blocks.section(f"*#{number}* Publish the dashboard · due *Friday*"))
        rows.append(
            blocks.actions(button("Mark done", "done", str(number)), button("Move the date", "move", str(number)))
        )
    return blocks.message(f"{items} of your commitments are coming up: #0 Publish the dashboard, due Friday.", rows)


def digest(cities: int, length: int = 200) -> Json:
    rows = [blocks.section("*Pulse, for facilitators*\n5 of 7 answered.")]
    rows += [
        blocks.section("word " * (length // 5), accessory=button("Read on", "read", str(n))) for n in range(cities)
    ]
    return blocks.message("Pulse, for facilitators: 5 of 7 answered.", rows)


def labels(message: Json) -> list[str]:
    return [
        one["text"]["text"]
        for block in message["blocks"]
        for one in block.get("elements", ())
        if one["type"] == "button"
    ]


def test_one_reason_is_said_as_it_is() -> None:
    assert merging.composed([part("prompt:1", prompt(1))]) == prompt(1)


def test_the_first_part_is_said_in_full_and_the_others_in_short_with_their_buttons() -> None:
    message = merging.composed([part("prompt:1", prompt(1)), part("prompt:2", prompt(2)), part("nudge:1", nudge(1))])
    assert message["text"] == " ".join([prompt(1)["text"], prompt(2)["text"], nudge(1)["text"]])
    assert message["blocks"][:3] == prompt(1)["blocks"]
    assert message["blocks"][3] == blocks.context("So that I write to you less often, two more come with it:")
    assert message["blocks"][4] == blocks.section(prompt(2)["text"])
    assert labels(message) == ["Answer now", "Not this time"] * 2 + ["Mark done", "Move the date"]


def test_one_button_alone_is_the_primary_one() -> None:
    message = merging.composed([part("prompt:1", prompt(1)), part("prompt:2", prompt(2))])
    styles = [one.get("style") for block in message["blocks"] for one in block.get("elements", ())]
    assert styles.count("primary") == 1


def test_of_several_items_the_first_two_keep_their_buttons_and_the_rest_is_a_button_away() -> None:
    message = merging.composed([part("prompt:1", prompt(1)), part("nudge:1", nudge(5))])
    assert labels(message).count("Mark done") == 2
    assert labels(message)[-1] == "Show in full"
    assert blocks.section("Your commitments are coming up:") in message["blocks"], (
        "its text would tell of the first item again"
    )


def test_what_was_asked_for_in_full_is_shown_in_full() -> None:
    parts = [part("prompt:1", prompt(1)), part("nudge:1", nudge(5), in_full=True)]
    message = merging.composed(parts)
    assert labels(message).count("Mark done") == 5
    assert "Show in full" not in labels(message), "a prompt in short leaves out small print alone"
    assert blocks.context("Answering for Memphis.") not in message["blocks"]


def test_a_message_of_text_alone_can_be_merged() -> None:
    message = merging.composed([part("a", {"text": "About one."}), part("b", {"text": "About two."})])
    assert message["text"] == "About one. About two."
    limits.check_blocks(message["blocks"])


def test_block_ids_that_occur_twice_are_left_to_slack() -> None:
    row = blocks.actions(button("Go", "go"), block_id="row")
    message = merging.composed([part(key, blocks.message("Go.", [blocks.section("Go."), row])) for key in "ab"])
    assert [block.get("block_id") for block in message["blocks"] if block["type"] == "actions"] == ["row", None]


def test_a_text_is_cut_between_words_and_not_within_a_link() -> None:
    text = (
        "word " * 110 + "<https://example.org/a|a page of many words that is linked here for everybody to read> after"
    )
    message = merging.composed([part("a", prompt(1)), part("b", blocks.message(text, [blocks.section(text)]))])
    short = message["blocks"][4]["text"]["text"]
    assert short.endswith("word…")
    assert labels(message)[-1] == "Show in full"


def test_too_many_do_not_fit() -> None:
    assert merging.fit([part(str(number), prompt(number)) for number in range(merging.MOST_PARTS)])
    assert not merging.fit([part(str(number), prompt(number)) for number in range(merging.MOST_PARTS + 1)])
    assert not merging.fit([part("nudge:1", nudge(20)), part("digest:1", digest(45)), part("prompt", prompt(1))])


texts = st.text(alphabet="word <>&*_|\n", min_size=1, max_size=3000).map(lambda text: f"About {text}")
payloads = st.one_of(
    st.integers(0, 9).map(prompt),
    st.integers(0, 20).map(nudge),
    st.builds(digest, st.integers(0, 45), st.integers(5, 2500)),
    texts.map(blocks.message),
    texts.map(lambda text: blocks.message(text, [blocks.section(text), blocks.actions(button("Go", "go"))])),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(payloads, st.booleans()), min_size=2, max_size=merging.MOST_PARTS))
def test_whatever_the_parts_have_become_slack_takes_the_message(found: list[tuple[Json, bool]]) -> None:
    message = merging.composed([part(str(n), payload, in_full=whole) for n, (payload, whole) in enumerate(found)])
    limits.check_blocks(message["blocks"])
    limits.check_length(message["blocks"])
    assert 0 < len(message["text"]) <= limits.UPDATE_TEXT_MOST


@settings(max_examples=200, deadline=None)
@given(st.lists(payloads, min_size=2, max_size=8))
def test_what_fits_is_shown_in_full_on_request_whichever_it_is(found: list[Json]) -> None:
    keys = [str(number) for number in range(len(found))]
    if not merging.fit([part(key, payload) for key, payload in zip(keys, found, strict=True)]):
        return
    for wanted in keys:
        parts = [part(key, payload, in_full=key == wanted) for key, payload in zip(keys, found, strict=True)]
        message = merging.composed(parts)
        whole = found[int(wanted)]
        sections = [block for block in whole.get("blocks", []) if block["type"] in ("section", "context")]
        assert all(block in message["blocks"] for block in sections)
        assert message["text"] == " ".join(payload["text"] for payload in found)
