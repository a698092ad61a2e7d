"""What each scope lets an app do, in words: what people read before they allow it."""

WORDS = {
    "app_mentions:read": "Read messages that mention {app} in conversations it is in",
    "bookmarks:write": "Add, change and remove bookmarks",
    "channels:history": "Read messages in public channels that {app} was added to",
    "channels:join": "Join public channels",
    "channels:manage": "Manage public channels that {app} was added to, and make new ones",
    "channels:read": "See basic information about public channels",
    "channels:write": "Manage public channels and make new ones",
    "channels:write.invites": "Invite people to public channels",
    "chat:write": "Send messages as {app}",
    "chat:write.customize": "Send messages as {app} under another name and picture",
    "chat:write.public": "Send messages to public channels that {app} is not in",
    "commands": "Add commands and shortcuts that people can use",
    "emoji:read": "See the workspace's own emoji",
    "files:read": "See files in conversations that {app} was added to",
    "files:write": "Upload, change and delete files as {app}",
    "groups:history": "Read messages in private channels that {app} was added to",
    "groups:read": "See basic information about private channels that {app} was added to",
    "groups:write": "Manage private channels that {app} was added to, and make new ones",
    "groups:write.invites": "Invite people to private channels",
    "im:history": "Read direct messages with {app}",
    "im:read": "See basic information about direct messages with {app}",
    "im:write": "Start direct messages with people",
    "links:read": "See links of its own addresses in messages",
    "mpim:history": "Read group messages that {app} was added to",
    "mpim:read": "See basic information about group messages that {app} was added to",
    "mpim:write": "Start group messages with people",
    "pins:read": "See what is pinned in conversations that {app} was added to",
    "pins:write": "Pin messages and files",
    "reactions:read": "See emoji reactions in conversations that {app} was added to",
    "reactions:write": "Add and change emoji reactions",
    "team:read": "See the workspace's name, domain and icon",
    "usergroups:read": "See user groups",
    "users.profile:read": "See people's profiles",
    "users:read": "See the people in the workspace",
    "users:read.email": "See people's e-mail addresses",
}


def in_words(scope: str, app: str) -> str:
    """A sentence for people; a scope nobody described is named as it is."""
    return WORDS.get(scope, scope).format(app=app)
