"""Each workspace is served with its own token, by itself, once it let the app in and until the app is removed."""

from tests.mutants.mutant import Mutant

CLIENTS, SENDER, STORE, INSTALLING = (
    "bot/clients.py",
    "bot/delivery.py",
    "storage/installations.py",
    "bot/installing.py",
)
SEVERAL = ("tests/bot/test_several_workspaces.py",)
STORE_TESTS = ("tests/storage/test_installations.py",)
BROWSER = ("tests/bot/test_installing.py",)

MUTANTS = [
    Mutant(
        "a message goes through its own workspace's token",
        SENDER,
        "        slack = await sender.slack(parcel.team_id)\n",
        '        slack = await sender.slack("T0COHORT")\n',
        SEVERAL,
    ),
    Mutant(
        "each workspace has a client of its own",
        CLIENTS,
        "client = self.known.get(team_id) or",
        "client = next(iter(self.known.values()), None) or",
        SEVERAL,
    ),
    Mutant(
        "a message is looked for in its own workspace",
        SENDER,
        "        found = await looking.find(await sender.slack(parcel.team_id), parcel)\n",
        '        found = await looking.find(await sender.slack("T0COHORT"), parcel)\n',
        SEVERAL,
    ),
    Mutant(
        "where Slack asks one workspace to wait, others do not",
        "bot/sender.py",
        "        if team_id not in self.paces:\n",
        '        team_id = ""\n        if team_id not in self.paces:\n',
        SEVERAL,
    ),
    Mutant(
        "a job that always finds more keeps no other from its turn",
        "bot/scheduler.py",
        "            if monotonic() >= until:\n                ticker.unfinished.add(job.name)\n                break\n",
        "",
        ("tests/bot/test_scheduler.py::test_a_job_that_always_finds_more_keeps_no_other_from_its_turn",),
    ),
    Mutant(
        "a workspace that is slow holds up no other",
        "bot/scheduler.py",
        "            ticker.sending[queue.team_id] = asyncio.create_task(_keep_sending(ticker, queue))\n",
        "            await _keep_sending(ticker, queue)\n",
        SEVERAL,
    ),
    Mutant(
        "where the app was removed nothing is sent (the look when it is taken)",
        "storage/outbox.py",
        "            teams[row.workspace_id][1] is None,\n",
        "            True,\n",
        SEVERAL,
    ),
    Mutant(
        "what is owed where the app was removed is given up",
        SENDER,
        "    return [parcel for parcel in parcels if parcel.installed]\n",
        "    return list(parcels)\n",
        SEVERAL,
    ),
    Mutant(
        "an installation that ended gives no token",
        STORE,
        "Workspace.team_id == team_id, Installation.ended_at.is_(None)",
        "Workspace.team_id == team_id",
        STORE_TESTS,
    ),
    Mutant(
        "nobody is written to where the app was removed",
        STORE,
        "    return Identity.workspace_id.not_in(_ended())\n",
        "    return Identity.workspace_id.is_not(None)\n",
        STORE_TESTS,
    ),
    Mutant(
        "a removal that is told late does not end what was installed since",
        STORE,
        "    query = query.where(Installation.installed_at < happened_at + timedelta(seconds=1)).values(ended_at=at)\n",
        "    query = query.values(ended_at=at)\n",
        STORE_TESTS,
    ),
    Mutant(
        "a removal of a user's token ends nothing",
        "handlers/installations/listeners.py",
        """    if event["type"] == "tokens_revoked" and not event.get("tokens", {}).get("bot"):\n""",
        "    if False:\n",
        SEVERAL,
    ),
    Mutant(
        "a token that is refused is looked up again",
        CLIENTS,
        "        return who if who.bot_token != refused.bot_token else None\n",
        "        return None\n",
        SEVERAL,
    ),
    Mutant(
        "listeners get along with a new token, too",
        "bot/app.py",
        "        if context.bot_token:\n",
        "        if False:\n",
        SEVERAL,
    ),
    Mutant(
        "two people with the same id in two workspaces are told apart (a place is a place in a workspace)",
        "storage/deliveries.py",
        "    return identity.workspace_id, identity.user_id\n",
        "    return min(1, identity.workspace_id), identity.user_id\n",
        STORE_TESTS,
    ),
    Mutant(
        "a word with which somebody comes back is good once (the condition is the DELETE)",
        STORE,
        "    query = delete(InstallState).where(InstallState.state == state, InstallState.expires_at > at)\n"
        "    return await session.scalar(query.returning(InstallState.state)) is not None\n",
        "    query = select(InstallState).where(InstallState.state == state, InstallState.expires_at > at)\n"
        "    return await session.scalar(query) is not None\n",
        STORE_TESTS,
    ),
    Mutant(
        "a word with which somebody comes back is good for a while only",
        STORE,
        "InstallState.state == state, InstallState.expires_at > at)",
        "InstallState.state == state)",
        STORE_TESTS,
    ),
    Mutant(
        "two who take in a workspace at the same time make one program",
        "storage/programs.py",
        "    await session.delete(program)  # somebody else was taking in the same workspace\n",
        "",
        STORE_TESTS,
        postgresql=True,
    ),
    Mutant(
        "a new workspace gets the starter practices",
        INSTALLING,
        "    await practices.load_starter(session, workspace.program_id, at)\n",
        "",
        BROWSER,
    ),
    Mutant(
        "an installation for a whole organization is refused",
        INSTALLING,
        "        if installation.is_enterprise_install or not installation.team_id:\n",
        "        if not installation.user_id:\n",
        BROWSER,
    ),
    Mutant(
        "what was installed again is looked up anew",
        INSTALLING,
        "        self.everywhere.forget(names.team_id)\n",
        "",
        BROWSER,
    ),
    Mutant(
        "the permission in the address goes to nobody else (no referrer)",
        INSTALLING,
        """    "Referrer-Policy": "no-referrer",  # the address carries Slack's permission\n""",
        "",
        BROWSER,
    ),
]
