"""What is said when a check-in no longer asks somebody, and when it asks them again. Pure."""

from collections.abc import Sequence

from handlers.blocks import actions, context, escaped, message, section
from handlers.buttons import button
from handlers.checkins.views import answer_button
from handlers.checkins.wording import counted, listed
from handlers.types import Json
from storage.checkins import Listed
from storage.models import Rest
from storage.rests import Resting

ASK_AGAIN = "checkin_ask_again"
NAMED = 30


def no_longer(rest: Rest, found: Listed) -> Json:
    """To the person, once."""
    name = escaped(f"{found.check_in.name} ({found.cohort.name})")
    text = f"I no longer ask you *{name}*: three rounds went by without an answer, and I do not want to be noise."
    more = "Whenever you would like to take part again, one click is enough. Your facilitators know, too."
    return message(f"{text} {more}".replace("*", ""), [section(f"{text}\n{more}"), actions(_again(rest))])


def for_facilitators(found: Listed, who: Sequence[tuple[str, str]]) -> Json:
    """To the facilitators, once for all of a round; `who` are names with their cities."""
    name = escaped(f"{found.check_in.name} ({found.cohort.name})")
    named = [f"{escaped(person)} ({escaped(city)})" for person, city in who[:NAMED]]
    named += [counted(len(who) - NAMED, "more person", "more people")] if len(who) > NAMED else []
    text = f"*{name}* no longer asks {listed(named)}: three rounds in a row were read and not answered."
    more = (
        "Each of them got one message with a button to be asked again; any answer does the same. "
        "Often there is a reason that I cannot see: a word from you may help more than another question."
    )
    return message(f"{text} {more}".replace("*", ""), [section(f"{text}\n{more}")])


def again(found: Listed, when: str, prompt_id: int | None) -> Json:
    """What stands in place of the message about the rest, when it ended; `when` is the next round, `prompt_id` what is open now."""
    name = escaped(f"{found.check_in.name} ({found.cohort.name})")
    text = (
        f"I ask you {name} again. The next round is {when}."
        if when
        else f"I ask you {name} again from the next round on."
    )
    buttons = [actions(answer_button(prompt_id))] if prompt_id else []
    return message(text, [section(text), *buttons])


def shown(resting: Sequence[Resting]) -> list[Json]:
    """Under a check-in, for facilitators."""
    if not resting:
        return []
    names = [escaped(one.name) for one in resting[:NAMED]]
    names += [counted(len(resting) - NAMED, "more person", "more people")] if len(resting) > NAMED else []
    return [
        context(
            f"No longer asked, after three rounds without an answer: {listed(names)}. Any answer of theirs changes that."
        )
    ]


def offered(resting: Sequence[Resting]) -> list[Json]:
    """Under the answer of `/checkin`, for the person."""
    return [
        section(
            f"I no longer ask you *{escaped(one.check_in.name)}* ({escaped(one.cohort)}), after three rounds without an answer.",
            accessory=_again(one.rest),
        )
        for one in resting[:5]
    ]


def _again(rest: Rest) -> Json:
    return button("Ask me again", ASK_AGAIN, str(rest.id))
