"""Cohorts by name: which one somebody means, how it is called, and what is answered when none has the name. Pure."""

from collections.abc import Sequence

from handlers import alike, blocks, buttons
from handlers.standing import Standing
from handlers.types import Json, Settings
from storage.cohorts import Listed


def cohorts_meant(text: str, cohorts: Sequence[Listed], who: Standing) -> list[Listed]:
    """The cohorts that a name fits: one when it is clear, several to choose from, or none.

    The name itself wins; else all its words must fit; of several, the only one that is the asker's own is meant.
    """
    wanted = alike.asked_for(text)
    exact = [cohort for cohort in cohorts if alike.of(cohort.name) == alike.of(text)]
    if len(exact) == 1:
        return exact
    candidates = [_names_of(cohort) for cohort in cohorts]
    fitting = [(hits, cohorts[position]) for hits, _, position in alike.ranked(wanted, candidates)]
    meant = [cohort for hits, cohort in fitting if hits == len(wanted)]
    own = [cohort for cohort in meant if cohort.id in who.cohort_ids]
    return own if len(own) == 1 else meant


def near_cohorts(text: str, cohorts: Sequence[Listed]) -> list[Listed]:
    """For "did you mean": what has at least one of the words, three at most."""
    candidates = [_names_of(cohort) for cohort in cohorts]
    return [cohorts[position] for _, _, position in alike.ranked(alike.asked_for(text), candidates)[:3]]


def title(name: str, network: str) -> str:
    """The cohort in bold with its network, which is not said twice."""
    return f"*{blocks.escaped(name)}*" + (f" · {blocks.escaped(network)}" if network != name else "")


def in_words(name: str, network: str) -> str:
    """The cohort with its network, as a part of a sentence."""
    return blocks.escaped(f"{name} ({network})" if network != name else name)


def nothing_fits(text: str, near: Sequence[Listed], settings: Settings) -> Json:
    """No cohort has that name: what is near it, else where to see them all."""
    said = blocks.escaped(blocks.cut(text, 100))
    start = f"I know no cohort called *{said}*."
    if not near:
        return blocks.message(f"{start} `{settings.command_cohort} list` shows all of them.".replace("*", ""))
    body = [blocks.section(f"{start} Near it:"), *choices(near)]
    names = ", ".join(blocks.escaped(one.name) for one in near)
    return blocks.message(f"{start.replace('*', '')} Near it: {names}.", body)


def choices(cohorts: Sequence[Listed]) -> list[Json]:
    """A line for each cohort, with the button that shows it."""
    return [blocks.section(title(one.name, one.network), accessory=buttons.show_cohort(one.id)) for one in cohorts]


def _names_of(cohort: Listed) -> tuple[str, ...]:
    return alike.of(f"{cohort.name} {cohort.theme} {cohort.network} {alike.initials(cohort.network)}")
