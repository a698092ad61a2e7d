"""The bot stood still for a while: what is stale is not sent and the round says why, the rest is sent once."""

from datetime import datetime

from tests.journeys import telling
from tests.journeys.telling import Said, moment
from tests.whole import Slack


def october(day: int, hour: int, minute: int = 0) -> datetime:
    return moment("UTC", 2026, 10, day, hour, minute)


async def wakes_up(slack: Slack, at: datetime) -> None:
    """The bot did nothing until now."""
    slack.clock.set(at)
    await slack.settle()


async def test_a_stop_of_some_hours_asks_everybody_once_as_soon_as_it_is_over(slack: Slack) -> None:
    await telling.makes_check_in(slack)
    await wakes_up(slack, october(5, 20))
    await slack.turn_to(october(6, 20))
    assert telling.said(slack, ["prompt"]) == [
        Said(october(5, 20), "prompt", who) for who in ("Ana", "Keola", "Rosa", "Tomas")
    ]
    assert "Open until Wednesday, October 7, 9:00 AM CDT." in slack.person("Ana").messages[0]["text"]


async def test_past_half_of_a_window_nobody_is_asked_and_facilitators_read_why(slack: Slack) -> None:
    await telling.makes_check_in(slack)
    await wakes_up(slack, october(6, 17))  # half of the window is over in Memphis and Phoenix; 7 AM in Honolulu
    assert telling.said(slack, ["prompt"]) == []
    await slack.turn_to(october(8, 12))
    assert telling.said(slack, ["prompt", "reminder"]) == [
        Said(october(6, 18), "prompt", "Keola"),
        Said(october(7, 18), "reminder", "Keola"),
    ]
    why = "Not asked because I was not running when it was their turn: Ana Diaz (Memphis), Rosa Kim (Memphis) and Tomas Reyes (Phoenix)."
    assert why in telling.words(telling.latest(slack, "Dana", "for facilitators"))
    [summary] = slack.person("Ana").sees("#cohort")
    assert "Ana" not in telling.words(summary)


async def test_who_was_not_asked_may_answer_all_the_same(slack: Slack) -> None:
    await telling.makes_check_in(slack)
    await wakes_up(slack, october(6, 17))
    form = await slack.person("Ana").types("/checkin")
    assert form is not None
    assert await form.submit(answer_0="The vendor survey is out.") is None  # type: ignore[union-attr]
    await slack.turn_to(october(7, 19))
    [summary] = slack.person("Keola").sees("#cohort")
    assert "*Memphis* · Ana Diaz\n_What moved forward since last time?_\n>The vendor survey is out." in telling.words(
        summary
    )


async def test_rounds_missed_as_a_whole_are_passed_over_and_the_next_one_says_so(slack: Slack) -> None:
    await telling.makes_check_in(slack)
    await wakes_up(slack, october(19, 14, 30))
    await slack.turn_to(october(21, 19))
    assert telling.said(slack, ["prompt"]) == [
        Said(october(19, 14, 30), "prompt", "Ana"),
        Said(october(19, 14, 30), "prompt", "Rosa"),
        Said(october(19, 16), "prompt", "Tomas"),
        Said(october(19, 19), "prompt", "Keola"),
    ]
    [summary] = slack.person("Ana").sees("#cohort")
    passed_over = "Not asked on Monday, October 5; and Monday, October 12: I was not running then."
    assert passed_over in telling.words(summary)
    assert passed_over in telling.words(telling.latest(slack, "Renee", "for facilitators"))


async def test_a_stop_over_the_end_of_a_window_reminds_nobody_and_sums_up_once(slack: Slack) -> None:
    await telling.makes_check_in(slack)
    await slack.turn_to(october(5, 19))
    await wakes_up(slack, october(8, 15))
    await slack.turn_to(october(9, 15))
    assert telling.said(slack, ["reminder"]) == []
    assert telling.said(slack, ["summary"]) == [
        Said(october(8, 15), "summary", who) for who in ("#cohort", "Dana", "Renee")
    ]


async def test_nudges_missed_in_a_stop_become_one(slack: Slack) -> None:
    await slack.person("Rosa").types("/commit", "send Phoenix our vendor survey by Oct 9")
    await wakes_up(slack, october(20, 15))
    assert telling.said(slack) == [Said(october(20, 15), "nudge", "Rosa")]
    await slack.turn_to(october(23, 14))
    assert telling.said(slack)[1:] == [Said(october(23, 14), "nudge", "Rosa")]


async def test_what_waits_for_the_morning_is_not_sent_when_the_morning_is_too_late(slack: Slack) -> None:
    await telling.makes_check_in(slack, window="One day")
    await wakes_up(
        slack, october(5, 23, 30)
    )  # past six in Memphis; half of the window ends at nine in the evening there
    await slack.turn_to(october(7, 12))
    assert [one.to for one in telling.said(slack, ["prompt"])] == ["Keola", "Tomas"]
    late = telling.words(telling.latest(slack, "Dana", "for facilitators"))
    assert "Not asked because the message would have come too late: Ana Diaz (Memphis) and Rosa Kim (Memphis)." in late
