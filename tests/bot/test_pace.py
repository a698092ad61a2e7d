"""How fast the sender goes: so many messages a minute, one in a while to a place, and as long a rest as Slack asks for."""

from datetime import UTC, datetime, timedelta

from bot.pace import A_MINUTE, BATCH, Pace

NOW = datetime(2026, 10, 1, 15, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def test_a_place_gets_one_message_a_second_and_others_do_not_wait_for_it() -> None:
    pace = Pace(300, SECOND)
    assert pace.take("C1", NOW) is None
    assert pace.take("C1", NOW) == NOW + SECOND
    assert pace.take("C2", NOW) is None
    assert pace.take("C1", NOW + SECOND) is None


def test_a_workspace_gets_so_many_messages_a_minute() -> None:
    pace = Pace(3, SECOND)
    for place in ("C1", "C2"):
        pace.take(place, NOW)
    assert (pace.allowed(NOW), pace.free_at(NOW)) == (1, NOW)
    pace.take("C3", NOW + SECOND)
    assert (pace.allowed(NOW + SECOND), pace.free_at(NOW + SECOND)) == (0, NOW + A_MINUTE)
    assert pace.allowed(NOW + MINUTE) == 0  # Slack began to count a little later
    assert pace.allowed(NOW + A_MINUTE) == 2
    assert Pace(0, SECOND).allowed(NOW) == BATCH


def test_what_was_taken_and_has_not_begun_counts_too() -> None:
    pace = Pace(3, SECOND)
    pace.take("C1", NOW)
    pace.expected.update((7, 8))
    assert pace.allowed(NOW) == 0
    pace.expected.discard(7)
    assert pace.allowed(NOW) == 1


def test_when_slack_asks_to_wait_the_place_rests_and_when_it_asks_for_several_all_do() -> None:
    pace = Pace(300, SECOND)
    pace.rest("C1", NOW, NOW + MINUTE)
    assert (pace.take("C1", NOW), pace.take("C2", NOW), pace.allowed(NOW) > 0) == (NOW + MINUTE, None, True)
    pace.rest("C2", NOW, NOW + 2 * MINUTE)
    assert (pace.allowed(NOW), pace.free_at(NOW)) == (0, NOW + 2 * MINUTE)
    assert pace.allowed(NOW + 2 * MINUTE) > 0
