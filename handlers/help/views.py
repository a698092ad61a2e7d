"""What the bot says about itself, and about messages that are no question. Pure."""

from handlers import blocks
from handlers.types import Json, Settings

QUOTED = 200


def abilities(settings: Settings) -> Json:
    """What the bot can do, in five lines with examples."""
    cohort, checkin = settings.command_cohort, settings.command_checkin
    commit, find = settings.command_commit, settings.command_practices
    lines = (
        "I keep your cohort's check-ins and commitments, and I know what other cities have done.",
        "• Ask me here, in your own words: _who has paid small vendors faster?_",
        f"• `{commit} publish the MWBE dashboard by next Friday` records a commitment; `{commit} mine` lists yours.",
        f"• `{checkin}` answers what is open for you; `{cohort} who procurement` finds people to talk to.",
        f"• `{find} inclusive procurement` finds practices for your eyes only. Each command also knows `help`.",
    )
    return _said("\n".join(lines))


def thanks(settings: Settings) -> Json:
    return _said(
        f"You are welcome. Ask me anything about what other cities have done, or type `{settings.command_practices} help`."
    )


def stop() -> Json:
    """Somebody wants to hear less."""
    return _said(
        "Nothing was changed: I cannot stop writing to you by myself yet. _Not this time_ on a check-in and "
        "_Remind no more this round_ on a reminder keep me quiet for that round. To end all of it, ask your facilitator to end your "
        "seat, or mute this conversation in Slack."
    )


def commitment(text: str, settings: Settings) -> Json:
    """Somebody wants to be reminded, or promises something: only the command records it."""
    command = settings.command_commit
    return _said(
        f"I read “{_quoted(text)}” as something you want to keep. Nothing is recorded yet: please type it after "
        f"`{command}`, with a date, for example `{command} call the auditor by next Friday`. I remind you on the day."
    )


def check_in(settings: Settings) -> Json:
    return _said(f"`{settings.command_checkin}` shows what is open for you, or when the next check-in comes.")


def cohort(settings: Settings) -> Json:
    command = settings.command_cohort
    return _said(
        f"`{command}` shows your cohorts; `{command} who procurement` finds people by city, role or expertise."
    )


def unclear(text: str, settings: Settings) -> Json:
    """A message that is no question: what was understood, and what can be done."""
    return _said(
        f"I read “{_quoted(text)}”, and I am not sure what you would like. If you are looking for what other cities have done, "
        f"ask me with a few words, for example _inclusive procurement_. `{settings.command_commit}` records a commitment; "
        "say _help_ for all that I can do."
    )


def _said(text: str) -> Json:
    plain = text.replace("• ", "").replace("\n", " ").replace("_", "")
    return blocks.message(plain, [blocks.section(text)])


def _quoted(text: str) -> str:
    return blocks.escaped(blocks.cut(text, QUOTED))
