"""One answer for a city: who gave it, who may give it, and what was said before. Pure."""

from collections.abc import Sequence
from datetime import datetime

from handlers import calendar
from handlers.blocks import actions, context, escaped, message, modal, plain, section
from handlers.buttons import button
from handlers.checkins.views import ANSWER
from handlers.checkins.wording import listed
from handlers.types import Json
from storage.answers import Open
from storage.cities import Revision

REVISIONS = "checkin_revisions"
REVISIONS_FORM = "checkin_revisions_form"
REVISIONS_SHOWN = 40
TEXT = 3000


def answered(
    this: Open,
    reader_id: int,
    told: Sequence[Revision],
    zone: str,
    asked_at: datetime | None,
    *,
    more: str = "",
    buttons: Sequence[Json] = (),
) -> Json:
    """What stands in place of the question for everybody who was asked with the one who answered."""
    title = escaped(f"{this.cohort_name} · {this.check_in.name}")
    text = " ".join(part for part in (said(this.city, reader_id, told, zone, asked_at), more) if part)
    see = [button("See or edit the answer", ANSWER, str(this.prompt.id))]
    if len(told) > 1:
        see.append(button("Read earlier versions", REVISIONS, str(this.prompt.id)))
    return message(f"{title}: {text}", [section(f"*{title}*\n{text}"), actions(*see, *buttons)])


def said(city: str, reader_id: int, told: Sequence[Revision], zone: str, asked_at: datetime | None) -> str:
    """Rosa Kim answered for Memphis at 10:12 AM. With who changed it last, when somebody did; the reader is "you"."""
    first, last = told[0], told[-1]
    text = f"{_name(first, reader_id)} answered for {escaped(city)} {_when(first.at, zone, asked_at)}"
    if len(told) > 1:
        who = "" if last.member_id == first.member_id else f"{_name(last, reader_id).replace('You', 'you', 1)} "
        text += f"{'; ' if who else ' and '}{who}changed it {_when(last.at, zone, asked_at)}"
    return f"{text}."


def overtaken(names: Sequence[str]) -> str:
    """What somebody reads who wrote an answer without having seen those of others."""
    if not names:
        return ""
    return f"What {escaped(listed(names))} wrote while you were writing is kept; yours is the version that counts now."


def passed(this: Open, left: Sequence[str]) -> Json:
    """What stands in place of the prompt after "Not this time", where several may answer; `left` are those who still may."""
    title, city = escaped(f"{this.cohort_name} · {this.check_in.name}"), escaped(this.city)
    if left:
        text = f"You pass on this round, and I will not remind you of it. {escaped(listed(left))} can still answer for {city}."
    else:
        text = f"{city} passes on this round: nobody else is left to answer for it. I will not remind you."
    change = button("Answer after all", ANSWER, str(this.prompt.id))
    return message(f"{title}: {text}", [section(f"*{title}*\n{text}"), actions(change)])


def versions(this: Open, told: Sequence[Revision], zone: str, now: datetime) -> Json:
    """Every version of an answer with who wrote it, the newest first."""
    blocks: list[Json] = [section(f"*{escaped(f'{this.city} · {this.check_in.name}')}*\nThe first one here counts.")]
    for one in list(reversed(told))[:REVISIONS_SHOWN]:
        at = calendar.spoken_moment(one.at, zone, now)
        blocks.append(context(f"*{escaped(one.name)}* · {at}"))
        blocks.append({"type": "section", "text": {**plain(_text(this, one), TEXT), "emoji": False}})
    return modal(REVISIONS_FORM, "Versions", blocks)


def _text(this: Open, one: Revision) -> str:
    lines = [(question["text"], one.values.get(str(question["position"]))) for question in this.round.questions]
    return "\n\n".join(f"{question}\n{value}" for question, value in lines if value) or "Nothing was filled in."


def _name(one: Revision, reader_id: int) -> str:
    return "You" if one.member_id == reader_id else escaped(one.name)


def _when(at: datetime, zone: str, asked_at: datetime | None) -> str:
    """At 10:12 AM, on the day of the question; else with the day."""
    there = calendar.local(at, zone)
    if asked_at is not None and calendar.today(zone, asked_at) == there.date():
        return f"at {calendar.spoken_time(there.time())}"
    return f"on {calendar.spoken_moment(at, zone, at)}"
