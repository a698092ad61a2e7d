"""Bolt's own OAuth flow, with its installation and state stores, installed into two workspaces of the sandbox over HTTP."""

import json
from collections.abc import AsyncIterator
from copy import deepcopy
from pathlib import Path

import pytest
from slack_bolt.app.async_app import AsyncApp

from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Workspace
from tests import conformity
from tests.bot.sandbox.conftest import MANIFEST
from tests.bot.sandbox.oauth_app import oauth_app


@pytest.fixture
async def app(sandbox: Sandbox, memphis: Workspace, tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[AsyncApp]:
    sandbox.workspace.manifest = memphis.manifest = deepcopy(MANIFEST)
    async with oauth_app(sandbox, tmp_path, unused_tcp_port) as made:
        yield made


async def test_each_workspace_is_answered_with_its_own_token(
    sandbox: Sandbox, memphis: Workspace, app: AsyncApp
) -> None:
    ana, cleo = sandbox.person("Ana"), sandbox.person("Cleo", memphis)
    for person in (ana, cleo):
        status, text = await person.installs(sandbox.install_url)
        assert (status, "Thank you" in text) == (200, True)
    await ana.types("/echo", "from home")
    await cleo.types("/echo", "from Memphis")
    await cleo.says("hello")
    assert [one["text"] for one in ana.messages] == ["You said: from home"]
    assert [one["text"] for one in cleo.messages] == ["You said: from Memphis", "Hello to you"]


async def test_who_cancels_installs_nothing(sandbox: Sandbox, memphis: Workspace, app: AsyncApp) -> None:
    status, text = await sandbox.person("Cleo", memphis).installs(sandbox.install_url, answer="cancel")
    assert (status, "access_denied" in text) == (200, True)
    assert memphis.installed is False


async def test_an_address_that_slack_does_not_know_is_refused_there(
    sandbox: Sandbox, memphis: Workspace, app: AsyncApp
) -> None:
    sandbox.workspace.manifest["oauth_config"]["redirect_urls"] = ["https://app.example/elsewhere"]
    status, text = await sandbox.person("Cleo", memphis).installs(sandbox.install_url)
    assert (status, "bad_redirect_uri" in text) == (400, True)


async def test_an_uninstalled_workspace_is_forgotten_and_can_come_back(
    sandbox: Sandbox, memphis: Workspace, app: AsyncApp
) -> None:
    cleo, store = sandbox.person("Cleo", memphis), app.installation_store
    assert store is not None

    async def known() -> bool:
        return await store.async_find_bot(enterprise_id=None, team_id=memphis.team_id) is not None

    await cleo.installs(sandbox.install_url)
    assert await known()
    sandbox.uninstall(memphis)
    await sandbox.settled()
    assert not await known()
    await cleo.installs(sandbox.install_url)
    await cleo.types("/echo", "again")
    assert [one["text"] for one in cleo.messages] == ["You said: again"]


async def test_an_address_that_does_not_lead_to_slack_is_said_so(sandbox: Sandbox, memphis: Workspace) -> None:
    with pytest.raises(LookupError, match="does not lead to Slack's question: it answered 200"):
        await sandbox.person("Cleo", memphis).installs(f"{sandbox.url}/")


async def test_all_that_the_flow_says_conforms_to_slacks_definitions(tmp_path: Path, unused_tcp_port: int) -> None:
    log, home = tmp_path / "calls.jsonl", Workspace(manifest=deepcopy(MANIFEST))
    async with Sandbox(home, log=log) as sandbox, oauth_app(sandbox, tmp_path, unused_tcp_port) as app:
        memphis = sandbox.add_workspace("Memphis city hall")
        memphis.add_person("Cleo Moss")
        await sandbox.person("Cleo", memphis).installs(sandbox.install_url)
        known = {"client_id": home.client_id, "client_secret": home.client_secret}
        await app.client.apps_uninstall(token=memphis.bot_token, **known)
        await app.client.auth_revoke(token=home.bot_token)
    assert conformity.faults(log) == []
    said = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(one["method"], one["team"]) for one in said] == [
        ("oauth.v2.access", memphis.team_id),
        ("auth.test", memphis.team_id),
        ("apps.uninstall", memphis.team_id),
        ("auth.revoke", home.team_id),
    ]
    assert "xoxb-" not in log.read_text()
    assert home.client_secret not in log.read_text()
