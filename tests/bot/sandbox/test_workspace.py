"""The workspace's own rules: who has read what, unique handles, and changes that cannot be."""

import pytest

from bot.sandbox.workspace import Workspace
from tests.bot.sandbox import web_api
from tests.bot.sandbox.web_api import Json, id_of


@pytest.fixture
def slack() -> Workspace:
    return web_api.workspace()


def test_two_people_of_one_name_have_two_handles(slack: Workspace) -> None:
    assert [slack.add_person("Ana Ruiz").name for _ in range(2)] == ["ana.ruiz2", "ana.ruiz3"]


def test_everybody_is_in_general_and_the_app_is_not(slack: Workspace) -> None:
    members = slack.channels[id_of(slack, "#general")].members
    assert set(members) == set(slack.people) - {slack.bot_user_id}


def test_a_message_is_unread_until_its_channel_was_looked_at_and_never_for_its_author(slack: Workspace) -> None:
    general, ana, ben = (id_of(slack, name) for name in ("#general", "Ana", "Ben"))
    slack.post(general, {"user": ana, "text": "one"})
    slack.post(general, {"user": ana, "text": "two"})
    assert (slack.unread(general, ana), slack.unread(general, ben)) == (0, 2)
    slack.mark_read(general, ben)
    assert slack.unread(general, ben) == 0
    slack.post(general, {"user": ben, "text": "three"})
    assert (slack.unread(general, ana), slack.unread(general, ben)) == (1, 0)


def test_watchers_are_told_of_each_change(slack: Workspace) -> None:
    seen: list[tuple[str, Json]] = []
    slack.on_change = lambda kind, change: seen.append((kind, change))
    general, ana = id_of(slack, "#general"), id_of(slack, "Ana")
    ts = slack.post(general, {"user": ana, "text": "one"})["ts"]
    slack.edit(general, ts, {"text": "two"})
    slack.mark_read(general, id_of(slack, "Ben"))
    slack.delete(general, ts)
    slack.change_person(ana, title="Mayor")
    assert [(kind, change.get("what")) for kind, change in seen] == [
        ("message", "posted"),
        ("message", "edited"),
        ("read", None),
        ("message", "deleted"),
        ("people", None),
    ]


def test_what_is_stored_does_not_follow_the_object_it_came_from(slack: Workspace) -> None:
    heard: list[Json] = []
    slack.on_event = heard.append
    general = id_of(slack, "#general")
    slack.join(general, slack.bot_user_id)
    message: Json = {"user": id_of(slack, "Ana"), "text": "one", "blocks": [{"type": "divider"}]}
    stored = slack.post(general, message)
    message["blocks"].clear()
    heard[-1]["blocks"].clear()
    assert stored["blocks"] == [{"type": "divider"}]


def test_a_person_changes_in_what_slack_lets_change_and_a_message_that_is_gone_does_not(slack: Workspace) -> None:
    with pytest.raises(ValueError, match="id cannot be changed"):
        slack.change_person(id_of(slack, "Ana"), id="U9")
    with pytest.raises(KeyError):
        slack.edit(id_of(slack, "#general"), "1.000000", {"text": "x"})


def test_the_direct_message_is_one_whoever_opens_it(slack: Workspace) -> None:
    ana, ben = id_of(slack, "Ana"), id_of(slack, "Ben")
    assert slack.direct_channel(ana) is slack.direct_channel(slack.bot_user_id, ana)
    group = slack.direct_channel(ana, ben)
    assert group is slack.direct_channel(ben, ana)
    assert (group.kind, group.id[0]) == ("mpim", "G")
