"""What people answered in a round, one answer to one question at a time, and how it is quoted in a message. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.blocks import escaped
from handlers.checkins import rules
from handlers.saying import said
from storage.answers import Given
from storage.models import Round

QUOTED = ("text", "blocker", "commitments")


@dataclass(frozen=True)
class Told:
    """One answer to one question; `text` is the answer in words, whatever its kind."""

    seat_id: int
    city: str
    member_id: int
    name: str
    kind: str
    question: str
    audience: str
    position: int
    text: str
    late: bool


def told(this: Round, given: Sequence[Given]) -> list[Told]:
    """Every answer of a round, by city, person and question."""
    found = []
    for one in given:
        for question in this.questions:
            text = said(question, one.values.get(str(question["position"])))
            if text:
                asked = (question["kind"], question["text"], question["audience"], question["position"])
                found.append(Told(one.seat_id, one.city, one.member_id, one.by, *asked, text, one.late))
    return found


def readable(this: Round, given: Sequence[Given], reader: rules.Reader, seat_id: int | None) -> list[Told]:
    """What somebody may read of a round, of one seat or of all; blockers first."""
    found = [one for one in told(this, given) if seat_id in (None, one.seat_id)]
    found = [one for one in found if rules.may_read(reader, one.audience, author_id=one.member_id, seat_id=one.seat_id)]
    return sorted(found, key=lambda one: one.kind != "blocker")


def by(one: Told) -> str:
    """Who said it."""
    return f"{escaped(one.name)}{', late' if one.late else ''}"


def fits(text: str, allowance: int) -> bool:
    """Whether it is shown whole; what counts are the characters that Slack counts."""
    return len(escaped(text)) <= allowance


def quoted(text: str, allowance: int) -> str:
    """User text in a quote, safe in mrkdwn."""
    return "\n".join(f">{one}" for one in _shown(text, allowance).splitlines())


def line(one: Told, allowance: int, *, alone: bool) -> str:
    """What one person said: what is short stands beside the question or the name, a text below."""
    if one.kind in QUOTED:
        return f"\n{quoted(one.text, allowance)}" if alone else f"\n{by(one)}\n{quoted(one.text, allowance)}"
    text = _shown(one.text, allowance)
    return f" {text}" if alone else f"\n{by(one)}: {text}"


def in_parts(text: str, most: int = 3000) -> list[str]:
    """A text in parts that a block takes."""
    return [text[start : start + most] for start in range(0, len(text), most)]


def _shown(text: str, allowance: int) -> str:
    """Escaped; cut before that, so that no entity is cut in two."""
    if fits(text, allowance):
        return escaped(text)
    start = text[:allowance]
    while not fits(start, allowance):
        start = start[: len(start) * allowance // len(escaped(start))]
    return f"{escaped(start.rstrip())}…"
