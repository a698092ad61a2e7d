"""The whole story of one commitment, each change with who, when and why; and what the command can do. Pure."""

from collections.abc import Sequence
from datetime import date

from handlers import blocks, calendar, histories
from handlers.commitments import messages, rules, views
from handlers.commitments.asking import Asker
from handlers.types import Json
from storage.commitment_lists import Item
from storage.models import CommitmentEvent

LONGEST = 20


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
    told = [histories.line(event, name, asker.zone, today) for event, name in history[-LONGEST:]]
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
