"""The JSON interface of the page: what it shows, and what people do through it."""

from typing import Any

import pytest

from bot.sandbox.server import Sandbox
from tests.bot.sandbox.conftest import START
from tests.bot.sandbox.page import Page
from tests.bot.sandbox.raw_app import WORD, RawApp, options, plain

Json = dict[str, Any]


def button(text: str) -> Json:
    return {"type": "button", "action_id": "go", "text": plain(text)}


async def test_the_state_names_all_that_the_page_shows(sandbox: Sandbox, page: Page, ana: str) -> None:
    sandbox.person("Ana").channel(None)
    state = await page.get("state", **{"as": ana})
    assert state["team"] == {"id": "T00000001", "name": "City network"}
    assert state["bot"] == {"user_id": "U00000001", "name": "Echo"}
    assert state["me"]["real_name"] == "Ana Diaz"
    assert [person["name"] for person in state["people"]] == ["ana.diaz", "ben.osei"]
    general, direct = state["channels"]
    assert (general["name"], general["kind"], general["member"], general["unread"]) == ("general", "channel", True, 0)
    assert (direct["kind"], direct["with"]) == ("im", "U00000001")
    assert state["commands"][0] == {"command": "/echo", "description": "Says it again", "usage_hint": "words"}
    assert [shortcut["callback_id"] for shortcut in state["shortcuts"]] == ["new_note", "keep"]
    assert (state["modal"], state["home"]) == (None, None)
    assert state["clock"] == {"now": START.isoformat(), "next_due": None, "frozen": True}


async def test_people_who_are_known_come_again_only_when_one_of_them_changed(
    sandbox: Sandbox, page: Page, ana: str
) -> None:
    known = (await page.get("state"))["people_as_of"]
    assert "people" not in await page.get("state", known=known)
    sandbox.workspace.change_person(ana, title="Mayor")
    changed = await page.get("state", known=known)
    assert changed["people"][0]["title"] == "Mayor"
    elsewhere = sandbox.add_workspace("Other office")
    assert "people" in await page.get("state", team=elsewhere.team_id, known=changed["people_as_of"])


async def test_somebody_else_sees_neither_private_channels_nor_direct_messages(
    sandbox: Sandbox, page: Page, ana: str
) -> None:
    ben = sandbox.person("Ben")
    direct = ben.channel(None)
    hidden = sandbox.workspace.add_channel("hidden", members=[ben.id], is_private=True)
    assert [one["name"] for one in (await page.get("state", **{"as": ana}))["channels"]] == ["general"]
    for channel in (direct, hidden):
        refused = await page.get("messages", channel=channel.id, **{"as": ana})
        assert refused["status"] == 400
        assert "can see" in refused["error"]


async def test_a_typed_command_and_a_typed_message(app: RawApp, page: Page, ana: str) -> None:
    app.answers["/echo"] = {"text": "Heard"}
    answer = await page.send(f"people/{ana}/types", text="/echo  some words ")
    assert (answer["ok"], answer["reply"]["text"]) == (True, "Heard")
    said = await page.send(f"people/{ana}/types", text="just words")
    assert said["ts"]
    assert [payload.get("text", payload.get("event", {}).get("text")) for payload in app.payloads] == [
        "some words",
        "just words",
    ]


async def test_messages_are_read_with_whispers_and_threads_apart(
    sandbox: Sandbox, app: RawApp, page: Page, ana: str
) -> None:
    actor = sandbox.person("Ana")
    channel = actor.channel("#general").id
    first = await sandbox.person("Ben").says("first", channel="#general")
    await sandbox.person("Ben").says("below", channel="#general", thread_ts=first["ts"])
    app.answers["/echo"] = {"text": "psst"}
    await actor.types("/echo", channel="#general")
    state = await page.get("state", **{"as": ana})
    assert state["channels"][0]["unread"] == 2

    shown = await page.get("messages", channel=channel, read=1, **{"as": ana})
    assert [(one["text"], one.get("ephemeral", False)) for one in shown["messages"]] == [
        ("first", False),
        ("psst", True),
    ]
    assert shown["messages"][1]["user"] == sandbox.workspace.bot_user_id
    thread = await page.get("messages", channel=channel, thread=first["ts"], **{"as": ana})
    assert [one["text"] for one in thread["messages"]] == ["first", "below"]
    assert (await page.get("state", **{"as": ana}))["channels"][0]["unread"] == 0


async def test_an_app_that_does_not_answer_is_told_in_words(app: RawApp, page: Page, ana: str) -> None:
    app.silent.add("/echo")
    answer = await page.send(f"people/{ana}/types", text="/echo")
    assert (answer["status"], answer["ok"]) == (200, False)
    assert answer["error"].startswith('/echo failed with the error "operation_timeout"')


async def test_a_form_is_opened_filled_refused_and_sent(sandbox: Sandbox, app: RawApp, page: Page, ana: str) -> None:
    await page.send(f"people/{ana}/opens", shortcut="new_note")
    await app.calls("views.open", trigger_id=app.payloads[-1]["trigger_id"], view=WORD)
    view = (await page.get("state", **{"as": ana}))["modal"]
    assert view["callback_id"] == "word"

    empty = {"text": {"a": {"type": "plain_text_input", "value": None}}}
    refused = await page.send(f"people/{ana}/submits", view_id=view["id"], values=empty)
    assert (refused["ok"], refused["errors"]) == (False, {"text": "Please complete this required field."})
    sent = await page.send(f"people/{ana}/submits", view_id=view["id"], values={"text": {"a": "in plain words"}})
    assert sent == {"status": 200, "ok": True}
    assert app.payloads[-1]["view"]["state"]["values"]["text"]["a"]["value"] == "in plain words"
    assert (await page.get("state", **{"as": ana}))["modal"] is None
    gone = await page.send(f"people/{ana}/submits", view_id=view["id"], values={})
    assert (gone["status"], gone["error"]) == (400, "This form is not open any more.")


async def test_a_form_is_closed(app: RawApp, page: Page, ana: str) -> None:
    await page.send(f"people/{ana}/opens", shortcut="new_note")
    await app.calls("views.open", trigger_id=app.payloads[-1]["trigger_id"], view=WORD)
    view = (await page.get("state", **{"as": ana}))["modal"]
    assert (await page.send(f"people/{ana}/closes", view_id=view["id"]))["ok"]
    assert (await page.get("state", **{"as": ana}))["modal"] is None


async def test_elements_of_messages_and_of_home_are_clicked(
    sandbox: Sandbox, app: RawApp, page: Page, ana: str
) -> None:
    menu = {"type": "static_select", "action_id": "size", "options": options("Small", "Large")}
    blocks = [{"type": "actions", "block_id": "row", "elements": [button("Go"), menu]}]
    posted = await app.calls("chat.postMessage", channel=ana, text="Choose", blocks=blocks)
    where = {"channel": posted["channel"], "ts": posted["ts"], "block_id": "row"}
    assert (await page.send(f"people/{ana}/clicks", **where, action_id="go"))["ok"]
    await page.send(f"people/{ana}/clicks", **where, action_id="size", selected_option=options("Large")[0])
    assert app.payloads[-1]["actions"][0]["selected_option"] == options("Large")[0]
    wrong = await page.send(f"people/{ana}/clicks", **where, action_id="size", selected="huge")
    assert "There is no option 'huge'" in wrong["error"]

    await app.calls("views.publish", user_id=ana, view={"type": "home", "blocks": blocks})
    home = (await page.send(f"people/{ana}/home"))["home"]
    await page.send(f"people/{ana}/clicks", view_id=home["id"], block_id="row", action_id="go")
    assert app.payloads[-1]["view"]["id"] == home["id"]
    assert "channel" not in app.payloads[-1]


async def test_people_and_channels_come_and_change(sandbox: Sandbox, app: RawApp, page: Page, ana: str) -> None:
    cleo = await page.send("people", name="Cleo Park", tz="America/Phoenix", labels={"city": "Phoenix"})
    changed = await page.send(f"people/{cleo['id']}", "PATCH", title="Director", deleted=True)
    assert changed["ok"]
    assert [payload["event"]["type"] for payload in app.payloads] == ["team_join", "user_change"]
    assert (await page.send(f"people/{cleo['id']}", "PATCH", shoe_size=9))["status"] == 400

    made = await page.send("channels", name="plans", members=["Ben"], with_app=True)
    assert (await page.send(f"people/{ana}/joins", channel=made["id"]))["ok"]
    assert sandbox.workspace.channels[made["id"]].members[-1] == ana


async def test_a_reaction_stands_under_its_message(sandbox: Sandbox, page: Page, ana: str) -> None:
    said = await sandbox.person("Ben").says("well", channel="#general")
    channel = sandbox.person("Ana").channel("#general")
    assert (await page.send(f"people/{ana}/reacts", channel=channel.id, ts=said["ts"], name="thumbsup"))["ok"]
    assert channel.messages[0]["reactions"] == [{"name": "thumbsup", "users": [ana], "count": 1}]


@pytest.mark.parametrize(
    ("path", "order", "words"),
    [
        ("people/U404/types", {"text": "x"}, "Nobody is called 'U404'"),
        ("people/Ana/dances", {}, "There is no act 'dances'"),
        ("people/Ana/types", {}, "There is no 'text'"),
        ("people/Ana/types", {"text": " "}, "There is no text"),
        ("people/Ana/opens", {"shortcut": "nothing"}, "There is no global shortcut 'nothing'"),
        ("people/Ana/clicks", {"ts": "1.0", "block_id": "b", "action_id": "a"}, "sees no message 1.0"),
        ("clock", {"move": "sideways"}, "Say where to turn the clock"),
        ("clock", {"to": "2020-01-01T00:00:00+00:00"}, "The clock only moves forward"),
        ("clock", {"to": "2030-01-01T00:00:00"}, "The clock wants a time with a time zone"),
    ],
)
async def test_what_cannot_be_done_is_answered_in_a_sentence(page: Page, path: str, order: Json, words: str) -> None:
    answer = await page.send(path, **order)
    assert answer["status"] == 400
    assert words in answer["error"]


async def test_another_web_site_cannot_use_the_interface(sandbox: Sandbox, page: Page) -> None:
    async with page.session.get(f"{page.url}/state", headers={"Origin": "https://elsewhere.example"}) as response:
        assert response.status == 403
    async with page.session.get(f"{page.url}/state", headers={"Origin": sandbox.url}) as response:
        assert response.status == 200
