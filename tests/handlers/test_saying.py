"""What somebody answered, in words that are alike everywhere."""

import pytest

from handlers.saying import said

SCALE = {"kind": "scale", "audience": "city", "options": {"labels": ["lost", "unsure", "halfway", "sure", "done"]}}
WENT = {"number": 7, "text": "Publish the list", "audience": "cohort", "went": "on_track"}
MOVED = WENT | {"number": 8, "audience": "city", "went": "new_date", "due_on": "2026-12-11", "why": "Legal is late."}


@pytest.mark.parametrize(
    ("question", "value", "words"),
    [
        ({"kind": "text", "audience": "city"}, "Moved <b>", "Moved <b>"),
        ({"kind": "scale", "audience": "city"}, "4", "4 of 5"),
        (SCALE, "4", "4 of 5 (sure)"),
        (SCALE | {"options": {"labels": ["not at all", "completely"]}}, "1", "1 of 5"),
        (SCALE, "9", "9 of 5"),
        ({"kind": "yes_no", "audience": "city"}, "yes", "Yes"),
        ({"kind": "yes_no", "audience": "city"}, "no", "No"),
        ({"kind": "number", "audience": "city"}, "0", "0"),
        ({"kind": "choice", "audience": "city"}, "The second", "The second"),
        ({"kind": "choices", "audience": "city"}, ["One, or none", "Two"], "One, or none; Two"),
        ({"kind": "blocker", "audience": "city"}, "An old one", "An old one"),
        ({"kind": "blocker", "audience": "city"}, {"topic": "", "text": "Legal"}, "Legal"),
        ({"kind": "blocker", "audience": "city"}, {"topic": "small-business", "text": "Fees"}, "Small business: Fees"),
        ({"kind": "text", "audience": "city"}, None, ""),
        ({"kind": "choices", "audience": "city"}, [], ""),
    ],
)
def test_each_kind_is_said_in_words(question: dict[str, object], value: object, words: str) -> None:
    assert said(question, value) == words


def test_commitments_are_said_with_how_each_goes() -> None:
    assert said({"kind": "commitments", "audience": "city"}, [WENT, MOVED]) == (
        "#7 Publish the list: on track\n#8 Publish the list: moved to Friday, December 11, 2026. Legal is late."
    )


def test_a_commitment_is_said_to_nobody_whom_its_own_audience_leaves_out() -> None:
    question = {"kind": "commitments", "audience": "cohort"}
    assert said(question, [WENT, MOVED]) == "#7 Publish the list: on track"
    assert said(question, [MOVED]) == ""
