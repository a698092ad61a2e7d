"""The gallery app in a workspace of two people, and the page that shows it: what the tests of the page stand on."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Locator, Page, expect
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.clock import Clock
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Workspace
from tests.journeys.browser import OpenPage
from tests.journeys.gallery import MANIFEST, Gallery, Json

START = datetime(2026, 12, 3, 15, 0, tzinfo=UTC)  # a Thursday, nine o'clock in Chicago
DUE = START + timedelta(days=1, hours=2)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Ana in Memphis, Kimo in Honolulu, a channel to join; something of the app is due tomorrow at eleven."""
    clock = Clock(START, frozen=True)

    async def next_due() -> datetime | None:
        return DUE if clock.now() < DUE else None

    async with Sandbox(Workspace(manifest=MANIFEST), clock=clock, next_due=next_due) as opened:
        labels = {"city": "Memphis, TN", "cohorts": ["Inclusive procurement"]}
        opened.workspace.add_person("Ana Diaz", tz="America/Chicago", title="Policy director", labels=labels)
        opened.workspace.add_person("Kimo Akana", tz="Pacific/Honolulu", labels={"city": "Honolulu, HI"})
        opened.workspace.add_channel("procurement")
        yield opened


@pytest.fixture
async def gallery(sandbox: Sandbox) -> AsyncIterator[Gallery]:
    client = AsyncWebClient(token=sandbox.workspace.bot_token, base_url=f"{sandbox.url}/api/")
    gallery = Gallery(client, f"{sandbox.url}/icon.svg")
    handler = AsyncSocketModeHandler(gallery.app, sandbox.workspace.app_token)
    await handler.connect_async()
    await sandbox.links.connected()
    yield gallery
    await handler.close_async()


@pytest.fixture
async def page(sandbox: Sandbox, gallery: Gallery, open_page: OpenPage) -> Page:
    """Ana at her messages with the app."""
    page = await open_page(f"{sandbox.url}/#/{sandbox.person('Ana').id}/app")
    await expect(composer(page)).to_be_visible()
    return page


def composer(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message Gallery")


def last_message(page: Page) -> Locator:
    return page.get_by_role("log", name="Messages in Gallery").get_by_role("article").last


async def says(page: Page, text: str) -> None:
    await composer(page).fill(text)
    await composer(page).press("Enter")


def actions(gallery: Gallery) -> list[Json]:
    return [one for body in gallery.heard for one in body.get("actions", [])]


async def heard(sandbox: Sandbox, gallery: Gallery, action_id: str) -> Json:
    """The last action of that name, as soon as it came."""
    return (await sandbox.until(lambda: [one for one in actions(gallery) if one["action_id"] == action_id]))[-1]


async def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has focus, as somebody without a mouse does."""
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await target.evaluate("node => node === document.activeElement"):
            return
    raise AssertionError(f"Tab never comes to {target}")


async def overflow(page: Page) -> int:
    """By how many pixels anything is wider than the screen."""
    wide = "found => Math.max(0, ...[...document.querySelectorAll(found)].map(n => n.scrollWidth - n.clientWidth))"
    return int(await page.evaluate(wide, "body, main, .log, .faults-body, dialog .dialog-body"))
