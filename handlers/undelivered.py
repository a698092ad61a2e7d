"""Why a message did not arrive, in words, and what to do about it: by the reason for which it was given up. Pure."""

from handlers import blocks

UNREACHABLE = frozenset({"user_not_found", "users_not_found", "user_disabled", "cannot_dm_bot", "user_not_visible"})
TO_DO = {
    "not_in_channel": "I am not in that channel. Type `/invite @Civic Cohort` in it.",
    "channel_not_found": "I cannot see that channel. If it is private, type `/invite @Civic Cohort` in it.",
    "is_archived": "The channel is archived. Bring it back, or choose another one for the cohort.",
    "restricted_action": "Slack lets only some people write there. Ask an admin to let apps post in it.",
    "msg_too_long": "The message was longer than Slack takes. Please tell whoever runs me.",
    "missing_scope": "I lack a permission. Ask whoever runs me to type `cohort doctor`.",
    "not_installed": "I was removed from the Slack workspace where it was to go. Who installs me there again brings me back.",
    "account_inactive": "My access to Slack was taken back. Ask whoever runs me to type `cohort doctor`.",
    "token_revoked": "My access to Slack was taken back. Ask whoever runs me to type `cohort doctor`.",
    "invalid_auth": "My access to Slack was taken back. Ask whoever runs me to type `cohort doctor`.",
}
# In a direct message there is no channel to be invited to.
DIRECTLY = {
    "channel_not_found": "Slack finds no direct message with this person. If they left, end their seat and name a successor.",
    "messages_tab_disabled": "The app's messages are switched off in Slack. Ask whoever runs me to switch them on.",
}


def what_to_do(reason: str | None, *, directly: bool = False) -> str:
    """What stands behind the reason (Slack's word, or ours) and what helps; `directly`: it was to go to a person."""
    if directly and reason in DIRECTLY:
        return DIRECTLY[reason]
    if reason in TO_DO:
        return TO_DO[reason]
    if reason in UNREACHABLE:
        return "Slack cannot reach this person any more. If they left, end their seat and name a successor."
    return f"Slack refused with `{blocks.escaped(reason or '')}`. Please tell whoever runs me."
