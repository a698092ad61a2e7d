"""Search finds practices by what city people say, explains each, and says when there is nothing."""

from datetime import datetime

import pytest
from sqlalchemy import update

from storage import practice_file, practices
from storage.database import Sessions
from storage.models import Practice
from storage.search import finder, index, library, spelling, thesaurus, words
from storage.search.finder import Answer, Match
from storage.search.index import Index
from tests.storage.test_practices import ENTRY, file, new_program

FOUND = (
    # what is asked, and what must be among the first three
    ("bus pass for homeless people on freezing nights", "nashville-extreme-weather-transit-card"),
    ("departments compete for budget money in front of the mayor", "nashville-public-investment-plans"),
    ("green belt black belt classes for city workers", "denver-peak-academy"),
    ("water rates based on ability to pay", "philadelphia-income-based-water-rate"),
    ("reduce homicides", "new-orleans-nola-for-life"),
    ("airport, school district and county buyers working together", "memphis-intergovernmental-procurement-consortium"),
    ("MBE capacity building course", "charlotte-amp-up"),
    ("SIB for housing first", "denver-supportive-housing-social-impact-bond"),
    ("get employees to stop driving alone", "durham-commute-incentives"),
    ("compstat style meetings with the mayor", "baltimore-citistat"),
    ("website for people coming home from prison", "baltimore-returning-residents-portal"),
    ("wifi and laptops in public housing", "austin-unlocking-the-connection"),
    ("which water pipes to replace first", "syracuse-water-main-prediction"),
    ("unarmed responders for mental health crises", "denver-star-crisis-response"),
    ("college savings for kindergarten", "san-francisco-kindergarten-to-college"),
    ("asset management of stairs and buildings", "pittsburgh-facilities-and-steps-finance"),
    ("city services food truck", "boston-city-hall-to-go"),
    ("word gap toddlers", "providence-talks"),
    ("ROI of eviction prevention", "boulder-eviction-program-evaluation"),
    ("M/WBE spending goal", "memphis-mwbe-spend-goal"),
    ("ban the box", "albuquerque-ban-the-box"),
    ("fair chance hiring", "albuquerque-ban-the-box"),
    ("our unhoused neighbors", "rockford-by-name-list"),
    ("Tennessee budget pitches", "nashville-public-investment-plans"),
)
NOTHING = (
    "urban tree canopy",
    "helicopter noise at night",
    "beekeeping on rooftops",
    "pickleball courts",
    "tourism marketing campaign",
    "generative AI policy",
    "graffiti removal",
    "cemetery maintenance",
    "electric vehicle charging stations",
    "snow",
    "asdf qwer",
)


@pytest.fixture(scope="module")
def starter() -> Index:
    """The index of the starter library."""
    data = (practices.resources.files("storage") / "library" / "practices.yaml").read_bytes()
    entries = practice_file.read(data).entries
    at = datetime.fromisoformat("2026-10-01T15:00:00+00:00")
    return index.build([entry.row(1, number, at) for number, entry in enumerate(entries, start=1)])


def slugs(answer: Answer) -> list[str]:
    return [hit.practice.slug for hit in answer.hits]


@pytest.mark.parametrize(("question", "slug"), FOUND)
def test_what_city_people_ask_is_among_the_first_three(starter: Index, question: str, slug: str) -> None:
    assert slug in slugs(finder.ask(starter, question))[:3]


@pytest.mark.parametrize("question", NOTHING)
def test_what_the_library_does_not_have_is_not_made_up(starter: Index, question: str) -> None:
    answer = finder.ask(starter, question)
    assert answer.hits == ()
    assert answer.asks


def test_misspelled_words_are_read_as_those_of_the_library_and_told(starter: Index) -> None:
    answer = finder.ask(starter, "tennants facing evicton")
    assert answer.corrected == (("tennants", "tenants"), ("evicton", "eviction"))
    assert slugs(answer)[0] in {"nyc-right-to-counsel-zip-rollout", "boulder-eviction-program-evaluation"}
    assert answer.hits[0].matches == (Match("tenants"), Match("eviction"))


def test_accents_and_case_make_no_difference(starter: Index) -> None:
    expected = slugs(finder.ask(starter, "San José digital inclusion"))
    assert expected[0] == "san-jose-digital-inclusion-partnership"
    assert slugs(finder.ask(starter, "SAN JOSE DIGITAL INCLUSION")) == expected


def test_each_hit_says_which_of_its_words_matched_and_for_what(starter: Index) -> None:
    [first, *_] = finder.ask(starter, "MWBE disparity study").hits
    assert first.practice.slug == "memphis-mwbe-spend-goal"
    assert first.matches[0].asked == "MWBE"
    assert [match for match in first.matches if match.asked is None] == [Match("disparity"), Match("study")]


def test_every_word_is_said_to_match_only_when_it_does(starter: Index) -> None:
    assert finder.ask(starter, "participatory budgeting").every_word
    assert not finder.ask(starter, "tenants facing eviction in winter").every_word


@pytest.mark.parametrize(
    ("question", "asked", "kind", "value"),
    [
        ("element:data-driven fire", "fire", "elements", "data-driven"),
        ("fire element:data", "fire", "elements", "data-driven"),
        ("city:Memphis procurement", "procurement", "places", "Memphis, TN"),
        ("CITY:New York tenants", "tenants", "places", "New York, NY"),
        ('city:"san josé" digital', "digital", "places", "San José, CA"),
        ("network:gare", "", "networks", "GARE"),
        ("network:wwc data", "data", "networks", "What Works Cities"),
        ("network:code for america courts", "courts", "networks", "Code for America"),
        ("topic:data sharing county", "county", "topics", "data-sharing"),
        ("city:Menphis procurement", "procurement", "places", "Memphis, TN"),
    ],
)
def test_filters_in_the_line_narrow_what_is_found(
    starter: Index, question: str, asked: str, kind: str, value: str
) -> None:
    answer = finder.ask(starter, question)
    assert answer.asked == asked
    assert answer.hits
    assert all(value in getattr(hit.practice, kind) for hit in answer.hits)


def test_filters_may_stand_together_and_a_misspelled_one_is_told(starter: Index) -> None:
    answer = finder.ask(starter, "element:data-driven city:Bostn")
    assert [one.read_as for one in answer.filters] == [None, "Boston, MA"]
    assert answer.hits
    for hit in answer.hits:
        assert "data-driven" in hit.practice.elements
        assert "Boston, MA" in hit.practice.places


def test_a_filter_that_the_library_does_not_know_finds_nothing(starter: Index) -> None:
    answer = finder.ask(starter, "city:Springfield procurement")
    assert answer.hits == ()
    assert answer.filters[0].values == frozenset()


def test_topics_near_a_question_without_an_answer_are_those_that_its_words_name(starter: Index) -> None:
    assert finder.ask(starter, "urban tree canopy").near == ("tactical-urbanism",)
    assert finder.ask(starter, "beekeeping on rooftops").near == ()
    assert finder.ask(starter, "lead paint in daycare").near == ("early-childhood",)


def test_a_question_of_silent_words_asks_nothing(starter: Index) -> None:
    answer = finder.ask(starter, "how do you do it?")
    assert not answer.asks
    assert answer.hits == ()


def test_every_topic_of_the_library_finds_something(starter: Index) -> None:
    lost = [topic for topic in finder.topics(starter) if not finder.ask(starter, topic.replace("-", " ")).hits]
    assert lost == []


def test_a_question_that_goes_on_and_on_is_answered(starter: Index) -> None:
    first, *_ = slugs(finder.ask(starter, "particpatory budgetting " * 40))
    assert first in slugs(finder.ask(starter, "participatory budgeting"))


def test_an_empty_library_answers_that_it_has_nothing() -> None:
    empty = index.build([])
    assert finder.ask(empty, "procurement").hits == ()
    assert finder.ask(empty, "city:Memphis").hits == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("procurment", "procurement"),
        ("homlesness", "homelessness"),
        ("buget", "budget"),
        ("hosuing", "housing"),
        ("goats", None),
        ("election", None),
        ("snow", None),
        ("canopy", None),
    ],
)
def test_a_typing_error_is_corrected_and_another_word_is_not(typed: str, meant: str | None) -> None:
    known = ["procurement", "homelessness", "budget", "housing", "goals", "eviction", "selection", "slow", "canape"]
    assert spelling.correct(spelling.learn(dict.fromkeys(known, 1)), typed) == meant


def test_a_text_is_split_into_folded_words() -> None:
    assert words.split("The tenant's start-up, in SAN JOSÉ: M/WBE & 3-1-1") == [
        "the", "tenant", "startup", "in", "san", "jose", "m", "wbe", "3", "1", "1",
    ]  # fmt: skip


def test_no_term_of_the_thesaurus_stands_there_twice() -> None:
    content = (practices.resources.files("storage") / "library" / "thesaurus.yaml").read_text()
    keys = [
        line.split(":")[0].strip().strip('"') for line in content.partition("\nmeans:")[2].splitlines() if ": [" in line
    ]
    assert sorted(keys) == sorted(set(keys))


def test_an_acronym_and_what_it_means_stand_for_one_another() -> None:
    stem = words.stemmer()
    known = thesaurus.load(stem)
    proposals = tuple(stem(word) for word in words.split("request for proposals"))
    assert ("rfp",) in {way.stems for way in known.others[proposals]}
    assert ("request", "propos") in {way.stems for way in known.others[("rfp",)]}


async def test_programs_are_never_answered_from_each_others_practices(sessions: Sessions, at: datetime) -> None:
    first, second = await new_program(sessions, at), await new_program(sessions, at, "T0OTHER")
    other = ENTRY | {"id": "elsewhere-secret", "title": "A secret garden for beekeepers"}
    await practices.import_practices(sessions, first, file(ENTRY), at)
    await practices.import_practices(sessions, second, file(other), at)
    for _ in range(2):
        async with sessions() as session:
            ours, theirs = await library.of(session, first), await library.of(session, second)
        assert slugs(finder.ask(ours, "beekeepers")) == []
        assert slugs(finder.ask(theirs, "beekeepers")) == ["elsewhere-secret"]


async def test_the_index_is_kept_until_the_practices_change(sessions: Sessions, at: datetime) -> None:
    program_id = await new_program(sessions, at)
    await practices.import_practices(sessions, program_id, file(ENTRY), at)
    async with sessions() as session:
        kept = await library.of(session, program_id)
        assert await library.of(session, program_id) is kept
    await practices.import_practices(sessions, program_id, file(ENTRY | {"summary": "Now with fireworks."}), at)
    async with sessions() as session:
        assert slugs(finder.ask(await library.of(session, program_id), "fireworks")) == ["elsewhere-night-market"]


async def test_what_is_not_published_is_not_found(sessions: Sessions, at: datetime) -> None:
    program_id = await new_program(sessions, at)
    await practices.import_practices(sessions, program_id, file(ENTRY), at)
    async with sessions.begin() as session:
        await session.execute(update(Practice).where(Practice.program_id == program_id).values(status="retired"))
    async with sessions() as session:
        assert (await library.of(session, program_id)).practices == ()
        assert await practices.find(session, program_id, 1) is None
