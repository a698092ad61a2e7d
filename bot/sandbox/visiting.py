"""What a person's browser does when they let an app in: the app's own address, Slack's question, and the way back to the app."""

import re
from html import unescape

import aiohttp
from yarl import URL

from bot.sandbox.consent import PATH


async def allow(address: str, team_id: str, user_id: str, answer: str = "allow") -> tuple[int, str]:
    """Open the app's install address and answer Slack's question; returns status and text of the page where that ends.

    `answer` is "allow" or "cancel". LookupError when the app does not lead to Slack.
    """
    here = URL(address).origin()  # like a browser, which takes this machine for a safe place, and keeps Secure cookies
    jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=here)
    async with aiohttp.ClientSession(cookie_jar=jar) as browser:
        async with browser.get(address, params={"team": team_id}) as page:
            url, status, text = page.url, page.status, await page.text()
        if url.path != PATH and (link := re.search(rf'href="([^"]*{PATH}\?[^"]*)"', text)):
            async with browser.get(unescape(link[1])) as page:
                url, status, text = page.url, page.status, await page.text()
        if url.path != PATH:
            raise LookupError(f"{address} does not lead to Slack's question: it answered {status}.")
        if status != 200:
            return status, text
        form = dict(url.query) | {"team": team_id, "user": user_id, "answer": answer}
        async with browser.post(url.with_query(None), data=form) as page:
            return page.status, await page.text()
