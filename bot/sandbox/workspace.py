"""The state of one Slack workspace: who is there, what was said, which forms are open, and the events that follow."""

import itertools
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.sandbox import installing, objects, threads
from bot.sandbox.clock import Clock
from bot.sandbox.copying import copied
from bot.sandbox.rate_limits import RateLimits
from bot.sandbox.records import Channel, File, Grant, Json, Person, SlackError, View, handle_of
from bot.sandbox.triggers import Triggers

__all__ = ["Channel", "File", "Json", "Person", "SlackError", "View", "Workspace"]


@dataclass
class Workspace:
    """One team with one app in it. Without scopes of its own it grants what the manifest asks for.

    Where the app is not `installed` there is no bot user, no token, and nothing reaches the app. `ended_tokens` are the
    tokens it had before, each with the error that it answers now.

    `on_event` receives the inner event for the app; it is called only for what the app may see (its own conversations),
    whether it subscribed is for the receiver to look up. `on_change` tells the page and tests what is new:
    "message" {channel, ts, what: posted|edited|deleted|reacted|ephemeral, user?}, "channel" {channel}, "people" {user},
    "home" {user}, "modal" {user}, "read" {channel, user}, "file" {file}, "app" {installed}.
    """

    manifest: Json = field(default_factory=dict)
    team_id: str = "T00000001"
    team_name: str = "City network"
    domain: str = "city-network"
    app_id: str = "A00000001"
    bot_id: str = "B00000001"
    bot_user_id: str = "U00000001"
    bot_token: str = "xoxb-sandbox-bot-token"  # noqa: S105 (opens nothing but this workspace)
    app_token: str = "xapp-sandbox-app-token"  # noqa: S105
    signing_secret: str = "sandbox-signing-secret"  # noqa: S105
    client_id: str = "1000000001.2000000002"
    client_secret: str = "sandbox-client-secret"  # noqa: S105
    scopes: set[str] = field(default_factory=set)
    installed: bool = True
    ended_tokens: dict[str, str] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    base_url: str = "http://127.0.0.1"
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    stacks: dict[str, list[View]] = field(default_factory=dict)
    scheduled: list[Json] = field(default_factory=list)
    usergroups: list[Json] = field(default_factory=list)
    codes: dict[str, Grant] = field(default_factory=dict)
    tickets: set[str] = field(default_factory=set)
    socket_mode: bool = True
    rates: RateLimits | None = None
    triggers: Triggers = field(default_factory=Triggers)
    on_event: Callable[[Json], None] = lambda _event: None
    on_change: Callable[[str, Json], None] = lambda _kind, _change: None
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(2))
    _direct: dict[frozenset[str], Channel] = field(default_factory=dict)
    _last_ts: int = 0

    def __post_init__(self) -> None:
        if self.installed:
            self.scopes = self.scopes or installing.wanted_scopes(self.manifest)
            installing.bring_bot(self)
        else:
            self.bot_token, self.scopes = "", set()
        self.add_channel("general")

    @property
    def app_name(self) -> str:
        return str(self.manifest.get("display_information", {}).get("name", "Bot"))

    def add_person(
        self,
        name: str,
        *,
        email: str = "",
        tz: str = "America/New_York",
        title: str = "",
        is_admin: bool = False,
        labels: Json | None = None,
    ) -> Person:
        """A new member, who is in #general as everybody is. Slack tells the app by `team_join`."""
        handles = {person.name for person in self.people.values()}
        handle = next(h for h in _numbered(handle_of(name)) if h not in handles)
        person = Person(self.new_id("U"), handle, name, email, tz, title, is_admin, labels=labels or {})
        self.people[person.id] = person
        general = next((channel for channel in self.channels.values() if channel.name == "general"), None)
        if general is not None:
            general.members.append(person.id)
        self.on_event({"type": "team_join", "user": self.user(person.id), **self._event_time()})
        self.on_change("people", {"user": person.id})
        return person

    def change_person(self, user_id: str, **changes: object) -> Person:
        """Change real_name, email, tz, title, is_admin, is_owner or deleted. Slack tells the app by `user_change`."""
        person = self.people[user_id]
        for name, value in changes.items():
            if name not in {"real_name", "email", "tz", "title", "is_admin", "is_owner", "deleted"}:
                raise ValueError(f"A person's {name} cannot be changed.")
            setattr(person, name, value)
        moment = self._event_time()
        self.on_event({"type": "user_change", "user": self.user(user_id), "cache_ts": int(self.seconds()), **moment})
        self.on_change("people", {"user": user_id})
        return person

    def add_channel(self, name: str, *, members: Iterable[str] = (), is_private: bool = False) -> Channel:
        """A channel with these people in it; the bot comes in when it is named, invited or joins."""
        people = list(dict.fromkeys(members))
        channel = Channel(self.new_id("C"), name.removeprefix("#"), is_private=is_private, members=people)
        channel.creator = people[0] if people else self.bot_user_id
        return self._keep(channel)

    def find_direct(self, *user_ids: str) -> Channel | None:
        """The conversation between the app and exactly these people, when it was opened before."""
        members = frozenset((*user_ids, self.bot_user_id))
        found = self._direct.get(members)
        return found if found and members == set(found.members) else None

    def direct_channel(self, *user_ids: str) -> Channel:
        """The direct message between the app and one person, or the group message with several; opened when new."""
        there = self.find_direct(*user_ids)
        if there is not None:
            return there
        self.need_app()
        members = list(dict.fromkeys([*user_ids, self.bot_user_id]))
        group = len(members) > 2
        name = "mpdm-" + "--".join(sorted(self.people[member].name for member in members)) + "-1" if group else ""
        channel = Channel(self.new_id("G" if group else "D"), name, is_im=not group, is_mpim=group, is_private=group)
        channel.members, channel.creator = members, self.bot_user_id
        self._direct[frozenset(members)] = channel
        return self._keep(channel)

    def need_app(self) -> None:
        """LookupError where the app is not installed."""
        if not self.installed:
            raise LookupError(f"{self.app_name} is not installed in {self.team_name}.")

    def join(self, channel_id: str, user_id: str, *, inviter: str = "") -> bool:
        """Put somebody into a channel; False when they were there. The app hears of it where it is a member itself."""
        channel = self.channels[channel_id]
        if user_id in channel.members:
            return False
        channel.members.append(user_id)
        event: Json = {"type": "member_joined_channel", "user": user_id, "channel": channel_id}
        event |= {"channel_type": "G" if channel.is_private else "C", "team": self.team_id}
        self.tell(channel, event | ({"inviter": inviter} if inviter else {}) | self._event_time())
        self.post(
            channel_id, {"subtype": "channel_join", "user": user_id, "text": f"<@{user_id}> has joined the channel"}
        )
        self.on_change("channel", {"channel": channel_id})
        return True

    def post(self, channel_id: str, message: Json) -> Json:
        """Store a message with a new ts and tell the app and whoever watches; returns the stored message.

        A mention of the bot in a channel where it is a member also sends `app_mention`.
        """
        channel = self.channels[channel_id]
        stored = {"type": "message", **copied(message), "ts": self.new_ts(), "team": self.team_id}
        channel.messages.append(stored)
        threads.reply_added(channel, stored)
        if stored.get("user"):
            channel.read[stored["user"]] = stored["ts"]
        event = {**stored, "channel": channel_id, "event_ts": stored["ts"]}
        self.tell(channel, {**event, "channel_type": channel.kind})
        mentioned = f"<@{self.bot_user_id}>" in str(stored.get("text", "")) and stored.get("user") != self.bot_user_id
        if mentioned and not channel.is_im and "subtype" not in stored:
            self.tell(channel, {**event, "type": "app_mention"})
        self.on_change("message", {"channel": channel_id, "ts": stored["ts"], "what": "posted"})
        return stored

    def post_ephemeral(self, channel_id: str, user_id: str, message: Json) -> Json:
        """Show a message to one person alone. No event tells of it, and no history has it."""
        stored = {"type": "message", **copied(message), "ts": self.new_ts(), "is_ephemeral": True}
        stored |= {"author": message.get("user", self.bot_user_id), "user": user_id}
        self.channels[channel_id].ephemeral.append(stored)
        self.on_change("message", {"channel": channel_id, "ts": stored["ts"], "what": "ephemeral", "user": user_id})
        return stored

    def edit(self, channel_id: str, ts: str, changes: Json, *, silently: bool = False) -> Json:
        """Change a stored message (None takes a key away); the app hears `message_changed`. KeyError when it is not there."""
        channel, message = self._stored(channel_id, ts)
        before = copied(message)
        message.update(copied(changes))
        for name in [name for name, value in message.items() if value is None]:
            del message[name]
        if not silently:
            message["edited"] = {"user": message.get("user", self.bot_user_id), "ts": self.new_ts()}
        self._tell_changed(channel, "message_changed", {"message": copied(message), "previous_message": before})
        self.on_change("message", {"channel": channel_id, "ts": ts, "what": "edited"})
        return message

    def delete(self, channel_id: str, ts: str) -> None:
        """Take a message away; the first of a thread leaves a tombstone. KeyError when it is not there."""
        channel, message = self._stored(channel_id, ts)
        before = copied(message)
        threads.message_removed(channel, message)
        self._tell_changed(channel, "message_deleted", {"deleted_ts": ts, "previous_message": before})
        self.on_change("message", {"channel": channel_id, "ts": ts, "what": "deleted"})

    def mark_read(self, channel_id: str, user_id: str) -> None:
        channel = self.channels[channel_id]
        if channel.messages and channel.read.get(user_id) != channel.messages[-1]["ts"]:
            channel.read[user_id] = channel.messages[-1]["ts"]
            self.on_change("read", {"channel": channel_id, "user": user_id})

    def unread(self, channel_id: str, user_id: str) -> int:
        channel = self.channels[channel_id]
        seen = channel.read.get(user_id, "")
        return sum(message["ts"] > seen and message.get("user") != user_id for message in channel.messages)

    def tell(self, channel: Channel, event: Json) -> None:
        """Send the app an event of this conversation, when it is in there."""
        if self.bot_user_id in channel.members:
            self.on_event(copied(event))

    def user(self, user_id: str) -> Json:
        """Slack's user object. The e-mail is in it only when the app may read e-mails."""
        answer = objects.user(self.people[user_id], self.team_id, self.clock.now())
        if "users:read.email" not in self.scopes:
            answer["profile"].pop("email", None)
        return answer

    def next_scheduled(self) -> datetime | None:
        """When the next message of chat.scheduleMessage goes out."""
        return datetime.fromtimestamp(min(one["post_at"] for one in self.scheduled), UTC) if self.scheduled else None

    def post_scheduled(self) -> None:
        """Send what chat.scheduleMessage left for a moment that has come."""
        now = self.seconds()
        due = sorted((one for one in self.scheduled if one["post_at"] <= now), key=lambda one: one["post_at"])
        for one in due:
            self.scheduled.remove(one)
            self.post(one["channel_id"], one["message"])

    def use_clock(self, clock: Clock) -> None:
        """Live by another clock; what the old one stamped before anything was said does not hold the new one's time up."""
        self.clock = clock
        if not any(channel.messages for channel in self.channels.values()):
            self._last_ts = 0

    def new_id(self, prefix: str) -> str:
        """Counted within the workspace, so that two workspaces have the same ids for different things, as Slack may."""
        return f"{prefix}{next(self._numbers):08d}"

    def new_ts(self) -> str:
        """Slack's time stamp, which is also a message's id: from the sandbox's clock, always later than the last."""
        self._last_ts = max(int(self.clock.now().timestamp() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_hash(self) -> str:
        return f"{int(self.seconds())}.{secrets.token_hex(4)}"

    def seconds(self) -> float:
        return self.clock.now().timestamp()

    def _keep(self, channel: Channel) -> Channel:
        channel.created = int(self.seconds())
        self.channels[channel.id] = channel
        self.on_change("channel", {"channel": channel.id})
        return channel

    def _stored(self, channel_id: str, ts: str) -> tuple[Channel, Json]:
        channel = self.channels[channel_id]
        message = channel.message(ts)
        if message is None:
            raise KeyError(ts)
        return channel, message

    def _tell_changed(self, channel: Channel, subtype: str, what: Json) -> None:
        moment = self.new_ts()
        event = {
            "type": "message",
            "subtype": subtype,
            "channel": channel.id,
            "channel_type": channel.kind,
            "hidden": True,
        }
        self.tell(channel, {**event, **what, "ts": moment, "event_ts": moment})

    def _event_time(self) -> Json:
        return {"event_ts": self.new_ts()}


def _numbered(name: str) -> Iterable[str]:
    yield name
    yield from (f"{name}{number}" for number in itertools.count(2))
