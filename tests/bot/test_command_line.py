"""The `cohort` command: doctor, imports and the database, against a workspace on this machine."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot import __main__ as command_line
from bot import doctor, imports, try_out
from bot.config import Settings, WrongSettingsError
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Workspace
from storage import database, migrations
from storage.models import Member, RosterImport
from tests import cast, databases, whole


async def findings(settings: Settings) -> dict[str, bool]:
    return {finding.what.split(":")[0]: finding.ok async for finding in doctor.examine(lambda: settings)}


def settle_in(folder: Path, workspace: Workspace, sandbox: Sandbox) -> None:
    """The settings of a bot in this folder."""
    tokens = f"SLACK_BOT_TOKEN={workspace.bot_token}\nSLACK_APP_TOKEN={workspace.app_token}\n"
    where = f"DATABASE_URL=sqlite:///{folder / 'civic.db'}\nSLACK_API_URL={sandbox.url}/api/\n"
    (folder / ".env").write_text(tokens + where)


async def test_the_doctor_finds_nothing_to_do_when_all_is_well(tmp_path: Path) -> None:
    workspace = whole.people_the_workspace()
    async with Sandbox(workspace) as sandbox:
        settings = whole.settings_for(workspace, sandbox.url, databases.sqlite_url(tmp_path))
        await migrations.upgrade_async(settings.database_url)
        found = await findings(settings)

    assert all(found.values()), found
    assert {"settings", "time zone data", "database", "bot token", "app-level token", "scope chat"} <= set(found)


async def test_the_doctor_says_what_to_do_about_each_thing(tmp_path: Path) -> None:
    workspace = whole.people_the_workspace()
    workspace.scopes.discard("im:history")
    async with Sandbox(workspace) as sandbox:
        settings = whole.settings_for(workspace, sandbox.url, databases.sqlite_url(tmp_path))
        lines = [str(finding) async for finding in doctor.examine(lambda: settings) if not finding.ok]

    assert len(lines) == 2
    assert "cohort db upgrade" in lines[0]
    assert lines[1].startswith("to do     scope im:history\n          Add it under OAuth & Permissions")


async def test_the_doctor_names_a_wrong_token(tmp_path: Path) -> None:
    workspace = whole.people_the_workspace()
    async with Sandbox(workspace) as sandbox:
        settings = whole.settings_for(workspace, sandbox.url, databases.sqlite_url(tmp_path))
        workspace.bot_token = "xoxb-another"
        lines = [str(finding) async for finding in doctor.examine(lambda: settings) if not finding.ok]
    assert "Slack says invalid_auth" in lines[-1]


async def test_the_doctor_names_settings_and_a_database_that_does_not_answer(unused_tcp_port: int) -> None:
    def nothing() -> Settings:
        raise WrongSettingsError(["SLACK_BOT_TOKEN is missing."])

    assert [finding.ok async for finding in doctor.examine(nothing)] == [False, True]
    absent = Settings("xoxb-", database_url=f"postgresql+asyncpg://nobody@127.0.0.1:{unused_tcp_port}/nothing")
    finding = await doctor.database(absent)
    assert not finding.ok
    assert "Check DATABASE_URL" in finding.advice


async def test_a_roster_is_imported_from_the_command_line(tmp_path: Path) -> None:
    workspace = whole.people_the_workspace()
    header = b"network,cohort,city,state,name,email,slack_id,role,title,expertise,time_zone,from,until\n"
    row = b"City Accelerator,Inclusive procurement,Memphis,TN,Ana Diaz,ana@example.org,,lead,Chief of Staff,policy,America/Chicago,,\n"
    async with Sandbox(workspace) as sandbox:
        settings = whole.settings_for(workspace, sandbox.url, databases.sqlite_url(tmp_path))
        await migrations.upgrade_async(settings.database_url)
        tried = await imports.from_bytes(settings, "roster", header + row, dry_run=True)
        done = await imports.from_bytes(settings, "roster", header + row)
        again = await imports.from_bytes(settings, "roster", header + row)
        wrong = await imports.from_bytes(settings, "roster", header + row.replace(b"lead", b"boss"))

    assert [tried[0], done[0], again[0], wrong[0]] == [True, True, True, False]
    assert tried[1] != again[1]


async def test_the_last_import_from_the_command_line_is_undone_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = whole.people_the_workspace()
    url = databases.sqlite_url(tmp_path)
    await migrations.upgrade_async(url)
    sessions = database.connect(url)
    header = "network,cohort,city,state,name,email,slack_id,role,title,expertise,time_zone,from,until\n"
    row = "City Accelerator,Inclusive procurement,Memphis,TN,{},{}@example.org,,delegate,,policy,America/Chicago,,\n"
    (tmp_path / "one.csv").write_text(header + row.format("Ana Diaz", "ana"))
    (tmp_path / "two.csv").write_text(header + row.format("Rosa Kim", "rosa"))

    async def people() -> list[str]:
        async with sessions() as session:
            query = select(Member.name).where(Member.program_id == 1).order_by(Member.name)
            return list(await session.scalars(query))

    async def cohort(*arguments: str) -> tuple[int, str]:
        status = await asyncio.to_thread(command_line.main, ["import", "roster", *arguments])
        said = capsys.readouterr()
        return status, said.out + said.err

    async with Sandbox(workspace) as sandbox:
        monkeypatch.chdir(tmp_path)
        settle_in(tmp_path, workspace, sandbox)
        assert await cohort("--undo") == (1, "There is no import that could be undone.\n")
        assert (await cohort())[0] == (await cohort("one.csv", "--undo"))[0] == 2
        for name in ("one.csv", "two.csv", "two.csv"):
            assert (await cohort(name))[0] == 0
        assert await cohort("--undo", "--dry-run") == (0, "This can be undone; nothing was undone yet.\n")
        assert await people() == ["Ana Diaz", "Rosa Kim"]
        status, said = await cohort("--undo")
        assert (status, said[:22]) == (0, "The import of two.csv ")
        assert said.endswith("is undone: the roster is as it was before.\n")
        assert await people() == ["Ana Diaz"]
        async with sessions.begin() as session:
            await session.execute(update(Member).where(Member.program_id == 1).values(title="Director"))
        status, said = await cohort("--undo")
        assert (status, said.splitlines()[1]) == (1, "Ana Diaz was changed since (title)")
        async with sessions.begin() as session:
            await session.execute(update(RosterImport).where(RosterImport.program_id == 1).values(member_id=1))
        assert "came through Slack" in (await cohort("--undo"))[1]
        assert await people() == ["Ana Diaz"]
    await sessions.close()


async def test_the_roster_is_written_as_a_file_that_an_import_takes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = whole.people_the_workspace()
    url = databases.sqlite_url(tmp_path)
    await migrations.upgrade_async(url)
    sessions = database.connect(url)
    async with sessions.begin() as session:
        await cast.enter(session)
    await sessions.close()
    async with Sandbox(workspace) as sandbox:
        monkeypatch.chdir(tmp_path)
        settle_in(tmp_path, workspace, sandbox)
        assert await asyncio.to_thread(command_line.main, ["export", "roster", "out.csv"]) == 0
        assert capsys.readouterr().out == "out.csv: 6 lines. `cohort import roster` takes it again.\n"
        assert await asyncio.to_thread(command_line.main, ["import", "roster", "out.csv"]) == 0
        assert "nothing changes" in capsys.readouterr().out
        assert await asyncio.to_thread(command_line.main, ["export", "roster", "nowhere/out.csv"]) == 1
        assert "cannot be written: No such file or directory" in capsys.readouterr().err
        workspace.bot_token = "xoxb-another"
        assert await asyncio.to_thread(command_line.main, ["export", "roster", "again.csv"]) == 1
        assert "Nothing was written" in capsys.readouterr().err
    assert (tmp_path / "out.csv").exists()
    assert not (tmp_path / "again.csv").exists()


def test_wrong_settings_end_the_command_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.delenv(name, raising=False)

    assert command_line.main(["db", "upgrade"]) == 2
    said = capsys.readouterr().err
    assert "SLACK_BOT_TOKEN is missing" in said
    assert "SLACK_APP_TOKEN is missing" in said


def test_the_database_is_brought_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-1\nSLACK_APP_TOKEN=xapp-1\n")

    assert command_line.main(["db", "upgrade"]) == 0
    assert capsys.readouterr().out == "The tables are up to date.\n"
    current, wanted = asyncio.run(migrations.pending(f"sqlite+aiosqlite:///{tmp_path / 'civic-cohort.db'}"))
    assert current == wanted


def test_a_database_that_does_not_open_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], unused_tcp_port: int
) -> None:
    monkeypatch.chdir(tmp_path)
    absent = f"DATABASE_URL=postgresql://nobody@127.0.0.1:{unused_tcp_port}/nothing"
    (tmp_path / ".env").write_text(f"SLACK_BOT_TOKEN=xoxb-1\nSLACK_APP_TOKEN=xapp-1\n{absent}\n")

    assert command_line.main(["run"]) == 1
    assert (
        "The database did not open (ConnectionRefusedError). `cohort doctor` says what to do."
        in capsys.readouterr().err
    )


def test_a_file_that_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-1\nSLACK_APP_TOKEN=xapp-1\n")

    assert command_line.main(["import", "roster", "nowhere.csv"]) == 1
    assert capsys.readouterr().err == "nowhere.csv cannot be read: No such file or directory. Nothing was imported.\n"


@pytest.mark.parametrize("wrong", ["bot_token", "app_token"])
async def test_a_bot_with_a_wrong_token_ends_and_says_why(
    wrong: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = whole.people_the_workspace()
    async with Sandbox(workspace) as sandbox:
        settings = whole.settings_for(workspace, sandbox.url, databases.sqlite_url(tmp_path))
        await migrations.upgrade_async(settings.database_url)
        setattr(workspace, wrong, "xoxb-another")

        async with asyncio.timeout(30):
            status = await command_line.stay(settings)

    assert status == 1
    assert (
        capsys.readouterr().err
        == "Civic Cohort cannot run: Slack says invalid_auth. `cohort doctor` says what to do.\n"
    )


async def test_a_bot_without_slack_or_without_its_port_ends_and_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], unused_tcp_port: int
) -> None:
    workspace = whole.people_the_workspace()
    async with Sandbox(workspace) as sandbox:
        settings = whole.settings_for(workspace, sandbox.url, databases.sqlite_url(tmp_path))
        await migrations.upgrade_async(settings.database_url)
        port = int(sandbox.url.rpartition(":")[2])
        over_http = replace(settings, slack_app_token="", slack_signing_secret="secret", port=port)
        nowhere = replace(settings, slack_api_url=f"http://127.0.0.1:{unused_tcp_port}/api/")

        assert [await command_line.stay(over_http), await command_line.stay(nowhere)] == [1, 1]

    said = capsys.readouterr().err
    assert f"port {port} is in use" in said
    assert "Slack could not be reached (ClientConnectorError)" in said


async def test_a_sandbox_with_another_roster_speaks_only_of_who_is_there() -> None:
    header = b"network,cohort,city,state,name,email,slack_id,role,title,expertise,time_zone,from,until\n"
    row = b"City Accelerator,Housing,Memphis,TN,Ana Diaz,ana@example.org,,lead,,,America/Chicago,,\n"
    async with try_out.opened(header + row) as served:
        said = "\n".join(served.welcome)
    assert "Zane Kim" not in said
    assert "/checkin new" in said
    assert len(served.welcome) <= 5
