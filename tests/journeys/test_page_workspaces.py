"""Several workspaces in the sandbox's page, in a real browser: the rail, adding one, and a distributed app coming in and going."""

from collections.abc import AsyncIterator
from copy import deepcopy
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Workspace
from tests.bot.sandbox.conftest import MANIFEST
from tests.bot.sandbox.oauth_app import oauth_app
from tests.journeys import browser
from tests.journeys.browser import OpenPage
from tests.journeys.gallery_page import overflow, tab_to


@pytest.fixture
async def sandbox(tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[Sandbox]:
    """Ana and Ben at home, and an app that every workspace can install."""
    workspace = Workspace(manifest=deepcopy(MANIFEST))
    workspace.add_person("Ana Diaz", email="ana@city.example")
    workspace.add_person("Ben Osei")
    async with Sandbox(workspace) as opened, oauth_app(opened, tmp_path, unused_tcp_port):
        await opened.person("Ana").installs(opened.install_url)
        yield opened


@pytest.fixture
async def page(sandbox: Sandbox, open_page: OpenPage) -> Page:
    """Ana at her messages with the app, at home."""
    page = await open_page(f"{sandbox.url}/#/{sandbox.person('Ana').id}/app")
    await expect(composer(page)).to_be_visible()
    return page


def composer(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message Echo")


def rail(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Workspaces")


async def adds(page: Page, name: str, owner: str) -> None:
    await rail(page).get_by_role("button", name="Add a workspace").click()
    await page.get_by_label("Name of the workspace").fill(name)
    await page.get_by_label("Your name there").fill(owner)
    await page.get_by_role("button", name="Add the workspace").click()


async def installs(page: Page, answer: str = "Allow") -> Page:
    """The tab in which the installing ended."""
    async with page.expect_popup() as opened:
        await page.get_by_role("main").get_by_role("link", name="Install Echo").click()
    tab = await opened.value
    await tab.get_by_role("link").first.click()
    await expect(tab.get_by_role("heading", name="Echo is asking to be installed in Memphis city hall")).to_be_visible()
    await expect(tab.get_by_label("You are")).to_contain_text("Cleo Moss, workspace admin")
    await tab.get_by_role("button", name=answer).click()
    return tab


async def test_a_workspace_is_added_and_the_app_installed_used_and_uninstalled_by_clicking(
    page: Page, sandbox: Sandbox
) -> None:
    await adds(page, "Memphis city hall", "Cleo Moss")
    await expect(page.get_by_text("Echo is not installed in Memphis city hall.")).to_be_visible()
    await expect(page.get_by_role("button", name="You are Cleo Moss")).to_be_visible()
    await expect(page.get_by_role("link", name="Messages")).to_have_count(0)
    await expect(rail(page).get_by_role("link", name="Memphis city hall, app not installed")).to_be_visible()

    tab = await installs(page, "Cancel")
    await expect(tab.get_by_text("access_denied")).to_be_visible()
    assert sandbox.workspaces["T00000002"].installed is False
    tab = await installs(page)
    await expect(tab.get_by_text("Thank you")).to_be_visible()
    assert sandbox.workspaces["T00000002"].installed is True

    await page.get_by_role("link", name="Messages").click()
    await composer(page).fill("/echo from Memphis")
    await composer(page).press("Enter")
    log = page.get_by_role("log", name="Messages in Echo")
    await expect(log.get_by_role("article")).to_have_count(1)
    await expect(log.get_by_role("article")).to_contain_text("You said: from Memphis")

    await rail(page).get_by_role("button", name="More about Memphis city hall").click()
    await page.get_by_role("menuitem", name="Uninstall Echo").click()
    await (
        page.get_by_role("alertdialog", name="Uninstall Echo from Memphis city hall?")
        .get_by_role("button", name="Uninstall")
        .click()
    )
    await expect(page.get_by_text("Echo is not installed here any more.")).to_be_visible()
    await expect(composer(page)).to_have_count(0)
    await expect(log.get_by_role("article")).to_contain_text("You said: from Memphis")
    await page.get_by_role("link", name="#general").click()
    await expect(page.get_by_role("textbox", name="Message #general")).to_be_visible()


async def test_switching_keeps_who_and_where_one_is_and_what_was_typed_in_each_workspace(
    page: Page, sandbox: Sandbox
) -> None:
    memphis = sandbox.add_workspace("Memphis city hall")
    memphis.add_person("Cleo Moss")
    await sandbox.person("Cleo", memphis).installs(sandbox.install_url)
    await sandbox.person("Ana").types("/echo", "at home")
    await composer(page).fill("half a thought")

    await rail(page).get_by_role("link", name="Memphis city hall").click()
    await page.get_by_role("main").get_by_role("button", name="Choose who to be").click()
    people = page.get_by_role("dialog").get_by_role("list", name="People")
    await expect(people.get_by_role("button")).to_have_count(1)
    await people.get_by_role("button", name="Cleo Moss").click()
    await page.get_by_role("link", name="Messages").click()
    await expect(composer(page)).to_have_value("")
    await expect(page.get_by_text("Nothing was said here yet.")).to_be_visible()
    await expect(page).to_have_title("Echo · Memphis city hall sandbox")
    await composer(page).fill("another thought")

    await rail(page).get_by_role("link", name="City network").click()
    await expect(page.get_by_role("button", name="You are Ana Diaz")).to_be_visible()
    await expect(page.get_by_role("article")).to_contain_text("You said: at home")
    await expect(composer(page)).to_have_value("half a thought")
    await sandbox.person("Cleo", memphis).types("/echo", "meanwhile")
    await rail(page).get_by_role("link", name="Memphis city hall, 1 unread").click()
    await expect(page.get_by_role("button", name="You are Cleo Moss")).to_be_visible()
    await expect(page.get_by_role("article")).to_contain_text("You said: meanwhile")
    await expect(composer(page)).to_have_value("another thought")
    await page.reload()
    await expect(page.get_by_role("button", name="You are Cleo Moss")).to_be_visible()
    await rail(page).get_by_role("link", name="City network").click()
    await expect(page.get_by_role("button", name="You are Ana Diaz")).to_be_visible()


async def test_somebody_new_comes_into_the_workspace_that_is_open(page: Page, sandbox: Sandbox) -> None:
    memphis = sandbox.add_workspace("Memphis city hall")
    await page.goto(f"{sandbox.url}/#/{memphis.team_id}")
    await page.get_by_role("button", name="Choose who to be").first.click()
    await page.get_by_text("Add a person").click()
    await page.get_by_label("Name", exact=True).fill("Ana Diaz")
    await page.get_by_label("E-mail address (optional)").fill("ana@city.example")
    await page.get_by_role("button", name="Add and be this person").click()
    await expect(page.get_by_role("button", name="You are Ana Diaz")).to_be_visible()
    assert [(one.real_name, one.email) for one in memphis.people.values()] == [("Ana Diaz", "ana@city.example")]
    assert len(sandbox.workspace.people) == 3


async def test_a_workspace_without_a_name_is_not_added_and_what_was_typed_stays(
    sandbox: Sandbox, open_page: OpenPage
) -> None:
    page = await open_page(sandbox.url, refused=True)
    await adds(page, "   ", "Cleo Moss")
    await expect(page.get_by_role("alert")).to_contain_text("A workspace needs a name")
    await expect(page.get_by_role("alert")).to_contain_text("Nothing was added.")
    await expect(page.get_by_label("Your name there")).to_have_value("Cleo Moss")
    assert list(sandbox.workspaces) == ["T00000001"]


async def test_a_workspace_that_is_gone_is_left_for_the_home_one(sandbox: Sandbox, open_page: OpenPage) -> None:
    page = await open_page(f"{sandbox.url}/#/T00000009/U00000003/app", refused=True)
    await expect(page.get_by_role("alert").filter(has_text="There is no workspace T00000009.")).to_be_visible()
    await expect(page.get_by_role("button", name="Choose who to be").first).to_be_visible()
    await expect(page).to_have_title("What to try · City network sandbox")


async def test_where_no_install_address_is_known_the_page_says_what_to_do(
    sandbox: Sandbox, open_page: OpenPage
) -> None:
    sandbox.install_url = ""
    memphis = sandbox.add_workspace("Memphis city hall")
    page = await open_page(f"{sandbox.url}/#/{memphis.team_id}")
    await expect(page.get_by_text("POST /sandbox/workspaces/T00000002/install")).to_be_visible()
    sandbox.install(memphis)
    await expect(page.get_by_text("Echo is not installed in Memphis city hall.")).to_have_count(0)


async def test_the_rail_works_without_a_mouse_and_on_a_phone(sandbox: Sandbox, open_page: OpenPage) -> None:
    memphis = sandbox.add_workspace("Memphis city hall")
    cleo = memphis.add_person("Cleo Moss")
    page = await open_page(f"{sandbox.url}/#/{sandbox.person('Ana').id}/app")
    await expect(composer(page)).to_be_visible()
    there = rail(page).get_by_role("link", name="Memphis city hall")
    await tab_to(page, there)
    await page.keyboard.press("Enter")
    await expect(there).to_have_attribute("aria-current", "page")

    phone = await open_page(f"{sandbox.url}/#/{memphis.team_id}/{cleo.id}/start", browser.PHONE)
    await expect(phone.get_by_role("main").get_by_role("link", name="Install Echo")).to_be_visible()
    await expect(rail(phone)).to_be_hidden()
    await phone.get_by_role("button", name="People and places").click()
    assert await overflow(phone) == 0
    await rail(phone).get_by_role("link", name="City network").click()
    await expect(phone.get_by_role("button", name="Choose who to be").last).to_be_visible()
    assert await overflow(phone) == 0
