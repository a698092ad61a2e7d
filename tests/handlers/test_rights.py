"""The table of rights: the page says what the code has, and every act is tried in every role."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox import elements
from bot.sandbox.form import Form
from bot.sandbox.person import Actor
from handlers import rights
from handlers.standing import Standing
from storage import links, roster
from tests.handlers.checkins import making
from tests.handlers.steps import delegate_of, form_of, promise, shown
from tests.handlers.workspaces.steps import CODE
from tests.whole import Slack, program_of

HEADER = "network,cohort,city,state,name,email,slack_id,role,title,expertise,time_zone,from,until\n"
NEWCOMERS = (
    "City Accelerator,Inclusive procurement,Memphis,TN,Sam Sponsor,sam@memphis.gov,,sponsor,,,America/Chicago,,\n"
    "City Accelerator,Inclusive procurement,Memphis,TN,Owen Owner,owen@memphis.gov,,delegate,,,America/Chicago,,\n"
    "City Accelerator,Another cohort,Austin,TX,Eve Else,eve@austin.gov,,lead,,,America/Chicago,,\n"
)
WHO = {
    rights.PROGRAM: "Dana",
    rights.COHORT: "Renee",
    rights.LEAD: "Ana",
    rights.DELEGATE: "Rosa",
    rights.SPONSOR: "Sam",
    rights.ELSEWHERE: "Eve",
    rights.STRANGER: "Stan",
}
COMMANDS = ("/cohort", "/checkin", "/commit", "/practices")
A_ROUND_LATER = datetime(2026, 10, 8, 15, 0, tzinfo=UTC)
FORMS = {"edit": "Edit cohort", "add": "Add a person", "remove": "End a place", "handover": "Hand a seat over"}
REFUSED = re.compile(
    r"Only (?:the )?(?:facilitators|owner|who facilitates)|The lead of a city|I do not know you yet|One moment"
    r"|I find no commitment|No check-in runs|This city is in none of your cohorts"
)


@dataclass
class Stage:
    """One person in their role, and Renee, who has what they may not have."""

    slack: Slack
    person: Actor
    number: int

    @property
    def renee(self) -> Actor:
        return self.slack.person("Renee")

    async def may(self, command: str, words: str) -> bool:
        """Whether a command opened a form or was answered; the refusal names whom to ask."""
        answer = await self.person.types(command, words)
        if isinstance(answer, Form):
            await answer.close(everything=True)
            return True
        said = str((answer or {}).get("text"))
        if "Only facilitators" in said:
            assert "Please ask " in said
        return not REFUSED.search(said)

    async def presses_of_renee(self, message: dict[str, Any], label: str) -> bool:
        """A button of a message that Renee got, pressed in this person's name; whether anything but a refusal came."""
        channel, stored = self.renee.find_message(message["ts"])
        found = elements.find(stored["blocks"], label, ("button",))
        before = len(self.person.open_views())
        reply = await self.person.exchange.act_in_message(self.person.id, channel, stored, found, {})
        opened = self.person.open_views()
        for _ in opened[before:]:
            form = self.person.form
            assert form is not None
            await form.close(everything=True)
        said = str((reply or (channel.ephemeral or [{}])[-1]).get("text"))
        return len(opened) > before or not REFUSED.search(said)

    async def form(self, words: str, *, own: bool, by: str = "Renee") -> Form:
        """The person's own form, or one that somebody else opened, for who gets none."""
        return await form_of(self.person if own else self.slack.person(by), words)

    async def sends_off(self, form: Form) -> bool:
        """A form, whoever opened it, sent off in this person's name."""
        errors = await self.person.exchange.submit(self.person.id, form.view)
        assert all("Please ask " in text or "I do not know you" in text for text in errors.values())
        await self.slack.settle()
        if form.is_open:
            await form.close(everything=True)
        return not errors


async def reads_help(on: Stage) -> bool:
    return all([await on.may(command, "help") for command in COMMANDS])


async def sees_names(on: Stage) -> bool:
    answer = await on.person.types("/cohort", "list")
    return isinstance(answer, dict) and "Inclusive procurement" in answer["text"]


async def sees_people(on: Stage) -> bool:
    answer = await on.person.types("/cohort", "show inclusive procurement")
    found = await on.person.types("/cohort", "who Keola")
    assert isinstance(answer, dict)
    assert isinstance(found, dict)
    seen = "Rosa Kim" in str(answer)
    assert ("Keola Akana" in found["text"]) is seen
    return seen


async def makes_cohort(on: Stage) -> bool:
    offered = "New cohort" in str(await on.person.types("/cohort", "list"))
    done = await on.may("/cohort", "new")
    assert offered is done
    form = await on.form("new", own=done)
    await form.fill(name=f"By {on.person.id}")
    assert await on.sends_off(form) is done
    listed = await on.renee.types("/cohort", "list")
    assert await on.presses_of_renee(listed, "New cohort") is done
    return done


def changes(word: str) -> Callable[[Stage], Awaitable[bool]]:
    async def tried(on: Stage) -> bool:
        answer = await on.person.types("/cohort", "show inclusive procurement")
        helped = await on.person.types("/cohort", "help")
        done = await on.may("/cohort", f"{word} inclusive procurement")
        assert (FORMS[word] in str(answer)) is done
        assert ("For facilitators" in str(helped)) is done
        full = await on.renee.types("/cohort", "show inclusive procurement")
        assert await on.presses_of_renee(full, FORMS[word]) is done
        form = await on.form(f"{word} inclusive procurement", own=done)
        await form.fill(**await filled(form, word))
        assert await on.sends_off(form) is done
        return done

    return tried


async def filled(form: Form, word: str) -> dict[str, str]:
    """What makes a form that would do something if it were allowed."""
    if word == "edit":
        return {"theme": "Another theme"}
    if word == "add":
        return {"name": "Bo Li", "email": "bo@memphis.gov", "city": "1"}
    who = {"who": delegate_of(form, "Keola")}
    return who | (
        {"why": "moved"} if word == "remove" else {"name": "Cy Oh", "email": "cy@honolulu.gov", "since": "2026-10-09"}
    )


async def names_program_facilitator(on: Stage) -> bool:
    form = await on.form("add inclusive procurement", own=on.person.id == on.slack.person("Dana").id, by="Dana")
    await form.fill(name="Bo Li", email="bo@memphis.gov", role="program")
    return await on.sends_off(form)


async def undoes_an_end(on: Stage) -> bool:
    """Facilitators what they did themselves; everybody else not even by a forged button."""
    facilitates = on.person.id in (on.renee.id, on.slack.person("Dana").id)
    by = on.person if facilitates else on.renee
    form = await form_of(by, "remove inclusive procurement")
    sure = await form.submit(who=delegate_of(form, "Tomas"), until="2026-10-02", why="moved")
    assert isinstance(sure, Form)
    await sure.submit()
    await on.slack.settle()
    message = next(one for one in reversed(by.messages) if "Tomas Reyes leaves" in one["text"])
    if facilitates:
        await on.person.clicks(message, "Undo")
    else:
        assert not await on.presses_of_renee(message, "Undo")
    await on.slack.settle()
    return any("Taken back" in one["text"] for one in by.messages)


async def imports_roster(on: Stage) -> bool:
    return await on.may("/cohort", "import")


async def exports_roster(on: Stage) -> bool:
    return await on.may("/cohort", "export inclusive procurement")


async def makes_code(on: Stage) -> bool:
    """And takes one back: not even by a forged button."""
    done = CODE.search(str(await on.person.types("/cohort", "link"))) is not None
    dana = on.slack.person("Dana")
    await dana.types("/cohort", "link")
    channel, stored = dana.find_message(dana.messages[-1]["ts"])
    buttons = [elements.find(stored["blocks"], label, ("button",)) for label in ("Make another code", "Take it back")]
    shown = str(stored).replace("-", "")
    for found in buttons:
        await on.person.exchange.act_in_message(on.person.id, channel, stored, found, {})
    await on.slack.settle()
    async with on.slack.sessions() as session:
        codes = await links.open_codes(session, await program_of(on.slack.sessions), on.slack.clock.now())
    assert len(codes) == 1
    assert (codes[0].code not in shown) is done  # the other one, made by the button
    return done


async def sees_calendar(on: Stage) -> bool:
    return "Columbus Day" in str(await on.person.types("/cohort", "days Memphis"))


async def changes_calendar(on: Stage) -> bool:
    offered = "Add days" in str(await on.person.types("/cohort", "days Memphis"))
    shown_to_renee = await on.renee.types("/cohort", "days Memphis")
    assert isinstance(shown_to_renee, dict)
    assert await on.presses_of_renee(shown_to_renee, "Add days") is offered
    return offered


async def notes_absence(on: Stage) -> bool:
    return await on.may("/cohort", "away until Friday")


async def sees_check_ins(on: Stage) -> bool:
    answer = await on.person.types("/checkin", "list")
    return isinstance(answer, dict) and "Weekly pulse" in str(answer)


async def makes_check_in(on: Stage) -> bool:
    """And sends off the last step of somebody who may."""
    done = await on.may("/checkin", "new")
    assert ("/checkin new" in str(await on.person.types("/checkin", "help"))) is done
    await sends_last_step(on, "new", done=done)
    return done


async def changes_check_in(on: Stage) -> bool:
    done = await on.may("/checkin", "edit 1")
    assert ("/checkin edit" in str(await on.person.types("/checkin", "help"))) is done
    await sends_last_step(on, "edit 1", done=done)
    return done


async def sends_last_step(on: Stage, words: str, *, done: bool) -> None:
    """The form behind these words, opened by Renee and sent in the person's name, goes on for nobody but those who may."""
    form = await on.renee.types("/checkin", words)
    assert isinstance(form, Form)
    if words == "new":
        await form.put("Cohort", "Inclusive procurement")
    await form.put("Name", f"By {on.person.id}")
    shown = await form.submit()
    assert shown is not None
    await on.person.exchange.submit(on.person.id, shown.view)
    assert ("Step 3" in shown.text) is (done and on.person.id == on.renee.id)
    await shown.close(everything=True)


async def switches_check_in(on: Stage) -> bool:
    """Pause, resume, leave a date out, run, end: by words, and by the buttons that somebody else was shown."""
    offered = "Pause" in str(await on.person.types("/checkin", "show 1"))
    tried = [await on.may("/checkin", f"{word} 1") for word in ("pause", "resume", "skip", "run", "end")]
    for label in ("Run a round now", "Pause the check-in", "End the check-in"):
        await on.renee.types("/checkin", "show 1")
        tried.append(await on.presses_of_renee(on.renee.messages[-1], label))
        await on.slack.settle()
    assert {offered, *tried} == {offered}, tried
    return offered


async def reads_report(on: Stage) -> bool:
    """The words, and the buttons of a report and of a window that a facilitator got."""
    await on.renee.types("/checkin", "resume 1")
    await on.slack.turn_to(A_ROUND_LATER)
    report = await on.renee.types("/checkin", "report inclusive procurement")
    done = await on.may("/checkin", "report")
    assert ("/checkin report" in str(await on.person.types("/checkin", "help"))) is done
    assert await on.may("/checkin", "report inclusive procurement") is done
    assert isinstance(report, dict)
    for label in ("Send me the CSV", "Send me the answers", "Show deliveries"):
        assert await on.presses_of_renee(report, label) is done, label
    return done


async def sees_deliveries(on: Stage) -> bool:
    offered = "Deliveries" in str(await on.person.types("/checkin", "show 1"))
    shown_to_renee = await on.renee.types("/checkin", "show 1")
    assert isinstance(shown_to_renee, dict)
    assert await on.presses_of_renee(shown_to_renee, "Deliveries") is offered
    return offered


async def cares_for_blockers(on: Stage) -> bool:
    """The answer when nothing is open; their buttons are tried in checkins/test_looking_after.py."""
    done = await on.may("/checkin", "blockers")
    assert ("/checkin blockers" in str(await on.person.types("/checkin", "help"))) is done
    return done


async def records(on: Stage) -> bool:
    answer = await on.person.types("/commit", "write the report by October 30")
    done = isinstance(answer, Form) or (isinstance(answer, dict) and answer["text"].startswith("Saved"))
    form = await on.person.opens("New commitment")
    assert (form is not None) is done
    if form is not None:
        await form.close()
    return done


async def changes_commitment(on: Stage) -> bool:
    offered = "Mark done" in str(await on.person.types("/commit", f"show {on.number}"))
    words = [f"move {on.number} to October 30", f"drop {on.number} no time", f"hand {on.number}", f"done {on.number}"]
    tried = [await on.may("/commit", one) for one in words]
    assert len(set(tried)) == 1, tried
    assert offered is tried[0]
    return tried[0]


ACTS: dict[str, Callable[[Stage], Awaitable[bool]]] = {
    "help": reads_help,
    "cohort names": sees_names,
    "cohort people": sees_people,
    "cohort new": makes_cohort,
    "cohort edit": changes("edit"),
    "cohort add": changes("add"),
    "cohort add program": names_program_facilitator,
    "cohort remove": changes("remove"),
    "cohort handover": changes("handover"),
    "cohort undo": undoes_an_end,
    "cohort import": imports_roster,
    "cohort export": exports_roster,
    "cohort link": makes_code,
    "days see": sees_calendar,
    "days change": changes_calendar,
    "away": notes_absence,
    "checkin see": sees_check_ins,
    "checkin new": makes_check_in,
    "checkin edit": changes_check_in,
    "checkin switch": switches_check_in,
    "checkin blockers": cares_for_blockers,
    "checkin report": reads_report,
    "checkin deliveries": sees_deliveries,
    "commit record": records,
    "commit change": changes_commitment,
}


def test_every_right_is_tried() -> None:
    assert list(ACTS) == list(rights.TABLE)


def test_the_page_has_the_table_of_the_code() -> None:
    rows = re.findall(r"^\| (.+) \|$", Path("docs/rights.md").read_text(), re.MULTILINE)[1:]
    cells = [row.split(" | ") for row in rows]
    told = {cell[0]: {role for role, yes in zip(rights.ROLES, cell[1:], strict=True) if yes == "yes"} for cell in cells}
    assert told == {right.words: set(right.roles) for right in rights.TABLE.values()}


COHORTS = st.integers(1, 4)


@given(st.booleans(), st.frozensets(COHORTS), st.frozensets(COHORTS), COHORTS, st.sampled_from(sorted(FORMS)))
def test_a_seat_gives_no_right_to_change_a_cohort(
    runs_program: bool, seated: frozenset[int], facilitates: frozenset[int], cohort_id: int, word: str
) -> None:
    who = Standing(runs_program, seated | facilitates, facilitates)
    may = rights.may(f"cohort {word}", who.roles_in(cohort_id))
    assert may is (runs_program or cohort_id in facilitates)
    assert rights.may("cohort new", who.roles) is (runs_program or bool(facilitates))


@pytest.mark.parametrize("role", rights.ROLES)
async def test_in_each_role_one_may_what_the_table_says(slack: Slack, role: str) -> None:
    for name, email in (
        ("Sam Sponsor", "sam@memphis.gov"),
        ("Owen Owner", "owen@memphis.gov"),
        ("Eve Else", "eve@austin.gov"),
    ):
        slack.workspace.add_person(name, email=email, tz="America/Chicago")
    slack.workspace.add_person("Stan Ger", email="stan@nowhere.org", tz="America/Chicago")
    program_id = await program_of(slack.sessions)
    report = await roster.import_roster(
        slack.sessions, program_id, HEADER + NEWCOMERS, dry_run=False, at=slack.clock.now()
    )
    assert report.ok
    await slack.settle()
    await making.made(slack)
    [number] = await promise(slack, "Owen", "publish the list")
    on = Stage(slack, slack.person(WHO[role]), number)
    done = {act: await tried(on) for act, tried in ACTS.items()}
    assert done == {act: role in right.roles for act, right in rights.TABLE.items()}


async def test_a_delegate_is_told_of_the_facilitators_of_the_own_cohort(slack: Slack) -> None:
    answer = await slack.person("Ana").types("/checkin", "new")
    assert isinstance(answer, dict)
    assert answer["text"] == "Only facilitators can do this. Please ask Renee Okonjo."
    assert shown(await slack.person("Renee").types("/cohort", "help"))
