"""Check-ins to begin with: questions that cohorts ask again and again, and when they are usually asked. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

Question = dict[str, Any]
OWN = "own"


@dataclass(frozen=True)
class Template:
    """What the form starts with. `when` are the fields of a `rules.When` that differ from the usual ones."""

    title: str
    questions: tuple[Question, ...]
    when: dict[str, Any] = field(default_factory=dict)
    window_hours: int = 48
    one_per_city: bool = False


def question(kind: str, text: str, audience: str, **more: Any) -> Question:
    """A question as it is kept: `more` are options, required and anonymous."""
    return {
        "kind": kind,
        "text": text,
        "audience": audience,
        "options": {},
        "required": False,
        "anonymous": False,
    } | more


TEMPLATES = {
    "pulse": Template(
        "Fortnightly pulse",
        (
            question("text", "What moved forward since last time?", "cohort"),
            question("scale", "How sure are you that you will reach your goal in time?", "city"),
            question("blocker", "What is in your way?", "facilitators"),
        ),
        {"every": 2},
    ),
    "coaching": Template(
        "Monthly coaching call",
        (
            question("text", "What do you want to talk about in our next call?", "facilitators", required=True),
            question("commitments", "Where do your commitments stand?", "city"),
            question("text", "Which decision is the hardest for you right now?", "facilitators"),
            question(
                "scale",
                "How useful was our last call?",
                "facilitators",
                options={"labels": ["not at all", "very"]},
            ),
        ),
        {"kind": "nth", "nth": 1, "weekday": 1},
        window_hours=72,
    ),
    "before": Template(
        "Before a convening",
        (
            question("text", "Who is coming from your city?", "facilitators", required=True),
            question("text", "What do you want to take home?", "cohort"),
            question("text", "What could you show the others?", "cohort"),
            question("yes_no", "Do you need help with travel, or with access to the rooms?", "facilitators"),
        ),
        {"kind": "around", "days": 14, "side": "before"},
        window_hours=96,
        one_per_city=True,
    ),
    "after": Template(
        "After a convening",
        (
            question("text", "What will you do first with what you heard?", "cohort"),
            question("text", "Whom do you want to talk to again, and about what?", "facilitators"),
            question(
                "scale",
                "How useful were these days for your work?",
                "facilitators",
                options={"labels": ["not at all", "very"]},
                anonymous=True,
            ),
            question("text", "What should we do differently next time?", "facilitators", anonymous=True),
        ),
        {"kind": "around", "days": 2, "side": "after"},
        window_hours=96,
    ),
    "retrospective": Template(
        "Sprint retrospective",
        (
            question("text", "What went well?", "cohort"),
            question("text", "What did not go well?", "city"),
            question("text", "What will you try in the next sprint?", "cohort"),
            question("blocker", "What is in your way?", "facilitators"),
        ),
        {"every": 2, "weekdays": (4,)},
        window_hours=72,
        one_per_city=True,
    ),
    OWN: Template("Own questions", ()),
}


def meant(words: str) -> str | None:
    """The template that a line names, misspelt or in part: "coaching", "before convening"; None when it names none."""
    wanted = " ".join(words.casefold().split())
    if not wanted:
        return None
    titles = {template.title.casefold(): key for key, template in TEMPLATES.items()}
    for title, key in titles.items():
        if wanted in (key, title) or set(wanted.split()) <= set(title.split()):
            return key
    near = get_close_matches(wanted, [*titles, *TEMPLATES], n=1, cutoff=0.8)
    return titles.get(near[0], near[0]) if near else None


def title_of(questions: Sequence[Question]) -> str | None:
    """The template whose questions these are, unchanged."""
    return next((key for key, template in TEMPLATES.items() if template.questions == tuple(questions)), None)
