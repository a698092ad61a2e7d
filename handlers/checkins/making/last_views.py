"""The last steps of making a check-in: who answers and how long, and what will happen. Built and read back; pure."""

from dataclasses import dataclass, replace
from datetime import date

from handlers import blocks, buttons
from handlers.blocks import escaped
from handlers.cadence import Phases
from handlers.checkins.making import rules, words
from handlers.checkins.making.dates import Asking, Coming
from handlers.checkins.making.rules import Plan
from handlers.checkins.making.views import about_it, step
from handlers.checkins.making.words import WINDOWS
from handlers.checkins.wording import capital
from handlers.types import Json

PREVIEW = "checkin_making_preview"
ANSWERS, WINDOW, REMINDER, CHANNEL = "answers", "window", "reminder", "channel"
PER_CITY, ONCE = "city", "once"


def who_step(plan: Plan, about: str, *, own_channel: bool, note: str = "") -> Json:
    """Step 4; without `own_channel` the summary goes to a channel of another workspace, which can only be chosen there."""
    each = [
        blocks.option("Each delegate", "each"),
        blocks.option("One answer per city", PER_CITY),
    ]
    hint = "One per city: all its delegates are asked, and whoever answers first answers for it."
    windows = {**WINDOWS, plan.window_hours: words.window(plan)}
    hours = [blocks.option(capital(text), str(value)) for value, text in sorted(windows.items())]
    reminders = [blocks.option("Once, toward the end", ONCE), blocks.option("Never", "never")]
    body = [
        blocks.select(ANSWERS, "Who answers", each, chosen=PER_CITY if plan.one_per_city else "each", hint=hint),
        blocks.select(
            WINDOW,
            "Open for",
            hours,
            chosen=str(plan.window_hours),
            hint="Counted from each person's own moment; a late answer is still taken, and marked as late.",
        ),
        blocks.select(
            REMINDER,
            "Remind who has not answered",
            reminders,
            chosen=ONCE if plan.reminds else "never",
        ),
    ]
    if own_channel:
        about_channel = (
            "I have to be in it: /invite @Civic Cohort. Facilitators get privately what is not for the cohort."
        )
        body.append(blocks.field(CHANNEL, "Channel for the summary", _channels(plan.channel), hint=about_channel))
    else:
        elsewhere = (
            "The summary goes to a channel in another workspace. Whoever facilitates there can choose another one."
        )
        body.append(blocks.context(elsewhere))
    return step(plan, about, body, note=note)


def read_who(view: Json, plan: Plan, workspace_id: int) -> Plan:
    """What stands in step 4; a channel belongs to the workspace in which it was chosen."""
    changed = replace(
        plan,
        one_per_city=blocks.value_of(view, ANSWERS) == PER_CITY,
        window_hours=int(blocks.value_of(view, WINDOW) or plan.window_hours),
        reminds=blocks.value_of(view, REMINDER) != "never",
    )
    if CHANNEL not in view["state"]["values"]:
        return changed
    return replace(changed, channel=blocks.value_of(view, CHANNEL) or "", workspace=workspace_id)


@dataclass(frozen=True)
class Scene:
    """What the last step tells of: the cohort by name, the dates, whom it asks, and whether the channel is one of this workspace."""

    cohort: str
    coming: Coming
    asking: Asking
    phases: Phases
    today: date
    own_channel: bool = True


def last_step(plan: Plan, about: str, scene: Scene, note: str = "") -> Json:
    """Step 5: what will happen, in plain words."""
    name, told = escaped(rules.name_of(plan)), (scene.coming, scene.asking, scene.phases, scene.today)
    body = [blocks.section(f"*{name}* for {escaped(scene.cohort)}\n{words.happens(plan, *told)}")]
    body.append(blocks.section("*The questions, and who sees the answers*"))
    body += [
        blocks.section(f"*{number}.* {escaped(one['text'])}\n{about_it(one)}")
        for number, one in enumerate(plan.questions, 1)
    ]
    if plan.channel:
        where = blocks.channel(plan.channel) if scene.own_channel else "a channel in another workspace"
        closing = f"When a round closes, what the cohort may see is summed up in {where}; facilitators get the rest privately."
        body.append(blocks.section(closing))
    if plan.before:
        body = [blocks.section(words.changes(plan, *told)), blocks.divider(), *body]
    body.append(blocks.actions(buttons.button("Send me a preview", PREVIEW), block_id="preview"))
    return step(plan, about, body, note=note, submit="Save" if plan.check_in else "Make it")


def _channels(channel: str) -> Json:
    # Only channels: a summary is said to the cohort, never to one person.
    kinds = {"include": ["public", "private"], "exclude_bot_users": True}
    element: Json = {"type": "conversations_select", "action_id": CHANNEL, "filter": kinds}
    return {**element, "initial_conversation": channel} if channel else element
