"""The README's pictures: `python -m tests.journeys.pictures` lives the first week in a browser and writes them to `docs/`."""

import asyncio
from pathlib import Path

from playwright.async_api import Page, ViewportSize, async_playwright

from tests.journeys import browser, first_week
from tests.journeys.first_week import CHANNEL, PRACTICE, adopts, answers, goes_to, is_now, last_message, turns, types

DOCS = Path(__file__).parents[2] / "docs"
SIZE: ViewportSize = {"width": 1280, "height": 820}


async def main() -> None:
    path = browser.find()
    if path is None:
        raise SystemExit(f"No browser was found; one of these must be on the PATH: {', '.join(browser.NAMES)}")
    async with first_week.opened() as sandbox, async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=browser.ARGUMENTS)
        page = await chromium.new_page(viewport=SIZE, reduced_motion="reduce", color_scheme="light")
        await page.goto(sandbox.url)
        await check_in(page)
        await commitments(page)
        await chromium.close()


async def check_in(page: Page) -> None:
    await is_now(page, "Renee Okonjo")
    await first_week.makes_check_in(page)
    await is_now(page, "Zane Kim")
    await night(page)
    await last_message(page).get_by_role("button", name="Answer now").click()
    await page.get_by_role("dialog", name="Check-in").wait_for()
    await picture(page, "check-in")
    await page.keyboard.press("Escape")
    await page.get_by_role("dialog").wait_for(state="hidden")
    blocker = "Legal has not cleared the new payment terms."
    await answers(page, "The vendor survey is out; 40 firms answered.", "3", blocker)
    await is_now(page, "Mateo Chen")
    await turns(page, "Next due: today 9:00 AM")
    await answers(page, "Council adopted the prompt-pay rule.", "4")
    await night(page)
    await goes_to(page, CHANNEL)
    await picture(page, "summary")


async def commitments(page: Page) -> None:
    await is_now(page, "Zane Kim")
    await types(page, "/commit publish the MWBE dashboard by Friday")
    await last_message(page).get_by_text("Saved").wait_for()
    await types(page, "/practices inclusive procurement")
    await last_message(page).get_by_role("link").first.wait_for()
    await last_message(page).evaluate("message => message.scrollIntoView({ block: 'start' })")
    await picture(page, "practices")
    await adopts(page, PRACTICE, by="2026-12-11")
    await night(page)
    await night(page)
    await picture(page, "nudge")


async def night(page: Page) -> None:
    """Turn to the next morning, and put away the line that says so."""
    await turns(page, "Next morning")
    await page.get_by_role("button", name="Dismiss").click()


async def picture(page: Page, name: str) -> None:
    await page.mouse.move(0, 0)
    await page.screenshot(path=DOCS / f"{name}.png", animations="disabled", caret="hide")


if __name__ == "__main__":
    asyncio.run(main())
