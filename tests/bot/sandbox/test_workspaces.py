"""Several workspaces with one app: what belongs to one never reaches another, and the app comes in and goes again."""

from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.exchange import AppFailed
from bot.sandbox.rate_limits import Limits
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Workspace
from tests.bot.sandbox.page import Page
from tests.bot.sandbox.raw_app import WORD, RawApp, plain

Json = dict[str, Any]


def kinds(app: RawApp, workspace: Workspace) -> list[str]:
    """The events that came from a workspace."""
    return [one["event"]["type"] for one in app.payloads if one["team_id"] == workspace.team_id and "event" in one]


async def test_another_workspace_has_its_own_people_whose_ids_count_from_the_same_start(
    sandbox: Sandbox, memphis: Workspace
) -> None:
    assert list(sandbox.workspaces) == ["T00000001", "T00000002"]
    ana, cleo = sandbox.person("Ana"), sandbox.person("Cleo", memphis)
    assert ana.id == cleo.id
    assert (ana.workspace.team_name, cleo.workspace.team_name) == ("City network", "Memphis city hall")
    with pytest.raises(LookupError, match="Nobody is called 'Ana'"):
        sandbox.person("Ana", memphis)
    with pytest.raises(LookupError, match="Nobody is called 'Cleo'"):
        sandbox.person("Cleo")


async def test_where_the_app_is_not_installed_it_has_no_commands_no_home_and_hears_nothing(
    sandbox: Sandbox, memphis: Workspace, app: RawApp
) -> None:
    cleo = sandbox.person("Cleo", memphis)
    assert cleo.messages == []
    await cleo.types("/echo", "hello", channel="#general")
    assert "/echo is not a valid command" in cleo.sees("#general")[-1]["text"]
    memphis.change_person(cleo.id, title="Mayor")
    memphis.add_person("Dee")
    for refused in (cleo.opens_home(), cleo.types("/echo"), cleo.says("hello")):
        with pytest.raises(LookupError, match=r"Echo is not installed in Memphis city hall\."):
            await refused
    with pytest.raises(AppFailed, match="not installed in Memphis city hall"):
        await cleo.opens("New note")
    await sandbox.settled()
    assert app.payloads == []
    assert memphis.bot_token == ""
    assert all(not person.is_bot for person in memphis.people.values())


async def test_once_installed_commands_buttons_forms_and_events_bring_their_own_team(
    sandbox: Sandbox, memphis: Workspace, app: RawApp
) -> None:
    token = sandbox.install(memphis)
    cleo = sandbox.person("Cleo", memphis)
    app.answers["/echo"] = {
        "text": "Heard",
        "blocks": [{"type": "actions", "elements": [{"type": "button", "action_id": "go", "text": plain("Go")}]}],
    }
    reply = await cleo.types("/echo", "hello")
    await cleo.clicks(reply, "Go")
    await cleo.opens("New note")
    assert (await app.calls_with(token, "views.open", trigger_id=app.payloads[-1]["trigger_id"], view=WORD))["ok"]
    assert cleo.form
    await cleo.form.submit(text="words")
    await cleo.opens_home()
    await cleo.says("hello")
    ids = [one.get("team_id") or one["team"]["id"] for one in app.payloads]
    assert ids == ["T00000002"] * 6
    assert app.payloads[0]["team_domain"] == "memphis"
    assert [one["user"]["team_id"] for one in app.payloads[1:4]] == ["T00000002"] * 3
    assert [one["authorizations"][0]["team_id"] for one in app.payloads[4:]] == ["T00000002"] * 2
    ana = sandbox.person("Ana")
    assert (ana.form, ana.messages) == (None, [])


async def test_the_token_decides_whom_the_app_reaches(sandbox: Sandbox, memphis: Workspace, app: RawApp) -> None:
    token, home = sandbox.install(memphis), sandbox.workspace.bot_token
    assert token != home
    ana, cleo = sandbox.person("Ana"), sandbox.person("Cleo", memphis)
    for given, who, team in ((home, "Ana Diaz", "City network"), (token, "Cleo Moss", "Memphis city hall")):
        assert (await app.calls_with(given, "auth.test"))["team"] == team
        assert (await app.calls_with(given, "users.info", user=ana.id))["user"]["real_name"] == who
    assert (await app.calls_with(token, "chat.postMessage", channel=cleo.id, text="For Memphis"))["ok"]
    assert [one["text"] for one in cleo.messages] == ["For Memphis"]
    assert ana.messages == []
    for email, given in (("cleo@memphis.example", home), ("ana@city.example", token)):
        answer = await app.calls_with(given, "users.lookupByEmail", email=email)
        assert answer["error"] == "users_not_found"


async def test_triggers_views_files_and_answers_of_one_workspace_are_nothing_in_another(
    sandbox: Sandbox, memphis: Workspace, app: RawApp
) -> None:
    token, home = sandbox.install(memphis), sandbox.workspace.bot_token
    ana, cleo = sandbox.person("Ana"), sandbox.person("Cleo", memphis)
    await cleo.opens("New note")
    trigger = app.payloads[-1]["trigger_id"]
    assert (await app.calls_with(home, "views.open", trigger_id=trigger, view=WORD))["error"] == "invalid_trigger_id"
    opened = await app.calls_with(token, "views.open", trigger_id=trigger, view=WORD)
    changed = await app.calls_with(home, "views.update", view_id=opened["view"]["id"], view=WORD)
    assert changed["error"] == "not_found"

    mine, hers = ana.keeps_file("a.txt", b"of Ana"), cleo.keeps_file("a.txt", b"of Cleo")
    assert mine["id"] != ""
    assert mine["url_private"] != hers["url_private"]
    for given, status in ((home, 302), (token, 200), ("", 302)):
        headers = {"Authorization": f"Bearer {given}"}
        async with app.session.get(hers["url_private"], headers=headers, allow_redirects=False) as response:
            assert response.status == status
    announced = await app.calls_with(token, "files.getUploadURLExternal", filename="b.txt", length=3)
    async with app.session.post(announced["upload_url"], data=b"abc") as response:
        assert response.status == 200
    assert memphis.files[announced["file_id"]].content == b"abc"

    await cleo.types("/echo", channel="#general")
    assert await app.responds(app.payloads[-1]["response_url"], text="An answer") == (200, {"ok": True})
    assert [one["text"] for one in cleo.sees("#general")] == ["An answer"]
    assert ana.sees("#general") == []


async def test_the_record_says_which_workspace_each_call_and_payload_belongs_to(
    sandbox: Sandbox, memphis: Workspace, app: RawApp
) -> None:
    token = sandbox.install(memphis)
    cleo = sandbox.person("Cleo", memphis)
    app.answers["/echo"] = {"text": "Heard"}
    await cleo.types("/echo")
    await app.responds(app.payloads[-1]["response_url"], text="More")
    await app.calls_with(token, "auth.test")
    await sandbox.person("Ana").types("/echo")
    await app.calls("auth.test")
    await app.calls_with("xoxb-nobody", "auth.test")
    found = [(one["method"], one["team"]) for one in sandbox.calls]
    there, home = "T00000002", "T00000001"
    assert found == [
        ("apps.connections.open", ""),
        ("slash_commands", there),
        ("ack", there),
        ("response_url", there),
        ("auth.test", there),
        ("slash_commands", home),
        ("ack", home),
        ("auth.test", home),
        ("auth.test", ""),
    ]


async def test_installing_again_gives_a_new_token_and_ends_the_old_one(
    sandbox: Sandbox, memphis: Workspace, app: RawApp
) -> None:
    first, second = sandbox.install(memphis), sandbox.install(memphis)
    assert first != second
    assert (await app.calls_with(first, "auth.test"))["error"] == "token_revoked"
    assert (await app.calls_with(second, "auth.test"))["ok"]
    old_home = sandbox.workspace.bot_token
    assert (await app.calls_with(sandbox.install(sandbox.workspace), "auth.test"))["team_id"] == "T00000001"
    assert (await app.calls_with(old_home, "auth.test"))["error"] == "token_revoked"
    assert app.payloads == []


async def test_an_uninstalled_app_hears_so_and_nothing_afterwards(
    sandbox: Sandbox, memphis: Workspace, app: RawApp
) -> None:
    token = sandbox.install(memphis)
    cleo = sandbox.person("Cleo", memphis)
    memphis.join(cleo.channel("#general").id, memphis.bot_user_id)
    await cleo.types("/echo")
    answer_here = app.payloads[-1]["response_url"]
    await app.calls_with(token, "chat.postMessage", channel=cleo.id, text="Before")
    await app.calls_with(
        token, "chat.scheduleMessage", channel=cleo.id, text="Never", post_at=int(memphis.seconds()) + 60
    )

    before = kinds(app, memphis)
    sandbox.uninstall(memphis)
    await sandbox.settled()
    assert kinds(app, memphis) == [*before, "tokens_revoked", "app_uninstalled"]
    farewell = app.payloads[-2]
    assert farewell["event"]["tokens"] == {"oauth": [], "bot": [memphis.bot_user_id]}
    assert farewell["authorizations"] == []

    assert (await app.calls_with(token, "auth.test"))["error"] == "account_inactive"
    assert (await app.responds(answer_here, text="Too late"))[0] == 404
    heard = len(app.payloads)
    await cleo.says("@echo are you there", channel="#general")
    memphis.change_person(cleo.id, title="Mayor")
    await cleo.types("/echo", channel="#general")
    await sandbox.turn_to(sandbox.clock.now() + timedelta(hours=1))
    assert len(app.payloads) == heard
    assert [one["text"] for one in cleo.messages] == ["Before"]
    with pytest.raises(LookupError, match="not installed in Memphis"):
        sandbox.uninstall(memphis)

    await sandbox.person("Ana").says("still here")
    assert app.payloads[-1]["team_id"] == "T00000001"
    assert sandbox.install(memphis) != token
    await cleo.says("welcome back")
    assert app.payloads[-1]["event"]["text"] == "welcome back"


async def test_an_event_that_waits_for_its_next_try_is_dropped_when_the_app_goes(
    sandbox: Sandbox, memphis: Workspace, app: RawApp
) -> None:
    sandbox.install(memphis)
    app.silent.add("event_callback")
    await sandbox.person("Cleo", memphis).says("hello")
    assert kinds(app, memphis) == ["message", "message"]
    app.silent.clear()
    sandbox.uninstall(memphis)
    await sandbox.turn_to(sandbox.clock.now() + timedelta(hours=1))
    assert kinds(app, memphis) == ["message", "message", "tokens_revoked", "app_uninstalled"]
    [call] = [one for one in sandbox.calls if one["method"] == "message"]
    assert call["verdict"] == "not delivered: the app is not installed any more"


async def test_faults_and_rate_limits_may_hit_one_workspace_alone(
    sandbox: Sandbox, memphis: Workspace, app: RawApp
) -> None:
    token, ana = sandbox.install(memphis), sandbox.person("Ana").id
    sandbox.faults.order("chat.postMessage", status=429, team=memphis.team_id)
    assert (await app.calls("chat.postMessage", channel=ana, text="Passes"))["ok"]
    assert (await app.calls_with(token, "chat.postMessage", channel=ana, text="Not"))["error"] == "ratelimited"
    assert (await app.calls_with(token, "chat.postMessage", channel=ana, text="Passes"))["ok"]

    sandbox.limit(Limits(special={"auth.test": 1}))
    later = sandbox.add_workspace("Milwaukee")
    tokens = (sandbox.workspace.bot_token, token, sandbox.install(later))
    assert [(await app.calls_with(one, "auth.test"))["ok"] for one in (*tokens, *tokens)] == [True] * 3 + [False] * 3


async def test_scheduled_messages_of_every_workspace_are_due(sandbox: Sandbox, memphis: Workspace, app: RawApp) -> None:
    token, cleo = sandbox.install(memphis), sandbox.person("Cleo", memphis)
    due = sandbox.clock.now() + timedelta(minutes=5)
    await app.calls_with(token, "chat.scheduleMessage", channel=cleo.id, text="Later", post_at=int(due.timestamp()))
    assert await sandbox.next_due() == due
    await sandbox.turn_to(due)
    assert [one["text"] for one in cleo.messages] == ["Later"]


async def test_a_workspace_needs_a_name_and_a_domain_of_its_own(sandbox: Sandbox, memphis: Workspace) -> None:
    assert sandbox.add_workspace("Memphis!").domain == "memphis-2"
    assert sandbox.add_workspace("São").domain == "s-o"
    assert sandbox.add_workspace("市").domain == "workspace"
    for name, domain, why in (
        (" ", "", "needs a name"),
        ("x" * 101, "", "at most 100"),
        ("Other", "memphis", "memphis is taken"),
        ("Other", "Not A Domain", "no domain"),
    ):
        with pytest.raises(ValueError, match=why):
            sandbox.add_workspace(name, domain)
    assert len(sandbox.workspaces) == 5


async def test_other_programs_add_workspaces_and_act_in_them(sandbox: Sandbox, page: Page, app: RawApp) -> None:
    added = await page.send("workspaces", name="Memphis city hall", owner="Cleo Moss")
    assert (added["ok"], added["id"], added["owner"]) == (True, "T00000002", "U00000003")
    state = await page.get("state", team="T00000002", **{"as": "U00000003"})
    assert state["team"] == {"id": "T00000002", "name": "Memphis city hall"}
    assert (state["installed"], state["commands"], state["shortcuts"]) == (False, [], [])
    assert (state["me"]["real_name"], state["me"]["is_admin"]) == ("Cleo Moss", True)
    assert [(one["id"], one["domain"], one["installed"]) for one in state["workspaces"]] == [
        ("T00000001", "city-network", True),
        ("T00000002", "memphis-city-hall", False),
    ]
    token = (await page.send("workspaces/T00000002/install"))["bot_token"]
    assert token == sandbox.workspaces["T00000002"].bot_token
    await page.send("people?team=T00000002", name="Dee Fox")
    await page.send("people/U00000004/types?team=T00000002", text="hello")
    assert [one["team_id"] for one in app.payloads] == ["T00000002"] * 2
    made = await page.send("channels?team=T00000002", name="budget", members=["Dee"], with_app=True)
    shown = await page.get("messages", team="T00000002", channel=made["id"], **{"as": "U00000004"})
    assert shown["messages"] == []

    await sandbox.person("Cleo", sandbox.workspaces["T00000002"]).says("for Dee", channel="#general")
    home = await page.get("state", also="T00000002.U00000004")
    assert [one["unread"] for one in home["workspaces"]] == [0, 1]

    assert (await page.send("workspaces/T00000002/uninstall"))["ok"]
    again = await page.send("workspaces/T00000002/uninstall")
    assert (again["status"], again["error"]) == (400, "Echo is not installed in Memphis city hall.")
    unknown = await page.get("state", team="T9")
    assert (unknown["status"], unknown["error"]) == (400, "There is no workspace T9. There are T00000001, T00000002.")
    nameless = await page.send("workspaces", name=" ")
    assert (nameless["status"], nameless["error"]) == (400, "A workspace needs a name of at most 100 characters.")
