"""What a person does on the sandbox's page in a cohort's first week: found and pressed by what is written there."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from bot import try_out
from bot.sandbox.clock import Clock
from bot.sandbox.server import Sandbox

MONDAY = datetime(2026, 12, 7, 16, 0, tzinfo=UTC)  # eleven o'clock in New York
CHANNEL = "#inclusive-procurement"
PRACTICE = "Monthly procurement table across all local public buyers"
TURNED = 20_000  # milliseconds for a night with all that falls due in it


@asynccontextmanager
async def opened(log: Path | None = None) -> AsyncIterator[Sandbox]:
    """What `make try` opens, on a Monday that is always the same."""
    async with try_out.opened(try_out.ROSTER.read_bytes(), clock=Clock(MONDAY, frozen=True), log=log) as served:
        yield served


async def is_now(page: Page, name: str) -> None:
    """Become somebody, found by name, and look at the app's messages."""
    await page.get_by_role("button", name=re.compile("^(You are|Choose who to be)")).first.click()
    await page.get_by_label("Search by name, city or cohort").fill(name)
    await page.get_by_role("dialog").get_by_role("button").filter(has_text=name).click()
    await expect(page.get_by_role("button", name=f"You are {name}")).to_be_visible()
    await goes_to(page, "Messages")


async def goes_to(page: Page, place: str) -> None:
    await page.get_by_role("link", name=re.compile(rf"^{place}( \d+ unread)?$")).click()
    title = "Civic Cohort" if place == "Messages" else place
    await expect(page.get_by_role("main", name=title, exact=True)).to_be_visible()


async def types(page: Page, text: str) -> None:
    composer = page.get_by_role("main").get_by_role("textbox", name=re.compile("^Message "))
    await composer.fill(text)
    await composer.press("Enter")


async def turns(page: Page, button: str) -> None:
    """Press a button of the clock and wait until all that fell due has happened."""
    clock = page.get_by_role("region", name="Clock")
    await clock.get_by_role("button", name=button).click()
    await expect(page.locator("#clock-status")).to_contain_text("It is ", timeout=TURNED)


def last_message(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("article").last


async def chooses(form: Locator, label: str, option: str) -> None:
    await form.get_by_role("combobox", name=label, exact=True).click()
    await form.get_by_role("option", name=option, exact=True).click()


async def makes_check_in(page: Page) -> None:
    """Renee asks every Tuesday, for one day, and lets the whole cohort see what is in the way."""
    await goes_to(page, CHANNEL)
    await types(page, "/checkin new")
    form = page.get_by_role("dialog", name="New check-in")
    await form.get_by_label("Name (optional)").fill("Vendor pulse")
    await onward(form, 2)
    for number in (2, 3):
        await asks_for_all(page, form, number)
    await onward(form, 3)
    await chooses(form, "Weeks", "Every week")
    await form.get_by_role("checkbox", name="Tuesday").check()
    await form.get_by_role("checkbox", name="Monday").uncheck()
    await expect(form.get_by_text("Tuesday, December 8").first).to_be_visible()
    await onward(form, 4)
    await chooses(form, "Open for", "One day")
    await onward(form, 5)
    await form.get_by_role("button", name="Make it").click()
    await expect(form).to_be_hidden()
    await goes_to(page, "Messages")


async def onward(form: Locator, step: int) -> None:
    """The next step of the form is shown."""
    await form.get_by_role("button", name="Next").click()
    await expect(form.get_by_text(f"Step {step} of 5")).to_be_visible()


async def asks_for_all(page: Page, form: Locator, number: int) -> None:
    """The answers to a question are for the whole cohort."""
    await form.get_by_role("button", name="More options").nth(number - 1).click()
    await page.get_by_role("menuitem", name="Edit").click()
    window = page.get_by_role("dialog", name=f"Question {number}")
    await chooses(window, "Who sees the answers", "The whole cohort")
    await window.get_by_role("button", name="Keep it").click()
    await expect(form.get_by_text("Step 2 of 5")).to_be_visible()


async def answers(page: Page, moved: str, sure: str = "", blocker: str = "", button: str = "Answer now") -> None:
    await last_message(page).get_by_role("button", name=button).click()
    form = page.get_by_role("dialog", name="Check-in")
    await form.get_by_label("What moved forward since last time?").fill(moved)
    if sure:
        await form.get_by_role("radio", name=sure).check()
    if blocker:
        await form.get_by_label("What is in your way?").fill(blocker)
    await form.get_by_role("button", name="Save the answer").click()
    await expect(form).to_be_hidden()


async def adopts(page: Page, practice: str, by: str) -> None:
    """Press "Adopt" under a practice of the newest message, set the date and save; `by` is a date as 2026-12-11."""
    await (
        last_message(page).get_by_role("button", name=re.compile(f"^Adopt.*{re.escape(practice)}|^Adopt$")).last.click()
    )
    form = page.get_by_role("dialog", name="New commitment")
    await expect(form.get_by_label("What will you get done?")).to_have_value(f"Adopt: {practice}")
    await form.get_by_label("Due date").fill(by)
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_be_hidden()
