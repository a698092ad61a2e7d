"""What can be counted, said in words with a small bar; and what must not be shown: few anonymous answers, or narrower eyes."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.sandbox import limits
from handlers.blocks import section
from handlers.checkins.summing import charts, drawing, trends
from storage.summing import Past

TODAY = date(2026, 11, 23)
LAST = date(2026, 10, 12)


def asked(kind: str, **more: Any) -> dict[str, Any]:
    return {"position": 1, "kind": kind, "text": "How sure?", "audience": "cohort", "options": {}, **more}


def past(values: list[str], on: date = LAST, **more: Any) -> Past:
    return Past(on, [asked(more.pop("kind", "scale"), **more)], {1: values})


def chart(question: dict[str, Any], values: list[Any], *pasts: Past, public: bool = True) -> str | None:
    return charts.of(question, values, [*pasts, past([])], TODAY, public=public)


def test_a_scale_says_its_mean_and_the_change_since_last_time_before_its_bar() -> None:
    assert chart(asked("scale"), ["3", "4", "4", "3", "4"], past(["3", "3", "4", "3", "3"])) == (
        "*How sure?*\n3.6 of 5, up 0.4 since October 12 (five answers, from 3 to 4)\n▇▇▇▇▇▇▇▁▁▁"
    )
    assert (
        chart(asked("scale"), ["2"], past(["4"]))
        == "*How sure?*\n2.0 of 5, down 2 since October 12 (one answer)\n▇▇▇▇▁▁▁▁▁▁"
    )
    assert "3.0 of 5, as on October 12 (" in (chart(asked("scale"), ["3"], past(["3"])) or "")
    assert "5.0 of 5 (one answer)" in (chart(asked("scale"), ["5"]) or "")


def test_the_change_is_that_of_the_figures_that_are_shown() -> None:
    said = chart(asked("scale"), ["3", "3", "4"], past(["3", "3", "3", "4"]))
    assert said is not None
    assert "3.3 of 5, up 0.1 since October 12" in said, "3.25 was told as 3.2"


def test_last_time_is_the_last_round_in_which_the_same_question_was_answered() -> None:
    other = Past(date(2026, 11, 9), [asked("scale", text="Another one")], {1: ["1"]})
    said = chart(asked("scale"), ["5"], past(["4"]), other)
    assert said is not None
    assert "up 1 since October 12" in said
    assert "since December 29, 2025" in (chart(asked("scale"), ["5"], past(["4"], date(2025, 12, 29))) or "")


def test_what_was_asked_for_fewer_eyes_is_no_last_time_in_a_channel() -> None:
    narrow = past(["1"], audience="facilitators")
    assert "since" not in (chart(asked("scale"), ["5"], narrow) or "")
    assert "since" in (chart(asked("scale"), ["5"], narrow, public=False) or "")


def test_a_number_says_its_middle_and_choices_are_counted() -> None:
    assert chart(asked("number"), ["1", "1,200", "7.5"], past(["5"], kind="number")) == (
        "*How sure?*\n7.5 in the middle, up 2.5 since October 12 (three answers, from 1 to 1,200)"
    )
    assert chart(asked("yes_no"), ["yes", "yes", "no"]) == "*How sure?*\nYes: 2 of 3 ▇▇▇▇▇▇▇▁▁▁\nNo: 1 of 3 ▇▇▇▁▁▁▁▁▁▁"
    offered = asked("choices", options={"choices": ["Legal", "Money", "Time"]})
    assert chart(offered, [["Money", "Time"], ["Money"]]) == (
        "*How sure?*\nLegal: none ▁▁▁▁▁▁▁▁▁▁\nMoney: 2 of 2 ▇▇▇▇▇▇▇▇▇▇\nTime: 1 of 2 ▇▇▇▇▇▁▁▁▁▁"
    )
    assert chart(offered, ['["Money", "Time"]']) == chart(offered, [["Money", "Time"]]), "as an anonymous one is kept"
    assert chart(asked("text"), ["Words"]) is None
    assert chart(asked("scale"), []) is None


@given(
    st.sampled_from(["scale", "number", "choice", "choices", "yes_no"]),
    st.lists(st.text(min_size=1, max_size=75), max_size=30),
)
def test_no_answer_breaks_a_chart(kind: str, values: list[str]) -> None:
    offered = {"choices": values[:10]}
    said = chart(asked(kind, options=offered), values, past(values, kind=kind))
    if said:
        limits.check_blocks([section(said)])
        assert "<!" not in said


def rounds(values: list[list[str]], **more: Any) -> list[Past]:
    return [past(some, date(2026, 8, 31) + timedelta(days=14 * place), **more) for place, some in enumerate(values)]


def test_six_rounds_make_a_trend_and_five_do_not() -> None:
    assert trends.of([asked("scale")], rounds([["3"]] * 5), public=True) == []
    [trend] = trends.of([asked("scale")], rounds([["3", "4"], ["3"], ["4"], [], ["4"], ["5"], ["5"]]), public=True)
    assert [value for _, value in trend.points] == [3.5, 3, 4, 4, 5, 5]
    assert trends.in_short([trend], TODAY) == "Over the last six rounds: “How sure?” went from 3.5 to 5.0 of 5."
    assert trends.in_words([trend], TODAY).startswith("“How sure?” by round: August 31 3.5, September 14 3.0,")


def test_a_picture_for_the_channel_leaves_out_what_it_may_not_see() -> None:
    private = asked("scale", audience="city")
    assert trends.of([private], rounds([["3"]] * 7, audience="city"), public=True) == []
    assert len(trends.of([private], rounds([["3"]] * 7, audience="city"), public=False)) == 1
    assert trends.of([asked("scale")], rounds([["3"]] * 7), public=False) == [], "it stands in the channel"
    # A question that was asked for facilitators at first, and for the cohort later.
    assert trends.of([asked("scale")], rounds([["3"]] * 7, audience="facilitators"), public=True) == []


def test_a_trend_leaves_out_rounds_with_fewer_than_five_anonymous_answers() -> None:
    hidden = asked("scale", anonymous=True)
    few, enough = ["3"] * 4, ["4"] * 5
    [trend] = trends.of([hidden], rounds([enough] * 6 + [few], anonymous=True), public=True)
    assert [value for _, value in trend.points] == [4] * 6


@pytest.mark.parametrize(
    "question",
    ["How sure?", "$x^2$ & <!channel> \\frac{", "q" * 300, "How sure? " * 30, "😀", "多少？", "a\nb\tc", "{}%s"],
)
def test_a_picture_is_drawn_whatever_is_asked(question: str) -> None:
    some = rounds([["1"], ["5"], ["2"], ["4"], ["3"], ["5"]], text=question)
    found = trends.of([asked("scale", text=question)], some, public=True)
    picture = Image.open(BytesIO(drawing.picture(found, TODAY)))
    assert (picture.format, picture.width) == ("PNG", 1000)
    assert len(drawing.picture(found, TODAY)) < 60_000


def test_numbers_of_any_size_are_drawn() -> None:
    values = [["-5"], ["0"], ["1000000000000000"], ["0.000001"], ["0"], ["7"]]
    found = trends.of([asked("number")], rounds(values, kind="number"), public=True)
    assert drawing.picture(found * trends.PANELS, TODAY)
