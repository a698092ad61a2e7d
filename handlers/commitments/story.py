"""The whole story of one commitment, each change with who, when and why; and what the command can do. Pure."""

from collections.abc import Sequence
from datetime import date

from handlers import blocks, calendar
from handlers.commitments import messages, rules, views
from handlers.commitments.asking import Asker
from handlers.types import Json
from storage.commitment_lists import Item
from storage.models import CommitmentEvent

LONGEST = 20
EDITED = {"text": "the text", "due_on": "the date", "audience": "who sees it"}


def shown(
    item: Item,
    history: Sequence[tuple[CommitmentEvent, str | None]],
    asker: Asker,
    notice: messages.Notice | None = None,
) -> Json:
    """A commitment in full."""
    one, today = item.commitment, asker.today
    parts = [blocks.section(notice.text)] if notice else []
    parts += [blocks.section(f"*#{one.number}* {blocks.escaped(one.text)}"), blocks.context(_about(item, today))]
    if one.source_url:
        parts.append(blocks.context(f"<{blocks.escaped(one.source_url)}|The message it came from>"))
    left_out = len(history) - LONGEST
    told = [_told(event, name, asker.zone, today) for event, name in history[-LONGEST:]]
    parts.append(blocks.section("\n".join([f"({left_out} earlier changes)"] * (left_out > 0) + told)))
    if rules.may_change(one, asker.member, asker.places) and rules.is_open(one):
        more = (views.change_button(one.number, messages.SINGLE), views.hand_button(one.number, messages.SINGLE))
        parts += [views.act_buttons(one, messages.SINGLE), blocks.actions(*more)]
    due = calendar.spoken_date(one.due_on, today)
    return blocks.message(f"#{one.number} {blocks.escaped(one.text)}: {messages.spoken_state(one)}, due {due}.", parts)


def helps(command: str) -> Json:
    """What the command does, with two real examples."""
    lines = [
        f"*`{command}`* keeps what you promise, with a date, and reminds you in time.",
        f"• `{command} publish the vendor list by next Friday` records it at once.",
        f"• `{command} send Milwaukee our survey` asks for the date in a form.",
        f"*Lists*: `{command} mine`, `city`, `cohort`, `cohort NAME`, `overdue`.",
        f"*One of them*: `{command} show 128`, `done 128`, `move 128 to Dec 18`, `drop 128`, `hand 128`.",
        "Dates: today, Friday, next Friday (of next week), in two weeks, end of the month, Dec 5, 12/5, 2027-01-15.",
        "Nothing is closed because you were silent. Your city team and the facilitators see your commitments, unless you choose otherwise.",
    ]
    text = f"{command} keeps what you promise: {command} publish the vendor list by next Friday; {command} mine lists yours."
    return blocks.message(text, [blocks.section("\n".join(lines))])


def _about(item: Item, today: date) -> str:
    one = item.commitment
    due = messages.spoken_due(one, today) if rules.is_open(one) else f"due *{calendar.spoken_date(one.due_on, today)}*"
    names = [blocks.escaped(name) for name in (item.owner.name if item.owner else "", item.city, item.cohort) if name]
    return " · ".join([messages.spoken_state(one), due, *names])


def _told(event: CommitmentEvent, name: str | None, zone: str, today: date) -> str:
    on = calendar.today(zone, event.at)
    year = "" if on.year == today.year else f", {on.year}"
    who = blocks.escaped(name or "Civic Cohort")
    why = f": {blocks.escaped(event.why)}" if event.why else ""
    return f"• {on:%b} {on.day}{year} · {who} {_did(event, today)}{why}"


def _did(event: CommitmentEvent, today: date) -> str:
    days = {side: _day(getattr(event, side), today) for side in ("before", "after")}
    if event.kind == "edited":
        changed = [words for name, words in EDITED.items() if name in event.after]
        return f"changed {' and '.join(changed)}"
    return {
        "recorded": f"recorded it, due {days['after']}",
        "done": "marked it done",
        "at_risk": "said it is at risk",
        "moved": f"moved it from {days['before']} to {days['after']}",
        "dropped": "dropped it",
        "handed": "handed it over",
        "undone": "took the last change back",
        "let_go": "noted that it needs an owner",
    }.get(event.kind, "changed it")


def _day(values: dict[str, object], today: date) -> str:
    day = values.get("due_on")
    return calendar.spoken_date(date.fromisoformat(str(day)), today) if day else "another day"
