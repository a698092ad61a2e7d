"""The JSON interface of the page, the clock, the log, ordered faults and files."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, FormData, ServerDisconnectedError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.clock import Clock
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Workspace
from tests.bot.sandbox.conftest import MANIFEST, START
from tests.bot.sandbox.raw_app import WORD, RawApp, options, plain, raw_app

Json = dict[str, Any]


class Page:
    """What the page does: JSON out, JSON in."""

    def __init__(self, session: ClientSession, sandbox: Sandbox) -> None:
        self.session, self.url = session, f"{sandbox.url}/sandbox"

    async def get(self, path: str, **query: Any) -> Json:
        async with self.session.get(f"{self.url}/{path}", params=query) as response:
            return {"status": response.status, **(await response.json())}

    async def send(self, path: str, verb: str = "POST", **order: Any) -> Json:
        async with self.session.request(verb, f"{self.url}/{path}", json=order) as response:
            return {"status": response.status, **(await response.json())}


@pytest.fixture
async def page(sandbox: Sandbox) -> AsyncIterator[Page]:
    async with ClientSession() as session:
        yield Page(session, sandbox)


@pytest.fixture
async def app(sandbox: Sandbox) -> AsyncIterator[RawApp]:
    async with raw_app(sandbox) as connected:
        yield connected


@pytest.fixture
def ana(sandbox: Sandbox) -> str:
    return sandbox.person("Ana").id


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


# The clock


@pytest.mark.parametrize(
    ("now", "move", "expected"),
    [
        (datetime(2026, 10, 2, 13, 59, tzinfo=UTC), "next_morning", datetime(2026, 10, 2, 14, 0, tzinfo=UTC)),
        (datetime(2026, 10, 2, 14, 0, tzinfo=UTC), "next_morning", datetime(2026, 10, 3, 14, 0, tzinfo=UTC)),
        (datetime(2026, 10, 2, 14, 0, tzinfo=UTC), "next_monday", datetime(2026, 10, 5, 14, 0, tzinfo=UTC)),
        (datetime(2026, 10, 5, 13, 0, tzinfo=UTC), "next_monday", datetime(2026, 10, 5, 14, 0, tzinfo=UTC)),
        (datetime(2026, 10, 5, 14, 0, tzinfo=UTC), "next_monday", datetime(2026, 10, 12, 14, 0, tzinfo=UTC)),
        (datetime(2026, 10, 31, 20, 0, tzinfo=UTC), "next_monday", datetime(2026, 11, 2, 15, 0, tzinfo=UTC)),
        (datetime(2026, 10, 2, 13, 59, tzinfo=UTC), "hour", datetime(2026, 10, 2, 14, 59, tzinfo=UTC)),
    ],
)
async def test_the_clock_moves_to_the_morning_of_a_person(
    sandbox: Sandbox, page: Page, ana: str, now: datetime, move: str, expected: datetime
) -> None:
    sandbox.clock.set(now)
    answer = await page.send("clock", move=move, **{"as": ana})
    assert datetime.fromisoformat(answer["now"]) == expected
    assert answer["visited"] == []


async def test_the_clock_stops_at_each_due_moment_until_the_app_has_settled(sandbox: Sandbox) -> None:
    due = [START + timedelta(hours=hours) for hours in (1, 2, 2, 5)]
    done: list[tuple[datetime, datetime]] = []

    async def next_due() -> datetime | None:
        return due[0] if due else None

    async def settle() -> None:
        while due and due[0] <= sandbox.clock.now():
            done.append((due.pop(0), sandbox.clock.now()))

    sandbox.app_next_due, sandbox.app_settle = next_due, settle
    visited = await sandbox.turn_to(START + timedelta(hours=3))
    assert visited == [START + timedelta(hours=1), START + timedelta(hours=2)]
    assert all(moment == now for moment, now in done)
    assert len(done) == 3
    assert sandbox.clock.now() == START + timedelta(hours=3)


async def test_work_that_is_never_done_stops_the_clock(sandbox: Sandbox) -> None:
    async def next_due() -> datetime | None:
        return START + timedelta(hours=1)

    sandbox.app_next_due = next_due
    with pytest.raises(RuntimeError, match="does not do what has been due since"):
        await sandbox.turn_to(START + timedelta(days=1))
    assert sandbox.clock.now() == START + timedelta(hours=1)


async def test_a_sleeper_wakes_when_the_clock_is_turned_far_enough() -> None:
    clock = Clock(START, frozen=True)
    sleeper = asyncio.create_task(clock.sleep(60))
    await asyncio.sleep(0)
    clock.set(START + timedelta(seconds=59))
    await asyncio.sleep(0)
    assert not sleeper.done()
    clock.set(START + timedelta(seconds=60))
    async with asyncio.timeout(1):
        await sleeper


async def test_a_running_clock_runs_on_from_where_it_was_set() -> None:
    clock = Clock(START)
    first = clock.now()
    await clock.sleep(0.02)
    assert clock.now() - first >= timedelta(seconds=0.02)
    clock.set(START + timedelta(days=30))
    async with asyncio.timeout(1):
        await clock.sleep(0.01)
    assert START + timedelta(days=30) < clock.now() < START + timedelta(days=30, minutes=1)


async def test_a_scheduled_message_goes_out_when_its_time_comes(sandbox: Sandbox, app: RawApp, ana: str) -> None:
    at = int((START + timedelta(hours=2)).timestamp())
    channel = sandbox.person("Ana").channel(None).id
    assert (await app.calls("chat.scheduleMessage", channel=channel, text="Later", post_at=at))["ok"]
    assert await sandbox.next_due() == START + timedelta(hours=2)
    await sandbox.turn_to(START + timedelta(hours=3))
    [message] = sandbox.person("Ana").messages
    assert (message["text"], message["ts"].split(".")[0]) == ("Later", str(at))


# The log, changes, faults and files


async def test_the_log_has_a_line_for_all_that_the_app_said(tmp_path: Path) -> None:
    log = tmp_path / "calls.jsonl"
    workspace = Workspace(manifest=MANIFEST)
    ana = workspace.add_person("Ana Diaz")
    async with Sandbox(workspace, clock=Clock(START, frozen=True), log=log) as sandbox, raw_app(sandbox) as app:
        app.answers["/echo"] = {"text": "Heard"}
        await sandbox.person("Ana").types("/echo")
        await app.responds(app.payloads[-1]["response_url"], text="And more")
        await app.calls("chat.postMessage", channel=ana.id, text="Hello", token=workspace.bot_token)
        await app.calls("no.such.method")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert all(line.keys() == {"at", "method", "args", "status", "response"} for line in lines)
    assert [(line["method"], line["args"]) for line in lines] == [
        ("apps.connections.open", {}),
        ("ack", {"text": "Heard"}),
        ("response_url", {"text": "And more"}),
        ("chat.postMessage", {"channel": ana.id, "text": "Hello"}),
        ("no.such.method", {}),
    ]
    assert lines[-1]["response"]["error"] == "unknown_method"


async def test_the_drawer_shows_both_directions_with_a_verdict(app: RawApp, page: Page, ana: str) -> None:
    await page.send(f"people/{ana}/types", text="/echo")
    await app.calls("chat.postMessage", channel=ana)
    answer = await page.get("calls", after=1)
    assert [(call["direction"], call["method"], call["verdict"].split(":")[0]) for call in answer["calls"]] == [
        ("Slack→bot", "slash_commands", "acknowledged"),
        ("bot→Slack", "chat.postMessage", "no_text"),
    ]
    assert (await page.get("calls", after=answer["next"]))["calls"] == []


async def test_changes_are_told_as_they_happen(sandbox: Sandbox, page: Page) -> None:
    async with page.session.get(f"{page.url}/changes") as response:
        assert response.headers["Content-Type"] == "text/event-stream"
        assert await response.content.readuntil(b"\n\n") == b": hello\n\n"
        said = await sandbox.person("Ana").says("hello", channel="#general")
        event = await response.content.readuntil(b"\n\n")
        change = json.loads(event.removeprefix(b"data: "))
        assert (change["kind"], change["ts"]) == ("message", said["ts"])


async def test_an_ordered_fault_happens_once(sandbox: Sandbox, app: RawApp, ana: str) -> None:
    client = AsyncWebClient(token=sandbox.workspace.bot_token, base_url=f"{sandbox.url}/api/", retry_handlers=[])
    sandbox.faults.order("chat.postMessage", error="ratelimited", status=429, retry_after=7)
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=ana, text="Hello")
    assert refused.value.response.headers["Retry-After"] == "7"
    assert sandbox.person("Ana").messages == []
    posted = await client.chat_postMessage(channel=ana, text="Hello")
    assert posted.headers["X-OAuth-Scopes"].split(",") == sorted(sandbox.workspace.scopes)


async def test_an_answer_can_be_lost_although_the_call_took_effect(sandbox: Sandbox, ana: str) -> None:
    client = AsyncWebClient(token=sandbox.workspace.bot_token, base_url=f"{sandbox.url}/api/", retry_handlers=[])
    sandbox.faults.order("chat.postMessage", lost=True)
    with pytest.raises(ServerDisconnectedError):
        await client.chat_postMessage(channel=ana, text="Hello")
    assert [one["text"] for one in sandbox.person("Ana").messages] == ["Hello"]


async def test_a_file_goes_up_by_slacks_own_client_and_down_with_the_token(sandbox: Sandbox, ana: str) -> None:
    client = AsyncWebClient(token=sandbox.workspace.bot_token, base_url=f"{sandbox.url}/api/")
    channel = sandbox.person("Ana").channel(None).id
    await client.files_upload_v2(channel=channel, filename="roster.csv", content="name\nAna\n", initial_comment="Here")
    [message] = sandbox.person("Ana").messages
    [file] = message["files"]
    headers = {"Authorization": f"Bearer {sandbox.workspace.bot_token}"}
    async with ClientSession() as session:
        async with session.get(file["url_private"], headers=headers) as response:
            assert await response.text() == "name\nAna\n"
        async with session.get(file["url_private"], allow_redirects=False) as response:
            assert response.status == 302


async def test_an_upload_takes_exactly_the_bytes_that_were_announced(sandbox: Sandbox, app: RawApp) -> None:
    announced = await app.calls("files.getUploadURLExternal", filename="a.txt", length=3)
    for content, status in ((b"four", 400), (b"two", 200)):
        async with app.session.post(announced["upload_url"], data=content) as response:
            assert response.status == status
    assert sandbox.workspace.files[announced["file_id"]].content == b"two"


async def test_a_person_uploads_a_file(sandbox: Sandbox, app: RawApp, page: Page, ana: str) -> None:
    form = FormData()
    form.add_field("file", b"name\n", filename="roster.csv")
    form.add_field("channel", sandbox.person("Ana").channel(None).id)
    async with page.session.post(f"{page.url}/people/{ana}/uploads", data=form) as response:
        answer = await response.json()
    assert answer["files"][0]["name"] == "roster.csv"
    [payload] = app.payloads
    assert (payload["event"]["subtype"], payload["event"]["files"][0]["size"]) == ("file_share", 5)


async def test_broken_json_is_named(sandbox: Sandbox, page: Page) -> None:
    address = f"{sandbox.url}/api/chat.postMessage"
    for body, error in (("{", "invalid_json"), ("[]", "json_not_object")):
        async with page.session.post(address, data=body, headers={"Content-Type": "application/json"}) as response:
            assert (await response.json())["error"] == error
    async with page.session.post(f"{page.url}/people", data="{") as response:
        assert (response.status, (await response.json())["error"]) == (400, "The request wants a JSON object.")
