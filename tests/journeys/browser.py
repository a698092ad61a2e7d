"""A real Chromium for the journeys: the browser of this machine, driven by playwright."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE = (1280, 860), (390, 844)
WAIT = 5_000
REFUSAL = "the server responded with a status of 400"

OpenPage = Callable[..., Awaitable[Page]]


def find() -> str | None:
    """The path of the browser, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A browser for one test; without one on this machine the test is skipped, or fails where `CI` is set."""
    path = find()
    if path is None:
        missing = f"no browser was found; one of these must be on the PATH: {', '.join(NAMES)}"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
async def open_page(chromium: Browser) -> AsyncIterator[OpenPage]:
    """`page = await open_page(url)`; afterwards the test fails when a page complained in its console.

    Chromium writes each refusal of the sandbox there; with `refused` the test is about refusals, and they are no complaint.
    """
    complaints: list[str] = []

    async def opened(url: str, size: tuple[int, int] = DESKTOP, *, refused: bool = False) -> Page:
        def hears(message: ConsoleMessage) -> None:
            if message.type == "error" and not (refused and REFUSAL in message.text):
                complaints.append(message.text)

        context = await chromium.new_context(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
        context.set_default_timeout(WAIT)
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", hears)
        await page.goto(url)
        return page

    yield opened
    for context in chromium.contexts:
        await context.close()
    assert complaints == []
