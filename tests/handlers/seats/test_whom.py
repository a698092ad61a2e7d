"""Who can have a place: nobody twice on one day, and a successor within the days of who hands over."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.errors import Refused
from handlers.seats import whom
from storage.models import Delegate, Member

DAY = date(2026, 10, 1)
SOME = st.integers(0, 12)
ANA = Member(id=1, program_id=1, name="Ana <Diaz>")


def days(since: int | None, until: int | None) -> set[int]:
    return set(range(0 if since is None else since, 31 if until is None else until + 1))


def on(day: int | None) -> date | None:
    return None if day is None else DAY + timedelta(days=day)


@given(st.none() | SOME, st.none() | SOME, SOME, st.none() | SOME)
def test_a_place_is_refused_exactly_when_it_shares_a_day(
    held_since: int | None, held_until: int | None, since: int, until: int | None
) -> None:
    held_until = held_until if held_until is None else held_until + (held_since or 0)
    until = until if until is None else until + since
    held = Delegate(since_on=on(held_since), until_on=on(held_until))
    shared = bool(days(held_since, held_until) & days(since, until))
    if shared:
        with pytest.raises(Refused, match="Ana &lt;Diaz&gt; is on this seat already"):
            whom.refuse_twice(ANA, [held], DAY + timedelta(days=since), on(until))
    else:
        whom.refuse_twice(ANA, [held], DAY + timedelta(days=since), on(until))
