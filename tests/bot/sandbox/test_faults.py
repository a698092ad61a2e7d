"""Faults on order: in calls, in events, on sockets; from tests and from the page."""

import asyncio
import time
from datetime import timedelta

import pytest
from aiohttp import ClientSession, ServerDisconnectedError

from bot.sandbox.faults import KEPT
from bot.sandbox.person import AppSilent
from bot.sandbox.server import Sandbox
from tests.bot.sandbox.http_app import http_app
from tests.bot.sandbox.page import Page
from tests.bot.sandbox.raw_app import Json, RawApp, raw_app


def texts(app: RawApp) -> list[str]:
    return [payload["event"]["text"] for payload in app.payloads]


async def test_a_call_is_refused_with_429_and_says_when_to_come_again(sandbox: Sandbox, app: RawApp) -> None:
    sandbox.faults.order("chat.postMessage", status=429, retry_after=7, times=2)
    headers = {"Authorization": f"Bearer {sandbox.workspace.bot_token}"}
    address, general = f"{sandbox.url}/api/chat.postMessage", sandbox.person("Ana").channel(None)
    for expected in (429, 429, 200):
        async with app.session.post(address, json={"channel": general.id, "text": "x"}, headers=headers) as response:
            assert response.status == expected
            if expected == 429:
                assert response.headers["Retry-After"] == "7"
                assert await response.json() == {"ok": False, "error": "ratelimited"}
    assert len(general.messages) == 1


async def test_a_server_error_does_nothing(sandbox: Sandbox, app: RawApp) -> None:
    sandbox.faults.order("chat.postMessage", status=503)
    direct = sandbox.person("Ana").channel(None)
    assert (await app.calls("chat.postMessage", channel=direct.id, text="x"))["error"] == "internal_error"
    assert direct.messages == []
    assert (await app.calls("chat.postMessage", channel=direct.id, text="x"))["ok"]


async def test_a_slow_answer_comes_late_although_the_call_took_effect_at_once(sandbox: Sandbox, app: RawApp) -> None:
    sandbox.faults.order("chat.postMessage", seconds=0.2)
    direct, start = sandbox.person("Ana").channel(None), time.monotonic()
    call = asyncio.create_task(app.calls("chat.postMessage", channel=direct.id, text="x"))
    await sandbox.until(lambda: direct.messages)
    assert not call.done()
    assert (await call)["ok"]
    assert time.monotonic() - start >= 0.2


async def test_an_answer_is_cut_off_although_the_call_took_effect(sandbox: Sandbox, app: RawApp) -> None:
    sandbox.faults.order("chat.postMessage", lost=True)
    direct = sandbox.person("Ana").channel(None)
    with pytest.raises(ServerDisconnectedError):
        await app.calls("chat.postMessage", channel=direct.id, text="x")
    assert [message["text"] for message in direct.messages] == ["x"]


async def test_an_event_comes_twice_with_one_event_id(sandbox: Sandbox, app: RawApp) -> None:
    sandbox.faults.order_event("duplicate", "message")
    await sandbox.person("Ana").says("hello")
    await sandbox.person("Ana").says("again")
    assert texts(app) == ["hello", "hello", "again"]
    assert app.payloads[0]["event_id"] == app.payloads[1]["event_id"]


async def test_an_event_comes_late_and_after_a_later_one(sandbox: Sandbox, app: RawApp) -> None:
    sandbox.faults.order_event("late", seconds=3600)
    await sandbox.person("Ana").says("first")
    await sandbox.person("Ana").says("second")
    assert texts(app) == ["second"]
    assert await sandbox.next_due() == sandbox.clock.now() + timedelta(hours=1)
    await sandbox.turn_to(sandbox.clock.now() + timedelta(hours=2))
    assert texts(app) == ["second", "first"]


async def test_a_lost_acknowledgement_breaks_the_socket_and_the_event_comes_again(sandbox: Sandbox) -> None:
    async with raw_app(sandbox, sockets=2) as app:
        sandbox.faults.order_event("unheard")
        await sandbox.person("Ana").says("hello")
        assert texts(app) == ["hello", "hello"]
        assert [envelope["retry_attempt"] for envelope in app.envelopes] == [0, 1]
        assert len(sandbox.links.sockets) == 1
        assert app.heard_by[0] != app.heard_by[1]


async def test_over_http_a_lost_answer_is_a_failed_connection(sandbox: Sandbox) -> None:
    async with http_app(sandbox) as app:
        sandbox.faults.order_event("unheard")
        await sandbox.person("Ana").says("hello")
        assert [one.headers.get("X-Slack-Retry-Reason") for one in app.heard] == [None, "connection_failed"]


async def test_a_command_whose_acknowledgement_is_lost_fails_for_who_typed_it(sandbox: Sandbox, app: RawApp) -> None:
    sandbox.faults.order_event("unheard", "slash_commands")
    with pytest.raises(AppSilent):
        await sandbox.person("Ana").types("/echo", "hello")
    assert [payload["text"] for payload in app.payloads] == ["hello"]


async def test_sockets_are_cut_without_a_word(sandbox: Sandbox) -> None:
    async with raw_app(sandbox, sockets=2) as app:
        await sandbox.links.drop()
        assert sandbox.links.sockets == []
        await app.connect()
        await sandbox.links.connected()
        await sandbox.person("Ana").says("hello")
        assert texts(app) == ["hello"]


def test_an_event_fault_has_a_name_that_exists(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="duplicate, late, unheard"):
        sandbox.faults.order_event("lost")


ORDERS = {
    "rate_limited": {"method": "chat.update", "retry_after": 12},
    "server_error": {"method": "*", "status": 503},
    "refusal": {"method": "chat.postMessage", "error": "is_archived"},
    "slow": {"method": "chat.postMessage", "seconds": 2.5},
    "lost_answer": {"method": "chat.postMessage"},
    "duplicate_event": {"method": "app_mention"},
    "late_event": {"method": "*", "seconds": 60},
    "unheard_answer": {"method": "slash_commands"},
}
AT_ONCE = {"dropped_socket", "disconnect", "connect"}


@pytest.mark.parametrize("kind", ORDERS)
async def test_the_page_orders_each_kind_of_fault_and_takes_it_back(page: Page, kind: str) -> None:
    answer = await page.send("faults", kind=kind, times=3, **ORDERS[kind])
    [order] = (await page.get("faults"))["orders"]
    assert order.items() >= {"kind": kind, "id": answer["id"], "times": 3, "happened": 0, **ORDERS[kind]}.items()
    assert (await page.send(f"faults/{answer['id']}", "DELETE"))["ok"]
    assert (await page.get("faults"))["orders"] == []


async def test_the_page_reads_what_can_be_ordered(page: Page) -> None:
    there = await page.get("faults")
    assert {one["kind"] for one in there["kinds"]} == {*ORDERS, *AT_ONCE}
    assert {"title", "hint", "about", "fields"} < set(there["kinds"][0])
    assert "chat.postMessage" in there["methods"]
    assert {"app_mention", "message"} <= set(there["events"])
    assert "slash_commands" in there["interactions"]


async def test_the_page_reads_how_often_a_fault_happened_and_is_left(app: RawApp, page: Page, ana: str) -> None:
    await page.send("faults", kind="server_error", method="*", times=2)
    await app.calls("auth.test")
    [order] = (await page.get("faults"))["orders"]
    assert (order["times"], order["happened"], order["last"]) == (1, 1, "auth.test")
    assert (await page.get("state", **{"as": ana}))["faults"] == 1
    await app.calls("team.info")
    there = await page.get("faults")
    assert (await page.get("state", **{"as": ana}))["faults"] == 0
    assert there["orders"] == []
    assert [(one["times"], one["happened"], one["last"]) for one in there["spent"]] == [(0, 2, "team.info")]


async def test_the_record_tells_which_answers_came_late_or_never(sandbox: Sandbox, app: RawApp) -> None:
    sandbox.faults.order("auth.test", seconds=0.01)
    sandbox.faults.order("auth.test", lost=True)
    await app.calls("auth.test")
    with pytest.raises(ServerDisconnectedError):
        await app.calls("auth.test")
    assert [call["verdict"] for call in sandbox.calls if call["method"] == "auth.test"] == [
        "ok, answered 0.01 s late as ordered",
        "ok, its answer cut off as ordered",
    ]


async def test_only_the_newest_used_up_faults_are_kept(sandbox: Sandbox) -> None:
    for number in range(KEPT + 2):
        sandbox.faults.order(f"method.{number}", status=500)
        sandbox.faults.take(f"method.{number}")
    assert [fault.last for fault in sandbox.faults.spent][:: KEPT - 1] == [f"method.{KEPT + 1}", "method.2"]


async def test_who_watches_hears_of_each_order_each_time_it_happens_and_when_it_is_taken_back(sandbox: Sandbox) -> None:
    watcher: asyncio.Queue[Json | None] = asyncio.Queue()
    sandbox.watchers.add(watcher)
    sandbox.faults.order("auth.test", status=500, times=2)
    sandbox.faults.take("auth.test")
    sandbox.faults.cancel()
    sandbox.limit(None)
    assert [watcher.get_nowait() for _ in range(4)] == [{"kind": "faults"}] * 3 + [{"kind": "limits", "on": False}]


async def test_who_watches_hears_when_a_socket_comes_and_goes(sandbox: Sandbox) -> None:
    watcher: asyncio.Queue[Json | None] = asyncio.Queue()
    async with raw_app(sandbox):
        sandbox.watchers.add(watcher)
        await sandbox.links.drop()
        assert watcher.get_nowait() == {"kind": "connected", "sockets": 0}


WRONG: list[tuple[Json, set[str]]] = [
    ({}, {"kind"}),
    ({"kind": "fire"}, {"kind"}),
    ({"kind": "slow", "status": 500}, {"status"}),
    ({"kind": "slow", "seconds": -1, "times": 0}, {"seconds", "times"}),
    ({"kind": "slow", "seconds": "soon", "times": 1.5}, {"seconds", "times"}),
    ({"kind": "slow", "seconds": True, "times": True}, {"seconds", "times"}),
    ({"kind": "slow", "seconds": float("nan"), "times": 10**9}, {"seconds", "times"}),
    ({"kind": "late_event", "seconds": 1e300}, {"seconds"}),
    ({"kind": "rate_limited", "retry_after": 0.5}, {"retry_after"}),
    ({"kind": "server_error", "status": 200}, {"status"}),
    ({"kind": "server_error", "status": 503.5}, {"status"}),
    ({"kind": "refusal", "error": ""}, {"error"}),
    ({"kind": "refusal", "error": "not in channel"}, {"error"}),
    ({"kind": "refusal", "error": 7}, {"error"}),
    ({"kind": "lost_answer", "method": "chat.postMesage"}, {"method"}),
    ({"kind": "duplicate_event", "method": "slash_commands"}, {"method"}),
    ({"kind": "disconnect", "reason": "because"}, {"reason"}),
    ({"kind": "dropped_socket", "times": 2}, {"times"}),
]


@pytest.mark.parametrize(("order", "wrong"), WRONG)
async def test_what_makes_no_order_is_refused_in_words_for_each_field(page: Page, order: Json, wrong: set[str]) -> None:
    refused = await page.send("faults", **order)
    assert (refused["status"], refused["ok"]) == (400, False)
    assert set(refused["errors"]) == wrong
    assert all(text in refused["error"] for text in refused["errors"].values())
    assert (await page.get("faults"))["orders"] == []


async def test_what_does_not_wait_cannot_be_taken_back(page: Page) -> None:
    for number in ("999999", "soon"):
        refused = await page.send(f"faults/{number}", "DELETE")
        assert (refused["status"], refused["error"]) == (400, "This fault does not wait any more.")


async def test_all_orders_are_taken_back_at_once(sandbox: Sandbox, page: Page) -> None:
    sandbox.faults.order("*", status=500)
    sandbox.faults.order_event("late")
    await page.send("faults", "DELETE")
    assert (sandbox.faults.orders, sandbox.faults.events) == ([], [])


async def test_the_page_cuts_sockets_and_switches_socket_mode_off_and_on(sandbox: Sandbox, page: Page) -> None:
    async with raw_app(sandbox) as app:
        assert (await page.send("faults", kind="dropped_socket"))["sockets"] == 1
        assert (await page.send("faults", kind="dropped_socket"))["sockets"] == 0
        assert sandbox.links.sockets == []
        await app.connect()
        await sandbox.links.connected()
        await page.send("faults", kind="disconnect", reason="link_disabled")
        await sandbox.links.gone()
        assert not sandbox.workspace.socket_mode
        await page.send("faults", kind="connect")
        await app.connect()
        await sandbox.links.connected()


async def test_a_fault_reaches_a_client_of_its_own(sandbox: Sandbox) -> None:
    sandbox.faults.order("auth.test", status=429, retry_after=3)
    async with ClientSession() as session, session.post(f"{sandbox.url}/api/auth.test") as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "3")
