"""HTTP mode: signed requests to an app's request URL, and Slack's reading of what it answers."""

import hashlib
import hmac
import json
import ssl
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.calls import Calls
from bot.sandbox.transport import (
    CONNECTION,
    EVENTS,
    REDIRECTS,
    SSL,
    STATUS,
    TIMEOUT,
    UNKNOWN,
    Ack,
    Failure,
    Parcel,
    Timing,
)

Json = dict[str, Any]

FOLLOWED = 2
"""How many redirects Slack follows."""


@dataclass
class HttpMode:
    """The app's address, and the secret that the app and Slack share."""

    url: str
    secret: str
    calls: Calls
    timing: Timing
    _session: aiohttp.ClientSession = field(default_factory=lambda: aiohttp.ClientSession(auto_decompress=True))

    async def send(self, parcel: Parcel) -> Ack | Failure:
        """One try to deliver a payload."""
        try:
            status, headers, text = await self._post(parcel)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return _failure(error)
        if parcel.unheard:
            return Failure(CONNECTION, "the connection broke before the answer was heard")
        if not 200 <= status < 300:
            no_retry = headers.get("X-Slack-No-Retry") == "1"
            return Failure(STATUS, f"answered {status}" + (", without retries please" if no_retry else ""), no_retry)
        return Ack(self._body(parcel, headers, text))

    async def verify(self, token: str) -> None:
        """Ask the address for Slack's challenge, as Slack does before it takes it; ValueError when it does not answer rightly."""
        challenge = hashlib.sha256(self.url.encode()).hexdigest()
        payload = {"token": token, "challenge": challenge, "type": "url_verification"}
        call = self.calls.sent("url_verification", payload)
        try:
            status, _, text = await self._post(Parcel(EVENTS, "url_verification", payload))
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            self.calls.judge(call, _failure(error).words)
            raise ValueError(f"{self.url} cannot be reached: {error}") from error
        fits = status == 200 and challenge in text
        self.calls.judge(call, "answered" if fits else f"answered {status} without the challenge")
        if not fits:
            raise ValueError(f"{self.url} answered {status} and not the challenge that Slack sends first.")

    async def close(self) -> None:
        await self._session.close()

    async def _post(self, parcel: Parcel) -> tuple[int, Json, str]:
        body, kind = _encoded(parcel)
        headers = {"Content-Type": kind, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)", "Accept": "*/*"}
        headers |= _signed(self.secret, body)
        if parcel.attempt:
            headers |= {"X-Slack-Retry-Num": str(parcel.attempt), "X-Slack-Retry-Reason": parcel.reason}
        timeout = aiohttp.ClientTimeout(total=parcel.seconds(self.timing))
        async with self._session.post(
            self.url, data=body.encode(), headers=headers, timeout=timeout, max_redirects=FOLLOWED + 1
        ) as response:
            return response.status, dict(response.headers), await response.text()

    def _body(self, parcel: Parcel, headers: Json, text: str) -> Json | None:
        """What Slack takes from an answer: JSON where a body is welcome, and plain words to a command."""
        if not text.strip():
            return None
        if not parcel.takes_a_body:
            if parcel.kind != EVENTS:
                why = "ignored: this kind of request takes no answer body"
                self.calls.said("ack", text, 200, None, why, team=parcel.team_id)
            return None
        if headers.get("Content-Type", "").startswith("application/json"):
            body = _json(text)
            if isinstance(body, dict):
                return body
        return {"text": text} if parcel.kind == "slash_commands" else {"response_action": text[:80]}


def _encoded(parcel: Parcel) -> tuple[str, str]:
    """The body and its type: events are JSON, a command is a form, an interaction a form with JSON in `payload`."""
    if parcel.kind == EVENTS:
        return json.dumps(parcel.payload), "application/json"
    fields = parcel.payload if parcel.kind == "slash_commands" else {"payload": json.dumps(parcel.payload)}
    return urlencode(fields), "application/x-www-form-urlencoded"


def _signed(secret: str, body: str) -> dict[str, str]:
    """Slack's signature over the body and the machine's time."""
    at = str(int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest}"}


def _failure(error: Exception) -> Failure:
    match error:
        case TimeoutError():
            return Failure(TIMEOUT, "not acknowledged")
        case aiohttp.TooManyRedirects():
            return Failure(REDIRECTS, "redirected too often")
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return Failure(SSL, "no trusted connection")
        case aiohttp.ClientConnectionError() | OSError():
            return Failure(CONNECTION, "could not be reached")
    return Failure(UNKNOWN, f"answered nothing that can be read ({type(error).__name__})")


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None
