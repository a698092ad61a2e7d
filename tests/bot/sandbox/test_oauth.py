"""OAuth v2: a person lets the app in, the app gets its token for the code, and gives it back."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Workspace
from tests.bot.sandbox.raw_app import RawApp

Json = dict[str, Any]

BACK = "https://app.example/slack/oauth_redirect"
SCOPES = "chat:write,commands,im:history,im:write"


class Browser:
    """Somebody's browser at Slack's question; it does not go to the app's address."""

    def __init__(self, sandbox: Sandbox, session: ClientSession) -> None:
        self.url, self.session = f"{sandbox.url}/oauth/v2/authorize", session
        self.asked = {"client_id": sandbox.workspace.client_id, "scope": SCOPES, "state": "s1"}

    async def reads(self, **changed: str) -> tuple[int, str]:
        async with self.session.get(self.url, params=self.asked | changed) as response:
            return response.status, await response.text()

    async def answers(self, answer: str = "allow", **changed: str) -> URL:
        """Where the answer leads."""
        form = self.asked | {"answer": answer, "user": "U00000003", "team": "T00000002"} | changed
        async with self.session.post(self.url, data=form, allow_redirects=False) as response:
            assert response.status == 302, await response.text()
            return URL(response.headers["Location"])

    async def code(self, **changed: str) -> str:
        return (await self.answers(**changed)).query["code"]


@pytest.fixture
def browser(sandbox: Sandbox, memphis: Workspace, app: RawApp) -> Browser:
    return Browser(sandbox, app.session)


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(base_url=f"{sandbox.url}/api/")


def credentials(sandbox: Sandbox, **changed: str) -> Json:
    return {"client_id": sandbox.workspace.client_id, "client_secret": sandbox.workspace.client_secret} | changed


async def refusal(client: AsyncWebClient, **args: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        await client.oauth_v2_access(**args)
    return str(refused.value.response["error"])


async def test_the_question_says_who_asks_for_what_where_and_who_may_answer(browser: Browser) -> None:
    status, text = await browser.reads(team="T00000002")
    assert status == 200
    for words in (
        "Echo is asking to be installed in <strong>Memphis city hall</strong>",
        "<li>Send messages as Echo</li>",
        "<li>Read direct messages with Echo</li>",
        "Cleo Moss, workspace admin",
        ">City network</a>",
        'value="allow">Allow',
        'value="cancel">Cancel',
    ):
        assert words in text
    assert "users:read.email" not in text
    assert "Ana Diaz" not in text
    assert "installed there already" in (await browser.reads())[1]


async def test_what_an_app_asks_wrongly_is_refused_before_anybody_is_asked(
    sandbox: Sandbox, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for changed, words in (
        ({"client_id": "9.9"}, "invalid_client_id: Invalid client_id parameter"),
        (
            {"redirect_uri": "https://evil.example/"},
            "did not match any configured URIs. Passed URI: https://evil.example/",
        ),
        ({"redirect_uri": BACK + ".evil.example"}, "bad_redirect_uri"),
        ({"scope": "admin,chat:write"}, "invalid_scope: Invalid permissions requested: admin"),
        ({"user_scope": "search:read"}, "Invalid permissions requested: search:read"),
        ({"scope": ""}, "no_scopes: No scopes requested"),
    ):
        status, text = await browser.reads(**changed)
        assert (status, words in text) == (400, True), (changed, text)
        form = browser.asked | changed | {"answer": "allow", "user": "U00000003", "team": "T00000002"}
        async with browser.session.post(browser.url, data=form, allow_redirects=False) as response:
            assert response.status == 400
    monkeypatch.setitem(sandbox.workspace.manifest["oauth_config"], "redirect_urls", [])
    assert "the manifest has no redirect_urls" in (await browser.reads())[1]


async def test_what_is_shown_is_never_markup(browser: Browser, sandbox: Sandbox) -> None:
    sandbox.add_workspace("<b>Bold</b>").add_person("<i>Ida</i>")
    text = (await browser.reads(team="T00000003", state='"><script>'))[1]
    assert "&lt;b&gt;Bold&lt;/b&gt;" in text
    assert "&lt;i&gt;Ida&lt;/i&gt;" in text
    assert "<script>" not in text


async def test_the_answer_leads_back_with_a_code_or_with_access_denied(browser: Browser) -> None:
    allowed = await browser.answers()
    assert (str(allowed.with_query(None)), allowed.query["state"]) == (BACK, "s1")
    assert set(allowed.query) == {"code", "state"}
    cancelled = await browser.answers("cancel")
    assert dict(cancelled.query) == {"error": "access_denied", "state": "s1"}
    below = await browser.answers(redirect_uri=f"{BACK}/here?a=1")
    assert (below.path, below.query["a"]) == ("/slack/oauth_redirect/here", "1")
    assert "code" in below.query


async def test_whoever_allows_must_be_there(browser: Browser, memphis: Workspace) -> None:
    memphis.change_person("U00000003", deleted=True)
    empty = (await browser.reads(team="T00000002"))[1]
    assert "Nobody is in Memphis city hall yet who could allow this" in empty
    assert "Allow</button>" not in empty
    for user, team in (
        ("U00000003", "T00000002"),
        ("U9", "T00000001"),
        ("U00000001", "T00000001"),
        ("U00000003", "T9"),
    ):
        form = browser.asked | {"answer": "allow", "user": user, "team": team}
        async with browser.session.post(browser.url, data=form, allow_redirects=False) as response:
            assert response.status == 400
            assert "must be a person of the workspace" in await response.text()


async def test_another_web_site_cannot_allow_anything(browser: Browser) -> None:
    form = browser.asked | {"answer": "allow", "user": "U00000003", "team": "T00000002"}
    headers = {"Origin": "https://evil.example"}
    async with browser.session.post(browser.url, data=form, headers=headers, allow_redirects=False) as response:
        assert response.status == 403


async def test_the_code_is_a_token_of_the_workspace_where_it_was_allowed(
    sandbox: Sandbox, browser: Browser, client: AsyncWebClient, memphis: Workspace
) -> None:
    code = await browser.code()
    assert memphis.installed is False
    answer = await client.oauth_v2_access(code=code, **credentials(sandbox))
    assert answer.data == {
        "ok": True,
        "app_id": "A00000001",
        "authed_user": {"id": "U00000003"},
        "scope": SCOPES,
        "token_type": "bot",
        "access_token": memphis.bot_token,
        "bot_user_id": "U00000001",
        "team": {"id": "T00000002", "name": "Memphis city hall"},
        "enterprise": None,
        "is_enterprise_install": False,
    }
    known = await client.auth_test(token=answer["access_token"])
    assert (known["team_id"], known.headers["X-OAuth-Scopes"]) == ("T00000002", SCOPES)
    with pytest.raises(SlackApiError, match="missing_scope"):
        await client.users_info(token=answer["access_token"], user="U00000003")
    [call] = [one for one in sandbox.calls if one["method"] == "oauth.v2.access"]
    assert call["team"] == "T00000002"
    assert memphis.bot_token not in str(sandbox.calls)
    assert memphis.client_secret not in str(sandbox.calls)


async def test_a_code_is_good_once_and_for_ten_minutes(
    sandbox: Sandbox, browser: Browser, client: AsyncWebClient, memphis: Workspace
) -> None:
    late, used = await browser.code(), await browser.code()
    await client.oauth_v2_access(code=used, **credentials(sandbox))
    assert await refusal(client, code=used, **credentials(sandbox)) == "invalid_code"
    await sandbox.turn_to(sandbox.clock.now() + timedelta(minutes=10, seconds=1))
    token = memphis.bot_token
    assert await refusal(client, code=late, **credentials(sandbox)) == "invalid_code"
    assert memphis.bot_token == token


async def test_a_wrong_client_code_or_address_gets_no_token_and_does_not_use_up_the_code(
    sandbox: Sandbox, browser: Browser, client: AsyncWebClient, memphis: Workspace
) -> None:
    code = await browser.code(redirect_uri=BACK)
    right = credentials(sandbox) | {"code": code, "redirect_uri": BACK}
    for changed, error in (
        ({"client_id": "9.9"}, "invalid_client_id"),
        ({"client_secret": "wrong"}, "bad_client_secret"),
        ({"code": "1.2.3"}, "invalid_code"),
        ({"redirect_uri": "https://app.example/other"}, "bad_redirect_uri"),
        ({"redirect_uri": None}, "bad_redirect_uri"),
        ({"grant_type": "password"}, "invalid_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "xoxe-1"}, "invalid_refresh_token"),
        ({"code_verifier": "x"}, "pkce_not_allowed"),
    ):
        assert await refusal(client, **right | changed) == error
    assert memphis.installed is False
    assert (await client.oauth_v2_access(**right))["ok"]


async def test_the_client_may_say_who_it_is_in_the_form_or_by_basic_authorization(
    sandbox: Sandbox, browser: Browser, memphis: Workspace
) -> None:
    address, session = f"{sandbox.url}/api/oauth.v2.access", browser.session
    known = credentials(sandbox)
    async with session.post(address, data=known | {"code": await browser.code()}) as response:
        assert (await response.json())["ok"]
    word = base64.b64encode(":".join(known.values()).encode()).decode()
    for header, answer in ((f"Basic {word}", True), ("Basic ???", False), ("Bearer x", False)):
        form = {"code": await browser.code()}
        async with session.post(address, data=form, headers={"Authorization": header}) as response:
            assert (await response.json())["ok"] is answer


async def test_allowing_again_adds_scopes_and_gives_a_new_token(
    sandbox: Sandbox, browser: Browser, client: AsyncWebClient, memphis: Workspace
) -> None:
    first = (await client.oauth_v2_access(code=await browser.code(), **credentials(sandbox)))["access_token"]
    more = await browser.code(scope="users:read")
    second = await client.oauth_v2_access(code=more, **credentials(sandbox))
    assert second["scope"] == f"{SCOPES},users:read"
    assert second["access_token"] != first
    with pytest.raises(SlackApiError, match="token_revoked"):
        await client.auth_test(token=first)


async def test_a_revoked_token_is_dead_and_the_app_hears_of_it(
    sandbox: Sandbox, app: RawApp, memphis: Workspace, client: AsyncWebClient
) -> None:
    client.token = token = sandbox.install(memphis)
    channel = memphis.add_channel("budget", members=[memphis.bot_user_id])
    assert (await client.auth_revoke(test=True))["revoked"] is False
    assert memphis.bot_token == token
    assert (await client.auth_revoke())["revoked"] is True
    await sandbox.settled()
    assert [one["event"]["type"] for one in app.payloads] == ["tokens_revoked"]
    with pytest.raises(SlackApiError, match="token_revoked"):
        await client.auth_test()
    assert (channel.members, memphis.people[memphis.bot_user_id].deleted) == ([], True)


async def test_an_app_uninstalls_itself(
    sandbox: Sandbox, app: RawApp, memphis: Workspace, client: AsyncWebClient
) -> None:
    client.token = sandbox.install(memphis)
    for changed, error in (({"client_id": "9.9"}, "invalid_client_id"), ({"client_secret": "x"}, "bad_client_secret")):
        with pytest.raises(SlackApiError, match=error):
            await client.apps_uninstall(**credentials(sandbox, **changed))
    assert (await client.apps_uninstall(**credentials(sandbox)))["ok"]
    await sandbox.settled()
    assert [one["event"]["type"] for one in app.payloads] == ["tokens_revoked", "app_uninstalled"]
    with pytest.raises(SlackApiError, match="account_inactive"):
        await client.auth_test()
    assert (await app.calls("auth.test"))["ok"]
