"""Whether the bot is in a channel, and the line to type when it is not."""

from slack_sdk.errors import SlackApiError

from handlers.errors import NotInstalled
from handlers.types import Services

INVITE = "/invite @Civic Cohort"
UNREACHABLE = ("channel_not_found", "not_in_channel", "is_archived")


async def has_bot(services: Services, team_id: str, channel: str) -> bool:
    """Whether the bot may post in the channel of a workspace; for jobs, since it asks Slack.

    Yes, too, where the app was removed from the workspace: an invitation would not help there, and Home tells of what is not sent.
    """
    try:
        slack = await services.slack(team_id)
        answer = await slack.conversations_info(channel=channel)
    except NotInstalled:
        return True
    except SlackApiError as error:
        if error.response["error"] in UNREACHABLE:
            return False
        raise
    return bool(answer["channel"].get("is_member"))
