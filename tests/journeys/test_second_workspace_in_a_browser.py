"""A second workspace of `make try`: it is added, lets the app in, is answered, and takes it out again, by clicking."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot import try_out
from bot.sandbox.server import Sandbox
from tests import conformity
from tests.journeys.browser import OpenPage

NAME = "Memphis city hall"


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    log = tmp_path / "calls.jsonl"
    async with try_out.opened(try_out.ROSTER.read_bytes(), log=log) as served:
        yield served
    assert conformity.faults(log) == []


async def added(page: Page) -> None:
    await page.get_by_role("navigation", name="Workspaces").get_by_role("button", name="Add a workspace").click()
    await page.get_by_label("Name of the workspace").fill(NAME)
    await page.get_by_label("Your name there").fill("Cleo Moss")
    await page.get_by_role("button", name="Add the workspace").click()


async def test_a_second_workspace_lets_the_app_in_is_answered_and_takes_it_out_again(
    sandbox: Sandbox, open_page: OpenPage
) -> None:
    page = await open_page(sandbox.url)
    await added(page)
    async with page.expect_popup() as opened:
        await page.get_by_role("main").get_by_role("link", name="Install Civic Cohort").click()
    tab = await opened.value
    await tab.get_by_role("button", name="Cancel").click()
    await expect(tab.get_by_text("You pressed Cancel, so nothing has changed in your workspace.")).to_be_visible()
    await tab.close()

    async with page.expect_popup() as opened:
        await page.get_by_role("main").get_by_role("link", name="Install Civic Cohort").click()
    tab = await opened.value
    await tab.get_by_role("button", name="Allow").click()
    await expect(tab.get_by_role("heading", name=f"Civic Cohort is installed in {NAME}")).to_be_visible()
    await tab.reload()
    await expect(tab.get_by_role("heading", name="This link is used up")).to_be_visible()
    await tab.close()

    composer = page.get_by_role("textbox", name="Message Civic Cohort")
    await page.get_by_role("link", name="Messages").click()
    await composer.fill("/cohort")
    await composer.press("Enter")
    log = page.get_by_role("log", name="Messages in Civic Cohort")
    await expect(log).to_contain_text("You are the first facilitator of this program now")

    await page.get_by_role("button", name=f"More about {NAME}").click()
    await page.get_by_role("menuitem", name="Uninstall Civic Cohort").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Uninstall").click()
    await expect(page.get_by_text("Civic Cohort is not installed here any more.")).to_be_visible()


async def test_after_installing_the_way_back_leads_to_the_workspace(sandbox: Sandbox, open_page: OpenPage) -> None:
    page = await open_page(sandbox.url)
    await added(page)
    await expect(page.get_by_role("main").get_by_role("link", name="Install Civic Cohort")).to_be_visible()
    tab = await open_page(f"{sandbox.install_url}?team=T00000002")
    await tab.get_by_role("button", name="Allow").click()
    await tab.get_by_role("link", name="Go to Slack").click()
    await expect(tab.get_by_role("navigation", name="Workspaces").get_by_role("link", name=NAME)).to_have_attribute(
        "aria-current", "page"
    )
