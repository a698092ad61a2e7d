"""A city hall's workspace with the app and nobody on any roster, a code, and the way from it to a linked workspace."""

import re

from bot.sandbox.person import Actor
from bot.sandbox.workspace import Workspace
from tests import several
from tests.whole import Slack

CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}")


async def city_hall(slack: Slack) -> Workspace:
    """The cast's people once more, under the same ids and addresses, in a workspace whose program is empty; Ada administers it."""
    workspace = await several.open_memphis(slack, installed=False)
    await several.let_in(slack, workspace)
    workspace.add_person("Ada Boss", email="ada@memphis.gov", is_admin=True)
    workspace.join("C0COHORT", workspace.bot_user_id)
    await slack.settle()
    return workspace


def there(slack: Slack, workspace: Workspace, name: str) -> Actor:
    return several.person(slack, workspace, name)


def last(who: Actor) -> str:
    """What they read last from the app."""
    return str(who.messages[-1]["text"])


def texts(who: Actor) -> list[str]:
    return [str(message["text"]) for message in who.messages]


async def code(slack: Slack, maker: str = "Dana") -> str:
    """The code that somebody is shown."""
    reply = await slack.person(maker).types("/cohort", "link")
    found = CODE.search(str(reply))
    assert found, reply
    return found[0]


async def link(slack: Slack, workspace: Workspace, *, admin: str = "Ada") -> None:
    """The workspace belongs to the program of the office."""
    who = there(slack, workspace, admin)
    await who.types("/cohort", f"link {await code(slack)}")
    await who.clicks(who.messages[-1], "Link this workspace")
    await slack.settle()
    assert await several.program_of(slack, workspace) == await several.program_of(slack, slack.workspace)
