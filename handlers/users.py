"""Slack's users: what one is read as, and, for jobs alone since it asks Slack, how members are looked for among them."""

from collections.abc import AsyncIterator, Sequence
from functools import cache
from zoneinfo import available_timezones

from slack_sdk.errors import SlackApiError

from handlers.types import Client, Json
from storage.identities import User
from storage.models import Member

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


async def each(slack: Client, missing: Sequence[Member]) -> AsyncIterator[User]:
    """Those of these members whom Slack knows, one by one."""
    for member in missing:
        user = await look_up(slack.users_info, user=member.roster_slack_id) if member.roster_slack_id else None
        if user is None and member.email:
            user = await look_up(slack.users_lookupByEmail, email=member.email)
        if user is not None:
            yield user


async def look_up(method: object, **arguments: str) -> User | None:
    """None when Slack knows nobody there."""
    try:
        answer = await method(**arguments)  # type: ignore[operator]
    except SlackApiError as error:
        if error.response.get("error") in NO_SUCH_USER:
            return None
        raise
    return read(answer["user"])


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
