"""The payloads an app receives, and what becomes of its answers: acknowledgements, response_urls, triggers."""

from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.person import AppFailed
from bot.sandbox.server import Sandbox
from tests.bot.sandbox.conftest import MANIFEST
from tests.bot.sandbox.raw_app import WORD, RawApp, opened, options, plain, raw_app

Json = dict[str, Any]


async def posted(app: RawApp, *elements: Json, text: str = "Choose") -> Json:
    """A message of the app to Ana with these elements."""
    ana = app.sandbox.person("Ana")
    blocks = [{"type": "actions", "block_id": "row", "elements": list(elements)}]
    answer = await app.calls("chat.postMessage", channel=ana.id, text=text, blocks=blocks)
    assert answer["ok"], answer
    return ana.messages[-1]


# Payloads


async def test_a_command_has_every_field_that_slack_sends(sandbox: Sandbox) -> None:
    ana, workspace = sandbox.person("Ana"), sandbox.workspace
    async with raw_app(sandbox) as app:
        await ana.types("/echo", "  one <two> & @ana.diaz ")
        [envelope] = app.envelopes
        payload = dict(envelope["payload"])
        assert envelope["accepts_response_payload"] is True
        assert payload.pop("response_url").startswith(f"{sandbox.url}/respond/")
        assert payload.pop("trigger_id")
        assert payload.pop("token")
        assert payload == {
            "team_id": workspace.team_id,
            "team_domain": workspace.domain,
            "channel_id": ana.channel(None).id,
            "channel_name": "directmessage",
            "user_id": ana.id,
            "user_name": "ana.diaz",
            "command": "/echo",
            "text": "one <two> & @ana.diaz",
            "api_app_id": workspace.app_id,
            "is_enterprise_install": "false",
        }


async def test_an_unknown_command_reaches_nobody(sandbox: Sandbox) -> None:
    ana = sandbox.person("Ana")
    async with raw_app(sandbox) as app:
        reply = await ana.types("/nothing", "here")
        assert reply["text"].startswith("/nothing is not a valid command.")
        assert app.envelopes == []


async def test_a_button_of_a_message_brings_the_message_and_a_response_url(sandbox: Sandbox) -> None:
    ana = sandbox.person("Ana")
    async with raw_app(sandbox) as app:
        button = {"type": "button", "action_id": "go", "text": plain("Go on"), "value": "7", "style": "primary"}
        message = await posted(app, button)
        await ana.clicks(message, "Go on")
        payload = app.payloads[-1]
        assert payload["type"] == "block_actions"
        assert payload["user"] == {
            "id": ana.id,
            "username": "ana.diaz",
            "name": "ana.diaz",
            "team_id": payload["team"]["id"],
        }
        assert payload["container"] == {
            "type": "message",
            "message_ts": message["ts"],
            "channel_id": ana.channel(None).id,
            "is_ephemeral": False,
        }
        assert payload["channel"] == {"id": ana.channel(None).id, "name": "directmessage"}
        assert payload["message"]["blocks"] == message["blocks"]
        assert payload["state"] == {"values": {}}
        assert (payload["enterprise"], payload["is_enterprise_install"]) == (None, False)
        assert {"response_url", "trigger_id", "team", "token", "api_app_id"} <= payload.keys()
        [action] = payload["actions"]
        assert action.pop("action_ts")
        assert action == {**button, "block_id": "row"}


async def test_a_menu_in_a_message_keeps_its_state_for_the_next_click(sandbox: Sandbox) -> None:
    ana = sandbox.person("Ana")
    async with raw_app(sandbox) as app:
        menu = {"type": "static_select", "action_id": "size", "options": options("Small", "Large")}
        button = {"type": "button", "action_id": "go", "text": plain("Go on")}
        message = await posted(app, menu, button)
        await ana.clicks(message, "Go on")
        assert app.payloads[-1]["state"]["values"] == {
            "row": {"size": {"type": "static_select", "selected_option": None}}
        }
        await ana.chooses(message, "size", "Large")
        assert app.payloads[-1]["actions"][0]["selected_option"]["value"] == "large"
        await ana.clicks(message, "Go on")
        chosen = app.payloads[-1]["state"]["values"]["row"]["size"]
        assert chosen == {"type": "static_select", "selected_option": options("Large")[0]}


async def test_an_overflow_menu_is_clicked_by_the_text_of_its_item(sandbox: Sandbox) -> None:
    ana = sandbox.person("Ana")
    async with raw_app(sandbox) as app:
        message = await posted(app, {"type": "overflow", "action_id": "more", "options": options("Edit", "Remove")})
        await ana.clicks(message, "Remove")
        assert app.payloads[-1]["actions"][0]["selected_option"]["value"] == "remove"


async def test_a_click_on_what_is_not_there_says_what_is(sandbox: Sandbox) -> None:
    ana = sandbox.person("Ana")
    async with raw_app(sandbox) as app:
        message = await posted(app, {"type": "button", "action_id": "go", "text": plain("Go on")})
        with pytest.raises(LookupError, match="Here stand: 'Go on'"):
            await ana.clicks(message, "Stop")


async def test_an_ephemeral_message_is_not_in_the_payload_of_its_button(sandbox: Sandbox) -> None:
    ana, ben = sandbox.person("Ana"), sandbox.person("Ben")
    async with raw_app(sandbox) as app:
        button = {"type": "button", "action_id": "go", "text": plain("Go on")}
        app.answers["/echo"] = {"text": "Psst", "blocks": [{"type": "actions", "elements": [button]}]}
        reply = await ana.types("/echo", channel="#general")
        with pytest.raises(LookupError, match="Ben Osei sees no message"):
            await ben.clicks(reply, "Go on")
        await ana.clicks(reply, "Go on")
        assert app.payloads[-1]["container"]["is_ephemeral"] is True
        assert "message" not in app.payloads[-1]


async def test_a_message_in_the_direct_message_arrives_as_an_event(sandbox: Sandbox) -> None:
    ana, workspace = sandbox.person("Ana"), sandbox.workspace
    async with raw_app(sandbox) as app:
        said = await ana.says("3 < 4 & <!channel>")
        [payload] = app.payloads
        assert payload["type"] == "event_callback"
        assert payload["event_time"] == int(sandbox.clock.now().timestamp())
        assert payload["event_id"].startswith("Ev")
        [authorization] = payload["authorizations"]
        assert authorization["user_id"] == workspace.bot_user_id
        assert payload["event"]["text"] == "3 &lt; 4 &amp; &lt;!channel&gt;"
        assert (payload["event"]["channel_type"], payload["event"]["ts"]) == ("im", said["ts"])


async def test_people_who_come_and_change_are_told_of(sandbox: Sandbox) -> None:
    async with raw_app(sandbox) as app:
        cleo = sandbox.workspace.add_person("Cleo Park")
        sandbox.workspace.change_person(cleo.id, deleted=True)
        await sandbox.settled()
        joined, changed = (payload["event"] for payload in app.payloads)
        assert (joined["type"], joined["user"]["real_name"]) == ("team_join", "Cleo Park")
        assert (changed["type"], changed["user"]["deleted"]) == ("user_change", True)


# Answers to commands


async def test_an_answer_may_be_for_the_whole_channel(sandbox: Sandbox) -> None:
    ana, ben = sandbox.person("Ana"), sandbox.person("Ben")
    async with raw_app(sandbox) as app:
        app.answers["/echo"] = {"response_type": "in_channel", "text": "For everybody"}
        reply = await ana.types("/echo", channel="#general")
        assert ben.sees("#general") == [reply]


async def test_an_answer_that_slack_does_not_take_is_a_failure(sandbox: Sandbox) -> None:
    ana = sandbox.person("Ana")
    async with raw_app(sandbox) as app:
        app.answers["/echo"] = {"text": "x", "blocks": [{"type": "no_such_block"}]}
        with pytest.raises(AppFailed, match="/echo failed"):
            await ana.types("/echo")
        [call] = [one for one in sandbox.calls if one["method"] == "ack"]
        assert call["verdict"].startswith("refused: ")


async def test_the_body_of_a_buttons_acknowledgement_is_ignored(sandbox: Sandbox) -> None:
    ana = sandbox.person("Ana")
    async with raw_app(sandbox) as app:
        message = await posted(app, {"type": "button", "action_id": "go", "text": plain("Go on")})
        app.answers["block_actions"] = {"text": "Nobody reads this"}
        assert await ana.clicks(message, "Go on") is None
        assert [one["text"] for one in ana.sees()] == ["Choose"]
        [call] = [one for one in sandbox.calls if one["method"] == "ack"]
        assert call["verdict"].startswith("ignored")


# response_url


async def test_a_response_url_works_five_times(sandbox: Sandbox) -> None:
    ana = sandbox.person("Ana")
    async with raw_app(sandbox) as app:
        await ana.types("/echo")
        url = app.payloads[-1]["response_url"]
        answers = [await app.responds(url, text=f"answer {number}") for number in range(6)]
        assert [status for status, _ in answers] == [200] * 5 + [404]
        assert answers[5][1]["error"] == "used_url"
        assert [one["text"] for one in ana.messages] == [f"answer {number}" for number in range(5)]


async def test_a_response_url_works_for_half_an_hour_of_the_sandboxs_time(sandbox: Sandbox) -> None:
    ana = sandbox.person("Ana")
    async with raw_app(sandbox) as app:
        await ana.types("/echo")
        url = app.payloads[-1]["response_url"]
        await sandbox.turn_to(sandbox.clock.now() + timedelta(minutes=30))
        assert (await app.responds(url, text="just in time"))[0] == 200
        await sandbox.turn_to(sandbox.clock.now() + timedelta(seconds=1))
        status, answer = await app.responds(url, text="too late")
        assert (status, answer["error"]) == (404, "expired_url")


async def test_a_refused_message_does_not_use_a_response_url_up(sandbox: Sandbox) -> None:
    ana = sandbox.person("Ana")
    async with raw_app(sandbox) as app:
        await ana.types("/echo")
        url = app.payloads[-1]["response_url"]
        for _ in range(6):
            assert (await app.responds(url, blocks=[{"type": "no_such_block"}]))[0] == 400
        assert (await app.responds(url, text="well said"))[0] == 200


async def test_a_response_url_of_a_button_replaces_or_deletes_the_message(sandbox: Sandbox) -> None:
    ana = sandbox.person("Ana")
    async with raw_app(sandbox) as app:
        message = await posted(app, {"type": "button", "action_id": "go", "text": plain("Go on")})
        await ana.clicks(message, "Go on")
        url = app.payloads[-1]["response_url"]
        await app.responds(url, text="Gone on", replace_original=True)
        assert [(one["text"], "blocks" in one) for one in ana.messages] == [("Gone on", False)]
        await app.responds(url, delete_original=True)
        assert ana.messages == []


async def test_an_ephemeral_message_is_replaced_by_response_url_and_stays_private(sandbox: Sandbox) -> None:
    ana, ben = sandbox.person("Ana"), sandbox.person("Ben")
    async with raw_app(sandbox) as app:
        button = {"type": "button", "action_id": "go", "text": plain("Go on")}
        app.answers["/echo"] = {"text": "Psst", "blocks": [{"type": "actions", "elements": [button]}]}
        reply = await ana.types("/echo", channel="#general")
        await ana.clicks(reply, "Go on")
        await app.responds(app.payloads[-1]["response_url"], text="Whisper", replace_original=True)
        assert [one["text"] for one in ana.sees("#general")] == ["Whisper"]
        assert ben.sees("#general") == []


async def test_an_unknown_response_url_is_not_found(sandbox: Sandbox) -> None:
    async with raw_app(sandbox) as app:
        assert (await app.responds(f"{sandbox.url}/respond/nothing", text="x"))[0] == 404


# Triggers


async def test_a_trigger_opens_one_form(sandbox: Sandbox) -> None:
    async with raw_app(sandbox) as app:
        await opened(app, WORD)
        again = await app.calls("views.open", trigger_id=app.payloads[-1]["trigger_id"], view=WORD)
        assert again["error"] == "exchanged_trigger_id"


async def test_a_trigger_is_too_old_after_three_seconds(sandbox: Sandbox) -> None:
    moment = 100.0
    sandbox.workspace.triggers.machine_time = lambda: moment
    async with raw_app(sandbox) as app:
        await sandbox.person("Ana").opens("New note")
        moment += 3.1
        late = await app.calls("views.open", trigger_id=app.payloads[-1]["trigger_id"], view=WORD)
        assert late["error"] == "expired_trigger_id"
        assert sandbox.person("Ana").form is None


# What the manifest does not allow


async def test_without_interactivity_a_button_does_nothing(sandbox: Sandbox) -> None:
    async with raw_app(sandbox) as app:
        message = await posted(app, {"type": "button", "action_id": "go", "text": plain("Go on")})
        sandbox.workspace.manifest = {**MANIFEST, "settings": {"interactivity": {"is_enabled": False}}}
        with pytest.raises(AppFailed, match="not configured to handle interactive responses"):
            await sandbox.person("Ana").clicks(message, "Go on")
        assert app.envelopes == []


async def test_without_its_tabs_the_app_has_neither_home_nor_messages(sandbox: Sandbox) -> None:
    ana = sandbox.person("Ana")
    sandbox.workspace.manifest = {**MANIFEST, "features": {"app_home": {"messages_tab_read_only_enabled": True}}}
    with pytest.raises(LookupError, match="no Home tab"):
        await ana.opens_home()
    with pytest.raises(LookupError, match="does not let people write"):
        await ana.says("hello")
