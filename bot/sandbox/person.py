"""A person in the workspace, for tests and for the page: types, clicks, fills in forms, reads."""

import uuid
from typing import Any

from bot.sandbox import elements, objects, reactions, threads, typed, visiting
from bot.sandbox.exchange import AppFailed, AppSilent, Exchange
from bot.sandbox.form import Form
from bot.sandbox.workspace import Channel, File, Person

__all__ = ["Actor", "AppFailed", "AppSilent", "Form", "find_person"]

Json = dict[str, Any]
Answer = Form | Json | None

BUTTONS = ("button", "overflow", "workflow_button", "icon_button")


class Actor:
    """What one person can do. Each act returns once the app has handled it, and all that follows from it."""

    def __init__(self, exchange: Exchange, person: Person) -> None:
        self.exchange = exchange
        self.workspace = exchange.workspace
        self.person = person
        self.id = person.id

    async def types(self, command: str, text: str = "", *, channel: str | None = None) -> Answer:
        """Send a slash command; the form that opened, else the reply, else None. The channel is the direct message by default.

        Raises AppSilent when nobody acknowledged it, AppFailed when the answer is one that Slack does not take.
        """
        place = self._open_channel(channel)
        features = self.workspace.manifest.get("features", {}) if self.workspace.installed else {}
        known = {one["command"]: one for one in features.get("slash_commands", [])}
        if command not in known:
            text = f"{command} is not a valid command. In Slack, everything that starts with a slash is a command."
            slackbot = {"user": "USLACKBOT", "username": "Slackbot"}
            return self.workspace.post_ephemeral(place.id, self.id, {"text": text, **slackbot})
        text = self._linked(text) if known[command].get("should_escape") else text
        before = self.open_views()
        reply = await self.exchange.command(self.id, place, command, text.strip())
        return self.form_after(before) or reply

    async def says(self, text: str, *, channel: str | None = None, thread_ts: str | None = None) -> Json:
        """Post a message; `@handle` and `<@U…>` mention people, everything else is escaped as Slack's client does it."""
        message: Json = {"user": self.id, "text": self._linked(text), "client_msg_id": str(uuid.uuid4())}
        if thread_ts:
            message["thread_ts"] = thread_ts
        posted = self.workspace.post(self._open_channel(channel).id, message)
        await self.exchange.settled()
        return posted

    async def clicks(self, target: Json | Form | None, label: str) -> Answer:
        """Press a button of a message, form or App Home by its text or action_id; also an item of an overflow menu by its text."""
        blocks = self.blocks(target)
        for found in elements.within(blocks):
            if found.element["type"] == "overflow" and any(
                label == one["text"]["text"] for one in found.element["options"]
            ):
                return await self.act(target, found, {"selected_option": elements.option(found.element, label)})
        found = elements.find(blocks, label, BUTTONS)
        return await self.act(target, found, {})

    async def chooses(self, target: Json | Form | None, name: str, value: Any) -> Answer:
        """Choose in a menu, date picker, radio group or the like of a message, form or App Home."""
        found = elements.find(self.blocks(target), name)
        if found.element["type"] == "overflow":
            return await self.act(target, found, {"selected_option": elements.option(found.element, value)})
        return await self.act(target, found, elements.filled(found, value))

    async def opens(self, shortcut: str) -> Form | None:
        """Use a global shortcut, by its name or callback_id."""
        before = self.open_views()
        await self.exchange.shortcut(self.id, self._shortcut("global", shortcut))
        return self.form_after(before)

    async def uses_shortcut(self, shortcut: str, message: Json) -> Answer:
        """Use a message shortcut, by its name or callback_id."""
        channel, stored = self.find_message(message["ts"])
        before = self.open_views()
        reply = await self.exchange.message_shortcut(self.id, channel, stored, self._shortcut("message", shortcut))
        return self.form_after(before) or reply

    async def opens_home(self) -> Json | None:
        """Look at the app's Home tab; returns what the app published there."""
        self.workspace.need_app()
        if not self._app_home.get("home_tab_enabled"):
            raise LookupError("The manifest gives the app no Home tab.")
        event: Json = {"type": "app_home_opened", "user": self.id, "channel": self.channel(None).id, "tab": "home"}
        if self.home:
            event["view"] = self.home
        self.workspace.on_event(event | {"event_ts": self.workspace.new_ts()})
        await self.exchange.settled()
        return self.home

    async def installs(self, address: str, *, answer: str = "allow") -> tuple[int, str]:
        """Let an app into this person's workspace (or "cancel") from its install address; status and text of the last page."""
        ended = await visiting.allow(address, self.workspace.team_id, self.id, answer)
        await self.exchange.settled()
        return ended

    async def joins(self, channel: str) -> None:
        self.workspace.join(self._named(channel).id, self.id)
        await self.exchange.settled()

    async def reacts(self, message: Json, name: str) -> None:
        """Put an emoji under a message."""
        channel, _ = self.find_message(message["ts"])
        reactions.add(self.workspace, channel.id, message["ts"], name, self.id)
        await self.exchange.settled()

    def keeps_file(self, name: str, content: bytes) -> Json:
        """Upload a file without showing it to anybody, as a file input does; returns Slack's file object."""
        made = int(self.workspace.seconds())
        file = File(self.workspace.new_id("F"), name, self.id, len(content), made, content=content, complete=True)
        self.workspace.files[file.id] = file
        return objects.file(file, self.workspace.base_url, self.workspace.team_id)

    async def shares(self, files: list[Json], text: str = "", *, channel: str | None = None) -> Json:
        """Post uploaded files in a channel."""
        place = self._open_channel(channel)
        for file in files:
            self.workspace.files[file["id"]].channels.append(place.id)
        message = {"user": self.id, "text": self._linked(text), "files": files, "upload": True, "subtype": "file_share"}
        posted = self.workspace.post(place.id, message)
        await self.exchange.settled()
        return posted

    async def act(self, target: Json | Form | None, found: elements.Found, changed: Json) -> Answer:
        """Do what a person does with one element; `changed` is what they chose."""
        view, before = self._view(target), self.open_views()
        if view is not None:
            await self.act_in_view(view, found, changed)
            return self.form_after(before, view["id"])
        channel, message = self.find_message(_ts(target))
        reply = await self.exchange.act_in_message(self.id, channel, message, found, changed)
        return self.form_after(before) or reply

    async def act_in_view(self, view: Json, found: elements.Found, changed: Json) -> None:
        await self.exchange.act_in_view(self.id, view, found, changed)

    @property
    def home(self) -> Json | None:
        """The view that the app published for this person's Home tab."""
        return self.workspace.homes.get(self.id)

    @property
    def form(self) -> Form | None:
        """The form on top of the screen."""
        open_views = self.open_views()
        return Form(self, open_views[-1]["id"]) if open_views else None

    @property
    def messages(self) -> list[Json]:
        """What the app sent to this person's direct message, oldest first, ephemeral ones included."""
        bot = self.workspace.bot_user_id
        if not self.workspace.find_direct(self.id) and not self.workspace.installed:
            return []
        return [one for one in self.sees() if one.get("is_ephemeral") or one.get("user") == bot]

    @property
    def unread(self) -> int:
        """How many messages in the direct message with the app are new."""
        return self.workspace.unread(self.channel(None).id, self.id)

    def sees(self, channel: str | None = None) -> list[Json]:
        """Everything visible to this person in a channel, oldest first."""
        place = self.channel(channel)
        whispered = [one for one in place.ephemeral if one["user"] == self.id]
        return sorted([*place.messages, *whispered], key=lambda one: str(one["ts"]))

    def replies(self, message: Json) -> list[Json]:
        """The thread under a message."""
        return threads.replies(self.find_message(message["ts"])[0], message["ts"])

    def channel(self, name: str | None) -> Channel:
        """A channel this person is in, by name or id; without one the direct message with the app."""
        if name is None:
            return self.workspace.direct_channel(self.id)
        channel = self._named(name)
        if self.id not in channel.members:
            raise LookupError(f"{self.person.real_name} is not in {name}.")
        return channel

    def open_views(self) -> list[Json]:
        """The open forms, the top one last."""
        return list(self.workspace.stacks.get(self.id, []))

    def open_view(self, view_id: str) -> Json | None:
        return next((view for view in self.open_views() if view["id"] == view_id), None)

    def form_after(self, before: list[Json], acted_in: str = "") -> Form | None:
        """The form on top when it was not open before, or is the one that was acted in."""
        form, known = self.form, {view["id"] for view in before}
        return form if form and (form.view["id"] == acted_in or form.view["id"] not in known) else None

    def find_message(self, ts: str) -> tuple[Channel, Json]:
        """A message this person can see, and where it stands."""
        for channel in self.workspace.channels.values():
            if self.id in channel.members:
                whispered = [one for one in channel.ephemeral if one["user"] == self.id]
                for message in (*channel.messages, *whispered):
                    if message["ts"] == ts:
                        return channel, message
        raise LookupError(f"{self.person.real_name} sees no message {ts} (any more).")

    @property
    def _app_home(self) -> Json:
        return dict(self.workspace.manifest.get("features", {}).get("app_home", {}))

    def _open_channel(self, name: str | None) -> Channel:
        """A channel one may write in: an app can do without its messages tab, or make it read-only."""
        channel = self.channel(name)
        tab = self._app_home
        if channel.is_im:
            self.workspace.need_app()
        if channel.is_im and not (tab.get("messages_tab_enabled") and not tab.get("messages_tab_read_only_enabled")):
            raise LookupError(
                "The manifest does not let people write to the app: messages_tab_enabled or …read_only_enabled."
            )
        return channel

    def _named(self, name: str) -> Channel:
        plain = name.removeprefix("#")
        for channel in self.workspace.channels.values():
            if plain in (channel.id, channel.name):
                return channel
        raise LookupError(f"There is no channel {name}.")

    def _view(self, target: Json | Form | None) -> Json | None:
        if target is None:
            raise LookupError("There is nothing to act in.")
        view_id = target.view["id"] if isinstance(target, Form) else target.get("id")
        if view_id is None:
            return None
        home = self.home
        view = home if home and home["id"] == view_id else self.open_view(str(view_id))
        if view is None:
            raise LookupError("This view is not open any more.")
        return view

    def blocks(self, target: Json | Form | None) -> list[Json]:
        part = self._view(target)
        if part is None:
            part = self.find_message(_ts(target))[1]
        blocks: list[Json] = part.get("blocks", [])
        return blocks

    def _shortcut(self, kind: str, name: str) -> str:
        there = [one for one in self.workspace.manifest.get("features", {}).get("shortcuts", []) if one["type"] == kind]
        for one in there:
            if name in (one["name"], one["callback_id"]):
                return str(one["callback_id"])
        listed = ", ".join(repr(one["name"]) for one in there) or "none"
        raise LookupError(f"There is no {kind} shortcut {name!r}. The manifest has {listed}.")

    def _linked(self, text: str) -> str:
        return typed.linked(text, {person.name: person.id for person in self.workspace.people.values()})


def find_person(exchange: Exchange, name: str) -> Actor:
    """By id, handle, exact real name, or a beginning of the name that fits one person only."""
    people = [person for person in exchange.workspace.people.values() if not person.is_bot]
    exact = [person for person in people if name in (person.id, person.name, person.real_name)]
    found = exact or [person for person in people if person.real_name.lower().startswith(name.lower())]
    if len(found) != 1:
        listed = ", ".join(person.real_name for person in (found or people)[:20])
        raise LookupError(
            f"{'Several people are' if found else 'Nobody is'} called {name!r}: {listed or 'nobody is here'}."
        )
    return Actor(exchange, found[0])


def _ts(target: Json | Form | None) -> str:
    return str(target["ts"]) if target else ""
