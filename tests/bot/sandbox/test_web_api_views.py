"""views.* of the sandbox's Web API: triggers, the stack of three forms, hashes and Home tabs."""

import pytest

from bot.sandbox import modals
from bot.sandbox.triggers import Triggers
from bot.sandbox.workspace import Workspace
from tests.bot.sandbox import web_api
from tests.bot.sandbox.web_api import Json, id_of, modal, ok, refused, section, text_input

HOME = {"type": "home", "blocks": [section()]}


class MachineTime:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def machine_time() -> MachineTime:
    return MachineTime()


@pytest.fixture
def slack(machine_time: MachineTime) -> Workspace:
    return web_api.workspace(triggers=Triggers(machine_time=machine_time))


@pytest.fixture
def ana(slack: Workspace) -> str:
    return id_of(slack, "Ana")


async def opened(slack: Workspace, view: Json | None = None, method: str = "views.open") -> Json:
    trigger = slack.triggers.issue(id_of(slack, "Ana"))
    answer = await ok(slack, method, trigger_id=trigger, view=view or modal())
    return dict(answer["view"])


async def test_a_form_opens_for_whoever_acted(slack: Workspace, ana: str) -> None:
    view = await opened(slack, modal(callback_id="commit", private_metadata="key"))
    assert slack.stacks[ana] == [view]
    assert (view["callback_id"], view["private_metadata"], view["state"]) == ("commit", "key", {"values": {}})
    assert view["root_view_id"] == view["id"]
    assert (view["app_id"], view["bot_id"], view["team_id"]) == (slack.app_id, slack.bot_id, slack.team_id)


async def test_a_trigger_is_good_once_and_for_three_seconds(
    slack: Workspace, ana: str, machine_time: MachineTime
) -> None:
    trigger = slack.triggers.issue(ana)
    await ok(slack, "views.open", trigger_id=trigger, view=modal())
    assert await refused(slack, "views.open", trigger_id=trigger, view=modal()) == "exchanged_trigger_id"
    late = slack.triggers.issue(ana)
    machine_time.seconds = 3.0
    await ok(slack, "views.open", trigger_id=late, view=modal())
    too_late = slack.triggers.issue(ana)
    machine_time.seconds = 6.01
    assert await refused(slack, "views.open", trigger_id=too_late, view=modal()) == "expired_trigger_id"
    assert await refused(slack, "views.open", trigger_id="1.2.3", view=modal()) == "invalid_trigger_id"
    assert await refused(slack, "views.open", view=modal()) == "invalid_arguments"


async def test_a_refused_view_does_not_use_up_the_trigger(slack: Workspace, ana: str) -> None:
    trigger = slack.triggers.issue(ana)
    wrong = modal(title={"type": "plain_text", "text": "x" * 25})
    lines = await web_api.faults(slack, "views.open", trigger_id=trigger, view=wrong)
    assert lines == ["must be less than 25 characters [json-pointer:/view/title/text]"]
    await ok(slack, "views.open", trigger_id=trigger, view=modal())


async def test_a_home_is_not_opened_and_a_form_is_not_published(slack: Workspace, ana: str) -> None:
    lines = await web_api.faults(slack, "views.open", trigger_id=slack.triggers.issue(ana), view=HOME)
    assert lines == ["unsupported type: home [json-pointer:/view/type]"]
    lines = await web_api.faults(slack, "views.publish", user_id=ana, view=modal())
    assert lines == ["unsupported type: modal [json-pointer:/view/type]"]


async def test_three_forms_lie_over_each_other_and_no_fourth(slack: Workspace, ana: str) -> None:
    first, second, third = [await opened(slack, None, f"views.{how}") for how in ("open", "push", "push")]
    assert (second["previous_view_id"], third["previous_view_id"]) == (first["id"], second["id"])
    assert {view["root_view_id"] for view in slack.stacks[ana]} == {first["id"]}
    trigger = slack.triggers.issue(ana)
    assert await refused(slack, "views.push", trigger_id=trigger, view=modal()) == "push_limit_reached"
    assert modals.close(slack, ana, third["id"]) == [third]
    await ok(slack, "views.push", trigger_id=trigger, view=modal())


async def test_a_form_is_pushed_over_another_one_only(slack: Workspace, ana: str) -> None:
    assert await refused(slack, "views.push", trigger_id=slack.triggers.issue(ana), view=modal()) == "not_found"


async def test_closing_all_empties_the_stack_from_the_top(slack: Workspace, ana: str) -> None:
    first, second = await opened(slack), await opened(slack, None, "views.push")
    assert [view["id"] for view in modals.close(slack, ana, second["id"], all_of_them=True)] == [
        second["id"],
        first["id"],
    ]
    assert slack.stacks[ana] == []
    assert await refused(slack, "views.update", view_id=first["id"], view=modal()) == "not_found"


async def test_an_update_needs_the_newest_hash_when_it_names_one(slack: Workspace) -> None:
    view = await opened(slack)
    fresh = (await ok(slack, "views.update", view_id=view["id"], view=modal(), hash=view["hash"]))["view"]
    assert fresh["id"] == view["id"]
    assert fresh["hash"] != view["hash"]
    stale = {"view_id": view["id"], "view": modal(), "hash": view["hash"]}
    assert await refused(slack, "views.update", **stale) == "hash_conflict"


async def test_what_was_typed_stays_where_the_input_stays(slack: Workspace, ana: str) -> None:
    view = await opened(slack, modal(text_input("kept"), text_input("gone")))
    typed = {"type": "plain_text_input", "value": "x"}
    slack.stacks[ana][0]["state"]["values"] = {"kept": {"kept": typed}, "gone": {"gone": typed}}
    await ok(slack, "views.update", view_id=view["id"], view=modal(text_input("kept"), text_input("new")))
    assert slack.stacks[ana][0]["state"]["values"] == {"kept": {"kept": typed}}


async def test_a_view_is_also_known_by_an_id_of_the_apps_own_which_is_unique(slack: Workspace, ana: str) -> None:
    view = await opened(slack, modal(external_id="commit-1"))
    updated = await ok(slack, "views.update", external_id="commit-1", view=modal(external_id="commit-1"))
    assert updated["view"]["id"] == view["id"]
    assert await refused(slack, "views.update", external_id="commit-2", view=modal()) == "not_found"
    assert await refused(slack, "views.update", view=modal()) == "invalid_arguments"
    again = {"trigger_id": slack.triggers.issue(ana), "view": modal(external_id="commit-1")}
    assert await refused(slack, "views.push", **again) == "duplicate_external_id"


async def test_a_home_is_published_for_one_person_and_keeps_its_id(slack: Workspace, ana: str) -> None:
    first = (await ok(slack, "views.publish", user_id=ana, view=HOME))["view"]
    second = (await ok(slack, "views.publish", user_id=ana, view=HOME, hash=first["hash"]))["view"]
    assert second["id"] == first["id"]
    assert list(slack.homes) == [ana]
    assert await refused(slack, "views.publish", user_id=ana, view=HOME, hash=first["hash"]) == "hash_conflict"
    updated = (await ok(slack, "views.update", view_id=first["id"], view=HOME))["view"]
    assert slack.homes[ana]["hash"] == updated["hash"]


async def test_a_home_needs_somebody_who_is_here_and_the_tab(slack: Workspace, ana: str) -> None:
    assert await refused(slack, "views.publish", user_id="U99999999", view=HOME) == "invalid_arguments"
    slack.manifest = {}
    assert await refused(slack, "views.publish", user_id=ana, view=HOME) == "not_enabled"


async def test_blocks_without_ids_get_some(slack: Workspace) -> None:
    bare = {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Go"}}]}
    view = await opened(slack, modal(bare, bare))
    blocks = view["blocks"]
    assert blocks[0]["block_id"] != blocks[1]["block_id"]
    assert blocks[0]["elements"][0]["action_id"]
