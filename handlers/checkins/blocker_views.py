"""How a blocker is shown: what is in the way, what others did about it, who looks after it, and what facilitators can say. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from handlers import calendar
from handlers.blocks import (
    actions,
    context,
    cut,
    escaped,
    field,
    message,
    modal,
    plain,
    practice_line,
    section,
    value_of,
)
from handlers.buttons import button, read_practice
from handlers.checkins.wording import WHO_SEES, capital, counted
from handlers.saying import topic_name
from handlers.types import Json, Settings
from storage.blockers import Found
from storage.models import Practice

LOOK_AFTER = "blocker_look_after"
LET_GO = "blocker_let_go"
CLOSE = "blocker_close"
REOPEN = "blocker_reopen"
TURN_PAGE = "blockers_page"
LIST = "blockers_list"
FORM = "blocker_look_after_form"
WHO = "who"
PAGE = 20
KEPT = 40
MOST_COHORTS = 150  # whose ids fit into the window


@dataclass(frozen=True)
class Care:
    """What is known of the blockers of a round beside their texts: their rows, and the practices for each by (topic, text)."""

    rows: Sequence[Found]
    practices: Mapping[tuple[str, str], Sequence[Practice]]


NOTHING = Care((), {})


def state(found: Found) -> str:
    """Who looks after it, or that it is gone; "" while it just is in the way."""
    if found.blocker.closed_at:
        return "No longer blocked."
    return f"{escaped(found.looked_after_by)} looks after this." if found.looked_after_by else ""


def care_buttons(found: Found) -> list[Json]:
    """What facilitators can say about a blocker, and take back."""
    value = str(found.blocker.id)
    if found.blocker.closed_at:
        return [button("Still blocked", REOPEN, value)]
    gone = button("No longer blocked", CLOSE, value)
    if found.looked_after_by:
        return [button("Undo: looked after", LET_GO, value), gone]
    return [button("Looked after", LOOK_AFTER, value), gone]


def done_elsewhere(practices: Sequence[Practice]) -> list[Json]:
    """Practices that fit, each with where it was done; nothing when none does."""
    if not practices:
        return []
    lines = [practice_line(one) for one in practices]
    return [section("\n".join(["_Done elsewhere:_", *(cut(line, 800) for line in lines)]))]


def read_buttons(practices: Sequence[Practice]) -> list[Json]:
    return [read_practice(one.id, one.number) for one in practices]


def listing(found: Sequence[Found], names: Mapping[int, str], page: int, today: date, zone: str) -> Json:
    """The open blockers of one's cohorts (`names` by id), and those that were closed in this window; they can be taken back."""
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(page, 0), pages - 1)
    count = sum(one.blocker.closed_at is None for one in found)
    blocks: list[Json] = [section(f"*{capital(counted(count, 'open blocker', 'open blockers'))}*, the oldest first.")]
    for one in found[page * PAGE : (page + 1) * PAGE]:
        blocks += _row(one, names, today, zone)
    turns = [("Earlier blockers", page - 1)] if page > 0 else []
    turns += [("More blockers", page + 1)] if page < pages - 1 else []
    if turns:
        blocks += [context(f"Page {page + 1} of {pages}")]
        blocks.append(actions(*(button(label, f"{TURN_PAGE}_{number}", str(number)) for label, number in turns)))
    kept = [one.blocker.id for one in found if one.blocker.closed_at][-KEPT:]
    metadata = json.dumps({"cohorts": list(names)[:MOST_COHORTS], "kept": kept, "page": page})
    return modal(LIST, "Open blockers", blocks, private_metadata=metadata)


def none_open(names: Sequence[str], settings: Settings) -> Json:
    """The answer when nothing is in anybody's way."""
    where = f"in {escaped(names[0])}" if len(names) == 1 else "in your cohorts"
    hint = f"Blockers come in with the answers to a check-in; `{settings.command_checkin} list` shows when the next one asks."
    return message(f"Nothing is in the way of any city {where}. {hint}")


def form(found: Found, user_id: str, back: Json | None) -> Json:
    """The form that says who looks after a blocker, first oneself; `back` is where the list stands that it was opened from."""
    who: Json = {"type": "users_select", "action_id": WHO, "initial_user": user_id}
    told = f"I tell {escaped(found.name)} once that somebody looks after it, and whom you choose that you named them."
    blocks = [
        section(f"*{_title(found)}*"),
        _whole(found.blocker.text),
        field(WHO, "Who looks after it?", who),
        context(f"{told} {capital(WHO_SEES[found.blocker.audience])} the blocker."),
    ]
    metadata = json.dumps({"blocker": found.blocker.id, "back": back})
    return modal(FORM, "Looked after", blocks, submit="Save", private_metadata=metadata)


def read_form(view: Json) -> tuple[int, str, Json | None]:
    """(the blocker, the Slack user who looks after it, where the list stands)."""
    metadata = json.loads(view["private_metadata"])
    return metadata["blocker"], value_of(view, WHO) or "", metadata["back"]


def told_raiser(found: Found) -> Json:
    """To who raised it, once: somebody took it on."""
    who, city, text = escaped(found.looked_after_by), escaped(found.city), _quote(found)
    said = f"{who} looks after what is in {city}'s way."
    return message(f"{said} You need do nothing.", [section(f"*{said}* You need do nothing.\n{text}")])


def told_raiser_otherwise(found: Found) -> Json:
    """The same message after it was taken back."""
    said = f"Nobody looks after what is in {escaped(found.city)}'s way at the moment; your facilitators have it on their list."
    return message(said, [section(f"{said}\n{_quote(found)}")])


def told_carer(found: Found, by: str) -> Json:
    """To somebody whom another one named."""
    said = f"{escaped(by)} named you as the one who looks after what is in {escaped(found.city)}'s way."
    return message(said, [section(f"*{said}*\n{_quote(found)}"), context(f"Raised by {escaped(found.name)}.")])


def _row(one: Found, names: Mapping[int, str], today: date, zone: str) -> list[Json]:
    cohort = f" · {escaped(names[one.blocker.cohort_id])}" if len(names) > 1 else ""
    since = calendar.today(zone, one.blocker.opened_at)
    said = [f"since {calendar.spoken_date(since, today)}"]
    if one.blocker.still_at:
        said.append(f"still so on {calendar.spoken_date(calendar.today(zone, one.blocker.still_at), today)}")
    about = [f"*{_title(one)}* · {escaped(one.name)}{cohort}, {'; '.join(said)}", state(one)]
    return [
        section(" ".join(part for part in about if part)),
        _whole(one.blocker.text),
        actions(*care_buttons(one)),
    ]


def _title(found: Found) -> str:
    topic = topic_name(found.blocker.topic)
    return escaped(f"{found.city} · {topic}" if topic else found.city)


def _whole(text: str) -> Json:
    return {"type": "section", "text": {**plain(text, 3000), "emoji": False}}


def _quote(found: Found) -> str:
    lines = cut(found.blocker.text, 500).splitlines()
    return "\n".join(f">{escaped(line)}" for line in lines)
