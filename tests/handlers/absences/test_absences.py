"""Somebody is away: what changes is shown and confirmed, nobody writes to them meanwhile, a co-delegate is asked, and they come back."""

from datetime import UTC, datetime

from bot.sandbox import interaction
from bot.sandbox.form import Form
from tests.bench.statements import counted
from tests.handlers.checkins import steps
from tests.handlers.checkins.steps import read
from tests.whole import Slack


async def away(slack: Slack, who: str, words: str) -> Form:
    page = await slack.person(who).types("/cohort", f"away {words}".strip())
    assert isinstance(page, Form), page
    return page


async def confirmed(slack: Slack, who: str, words: str) -> str:
    page = await away(slack, who, words)
    if not words:
        following = await page.submit()
        assert following is not None
        page = following
    assert await page.submit() is None, page.errors
    return read(slack.person(who).messages[-1])


def prompts(slack: Slack, who: str) -> list[str]:
    return [read(one) for one in slack.person(who).messages if "three questions" in one["text"]]


async def test_what_changes_is_shown_before_it_is_confirmed(slack: Slack) -> None:
    await steps.made(slack)
    await slack.person("Ana").types("/commit", "publish the vendor list by Monday")
    page = await away(slack, "Ana", "until next Tuesday")
    assert "You are away through Tuesday, October 6." in page.text
    assert "From Wednesday, October 7 on I write to you again." in page.text
    assert (
        "Weekly pulse (Inclusive procurement): Monday, October 5. Rosa Kim is asked, and can answer for Memphis."
        in page.text.replace("*", "")
    )
    assert "Reminders of #1 wait until you are back." in page.text
    before = len(slack.person("Ana").messages)
    await page.close()
    assert len(slack.person("Ana").messages) == before
    await slack.turn_to(datetime(2026, 10, 5, 15, tzinfo=UTC))
    assert len(prompts(slack, "Ana")) == 1


async def test_the_one_who_is_away_is_not_asked_and_the_co_delegate_may_answer_for_both(slack: Slack) -> None:
    await steps.made(slack)
    said = await confirmed(slack, "Ana", "until next Thursday")
    assert "Noted: you are away through Thursday, October 8." in said
    await slack.turn_to(datetime(2026, 10, 9, 23, tzinfo=UTC))
    assert prompts(slack, "Ana") == []
    assert "Answering for Memphis. Ana Diaz is away; your answer can stand for you both." in prompts(slack, "Rosa")[0]
    summary = read(slack.person("Renee").messages[-1])
    assert "0 of 3 answered; one is away." in summary
    assert "Away: Ana Diaz (Memphis)." in summary
    assert "Still welcome to answer: Keola Akana (Honolulu), Rosa Kim (Memphis) and Tomas Reyes (Phoenix)." in summary


async def test_who_is_back_within_the_window_is_asked_then_with_what_is_left_of_it(slack: Slack) -> None:
    await steps.made(slack)
    await confirmed(slack, "Ana", "until Monday")
    await slack.turn_to(datetime(2026, 10, 6, 13, 59, tzinfo=UTC))
    assert prompts(slack, "Ana") == []
    await slack.turn_to(datetime(2026, 10, 6, 14, tzinfo=UTC))
    assert "Open until Wednesday, October 7, 9:00 AM CDT" in prompts(slack, "Ana")[0]
    await slack.turn_to(datetime(2026, 10, 7, 22, tzinfo=UTC))
    assert "Still welcome to answer: Keola Akana (Honolulu), Ana Diaz (Memphis)" in read(
        slack.person("Renee").messages[-1]
    )
    reminders = [one for one in slack.person("Ana").messages if "You have not answered" in one["text"]]
    assert len(reminders) == 1


async def test_who_says_to_be_back_is_asked_at_once_while_the_window_is_open(slack: Slack) -> None:
    await steps.made(slack)
    said = await confirmed(slack, "Ana", "")
    assert "you are away from today on. I do not write to you of my own accord until you say that you are back." in said
    await slack.turn_to(datetime(2026, 10, 6, 20, tzinfo=UTC))
    assert prompts(slack, "Ana") == []
    reply = await slack.person("Ana").types("/cohort", "back")
    assert isinstance(reply, dict)
    assert "Welcome back." in reply["text"]
    assert "Weekly pulse (Memphis), open until Wednesday, October 7, 9:00 AM" in read(reply).replace("*", "")
    assert "The next one is Weekly pulse (Inclusive procurement): Tuesday, October 13, 9:00 AM." in read(reply)
    await slack.settle()
    assert len(prompts(slack, "Ana")) == 1
    again = await slack.person("Ana").types("/cohort", "back")
    assert isinstance(again, dict)
    assert "You are not away, so nothing was changed." in again["text"]


async def test_when_nobody_else_answers_for_the_city_the_facilitators_know(slack: Slack) -> None:
    await steps.made(slack)
    page = await away(slack, "Keola", "until next Friday")
    assert "Nobody else answers for Honolulu: your facilitators will know." in page.text
    await page.submit()
    await slack.settle()
    said = (
        "Keola Akana is away through Friday, October 9, and nobody else answers for Honolulu in Inclusive procurement."
    )
    assert said in read(slack.person("Renee").messages[-1])
    assert said in read(slack.person("Dana").messages[-1])


async def test_reminders_of_commitments_wait_until_the_first_working_morning_back(slack: Slack) -> None:
    await slack.person("Ana").types("/commit", "publish the vendor list by Oct 8")
    await confirmed(slack, "Ana", "until Oct 13")
    seen = len(slack.person("Ana").messages)
    await slack.turn_to(datetime(2026, 10, 14, 13, 59, tzinfo=UTC))
    assert len(slack.person("Ana").messages) == seen
    await slack.turn_to(datetime(2026, 10, 14, 14, tzinfo=UTC))
    assert len(slack.person("Ana").messages) == seen + 1
    assert "publish the vendor list" in read(slack.person("Ana").messages[-1])


async def test_unclear_and_past_days_open_the_form_with_what_was_typed_and_nothing_is_saved(slack: Slack) -> None:
    page = await away(slack, "Ana", "until the cows come home")
    assert "I could not read “until the cows come home” as days. Please choose them here." in page.text
    past = await away(slack, "Ana", "until 9/29/2026")
    assert "Tuesday, September 29, 2026 is over already. Until when are you away?" in past.text
    wrong = await past.submit(first="2026-10-05", last="2026-10-02")
    assert wrong is past
    assert "Friday, October 2, 2026 comes before Monday, October 5, 2026." in past.errors["last"]
    effect = await past.submit(last="2026-10-07")
    assert effect is not None
    assert "You are away from Monday, October 5 through Wednesday, October 7." in effect.text
    form = await slack.person("Ana").clicks(effect, "Change the dates")
    assert isinstance(form, Form)
    assert (form["first"], form["last"]) == ("2026-10-05", "2026-10-07")
    reply = await slack.person("Ana").types("/cohort", "back")
    assert isinstance(reply, dict)
    assert "You are not away" in reply["text"]


async def test_overlapping_absences_become_one_and_it_is_said(slack: Slack) -> None:
    await confirmed(slack, "Ana", "Oct 5 to Oct 9")
    page = await away(slack, "Ana", "Oct 8 to Oct 14")
    assert "You are away from Monday, October 5 through Wednesday, October 14." in page.text
    assert (
        "This takes the place of what I had noted: away from Monday, October 5 through Friday, October 9." in page.text
    )
    await page.submit()
    reply = await slack.person("Ana").types("/cohort", "back")
    assert isinstance(reply, dict)
    assert reply["text"].count("from Monday, October 5") == 1
    await slack.person("Ana").clicks(reply, "Cancel the absence")
    assert "is cancelled. I write to you as usual." in read(slack.person("Ana").sees()[-1])
    await slack.turn_to(datetime(2026, 10, 5, 15, tzinfo=UTC))
    last = await away(slack, "Ana", "until Friday")
    assert "This takes the place" not in last.text


async def test_a_facilitator_notes_and_ends_an_absence_for_somebody_who_is_told(slack: Slack) -> None:
    await steps.made(slack)
    form = await away(slack, "Renee", "")
    assert form["who"] == slack.person("Renee").id
    page = await form.submit(who=slack.person("Rosa").id, first="2026-10-05", last="2026-10-09")
    assert page is not None
    assert "Rosa Kim is away from Monday, October 5 through Friday, October 9." in page.text
    assert "Ana Diaz is asked, and can answer for Memphis." in page.text
    await page.submit()
    assert "Renee Okonjo noted that you are away from Monday" in read(slack.person("Rosa").messages[-1])
    told = slack.person("Renee").messages[-1]
    assert "Noted: Rosa Kim is away" in read(told)
    await slack.person("Renee").clicks(told, "End the absence")
    assert "Renee Okonjo noted that you are back: I write to you again." in read(slack.person("Rosa").messages[-1])
    await slack.turn_to(datetime(2026, 10, 5, 15, tzinfo=UTC))
    assert len(prompts(slack, "Rosa")) == 1


async def test_nobody_notes_or_ends_an_absence_for_others_who_does_not_facilitate_them(slack: Slack) -> None:
    page = await away(slack, "Ana", "")
    assert "Who is away" not in page.labels
    forged = page.view | {"private_metadata": page.view["private_metadata"].replace("U0ANA", "U0ROSA")}
    ana = slack.person("Ana")
    errors = await ana.exchange.submit(ana.id, forged)
    assert "Facilitators note absences for the people of their own cohorts." in str(errors)
    await confirmed(slack, "Rosa", "until Friday")
    reply = await ana.types("/cohort", "back Rosa")
    assert isinstance(reply, dict)
    assert "I know nobody called “Rosa” who is away in the cohorts that you facilitate" in reply["text"]


async def test_a_facilitator_ends_an_absence_by_name(slack: Slack) -> None:
    await confirmed(slack, "Rosa", "until Friday")
    reply = await slack.person("Dana").types("/cohort", "back rosa")
    assert isinstance(reply, dict)
    assert reply["text"] == "Rosa Kim is away through Friday, October 2."
    await slack.person("Dana").clicks(reply, "End the absence")
    assert "Dana Whitfield noted that you are back" in read(slack.person("Rosa").messages[-1])
    assert "Rosa Kim is back: I write to them again, and told them." in read(slack.person("Dana").sees()[-1])


async def test_a_page_that_is_confirmed_twice_counts_once(slack: Slack) -> None:
    page = await away(slack, "Ana", "until next Friday")
    view = page.view
    for _ in range(2):
        assert await slack.person("Ana").exchange.submit(slack.person("Ana").id, view) == {}
    noted = [one for one in slack.person("Ana").messages if "Noted: you are away" in one["text"]]
    assert len(noted) == 1


async def test_what_changes_is_known_in_five_statements(slack: Slack) -> None:
    await steps.made(slack)
    person = slack.person("Ana")
    for line in ("away until next Tuesday", "days"):
        urls = {"response_url": "http://127.0.0.1:9/", "trigger_id": slack.workspace.triggers.issue(person.id)}
        channel = slack.workspace.direct_channel(person.id)
        payload = interaction.command(slack.workspace, person.id, channel, "/cohort", line, urls)
        with counted() as statements:
            assert await slack.sandbox.links.request("slash_commands", payload) is not None
        assert len(statements) <= 5, statements
