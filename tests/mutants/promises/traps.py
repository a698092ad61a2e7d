"""The traps of product.md, "Never": each one is walked into, and the test that is named after it fails."""

from tests.mutants.mutant import Mutant

CALENDAR, DELIVERY, JOBS = "handlers/calendar.py", "bot/delivery.py", "handlers/checkins/jobs.py"
LOCAL = "    moment = wanted.replace(tzinfo=_zone(zone)).astimezone(UTC)\n"


def into(name: str) -> tuple[str]:
    return (f"tests/test_traps.py::test_trap_{name}",)


MUTANTS = [
    Mutant(
        "trap: one deadline for all time zones",
        CALENDAR,
        LOCAL,
        '    return wanted.replace(tzinfo=_zone("America/New_York")).astimezone(UTC)\n',
        into("one_deadline_for_all_time_zones"),
    ),
    Mutant(
        "trap: matching the exact minute",
        "storage/checkins.py",
        "select(CheckIn).where(CheckIn.next_at <= now,",
        "select(CheckIn).where(CheckIn.next_at == now,",
        into("matching_the_exact_minute"),
    ),
    Mutant(
        "trap: returning at the first finished cohort",
        JOBS,
        "letters = [_reminder(one, now) for one in asks if one.asking.id in mine and _needs_reminder(one, now)]",
        "letters = [_reminder(one, now) for one in asks if all(_needs_reminder(each, now) for each in asks)]",
        into("returning_at_the_first_finished_cohort"),
    ),
    Mutant(
        "trap: marking sent only after sending",
        "storage/outbox.py",
        "        return self.delivery.kind in POSTED and self.delivery.unclear_since is not None\n",
        "        return False\n",
        into("marking_sent_only_after_sending"),
    ),
    Mutant(
        "trap: marking sent before sending",
        "bot/retry.py",
        "        return Again(wait(tries), unclear=True)\n    if error in SENDERS_FAULT",
        '        return GiveUp("sent")\n    if error in SENDERS_FAULT',
        into("marking_sent_before_sending"),
    ),
    Mutant(
        "trap: counting what the night or the weekend held back as sent",
        "bot/holding.py",
        "    await outbox.held(session, parcel.delivery, until, because)\n",
        '    await outbox.closed(session, parcel.delivery, now, "sent")\n',
        (
            *into("counting_what_the_night_or_the_weekend_held_back_as_sent"),
            *into("holding_a_prompt_over_the_night_and_forgetting_it"),
        ),
    ),
    Mutant(
        "trap: marking a reminder done although sending failed",
        DELIVERY,
        "    sender.pace(parcel.team_id).rest(_lane(parcel.delivery), now, now + wait)\n"
        "    await _put_back(sender, parcel, now + wait)\n",
        "    await _sent(sender, parcel, None, None)\n",
        into("marking_a_reminder_done_although_sending_failed"),
    ),
    Mutant(
        "trap: subtracting minutes without moving the weekday",
        CALENDAR,
        LOCAL,
        "    return datetime.combine(day, wanted.replace(tzinfo=_zone(zone)).astimezone(UTC).time(), UTC)\n",
        into("subtracting_minutes_without_moving_the_weekday"),
    ),
    Mutant(
        "trap: dropping what Slack delivers again",
        "bot/app.py",
        "        self.under_way += 1\n",
        '        if req.headers.get("x-slack-retry-num", ["0"])[0] != "0":\n'
        "            return BoltResponse(status=200)\n"
        "        self.under_way += 1\n",
        into("dropping_what_slack_delivers_again"),
    ),
    Mutant(
        "trap: closing a goal because its owner was silent",
        "handlers/commitments/jobs.py",
        "    return await commitments.move_nudge_on(session, one, next_at) and wanted\n",
        '    one.state = one.state if next_at else "dropped"\n'
        "    return await commitments.move_nudge_on(session, one, next_at) and wanted\n",
        into("closing_a_goal_because_its_owner_was_silent"),
    ),
    Mutant(
        "trap: ringing everybody",
        "handlers/blocks.py",
        '    return {"text": cut(text, 3900), "blocks": list(blocks)} if blocks else {"text": cut(text, 3900)}\n',
        '    return {"text": f"<!here> {cut(text, 3900)}", "blocks": list(blocks)}\n',
        into("ringing_everybody"),
    ),
    Mutant(
        "trap: a long text that fails silently",
        "handlers/checkins/summing/summaries.py",
        "    whole = [packing.piece(*_whole(one)) for one in answers if not telling.fits(one.text, allowance)]\n",
        "    whole = []\n",
        into("a_long_text_that_fails_silently"),
    ),
    Mutant(
        "trap: user text that reaches mrkdwn unescaped",
        "handlers/blocks.py",
        '    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")\n',
        "    return text\n",
        into("user_text_that_reaches_mrkdwn_unescaped"),
    ),
]
