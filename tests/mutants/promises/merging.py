"""The last message of a day carries the rest, part by part, and nothing of it is lost or said twice."""

from tests.mutants.mutant import Mutant

HOLDING, PARTS, MERGING = "bot/holding.py", "storage/parts.py", "handlers/merging.py"
OUTBOX, DELIVERIES, TERMS = "storage/outbox.py", "storage/deliveries.py", "handlers/checkins/terms.py"
MERGED = ("tests/bot/test_merging.py",)
STORED = ("tests/storage/test_parts.py",)
COMPOSED = ("tests/handlers/test_merging.py",)
HELD = ("tests/bot/test_holding.py",)
TAKEN = ("tests/chaos/test_ceiling.py",)

MUTANTS = [
    Mutant(
        "the last message of a day carries the rest",
        HOLDING,
        "joining = _joining(carrier, together) if may_merge else []",
        "joining = []",
        MERGED,
    ),
    Mutant(
        "what a small batch left waiting joins the last message",
        HOLDING,
        "more = await _waiting(session, last, places, now) if last and may_merge else {}",
        "more: dict[int, list[Waiting]] = {}",
        MERGED,
    ),
    Mutant(
        "what waits for another hour does not join",
        HOLDING,
        "if fresh and because is None:",
        "if fresh:",
        TAKEN,
    ),
    Mutant(
        "what came too late does not join",
        HOLDING,
        "if fresh and because is None:",
        "if because is None:",
        TAKEN,
    ),
    Mutant(
        "a part that came too late is left out of a message that waited",
        HOLDING,
        "    if len(fresh) == len(parcel.owed):\n        return parcel\n",
        "    if fresh:\n        return parcel\n",
        MERGED,
    ),
    Mutant(
        "the parts of a message stand in the order of their urgency",
        HOLDING,
        "carriers.append(replace(carrier, owed=tuple(sorted(everything, key=_rank))))",
        "carriers.append(replace(carrier, owed=tuple(everything[::-1])))",
        MERGED,
    ),
    Mutant(
        "every part's quiet hours are kept",
        HOLDING,
        "    return sorted(own, key=lambda hours: (hours.quiet_from, hours.quiet_until))\n",
        "    return sorted(own, key=lambda hours: (hours.quiet_from, hours.quiet_until))[:1]\n",
        TAKEN,
    ),
    Mutant("it is told that somebody is away", HOLDING, "        because = AWAY\n", "", HELD),
    Mutant(
        "what joined another message is settled",
        PARTS,
        "        await session.execute(SETTLE, rows)\n",
        "",
        STORED,
    ),
    Mutant(
        "what joined another message is paid by it",
        PARTS,
        "        await session.execute(MOVE, rows)\n",
        "",
        STORED,
    ),
    Mutant(
        "who lost a delivery leaves nothing out of it",
        PARTS,
        ".where(Delivery.settled_at.is_(None), Delivery.tries == delivery.tries)",
        ".where(Delivery.settled_at.is_(None))",
        STORED,
    ),
    Mutant(
        "one part alone is withdrawn",
        DELIVERIES,
        "Delivery.id == found.id, ~others.exists())",
        "Delivery.id == found.id)",
        STORED,
    ),
    Mutant(
        "a change reaches the part that it is about",
        DELIVERIES,
        "    await _repaint(session, program_id, Owed.key == original, message)\n",
        "",
        STORED,
    ),
    Mutant(
        "a change that comes while its message is merged is not lost",
        DELIVERIES,
        "    while found is not None and found.outcome == parts.MERGED:\n        found = await session.scalar(query)",
        "    if False:\n        found = await session.scalar(query)",
        ("tests/chaos/test_changes.py",),
        postgresql=True,
    ),
    Mutant(
        "a change of one part says all of them",
        OUTBOX,
        "        return self.changed or self.owed",
        "        return self.owed",
        STORED,
    ),
    Mutant(
        "only who got a message has a part shown in full",
        DELIVERIES,
        "Owed.key == key, Owed.member_id == member.id)",
        "Owed.key == key)",
        STORED,
    ),
    Mutant(
        "why something waits is forgotten when it is sent",
        OUTBOX,
        'outcome="sent", held_because=None)',
        'outcome="sent")',
        STORED,
    ),
    Mutant(
        "why something waits is told",
        OUTBOX,
        '        values["held_because"] = because\n',
        "        pass\n",
        STORED,
    ),
    Mutant(
        "a message with several parts stays within what Slack takes",
        MERGING,
        "together if _taken_by_slack(together) else _layout(parts, None))",
        "together)",
        COMPOSED,
    ),
    Mutant(
        "only as many join as fit",
        MERGING,
        "    return all(_taken_by_slack(_layout(parts, shown)) for shown in range(len(parts)))\n",
        "    return True\n",
        COMPOSED,
    ),
    Mutant(
        "no two blocks have the same id",
        MERGING,
        "return _with_one_primary(_with_own_ids(together))",
        "return _with_one_primary(together)",
        COMPOSED,
    ),
    Mutant(
        "prompts are held by the quiet hours of their check-in",
        TERMS,
        "        quiet_from=check_in.quiet_from,\n",
        "",
        MERGED,
    ),
]
