"""The report of a cohort as facilitators read it: what counts first, five cities and rounds, and all of them in a window. Pure."""

from collections.abc import Sequence
from datetime import date

from handlers import calendar
from handlers.blocks import (
    ANSWERED,
    MISSED,
    PASSED,
    actions,
    context,
    cut,
    divider,
    escaped,
    level_bar,
    message,
    modal,
    option,
    packed,
    section,
    select,
    turn_mark,
)
from handlers.buttons import button
from handlers.checkins.reports import ledger_views
from handlers.checkins.reports.rules import City, Over, Rate, Report, Trend
from handlers.checkins.wording import counted
from handlers.types import Json, Settings
from storage.cohorts import Listed

MORE, CSV, ANSWERS = "checkin_report_more", "checkin_report_csv", "checkin_report_answers"
PICK, COHORT, WINDOW = "checkin_report_pick", "cohort", "checkin_report_shown"
FIRST, MARKS, MOST_OPTIONS = 5, 8, 100
NOT_ASKED = "·"
FILES = {"report": "The report", "answers": "The answers"}
ON_THEIR_WAY = {"report": "comes", "answers": "come"}
MINUTES_IN_HOUR, MINUTES_IN_DAY = 60, 24 * 60
DEFINED = (
    "Response rate: answers of those asked, late ones too; a pass is no answer. Took part: answered at least once. Time: from one's own "
    "message to the first answer. Nobody counts as asked who was away, rests, is not in Slack, or whom the message did not reach."
)
LEGEND = f"By round, the oldest first: {ANSWERED} answered, {PASSED} passed, {MISSED} no answer, {NOT_ASKED} not asked."


def short(cohort: Listed, found: Report, today: date, settings: Settings) -> Json:
    """What a command answers with: one screen."""
    title = escaped(cohort.name)
    if not found.rounds:
        text, name = _nothing_yet(found), settings.command_checkin
        hint = context(f"`{name} list` shows when the next round comes; `{name} new` makes a check-in.")
        return message(
            f"{title}: {text.replace('*', '')}", [section(f"*{title}*\n{text}"), *_still_open(found, today), hint]
        )
    body = [section(f"*{title} · report*\n{_headline(found, today)}"), *_still_open(found, today)]
    body.append(section("\n".join(["*By city*, who answers least first", *_cities(found.cities[:FIRST])])))
    body.append(
        section("\n".join(["*By round*, the newest first", *_rounds(found, found.rounds[::-1][:FIRST], today)]))
    )
    body += [context(LEGEND), _buttons(cohort.id, found), context(DEFINED)]
    return message(f"{title}: {_in_a_sentence(found)}", body)


def in_full(cohort: Listed, found: Report, today: date, note: str = "") -> Json:
    """Every city and every round, in a window; each round with the way to its deliveries."""
    body = [section(note)] if note else []
    if not found.rounds:
        body.append(section(f"*{escaped(cohort.name)}*\n{_nothing_yet(found)}"))
        return modal(WINDOW, "Report", [*body, *_still_open(found, today)])
    body.append(section(f"*{escaped(cohort.name)}*\n{_headline(found, today)}"))
    body += [_files(cohort.id), context(DEFINED), divider()]
    body += packed(["*By city*, who answers least first", *_cities(found.cities)])
    body += [context(LEGEND), divider(), section("*By round*, the newest first")]
    for one in (*found.still_open[::-1], *found.rounds[::-1]):
        line = _round(found, one, today) if one.round.closed else _open(found, one, today)
        body.append(section(line, accessory=ledger_views.deliveries_button(one.round.id)))
    return modal(WINDOW, "Report", body)


def choice(cohorts: Sequence[Listed]) -> Json:
    """The question which cohort is meant."""
    options = [option(one.name, str(one.id)) for one in cohorts[:MOST_OPTIONS]]
    return modal(PICK, "Report", [select(COHORT, "Cohort", options)], submit="Show the report")


def file_owed(what: str, cohort: str, lines: int) -> str:
    """What is said at once; a file without lines is not sent."""
    if not lines:
        return f"There is nothing in the {what} of {escaped(cohort)} yet, so I send no file."
    return f"{FILES[what]} of {escaped(cohort)} ({_plural(lines, 'line')}) {ON_THEIR_WAY[what]} to you as a direct message, in a moment."


def file_sent(what: str, cohort: str, lines: int, most: int) -> str:
    """The message that brings the file."""
    return f"{FILES[what]} of *{escaped(cohort)}*: {_plural(lines, 'line')}, of the last {most} rounds at most."


def spoken_time(minutes: float) -> str:
    """under a minute; 40 minutes; 2 hours 10 minutes; 26 hours; 3 days."""
    whole = round(minutes)
    if whole < 1:
        return "under a minute"
    if whole < MINUTES_IN_HOUR:
        return _plural(whole, "minute")
    if whole < 2 * MINUTES_IN_DAY:
        hours, rest = divmod(whole, MINUTES_IN_HOUR)
        if hours < 10 and rest:
            return f"{_plural(hours, 'hour')} {_plural(rest, 'minute')}"
        return _plural(round(whole / MINUTES_IN_HOUR), "hour")
    return _plural(round(whole / MINUTES_IN_DAY), "day")


def _headline(found: Report, today: date) -> str:
    """Participation, response rate, time and trend, a line each."""
    total, days = found.total, [one.round.nominal_on for one in found.rounds]
    first, last = (calendar.spoken_date(day, today) for day in (days[0], days[-1]))
    rounds = (
        f"{_plural(len(days), 'closed round')}, {first} to {last}" if len(days) > 1 else f"One closed round, {last}"
    )
    cities = f"{found.cities_heard} of {_plural(len(found.cities), 'city', 'cities')}"
    lines = [
        f"{rounds}.",
        f"*Took part:* {cities}, {total.took_part} of {_plural(total.people, 'person', 'people')}.",
        f"*Response rate:* {_rate(total)}.",
    ]
    if total.median_minutes is not None:
        lines.append(f"*Time to answer:* half of them within {spoken_time(total.median_minutes)}.")
    return "\n".join([*lines, f"*Trend:* {_trend(found)}"])


def _in_a_sentence(found: Report) -> str:
    total = found.total
    part = f"{found.cities_heard} of {_plural(len(found.cities), 'city', 'cities')} took part"
    rounds = f"in the last {_plural(len(found.rounds), 'round')}" if len(found.rounds) > 1 else "in the last round"
    trend = f" The trend is {_direction(found.trend)}" if found.trend else ""
    return f"{part} {rounds}; {total.percent}% of those asked answered.{trend}"


def _trend(found: Report) -> str:
    trend = found.trend
    if trend is None:
        return "it takes two rounds to tell."
    bars = level_bar([one.rate.share for one in found.rounds[-2 * trend.rounds :]])
    return f"{_direction(trend)} {bars}"


def _direction(trend: Trend) -> str:
    last = "the last round" if trend.rounds == 1 else f"the last {counted(trend.rounds, 'round', 'rounds')}"
    before = "the one before" if trend.rounds == 1 else f"the {counted(trend.rounds, 'before', 'before')}"
    return f"{trend.direction}, {trend.now.percent}% in {last}, {trend.before.percent}% in {before}."


def _cities(cities: Sequence[City]) -> list[str]:
    return [_city(one) for one in cities]


def _city(city: City) -> str:
    """Memphis, TN ▇▇▇▁ 75 %, 3 of 4 answered; 2 of 2 people took part; half within 2 hours."""
    bar = "".join(NOT_ASKED if mark is None else _mark(mark) for mark in city.marks[-MARKS:])
    people = f"; {city.rate.took_part} of {_plural(city.rate.people, 'person', 'people')} took part"
    return f"{escaped(city.name)} {bar} {_rate(city.rate)}{people}{_time(city.rate)}"


def _mark(mark: tuple[bool, bool]) -> str:
    return turn_mark(answered=mark[0], declined=mark[1])


def _rounds(found: Report, rounds: Sequence[Over], today: date) -> list[str]:
    return [_round(found, one, today) for one in rounds]


def _round(found: Report, one: Over, today: date) -> str:
    """Monday, October 5 ▆ 75 %, 3 of 4 answered; 3 of 4 cities took part; half within 2 hours."""
    bar = level_bar([one.rate.share])
    cities = f"{one.heard} of {_plural(one.cities, 'city', 'cities')} took part"
    return f"{_day(found, one, today)} {bar} {_rate(one.rate)}; {cities}{_time(one.rate)}"


def _open(found: Report, one: Over, today: date) -> str:
    rate = one.rate
    so_far = f"{rate.answered} of {rate.asked} asked so far answered" if rate.asked else "nobody was asked so far"
    return f"{_day(found, one, today)} is still open: {so_far}; not counted yet"


def _still_open(found: Report, today: date) -> list[Json]:
    return [context(f"{_open(found, one, today)}.") for one in found.still_open[-FIRST:]]


def _day(found: Report, one: Over, today: date) -> str:
    day = calendar.spoken_date(one.round.nominal_on, today)
    return f"{day}, {escaped(cut(one.round.name, 60))}" if found.several else day


def _rate(rate: Rate) -> str:
    passed = f", {rate.passed} passed" if rate.passed else ""
    return f"{rate.percent}%, {rate.answered} of {rate.asked} answered{passed}"


def _time(rate: Rate) -> str:
    return "" if rate.median_minutes is None else f"; half within {spoken_time(rate.median_minutes)}"


def _buttons(cohort_id: int, found: Report) -> Json:
    files = _files(cohort_id)["elements"]
    hidden = len(found.cities) > FIRST or len(found.rounds) > FIRST
    more = button("Show more" if hidden else "Show deliveries", MORE, str(cohort_id))
    return actions(more, *files)


def _files(cohort_id: int) -> Json:
    value = str(cohort_id)
    return actions(button("Send me the CSV", CSV, value), button("Send me the answers", ANSWERS, value))


def _nothing_yet(found: Report) -> str:
    later = "When one has, here stands who took part, how often and how fast."
    if found.still_open:
        return f"No round of a check-in has closed yet. {later}"
    if found.unasked:
        return "Rounds have closed, but no question reached anybody. *Deliveries* at a round of a check-in says why."
    return f"No check-in has asked anybody here yet, and no round has closed. {later}"


def _plural(count: int, one: str, several: str = "") -> str:
    return f"{count} {one if count == 1 else several or f'{one}s'}"
