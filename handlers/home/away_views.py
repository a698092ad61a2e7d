"""One's own absence with the way back, and who of a facilitator's cohorts is away today. Pure."""

from collections.abc import Sequence
from datetime import date

from handlers import blocks, standing
from handlers.absences import views
from handlers.types import Json
from storage.away import Away
from storage.days import Span

FIRST = 5


def own(absence: tuple[int, Span] | None, today: date) -> list[Json]:
    """Until when I am away, or shall be, and the button that ends or cancels it; nothing for who is here."""
    if absence is None:
        return []
    absence_id, span = absence
    text = f"*You are away {views.in_words(span, today)}.*"
    if span.covers(today):
        text += " I write to you again when you are back."
    return [blocks.section(text, accessory=views.button_of(absence_id, span, today))]


def of_cohorts(away: Sequence[Away], more: Json) -> list[Json]:
    """The first few of those who are away today, by cohort and city; nothing when everybody is here."""
    if not away:
        return []
    count = "One person is" if len(away) == 1 else f"{len(away)} people are"
    body = [blocks.section("\n".join([f"*{count} away today.*", *lines(away)[:FIRST]]))]
    return [*body, blocks.actions(more)] if len(away) > FIRST else body


def lines(away: Sequence[Away]) -> list[str]:
    """Ana Diaz (Memphis, TN), away until Tuesday, December 8; with the cohort where there are several."""
    several = len({one.cohort for one in away}) > 1
    return [
        f"{blocks.escaped(_who(one, several=several))}, {standing.away_in_words(one.span, one.today)}" for one in away
    ]


def _who(one: Away, *, several: bool) -> str:
    city = f"{one.city}, {one.state}" if one.state else one.city
    return f"{one.name} ({city}; {one.cohort})" if several else f"{one.name} ({city})"
