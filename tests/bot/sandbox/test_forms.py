"""Forms as Slack's client keeps them: what is sent, what is checked first, and what the app's answer does to them."""

from typing import Any

import pytest

from bot.sandbox.person import AppFailed
from bot.sandbox.server import Sandbox
from tests.bot.sandbox.raw_app import TEXT, WORD, field, modal, opened, options, plain, raw_app

Json = dict[str, Any]

EVERY_INPUT = {
    "plain_text_input": ({}, "words", {"value": "words"}, {"value": None}),
    "email_text_input": ({}, "ana@city.example", {"value": "ana@city.example"}, {"value": None}),
    "url_text_input": ({}, "https://a.example", {"value": "https://a.example"}, {"value": None}),
    "number_input": ({"is_decimal_allowed": False}, 12, {"value": "12"}, {"value": None}),
    "datepicker": ({}, "2026-12-24", {"selected_date": "2026-12-24"}, {"selected_date": None}),
    "timepicker": ({}, "09:30", {"selected_time": "09:30"}, {"selected_time": None}),
    "datetimepicker": ({}, 1800000000, {"selected_date_time": 1800000000}, {"selected_date_time": None}),
    "static_select": (
        {"options": options("One", "Two")},
        "Two",
        {"selected_option": options("Two")[0]},
        {"selected_option": None},
    ),
    "radio_buttons": (
        {"options": options("One", "Two")},
        "two",
        {"selected_option": options("Two")[0]},
        {"selected_option": None},
    ),
    "checkboxes": (
        {"options": options("One", "Two")},
        ["One", "two"],
        {"selected_options": options("One", "Two")},
        {"selected_options": []},
    ),
    "multi_static_select": (
        {"options": options("One", "Two")},
        ["Two"],
        {"selected_options": options("Two")},
        {"selected_options": []},
    ),
    "users_select": ({}, "U00000003", {"selected_user": "U00000003"}, {"selected_user": None}),
    "multi_users_select": ({}, ["U00000003"], {"selected_users": ["U00000003"]}, {"selected_users": []}),
    "channels_select": ({}, "C00000002", {"selected_channel": "C00000002"}, {"selected_channel": None}),
    "conversations_select": (
        {},
        "C00000002",
        {"selected_conversation": "C00000002"},
        {"selected_conversation": None},
    ),
}


@pytest.mark.parametrize("kind", EVERY_INPUT)
async def test_each_kind_of_input_is_sent_as_slack_sends_it(sandbox: Sandbox, kind: str) -> None:
    extra, given, filled, empty = EVERY_INPUT[kind]
    async with raw_app(sandbox) as app:
        form = await opened(app, modal(field("x", "Field", {"type": kind, **extra}, optional=True)))
        app.answers["view_submission"] = {"response_action": "errors", "errors": {"x": "again"}}
        await form.submit()
        assert app.payloads[-1]["view"]["state"]["values"] == {"x": {"a": {"type": kind, **empty}}}
        await form.submit(x=given)
        assert app.payloads[-1]["view"]["state"]["values"] == {"x": {"a": {"type": kind, **filled}}}


async def test_a_submission_brings_the_view_with_its_key(sandbox: Sandbox) -> None:
    async with raw_app(sandbox) as app:
        form = await opened(app, WORD)
        view_id = form.view["id"]
        assert await form.submit(Text="kept") is None
        payload = app.payloads[-1]
        assert payload["type"] == "view_submission"
        assert (payload["view"]["id"], payload["view"]["root_view_id"]) == (view_id, view_id)
        assert (payload["view"]["callback_id"], payload["view"]["private_metadata"]) == ("word", "key")
        assert payload["response_urls"] == []
        assert "response_url" not in payload
        assert "channel" not in payload
        assert not form.is_open


async def test_initial_values_are_there_and_are_sent(sandbox: Sandbox) -> None:
    async with raw_app(sandbox) as app:
        form = await opened(
            app, modal(field("text", "Text", {"type": "plain_text_input", "initial_value": "as before"}))
        )
        assert form["text"] == form["Text"] == form["a"] == "as before"
        await form.submit()
        assert app.payloads[-1]["view"]["state"]["values"]["text"]["a"]["value"] == "as before"


@pytest.mark.parametrize(
    ("element", "typed", "words"),
    [
        ({"type": "plain_text_input"}, "", "required"),
        ({"type": "plain_text_input"}, None, "required"),
        ({"type": "plain_text_input", "min_length": 3}, "ab", "at least 3 characters"),
        ({"type": "plain_text_input", "max_length": 3}, "abcd", "at most 3 characters"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "whole number"),
        ({"type": "number_input", "is_decimal_allowed": True}, "many", "a number"),
        ({"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}, "0", "at least 1"),
        ({"type": "number_input", "is_decimal_allowed": True, "max_value": "2.5"}, "2.6", "at most 2.5"),
        ({"type": "email_text_input"}, "ana at city", "email address"),
        ({"type": "url_text_input"}, "city.example", "URL"),
        ({"type": "checkboxes", "options": options("One")}, [], "required"),
        ({"type": "multi_users_select", "max_selected_items": 1}, ["U00000003", "U00000004"], "at most 1"),
    ],
)
async def test_a_faulty_input_is_marked_and_nothing_is_sent(
    sandbox: Sandbox, element: Json, typed: object, words: str
) -> None:
    async with raw_app(sandbox) as app:
        form = await opened(app, modal(field("x", "Field", element)))
        sent = len(app.envelopes)
        assert await form.submit(x=typed) is form
        assert words in form.errors["x"]
        assert len(app.envelopes) == sent


async def test_what_the_client_cannot_enter_is_refused_at_once(sandbox: Sandbox) -> None:
    async with raw_app(sandbox) as app:
        menu = {"type": "static_select", "options": options("One", "Two")}
        form = await opened(app, modal(field("day", "Day", {"type": "datepicker"}), field("menu", "Menu", menu)))
        with pytest.raises(ValueError, match="isoformat"):
            await form.fill(day="tomorrow")
        with pytest.raises(LookupError, match="The options are 'One', 'Two'"):
            await form.fill(menu="Three")
        with pytest.raises(LookupError, match="None is called 'nothing'"):
            await form.fill(nothing="here")


async def test_errors_of_the_app_stand_under_their_inputs_and_the_text_stays(sandbox: Sandbox) -> None:
    async with raw_app(sandbox) as app:
        form = await opened(app, WORD)
        app.answers["view_submission"] = {"response_action": "errors", "errors": {"text": "Say more."}}
        assert await form.submit(text="less") is form
        assert form.errors == {"text": "Say more."}
        assert form["text"] == "less"
        app.answers.clear()
        assert await form.submit() is None
        assert form.errors == {}


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"no_such_block": "Lost"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "no_such_action"},
        {"response_action": "update", "view": {"type": "modal", "title": plain("x" * 25), "blocks": []}},
        {"response_action": "push"},
    ],
)
async def test_an_answer_that_slack_does_not_take_is_told_and_noted(sandbox: Sandbox, answer: Json) -> None:
    async with raw_app(sandbox) as app:
        form = await opened(app, WORD)
        app.answers["view_submission"] = answer
        with pytest.raises(AppFailed, match="trouble connecting"):
            await form.submit(text="x")
        [call] = [one for one in sandbox.calls if one["method"] == "ack"]
        assert call["verdict"].startswith("refused: ")
        assert form.is_open


async def test_an_update_keeps_the_form_and_what_was_typed(sandbox: Sandbox) -> None:
    async with raw_app(sandbox) as app:
        form = await opened(app, WORD)
        wider = modal(TEXT, field("more", "More", {"type": "plain_text_input", "initial_value": "new"}))
        app.answers["view_submission"] = {"response_action": "update", "view": wider}
        following = await form.submit(text="kept")
        assert following is not None
        assert following.view["id"] == form.view["id"]
        assert (following["text"], following["more"]) == ("kept", "new")


async def test_a_pushed_form_lies_over_the_first_and_closing_it_shows_the_first_again(sandbox: Sandbox) -> None:
    async with raw_app(sandbox) as app:
        form = await opened(app, WORD)
        second = modal(field("b", "Second", {"type": "plain_text_input"}), notify_on_close=True)
        app.answers["view_submission"] = {"response_action": "push", "view": second}
        pushed = await form.submit(text="kept")
        assert pushed is not None
        assert pushed.labels == ["Second"]
        assert pushed.view["previous_view_id"] == pushed.view["root_view_id"] == form.view["id"]
        await pushed.close()
        assert app.payloads[-1]["type"] == "view_closed"
        assert form.is_open
        assert form["text"] == "kept"
        app.answers.clear()
        assert await form.submit() is None


async def test_clear_closes_all_forms(sandbox: Sandbox) -> None:
    async with raw_app(sandbox) as app:
        form = await opened(app, WORD)
        app.answers["view_submission"] = {"response_action": "push", "view": WORD}
        pushed = await form.submit(text="x")
        assert pushed is not None
        app.answers["view_submission"] = {"response_action": "clear"}
        assert await pushed.submit(text="y") is None
        assert sandbox.person("Ana").form is None
        assert not form.is_open


async def test_the_cross_closes_all_forms_and_says_so(sandbox: Sandbox) -> None:
    async with raw_app(sandbox) as app:
        told = WORD | {"notify_on_close": True}
        form = await opened(app, told)
        app.answers["view_submission"] = {"response_action": "push", "view": told}
        pushed = await form.submit(text="x")
        assert pushed is not None
        await pushed.close(everything=True)
        closed = app.payloads[-2:]
        assert [(one["type"], one["is_cleared"]) for one in closed] == [("view_closed", True)] * 2
        assert sandbox.person("Ana").form is None


async def test_an_input_that_dispatches_tells_the_app_with_the_state_of_all(sandbox: Sandbox) -> None:
    async with raw_app(sandbox) as app:
        acting = field(
            "menu", "Menu", {"type": "static_select", "options": options("One", "Two")}, dispatch_action=True
        )
        form = await opened(app, modal(TEXT, acting))
        await form.fill(text="kept", menu="Two")
        payload = app.payloads[-1]
        assert payload["type"] == "block_actions"
        assert payload["container"] == {"type": "view", "view_id": form.view["id"]}
        assert payload["view"]["state"]["values"]["text"]["a"]["value"] == "kept"
        assert payload["actions"][0]["selected_option"] == options("Two")[0]
        assert "response_url" not in payload
        assert "channel" not in payload


async def test_a_closed_form_takes_nothing_more(sandbox: Sandbox) -> None:
    async with raw_app(sandbox) as app:
        form = await opened(app, WORD)
        await form.submit(text="x")
        with pytest.raises(LookupError, match="not open"):
            await form.submit(text="y")
        with pytest.raises(LookupError, match="not open"):
            await form.fill(text="y")


async def test_a_menu_with_an_outside_source_asks_the_app(sandbox: Sandbox) -> None:
    async with raw_app(sandbox) as app:
        form = await opened(app, modal(field("city", "City", {"type": "external_select"})))
        app.answers["block_suggestion"] = {"options": options("Memphis", "Mesa")}
        offered = await form.options("city", "me")
        assert app.payloads[-1]["value"] == "me"
        assert [one["value"] for one in offered] == ["memphis", "mesa"]
        await form.submit(city=offered[1])
        chosen = app.payloads[-1]["view"]["state"]["values"]["city"]["a"]["selected_option"]
        assert chosen["value"] == "mesa"


async def test_everything_in_a_form_can_be_read_as_text(sandbox: Sandbox) -> None:
    async with raw_app(sandbox) as app:
        section = {"type": "section", "text": {"type": "mrkdwn", "text": "*Last time* you said: fine"}}
        form = await opened(app, modal(section, TEXT))
        assert form.text.splitlines() == ["A form", "*Last time* you said: fine", "Text", "Send"]


async def test_a_submission_may_be_answered_by_opening_another_form(sandbox: Sandbox) -> None:
    ana = sandbox.person("Ana")
    async with raw_app(sandbox) as app:
        form = await opened(app, WORD)
        app.before_answer = lambda payload: app.calls(
            "views.open", trigger_id=payload["trigger_id"], view=modal(callback_id="next")
        )
        following = await form.submit(text="x")
        assert following is not None
        assert following.view["callback_id"] == "next"
        assert ana.form is not None
        assert not form.is_open
