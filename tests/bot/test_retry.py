"""Again when, or give up."""

from hypothesis import given
from hypothesis import strategies as st

from bot import retry
from bot.retry import Again, GiveUp


def test_what_somebody_can_put_right_is_tried_again() -> None:
    assert retry.after("not_in_channel", 1) == Again(2)
    assert retry.after("not_in_channel", retry.MOST_TRIES) == GiveUp("not_in_channel")


def test_what_slack_will_never_take_is_given_up_at_once() -> None:
    assert retry.after("invalid_blocks", 1) == GiveUp("invalid_blocks")


def test_an_error_inside_slack_may_have_taken_effect() -> None:
    verdict = retry.after("internal_error", 1)
    assert isinstance(verdict, Again)
    assert verdict.unclear


def test_what_got_no_answer_is_never_given_up() -> None:
    assert retry.unclear(retry.MOST_TRIES + 1) == Again(3600, unclear=True)


@given(st.integers(1, 1000))
def test_waits_grow_to_an_hour(tries: int) -> None:
    assert retry.wait(tries) <= retry.wait(tries + 1) <= 3600
