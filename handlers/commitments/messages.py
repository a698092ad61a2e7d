"""What is said about commitments: confirmations, lists, the reminder, the whole story of one, and help. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers import blocks, calendar
from handlers.commitments import rules, views
from handlers.types import Json
from storage.commitment_lists import Item
from storage.models import Commitment

FIRST_PAGE, NEXT_PAGE = 5, 15
MOST_IN_NUDGE = 20
LIST_TEXT = 300
SMALL_NUMBERS = dict(enumerate(("Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"), 2))
SINGLE = "one"


@dataclass(frozen=True)
class Notice:
    """A line about what just happened, with the change that may be undone (None: nothing to undo)."""

    text: str
    number: int = 0
    event_id: int | None = None


def saved(item: Item, event_id: int, stands_on: str, today: date) -> Json:
    """Saved #128: publish the dashboard, by Friday, December 11."""
    one = item.commitment
    when = calendar.spoken_date(one.due_on, today)
    text = f"Saved #{one.number}: {blocks.escaped(one.text)}, by {when}."
    shown = f"Saved *#{one.number}*: {blocks.escaped(one.text)}, by *{when}*. {who_sees(item)}"
    return blocks.message(
        text,
        [
            blocks.section(shown),
            blocks.actions(
                views.change_button(one.number, stands_on), views.undo_button(one.number, event_id, stands_on)
            ),
        ],
    )


def saved_before(item: Item, today: date) -> Json:
    """Already saved as #128."""
    one = item.commitment
    when = calendar.spoken_date(one.due_on, today)
    shown = f"Already saved as *#{one.number}*: {blocks.escaped(one.text)}, by *{when}*. Nothing was recorded twice."
    return blocks.message(
        _plain(shown), [blocks.section(shown), blocks.actions(views.change_button(one.number, SINGLE))]
    )


def handed_to_you(item: Item, giver: str, stands_on: str, today: date) -> Json:
    """What the new owner is told."""
    one = item.commitment
    given = f"{blocks.escaped(giver)} handed a commitment over to you: *#{one.number}* {blocks.escaped(one.text)}"
    shown = f"{given}, due *{calendar.spoken_date(one.due_on, today)}*."
    return blocks.message(_plain(shown), [blocks.section(shown), views.act_buttons(one, stands_on)])


def who_sees(item: Item) -> str:
    """The sentence that says who sees a commitment."""
    team = f"{blocks.escaped(item.city)} and your facilitators see it."
    return {
        "city": team if item.city else "Your facilitators see it.",
        "facilitators": "Only you and the facilitators see it.",
        "cohort": f"Everyone in {blocks.escaped(item.cohort) or 'the cohort'} sees it.",
        "network": "Everyone in the network sees it.",
    }[item.commitment.audience]


def happened(kind: str, one: Commitment, event_id: int | None, today: date, name: str = "") -> Notice:
    """What to say after a change."""
    when = calendar.spoken_date(one.due_on, today)
    subject = f"*#{one.number}* {blocks.escaped(blocks.cut(one.text, LIST_TEXT))}"
    words = {
        "done": f"Done: {subject}.",
        "at_risk": f"At risk: {subject}, due *{when}*. Whoever sees it sees that, too.",
        "moved": f"Moved: {subject} is now due *{when}*.",
        "dropped": f"Dropped: {subject}.",
        "handed": f"Handed over: {subject} now belongs to {blocks.escaped(name)}.",
        "edited": f"Changed: {subject}, by *{when}*.",
        "taken_back": f"Taken back: {subject} is not recorded any more.",
        "undone": f"Undone: {subject} is {spoken_state(one)}, due *{when}*.",
        "not_undone": f"Nothing to undo: {subject} was changed since, or this was taken back already.",
        "closed": f"{subject} is already {spoken_state(one)}. Nothing changed.",
        "same": f"{subject} is {spoken_state(one)}, due *{when}*. Nothing changed.",
    }
    return Notice(words[kind], one.number, event_id)


def single(notice: Notice, stands_on: str, item: Item | None = None, today: date | None = None) -> Json:
    """One commitment after a change; with `item`, what to do with it next."""
    parts = _notice(notice, stands_on)
    if item and today and rules.is_open(item.commitment):
        parts.append(views.act_buttons(item.commitment, stands_on))
    return blocks.message(_plain(notice.text), parts)


def listing(
    title: str, items: Sequence[Item], page: str, today: date, *, changeable: set[int], notice: Notice | None = None
) -> Json:
    """A page of a list: five items, or fifteen further ones. `page` is `list:start:key`; `changeable` are the numbers with buttons."""
    which, start, key = read_page(page)
    size = NEXT_PAGE if start else FIRST_PAGE
    shown = items[start : start + size]
    late = sum(item.commitment.due_on < today for item in items)
    counted = f"{blocks.escaped(title)}: {len(items)} open{f', {late} overdue' if late else ''}."
    parts = _notice(notice, page) if notice else []
    if not start:
        parts.append(
            blocks.section(f"*{blocks.escaped(title)}* · {len(items)} open{f', {late} overdue' if late else ''}")
        )
    for item in shown:
        names = (item.owner.name if item.owner else "", item.city)
        about = "" if which == "mine" else " · ".join(blocks.escaped(name) for name in names if name)
        parts.append(blocks.section(_line(item.commitment, today) + (f"\n{about}" if about else "")))
        if item.commitment.number in changeable:
            parts.append(views.act_buttons(item.commitment, page))
    rest = len(items) - start - len(shown)
    if rest > 0:
        parts.append(blocks.actions(views.more_button(page_of(which, start + len(shown), key))))
        parts.append(blocks.context(f"{rest} more"))
    begins = "Next" if start else "Most urgent"
    first = f" {begins}: {_sentence(shown[0].commitment, today)}" if shown else ""
    lead = f"{_plain(notice.text)} " if notice else ""
    return blocks.message(f"{lead}{counted}{first}", parts)


def nothing(which: str, command: str, page: str, notice: Notice | None = None) -> Json:
    """An empty list: why, and what to do first."""
    words = {
        "mine": f"You have no open commitments. To record one: `{command} publish the vendor list by Friday`.",
        "city": f"No open commitments of your city that you may see. To record one: `{command} publish the vendor list by Friday`.",
        "cohort": "No open commitments in this cohort that you may see. Cities decide whether to share theirs.",
        "overdue": f"Nothing is overdue. `{command} mine` shows what is coming up.",
    }
    parts = _notice(notice, page) if notice else []
    lead = f"{_plain(notice.text)} " if notice else ""
    return blocks.message(lead + _plain(words[which]), [*parts, blocks.section(words[which])])


def nudge(items: Sequence[Item], key: str, today: date, notice: Notice | None = None) -> Json:
    """One reminder for all of a person's commitments. It names days, not "today": it may be read on another one."""
    kept, rest = items[:MOST_IN_NUDGE], items[MOST_IN_NUDGE:]
    stands_on = f"{key}:{','.join(str(item.commitment.number) for item in kept)}"
    waiting = [item for item in kept if rules.is_open(item.commitment)]
    title = _nudge_title([item.commitment for item in (*waiting, *rest)], today) if waiting else ""
    parts = [blocks.section(title)] if title else []
    for place, item in enumerate(waiting):
        parts.append(blocks.section(_line(item.commitment, today, relative=False)))
        parts.append(views.nudge_buttons(item.commitment, stands_on, first=place == 0))
    told = [item.commitment for item in kept if not rules.is_open(item.commitment)]
    parts += [blocks.context(_line(one, today)) for one in told if notice is None or notice.number != one.number]
    parts += _notice(notice, stands_on) if notice else []
    parts += [blocks.context(f"{len(rest)} more are due; the command's list `mine` shows them.")] if rest else []
    first = f" {_sentence(waiting[0].commitment, today)}" if waiting else ""
    lead = f"{_plain(notice.text)} " if notice else ""
    return blocks.message(f"{lead}{title}{first}".strip(), parts)


def page_of(which: str, start: int, key: int = 0) -> str:
    """The name of a page of a list; `key` is the cohort or city that was asked for, 0 for one's own."""
    return f"{which}:{start}:{key}"


def read_page(page: str) -> tuple[str, int, int]:
    which, start, key = page.split(":")
    return which, int(start), int(key)


def spoken_due(one: Commitment, today: date) -> str:
    """Was due Friday, November 20, 3 days ago; due today, Monday, November 23."""
    when = calendar.spoken_date(one.due_on, today)
    days = (today - one.due_on).days
    if days > 0:
        return f"was due *{when}*, {'yesterday' if days == 1 else f'{days} days ago'}"
    return f"due {'today, ' if days == 0 else 'tomorrow, ' if days == -1 else ''}*{when}*"


def _line(one: Commitment, today: date, *, relative: bool = True) -> str:
    text = blocks.escaped(blocks.cut(one.text, LIST_TEXT))
    if not rules.is_open(one):
        return f"*#{one.number}* {text} · {spoken_state(one)}"
    due = spoken_due(one, today) if relative else f"{_due(one, today)} *{calendar.spoken_date(one.due_on, today)}*"
    return f"*#{one.number}* {text} · {due}{'' if one.state == 'open' else f' · {spoken_state(one)}'}"


def _sentence(one: Commitment, today: date) -> str:
    text = blocks.escaped(blocks.cut(one.text, LIST_TEXT))
    return f"#{one.number} {text}, {_due(one, today)} {calendar.spoken_date(one.due_on, today)}."


def _due(one: Commitment, today: date) -> str:
    return "was due" if one.due_on < today else "due"


def spoken_state(one: Commitment) -> str:
    return {"at_risk": "at risk", "needs_owner": "without an owner"}.get(one.state, one.state)


def _nudge_title(waiting: Sequence[Commitment], today: date) -> str:
    many = SMALL_NUMBERS.get(len(waiting), str(len(waiting)))
    whose = "A commitment of yours is" if len(waiting) == 1 else f"{many} of your commitments are"
    return f"{whose} {'coming up' if all(one.due_on > today for one in waiting) else 'due'}:"


def _notice(notice: Notice, stands_on: str) -> list[Json]:
    button = views.undo_button(notice.number, notice.event_id, stands_on) if notice.event_id else None
    return [blocks.section(notice.text, accessory=button)]


def _plain(text: str) -> str:
    """Our own bold and code marks taken away, for the `text` beside the blocks; what people typed stays as it is."""
    return re.sub(r"\*(#[0-9]+|[A-Z][a-z]+day, [A-Z][a-z]+ [0-9]+(?:, [0-9]{4})?)\*", r"\1", text).replace("`", "")
