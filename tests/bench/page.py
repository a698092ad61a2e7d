"""App Home in the sandbox's page: from the click on it to the Home that stands there, of people who open theirs for the first time."""

import csv
import io
from datetime import UTC, datetime

from playwright.async_api import Page, async_playwright

from bot import try_out
from bot.sandbox.clock import Clock
from tests.bench import roster as large
from tests.bench.figures import Figure, Section
from tests.bench.load import Timing
from tests.bench.sizes import Sizes
from tests.journeys import browser

PEOPLE, COHORTS = 400, 40
MOST = 200.0
CHOOSE = "id => { location.hash = `#/${id}/start` }"
OPEN = """async id => {
  const started = performance.now();
  location.hash = `#/${id}/home`;
  while (!document.querySelector("#home .header-block")) await new Promise(requestAnimationFrame);
  return performance.now() - started;
}"""


async def measure(sizes: Sizes) -> Section:
    """Delegates, and who facilitates the whole program last."""
    title = f"App Home in the page, {PEOPLE} people over {COHORTS} cohorts"
    path = browser.find()
    if path is None:
        return Section(f"{title}: not measured, there is no browser", [])
    data = large.text(PEOPLE, COHORTS)
    opened, again = Timing(), Timing()
    clock = Clock(datetime(2026, 11, 30, 15, tzinfo=UTC))
    async with try_out.opened(data.encode(), clock=clock) as sandbox, async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=browser.ARGUMENTS)
        page = await chromium.new_page(reduced_motion="reduce")
        await page.goto(sandbox.url)
        await page.get_by_role("button", name="Choose who to be").first.wait_for()  # the page itself stands there
        emails = [row["email"] for row in csv.DictReader(io.StringIO(data)) if row["role"] != "facilitator"]
        known = {person.email: person.id for person in sandbox.workspace.people.values()}
        for email in [*emails[: sizes.pages], large.PROGRAM_LEAD]:
            for timing in (opened, again):
                timing.latencies.append(await _open(page, known[email]) / 1000)
        await chromium.close()
    return Section(
        title,
        [
            Figure("the first time: p50", opened.p50, "ms", "opened again", again.p50),
            Figure("the first time: the slowest", opened.p99, "ms", "opened again", again.p99, most=MOST),
        ],
    )


async def _open(page: Page, person_id: str) -> float:
    """Milliseconds."""
    await page.evaluate(CHOOSE, person_id)
    await page.locator("#home").wait_for(state="detached")
    return float(await page.evaluate(OPEN, person_id))
