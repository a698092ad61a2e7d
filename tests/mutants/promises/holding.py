"""What nobody asked for is held back: working hours, the daily ceiling, too late to be of use."""

from tests.mutants.mutant import Mutant

HOLDING = "bot/holding.py"
TESTS = ("tests/bot/test_delivery.py",)
CEILING = ("tests/bot/test_ceiling.py",)
SUNDAY = ("tests/handlers/checkins/test_time.py",)

MUTANTS = [
    Mutant(
        "what nobody asked for waits for working hours",
        HOLDING,
        "moment = _within(hours, now, where)",
        "moment = now",
        TESTS,
    ),
    Mutant(
        "a check-in for any hour does not wait for working hours",
        HOLDING,
        "moment = _within(hours, now, where)",
        "moment = _within([calendar.WORKING], now, where)",
        SUNDAY,
    ),
    Mutant(
        "what somebody asked for is never held back",
        HOLDING,
        "    return all(owed.own_accord for owed in parcel.owed)",
        "    return True",
        TESTS,
    ),
    Mutant(
        "a person gets so many messages a day (the ceiling)",
        HOLDING,
        "over = sent_today[_whose(parcel)] >= ceiling",
        "over = False",
        TESTS,
    ),
    Mutant(
        "messages of one batch count for the ceiling",
        HOLDING,
        "for parcel in mine[: room[member_id] - 1]]",
        "for parcel in mine]",
        TESTS,
    ),
    Mutant(
        "messages sent earlier in the day count for the ceiling",
        HOLDING,
        "    return Counter(member_id for member_id, at in sent if day(member_id, at) == day(member_id, now))",
        "    return Counter()",
        CEILING,
    ),
    Mutant(
        "the messages of yesterday do not count for the ceiling",
        HOLDING,
        "for member_id, at in sent if day(member_id, at) == day(member_id, now))",
        "for member_id, at in sent)",
        CEILING,
    ),
    Mutant(
        "what somebody asked for does not count for the ceiling",
        "storage/outbox.py",
        ".where(Owed.program_id == program_id, Owed.member_id.in_(member_ids), Owed.own_accord)",
        ".where(Owed.program_id == program_id, Owed.member_id.in_(member_ids))",
        CEILING,
    ),
    Mutant(
        "what was not sent does not count for the ceiling",
        "storage/outbox.py",
        '(Delivery.outcome == "sent") & (Delivery.settled_at >= since)',
        "(Delivery.settled_at >= since)",
        CEILING,
    ),
    Mutant(
        "what is on its way counts for the ceiling",
        "storage/outbox.py",
        '.where(or_((Delivery.outcome == "sent") & (Delivery.settled_at >= since), on_its_way))',
        '.where((Delivery.outcome == "sent") & (Delivery.settled_at >= since))',
        CEILING,
    ),
    Mutant(
        "over the ceiling it waits for a working morning",
        HOLDING,
        "day = calendar.next_working_day(day, where.days) if hours else day",
        "day = day",
        TESTS,
    ),
    Mutant(
        "what is too late to be of use is not sent (the expiry)",
        HOLDING,
        "return owed.expires_at is None or now <= owed.expires_at",
        "return True",
        TESTS,
    ),
    Mutant(
        "prompts go before nudges",
        HOLDING,
        "for one in sorted(parcels, key=_urgency):",
        "for one in parcels:",
        TESTS,
    ),
    Mutant(
        "the summary waits for the cohort's working hours",
        "handlers/checkins/rules.py",
        "return closed_at if any_hour else calendar.next_working_moment(closed_at, zone, hours=hours)",
        "return closed_at",
        ("tests/handlers/checkins/test_rules.py",),
    ),
    Mutant(
        "who could not be asked in time is not asked",
        "handlers/checkins/rules.py",
        "    return now > window.part(0.5)",
        "    return False",
        ("tests/handlers/checkins/test_rules.py",),
    ),
]
