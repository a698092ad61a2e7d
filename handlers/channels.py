"""Whether the bot is in a channel, and the line to type when it is not."""

from slack_sdk.errors import SlackApiError

from handlers.types import Client

INVITE = "/invite @Civic Cohort"
UNREACHABLE = ("channel_not_found", "not_in_channel", "is_archived")


async def has_bot(slack: Client, channel: str) -> bool:
    """Whether the bot may post in the channel; for jobs, since it asks Slack."""
    try:
        answer = await slack.conversations_info(channel=channel)
    except SlackApiError as error:
        if error.response["error"] in UNREACHABLE:
            return False
        raise
    return bool(answer["channel"].get("is_member"))
