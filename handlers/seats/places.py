"""What the forms about places say, and what is wrong with it. Pure."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Self

USER, NAME, EMAIL = "user", "name", "email"
CITY, NEW_CITY, STATE, ROLE = "city", "new_city", "state", "role"
SINCE, UNTIL, WHO, WHY, NOTE = "since", "until", "who", "why", "note"
ALONG, CHOSEN = "along", "chosen"
ROLES = {"lead": "Lead of the city", "delegate": "Delegate", "sponsor": "Sponsor (reads, is not asked)"}
RUNS = {"facilitator": "Facilitator of this cohort", "head": "Head facilitator of this cohort"}
PROGRAM = {"program": "Facilitator of the whole program"}
TEXT_LIMIT, NAME_LIMIT, EMAIL_LIMIT = 500, 80, 200
GONE = (
    "They are not on that seat any more, or somebody changed their days just now. Nothing was saved; please look again."
)


@dataclass(frozen=True)
class Somebody:
    """A person as a form names them: a Slack user, or a name with an e-mail address."""

    user_id: str | None
    name: str
    email: str


@dataclass(frozen=True)
class Adding:
    """What the form "Add a person" says; `city_id` or a new city's name and state."""

    cohort_id: int
    key: str
    person: Somebody
    city_id: int | None
    new_city: str
    state: str
    role: str
    since_on: date | None
    until_on: date | None

    @property
    def seated(self) -> bool:
        return self.role in ROLES

    @property
    def city(self) -> int | tuple[str, str]:
        """The id of a city, or the name and state of a new one."""
        return self.city_id or (self.new_city, self.state)

    def said(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {**asdict(self), "since_on": iso(self.since_on), "until_on": iso(self.until_on)}

    @classmethod
    def of(cls, said: dict[str, Any]) -> Self:
        days = {name: date.fromisoformat(said[name]) if said[name] else None for name in ("since_on", "until_on")}
        return cls(**{**said, "person": Somebody(**said["person"]), **days})


@dataclass(frozen=True)
class Going:
    """Who goes when and why; `until_on` is the last day that was seen. Travels with the question whether one is sure."""

    cohort_id: int
    key: str
    delegate_id: int
    last_day: str
    why: str
    until_on: str | None = None


@dataclass(frozen=True)
class Handing:
    """Who hands over to whom from which day, and which open commitments go along: all, none or the chosen ones.

    `until_on` is the last day of who hands over, as it was seen.
    """

    cohort_id: int
    key: str
    delegate_id: int
    user_id: str | None
    name: str
    email: str
    since_on: str
    note: str
    until_on: str | None = None
    along: str = "none"
    chosen: list[int] = field(default_factory=list)

    @property
    def person(self) -> Somebody:
        return Somebody(self.user_id, self.name, self.email)

    def takes(self, open_now: Sequence[int]) -> list[int]:
        """Those of the commitments that go along."""
        return [id_ for id_ in open_now if self.along == "all" or (self.along == "chosen" and id_ in self.chosen)]


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def first_day(adding: Adding, now: datetime) -> date:
    return adding.since_on or now.date()


def problems_with_person(person: Somebody, bot_user_id: str) -> dict[str, str]:
    """What is wrong with a person before anybody looks for them, by field."""
    if person.user_id == bot_user_id:
        return {USER: "That is me. Please choose a person."}
    if not person.user_id and not person.email:
        return {USER: "Please choose somebody in Slack, or give a name and an e-mail address below."}
    if person.email and not re.fullmatch(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+", person.email):
        return {EMAIL: "This does not look like an e-mail address, such as ana@memphis.gov."}
    if len(person.email) > EMAIL_LIMIT:
        return {EMAIL: f"Please give an address of at most {EMAIL_LIMIT} characters."}
    if len(person.name) > NAME_LIMIT:
        return {NAME: f"Please shorten it to {NAME_LIMIT} characters."}
    return {}


def problems_with_place(adding: Adding, today: date) -> dict[str, str]:
    """What is wrong with the city, the role and the days, by field."""
    found = {}
    if not adding.seated and (adding.city_id or adding.new_city):
        found[ROLE] = "A facilitator has no city. Please choose a role of the city, or leave the city empty."
    if not adding.seated and adding.since_on and adding.since_on > today:
        found[SINCE] = (
            "What a facilitator may do begins at once. Please choose today, and add them again later if that is too early."
        )
    if adding.seated and adding.city_id and adding.new_city:
        found[NEW_CITY] = "Choose a city above or type a new one, please, not both."
    if adding.seated and not adding.city_id:
        if not adding.new_city:
            found[NEW_CITY] = "Please choose the city, or type a new one."
        elif not re.fullmatch(r"[A-Z]{2}", adding.state):
            found[STATE] = "Please give the state of the new city in two letters, such as TN."
    if adding.until_on and adding.since_on and adding.until_on < adding.since_on:
        found[UNTIL] = "The last day is before the first one."
    elif adding.until_on and adding.until_on < today:
        found[UNTIL] = "That day is over. Leave it empty, or choose a day to come."
    return found


def problem_with_text(text: str) -> str | None:
    """Why a reason or a note is too long, or None."""
    return f"Please shorten it to {TEXT_LIMIT} characters; it has {len(text)}." if len(text) > TEXT_LIMIT else None
