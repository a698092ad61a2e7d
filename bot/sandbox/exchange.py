"""One request to the app and what becomes of its answer: replies are shown, forms open, change, close or show errors."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox import elements, interaction, modals, responses
from bot.sandbox.calls import Calls
from bot.sandbox.copying import copied
from bot.sandbox.links import Links
from bot.sandbox.transport import STATUS, TIMEOUT, Ack, Failure
from bot.sandbox.workspace import Channel, SlackError, Workspace

Json = dict[str, Any]


class AppSilent(Exception):  # noqa: N818 (it reads as what happened)
    """The app did not acknowledge in time; the text is what Slack shows to the person."""


class AppFailed(Exception):  # noqa: N818
    """The app acknowledged with something that Slack does not take."""


NO_ANSWER = "We had some trouble connecting. Try again?"


@dataclass
class Exchange:
    """What people's acts and the app's answers pass through. `typed`: what people chose in messages."""

    workspace: Workspace
    links: Links
    calls: Calls
    urls: responses.Responses
    settled: Callable[[], Awaitable[None]]
    typed: dict[str, Json] = field(default_factory=dict)

    async def command(self, user_id: str, channel: Channel, name: str, text: str) -> Json | None:
        """Send a slash command; return the app's reply, when there is one."""
        address, url = self.urls.issue(user_id, channel.id)
        urls = {"response_url": address, "trigger_id": self.workspace.triggers.issue(user_id)}
        payload = interaction.command(self.workspace, user_id, channel, name, text, urls)
        ack = await self._ask("slash_commands", payload, f"{name} failed with the error")
        if ack.body:
            with self._judging(ack.body, f"{name} failed"):
                responses.answer(self.workspace, url, ack.body)
        await self.settled()
        return url.posted[-1] if url.posted else None

    async def act_in_message(
        self, user_id: str, channel: Channel, message: Json, found: elements.Found, changed: Json
    ) -> Json | None:
        """Press or choose something in a message; return what the app answered by response_url, when it did."""
        payload = interaction.message_actions(
            self.workspace, user_id, channel, message, elements.action(found, changed)
        )
        if found.element["type"] in elements.STATES:
            self.keep(self.typed.setdefault(f"{user_id} {message['ts']}", {}), found, changed)
        values = elements.values(message.get("blocks", []), self.typed.get(f"{user_id} {message['ts']}", {}))
        payload["state"] = {"values": values}
        address, url = self.urls.issue(user_id, channel.id, message["ts"])
        await self._ask("interactive", payload | {"response_url": address}, NO_ANSWER)
        await self.settled()
        return url.posted[-1] if url.posted else None

    async def act_in_view(self, user_id: str, view: Json, found: elements.Found, changed: Json) -> None:
        """Press or choose something in a form or in App Home."""
        if found.element["type"] in elements.STATES:
            self.keep(view["state"]["values"], found, changed)
        payload = interaction.view_actions(self.workspace, user_id, self.current(view), elements.action(found, changed))
        await self._ask("interactive", payload, NO_ANSWER)
        await self.settled()

    async def shortcut(self, user_id: str, callback_id: str) -> None:
        await self._ask("interactive", interaction.shortcut(self.workspace, user_id, callback_id), NO_ANSWER)
        await self.settled()

    async def message_shortcut(self, user_id: str, channel: Channel, message: Json, callback_id: str) -> Json | None:
        address, url = self.urls.issue(user_id, channel.id, message["ts"] if message.get("is_ephemeral") else None)
        payload = interaction.message_action(self.workspace, user_id, channel, message, callback_id)
        await self._ask("interactive", payload | {"response_url": address}, NO_ANSWER)
        await self.settled()
        return url.posted[-1] if url.posted else None

    async def submit(self, user_id: str, view: Json) -> dict[str, str]:
        """Send a form off; return the errors that the app wants shown under the inputs."""
        payload = interaction.view_submission(self.workspace, user_id, self.current(view), [])
        ack = await self._ask("interactive", payload, NO_ANSWER)
        errors: dict[str, str] = {}
        if ack.body:
            with self._judging(ack.body, NO_ANSWER):
                errors = self._answer_form(user_id, view, ack.body)
        elif view["id"] in {one["id"] for one in self.workspace.stacks.get(user_id, [])}:
            modals.close(self.workspace, user_id, view["id"])
        await self.settled()
        return errors

    async def close(self, user_id: str, view: Json, *, everything: bool = False) -> None:
        """Close a form, or all forms of the stack; the app hears of those that asked for it."""
        for one in modals.close(self.workspace, user_id, view["id"], all_of_them=everything):
            if one.get("notify_on_close"):
                payload = interaction.view_closed(self.workspace, user_id, self.current(one), is_cleared=everything)
                await self._ask("interactive", payload, NO_ANSWER)
        await self.settled()

    async def options(self, user_id: str, view: Json, found: elements.Found, typed: str) -> list[Json]:
        """What a menu with an external source offers for the typed letters."""
        ids = found.block["block_id"], found.element["action_id"]
        payload = interaction.suggestion(self.workspace, user_id, self.current(view), *ids, typed)
        ack = await self._ask("interactive", payload, NO_ANSWER)
        body = ack.body or {}
        self.calls.said("ack", body, 200, None, team=self.workspace.team_id)
        groups = body.get("option_groups") or [{"options": body.get("options", [])}]
        return [option for group in groups for option in group["options"]]

    def current(self, view: Json) -> Json:
        """The view with what stands in its inputs now."""
        values = elements.values(view["blocks"], view["state"]["values"])
        return {**copied(view), "state": {"values": values}}

    def keep(self, values: Json, found: elements.Found, state: Json) -> None:
        """Remember what somebody put into an input; `values` is `state.values` of the view, or `typed` for a message."""
        values.setdefault(found.block["block_id"], {})[found.element["action_id"]] = state

    async def _ask(self, kind: str, payload: Json, otherwise: str) -> Ack:
        if not self.workspace.installed:
            raise AppFailed(f"{self.workspace.app_name} is not installed in {self.workspace.team_name} (any more).")
        settings = self.workspace.manifest.get("settings", {})
        if kind == "interactive" and not settings.get("interactivity", {}).get("is_enabled"):
            raise AppFailed("This app is not configured to handle interactive responses.")
        answer = await self.links.ask(kind, payload, payload.get("type", ""))
        if isinstance(answer, Ack):
            return answer
        words = f'{otherwise} "{_slacks_word(answer)}"' if kind == "slash_commands" else otherwise
        if answer.reason == TIMEOUT:
            raise AppSilent(f"{words} (not acknowledged within {self.links.timing.ack:g} seconds)")
        raise AppFailed(f"{words} (the app {answer.words})")

    def _answer_form(self, user_id: str, view: Json, body: Json) -> dict[str, str]:
        action = body.get("response_action")
        if action == "errors":
            return _checked_errors(view, body.get("errors"))
        if action == "clear":
            modals.close(self.workspace, user_id, view["id"], all_of_them=True)
        elif action == "update":
            modals.update(self.workspace, view["id"], body.get("view"))
        elif action == "push":
            modals.push_for(self.workspace, user_id, body.get("view"))
        else:
            raise SlackError("invalid_response_action", f"response_action is {action!r}")
        return {}

    @contextmanager
    def _judging(self, body: Json, otherwise: str) -> Iterator[None]:
        """Log the body of an acknowledgement, with Slack's verdict on it."""
        call = self.calls.said("ack", body, 200, None, team=self.workspace.team_id)
        try:
            yield
        except SlackError as error:
            self.calls.judge(call, f"refused: {error.code} {error.detail}".strip())
            raise AppFailed(f"{otherwise} ({error.code}: {error.detail})") from error


def _slacks_word(failure: Failure) -> str:
    """What Slack calls a command's failure to the person who typed it."""
    return {TIMEOUT: "operation_timeout", STATUS: "http_service_error"}.get(failure.reason, "dispatch_failed")


def _checked_errors(view: Json, errors: object) -> dict[str, str]:
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_errors", "response_action errors wants errors: {block_id: text}")
    for block_id, text in errors.items():
        if block_id not in inputs:
            raise SlackError("invalid_errors", f"there is no input block {block_id!r} in this view")
        if not isinstance(text, str) or not text:
            raise SlackError("invalid_errors", f"the error for {block_id!r} is not a text")
    return errors
