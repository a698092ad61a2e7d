"""The files behind a report: a line for each round and person, or city; and the answers, for whoever may read them. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from handlers import calendar
from handlers.checkins import rules as checkin_rules
from handlers.checkins.reports import ledger_rules, rules
from storage.reports import Answered, Line, Occurrence

Table = list[Sequence[str]]

ASKED = (
    "cohort",
    "check_in",
    "round",
    "city",
    "state",
    "asks",
    "person",
    "asked_at",
    "answered_at",
    "answered_by",
    "minutes",
    "late",
    "passed",
    "not_asked_because",
    "time_zone",
)
SAID = ("cohort", "check_in", "round", "city", "state", "person", "question", "audience", "answer", "at", "late")


def asked(cohort: str, rounds: Sequence[Occurrence], lines: Iterable[Line]) -> Table:
    """The header, and a line for each prompt: of a person, or of a city of which one answer counts for all who were asked."""
    by_id = {one.id: one for one in rounds}
    prompts: dict[int, list[Line]] = {}
    for line in sorted(lines, key=lambda one: (one.name, one.member_id)):
        prompts.setdefault(line.prompt_id, []).append(line)
    found = [(by_id[some[0].round_id], some) for some in prompts.values() if some[0].round_id in by_id]
    ordered = sorted(found, key=lambda one: (one[0].nominal_on, one[0].id, one[1][0].city_name, one[1][0].name))
    return [ASKED, *(_prompt(cohort, this, some) for this, some in ordered)]


def answers(
    cohort: str, rounds: Sequence[Occurrence], given: Iterable[Answered], reader: checkin_rules.Reader
) -> Table:
    """The header, and a line for each answer that the reader may read. Anonymous ones have no person, and stand in no file."""
    by_id = {one.id: one for one in rounds}
    ordered = sorted(given, key=lambda one: (by_id[one.round_id].nominal_on, one.round_id))
    return [SAID, *(cells for one in ordered for cells in _answers(cohort, by_id[one.round_id], one, reader))]


def _prompt(cohort: str, this: Occurrence, lines: Sequence[Line]) -> Sequence[str]:
    """Of several people the first moment at which anybody was asked counts; `why not` stands where nobody was."""
    one = lines[0]
    reached = [line for line in lines if line.reached]
    moments = [line.sent_at or line.asked_at for line in reached]
    first = min((moment for moment in moments if moment), default=None)
    author = next((line.name for line in lines if line.member_id == one.answered_by), "")
    minutes = rules.minutes_of(lines)
    why_not = [ledger_rules.why_not_asked(line.skipped, line.outcome, owed=line.owed) for line in lines]
    return [
        cohort,
        this.name,
        this.nominal_on.isoformat(),
        one.city,
        one.state,
        "city" if one.subject.startswith("seat:") else "person",
        "; ".join(line.name for line in lines),
        _local(first, this.zone),
        _local(one.answered_at, this.zone),
        author,
        "" if minutes is None else str(round(minutes)),
        "yes" if one.late else "",
        "yes" if one.declined_at and not one.answered_at else "",
        "; ".join(dict.fromkeys(why for why in why_not if why)) if not (reached or one.answered_at) else "",
        this.zone,
    ]


def _answers(cohort: str, this: Occurrence, one: Answered, reader: checkin_rules.Reader) -> Table:
    found: Table = []
    for question in this.questions:
        text = _said(one.values.get(str(question["position"])))
        seen = checkin_rules.may_read(reader, question["audience"], author_id=one.member_id, seat_id=one.seat_id)
        if not text or not seen or question.get("anonymous"):
            continue
        start = (cohort, this.name, this.nominal_on.isoformat(), one.city, one.state, one.name)
        at = _local(one.first_at, this.zone)
        found.append([*start, question["text"], question["audience"], text, at, "yes" if one.late else ""])
    return found


def _said(value: Any) -> str:
    """An answer of any kind as one cell: several choices, or the parts of it, one after the other."""
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_said(part)}" for key, part in value.items() if _said(part))
    if isinstance(value, list | tuple):
        return "; ".join(filter(None, map(_said, value)))
    return "" if value is None else str(value)


def _local(moment: datetime | None, zone: str) -> str:
    """2026-10-05 09:00, as it is in the zone; a spreadsheet takes it for a date."""
    return f"{calendar.local(moment, zone):%Y-%m-%d %H:%M}" if moment else ""
