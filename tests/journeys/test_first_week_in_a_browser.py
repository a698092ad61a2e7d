"""A cohort's first week as people live it after `make try`: everything by the page, and checked by what stands on it."""

from pathlib import Path

from playwright.async_api import Page, expect

from tests import conformity
from tests.journeys import first_week
from tests.journeys.browser import OpenPage
from tests.journeys.first_week import CHANNEL, PRACTICE, adopts, answers, goes_to, is_now, last_message, turns, types


async def test_a_cohort_lives_its_first_week_from_the_page_alone(open_page: OpenPage, tmp_path: Path) -> None:
    log = tmp_path / "calls.jsonl"
    async with first_week.opened(log) as sandbox:
        page = await open_page(sandbox.url)
        await page.get_by_role("listitem").get_by_role("button", name="Renee Okonjo").click()
        await expect(page.get_by_role("button", name="You are Renee Okonjo")).to_be_visible()
        await renee_makes_a_check_in(page)
        await delegates_of_two_zones_answer(page)
        await the_summary_stands_in_the_channel(page)
        await zane_commits_and_adopts_a_practice(page)
        await zane_is_nudged_on_the_due_day_and_marks_one_done(page)
        await expect(page.get_by_role("button", name="Calls", exact=True)).to_be_visible()
        await page.close()
    assert conformity.faults(log) == []


async def renee_makes_a_check_in(page: Page) -> None:
    await first_week.makes_check_in(page)
    made = last_message(page)
    await expect(made).to_contain_text("Made Vendor pulse (number 2) for Cohort 4: Inclusive procurement.")
    await expect(made).to_contain_text("The first round is Tuesday, December 8, 9:00 AM in each person's own zone")
    await expect(made).to_contain_text("15 people will be asked.")


async def delegates_of_two_zones_answer(page: Page) -> None:
    """Nine o'clock in Memphis is seven in Los Angeles: Zane is asked, and Mateo two hours later."""
    await is_now(page, "Zane Kim")
    await turns(page, "Next morning")
    await expect(page.get_by_role("time").first).to_have_text("Tue, Dec 8, 9:00 AM CST")
    prompt = last_message(page)
    await expect(prompt).to_contain_text("Cohort 4: Inclusive procurement · Vendor pulse")
    await expect(prompt).to_contain_text(
        "Three questions, about three minutes. Open until Wednesday, December 9, 9:00 AM CST."
    )
    await expect(prompt).to_contain_text("Your whole cohort sees your answers.")
    await expect(prompt).to_contain_text("Answering for Memphis.")

    await is_now(page, "Mateo Chen")
    await expect(page.get_by_role("time").first).to_have_text("Tue, Dec 8, 7:00 AM PST")
    await expect(page.get_by_text("Nothing was said here yet.")).to_be_visible()

    await is_now(page, "Zane Kim")
    await answers(page, "The vendor survey is out.", "3", "Legal has not cleared the new payment terms.")
    await expect(last_message(page)).to_contain_text("Answered for Memphis on Tuesday, December 8, 9:00 AM.")
    await answers(page, "The vendor survey is out; 40 firms answered.", button="See or edit the answer")

    await is_now(page, "Mateo Chen")
    await turns(page, "Next due: today 9:00 AM")
    await expect(last_message(page)).to_contain_text("Open until Wednesday, December 9, 9:00 AM PST.")
    await answers(page, "Council adopted the prompt-pay rule.", "4")
    await expect(last_message(page)).to_contain_text("Answered for Los Angeles on Tuesday, December 8, 9:00 AM.")


async def the_summary_stands_in_the_channel(page: Page) -> None:
    await turns(page, "Next morning")
    await expect(page.get_by_role("link", name=f"{CHANNEL} 1 unread")).to_be_visible()
    await goes_to(page, CHANNEL)
    await expect(page.get_by_role("main").get_by_role("article")).to_have_count(1)
    lines = (await last_message(page).inner_text()).splitlines()
    place = {words: index for index, words in enumerate(lines)}
    assert place["Legal has not cleared the new payment terms."] < place["Los Angeles · Mateo Chen"], (
        "blockers come first"
    )
    assert place["Los Angeles · Mateo Chen"] < place["Council adopted the prompt-pay rule."]
    assert place["The vendor survey is out; 40 firms answered."] > place["Memphis · Zane Kim"]
    assert "The vendor survey is out." not in lines, "the edit replaced it"

    await is_now(page, "Renee Okonjo")
    await expect(last_message(page)).to_contain_text("2 of 15 answered.")
    await expect(last_message(page)).to_contain_text("Jorge Dorsey (Memphis)")


async def zane_commits_and_adopts_a_practice(page: Page) -> None:
    await is_now(page, "Zane Kim")
    await goes_to(page, CHANNEL)
    await types(page, "/commit publish the MWBE dashboard by Friday")
    saved = last_message(page)
    await expect(saved).to_contain_text("Only visible to you")
    await expect(saved).to_contain_text("Saved #1: publish the MWBE dashboard, by Friday, December 11.")
    await expect(saved).to_contain_text("Memphis and your facilitators see it.")

    await goes_to(page, "Messages")
    await types(page, "/practices inclusive procurement")
    await expect(last_message(page)).to_contain_text("practices on inclusive procurement")
    await expect(last_message(page).get_by_role("link", name="How Memphis Revamped Its Procurement")).to_be_visible()
    await adopts(page, PRACTICE, by="2026-12-11")
    await expect(last_message(page)).to_contain_text(f"Saved #2: Adopt: {PRACTICE}, by Friday, December 11.")


async def zane_is_nudged_on_the_due_day_and_marks_one_done(page: Page) -> None:
    await turns(page, "Next morning")
    await turns(page, "Next morning")
    await expect(page.get_by_role("time").first).to_have_text("Fri, Dec 11, 9:00 AM CST")
    nudge = last_message(page)
    await expect(nudge).to_contain_text("Two of your commitments are due:")
    await expect(nudge).to_contain_text("#1 publish the MWBE dashboard")
    await expect(nudge).to_contain_text(f"#2 Adopt: {PRACTICE}")
    await nudge.get_by_role("button", name="Mark done").first.click()
    await expect(nudge).to_contain_text("Done: #1 publish the MWBE dashboard.")

    await page.get_by_role("link", name="Home", exact=True).click()
    home = page.get_by_role("main")
    await expect(home).to_contain_text(f"#2 Adopt: {PRACTICE}")
    await expect(home).not_to_contain_text("publish the MWBE dashboard")
