"""Slack's users: what one is read as, and, for jobs alone since it asks Slack, how members are looked for among them."""

from collections.abc import AsyncIterator, Sequence
from functools import cache
from zoneinfo import available_timezones

from slack_sdk.errors import SlackApiError

from handlers.errors import NotInstalled
from handlers.types import Client, Json, Services
from storage.identities import User
from storage.models import Member, Workspace

PAGE = 200
ONE_BY_ONE = 20
NO_SUCH_USER = ("user_not_found", "users_not_found", "user_not_visible")


def read(payload: Json) -> User:
    """Slack's user object, as far as it matters here."""
    profile = payload.get("profile") or {}
    zone = payload.get("tz")
    return User(
        id=payload["id"],
        team_id=payload.get("team_id") or "",
        name=profile.get("real_name") or payload.get("real_name") or payload.get("name") or "",
        email=(profile.get("email") or "").strip().casefold(),
        time_zone=zone if zone in _zones() else None,
        deleted=bool(payload.get("deleted")),
        is_bot=bool(payload.get("is_bot")) or payload["id"] == "USLACKBOT",
        is_admin=bool(payload.get("is_admin") or payload.get("is_owner")),
    )


async def everybody(slack: Client) -> AsyncIterator[User]:
    """All users of the workspace, page by page."""
    async for page in await slack.users_list(limit=PAGE):
        for payload in page["members"]:
            yield read(payload)


async def each(slack: Client, workspace: Workspace, missing: Sequence[Member]) -> AsyncIterator[User]:
    """Those of these members whom Slack knows, one by one; the ids of the roster are those of the program's own workspace."""
    for member in missing:
        named = member.roster_slack_id if workspace.linked_at is None else None
        user = await look_up(slack.users_info, user=named) if named else None
        if user is None and member.email:
            user = await look_up(slack.users_lookupByEmail, email=member.email)
        if user is not None:
            yield user


async def look_up(method: object, **arguments: str) -> User | None:
    """Ask one of Slack's methods that name a user; None when it knows nobody there."""
    try:
        answer = await method(**arguments)  # type: ignore[operator]
    except SlackApiError as error:
        if error.response.get("error") in NO_SUCH_USER:
            return None
        raise
    return read(answer["user"])


async def seen_in(services: Services, team_id: str, user_id: str) -> User | None:
    """What Slack says of a user of a workspace; None when it knows nobody, or the app is not installed there (any more)."""
    try:
        slack = await services.slack(team_id)
        return await look_up(slack.users_info, user=user_id)
    except NotInstalled:
        return None


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
