"""Buttons, menus and forms of the sandbox's page in a real browser, with errors, with files, and without a mouse."""

from playwright.async_api import Page, expect

from bot.sandbox.server import Sandbox
from tests.journeys.gallery import Gallery
from tests.journeys.gallery_page import actions, composer, gallery, heard, last_message, page, sandbox, says, tab_to

__all__ = ["gallery", "page", "sandbox"]


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
    state = form.get_by_role("combobox", name="State")
    await state.click()
    await state.press("Escape")
    await expect(page.get_by_role("option")).to_have_count(0)
    await state.press("Enter")
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
        {"name": "roster.csv", "mimeType": "text/csv", "buffer": b"city,name\n"}
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
