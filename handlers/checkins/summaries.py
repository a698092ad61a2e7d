"""What a closed round brought: for the cohort's channel, for facilitators, and in full for whoever may read it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers import calendar
from handlers.blocks import actions, context, escaped, message, modal, plain, section
from handlers.buttons import button
from handlers.checkins import rules
from handlers.checkins.views import READ
from handlers.checkins.wording import answers_count, capital, counted, is_away, listed
from handlers.types import Json, Settings
from storage.answers import Given
from storage.checkins import Listed
from storage.models import Round
from storage.rounds import Standing

TURN_PAGE = "checkin_page"
READ_FORM = "checkin_read_form"
CITIES_SHOWN = 25
BLOCKERS_SHOWN = 8
CHARACTERS = 8000
SECTION = 2800
PAGE = 25
NAMES_IN_A_LINE = 30
LINES_OF_NAMES = 12
NOT_ASKED = {
    "not_in_slack": "I cannot reach them in Slack yet",
    "late": "I was not running when it was their turn",
    "left": "they are no longer on the seat",
    "ended": "the next round came first",
    "early": "the check-in was paused or moved",
    "resting": "they did not answer three rounds in a row",
}


@dataclass(frozen=True)
class Told:
    """One answer to one question."""

    seat_id: int
    city: str
    member_id: int
    name: str
    kind: str
    question: str
    audience: str
    text: str
    late: bool


def told(this: Round, given: Sequence[Given]) -> list[Told]:
    """Every answer of a round, by city, person and question."""
    found = []
    for one in given:
        for question in this.questions:
            text = one.values.get(str(question["position"]))
            if text:
                asked = (question["kind"], question["text"], question["audience"])
                found.append(Told(one.seat_id, one.city, one.member_id, one.by, *asked, text, one.late))
    return found


def for_channel(found: Listed, this: Round, given: Sequence[Given], today: date, settings: Settings) -> Json:
    """The summary by city, blockers first: only what the cohort may see. Nobody is named for not answering."""
    shared = [one for one in told(this, given) if rules.seen_by_cohort(one.audience)]
    title = _title(found, this, today)
    cities = sorted({one.city for one in given})
    text = f"{title}: {_answers_from(cities)}"
    blocks = [section(f"*{title}*\n{_answers_from(cities)} {escaped(this.note)}".rstrip())]
    blocks += _body(this, shared)
    if cities and not shared:
        blocks.append(section("Their answers are for their city teams and the facilitators."))
    blocks.append(context(f"Not answered yet? It is still welcome: `{settings.command_checkin}`."))
    return message(text, blocks)


def for_facilitators(
    found: Listed, this: Round, given: Sequence[Given], people: Sequence[Standing], today: date
) -> Json | None:
    """The rest, privately: what the channel may not see, and who did not answer. None when there is nothing of it."""
    private = [one for one in told(this, given) if not rules.seen_by_cohort(one.audience)]
    lines = _who_did_not(people)
    if not private and not lines and not this.note:
        return None
    count = f"{capital(answers_count(people))}."
    title = _title(found, this, today)
    blocks = [section(f"*{title}, for facilitators*\n{count} {escaped(this.note)}".rstrip())]
    blocks += _body(this, private)
    blocks += [section(line) for line in lines]
    return message(f"{title}, for facilitators: {count}", blocks)


def nobody_to_tell(given: Sequence[Given], people: Sequence[Standing]) -> bool:
    """Whether the channel is spared a summary: nobody answered, and nobody had been asked."""
    return not given and not any(person.asked and person.outcome == "sent" for person in people)


def in_full(found: Listed, this: Round, readable: Sequence[Told], today: date, where: str, page: int) -> Json:
    """Page `page` (from 0) of all answers that somebody may read; `where` is what the buttons for other pages carry."""
    pages = max(1, -(-len(readable) // PAGE))
    page = min(max(page, 0), pages - 1)
    blocks: list[Json] = [section(f"*{_title(found, this, today)}*")]
    if not readable:
        blocks.append(section("There is nothing here that you may read."))
    for one in readable[page * PAGE : (page + 1) * PAGE]:
        late = " · late" if one.late else ""
        blocks.append(context(f"*{escaped(one.city)}* · {escaped(one.name)} · {escaped(one.question)}{late}"))
        blocks.append({"type": "section", "text": {**plain(_said(one), 3000), "emoji": False}})
    turns = [("Earlier answers", page - 1)] if page > 0 else []
    turns += [("More answers", page + 1)] if page < pages - 1 else []
    if turns:
        # Two buttons of one block need two action_ids.
        buttons = [button(label, f"{TURN_PAGE}_{number}", f"{where}:{number}") for label, number in turns]
        blocks += [context(f"Page {page + 1} of {pages}"), actions(*buttons)]
    return modal(READ_FORM, "All answers", blocks)


def readable(this: Round, given: Sequence[Given], reader: rules.Reader, seat_id: int | None) -> list[Told]:
    """What somebody may read of a round, of one seat or of all; blockers first."""
    found = [one for one in told(this, given) if seat_id in (None, one.seat_id)]
    found = [one for one in found if rules.may_read(reader, one.audience, author_id=one.member_id, seat_id=one.seat_id)]
    return sorted(found, key=lambda one: one.kind != "blocker")


def _title(found: Listed, this: Round, today: date) -> str:
    day = calendar.spoken_date(this.nominal_on, today)
    return escaped(f"{found.cohort.name} · {found.check_in.name}, {day}")


def _answers_from(cities: Sequence[str]) -> str:
    if not cities:
        return "No answers in this round."
    if len(cities) > 8:
        return f"Answers from {len(cities)} cities."
    return f"Answers from {escaped(listed(cities))}."


def _body(this: Round, answers: Sequence[Told]) -> list[Json]:
    blockers = [one for one in answers if one.kind == "blocker"]
    rest = [one for one in answers if one.kind != "blocker"]
    seats = list(dict.fromkeys(one.seat_id for one in rest))
    allowance = max(100, min(600, CHARACTERS // max(1, len(answers))))
    blocks: list[Json] = []
    if blockers:
        blocks.append(section(f"*{capital(counted(len(blockers), 'blocker', 'blockers'))}*"))
        blocks += [_blocker(this, one, allowance) for one in blockers[:BLOCKERS_SHOWN]]
    for seat_id in seats[:CITIES_SHOWN]:
        blocks.append(_city(this, [one for one in rest if one.seat_id == seat_id], allowance))
    more = max(0, len(blockers) - BLOCKERS_SHOWN) + max(0, len(seats) - CITIES_SHOWN)
    if more:
        all_answers = button("Read all answers", READ, str(this.id))
        blocks.append(section("There is more than fits here.", accessory=all_answers))
    return blocks


def _blocker(this: Round, one: Told, allowance: int) -> Json:
    text = f"*{escaped(one.city)}* · {_by(one)}\n{_quoted(one, allowance)}"
    return _section(text, this, one.seat_id, whole=len(one.text) <= allowance)


def _city(this: Round, answers: Sequence[Told], allowance: int) -> Json:
    """One section for one city: each question once, and under it who said what; one person alone is named beside the city."""
    order = [question["text"] for question in this.questions]
    alone = len({one.member_id for one in answers}) == 1
    by = f" · {_by(answers[0])}" if alone else ""
    text, asked, whole = f"*{escaped(answers[0].city)}*{by}", "", True
    for one in sorted(answers, key=lambda one: order.index(one.question)):
        question = f"\n_{escaped(one.question)}_" if one.question != asked else ""
        line = f"{question}{_line(one, allowance, alone=alone)}"
        fits = len(text) + len(line) <= SECTION
        whole = whole and fits and len(one.text) <= allowance
        if fits:
            text, asked = f"{text}{line}", one.question
    return _section(text, this, answers[0].seat_id, whole=whole)


def _line(one: Told, allowance: int, *, alone: bool) -> str:
    """What one person said: a number stands beside the question or the name, a text below."""
    if one.kind == "scale":
        return f" {_said(one)}" if alone else f"\n{_by(one)}: {_said(one)}"
    return f"\n{_quoted(one, allowance)}" if alone else f"\n{_by(one)}\n{_quoted(one, allowance)}"


def _section(text: str, this: Round, seat_id: int, *, whole: bool) -> Json:
    """When something in it is cut, it says so, and its button shows the whole."""
    if whole and len(text) <= SECTION:
        return section(text)
    start = text[:SECTION].removesuffix("…")
    return section(f"{start}… Read on", accessory=button("Read on", READ, f"{this.id}:{seat_id}"))


def _by(one: Told) -> str:
    return f"{escaped(one.name)}{', late' if one.late else ''}"


def _quoted(one: Told, allowance: int) -> str:
    """User text in a quote, safe in mrkdwn; cut before it is escaped, so that no entity is cut in two."""
    text = _said(one)
    shown = text if len(text) <= allowance else f"{text[:allowance].rstrip()}…"
    return "\n".join(f">{escaped(line)}" for line in shown.splitlines())


def _said(one: Told) -> str:
    return f"{one.text} of 5" if one.kind == "scale" else one.text


def _who_did_not(people: Sequence[Standing]) -> list[str]:
    """Names, for facilitators alone: who is still welcome to answer, who passed, and who was not asked and why."""
    missing = [person for person in people if not person.answered]
    declined = [person for person in missing if person.declined]
    away = [person for person in missing if is_away(person)]
    not_asked = [person for person in missing if person not in (*declined, *away) and _not_asked(person)]
    welcome = [person for person in missing if person not in (*declined, *away, *not_asked)]
    lines = _named("Still welcome to answer", welcome) + _named("Passed this time", declined) + _named("Away", away)
    for why in dict.fromkeys(_not_asked(person) for person in not_asked):
        lines += _named(f"Not asked because {why}", [one for one in not_asked if _not_asked(one) == why])
    return lines[:LINES_OF_NAMES]


def _not_asked(person: Standing) -> str | None:
    if person.skipped:
        return NOT_ASKED.get(person.skipped, person.skipped)
    if person.asked and person.outcome == "expired":
        return "the message would have come too late"
    if person.asked and person.outcome not in (None, "sent"):
        return "Slack did not take the message"
    return None


def _named(start: str, people: Sequence[Standing]) -> list[str]:
    names = [f"{escaped(person.name)} ({escaped(person.city)})" for person in people]
    parts = [names[first : first + NAMES_IN_A_LINE] for first in range(0, len(names), NAMES_IN_A_LINE)]
    return [f"{start}: {listed(part)}." for part in parts]
