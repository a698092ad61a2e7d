"""What is recorded and told: the log, the drawer, changes as they happen; and ordered faults, files and broken requests."""

import json
from pathlib import Path

import pytest
from aiohttp import ClientSession, FormData, ServerDisconnectedError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.clock import Clock
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Workspace
from tests.bot.sandbox.conftest import MANIFEST, START
from tests.bot.sandbox.page import Page
from tests.bot.sandbox.raw_app import RawApp, raw_app


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
    assert all(line.keys() == {"at", "team", "method", "args", "status", "response"} for line in lines)
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
