"""Settings: defaults, `.env`, and every wrong one named with what to do."""

from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import config
from bot.config import Settings, WrongSettingsError

GOOD = {"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"}
INSTALLING = {
    "slack_client_id": "1.2",
    "slack_client_secret": "secret",
    "public_url": "https://cohort.example.org",
}
NAMES = [field.name for field in fields(Settings)]


def test_two_lines_are_enough() -> None:
    settings = config.check(GOOD)

    assert settings.database_url == "sqlite+aiosqlite:///civic-cohort.db"
    assert settings.commands == ("/cohort", "/checkin", "/commit", "/practices")


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("SLACK_BOT_TOKEN=xoxb-file\nSLACK_APP_TOKEN=xapp-file\nPORT=4000\n")

    settings = config.load(file, {"SLACK_BOT_TOKEN": "xoxb-environment"})

    assert (settings.slack_bot_token, settings.slack_app_token, settings.port) == (
        "xoxb-environment",
        "xapp-file",
        4000,
    )


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("slack_bot_token", "xoxp-1", "should start with xoxb-"),
        ("slack_app_token", "xoxb-1", "should start with xapp-"),
        ("database_url", "mysql://somewhere", "names a database that is not supported"),
        ("database_url", "civic.db", "is not an address"),
        ("database_url", "sqlite:////nowhere/at/all.db", "names a folder that is not there: /nowhere/at"),
        ("time_zone", "Eastern", "is no time zone"),
        ("port", "many", "should be a number from 1 to 65535"),
        ("port", "0", "should be from 1 to 65535"),
        ("command_commit", "commit", "a slash and one word"),
        ("slack_api_url", "slack.com", "https://"),
        ("slack_client_id", "abc", "two numbers with a dot between"),
        ("public_url", "cohort.example.org", "the bot's address as browsers reach it"),
        ("public_url", "http://cohort.example.org", "should start with https://"),
        ("public_url", "https://cohort.example.org/?a=1", "the bot's address as browsers reach it"),
        ("log_level", "LOUD", "DEBUG, INFO, WARNING or ERROR"),
        ("tick_seconds", "nan", "from 0.05 to 60"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_do(name: str, text: str, words: str) -> None:
    with pytest.raises(WrongSettingsError) as caught:
        config.check({**GOOD, **(INSTALLING if name in INSTALLING else {}), name: text})

    [problem] = caught.value.problems
    assert problem.startswith(name.upper())
    assert words in problem


def test_all_problems_are_named_at_once() -> None:
    with pytest.raises(WrongSettingsError) as caught:
        config.check({"port": "x", "time_zone": "y"})

    assert [problem.split()[0] for problem in caught.value.problems] == [
        "TIME_ZONE",
        "PORT",
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
    ]


def test_installing_takes_all_three_settings_or_none() -> None:
    assert not config.check(GOOD).installs
    assert (
        config.check({**GOOD, **INSTALLING, "public_url": "http://127.0.0.1:3000/"}).public_url
        == "http://127.0.0.1:3000"
    )
    with pytest.raises(WrongSettingsError) as caught:
        config.check({**GOOD, "public_url": "https://cohort.example.org"})
    assert caught.value.problems == [
        f"{name} is missing. To let other workspaces install the app set all of SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and PUBLIC_URL;"
        " for one workspace none of them."
        for name in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")
    ]


def test_two_commands_cannot_share_a_name() -> None:
    with pytest.raises(WrongSettingsError, match="same name"):
        config.check({**GOOD, "command_commit": "/cohort"})


@pytest.mark.parametrize("url", ["postgres://a@b/c", "postgresql://a@b/c", "postgresql+asyncpg://a@b/c"])
def test_every_spelling_of_a_postgresql_address_is_understood(url: str) -> None:
    assert config.check({**GOOD, "database_url": url}).database_url == "postgresql+asyncpg://a@b/c"


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=40)))
def test_whatever_is_given_the_answer_is_settings_or_problems(given: dict[str, str]) -> None:
    try:
        assert config.check({**GOOD, **given}).slack_bot_token.startswith("xoxb-")
    except WrongSettingsError as error:
        assert all(problem[:1].isupper() for problem in error.problems)  # noqa: PT017
