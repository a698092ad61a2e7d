"""Phrases that the messages and forms of a check-in share: numbers, audiences, and until when. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from handlers import calendar, saying
from handlers.blocks import channel, escaped
from storage.cohort_channels import Spot
from storage.prompting import FOR_CITY
from storage.rounds import Standing

said = saying.said
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
WHO_SEES = {
    "city": "your city team and your facilitators see",
    "facilitators": "facilitators alone see",
    "cohort": "your whole cohort sees",
    "network": "your whole network sees",
}
# Who answers for a city together reads what the others of it wrote.
TOGETHER = WHO_SEES | {"facilitators": "facilitators, and who answers for your city with you, see"}
AUDIENCES = {
    "city": "The person's city team and facilitators",
    "facilitators": "Facilitators only",
    "cohort": "The whole cohort",
    "network": "The whole network",
}
KINDS = {
    "text": "Text",
    "choice": "One choice of several",
    "choices": "Several choices",
    "scale": "Scale from 1 to 5",
    "number": "Number",
    "yes_no": "Yes or no",
    "blocker": "Blocker (what is in the way)",
    "commitments": "Open commitments",
}
NOT_ASKED = {
    "not_in_slack": "I cannot reach them in Slack yet",
    "late": "I was not running when it was their turn",
    "left": "they are no longer on the seat",
    "ended": "the next round came first",
    "away": "they were away",
    "resting": "they rest after three rounds without an answer",
    "early": "the check-in was paused or moved",
}


def counted(count: int, one: str, several: str) -> str:
    """three questions; 12 cities."""
    number = NUMBERS[count] if count < len(NUMBERS) else str(count)
    return f"{number} {one if count == 1 else several}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def listed(words: Sequence[str]) -> str:
    """a, b and c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def effort(questions: Sequence[Mapping[str, Any]]) -> str:
    """three questions, about three minutes."""
    count = len(questions)
    return f"{counted(count, 'question', 'questions')}, about {counted(count, 'minute', 'minutes')}"


def who_sees(questions: Sequence[Mapping[str, Any]], *, together: bool = False) -> str:
    """Who will see which answer, and with which nobody's name stands; `together` is said of what is answered once for a city."""
    words = TOGETHER if together else WHO_SEES
    by_audience: dict[str, list[str]] = {}
    anonymous: list[str] = []
    for number, question in enumerate(questions, 1):
        group = anonymous if question.get("anonymous") else by_audience.setdefault(question["audience"], [])
        group.append(str(number))
    nameless = _nameless(anonymous, alone=not by_audience)
    if not by_audience:
        return nameless
    if len(by_audience) == 1:
        return f"{capital(words[next(iter(by_audience))])} your answers.{nameless}"
    parts = [
        f"{words[audience]} {'answer' if len(numbers) == 1 else 'answers'} {listed(numbers)}"
        for audience, numbers in by_audience.items()
    ]
    return f"{capital('; '.join(parts))}.{nameless}"


def _nameless(numbers: Sequence[str], *, alone: bool) -> str:
    if not numbers or alone:
        return "Your answers are anonymous." if numbers else ""
    return f" {'Answer' if len(numbers) == 1 else 'Answers'} {listed(numbers)} {'is' if len(numbers) == 1 else 'are'} anonymous."


def answering_for(city: str, beside: Sequence[str], away: Sequence[str]) -> str:
    """Whom the answer stands for, who can give it, too, and who is away; `beside` is only of what is asked once for a city."""
    can = f"; {escaped(listed(beside))} can answer too" if beside else ""
    text = f"Answering for {escaped(city)}{can}."
    if not away:
        return text
    stands = "you both" if len(away) == 1 and not beside else "all of you"
    return (
        f"{text} {escaped(listed(away))} {'is' if len(away) == 1 else 'are'} away; your answer can stand for {stands}."
    )


def is_away(person: Standing) -> bool:
    """Whether somebody is not to be expected in a round, because they were away when they were to be asked, or when it ended."""
    return not (person.answered or person.declined) and (person.away or "away" in (person.skipped, person.outcome))


def why_not_asked(person: Standing) -> str | None:
    """Why somebody was not asked, or not reached; None for who was, and whose turn is still to come."""
    if person.answered or person.declined:
        return None
    if person.skipped:
        return NOT_ASKED.get(person.skipped, person.skipped)
    if person.asked and person.outcome == "expired":
        return "the message would have come too late"
    if person.asked and person.outcome not in (None, "sent", "merged"):
        return "Slack did not take the message"
    return None


def answers_count(people: Sequence[Standing]) -> str:
    """5 of 7 answered; two are away: who is away is not counted as missing. Of what is asked once for a city, cities are counted."""
    if any(person.subject.startswith(FOR_CITY) for person in people):
        return _cities_count(people)
    away = sum(is_away(person) for person in people)
    not_asked = sum(why_not_asked(person) is not None and not is_away(person) for person in people)
    parts = [f"{sum(person.answered for person in people)} of {len(people) - away - not_asked} answered"]
    parts += [f"{counted(away, 'is', 'are')} away"] if away else []
    parts += [f"{counted(not_asked, 'was', 'were')} not asked"] if not_asked else []
    return "; ".join(parts)


def _cities_count(people: Sequence[Standing]) -> str:
    """5 of 7 cities answered; a city is away when everybody is who could answer for it."""
    seats: dict[str, list[Standing]] = {}
    for person in people:
        seats.setdefault(person.subject, []).append(person)
    answered = sum(any(person.answered for person in seat) for seat in seats.values())
    away = sum(all(is_away(person) for person in seat) for seat in seats.values())
    expected = len(seats) - away
    text = f"{answered} of {expected} {'city' if expected == 1 else 'cities'} answered"
    return f"{text}; of {counted(away, 'city', 'cities')} everybody is away" if away else text


def until(moment: datetime, zone: str, cohort_zone: str, now: datetime) -> str:
    """Wednesday, December 9, 10:00 AM; with the short name of the zone when the cohort's is another one."""
    spoken = calendar.spoken_moment(moment, zone, now)
    name = calendar.zone_name(zone, moment)
    return spoken if name == calendar.zone_name(cohort_zone, moment) else f"{spoken} {name}"


def told_in(spots: Sequence[Spot], team_id: str | None) -> str:
    """The channels of a summary, as somebody in this workspace can read of them."""
    return listed([channel(one.channel, None if one.team_id == team_id else one.workspace) for one in spots])
