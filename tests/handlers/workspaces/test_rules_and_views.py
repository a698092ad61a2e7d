"""Codes are read however they are typed; what is said of workspaces, codes and claims, as values."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.workspaces import claim_views, rules, views
from storage.claims import Told
from storage.links import LENGTH, LETTERS, Linked, Open
from storage.models import IdentityClaim, LinkCode, Member, Program, Workspace
from storage.moving import Look

NOW = datetime(2026, 10, 1, 15, 0, tzinfo=UTC)
CODE = "K7QM2XHP9RTV"
ZONE = "America/New_York"


class Names:
    command_cohort, command_checkin, command_commit, command_practices = "/cohort", "/checkin", "/commit", "/practices"
    install_url = "https://civic.example/slack/install"


def workspace(number: int, name: str, *, linked: bool = False) -> Workspace:
    linked_at = NOW if linked else None
    return Workspace(id=number, program_id=1, team_id=f"T{number}", name=name, bot_user_id="U0", linked_at=linked_at)


OFFICE, CITY = workspace(1, "Programme Office"), workspace(2, "Memphis <city> hall", linked=True)
MINE = Open(7, CODE, 1, "Dana Whitfield", NOW + timedelta(days=7))
OTHER = Open(8, CODE[::-1], 2, "Uma <Runs>", NOW + timedelta(days=2))


@given(st.text(LETTERS, min_size=LENGTH, max_size=LENGTH), st.sampled_from(["", " ", "-", " - "]), st.booleans())
def test_a_code_is_read_however_it_is_spaced_and_in_whatever_letters(code: str, between: str, small: bool) -> None:
    typed = between.join(code.lower() if small else code)
    assert rules.read_code(typed) == rules.read_code(rules.spoken(code)) == code


@given(st.text(max_size=40))
def test_whatever_is_typed_is_read_without_harm(typed: str) -> None:
    assert set(rules.read_code(typed)) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def test_slack_is_asked_again_a_few_times_and_then_given_up() -> None:
    waits = [rules.wait(tries) for tries in range(5)]
    assert waits[-1] is None
    assert sorted(wait for wait in waits[:-1] if wait) == waits[:-1]


def page(
    mine: Open | None = MINE, codes: tuple[Open, ...] = (MINE, OTHER), settings: type = Names
) -> dict[str, object]:
    known = [Linked(OFFICE, 1, "UDANA", None), Linked(CITY, None, None, None)]
    return views.page(mine, codes, known, "T1", ZONE, NOW, settings)  # type: ignore[arg-type]


def test_the_page_shows_the_code_with_its_two_steps_the_other_codes_and_the_workspaces() -> None:
    message = page()
    said = str(message)
    assert str(message["text"]).startswith(
        "K7QM-2XHP-9RTV brings one more Slack workspace into your program, once, until Thursday, October 8."
    )
    assert "1. Install Civic Cohort there: https://civic.example/slack/install" in said
    assert "`/cohort link K7QM-2XHP-9RTV`" in said
    assert "made by Uma &lt;Runs&gt;, good until Saturday" in said
    assert "• Programme Office, this one" in said
    assert "• Memphis &lt;city&gt; hall, linked Thursday, October 1" in said
    assert said.count("Take it back") == 2
    assert "Make another code" in said


def test_without_an_address_to_install_from_it_says_who_has_it() -> None:
    class Nowhere(Names):
        install_url = ""

    assert "`PUBLIC_URL`" in str(page(settings=Nowhere))


def test_with_too_many_open_codes_it_says_what_to_do() -> None:
    message = page(None)
    assert str(message["text"]).startswith("There are ten open codes")
    assert "Make another code" not in str(message)


@pytest.mark.parametrize("problem", sorted(views.NO_CODE))
def test_every_refusal_says_that_nothing_was_changed(problem: str) -> None:
    text = views.refused(problem)["text"]
    assert any(words in text for words in ("othing was changed", "I changed nothing", "was not used"))


def offered(*runs: str) -> str:
    program = Program(id=1, name="A <program>")
    code = LinkCode(id=3, program_id=1, code=CODE)
    return str(views.offer(Look(CITY, None, code, program, None), runs, "key"))


def test_the_question_names_both_sides_and_says_what_is_lost() -> None:
    said = offered("Dana <Whitfield>", "Renee", "Uma", "Zoe")
    assert "Link *Memphis &lt;city&gt; hall* to the program *A &lt;program&gt;*" in said
    assert "run by Dana &lt;Whitfield&gt;, Renee and Uma and others?" in said
    assert "I cannot take that back" in said
    assert "which nobody runs at the moment?" in offered()


def told(name: str = "Ana <Diaz>") -> Told:
    claim = IdentityClaim(id=4, name=name, user_id="UX", workspace_id=2, member_id=1)
    return Told(claim, Member(id=1, name="Ana Diaz"), CITY)


def test_the_question_to_a_member_escapes_what_others_chose_to_be_called() -> None:
    message = claim_views.question(told("<!channel> Ana"))
    assert "<!channel>" not in message["text"]
    assert str(message["blocks"][0]).count("&lt;!channel&gt; Ana") == 1
    assert "Memphis &lt;city&gt; hall" in message["text"]


def test_where_one_is_written_to_is_the_last_choice_else_the_first_one() -> None:
    first, second = Linked(OFFICE, 5, "U1", None), Linked(CITY, 9, "U2", None)
    assert claim_views.ways([first]) == []
    assert "I write to you in *Programme Office*" in str(claim_views.ways([second, first]))
    chosen = Linked(CITY, 9, "U2", NOW)
    again = Linked(OFFICE, 5, "U1", NOW + timedelta(hours=1))
    assert "I write to you in *Memphis &lt;city&gt; hall*" in str(claim_views.ways([first, chosen]))
    assert "I write to you in *Programme Office*" in str(claim_views.ways([again, chosen]))
    gone = Linked(CITY, 9, "U2", NOW, gone=True)
    assert claim_views.ways([first, gone]) == []
    assert claim_views.where([first, gone]) is None
