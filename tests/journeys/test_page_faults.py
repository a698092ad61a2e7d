"""Faults ordered from the sandbox's page in a real browser, and what comes of each: for the app, for people, and in the list."""

import pytest
from aiohttp import ClientSession, ServerDisconnectedError
from playwright.async_api import Locator, Page, expect

from bot.sandbox.fault_orders import KINDS
from bot.sandbox.server import Sandbox
from tests.bot.sandbox.raw_app import Json, raw_app
from tests.journeys import browser
from tests.journeys.browser import OpenPage
from tests.journeys.gallery import Gallery
from tests.journeys.gallery_page import composer, gallery, last_message, overflow, page, sandbox, says

__all__ = ["gallery", "page", "sandbox"]

TITLES = {kind: what["title"] for kind, what in KINDS.items()}
AWAY = "The app is not connected to this workspace."


async def drawer_of(page: Page) -> Locator:
    """The drawer, open."""
    await page.get_by_role("button", name="Faults").click()
    drawer = page.get_by_role("complementary", name="Faults")
    await expect(drawer.get_by_role("heading", name="Faults", exact=True)).to_be_focused()
    return drawer


async def order(drawer: Locator, kind: str, name: str | None = None, **fields: str) -> None:
    """Choose the fault, the method or event, and what else is not as usual; then order it."""
    await drawer.get_by_label("What goes wrong").select_option(label=TITLES[kind])
    if name:
        about = {"call": "Method", "event": "Event", "payload": "Event or interaction"}[KINDS[kind]["about"]]
        await drawer.get_by_role("combobox", name=about, exact=True).fill(name)
        await drawer.page.get_by_role("option", name=name, exact=True).click()
    for label, value in fields.items():
        await drawer.get_by_label(label.replace("_", " ").capitalize()).and_(drawer.locator("input")).fill(value)
    await drawer.get_by_role("button", name="Order it").click()
    await expect(drawer.get_by_role("status")).to_contain_text("Ordered for the next")


async def at_once(drawer: Locator, kind: str, said: str) -> None:
    await drawer.get_by_label("What goes wrong").select_option(label=TITLES[kind])
    await drawer.get_by_role("button", name="Do it now").click()
    await expect(drawer.get_by_role("status")).to_have_text(said)


def lines(drawer: Locator, name: str = "Waiting") -> Locator:
    return drawer.get_by_role("list", name=name).get_by_role("listitem")


async def posts(sandbox: Sandbox, text: str) -> tuple[int, str | None, Json]:
    """Post to Ana as a bare program does: the status, Retry-After and the answer."""
    headers = {"Authorization": f"Bearer {sandbox.workspace.bot_token}"}
    message = {"channel": sandbox.person("Ana").id, "text": text}
    async with (
        ClientSession() as session,
        session.post(f"{sandbox.url}/api/chat.postMessage", json=message, headers=headers) as response,
    ):
        return response.status, response.headers.get("Retry-After"), await response.json()


async def test_calls_are_refused_as_ordered_and_the_list_counts_them(page: Page, sandbox: Sandbox) -> None:
    drawer = await drawer_of(page)
    await expect(drawer).to_contain_text("Nothing is ordered. Slack behaves as it should.")
    await order(drawer, "rate_limited", retry="7", times="2")
    await expect(drawer.get_by_role("status")).to_have_text("Ordered for the next 2 calls of chat.postMessage.")
    await order(drawer, "server_error", "Any call", status="503", times="1")
    await order(drawer, "refusal", "chat.postMessage", error="is_archived")
    await expect(lines(drawer)).to_have_count(3)
    await expect(lines(drawer).first).to_contain_text("chat.postMessage · Retry-After 7 s2 left · has not happened yet")
    await expect(page.get_by_role("button", name="Faults 3 waiting")).to_be_visible()

    assert await posts(sandbox, "one") == (429, "7", {"ok": False, "error": "ratelimited"})
    await expect(lines(drawer).first).to_contain_text("1 left · happened once")
    assert (await posts(sandbox, "two"))[0] == 429
    await expect(lines(drawer)).to_have_count(2)
    assert await posts(sandbox, "three") == (503, None, {"ok": False, "error": "internal_error"})
    assert await posts(sandbox, "four") == (200, None, {"ok": False, "error": "is_archived"})
    assert (await posts(sandbox, "five"))[2]["ok"]
    await expect(drawer).to_contain_text("Nothing is ordered.")
    await expect(lines(drawer, "Happened")).to_have_text(
        [
            f"{TITLES['refusal']}chat.postMessage · is_archivedhappened once",
            f"{TITLES['server_error']}any call · status 503happened once, with chat.postMessage",
            f"{TITLES['rate_limited']}chat.postMessage · Retry-After 7 shappened 2 times",
        ]
    )
    await expect(page.get_by_role("log").get_by_role("article")).to_have_count(1)
    await expect(last_message(page)).to_contain_text("five")


async def test_a_slow_and_a_lost_answer_take_effect_all_the_same(page: Page, sandbox: Sandbox) -> None:
    drawer = await drawer_of(page)
    await order(drawer, "slow", seconds="0.2")
    await order(drawer, "lost_answer")
    assert (await posts(sandbox, "slowly"))[2]["ok"]
    await expect(last_message(page)).to_contain_text("slowly")
    with pytest.raises(ServerDisconnectedError):
        await posts(sandbox, "unheard of")
    await expect(last_message(page)).to_contain_text("unheard of")

    await page.get_by_role("button", name="Calls").click()
    await expect(drawer).to_be_hidden()
    calls = page.get_by_role("complementary", name="Calls and payloads")
    await expect(calls).to_contain_text("ok, answered 0.2 s late as ordered")
    await expect(calls).to_contain_text("ok, its answer cut off as ordered")


async def test_events_come_twice_late_or_unheard(page: Page, sandbox: Sandbox) -> None:
    drawer = await drawer_of(page)
    answers = page.get_by_role("log").get_by_role("article").filter(has_text="I heard:")
    await order(drawer, "duplicate_event", "message")
    await says(page, "hello")
    await expect(answers).to_contain_text(["I heard: hello", "I heard: hello"])

    await order(drawer, "late_event", seconds="1800")
    await says(page, "and later")
    await expect(page.get_by_role("button", name="Next due: today 9:30 AM")).to_be_visible()
    await expect(answers).to_have_count(2)
    await page.get_by_role("button", name="Next due: today 9:30 AM").click()
    await expect(last_message(page)).to_contain_text("I heard: and later")

    await order(drawer, "unheard_answer", "slash_commands")
    await says(page, "/shout hello")
    await expect(page.get_by_role("main").get_by_role("alert")).to_contain_text("operation_timeout")
    await expect(lines(drawer, "Happened").first).to_contain_text("slash_commandshappened once")


async def test_sockets_are_cut_sent_away_and_let_in_again(sandbox: Sandbox, open_page: OpenPage) -> None:
    async with raw_app(sandbox) as app:
        page = await open_page(f"{sandbox.url}/#/{sandbox.person('Ana').id}/app")
        drawer = await drawer_of(page)
        await at_once(drawer, "dropped_socket", "Done, with one socket.")
        await expect(page.get_by_text(AWAY)).to_be_visible()
        await at_once(drawer, "dropped_socket", "No socket is open, so nothing happened.")
        await app.connect()
        await expect(page.get_by_text(AWAY)).to_be_hidden()

        await drawer.get_by_label("What goes wrong").select_option(label=TITLES["disconnect"])
        await drawer.get_by_label("Reason").select_option("link_disabled")
        await drawer.get_by_role("button", name="Do it now").click()
        await app.until(lambda: any(notice.get("reason") == "link_disabled" for notice in app.notices[-1]))
        await app.sockets[-1].close()
        await expect(page.get_by_text(AWAY)).to_be_visible()
        assert (await app.calls("apps.connections.open"))["error"]
        await at_once(drawer, "connect", "Socket Mode is on.")
        await app.connect()
        await expect(page.get_by_text(AWAY)).to_be_hidden()


async def test_each_kind_is_offered_and_rate_limits_are_switched(page: Page, sandbox: Sandbox) -> None:
    drawer = await drawer_of(page)
    await expect(drawer.get_by_label("What goes wrong").get_by_role("option")).to_have_text([*TITLES.values()])
    switch = drawer.get_by_role("switch", name="Count calls as Slack does")
    await expect(switch).not_to_be_checked()
    await switch.check()
    await sandbox.until(lambda: sandbox.workspace.rates)
    assert [(await posts(sandbox, "x"))[0] for _ in range(5)] == [200, 200, 200, 200, 429]
    sandbox.limit(None)
    await expect(switch).not_to_be_checked()


async def test_what_is_wrong_stands_at_its_field_and_faults_are_taken_back_by_keys(
    sandbox: Sandbox, gallery: Gallery, open_page: OpenPage
) -> None:
    page = await open_page(f"{sandbox.url}/#/{sandbox.person('Ana').id}/app", refused=True)
    drawer = await drawer_of(page)
    retry, times = (drawer.get_by_role("textbox", name=name) for name in ("Retry-After", "How many times"))
    await retry.fill("soon")
    await times.fill("")
    await times.press("Enter")
    await expect(retry).to_be_focused()
    for field in (retry, times):
        await expect(field).to_have_attribute("aria-invalid", "true")
        await expect(field).to_have_accessible_description("Please enter a whole number above 0.")
    await retry.fill("5")
    await times.fill("1")
    await times.press("Enter")
    await expect(lines(drawer)).to_have_count(1)
    await expect(drawer.locator(".field-error:visible")).to_have_count(0)

    await times.press("Enter")
    await times.press("Enter")
    await expect(lines(drawer)).to_have_count(3)
    await (
        lines(drawer).first.get_by_role("button", name=f"Take back: {TITLES['rate_limited']}, chat.postMessage").focus()
    )
    await page.keyboard.press("Enter")
    await expect(lines(drawer)).to_have_count(2)
    await expect(drawer.get_by_role("heading", name="Waiting")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(drawer.get_by_role("button", name="Take all back")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(drawer).to_contain_text("Nothing is ordered.")
    await expect(drawer.get_by_role("list", name="Happened")).to_be_hidden()
    await page.keyboard.press("Escape")
    await expect(drawer).to_be_hidden()
    await expect(page.get_by_role("button", name="Faults")).to_be_focused()
    assert sandbox.faults.waiting() == []


async def test_on_a_phone_faults_are_ordered_too(sandbox: Sandbox, gallery: Gallery, open_page: OpenPage) -> None:
    page = await open_page(f"{sandbox.url}/#/{sandbox.person('Ana').id}/app", browser.PHONE)
    drawer = await drawer_of(page)
    await order(drawer, "unheard_answer", "block_actions", times="3")
    await expect(lines(drawer)).to_contain_text("block_actions3 left · has not happened yet")
    assert await overflow(page) == 0
    await drawer.get_by_role("button", name="Close faults").click()
    await expect(composer(page)).to_be_visible()
