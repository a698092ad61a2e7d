"""Several workspaces in the sandbox: what our tests of isolation stand on must itself keep them apart."""

from tests.mutants.mutant import Mutant

WORKSPACES, OAUTH = ("tests/bot/sandbox/test_workspaces.py",), ("tests/bot/sandbox/test_oauth.py",)

MUTANTS = [
    Mutant(
        "the sandbox's token reaches its own workspace alone",
        "bot/sandbox/teams.py",
        "if token and token in (one.bot_token, *one.ended_tokens)",
        "if token",
        WORKSPACES,
    ),
    Mutant(
        "a file of one workspace is not given for the token of another",
        "bot/sandbox/web_api.py",
        "if not from_page and not (token and workspace and token == workspace.bot_token):",
        "if not from_page and not token:",
        WORKSPACES,
    ),
    Mutant(
        "an app hears nothing of a workspace where it is not installed",
        "bot/sandbox/server.py",
        " and self._wanted(payload):",
        ":",
        WORKSPACES,
    ),
    Mutant(
        "an event is not tried again once the app is gone",
        "bot/sandbox/links.py",
        "            if not self.wanted(payload):\n",
        "            if not payload:\n",
        WORKSPACES,
    ),
    Mutant(
        "a token that was replaced or ended is refused",
        "bot/sandbox/methods/__init__.py",
        "        raise SlackError(workspace.ended_tokens[token])\n",
        "        return\n",
        WORKSPACES,
    ),
    Mutant(
        "what is posted to a response_url stays in its workspace",
        "bot/sandbox/web_api.py",
        "next((one for one in sandbox.exchanges.values() if word in one.urls.urls), sandbox.exchange)",
        "sandbox.exchange",
        WORKSPACES,
    ),
    Mutant(
        "a code is good once",
        "bot/sandbox/oauth.py",
        "    del workspace.codes[code]\n",
        "",
        OAUTH,
    ),
    Mutant(
        "a code is good for ten minutes",
        "bot/sandbox/oauth.py",
        "    if grant is None or workspace.seconds() > grant.expires:\n",
        "    if grant is None:\n",
        OAUTH,
    ),
    Mutant(
        "people are led back to an address of the manifest alone",
        "bot/sandbox/oauth.py",
        "    if not any(_leads_to(back, one) for one in configured):\n",
        "    if not configured:\n",
        OAUTH,
    ),
    Mutant(
        "who lets an app in is somebody of the workspace",
        "bot/sandbox/consent.py",
        "    if workspace is None or person is None or person not in _people(workspace):\n",
        "    if workspace is None or person is None:\n",
        OAUTH,
    ),
]
