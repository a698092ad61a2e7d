"""What people read about check-ins: prompts, confirmations, reminders and lists. Pure; the ids of all buttons live here."""

from collections.abc import Sequence
from datetime import datetime

from handlers import calendar
from handlers.blocks import actions, context, escaped, message, section
from handlers.buttons import button
from handlers.checkins import schedules
from handlers.checkins.making import views as making_views
from handlers.checkins.wording import (
    AUDIENCES,
    KINDS,
    answering_for,
    answers_count,
    capital,
    counted,
    effort,
    until,
    who_sees,
)
from handlers.types import Json, Settings
from storage.answers import Open
from storage.checkins import Listed
from storage.models import CheckIn, Round
from storage.prompting import for_city
from storage.rounds import Ask, Standing

ANSWER = "checkin_answer"
DECLINE = "checkin_decline"
NO_REMINDER = "checkin_no_reminder"
READ = "checkin_read"


def prompt(ask: Ask, beside: Sequence[str], away: Sequence[str], now: datetime) -> Json:
    """The question whether one has a few minutes; `beside` are those who can answer for the city, too, `away` those who are away."""
    end = until(ask.ends_at, ask.zone, ask.cohort_zone, now)
    questions = ask.round.questions
    cohort, name = escaped(ask.cohort_name), escaped(ask.check_in.name)
    text = f"{capital(effort(questions))}. Open until *{end}*. {who_sees(questions, together=for_city(ask.prompt))}"
    buttons = actions(answer_button(ask.prompt.id), button("Not this time", DECLINE, str(ask.prompt.id)))
    return message(
        f"{cohort}: {name}, {effort(questions)}. Open until {end}.",
        [section(f"*{cohort} · {name}*\n{text}"), buttons, context(answering_for(ask.city, beside, away))],
    )


def reminder(ask: Ask, now: datetime) -> Json:
    """The one reminder of a round."""
    end = until(ask.ends_at, ask.zone, ask.cohort_zone, now)
    name, city = escaped(f"{ask.check_in.name} ({ask.cohort_name})"), escaped(ask.city)
    buttons = actions(
        answer_button(ask.prompt.id), button("Remind no more this round", NO_REMINDER, str(ask.prompt.id))
    )
    text = f"You have not answered *{name}* for {city} yet. It stays open until *{end}*."
    if for_city(ask.prompt):
        text = f"{city} has not answered *{name}* yet. It stays open until *{end}*."
    return message(text.replace("*", ""), [section(text), buttons])


def reminded_no_more(this: Open, end: str) -> Json:
    """What stands in place of a reminder after its second button."""
    name = escaped(this.check_in.name)
    text = f"I will not remind you of {name} again this round. It stays open until {end}."
    return message(text, [section(text), actions(answer_button(this.prompt.id))])


def answered(this: Open, zone: str, now: datetime, *, late: bool, more: str = "", buttons: Sequence[Json] = ()) -> Json:
    """The confirmation, in place of the prompt; `more` and `buttons` are about the rounds that come."""
    at = calendar.spoken_moment(now, zone, now)
    end = " The window had ended, so it is marked late." if late else ""
    title = escaped(f"{this.cohort_name} · {this.check_in.name}")
    text = f"Answered for {escaped(this.city)} on {at}.{end}"
    see = button("See or edit the answer", ANSWER, str(this.prompt.id))
    blocks = [section(f"*{title}*\n{text} {who_sees(this.round.questions)} {more}".rstrip()), actions(see, *buttons)]
    return message(f"{title}: {text}", blocks)


def declined(this: Open) -> Json:
    """What stands in place of the prompt after "Not this time"."""
    title = escaped(f"{this.cohort_name} · {this.check_in.name}")
    text = "You pass on this round, and I will not remind you of it."
    change = button("Answer after all", ANSWER, str(this.prompt.id))
    return message(f"{title}: {text}", [section(f"*{title}*\n{text}"), actions(change)])


def open_list(open_now: Sequence[Open], late: Sequence[Open], zone: str, now: datetime) -> Json:
    """What `/checkin` shows when there is a choice."""
    start = f"{capital(counted(len(open_now), 'check-in is', 'check-ins are'))} open for you."
    text = start if open_now else "Nothing is open for you now, but a late answer is still welcome."
    rows = [section(text)]
    for this in (*open_now, *late):
        last = this.open_until(now)
        end = until(last, zone, this.cohort_zone, now)
        when = f"open until {end}" if last >= now else f"ended {end}; a late answer is marked as such"
        title = f"*{escaped(this.check_in.name)}* · {escaped(this.cohort_name)}, {escaped(this.city)}"
        rows.append(section(f"{title}\n{capital(effort(this.round.questions))}, {when}.", accessory=_answer(this)))
    return message(text, rows[:50])


def nothing_open(next_one: Listed | None, when: str, *, may_make: bool, settings: Settings) -> Json:
    """The answer of `/checkin` when nothing waits; `next_one` is the next check-in, `when` its moment."""
    make = f" `{settings.command_checkin} new` makes one." if may_make else ""
    if next_one is None:
        return message(f"Nothing is open for you, and no check-in is planned in your cohorts.{make}")
    name = escaped(f"{next_one.check_in.name} ({next_one.cohort.name})")
    return message(f"Nothing is open for you. The next one is {name}: {when}.")


def saved(found: Listed, told_in: str, asked: int, now: datetime, settings: Settings) -> Json:
    """What was made, when it starts, and where it is summed up."""
    check_in = found.check_in
    first = schedules.occurrence(check_in, found.zone, now)
    people = counted(asked, "person", "people")
    text = f"Made {escaped(check_in.name)} (number {check_in.number}) for {escaped(found.cohort.name)}."
    rest = f"The first round is {first}; {people} will be asked."
    if not asked:
        rest = f"The first round is {first}, but nobody is on a seat of the cohort yet, so nobody would be asked."
    blocks = [section(f"*{text}*\n{rest} {_summary_place(told_in)}")]
    holidays = "" if check_in.any_hour else "Where that day is a holiday, people are asked on their next working day. "
    blocks.append(context(f"{holidays}`{settings.command_checkin} show {check_in.number}` shows it in full."))
    return message(f"{text} {rest}", blocks)


def not_in_channel(check_in: CheckIn, place: str) -> Json:
    """What the facilitator has to do so that the summary can be posted; `place` is the channel in words."""
    text = f"I am not in {place} yet, so I cannot post the summary of {escaped(check_in.name)} there. Type this in it:"
    plain = f"I am not yet in the channel of {escaped(check_in.name)}. Type /invite @Civic Cohort in it, so that I can post there."
    return message(plain, [section(f"{text}\n`/invite @Civic Cohort`")])


def check_ins(found: Sequence[Listed], now: datetime, *, may_make: bool, settings: Settings) -> Json:
    """`/checkin list`."""
    make = f"`{settings.command_checkin} new` makes one."
    if not found:
        text = f"No check-in runs in your cohorts yet. {make if may_make else 'Your facilitators make them.'}"
        return message(text, [section(text), actions(making_views.new_button())] if may_make else ())
    lines = [
        f"*{one.check_in.number} · {escaped(one.check_in.name)}* · {escaped(one.cohort.name)}\n{schedules.in_words(one, now)}"
        for one in found
    ]
    text = f"{capital(counted(len(found), 'check-in runs', 'check-ins run'))} in your cohorts."
    more = [context(f"And {len(lines) - 45} more.")] if len(lines) > 45 else []
    hint = f"`{settings.command_checkin} show {found[0].check_in.number}` shows one in full. {make if may_make else ''}"
    new = [actions(making_views.new_button())] if may_make else []
    return message(text, [section(text), *(section(line) for line in lines[:45]), *more, *new, context(hint)])


def one(
    found: Listed,
    questions: Sequence[Json],
    newest: Round | None,
    people: Sequence[Standing],
    told_in: str,
    now: datetime,
) -> Json:
    """`/checkin show N`; `people` is given to facilitators only, `told_in` are the channels of its summaries."""
    check_in = found.check_in
    title = escaped(f"{check_in.number} · {check_in.name}")
    cohort = escaped(found.cohort.name)
    asked = [
        f"{number}. {escaped(question['text'])}\n_{KINDS[question['kind']]} · {AUDIENCES[question['audience']]}_"
        for number, question in enumerate(questions, 1)
    ]
    blocks = [
        section(f"*{title}* · {cohort}\n{schedules.in_words(found, now)}"),
        *(section(line) for line in asked),
        context(_summary_place(told_in)),
    ]
    if newest:
        read = button("Read the answers", READ, str(newest.id))
        blocks.append(section(_last_round(newest, people, now, found.zone), accessory=read))
    return message(f"{title}, {cohort}: {schedules.in_words(found, now)}", blocks)


def help_text(settings: Settings, *, facilitates: bool) -> str:
    name = settings.command_checkin
    lines = [
        "Check-ins ask your cohort a few questions at a fixed time, and sum up the answers.",
        f"`{name}` answers what is open for you. Example: type `{name}` on Monday at 9:05, and the form opens. "
        "When nothing is open, it offers the next one early.",
        f"`{name} list` lists the check-ins of your cohorts; `{name} show 1` shows one in full.",
    ]
    if facilitates:
        lines.append(
            f"`{name} new` makes one in a few steps, `{name} edit 1` changes one; "
            f"`{name} pause 1` and `{name} resume 1` stop and restart one."
        )
        lines.append(f"`{name} skip 1` leaves the next date out, `{name} skip 1 Dec 21` another one.")
        lines.append(f"`{name} run 1` asks now, and `{name} end 1` ends it. Each says first what it changes for whom.")
        lines.append(f"`{name} blockers` shows what is in the way of your cities, and lets you say who looks after it.")
        lines.append(
            f"`{name} report` shows who takes part, how fast and how often: `{name} report procurement` for one cohort."
        )
    return "\n".join(lines)


def unknown(typed: str, near: str, settings: Settings, *, facilitates: bool) -> str:
    meant = f" Did you mean `{settings.command_checkin} {near}`?" if near else ""
    start = f"I do not know what “{escaped(typed[:80])}” asks of me, so I changed nothing.{meant}"
    return f"{start}\n{help_text(settings, facilitates=facilitates)}"


def which_one(wanted: str, found: Sequence[Listed], settings: Settings) -> str:
    """The refusal when a number or name means no check-in, or several."""
    if not found:
        return f"No check-in runs in your cohorts, so nothing was changed. `{settings.command_checkin} help` says more."
    names = "\n".join(
        f"*{one.check_in.number}* · {escaped(one.check_in.name)} ({escaped(one.cohort.name)})" for one in found[:20]
    )
    start = f"I do not know which check-in “{escaped(wanted[:80])}” is." if wanted else "Which check-in do you mean?"
    return f"{start} Nothing was changed. Please add its number:\n{names}"


def read_as(typed: str, word: str) -> str:
    return f"I read *{escaped(typed[:80])}* as *{word}*."


def answer_button(prompt_id: int) -> Json:
    return button("Answer now", ANSWER, str(prompt_id), style="primary")


def _answer(this: Open) -> Json:
    return button("Answer now", ANSWER, str(this.prompt.id))


def _summary_place(told_in: str) -> str:
    return f"What the cohort may see is summed up in {told_in}; facilitators get the rest privately."


def _last_round(newest: Round, people: Sequence[Standing], now: datetime, zone: str) -> str:
    day = calendar.spoken_date(newest.nominal_on, calendar.today(zone, now))
    state = "closed" if newest.closed_at else "open"
    text = f"The round of {day} is {state}."
    if people:
        text += f" {capital(answers_count(people))}."
    return f"{text} {escaped(newest.note)}".rstrip()
