"""What a closed round brought: for the cohort's channel, for facilitators, and in full for whoever may read it. Pure.

A summary is a message and what continues in its thread: blockers first, then what can be counted, then the cities.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers import calendar
from handlers.blocks import actions, context, escaped, message, modal, plain, section
from handlers.buttons import button
from handlers.checkins import blocker_views, rules
from handlers.checkins.answering.fields import is_anonymous
from handlers.checkins.blocker_views import Care
from handlers.checkins.reports import ledger_views
from handlers.checkins.summing import charts, missing, packing, telling
from handlers.checkins.summing.packing import Part, Piece
from handlers.checkins.summing.telling import Told
from handlers.checkins.views import READ
from handlers.checkins.wording import answers_count, capital, counted, listed
from handlers.types import Json, Settings
from storage.answers import Given
from storage.blockers import Found
from storage.checkins import Listed
from storage.models import Round
from storage.rounds import Standing
from storage.summing import Past

TURN_PAGE = "checkin_page"
READ_FORM = "checkin_read_form"
ALLOWED = 8000  # characters for all answers in the message, so that each gets its share
BLOCKER_BLOCKS, CHART_BLOCKS = 22, 13
NAMES_SHOWN = 2
SECTION = 2800
PAGE = 25
ON = "_Read on in the thread._"


@dataclass(frozen=True)
class Brought:
    """All that a summary is made of. `pasts` are the rounds up to this one, `care` is what is known about the blockers."""

    found: Listed
    round: Round
    given: Sequence[Given]
    people: Sequence[Standing]
    today: date
    pasts: Sequence[Past] = ()
    care: Care = blocker_views.NOTHING


def for_channel(this: Brought, settings: Settings) -> list[Json]:
    """The summary by city, and its thread: only what the cohort may see. Nobody is named for not answering."""
    shared = [one for one in telling.told(this.round, this.given) if rules.seen_by_cohort(one.audience)]
    shared += _unsigned(this, public=True)
    title = _title(this.found, this.round, this.today)
    cities = sorted({one.city for one in this.given})
    head = section(f"*{title}*\n{_answers_from(cities)} {escaped(this.round.note)}".rstrip())
    foot = [context(f"Not answered yet? It is still welcome: `{settings.command_checkin}`.")]
    if cities and not shared and not _charts(this, public=True):
        foot.insert(0, section("Their answers are for their city teams and the facilitators."))
    text = f"{title}: {_answers_from(cities)}"
    return _messages(this, text, head, _parts(this, shared, public=True), foot, shared)


def for_facilitators(this: Brought) -> list[Json]:
    """The rest, privately: what the channel may not see, every blocker to be looked after, and who did not answer.

    Empty when there is nothing of it.
    """
    told = telling.told(this.round, this.given)
    private = [one for one in told if one.kind == "blocker" or not rules.seen_by_cohort(one.audience)]
    private += _unsigned(this, public=False)
    names = missing.lines(this.people)
    parts = _parts(this, private, public=False)
    if not any(part.pieces for part in parts) and not names and not this.round.note:
        return []
    count = f"{capital(answers_count(this.people))}."
    title = _title(this.found, this.round, this.today)
    head = section(f"*{title}, for facilitators*\n{count} {escaped(this.round.note)}".rstrip())
    lines = [section(line) for line in names]
    parts.append(Part("", [packing.piece(line) for line in lines[NAMES_SHOWN:]]))
    foot = [*lines[:NAMES_SHOWN], actions(ledger_views.deliveries_button(this.round.id))]
    return _messages(this, f"{title}, for facilitators: {count}", head, parts, foot, private)


def nobody_to_tell(given: Sequence[Given], people: Sequence[Standing]) -> bool:
    """Whether the channel is spared a summary: nobody answered, and nobody had been asked."""
    return not given and not any(person.asked and person.outcome in ("sent", "merged") for person in people)


def in_full(found: Listed, this: Round, readable: Sequence[Told], today: date, where: str, page: int) -> Json:
    """Page `page` (from 0) of all answers that somebody may read; `where` is what the buttons for other pages carry."""
    pages = max(1, -(-len(readable) // PAGE))
    page = min(max(page, 0), pages - 1)
    blocks: list[Json] = [section(f"*{_title(found, this, today)}*")]
    if not readable:
        blocks.append(section("There is nothing here that you may read."))
    for one in readable[page * PAGE : (page + 1) * PAGE]:
        blocks += _whole(one)
    turns = [("Earlier answers", page - 1)] if page > 0 else []
    turns += [("More answers", page + 1)] if page < pages - 1 else []
    if turns:
        # Two buttons of one block need two action_ids.
        buttons = [button(label, f"{TURN_PAGE}_{number}", f"{where}:{number}") for label, number in turns]
        blocks += [context(f"Page {page + 1} of {pages}"), actions(*buttons)]
    return modal(READ_FORM, "All answers", blocks)


def _messages(
    this: Brought, text: str, head: Json, parts: Sequence[Part], foot: Sequence[Json], answers: Sequence[Told]
) -> list[Json]:
    """The message and its replies; what was cut somewhere stands whole in a reply."""
    allowance = _allowance(answers)
    whole = [packing.piece(*_whole(one)) for one in answers if not telling.fits(one.text, allowance)]
    more = button("Read all answers", READ, str(this.round.id))
    first, *replies = packing.lay_out(head, parts, foot, whole, more)
    return [message(text, first), *(message(f"{text} Continued.", blocks) for blocks in replies)]


def _parts(this: Brought, answers: Sequence[Told], *, public: bool) -> list[Part]:
    allowance = _allowance(answers)
    blockers = [one for one in answers if one.kind == "blocker" and one.name]
    heading = capital(counted(len(blockers), "blocker", "blockers"))
    raised = [packing.piece(*_blocker(this, one, allowance, public=public)) for one in blockers]
    measured = [packing.piece(section(text)) for text in _charts(this, public=public)]
    return [
        Part(heading, raised, BLOCKER_BLOCKS, ALLOWED // 2),
        Part("", measured, CHART_BLOCKS, ALLOWED // 2),
        Part("", _cities(this.round, [one for one in answers if one not in blockers], allowance)),
    ]


def _allowance(answers: Sequence[Told]) -> int:
    """How many characters of an answer are shown, so that many cities are seen at once."""
    return max(100, min(600, ALLOWED // max(1, len(answers))))


def _title(found: Listed, this: Round, today: date) -> str:
    day = calendar.spoken_date(this.nominal_on, today)
    return escaped(f"{found.cohort.name} · {found.check_in.name}, {day}")


def _answers_from(cities: Sequence[str]) -> str:
    if not cities:
        return "No answers in this round."
    if len(cities) > 8:
        return f"Answers from {len(cities)} cities."
    return f"Answers from {escaped(listed(cities))}."


def _charts(this: Brought, *, public: bool) -> list[str]:
    """What can be counted, and what was answered anonymously, by question."""
    found = []
    for question in this.round.questions:
        if rules.seen_by_cohort(question["audience"]) != public:
            continue
        if is_anonymous(question):
            found.append(_anonymous(this, question, public=public))
            continue
        key = str(question["position"])
        values = [one.values[key] for one in this.given if one.values.get(key)]
        found.append(charts.of(question, values, this.pasts, this.today, public=public) or "")
    return [text for text in found if text]


def _anonymous(this: Brought, question: charts.Question, *, public: bool) -> str:
    """As a distribution, from five answers on, and never by city; of texts only what was asked."""
    values = this.round.anonymous.get(str(question["position"]), [])
    asked = f"*{escaped(question['text'])}*"
    if charts.too_few(question, values):
        few = counted(charts.ANONYMOUS_FROM, "answer", "answers")
        return f"{asked}\n_Anonymous: shown from {few} on, so that nobody can be recognized. There are fewer._"
    chart = charts.of(question, values, this.pasts, this.today, public=public)
    return f"{chart}\n_Anonymous_" if chart else f"{asked}\n_Anonymous, in no order. What was said stands below._"


def _unsigned(this: Brought, *, public: bool) -> list[Told]:
    """Texts that were given anonymously, as if a city of that name had said them."""
    found = []
    for question in this.round.questions:
        values = this.round.anonymous.get(str(question["position"]), [])
        hidden = rules.seen_by_cohort(question["audience"]) != public or charts.too_few(question, values)
        if is_anonymous(question) and question["kind"] in telling.QUOTED and not hidden:
            asked = (question["kind"], question["text"], question["audience"], question["position"])
            found += [Told(0, "Anonymous", 0, "", *asked, value, late=False) for value in values]
    return found


def _cities(this: Round, answers: Sequence[Told], allowance: int) -> list[Piece]:
    seats = list(dict.fromkeys(one.seat_id for one in answers))
    by_seat = {seat_id: [one for one in answers if one.seat_id == seat_id] for seat_id in seats}
    return [packing.piece(*_city(this, some, allowance)) for some in by_seat.values()]


def _city(this: Round, answers: Sequence[Told], allowance: int) -> list[Json]:
    """Sections for one city: each question once, and under it who said what; one person alone is named beside the city."""
    order = [question["position"] for question in this.questions]
    alone = len({one.member_id for one in answers}) == 1
    text = f"*{escaped(answers[0].city)}*{f' · {telling.by(answers[0])}' if alone and answers[0].name else ''}"
    asked, texts = None, []
    for one in sorted(answers, key=lambda one: order.index(one.position)):
        question = "" if one.position == asked else f"\n_{escaped(one.question)}_"
        between = "\n" if alone and one.position == asked else ""  # two quotes would run together
        line = f"{question}{between}{telling.line(one, allowance, alone=alone)}"
        line += f"\n{ON}" if not telling.fits(one.text, allowance) else ""
        if len(text) + len(line) > SECTION:
            texts.append(text)
            text = f"*{escaped(answers[0].city)}*, continued"
        text, asked = f"{text}{line}", one.position
    return [section(one) for one in [*texts, text]]


def _blocker(this: Brought, one: Told, allowance: int, *, public: bool) -> list[Json]:
    """What is in the way, what other cities did about it, and who looks after it; only facilitators get the buttons for that."""
    row = _row(this.care.rows, one)
    topic, text = (row.blocker.topic, row.blocker.text) if row else ("", one.text)
    practices = this.care.practices.get((topic, text), ())
    said = f"*{escaped(one.city)}* · {telling.by(one)}\n{telling.quoted(one.text, allowance)}"
    said += f"\n{ON}" if not telling.fits(one.text, allowance) else ""
    state = blocker_views.state(row) if row else ""
    pressed = blocker_views.read_buttons(practices)
    pressed += blocker_views.care_buttons(row) if row and not public else []
    body = [section(f"{said}\n{state}".rstrip()), *blocker_views.done_elsewhere(practices)]
    return [*body, *packing.buttons(*pressed)]


def _row(rows: Sequence[Found], one: Told) -> Found | None:
    """The row of a blocker: rounds of long ago have none."""
    same = [row for row in rows if (row.blocker.seat_id, row.blocker.position) == (one.seat_id, one.position)]
    own = [row for row in same if row.blocker.member_id == one.member_id]
    return next((row for row in [*own, *same] if one.text.endswith(row.blocker.text)), None)


def _whole(one: Told) -> list[Json]:
    late, by = " · late" if one.late else "", f" · {escaped(one.name)}" if one.name else ""
    return [
        context(f"*{escaped(one.city)}*{by} · {escaped(one.question)}{late}"),
        *({"type": "section", "text": {**plain(text, 3000), "emoji": False}} for text in telling.in_parts(one.text)),
    ]
