"""What people see of practices: the best matches, one in full, the form to search in. All ids of these live here. Pure."""

import json
from collections.abc import Iterator, Sequence

from handlers import blocks, buttons
from handlers.practices import rules
from handlers.types import Json, Settings
from storage.models import Practice
from storage.practices import Question
from storage.search.finder import Answer, Hit, Match

FIND = "find_practices"
QUESTION = "question"
SEARCH = "practices_search"
MORE = "practices_more"
QUOTED = 120
SUBJECT = 5  # words; more are a sentence
IN_A_FORM = 10
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


def found(answer: Answer, question: str, *, start: int = 0) -> Json:
    """The message with the next five matches from `start` on; `question` is what was typed, filters included."""
    shown = answer.hits[start : start + rules.SHOWN]
    parts = [blocks.section(f"{_heading(answer, len(shown), start)}{_notes(answer, start)}")]
    parts += [block for hit in shown for block in _hit(hit, answer)]
    if start + len(shown) < len(answer.hits):
        value = json.dumps({"question": blocks.cut(question, 1500), "start": start + len(shown)})
        parts.append(blocks.actions(buttons.button("Show more", MORE, value)))
    told = "; ".join(
        f"{hit.practice.number} {hit.practice.title} ({blocks.where_and_when(hit.practice)})" for hit in shown
    )
    return blocks.message(f"{_heading(answer, len(shown), start).replace('*', '')} {blocks.escaped(told)}.", parts)


def nothing(answer: Answer, settings: Settings, *, noted: bool = True) -> Json:
    """Plainly nothing, that the question was noted, and what the library has near it."""
    if not answer.asks:
        said = f"I found no word in “{_quoted(answer.asked)}” to look for."
        return blocks.message(f"{said} `{settings.command_practices}` alone shows what can be asked.")
    unknown = [one for one in answer.filters if not one.values]
    if unknown:
        what = " and ".join(f"no {one.kind} *{_quoted(one.asked)}*" for one in unknown)
        said = f"The library has {what}."
    else:
        said = f"I have nothing{_on(answer)} yet."
    said += " I noted the question for your facilitators." if noted else ""
    near = [blocks.escaped(rules.spoken(topic)) for topic in answer.near]
    said += f" Near it: {', '.join(f'*{topic}*' for topic in near)}." if near else ""
    hint = f"`{settings.command_practices}` alone shows what can be asked."
    parts = [blocks.section(f"{said} {hint}")]
    if near:
        parts.append(_topic_buttons(answer.near))
    return blocks.message(f"{said} {hint}".replace("*", ""), parts)


def topics(known: Sequence[str], practices: int, settings: Settings) -> Json:
    """What can be asked, when somebody asked nothing."""
    command = settings.command_practices
    if not known:
        return blocks.message("The library is empty: no practice was published yet. Your facilitators can import some.")
    some = ", ".join(f"*{blocks.escaped(rules.spoken(topic))}*" for topic in known[:12])
    text = (
        f"Ask for what other cities have done, in your own words: the library has {practices} practices.\n"
        f"It knows most about {some}.\n"
        f"For example `{command} inclusive procurement`, or `{command} city:Memphis`. `{command} help` says more."
    )
    return blocks.message(text.replace("*", ""), [blocks.section(text), _topic_buttons(known[:4])])


def usage(settings: Settings) -> Json:
    """What the command does, with real examples."""
    command = settings.command_practices
    text = (
        f"`{command}` finds what other cities have done: where, when, what came of it, and the source.\n"
        f"• `{command} paying small vendors faster` takes plain words, acronyms such as MWBE or RFP, and forgives typing errors.\n"
        f"• `{command} element:data-driven city:Memphis procurement` narrows it; `network:` and `topic:` do the same.\n"
        f"• `{command} show 12` opens one in full; *Adopt* makes it a commitment of yours.\n"
        f"• `{command}` alone shows the topics; facilitators see unanswered questions with `{command} gaps`.\n"
        "You can also ask me in a direct message, or mention me in a channel."
    )
    return blocks.message(text.replace("*", ""), [blocks.section(text)])


def not_yet(kind: str) -> Json:
    """Members cannot suggest practices yet; said plainly instead of searching for the word."""
    what = "suggesting a practice" if kind == "new" else "reviewing suggestions"
    text = f"I read *{kind}* as {what}, which is not possible here yet. New practices come in with a file, from your facilitators."
    return blocks.message(text.replace("*", ""), [blocks.section(text)])


def gaps(questions: Sequence[Question], settings: Settings) -> Json:
    """The questions that found nothing, for facilitators."""
    if not questions:
        return blocks.message(
            f"No question went unanswered so far. What `{settings.command_practices}` cannot find is listed here."
        )
    lines = [f"• {_quoted(one.text)}" + (f" (asked {one.times} times)" if one.times > 1 else "") for one in questions]
    heading = "Questions that the library could not answer, the newest first:"
    return blocks.message(f"{heading} {'; '.join(line[2:] for line in lines)}.", [*_packed([heading, *lines])])


def missing(number: int, settings: Settings) -> Json:
    command = settings.command_practices
    return blocks.message(f"There is no practice {number}. `{command} WORDS` finds practices and shows their numbers.")


def full(practice: Practice, *, read_as: str | None = None) -> Json:
    """One practice as a message."""
    note = [blocks.context(f"I read your first word as *{read_as}*.")] if read_as else []
    text = f"{practice.number} {practice.title} ({blocks.where_and_when(practice)}): {rules.outcome(practice)}"
    return blocks.message(blocks.escaped(text), [*note, *_full(practice)])


def full_form(practice: Practice) -> Json:
    """One practice in a window of its own."""
    return blocks.modal("practice", f"Practice {practice.number}", _full(practice))


def search_form() -> Json:
    hint = "Plain words, a city, or an acronym such as MWBE. You can narrow it: city:Memphis topic:procurement"
    return blocks.modal(
        FIND, "Find practices", [blocks.text_input(QUESTION, "What are you looking for?", hint=hint)], submit="Search"
    )


def read_search(view: Json) -> str:
    return " ".join((blocks.value_of(view, QUESTION) or "").split())


def found_form(answer: Answer) -> Json:
    """The matches, in the window where the question was typed."""
    shown = answer.hits[:IN_A_FORM]
    heading = blocks.section(f"{_heading(answer, len(shown), 0)}{_notes(answer, 0)}")
    return blocks.modal(FIND, "Find practices", [heading, *(block for hit in shown for block in _hit(hit, answer))])


def nothing_form(answer: Answer, settings: Settings) -> Json:
    said = nothing(answer, settings)["blocks"][0]
    return blocks.modal(FIND, "Find practices", [said])


def _heading(answer: Answer, shown: int, start: int) -> str:
    """ "Three practices on *eviction*." """
    all_of_them = len(answer.hits)
    if start:
        count = f"Practices {start + 1} to {start + shown} of {all_of_them}"
    elif shown < all_of_them:
        count = f"{NUMBERS[shown]} of {all_of_them} practices"
    else:
        count = f"{NUMBERS[shown]} practice{'' if shown == 1 else 's'}"
    return f"{count}{_on(answer)}."


def _on(answer: Answer) -> str:
    """A subject as such, a whole sentence in quotes; and the filters."""
    subject = _quoted(answer.asked)
    sentence = len(answer.asked.split()) > SUBJECT or not subject[-1:].isalnum()
    on = f" for “{subject}”" if sentence else f" on *{subject}*"
    within = "".join(f" · {one.kind} {blocks.escaped(_value(one.read_as, one.asked))}" for one in answer.filters)
    return (on if subject else "") + within


def _notes(answer: Answer, start: int) -> str:
    """What was read differently than typed, and that not every word was found."""
    read = [(one.asked, one.read_as) for one in answer.filters if one.read_as]
    read = [(typed, meant) for typed, meant in (*answer.corrected, *read) if meant]
    notes = [f" I read _{blocks.escaped(typed)}_ as _{blocks.escaped(meant)}_." for typed, meant in read]
    if not answer.every_word and not start:
        notes.append(" Nothing matched every word; these are closest.")
    return "".join(notes)


def _hit(hit: Hit, answer: Answer) -> Iterator[Json]:
    practice = hit.practice
    source = _links(practice)[:1]
    lines = [
        blocks.practice_line(practice),
        blocks.escaped(rules.outcome(practice)),
        " · ".join([*_why(hit, answer), *source]),
    ]
    yield blocks.section("\n".join(line for line in lines if line))
    yield blocks.actions(buttons.read_practice(practice.id), buttons.adopt_practice(practice.id))


def _why(hit: Hit, answer: Answer) -> list[str]:
    if hit.matches:
        return [f"Matches {', '.join(_match(one) for one in hit.matches[:6])}"]
    kinds = [f"{one.kind} _{blocks.escaped(_value(one.read_as, one.asked))}_" for one in answer.filters]
    return [f"Matches {', '.join(kinds)}"] if kinds else []


def _match(one: Match) -> str:
    found_word = f"_{blocks.escaped(one.found)}_"
    return f"{found_word} (for _{blocks.escaped(one.asked)}_)" if one.asked else found_word


def _full(practice: Practice) -> list[Json]:
    parts = [blocks.header(practice.title), blocks.context(blocks.escaped(blocks.where_and_when(practice, most=20)))]
    if not practice.verified:
        parts.append(blocks.context("Partly from general knowledge, not yet checked against its sources."))
    parts.append(blocks.section(blocks.escaped(practice.summary.strip())))
    parts.append(blocks.section(f"*What came of it*\n{blocks.escaped(rules.outcome(practice))}"))
    if practice.steps:
        steps = [f"{number}. {blocks.escaped(str(step))}" for number, step in enumerate(practice.steps, start=1)]
        parts += _packed(["*How you might start* (suggestions, not a record of what the city did)", *steps])
    tags = {"Elements": practice.elements, "Topics": practice.topics, "Networks": practice.networks}
    told = [f"{name}: {', '.join(rules.spoken(str(one)) for one in some)}" for name, some in tags.items() if some]
    parts += [blocks.context(blocks.escaped(one)) for one in told]
    parts += _packed(["*Sources*", *(f"• {one}" for one in _links(practice))]) if practice.sources else []
    parts.append(blocks.actions(buttons.adopt_practice(practice.id)))
    return parts


def _packed(lines: Sequence[str]) -> Iterator[Json]:
    """Lines in as few sections as they fit into."""
    text = ""
    for line in lines:
        if text and len(text) + len(line) + 1 > blocks.SECTION_LIMIT:
            yield blocks.section(text)
            text = line
        else:
            text = f"{text}\n{line}" if text else line
    yield blocks.section(text)


def _links(practice: Practice) -> list[str]:
    return [f"<{blocks.escaped(one['url'])}|{blocks.escaped(one['title'])}>" for one in practice.sources]


def _topic_buttons(some: Sequence[str]) -> Json:
    return blocks.actions(
        *(
            buttons.button(f"Show {rules.spoken(one)}", f"{SEARCH}_{place}", one.replace("-", " "))
            for place, one in enumerate(some)
        )
    )


def _quoted(text: str) -> str:
    return blocks.escaped(blocks.cut(" ".join(text.split()), QUOTED))


def _value(read_as: str | None, asked: str) -> str:
    return read_as or asked
