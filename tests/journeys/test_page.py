"""The sandbox's page in a real browser: what it draws, tells and turns, on a desk and on a phone."""

from datetime import UTC, datetime

import pytest
from playwright.async_api import Page, expect
from slack_sdk.errors import SlackApiError

from bot.sandbox.server import Sandbox
from tests.journeys import browser
from tests.journeys.browser import OpenPage
from tests.journeys.gallery import Gallery
from tests.journeys.gallery_page import composer, gallery, heard, last_message, overflow, page, sandbox, says

__all__ = ["gallery", "page", "sandbox"]


async def test_the_first_screen_says_what_to_try_and_people_are_found_by_city(
    sandbox: Sandbox, gallery: Gallery, open_page: OpenPage
) -> None:
    sandbox.welcome = ["Be *Ana* first", "Type `/show texts`"]
    page = await open_page(sandbox.url)
    await expect(page.get_by_role("main").get_by_role("listitem")).to_have_text(["Be Ana first", "Type /show texts"])

    await page.get_by_role("main").get_by_role("button", name="Choose who to be").click()
    await page.get_by_label("Search by name, city or cohort").fill("memphis procurement")
    await expect(page.get_by_role("dialog").get_by_role("status")).to_have_text("1 of 2 people.")
    await page.get_by_role("dialog").get_by_role("button").filter(has_text="Ana Diaz").click()
    await expect(page.get_by_role("button", name="You are Ana Diaz Policy director · Memphis, TN")).to_be_visible()

    await page.get_by_role("button", name="/show texts").click()
    await expect(composer(page)).to_have_value("/show texts")
    await composer(page).press("Enter")
    await expect(page.get_by_role("heading", name="Inclusive procurement")).to_be_visible()


async def test_what_is_read_is_drawn_as_people_know_it(page: Page) -> None:
    await says(page, "/show texts")
    message = last_message(page)
    await expect(message.get_by_role("heading", name="Inclusive procurement")).to_be_visible()
    words = message.locator(".section-text").first
    for tag, text in {
        "strong": "Wednesday, 10:00 AM",
        "em": "Your cohort",
        "s": "first",
        "code": "facilitators",
    }.items():
        await expect(words.locator(tag).first).to_have_text(text)
    await expect(words.get_by_role("link", name="the guide")).to_have_attribute("href", "https://example.org/guide")
    await expect(words).to_contain_text("@Ana Diaz")
    await expect(words).to_contain_text(
        "Tuesday, December 8, 2026 at 9:00 AM, :wave: 5 < 6 & 7, bold both bold, snake_case_word"
    )
    await expect(words.locator("blockquote")).to_have_text("quoted words")
    await expect(words.locator("pre")).to_have_text("x = *1*")
    await expect(message.locator(".section-field")).to_have_text(["CityMemphis", "DueFriday", "State: on track"])
    await expect(message.get_by_role("img", name="Two houses")).to_have_count(3)
    await expect(message.locator(".context")).to_contain_text("Answering for MemphisFacilitators see this")
    rich = message.locator(".rich-text")
    await expect(rich.locator("strong")).to_have_text("strong")
    await expect(rich.locator("li")).to_have_text("first point")
    await expect(rich.locator("blockquote")).to_have_text("a rich quote")
    marked = message.locator(".markdown")
    await expect(marked.get_by_role("heading", name="Marked")).to_be_visible()
    await expect(marked.locator("li")).to_have_text(["one", "two"])


async def test_a_click_counts_although_news_come_while_the_mouse_is_down(
    page: Page, sandbox: Sandbox, gallery: Gallery
) -> None:
    await page.get_by_role("link", name="#general").click()
    await expect(page.get_by_role("heading", name="#general")).to_be_visible()
    await page.get_by_role("button", name="You are Ana Diaz").get_by_text("Ana Diaz").hover()
    await page.mouse.down()
    await gallery.app.client.chat_postMessage(channel=sandbox.person("Ana").id, text="News")
    await expect(page.get_by_role("link", name="Messages 1 unread")).to_be_visible()
    await page.mouse.up()
    await expect(page.get_by_label("Search by name, city or cohort")).to_be_focused()


async def test_what_a_person_types_is_never_markup(page: Page) -> None:
    await says(page, "<img src=x onerror=alert(1)> & *this*")
    await expect(last_message(page)).to_contain_text("I heard: <img src=x onerror=alert(1)> & this")
    await expect(last_message(page)).to_contain_text("(edited)")
    await expect(page.locator(".log img")).to_have_count(0)


async def test_unread_marks_come_by_themselves_and_go_when_read(page: Page, sandbox: Sandbox, gallery: Gallery) -> None:
    await page.get_by_role("link", name="#general").click()
    await expect(page.get_by_role("heading", name="#general")).to_be_visible()
    ana = sandbox.person("Ana").id
    for text in ("First news", "Second news"):
        await gallery.app.client.chat_postMessage(channel=ana, text=text)
    mark = page.get_by_role("link", name="Messages 2 unread")
    await expect(mark).to_be_visible()
    await expect(page).to_have_title("(2) #general · City network sandbox")

    await mark.click()
    await expect(page.get_by_role("separator", name="New")).to_be_visible()
    await expect(page.get_by_role("article")).to_have_count(2)
    await expect(page.get_by_role("link", name="Messages", exact=True)).to_be_visible()
    assert sandbox.person("Ana").unread == 0
    await gallery.app.client.chat_postMessage(channel=ana, text="Third news")
    await expect(last_message(page)).to_contain_text("Third news")
    await expect(page.get_by_role("link", name="Messages", exact=True)).to_be_visible()


async def test_the_composer_completes_commands_and_the_reply_is_seen_by_one(page: Page, sandbox: Sandbox) -> None:
    await composer(page).press_sequentially("/sh")
    commands = page.get_by_role("listbox", name="Completions").get_by_role("option")
    await expect(commands).to_have_count(2)
    await expect(commands.nth(0)).to_have_text("/show texts | elementsShows every block")
    await composer(page).press("ArrowDown")
    await expect(commands.nth(1)).to_have_attribute("aria-selected", "true")
    await composer(page).press("Enter")
    await expect(composer(page)).to_have_value("/shout ")
    await composer(page).press_sequentially("good @Ki")
    await composer(page).press("Tab")
    await expect(composer(page)).to_have_value("/shout good @Kimo Akana ")
    await composer(page).press("Enter")
    await expect(last_message(page)).to_contain_text("Only visible to you")
    await expect(last_message(page)).to_contain_text("GOOD @KIMO.AKANA")
    assert sandbox.person("Kimo").sees() == []


async def test_the_clock_is_turned_by_buttons(page: Page, sandbox: Sandbox) -> None:
    clock = page.get_by_role("region", name="Clock")
    await expect(clock.get_by_role("time")).to_have_text("Thu, Dec 3, 9:00 AM CST")
    await clock.get_by_role("button", name="+1 hour").click()
    await expect(clock.get_by_role("time")).to_have_text("Thu, Dec 3, 10:00 AM CST")
    await clock.get_by_role("button", name="Next morning").click()
    await expect(clock.get_by_role("time")).to_have_text("Fri, Dec 4, 9:00 AM CST")
    await clock.get_by_role("button", name="Next due: today 11:00 AM").click()
    await expect(clock.get_by_role("time")).to_have_text("Fri, Dec 4, 11:00 AM CST")
    await expect(page.get_by_text("One due moment passed.")).to_be_visible()
    await expect(clock.get_by_role("button", name="Nothing is due")).to_be_disabled()
    await clock.get_by_role("button", name="Next Monday 9:00").click()
    await expect(clock.get_by_role("time")).to_have_text("Mon, Dec 7, 9:00 AM CST")
    await clock.get_by_role("button", name="Other time").click()
    await page.get_by_label("Date and time (America/Chicago)").fill("2027-03-15T08:30")
    await page.get_by_role("button", name="Turn", exact=True).click()
    await expect(clock.get_by_role("time")).to_have_text("Mon, Mar 15, 8:30 AM CDT")
    assert sandbox.clock.now() == datetime(2027, 3, 15, 13, 30, tzinfo=UTC)


async def test_the_drawer_shows_each_call_and_marks_failures(page: Page, gallery: Gallery) -> None:
    with pytest.raises(SlackApiError):
        await gallery.app.client.chat_postMessage(channel="C404", text="Nobody reads this")
    await page.get_by_role("button", name="Calls 1 failed").click()
    drawer = page.get_by_role("complementary", name="Calls and payloads")
    await expect(drawer.get_by_text("apps.connections.open")).to_be_visible()
    await drawer.get_by_label("Show").select_option("Failures")
    await expect(drawer.get_by_role("status")).to_have_text("1 call, 1 failed.")
    await drawer.get_by_text("failed: channel_not_found").click()
    await expect(drawer.locator("pre").first).to_contain_text('"text": "Nobody reads this"')
    await expect(drawer.locator("pre").last).to_contain_text('"error": "channel_not_found"')
    await drawer.get_by_label("Filter").fill("views.open")
    await expect(drawer.get_by_role("status")).to_have_text("0 calls, 0 failed.")
    await drawer.get_by_role("button", name="Close calls").click()
    await expect(page.get_by_role("button", name="Calls 1 failed")).to_be_focused()


async def test_threads_message_shortcuts_channels_and_home(page: Page, sandbox: Sandbox, gallery: Gallery) -> None:
    await says(page, "good morning")
    mine = page.get_by_role("article").filter(has_text="Ana Diaz")
    await mine.hover()
    await mine.get_by_role("link", name="Reply in thread").click()
    await page.get_by_role("textbox", name="Reply in the thread").fill("and to you")
    await page.keyboard.press("Enter")
    thread = page.get_by_role("log", name="Messages in the thread")
    await expect(thread.get_by_role("article").last).to_contain_text("I heard: and to you")
    await page.get_by_role("link", name="Close thread").click()
    await expect(mine.get_by_role("link", name="2 replies")).to_be_focused()

    await mine.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Keep this").click()
    await expect(last_message(page)).to_contain_text("Kept.")

    await page.get_by_role("link", name="#procurement").click()
    await page.get_by_role("button", name="Join #procurement").click()
    await expect(page.get_by_role("textbox", name="Message #procurement")).to_be_visible()

    await page.get_by_role("link", name="Home", exact=True).click()
    await expect(page.get_by_role("heading", name="Your week")).to_be_visible()
    await page.get_by_role("main").get_by_role("button", name="Mark done").click()
    assert (await heard(sandbox, gallery, "done"))["value"] == "7"


async def test_on_a_phone_nothing_is_cut_off(sandbox: Sandbox, gallery: Gallery, open_page: OpenPage) -> None:
    ana = sandbox.person("Ana")
    await ana.types("/show", "texts")
    await ana.types("/show", "elements")
    page = await open_page(f"{sandbox.url}/#/{ana.id}/app", browser.PHONE)
    await expect(last_message(page).get_by_role("button", name="Mark done")).to_be_visible()
    assert await overflow(page) == 0
    await page.get_by_role("button", name="Turn clock").click()
    await page.get_by_role("button", name="+1 hour").click()
    await expect(page.get_by_role("time").filter(has_text="10:00 AM CST").first).to_be_visible()
    assert await overflow(page) == 0
    await page.get_by_role("button", name="People and places").click()
    await page.get_by_role("link", name="Home", exact=True).click()
    await expect(page.get_by_role("heading", name="Your week")).to_be_visible()
    await page.get_by_role("button", name="Shortcuts").click()
    await page.get_by_role("menuitem", name="New entry").click()
    await expect(page.get_by_role("dialog", name="New entry").get_by_role("button", name="Save")).to_be_in_viewport()
    assert await overflow(page) == 0
