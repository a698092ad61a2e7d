"""What somebody answered to a question of any kind, as one plain text: summaries, lists, forms and briefs say it alike. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

# From the fewest people to the most; each sees what the ones before it see.
REACH = ("facilitators", "city", "cohort", "network")
STEPS = ("1", "2", "3", "4", "5")
WENT = {"on_track": "on track", "at_risk": "at risk", "done": "done", "new_date": "needs a new date"}


def said(question: Mapping[str, Any], value: Any) -> str:
    """`value` is what an answer keeps for the question; "" when there is nothing to say, or nothing that its audience may read."""
    if not value:
        return ""
    words = _WORDS.get(question["kind"])
    # Older answers keep a plain text where newer ones say more.
    return words(question, value) if words else str(value)


def topic_name(topic: str) -> str:
    """Small business, for small-business; the topics of practices are written as in an address."""
    words = topic.replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def reaches(audience: str, wanted: str) -> bool:
    """Whether what this audience sees may be said to the wanted one."""
    return REACH.index(audience) >= REACH.index(wanted)


def _scale(question: Mapping[str, Any], value: Any) -> str:
    labels = (question.get("options") or {}).get("labels", [])
    word = labels[int(value) - 1] if len(labels) == 5 and str(value) in STEPS else ""
    return f"{value} of 5 ({word})" if word else f"{value} of 5"


def _yes_no(_question: Mapping[str, Any], value: Any) -> str:
    return {"yes": "Yes", "no": "No"}.get(value, str(value))


def _choices(_question: Mapping[str, Any], value: Any) -> str:
    return "; ".join(value) if isinstance(value, list) else str(value)


def _blocker(_question: Mapping[str, Any], value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    topic = topic_name(value.get("topic", ""))
    return f"{topic}: {value['text']}" if topic else str(value["text"])


def _commitments(question: Mapping[str, Any], value: Any) -> str:
    if not isinstance(value, list):
        return str(value)
    return "\n".join(_went(one) for one in value if reaches(one["audience"], question["audience"]))


_WORDS = {
    "scale": _scale,
    "yes_no": _yes_no,
    "choices": _choices,
    "blocker": _blocker,
    "commitments": _commitments,
}


def _went(one: Mapping[str, Any]) -> str:
    start = f"#{one['number']} {one['text']}: "
    if not one.get("due_on"):
        return start + WENT[one["went"]]
    day = date.fromisoformat(one["due_on"])
    return f"{start}moved to {day:%A}, {day:%B} {day.day}, {day.year}. {one['why']}"
