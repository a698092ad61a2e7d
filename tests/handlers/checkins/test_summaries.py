"""What a closed round says: by city, blockers first, never more than Slack takes, never more than a reader may see."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config import Settings
from bot.sandbox import limits
from handlers.checkins import rules, views
from handlers.checkins.blocker_views import Care
from handlers.checkins.summing import packing, summaries, telling
from handlers.checkins.summing.summaries import Brought
from storage.answers import Given
from storage.blockers import Found
from storage.checkins import Listed
from storage.models import Blocker, CheckIn, Cohort, Practice, Round
from storage.rounds import Standing
from tests.handlers.checkins.steps import CLOSED, read

Json = dict[str, Any]
TODAY = date(2026, 10, 7)
SETTINGS = Settings("xoxb-")
QUESTIONS = [
    {"position": 0, "kind": "text", "text": "What moved?", "audience": "cohort"},
    {"position": 1, "kind": "scale", "text": "How sure?", "audience": "city"},
    {"position": 2, "kind": "blocker", "text": "What is in the way?", "audience": "cohort"},
]
FOUND = Listed(CheckIn(id=1, number=1, name="Pulse"), Cohort(id=1, name="Inclusive procurement"), "America/New_York")


def a_round(note: str = "") -> Round:
    return Round(id=1, check_in_id=1, nominal_on=date(2026, 10, 5), questions=QUESTIONS, note=note, anonymous={})


def an_answer(number: int, **values: str) -> Given:
    kept = {key.removeprefix("q"): value for key, value in values.items()}
    return Given(1, number, f"Person {number}", number, f"City {number:03}", kept, late=False)


def brought(given_: list[Given], people: list[Standing] | None = None, note: str = "", **more: Any) -> Brought:
    return Brought(FOUND, more.pop("this", a_round(note)), given_, people or [], TODAY, **more)


def public(given_: list[Given], **more: Any) -> list[Json]:
    """The messages for the channel: the summary, then what follows in its thread; each held against Slack's limits."""
    return [check(one) for one in summaries.for_channel(brought(given_, **more), SETTINGS)]


def private(given_: list[Given], people: list[Standing], **more: Any) -> list[Json]:
    return [check(one) for one in summaries.for_facilitators(brought(given_, people, **more))]


def mrkdwn(messages: list[Json]) -> str:
    """What Slack reads as markup; in plain text nothing rings."""
    parts = [part for one in messages for _, part in limits.objects_within(one["blocks"])]
    return "\n".join(part["text"] for part in parts if part.get("type") == "mrkdwn") + "".join(
        one["text"] for one in messages
    )


def all_text(messages: list[Json]) -> str:
    return "\n".join(read(one) for one in messages)


def standing(number: int, **how: Any) -> Standing:
    usual = {
        "name": f"Person {number}",
        "answered": False,
        "declined": False,
        "skipped": None,
        "asked": True,
        "outcome": "sent",
        "ends_at": CLOSED,
    }
    return Standing(number, city=f"City {number:03}", **(usual | how))


def check(message: Json) -> Json:
    """Held against Slack's limits; every text must be a real one."""
    limits.check_blocks(message["blocks"])
    limits.check_length(message["blocks"])
    assert len(message["text"]) < 4000
    assert all(block["text"]["text"].strip() for block in message["blocks"] if block["type"] == "section")
    return message


@pytest.mark.parametrize("people", [0, 1, 3, 30, 200])
@pytest.mark.parametrize("text", ["short", "long words & <tags> " * 150, "&" * 3000, "\n" * 50 + "x\n\ny" * 500])
def test_a_summary_fits_into_messages_whatever_people_wrote(people: int, text: str) -> None:
    given_ = [an_answer(number, q0=text, q1="3", q2=text) for number in range(people)]
    everybody = [standing(number) for number in range(people * 2)]
    for messages in (public(given_, note="Not asked."), private(given_, everybody)):
        assert len(messages) <= 1 + packing.REPLIES
    reader = rules.Reader(999, True, frozenset(), False, False)
    readable = telling.readable(a_round(), given_, reader, None)
    seen = 0
    for page in range(-(-len(readable) // summaries.PAGE) or 1):
        view = summaries.in_full(FOUND, a_round(), readable, TODAY, "1", page)
        limits.check_view(view)
        seen += sum(block["text"]["text"] == text for block in view["blocks"] if block["type"] == "section")
    assert seen == 2 * people, "every answer is there in full"


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=900), min_size=1, max_size=12))
def test_no_text_breaks_a_summary_or_rings_anybody(texts: list[str]) -> None:
    given_ = [an_answer(number, q0=text, q2=f"<!channel>{text}") for number, text in enumerate(texts)]
    assert "<!" not in mrkdwn(public(given_)) + mrkdwn(private(given_, []))


def test_blockers_come_first_then_the_cities() -> None:
    given_ = [an_answer(1, q0="Moved one"), an_answer(2, q0="Moved two", q2="No budget")]
    said = read(public(given_)[0])
    assert said.index("One blocker") < said.index("No budget") < said.index("Moved one") < said.index("Moved two")


def test_the_channel_reads_only_what_the_cohort_may_and_facilitators_the_rest() -> None:
    given_ = [an_answer(1, q0="For all", q1="4")]
    told, rest = all_text(public(given_)), all_text(private(given_, [standing(1, answered=True)]))
    assert "For all" in told
    assert "4 of 5" not in told
    assert "4.0 of 5" not in told
    assert "4 of 5" in rest
    assert "For all" not in rest


def test_when_nothing_is_for_the_cohort_the_channel_hears_that_there_were_answers() -> None:
    said = read(public([an_answer(1, q1="4")])[0])
    assert "Their answers are for their city teams and the facilitators." in said


def test_nobody_is_named_in_the_channel_for_not_answering() -> None:
    this = brought([an_answer(1, q0="For all")], [standing(1, answered=True), standing(2), standing(3, declined=True)])
    said = all_text(summaries.for_channel(this, SETTINGS))
    assert "Person 2" not in said
    assert "Person 3" not in said


def test_facilitators_are_spared_a_message_that_says_nothing_new() -> None:
    given_ = [an_answer(1, q0="For all")]
    assert private(given_, [standing(1, answered=True)]) == []


def test_facilitators_read_who_is_welcome_who_passed_and_who_was_not_reached() -> None:
    people = [
        standing(1, answered=True),
        standing(2),
        standing(3, declined=True),
        standing(4, skipped="not_in_slack", asked=False, outcome=None),
        standing(5, outcome="expired"),
        standing(6, outcome="user_disabled"),
    ]
    said = all_text(private([], people))
    assert "1 of 3 answered; three were not asked." in said
    assert "Still welcome to answer: Person 2 (City 002)." in said
    assert "Passed this time: Person 3 (City 003)." in said
    assert "Not asked because I cannot reach them in Slack yet: Person 4 (City 004)." in said
    assert "Not asked because the message would have come too late: Person 5 (City 005)." in said
    assert "Not asked because Slack did not take the message: Person 6 (City 006)." in said


def test_a_cut_text_reads_on_in_the_thread_where_it_stands_whole() -> None:
    long = "word & " * 400 + "The end."
    message, reply = public([an_answer(7, q0=long)])
    assert "Read on in the thread" in read(message)
    assert "The end." not in read(message)
    assert "*City 007* · Person 7 · What moved?" in read(reply)
    assert long in read(reply)
    assert reply["text"].endswith("Continued.")


def test_more_cities_than_fit_continue_in_the_thread_in_order() -> None:
    messages = public([an_answer(number, q0=f"Moved {number:03}.") for number in range(90)])
    assert "Answers from 90 cities." in read(messages[0])
    assert "The rest is in the thread." in read(messages[0])
    said = all_text(messages)
    places = [said.index(f"Moved {number:03}.") for number in range(90)]
    assert places == sorted(places)


def test_what_is_too_much_for_a_thread_is_behind_a_button() -> None:
    messages = public([an_answer(number, q0=f"{number} " * 700) for number in range(200)])
    assert len(messages) == 1 + packing.REPLIES
    [more] = [block["accessory"] for block in messages[-1]["blocks"] if "accessory" in block]
    assert (more["action_id"], more["text"]["text"], more["value"]) == (views.READ, "Read all answers", "1")


def test_forty_cities_with_ten_long_answers_each_fit() -> None:
    asked = [
        {"position": place, "kind": "text", "text": f"Question {place} {'?' * 280}", "audience": "cohort"}
        for place in range(10)
    ]
    this = Round(id=1, check_in_id=1, nominal_on=date(2026, 10, 5), questions=asked, note="", anonymous={})
    everything = {f"q{place}": "<!here> & more " * 200 for place in range(10)}
    messages = public([an_answer(number, **everything) for number in range(40)], this=this)
    assert len(messages) == 1 + packing.REPLIES
    assert "<!here>" not in mrkdwn(messages)


def test_many_blockers_leave_room_for_the_cities_and_keep_their_order() -> None:
    messages = public([an_answer(number, q0="Moved", q2=f"Blocked {number:03}.") for number in range(60)])
    assert "Moved" in read(messages[0])
    said = all_text(messages)
    places = [said.index(f"Blocked {number:03}.") for number in range(60)]
    assert places == sorted(places)


def test_all_who_are_missing_are_named_however_many() -> None:
    people = [standing(number, name=f"Person with a longer name {number:03}") for number in range(400)]
    said = all_text(private([], people))
    assert all(f"Person with a longer name {number:03} (City {number:03})" in said for number in range(400))


def test_a_reader_turns_only_the_pages_that_there_are() -> None:
    answers = telling.told(a_round(), [an_answer(number, q0="Moved") for number in range(60)])

    def buttons(page: int) -> list[str]:
        view = summaries.in_full(FOUND, a_round(), answers, TODAY, "1", page)
        rows = [block["elements"] for block in view["blocks"] if block["type"] == "actions"]
        return [button["value"] for row in rows for button in row]

    assert [buttons(page) for page in (-1, 0, 1, 2, 9)] == [["1:1"], ["1:1"], ["1:0", "1:2"], ["1:1"], ["1:1"]]


def test_a_stranger_to_the_cohort_reads_nothing_of_it() -> None:
    nobody = rules.Reader(99, False, frozenset(), False, False)
    given_ = [an_answer(1, q0="For the cohort", q1="2")]
    assert telling.readable(a_round(), given_, nobody, None) == []
    view = summaries.in_full(FOUND, a_round(), [], TODAY, "1", 0)
    assert "There is nothing here that you may read." in read({"blocks": view["blocks"]})


def test_a_channel_is_spared_only_when_nobody_was_reached_and_nobody_answered() -> None:
    unreached = [standing(1, skipped="late", asked=False, outcome=None)]
    assert summaries.nobody_to_tell([], unreached)
    assert not summaries.nobody_to_tell([], [*unreached, standing(2)])
    assert not summaries.nobody_to_tell([an_answer(1, q0="Early")], unreached)


def test_who_is_away_is_named_apart_and_not_counted_as_missing() -> None:
    people = [
        standing(1, answered=True, away=True),
        standing(2, skipped="away", asked=False, outcome=None),
        standing(3, away=True),
        standing(4, outcome="away"),
        standing(5, declined=True, away=True),
        standing(6),
    ]
    said = all_text(private([], people))
    assert "1 of 3 answered; three are away." in said
    assert "Away: Person 2 (City 002), Person 3 (City 003) and Person 4 (City 004)." in said
    assert "Passed this time: Person 5 (City 005)." in said
    assert "Still welcome to answer: Person 6 (City 006)." in said


ASKED_ANONYMOUSLY = {"position": 1, "kind": "scale", "text": "How safe?", "audience": "cohort", "anonymous": True}


def kept(kind: str, values: list[str], **more: Any) -> Round:
    """A round with one anonymous question, and what was answered to it when the round closed."""
    asked = [{**ASKED_ANONYMOUSLY, "kind": kind, **more}]
    return Round(id=1, check_in_id=1, nominal_on=date(2026, 10, 5), questions=asked, note="", anonymous={"1": values})


def test_anonymous_answers_are_shown_from_five_on_and_never_by_city() -> None:
    few = read(public([an_answer(1), an_answer(2)], this=kept("scale", ["2", "3", "4", "4"]))[0])
    assert "Anonymous: shown from five answers on, so that nobody can be recognized. There are fewer." in few
    assert "of 5" not in few
    enough = read(public([an_answer(1)], this=kept("scale", ["2", "3", "4", "4", "5"]))[0])
    assert "3.6 of 5 (five answers, from 2 to 5)\n▇▇▇▇▇▇▇▁▁▁\n_Anonymous_" in enough
    assert "*City 001*" not in enough


def test_anonymous_texts_are_quoted_in_no_order_and_for_the_right_eyes() -> None:
    texts = [f"Text {number} <!here> {'word ' * 500}" for number in range(9)]
    this = kept("text", texts, audience="facilitators")
    assert "Text 3" not in all_text(public([an_answer(1)], this=this))
    said = all_text(private([an_answer(1)], [], this=this))
    assert all(f"Text {number} &lt;!here&gt;" in said for number in range(9))
    assert all(text.strip() in said for text in texts), "each stands whole in the thread"
    assert "Person" not in said
    assert all_text(private([an_answer(1)], [], this=kept("text", texts[:4], audience="city"))).count("Text") == 0


def a_row(number: int, text: str, **more: Any) -> Found:
    row = {"id": number, "seat_id": number, "member_id": number, "position": 2, "topic": "", "cohort_id": 1} | more
    by = row.pop("by", "")
    return Found(
        Blocker(text=text, audience="cohort", prompt_id=number, **row), f"Person {number}", f"City {number:03}", by
    )


def test_a_blocker_comes_with_practices_and_who_looks_after_it_but_buttons_for_that_only_to_facilitators() -> None:
    practice = Practice(id=7, number=12, title="Prompt pay <b>", places=["Memphis, TN"], years="2019-")
    care = Care([a_row(1, "No <b>udget", by="Dana Whitfield")], {("", "No <b>udget"): [practice]})
    given_ = [an_answer(1, q2="No <b>udget"), an_answer(2, q2="Another")]
    for messages, buttons in (
        (public(given_, care=care), ["Read 12"]),
        (private(given_, [], care=care), ["Read 12", "Undo: looked after", "No longer blocked", "Deliveries"]),
    ):
        said = read(messages[0])
        assert "_Done elsewhere:_\n*12 · Prompt pay &lt;b&gt;* — Memphis, TN, since 2019" in said
        assert said.count("Done elsewhere") == 1, "nothing is said where no practice fits"
        assert "Dana Whitfield looks after this." in said
        rows = [block["elements"] for block in messages[0]["blocks"] if block["type"] == "actions"]
        assert [one["text"]["text"] for row in rows for one in row] == buttons
