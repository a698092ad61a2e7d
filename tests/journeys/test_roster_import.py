"""A facilitator imports a roster from the sandbox's page, looks at what it would do, and exports it again."""

import asyncio
import re
from pathlib import Path

from playwright.async_api import Page, expect

from tests.journeys.browser import OpenPage
from tests.whole import Slack

HEADER = "network,cohort,city,state,name,email,slack_id,role,title,expertise,time_zone,from,until\n"
LINES = "".join(
    f"PMI,Advisory group,City {n % 6},TX,Person {n},p{n}@example.org,,delegate,Analyst,,,,\n" for n in range(30)
)
ENDS = "City Accelerator,Inclusive procurement,Phoenix,AZ,Tomas Reyes,tomas@example.org,,lead,Chief Equity Officer,,,,2026-12-31\n"


async def test_a_roster_is_imported_and_exported_in_the_page(slack: Slack, open_page: OpenPage, tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    file.write_text(HEADER + LINES + ENDS)
    page = await open_page(f"{slack.sandbox.url}/#/{slack.person('Dana').id}/app")
    await types(page, "/cohort import")
    form = page.get_by_role("dialog", name="Import a roster")
    await form.get_by_label("Roster as a CSV file").set_input_files(file)
    await expect(form).to_contain_text("roster.csv")
    await form.get_by_role("button", name="Show what it does").click()
    await expect(page.get_by_text("Nothing is imported yet.")).to_be_visible()
    await page.get_by_role("button", name="Import these 31 lines").click()
    await expect(page.get_by_text("Looked for 30 people in Slack: nobody is there yet.")).to_be_visible()
    await types(page, "/cohort export advisory")
    async with page.expect_download() as download:
        await page.get_by_role("link", name=re.compile(r"roster-2026-10-01\.csv, \d kB")).click()
    content = await asyncio.to_thread(Path(await (await download.value).path()).read_text)
    assert "Person 29" in content
    assert "Tomas" not in content


async def types(page: Page, text: str) -> None:
    composer = page.get_by_role("textbox", name=re.compile("^Message"))
    await composer.fill(text)
    await composer.press("Enter")
