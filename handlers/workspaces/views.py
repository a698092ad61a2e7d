"""Linking as messages: the code and its two steps, what entering one would do, what came of it. Pure."""

from collections.abc import Sequence
from datetime import datetime

from handlers import blocks, buttons, calendar
from handlers.types import Json, Settings
from handlers.workspaces import claim_views, rules
from storage.links import Linked, Open
from storage.moving import Look

ANOTHER, TAKE_BACK, CONFIRM = "workspaces_another_code", "workspaces_take_back", "workspaces_link"
WORKSPACES_SHOWN = 5
NO_CODE = {
    "unknown": "I know no such code, so nothing was changed. Please compare it with the one you were given, letter by letter.",
    "used": "This code was used before; each brings in one workspace. Nothing was changed. Please ask for a new one.",
    "taken_back": "This code was taken back, so nothing was changed. Please ask whoever gave it to you for a new one.",
    "expired": "This code was good for seven days, which are over. Nothing was changed. Please ask for a new one.",
    "same": "This workspace belongs to that program already. The code was not used; enter it in the other workspace.",
    "people": (
        "This workspace has a program of its own with people in it, so I cannot link it: they would lose what they have there. "
        "Nothing was changed, and the code was not used."
    ),
    "things": (
        "This workspace has a program of its own with cohorts, commitments or another workspace in it, so I cannot link it: these "
        "would be lost. Nothing was changed, and the code was not used."
    ),
    "again": "Somebody changed this workspace at the same moment, so I changed nothing. Please enter the code again.",
}


def page(
    mine: Open | None,
    codes: Sequence[Open],
    known: Sequence[Linked],
    team_id: str,
    zone: str,
    now: datetime,
    settings: Settings,
) -> Json:
    """For who facilitates the program: the code with its two steps, the other open ones, and the workspaces. Without `mine` there
    are too many open codes."""
    body, start = _code(mine, zone, now, settings)
    if mine is not None:
        body.append(blocks.actions(_take_back(mine), buttons.button("Make another code", ANOTHER)))
    others = [one for one in codes if mine is None or one.id != mine.id]
    body += [blocks.section("*Other open codes*")] if others and mine else []
    body += [
        blocks.section(
            f"`{rules.spoken(one.code)}`, made by {blocks.escaped(one.maker)}, good until {_day(one.expires_at, zone, now)}",
            accessory=_take_back(one),
        )
        for one in others
    ]
    body.append(blocks.section(_workspaces(known, team_id, zone, now)))
    body += claim_views.ways(known)
    return blocks.message(start, body)


def taken_back(*, done: bool) -> str:
    return (
        "The code was taken back: nobody can use it any more."
        if done
        else "Nothing was changed: the code was used, or taken back, before."
    )


def how_to_link(settings: Settings, whom: str) -> Json:
    """For somebody who may not make codes: how a workspace is linked, and who makes them."""
    command = settings.command_cohort
    return blocks.message(
        f"`{command} link CODE` brings a Slack workspace into a program; somebody who administers the workspace types it there. "
        f"The code comes from who facilitates the whole program. {whom}"
    )


def one_moment() -> Json:
    return blocks.message("One moment, please: I am looking at the code, and whether you administer this workspace.")


def not_admin(settings: Settings) -> Json:
    return blocks.message(
        "Only an owner or administrator of this Slack workspace can link it. Nothing was changed, and the code was not used. "
        f"Please give it to one of them, to type `{settings.command_cohort} link` with the code here; Slack names them under *People*."
    )


def slack_is_silent(settings: Settings) -> Json:
    return blocks.message(
        "Slack did not tell me whether you administer this workspace, so nothing was changed, and the code was not used. "
        f"Please type `{settings.command_cohort} link` with the code again in a while."
    )


def refused(problem: str) -> Json:
    return blocks.message(NO_CODE[problem])


def offer(look: Look, runs: Sequence[str], key: str) -> Json:
    """What linking would do, before it is done."""
    here, there = blocks.escaped(look.workspace.name), blocks.escaped(look.program.name if look.program else "")
    first = f"Link *{here}* to the program *{there}*, {_run_by(runs)}?"
    lines = (
        "• Its facilitators can put people of this workspace on seats; whoever they name sees what their seat sees. Nobody else does.",
        "• I write to these people here, and to the channels here that its facilitators choose.",
        "• The empty program that this workspace has now is removed, with who facilitates it. I cannot take that back.",
    )
    link = buttons.button("Link this workspace", CONFIRM, key, style="primary")
    stands = "The code is used only when you press the button. The question stands for an hour."
    body = [blocks.section(first), blocks.section("\n".join(lines)), blocks.actions(link), blocks.context(stands)]
    return blocks.message(f"{first.replace('*', '')} Nothing has been changed yet; a button below does it.", body)


def old_question(settings: Settings) -> str:
    return f"This question is an old one, so nothing was changed. Please type `{settings.command_cohort} link` with the code again."


def linking() -> Json:
    return blocks.message("One moment, please: I am linking the workspace.")


def linked(look: Look, runs: Sequence[str], name: str | None, settings: Settings, *, claimed: bool) -> Json:
    """To who entered the code; `name` is who they are in the program, None while they are nobody, or (`claimed`) are asked whether they
    are somebody."""
    here, there = blocks.escaped(look.workspace.name), blocks.escaped(look.program.name if look.program else "")
    you = (
        f"You are known here as {blocks.escaped(name)}; `{settings.command_cohort}` shows where you sit."
        if name
        else "You are on no seat of it yet; its facilitators can add you, and whomever you suggest."
    )
    you = "Whether you are somebody on its roster is asked in a message of its own." if claimed else you
    text = f"*{here}* belongs to *{there}* now, {_run_by(runs)}. I told them. {you}"
    return blocks.message(text.replace("*", ""), [blocks.section(text)])


def came(look: Look, by: str, settings: Settings) -> Json:
    """To who facilitates the program: a workspace was linked."""
    here, command = blocks.escaped(look.workspace.name), settings.command_cohort
    first = f"The Slack workspace *{here}* belongs to your program now."
    more = (
        f"{blocks.escaped(by)}, who administers it, entered a code of yours. People of the roster who are not in Slack yet are looked "
        f"for there. `{command} link` lists your workspaces."
    )
    channel = f"A cohort's channel there is chosen in that workspace, with `{command} edit`."
    return blocks.message(
        f"{first.replace('*', '')} {more}", [blocks.section(f"{first}\n{more}"), blocks.context(channel)]
    )


def program_gone(look: Look, by: str) -> Json:
    """To who first facilitated the program that is no more."""
    here, there = blocks.escaped(look.workspace.name), blocks.escaped(look.program.name if look.program else "")
    return blocks.message(
        f"{blocks.escaped(by)} linked this workspace, {here}, to the program {there}. The program of its own that it had, which was "
        "empty and of which you were the facilitator, is no more."
    )


def _code(mine: Open | None, zone: str, now: datetime, settings: Settings) -> tuple[list[Json], str]:
    if mine is None:
        text = "There are ten open codes, and no more at a time. Take one back to make another."
        return [blocks.section(text)], text
    spoken, until = rules.spoken(mine.code), _day(mine.expires_at, zone, now)
    first = f"*{spoken}* brings one more Slack workspace into your program, once, until *{until}*."
    where = settings.install_url
    install = (
        f"Install Civic Cohort there: {where}"
        if where
        else "Have Civic Cohort installed there. Whoever runs it for you gives the address; so far it has none (`PUBLIC_URL`)."
    )
    steps = f"1. {install}\n2. Type there, as an owner or administrator of that workspace: `{settings.command_cohort} link {spoken}`"
    warning = "Give it only to whoever administers that workspace: whoever has it can bring theirs in."
    return [blocks.section(first), blocks.section(steps), blocks.context(warning)], (
        f"{first.replace('*', '')} Whoever administers that workspace installs Civic Cohort there, and types "
        f"{settings.command_cohort} link {spoken}."
    )


def _workspaces(known: Sequence[Linked], team_id: str, zone: str, now: datetime) -> str:
    lines = ["*Workspaces of your program*"]
    for one in known[:WORKSPACES_SHOWN]:
        here = ", this one" if one.workspace.team_id == team_id else ""
        linked_at = one.workspace.linked_at
        since = f", linked {_day(linked_at, zone, now)}" if linked_at else ""
        gone = "; the app was removed there, so nobody is written to there" if one.gone else ""
        lines.append(f"• {blocks.escaped(one.workspace.name)}{here}{since}{gone}")
    more = len(known) - WORKSPACES_SHOWN
    return "\n".join([*lines, *([f"and {more} more"] if more > 0 else [])])


def _take_back(one: Open) -> Json:
    return buttons.button("Take it back", TAKE_BACK, str(one.id))


def _run_by(names: Sequence[str]) -> str:
    shown = [blocks.escaped(name) for name in names[:3]]
    if not shown:
        return "which nobody runs at the moment"
    joined = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
    return f"run by {joined}{' and others' if len(names) > 3 else ''}"


def _day(moment: datetime, zone: str, now: datetime) -> str:
    return calendar.spoken_date(calendar.today(zone, moment), calendar.today(zone, now))
