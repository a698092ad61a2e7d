"""Installing in the browser: Slack's consent, a program for who is new, a kind page for whatever happens, and each link good once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy import func, select, text, update

from bot import doctor, install_pages, installing
from bot.clients import Clients
from bot.config import Settings
from bot.sandbox.workspace import Workspace
from storage import practices
from storage.models import InstallState, Program
from tests import conformity, databases, several, whole
from tests.several import NAME, is_installed, person
from tests.whole import Slack


@pytest.fixture(params=["socket", "http"])
async def slack(
    request: pytest.FixtureRequest, filled: Path, tmp_path: Path, unused_tcp_port: int
) -> AsyncIterator[Slack]:
    """A bot that other workspaces can install, over Socket Mode and over HTTP."""
    log, port = tmp_path / "calls.jsonl", unused_tcp_port
    http_port = port if request.param == "http" else None
    copy = databases.copy_of(filled, tmp_path)
    async with whole.slack(copy, log, http_port=http_port, install_port=port) as running:
        yield running
    assert conformity.faults(log) == []


@pytest.fixture
async def memphis(slack: Slack) -> Workspace:
    memphis = await several.open_memphis(slack, installed=False)
    memphis.people["U0DANA"].is_admin = True
    return memphis


async def count(slack: Slack, table: type[Any]) -> int:
    async with slack.sessions() as session:
        query = select(func.count()).select_from(table).execution_options(across_programs="the test counts all")
        return (await session.scalars(query)).one()


async def test_a_new_workspace_gets_a_program_and_its_people_are_answered(slack: Slack, memphis: Workspace) -> None:
    dana = person(slack, memphis, "Dana")
    status, page = await dana.installs(slack.sandbox.install_url)
    assert status == 200
    assert "Civic Cohort is installed in Memphis city hall" in page
    assert "<code>/cohort</code>" in page
    program_id = await several.program_of(slack, memphis)
    assert program_id != slack.bot.program_id
    async with slack.sessions() as session:
        assert len(await practices.published(session, program_id)) > 100
    await dana.types("/cohort")
    await slack.settle()
    assert "You are the first facilitator of this program now" in str(dana.messages)
    assert await count(slack, InstallState) == 0


async def test_who_cancels_reads_so_and_nothing_is_installed(slack: Slack, memphis: Workspace) -> None:
    status, page = await person(slack, memphis, "Ana").installs(slack.sandbox.install_url, answer="cancel")
    assert (status, "You pressed Cancel" in page, "Start again" in page) == (200, True, True)
    assert not memphis.installed
    assert not await is_installed(slack, memphis)
    assert await count(slack, Program) == 1


async def test_a_link_is_good_once_in_its_own_browser_and_for_ten_minutes(slack: Slack, memphis: Workspace) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        back, cookie = await allowed(slack, memphis, http)
        status, page = await visit(http, back)
        assert (status, "must be opened in the browser in which you began" in page) == (400, True)
        answers = await asyncio.gather(*(visit(http, back, cookie) for _ in range(3)))
        assert sorted(status for status, _ in answers) == [200, 401, 401]
        assert "This link is used up" in (await visit(http, back, cookie))[1]

        back, cookie = await allowed(slack, memphis, http)
        async with slack.sessions.begin() as session:
            over = datetime.now(UTC) - timedelta(seconds=1)
            await session.execute(update(InstallState).values(expires_at=over))
        assert "This link is used up" in (await visit(http, back, cookie))[1]


async def test_what_slack_does_not_accept_and_what_fails_on_our_side_is_said(slack: Slack, memphis: Workspace) -> None:
    async with aiohttp.ClientSession() as http:
        back, cookie = await allowed(slack, memphis, http)
        memphis.codes.clear()
        status, page = await visit(http, back, cookie)
        assert (status, "Slack did not accept the permission" in page) == (401, True)

        back, cookie = await allowed(slack, memphis, http)
        slack.sandbox.faults.order("oauth.v2.access", lost=True)
        status, page = await visit(http, back, cookie)
        assert (status, "Slack did not answer" in page, "Reference" in page) == (500, True, True)
    assert not await is_installed(slack, memphis)


async def test_installed_again_the_new_token_is_used_and_what_waited_is_sent(slack: Slack, memphis: Workspace) -> None:
    ana = person(slack, memphis, "Ana")
    await ana.installs(slack.sandbox.install_url)
    before = memphis.bot_token
    assert (await slack.bot.slack(memphis.team_id)).token == before
    another_process = Clients(
        slack.bot.app.settings, slack.sessions, slack.bot.ticker.sender.http, slack.workspace.team_id
    )
    its_client = await another_process.of(memphis.team_id)
    await ana.installs(slack.sandbox.install_url)
    assert (await its_client.auth_test())["team_id"] == memphis.team_id
    assert (await another_process.of(memphis.team_id)).token == memphis.bot_token
    assert memphis.bot_token != before
    client = await slack.bot.slack(memphis.team_id)
    assert client.token == memphis.bot_token
    slack.sandbox.uninstall(memphis)
    await slack.settle()
    assert not await is_installed(slack, memphis)
    await ana.installs(slack.sandbox.install_url)
    assert await is_installed(slack, memphis)
    assert (await client.auth_test())["team_id"] == memphis.team_id


async def test_two_who_install_at_the_same_time_make_one_program(slack: Slack, memphis: Workspace) -> None:
    url = slack.sandbox.install_url
    both = await asyncio.gather(*(person(slack, memphis, name).installs(url) for name in ("Ana", "Dana")))
    assert [status for status, _ in both] == [200, 200]
    assert await count(slack, Program) == 2
    assert (await (await slack.bot.slack(memphis.team_id)).auth_test())["team_id"] == memphis.team_id


async def test_an_organization_is_asked_to_install_into_one_workspace_after_the_other(slack: Slack) -> None:
    everywhere = Clients(slack.bot.app.settings, slack.sessions, aiohttp.ClientSession(), "T0")
    store = installing.Store(slack.sessions, slack.clock, everywhere)
    with pytest.raises(installing.OrganizationWideError):
        await store.async_save(Installation(user_id="U1", enterprise_id="E1", is_enterprise_install=True))
    await everywhere.http.close()
    assert await count(slack, Program) == 1
    assert "choose one workspace" in install_pages.failed("organization", "https://cohort.example.org/slack/install")


async def test_a_database_that_does_not_take_it_is_said(slack: Slack, memphis: Workspace) -> None:
    async with aiohttp.ClientSession() as http:
        back, cookie = await allowed(slack, memphis, http)
        await rename(slack, "installations", "gone")
        status, page = await visit(http, back, cookie)
        assert (status, "could not be written down" in page) == (500, True)
        await rename(slack, "gone", "installations")

        await rename(slack, "install_states", "gone")
        status, page = await visit(http, slack.sandbox.install_url)
        assert (status, "Something went wrong, and nothing was changed" in page) == (500, True)
        await rename(slack, "gone", "install_states")
    assert not await is_installed(slack, memphis)
    assert await count(slack, Program) == 1


async def rename(slack: Slack, table: str, to: str) -> None:
    async with slack.sessions.begin() as session:
        await session.execute(text(f"ALTER TABLE {table} RENAME TO {to}"))


def test_names_in_a_page_are_text_and_nothing_else() -> None:
    page = install_pages.installed("<script>alert(1)</script>", "/cohort", "https://app.slack.com/client/T1")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


async def allowed(slack: Slack, workspace: Workspace, http: aiohttp.ClientSession) -> tuple[str, str]:
    """Ana begins and allows it: the address to which Slack sends her back, and her browser's cookie."""
    async with http.get(slack.sandbox.install_url, allow_redirects=False) as answer:
        cookie, consent = answer.headers["Set-Cookie"].partition(";")[0], answer.headers["Location"]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(consent).query).items()}
    given = {**asked, "team": workspace.team_id, "user": "U0ANA", "answer": "allow"}
    async with http.post(f"{slack.sandbox.url}/oauth/v2/authorize", data=given, allow_redirects=False) as answer:
        return answer.headers["Location"], cookie


async def visit(http: aiohttp.ClientSession, address: str, cookie: str = "") -> tuple[int, str]:
    async with http.get(address, headers={"Cookie": cookie} if cookie else {}) as answer:
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        return answer.status, await answer.text()


async def test_the_doctor_looks_at_the_credentials_and_at_every_workspace(slack: Slack, memphis: Workspace) -> None:
    settings = slack.bot.app.settings

    async def lines(settings: Settings) -> list[str]:
        found = [str(one) async for one in doctor.examine(lambda: settings)]
        return [line for line in found if "installing" in line or NAME in line]

    assert await lines(settings) == [
        f"ok        installing: other workspaces begin at {settings.public_url}/slack/install,"
        f" and Slack sends them back to {settings.public_url}/slack/oauth_redirect"
    ]
    await person(slack, memphis, "Dana").installs(slack.sandbox.install_url)
    assert (await lines(settings))[1:] == [f"ok        token of {NAME}"]
    memphis.scopes.discard("files:read")
    assert f"to do     token of {NAME}: lacks files:read\n" in (await lines(settings))[1]
    slack.sandbox.install(memphis)
    assert f"to do     token of {NAME}: Slack says token_revoked\n" in (await lines(settings))[1]
    [wrong, _] = await lines(replace(settings, slack_client_secret="another"))
    assert wrong == (
        "to do     installing: Slack says bad_client_secret\n"
        "          Copy the Client Secret again from Basic Information into SLACK_CLIENT_SECRET."
    )
    [alone] = await lines(replace(settings, slack_client_id="", slack_client_secret="", public_url=""))
    assert "it cannot be installed again" in alone
