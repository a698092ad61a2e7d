"""The whole life of a cohort on the page: made, another imported, a seat handed over, a second workspace linked, people away and gone."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot.sandbox.form import Form
from bot.sandbox.person import Actor
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Workspace
from tests import conformity
from tests.handlers.steps import delegate_of, form_of
from tests.handlers.workspaces.steps import CODE
from tests.journeys import first_week
from tests.journeys.browser import OpenPage
from tests.journeys.first_week import goes_to, is_now, last_message, types

Json = dict[str, Any]

HALL = "Memphis city hall"
WAIT = 10.0  # seconds; the bot ticks by itself here
ROSTER = (
    "network,cohort,city,state,name,email,slack_id,role,title,expertise,time_zone,from,until\n"
    "Equipt to Innovate,Data academy,Austin,TX,Ola Brandt,ola@austin.example.org,,lead,Data Officer,open data,America/Chicago,,\n"
    "Equipt to Innovate,Data academy,Tampa,FL,Ines Vale,ines@tampa.example.org,,lead,Analyst,budget,America/New_York,,\n"
)


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    log = tmp_path / "calls.jsonl"
    async with first_week.opened(log) as served:
        yield served
    assert conformity.faults(log) == []


async def makes_a_cohort(sandbox: Sandbox) -> Actor:
    """Dana makes a cohort by its form and puts somebody of Memphis on its first seat; the newcomer."""
    dana = sandbox.person("Dana Whitfield")
    form = await form_of(dana, "new")
    closed = await form.submit(
        network=None,
        new_network="Equipt to Innovate",
        name="Budget cohort",
        theme="Budgeting for results",
        starts="2026-12-01",
    )
    assert closed is None, form.errors
    newcomer = sandbox.workspace.add_person("Bo Li", email="bo.li@memphis.example.org", tz="America/Chicago")
    form = await form_of(dana, "add budget cohort")
    assert await form.submit(user=newcomer.id, name="Bo Li", new_city="Dayton", state="OH", role="lead") is None
    return sandbox.person(newcomer.id)


async def imports_another(sandbox: Sandbox) -> None:
    dana = sandbox.person("Dana Whitfield")
    form = await form_of(dana, "import")
    assert await form.submit(file=[dana.keeps_file("academy.csv", ROSTER.encode())]) is None
    shown = await sandbox.until(lambda: _reads(dana, "2 lines read"), WAIT)
    await dana.clicks(shown, "Import these 2 lines")


async def hands_over(sandbox: Sandbox, successor: Actor) -> None:
    """Zane's seat, with what he promised, goes to somebody else today."""
    zane, renee = sandbox.person("Zane Kim"), sandbox.person("Renee Okonjo")
    await zane.types("/commit", "publish the list of small vendors by Dec 18")
    await zane.types("/commit", "train the purchasing office by Jan 15")
    form = await form_of(renee, "handover procurement")
    second = await form.submit(who=delegate_of(form, "Zane Kim"), user=successor.id, note="Ask Jorge first.")
    assert isinstance(second, Form)
    assert await second.submit(along="all") is None


async def adds_a_workspace(page: Page, sandbox: Sandbox) -> Workspace:
    """Cleo adds the city hall's workspace and lets the app in, by clicking."""
    await page.get_by_role("navigation", name="Workspaces").get_by_role("button", name="Add a workspace").click()
    await page.get_by_label("Name of the workspace").fill(HALL)
    await page.get_by_label("Your name there").fill("Cleo Moss")
    await page.get_by_role("button", name="Add the workspace").click()
    async with page.expect_popup() as opened:
        await page.get_by_role("main").get_by_role("link", name="Install Civic Cohort").click()
    tab = await opened.value
    await tab.get_by_role("button", name="Allow").click()
    await expect(tab.get_by_role("heading", name=f"Civic Cohort is installed in {HALL}")).to_be_visible()
    await tab.close()
    return sandbox.workspaces["T00000002"]


async def links_it(page: Page, sandbox: Sandbox) -> None:
    """Cleo enters a code of Dana's, reads what it would do, and does it."""
    found = CODE.search(str(await sandbox.person("Dana Whitfield").types("/cohort", "link")))
    assert found
    await goes_to(page, "Messages")
    await types(page, f"/cohort link {found[0]}")
    await page.get_by_role("button", name="Link this workspace").click()
    confirm = page.get_by_role("alertdialog")
    if await confirm.count():
        await confirm.get_by_role("button", name=re.compile("Link")).click()
    await expect(page.get_by_role("log")).to_contain_text(f"{HALL} belongs to")


async def is_known_in_both(sandbox: Sandbox, hall: Workspace) -> Actor:
    """Jorge has an account in the city hall's workspace, too, and says where he is known that it is his."""
    there = sandbox.person(hall.add_person("Jorge Dorsey", email="jorge.dorsey@memphis.example.org").id, hall)
    await there.types("/cohort")
    here = sandbox.person("Jorge Dorsey")
    asked = await sandbox.until(lambda: _reads(here, "wants to be known as you"), WAIT)
    await here.clicks(asked, "Yes, that is me")
    return there


def _reads(who: Actor, words: str) -> Json | None:
    """The message of the app in which these words stand, once it has come."""
    return next((one for one in who.messages if words in one["text"]), None)


async def is_away(sandbox: Sandbox) -> None:
    window = await sandbox.person("Jorge Dorsey").types("/cohort", "away until Friday")
    assert isinstance(window, Form)
    assert await window.submit() is None


async def is_gone(sandbox: Sandbox) -> None:
    femi = sandbox.person("Femi Nguyen")
    await femi.types("/commit", "write to the chamber of commerce by Dec 20")
    sandbox.workspace.change_person(femi.id, deleted=True)
    await sandbox.settled()


async def test_a_cohort_is_made_imported_handed_over_linked_and_goes_on_without_who_is_away_or_gone(
    sandbox: Sandbox, open_page: OpenPage
) -> None:
    page = await open_page(sandbox.url)
    successor = await makes_a_cohort(sandbox)
    await is_now(page, "Bo Li")
    await expect(last_message(page)).to_contain_text("You are on the seat of Dayton, OH in Budget cohort")

    await imports_another(sandbox)
    await is_now(page, "Dana Whitfield")
    await types(page, "/cohort show data academy")
    await expect(last_message(page)).to_contain_text("Austin, TX Ola Brandt (lead, Data Officer)")

    await hands_over(sandbox, successor)
    await is_now(page, "Bo Li")
    brief = last_message(page)
    await expect(brief).to_contain_text("publish the list of small vendors")
    await expect(brief).to_contain_text("Ask Jorge first.")
    await is_now(page, "Zane Kim")
    await expect(last_message(page)).to_contain_text("Bo Li")

    hall = await adds_a_workspace(page, sandbox)
    await links_it(page, sandbox)
    there = await is_known_in_both(sandbox, hall)
    assert "Memphis, TN" in str(await there.types("/cohort"))

    await is_away(sandbox)
    await is_gone(sandbox)
    await page.get_by_role("navigation", name="Workspaces").get_by_role("link").first.click()
    await is_now(page, "Renee Okonjo")
    await expect(page.get_by_role("log")).to_contain_text("Femi Nguyen")
    await types(page, "/cohort show procurement")
    shown = last_message(page)
    await expect(shown).to_contain_text("away until Friday, December 11")
    await expect(shown).not_to_contain_text("Femi Nguyen")
    await page.get_by_role("link", name="Home").click()
    await expect(page.get_by_role("main")).to_contain_text("One person is away today")
    verdicts = {str(one["verdict"]).partition(":")[0] for one in sandbox.calls}
    assert verdicts <= {"ok", "acknowledged", "users_not_found"}, "who is on the roster only is looked for in vain"
