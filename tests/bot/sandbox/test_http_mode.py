"""HTTP mode: what Slack sends to a request URL, how it is signed, what is read from the answer, and what comes again."""

import json
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from bot.sandbox import modals
from bot.sandbox.person import AppFailed, AppSilent
from bot.sandbox.server import Sandbox
from tests.bot.sandbox.http_app import HttpApp, http_app
from tests.bot.sandbox.page import Page
from tests.bot.sandbox.raw_app import TEXT, modal


def retries(app: HttpApp) -> list[tuple[str | None, str | None]]:
    return [(one.headers.get("X-Slack-Retry-Num"), one.headers.get("X-Slack-Retry-Reason")) for one in app.heard]


async def test_every_request_is_signed_as_slacks_own_verifier_wants_it(sandbox: Sandbox) -> None:
    verifier = SignatureVerifier(sandbox.workspace.signing_secret)
    async with http_app(sandbox) as app:
        await sandbox.person("Ana").says("hello")
        await sandbox.person("Ana").types("/echo", "ünd & so")
        assert len(app.heard) == 2
        assert all(verifier.is_valid_request(one.body, one.headers) for one in app.heard)
        assert not verifier.is_valid_request(app.heard[0].body + " ", app.heard[0].headers)


async def test_events_are_json_commands_are_forms_and_interactions_forms_with_a_payload(sandbox: Sandbox) -> None:
    ana = sandbox.person("Ana")
    async with http_app(sandbox) as app:
        await ana.says("hello")
        await ana.types("/echo", "a & b")
        await ana.opens("New note")
        event, command, shortcut = app.heard
    assert event.headers["Content-Type"] == "application/json"
    assert json.loads(event.body)["event"]["text"] == "hello"
    assert parse_qs(command.body)["text"] == ["a & b"]
    assert json.loads(parse_qs(shortcut.body)["payload"][0])["callback_id"] == "new_note"
    assert {command.headers["Content-Type"], shortcut.headers["Content-Type"]} == {"application/x-www-form-urlencoded"}


async def test_the_answer_to_a_command_is_plain_words_or_a_message_or_nothing(sandbox: Sandbox) -> None:
    ana = sandbox.person("Ana")
    async with http_app(sandbox) as app:
        assert await ana.types("/echo") is None
        app.answer = lambda: web.Response(text="Heard")
        assert (await ana.types("/echo"))["text"] == "Heard"
        app.answer = lambda: web.json_response({"response_type": "in_channel", "text": "Heard by all"})
        await ana.types("/echo", channel="#general")
    assert [message["text"] for message in sandbox.person("Ben").sees("#general")] == ["Heard by all"]


async def test_the_answer_to_a_form_shows_errors(sandbox: Sandbox) -> None:
    ana = sandbox.person("Ana")
    async with http_app(sandbox) as app:
        modals.open_for(sandbox.workspace, ana.id, modal(TEXT))
        form = ana.form
        assert form is not None
        app.answer = lambda: web.json_response({"response_action": "errors", "errors": {"text": "Too short"}})
        assert await form.submit(text="a") is form
        assert form.errors == {"text": "Too short"}
        app.answer = lambda: web.Response(text="Too short")
        with pytest.raises(AppFailed, match="invalid_response_action"):
            await form.submit(text="a")
        app.answer = web.Response
        assert await form.submit(text="a") is None


async def test_the_page_knows_the_address_and_that_the_app_is_there(sandbox: Sandbox, page: Page) -> None:
    assert (await page.get("state"))["connected"] == 0
    async with http_app(sandbox) as app:
        state = await page.get("state")
        assert (state["connected"], state["request_url"]) == (1, f"{app.url}/slack")


async def test_what_is_answered_to_a_shortcut_is_ignored_and_noted(sandbox: Sandbox) -> None:
    async with http_app(sandbox) as app:
        app.answer = lambda: web.json_response({"text": "Nobody reads this"})
        assert await sandbox.person("Ana").opens("New note") is None
        assert [call["verdict"] for call in sandbox.calls if call["method"] == "ack"] == [
            "ignored: this kind of request takes no answer body"
        ]


async def test_an_event_comes_again_at_once_after_a_minute_and_after_five(sandbox: Sandbox) -> None:
    start = sandbox.clock.now()
    async with http_app(sandbox) as app:
        app.answer = lambda: web.Response(status=500)
        await sandbox.person("Ana").says("hello")
        assert retries(app) == [(None, None), ("1", "http_error")]
        assert await sandbox.next_due() == start + timedelta(minutes=1)
        assert await sandbox.turn_to(start + timedelta(days=1)) == [
            start + timedelta(minutes=1),
            start + timedelta(minutes=6),
        ]
        assert retries(app)[2:] == [("2", "http_error"), ("3", "http_error")]
        assert len({json.loads(one.body)["event_id"] for one in app.heard}) == 1


async def test_an_app_may_ask_for_no_retries(sandbox: Sandbox) -> None:
    async with http_app(sandbox) as app:
        app.answer = lambda: web.Response(status=500, headers={"X-Slack-No-Retry": "1"})
        await sandbox.person("Ana").says("hello")
        await sandbox.turn_to(sandbox.clock.now() + timedelta(days=1))
        assert len(app.heard) == 1


async def test_a_silent_app_is_a_timeout_and_a_closed_door_a_failed_connection(sandbox: Sandbox) -> None:
    async with http_app(sandbox) as app:
        app.awake.clear()
        with pytest.raises(AppSilent, match="operation_timeout"):
            await sandbox.person("Ana").types("/echo")
        await sandbox.person("Ana").says("hello")
        assert retries(app)[1:] == [(None, None), ("1", "http_timeout")]
        app.awake.set()
        await sandbox.turn_to(sandbox.clock.now() + timedelta(minutes=2))
        assert sandbox.calls[-1]["verdict"] == "acknowledged at redelivery 2"
    with pytest.raises(AppFailed, match=r"dispatch_failed.*could not be reached"):
        await sandbox.person("Ana").types("/echo")


async def test_a_command_that_fails_is_told_with_its_status_and_never_sent_again(sandbox: Sandbox) -> None:
    async with http_app(sandbox) as app:
        app.answer = lambda: web.Response(status=404)
        with pytest.raises(AppFailed, match=r"http_service_error.*answered 404"):
            await sandbox.person("Ana").types("/echo")
        with pytest.raises(AppFailed, match=r"trouble connecting.*answered 404"):
            await sandbox.person("Ana").opens("New note")
        await sandbox.turn_to(sandbox.clock.now() + timedelta(days=1))
        assert len(app.heard) == 2


@pytest.mark.parametrize(("redirects", "arrives"), [(1, True), (2, True), (3, False)])
async def test_two_redirects_are_followed(sandbox: Sandbox, redirects: int, arrives: bool) -> None:
    async with http_app(sandbox, f"/again/{redirects}") as app:
        await sandbox.person("Ana").says("hello")
        assert bool(app.heard) is arrives
        assert sandbox.calls[-1]["verdict"] == ("acknowledged" if arrives else "redirected too often, try 2")


async def test_an_address_that_does_not_know_the_challenge_is_refused(sandbox: Sandbox) -> None:
    async with http_app(sandbox) as app:
        with pytest.raises(ValueError, match="not the challenge"):
            await sandbox.deliver_to(f"{app.url}/nowhere")
        with pytest.raises(ValueError, match="cannot be reached"):
            await sandbox.deliver_to("http://127.0.0.1:1/slack")
        await sandbox.person("Ana").says("hello")
        assert len(app.heard) == 1
    await sandbox.deliver_to("")
    assert sandbox.links.http is None
