"""What stands on a Home, as values."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from handlers.home import participation_views, suggesting, views
from handlers.home.seen import Runs, Seen
from handlers.home.suggesting import Suggestion
from storage.cohorts import Person, Place
from storage.commitment_lists import Item
from storage.models import Commitment
from storage.participation import Failure, Quiet, Turn

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
ZONE = "America/Chicago"


class Names:
    command_cohort, command_checkin, command_commit, command_practices = "/cohort", "/checkin", "/commit", "/practices"


def turns(city: str, bar: str, cohort: str = "Inclusive procurement") -> list[Turn]:
    start = date(2026, 10, 5)
    return [
        Turn(1, cohort, city, start + timedelta(days=7 * week), answered=one == "a", declined=one == "p")
        for week, one in enumerate(bar)
    ]


def quiet(name: str, city: str = "Memphis, TN", read_at: datetime | None = None, missed: int = 3) -> Quiet:
    return Quiet(1, name, "Inclusive procurement", city, missed, read_at)


def item(number: int, due_on: date) -> Item:
    return Item(Commitment(number=number, text="a" * 3000, due_on=due_on, state="open"), None, "", "")


def seen(items: list[Item], running: list[Place], people: list[Place], runs: Runs | None) -> Seen:
    return Seen([], items, running, [], people, Suggestion(None), runs, 1, ZONE, NOW)


def place(key: int, name: str, cohort_id: int) -> Place:
    person = Person(key, name, "Chief of Staff", (), None, None)
    return Place(person, "lead", cohort_id, f"Cohort {cohort_id}", "PMI", None, f"City {key}", "TN", ZONE, None, None)


def text_of(blocks: list[dict]) -> str:
    return "\n".join(block["text"]["text"] for block in blocks if "text" in block)


def test_the_words_carry_the_numbers_and_the_bar_only_shows_when() -> None:
    some = [
        *turns("Memphis, TN", "aaaa."),
        *turns("Honolulu, HI", "ap..."),
        *turns("Austin, TX", "."),
        *turns("X", "a"),
    ]
    [lines] = participation_views.by_cohort(some).values()
    assert lines == [
        "Austin, TX ▁ did not answer the last one",
        "Honolulu, HI ▇–▁▁▁ answered 1 of the last 5, passed 1",
        "Memphis, TN ▇▇▇▇▁ answered 4 of the last 5",
        "X ▇ answered the last one",
    ]


def test_who_has_promised_nothing_reads_what_to_try_with_the_name_of_their_city_as_it_is_written() -> None:
    loud = replace(place(1, "Ana Diaz", 4), city="<!channel>")
    home = views.home(seen([], [loud], [], None), Names())
    assert "`/cohort who &lt;!channel&gt;` who else is there" in text_of(home["blocks"])


def test_the_quiet_are_named_by_city_whole_cities_first_and_who_still_reads_is_said() -> None:
    some = [
        quiet("Ana Diaz"),
        quiet("Rosa Kim", read_at=NOW - timedelta(days=2)),
        quiet("Bo <Li>", "Austin, TX", missed=2),
    ]
    [block] = participation_views.gone_quiet(some, turns("Memphis, TN", "a"), ZONE, NOW)
    assert block["text"]["text"].splitlines() == [
        "*3 people have gone quiet.* A personal word often helps; only facilitators see this.",
        "Austin, TX: Bo &lt;Li&gt;, no answer to the last 2.",
        "Memphis, TN: Ana Diaz and Rosa Kim, no answer to the last 3; "
        "Rosa Kim still looks in, last on Wednesday, November 18 (a colleague answered).",
    ]
    assert "nobody" in text_of(participation_views.gone_quiet([], [], ZONE, NOW))


def test_a_message_that_did_not_arrive_comes_with_what_to_do() -> None:
    failures = [
        Failure("C1", None, "not_in_channel", 2, NOW, "T1", "Programme Office"),
        Failure("U1", "Ana Diaz", "user_not_found", 1, NOW),
        Failure("U2", "Bo Li", "odd_<error>", 1, NOW),
    ]
    assert text_of(participation_views.not_arrived(failures, "T1", ZONE, NOW)).splitlines() == [
        "*4 messages did not arrive.*",
        "<#C1>: 2 messages, last on Friday, November 20. I am not in that channel. Type `/invite @Civic Cohort` in it.",
        "Ana Diaz: a message, last on Friday, November 20. "
        "Slack cannot reach this person any more. If they left, end their seat and name a successor.",
        "Bo Li: a message, last on Friday, November 20. "
        "Slack refused with `odd_&lt;error&gt;`. Please tell whoever runs me.",
    ]
    elsewhere = Failure("C1", None, "not_in_channel", 2, NOW, "T2", "Memphis city hall")
    told = text_of(participation_views.not_arrived([elsewhere], "T1", ZONE, NOW))
    assert "the channel in *Memphis city hall*: 2 messages" in told
    assert participation_views.not_arrived([], "T1", ZONE, NOW) == []


def test_home_and_its_windows_hold_a_hundred_blocks_at_most_and_no_text_too_long() -> None:
    items = [item(number, NOW.date() + timedelta(days=number % 9)) for number in range(300)]
    running = [place(1, "Ana Diaz", cohort_id) for cohort_id in range(1, 41)]
    people = [place(key, "Name " * 30, 1 + key % 5) for key in range(400)]
    every = [turn for number in range(120) for turn in turns(f"City {number}", "a.a", f"Cohort {number % 60}")]
    runs = Runs(every, [quiet("Name " * 30, f"City {number}") for number in range(400)], [])
    for kind in (views.COMMITMENTS, views.COHORTS, views.PARTICIPATION, "other"):
        window = views.window(kind, seen(items, running, people, runs))
        assert 0 < len(window["blocks"]) <= 100
    view = views.home(seen(items, running, people, runs), Names())
    assert len(view["blocks"]) <= 60
    assert all(len(block["text"]["text"]) <= 3000 for block in view["blocks"] if "text" in block)
    assert "Show all 300 commitments" in str(view)
    assert "Show all 40 cohorts" in str(view)
    assert "Show every city" in str(view)


def test_a_blocker_goes_before_a_commitment_a_theme_and_expertise() -> None:
    questions = [{"position": 0, "kind": "text"}, {"position": 1, "kind": "blocker"}]
    answers = [
        (questions, {"0": "moved", "1": "slow <payments>"}, date(2026, 11, 16)),
        (questions, {"0": "x"}, NOW.date()),
    ]
    blockers = list(suggesting.blockers_in(answers))
    assert blockers == [("slow <payments>", date(2026, 11, 16))]
    found = suggesting.reasons(blockers, [item(7, NOW.date())], ["Cohort 4: Procurement"], ["budget"], NOW.date())
    assert [one.question for one in found] == ["slow <payments>", "a" * 3000, "Procurement", "budget"]
    assert found[0].why == "Because on Monday, November 16 you named “slow &lt;payments&gt;” as a blocker"
    assert found[2].why == "Because the theme of your cohort is *Procurement*"
    with_topic = [(questions, {"1": {"text": "legal", "topic": "law"}}, NOW.date())]
    assert list(suggesting.blockers_in(with_topic)) == [("legal", NOW.date())]
