"""Which fields stand on which step of a form, and what a form carries on from step to step. Pure.

A unit is what is answered together: `a3` is the question at position 3, `s45` whether blocker 45 is still in the way, `c128` how
commitment 128 goes, and `d128` its new date with the reason, which is asked for on a step of its own when somebody says it needs one.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from handlers.checkins.answering.fields import is_anonymous
from handlers.types import Json

ON_A_STEP = 6
ON_ONE_STEP = 8  # so many fields do not yet need a second step
BLOCKERS_BACK, COMMITMENTS = 20, 30
TYPED_ANONYMOUSLY = 1000  # letters: what is carried in the form alone, never kept, has to fit into it
NEEDS_DATE = "new_date"
Steps = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Walk:
    """Where somebody is in a form: `at` counts the steps as they unfold, `turn` how often the form changed.

    `carried` is what was answered anonymously before going back: it stands nowhere else.
    """

    prompt_id: int
    key: str
    steps: Steps
    at: int = 0
    turn: int = 0
    carried: Mapping[str, Any] = field(default_factory=dict)


def plan(
    questions: Sequence[Mapping[str, Any]], blockers: Sequence[int], commitments: Sequence[int], *, answered: bool
) -> Steps:
    """The steps of a form. What is anonymous comes last, as nothing of it is kept between two steps; once `answered`, not again."""
    asked = [one for one in questions if not (answered and is_anonymous(one))]
    anonymous = [one for one in asked if is_anonymous(one)]
    back, promised = blockers[:BLOCKERS_BACK], commitments[:COMMITMENTS]
    weights = _weights(questions)
    together = _units(asked, back, promised)
    asks_dates = any(unit.startswith("c") for unit in together)
    if sum(_weight(unit, weights) for unit in together) <= ON_ONE_STEP and not (anonymous and asks_dates):
        return (tuple(together),)
    named = _units([one for one in asked if one not in anonymous], back, promised)
    last = tuple(f"a{one['position']}" for one in anonymous)
    return tuple(step for step in (*_divided(named, weights), last) if step)


def unfold(steps: Steps, values: Mapping[str, Any]) -> Steps:
    """The steps with those in between that ask for the new dates of the commitments which need one."""
    unfolded: list[tuple[str, ...]] = []
    for step in steps:
        unfolded.append(step)
        dates = [f"d{unit[1:]}" for unit in step if unit.startswith("c") and values.get(unit) == NEEDS_DATE]
        unfolded += [tuple(dates[first : first + 3]) for first in range(0, len(dates), 3)]
    return tuple(unfolded)


def longest_text(questions: Sequence[Mapping[str, Any]], question: Mapping[str, Any], most: int) -> int:
    """How many letters an answer may have."""
    if not is_anonymous(question):
        return most
    return TYPED_ANONYMOUSLY // sum(is_anonymous(one) for one in questions)


def written(walk: Walk) -> str:
    """For the form's private metadata."""
    kept = {"prompt": walk.prompt_id, "key": walk.key, "steps": walk.steps, "at": walk.at, "turn": walk.turn}
    if walk.carried:
        kept["carried"] = dict(walk.carried)
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def read(view: Json) -> Walk:
    kept = json.loads(view["private_metadata"])
    steps = tuple(tuple(step) for step in kept["steps"])
    return Walk(kept["prompt"], kept["key"], steps, kept["at"], kept["turn"], kept.get("carried", {}))


def _units(questions: Sequence[Mapping[str, Any]], blockers: Sequence[int], commitments: Sequence[int]) -> list[str]:
    """Earlier blockers stand in front of the question after new ones, or of everything; commitments in place of their question."""
    back = [f"s{blocker_id}" for blocker_id in blockers]
    first = {
        kind: [one["position"] for one in questions if one["kind"] == kind][:1] for kind in ("blocker", "commitments")
    }
    units = [] if first["blocker"] else back
    for question in questions:
        position = question["position"]
        units += back if position in first["blocker"] else []
        if commitments and position in first["commitments"]:
            units += [f"c{number}" for number in commitments]
        else:
            units.append(f"a{position}")
    return units


def _divided(units: Sequence[str], weights: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Steps of about the same length."""
    total = sum(_weight(unit, weights) for unit in units)
    most = ceil(total / ceil(total / ON_A_STEP)) if total else ON_A_STEP
    steps: list[list[str]] = [[]]
    taken = 0
    for unit in units:
        weight = _weight(unit, weights)
        if steps[-1] and taken + weight > most:
            steps.append([])
            taken = 0
        steps[-1].append(unit)
        taken += weight
    return [tuple(step) for step in steps if step]


def _weights(questions: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many fields a question has: a blocker has two, one about commitments none where there are none to ask about."""
    return {f"a{one['position']}": {"blocker": 2, "commitments": 0}.get(one["kind"], 1) for one in questions}


def _weight(unit: str, weights: Mapping[str, int]) -> int:
    return weights.get(unit, 1)
