"""The sandbox's page in a real browser: what it draws, how it is operated, and that it needs no mouse."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Locator, Page, expect
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.clock import Clock
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Workspace
from tests.journeys import browser
from tests.journeys.browser import OpenPage
from tests.journeys.gallery import MANIFEST, Gallery, Json

START = datetime(2026, 12, 3, 15, 0, tzinfo=UTC)  # a Thursday, nine o'clock in Chicago
DUE = START + timedelta(days=1, hours=2)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Ana in Memphis, Kimo in Honolulu, a channel to join; something of the app is due tomorrow at eleven."""
    clock = Clock(START, frozen=True)

    async def next_due() -> datetime | None:
        return DUE if clock.now() < DUE else None

    async with Sandbox(Workspace(manifest=MANIFEST), clock=clock, next_due=next_due) as opened:
        labels = {"city": "Memphis, TN", "cohorts": ["Inclusive procurement"]}
        opened.workspace.add_person("Ana Diaz", tz="America/Chicago", title="Policy director", labels=labels)
        opened.workspace.add_person("Kimo Akana", tz="Pacific/Honolulu", labels={"city": "Honolulu, HI"})
        opened.workspace.add_channel("procurement")
        yield opened


@pytest.fixture
async def gallery(sandbox: Sandbox) -> AsyncIterator[Gallery]:
    client = AsyncWebClient(token=sandbox.workspace.bot_token, base_url=f"{sandbox.url}/api/")
    gallery = Gallery(client, f"{sandbox.url}/icon.svg")
    handler = AsyncSocketModeHandler(gallery.app, sandbox.workspace.app_token)
    await handler.connect_async()
    await sandbox.links.connected()
    yield gallery
    await handler.close_async()


@pytest.fixture
async def page(sandbox: Sandbox, gallery: Gallery, open_page: OpenPage) -> Page:
    """Ana at her messages with the app."""
    page = await open_page(f"{sandbox.url}/#/{sandbox.person('Ana').id}/app")
    await expect(composer(page)).to_be_visible()
    return page


def composer(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message Gallery")


def last_message(page: Page) -> Locator:
    return page.get_by_role("log", name="Messages in Gallery").get_by_role("article").last


async def says(page: Page, text: str) -> None:
    await composer(page).fill(text)
    await composer(page).press("Enter")


def actions(gallery: Gallery) -> list[Json]:
    return [one for body in gallery.heard for one in body.get("actions", [])]


async def heard(sandbox: Sandbox, gallery: Gallery, action_id: str) -> Json:
    """The last action of that name, as soon as it came."""
    return (await sandbox.until(lambda: [one for one in actions(gallery) if one["action_id"] == action_id]))[-1]


async def test_the_first_screen_says_what_to_try_and_people_are_found_by_city(
    sandbox: Sandbox, gallery: Gallery, open_page: OpenPage
) -> None:
    sandbox.welcome = ["Be *Ana* first", "Type `/show texts`"]
    page = await open_page(sandbox.url)
    await expect(page.get_by_role("listitem")).to_have_text(["Be Ana first", "Type /show texts"])

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


async def test_what_a_person_types_is_never_markup(page: Page) -> None:
    await says(page, "<img src=x onerror=alert(1)> & *this*")
    await expect(last_message(page)).to_contain_text("I heard: <img src=x onerror=alert(1)> & this")
    await expect(last_message(page)).to_contain_text("(edited)")
    await expect(page.locator(".log img")).to_have_count(0)


async def test_buttons_menus_and_pickers_reach_the_app(page: Page, sandbox: Sandbox, gallery: Gallery) -> None:
    await says(page, "/show elements")
    message = last_message(page)
    await message.get_by_role("button", name="Mark done").click()
    assert (await heard(sandbox, gallery, "done"))["value"] == "7"

    await message.get_by_role("button", name="More options").click()
    await page.get_by_role("menuitem", name="History").click()
    assert (await heard(sandbox, gallery, "more"))["selected_option"]["value"] == "old"

    await message.get_by_role("combobox", name="State").click()
    await page.get_by_role("option", name="At risk").click()
    assert (await heard(sandbox, gallery, "state"))["selected_option"]["value"] == "risk"

    await message.get_by_role("combobox", name="Owner").fill("honol")
    await page.get_by_role("option", name="Kimo Akana").click()
    assert (await heard(sandbox, gallery, "owner"))["selected_user"] == sandbox.person("Kimo").id

    await message.get_by_label("Date").fill("2026-12-24")
    await message.get_by_label("Date").press("Enter")
    assert (await heard(sandbox, gallery, "due"))["selected_date"] == "2026-12-24"

    await message.get_by_role("checkbox", name="Done").check()
    assert [one["value"] for one in (await heard(sandbox, gallery, "boxes"))["selected_options"]] == ["done"]
    await message.get_by_role("radio", name="At risk").check()
    assert (await heard(sandbox, gallery, "radio"))["selected_option"]["value"] == "risk"


async def test_a_dangerous_button_asks_first_and_focus_comes_back(page: Page, gallery: Gallery) -> None:
    await says(page, "/show elements")
    drop = last_message(page).get_by_role("button", name="Drop")
    await drop.click()
    await expect(page.get_by_role("alertdialog", name="Drop it?")).to_contain_text("It stays in the list as dropped.")
    await expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(drop).to_be_focused()
    assert actions(gallery) == []

    await drop.click()
    await page.get_by_role("button", name="Drop it").click()
    await expect(last_message(page)).to_contain_text("Dropped.")


async def test_errors_stand_beside_their_fields(page: Page) -> None:
    await says(page, "/form")
    form = page.get_by_role("dialog", name="New entry")
    await form.get_by_role("button", name="Save").click()
    text = form.get_by_label("What did you promise?")
    await expect(text).to_be_focused()
    await expect(text).to_have_attribute("aria-invalid", "true")
    await expect(text).to_have_accessible_description("Your facilitators see it. Please complete this required field.")
    await expect(form.get_by_role("group", name="How is it going?")).to_contain_text(
        "Please complete this required field."
    )
    await expect(form.locator(".field-error:visible")).to_have_count(5)

    await text.fill("nonsense")
    await form.get_by_label("How many vendors?").fill("12")
    await form.get_by_role("combobox", name="State").click()
    await page.get_by_role("option", name="Done").click()
    await form.get_by_label("Due date").fill("2026-12-11")
    await form.get_by_role("radio", name="On track").check()
    await form.get_by_role("button", name="Save").click()
    await expect(form.locator(".field-error:visible")).to_have_text(["Please enter a number that is at most 9."])
    await form.get_by_label("How many vendors?").fill("3")
    await form.get_by_role("button", name="Save").click()
    await expect(form.locator(".field-error:visible")).to_have_text(["That makes no sense."])
    await expect(text).to_have_value("nonsense")


async def test_a_form_is_filled_in_with_the_keyboard_alone(page: Page, sandbox: Sandbox, gallery: Gallery) -> None:
    keyboard = page.keyboard
    await composer(page).focus()
    await keyboard.type("/form")
    await keyboard.press("Enter")
    form = page.get_by_role("dialog", name="New entry")
    await expect(form.get_by_label("What did you promise?")).to_be_focused()
    await keyboard.type("Publish the dashboard")
    await tab_to(page, form.get_by_label("How many vendors?"))
    await keyboard.type("7")
    await tab_to(page, form.get_by_role("combobox", name="State"))
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "Enter"):
        await keyboard.press(key)
    await expect(form.get_by_role("combobox", name="State")).to_have_value("At risk")
    await tab_to(page, form.get_by_role("combobox", name="Helpers"))
    for name in ("Ana", "Kimo"):
        await keyboard.type(name)
        await keyboard.press("Enter")
    await tab_to(page, form.get_by_label("Due date"))
    await keyboard.type("12112026")
    await tab_to(page, form.get_by_role("checkbox", name="At risk"))
    await keyboard.press("Space")
    await tab_to(page, form.get_by_role("radio", name="On track"))
    await keyboard.press("Space")
    await tab_to(page, form.get_by_role("button", name="Save"))
    await keyboard.press("Enter")

    await expect(form).to_have_count(0)
    await expect(composer(page)).to_be_focused()
    body = await sandbox.until(lambda: [one for one in gallery.heard if one.get("type") == "view_submission"])
    values = {block_id: held[block_id] for block_id, held in body[-1]["view"]["state"]["values"].items()}
    assert values["text"]["value"] == "Publish the dashboard"
    assert values["number"]["value"] == "7"
    assert values["state"]["selected_option"]["value"] == "risk"
    assert values["helpers"]["selected_users"] == [sandbox.person("Ana").id, sandbox.person("Kimo").id]
    assert values["due"]["selected_date"] == "2026-12-11"
    assert values["at"]["selected_time"] == "09:00"
    assert values["moment"]["selected_date_time"] == 1796742000
    assert [one["value"] for one in values["boxes"]["selected_options"]] == ["risk"]
    assert values["radio"]["selected_option"]["value"] == "on"


async def test_a_second_form_lies_over_the_first_and_files_go_up(
    page: Page, sandbox: Sandbox, gallery: Gallery
) -> None:
    await page.get_by_role("button", name="Shortcuts").click()
    await page.get_by_role("menuitem", name="New entry").click()
    form = page.get_by_role("dialog", name="New entry")
    await form.get_by_label("What did you promise?").fill("more")
    await form.get_by_label("How many vendors?").fill("3")
    await form.get_by_role("combobox", name="State").click()
    await page.get_by_role("option", name="Done").click()
    await form.get_by_label("Due date").fill("2026-12-11")
    await form.get_by_role("radio", name="On track").check()
    await form.get_by_label("Attach").set_input_files(
        [{"name": "roster.csv", "mimeType": "text/csv", "buffer": b"city,name\n"}]
    )
    await expect(form.get_by_role("listitem").filter(has_text="roster.csv")).to_be_visible()
    await form.get_by_role("button", name="Save").click()

    second = page.get_by_role("dialog", name="One more thing")
    await second.get_by_role("button", name="Back").click()
    await expect(form.get_by_label("What did you promise?")).to_have_value("more")
    await expect(form.get_by_role("combobox", name="State")).to_have_value("Done")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_role("button", name="Shortcuts")).to_be_focused()
    values = gallery.heard[-1]["view"]["state"]["values"]
    assert [one["name"] for one in values["files"]["files"]["files"]] == ["roster.csv"]


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


async def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has focus, as somebody without a mouse does."""
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await target.evaluate("node => node === document.activeElement"):
            return
    raise AssertionError(f"Tab never comes to {target}")


async def overflow(page: Page) -> int:
    """By how many pixels anything is wider than the screen."""
    wide = "Math.max(0, ...[...document.querySelectorAll('body, main, .log, dialog .dialog-body')].map(n => n.scrollWidth - n.clientWidth))"
    return int(await page.evaluate(wide))
