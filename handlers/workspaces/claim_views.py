"""Being known in two workspaces as messages: the question whether somebody is oneself, its answers, and where one is written to. Pure."""

from collections.abc import Sequence

from handlers import blocks, buttons
from handlers.types import Json
from storage.claims import Told
from storage.links import Linked

YES, NO, PREFER = "claim_yes", "claim_no", "claim_prefer"


def question(told: Told) -> Json:
    """To the member, where they are known."""
    where, name = blocks.escaped(told.workspace.name), blocks.escaped(told.claim.name)
    first = f"Somebody in *{where}* with your e-mail address, *{name}*, wants to be known as you."
    yes = buttons.button("Yes, that is me", YES, str(told.claim.id), style="primary", confirm=_sure(told))
    no = buttons.button("No, that is not me", NO, str(told.claim.id))
    until = "Until you say so, they see nothing of yours. With no, your facilitators hear of it."
    return blocks.message(
        f"{first.replace('*', '')} Is that you? {until}",
        [blocks.section(f"{first} Is that you?"), blocks.actions(yes, no), blocks.context(until)],
    )


def waits(asked_in: str) -> Json:
    """To whoever wants to be known, while the member has not answered."""
    return blocks.message(
        f"Your e-mail address is that of somebody on the roster whom I know in the workspace {blocks.escaped(asked_in)}. I asked there, "
        "in a direct message, whether that is you. Once you press Yes there, I know you here, too."
    )


def cannot_ask(whom: str) -> Json:
    """To whoever wants to be known, when the member is known only where the app was removed."""
    return blocks.message(
        "Your e-mail address is that of somebody on the roster whom I know in another workspace, and I cannot ask there whether that is "
        f"you: I was removed from it. {whom}"
    )


def known_now(told: Told) -> Json:
    """To whoever wanted to be known, after the yes."""
    return blocks.message(
        f"You are known here now, as {blocks.escaped(told.member.name)}. Anything you could do elsewhere works here, too."
    )


def taken(told: Told) -> Json:
    """To whoever wanted to be known, and to the member, when somebody of that workspace has the place already."""
    return blocks.message(
        f"{blocks.escaped(told.member.name)} is known in {blocks.escaped(told.workspace.name)} as another user already, or that user as "
        "another person. Nothing was changed; the facilitators of the program can help."
    )


def not_you(whom: str) -> Json:
    """To whoever wanted to be known, after the no."""
    return blocks.message(
        "I asked the person on the roster with your e-mail address, and they say that they are not you. So I do not know you here. "
        f"{whom}"
    )


def confirmed(told: Told, known: Sequence[Linked]) -> Json:
    """In place of the question, after the yes."""
    text = f"You are known in *{blocks.escaped(told.workspace.name)}* now, too."
    return blocks.message(text.replace("*", ""), [blocks.section(text), *ways(known)])


def denied(told: Told) -> Json:
    """In place of the question, after the no."""
    text = (
        f"I told your facilitators that *{blocks.escaped(told.claim.name)}* in *{blocks.escaped(told.workspace.name)}* is not you. "
        "They see nothing of yours."
    )
    after_all = buttons.button("It is me after all", YES, str(told.claim.id), confirm=_sure(told))
    return blocks.message(text.replace("*", ""), [blocks.section(text), blocks.actions(after_all)])


def for_facilitators(told: Told) -> Json:
    """Somebody said that they are not who wants to be known as them."""
    name, where = blocks.escaped(told.claim.name), blocks.escaped(told.workspace.name)
    text = (
        f"*{blocks.escaped(told.member.name)}* says that *{name}* in the workspace *{where}*, who has the same e-mail address there, is "
        "somebody else. That user sees nothing. Should they have a seat, add them with an address of their own."
    )
    return blocks.message(text.replace("*", ""), [blocks.section(text)])


def ways(known: Sequence[Linked]) -> list[Json]:
    """Where one is written to, with a button for each other workspace in which one is known; nothing for who is known in one."""
    mine = sorted((one for one in known if one.user_id and not one.gone), key=_first)
    if len(mine) < 2:
        return []
    first, *others = mine
    text = f"I write to you in *{blocks.escaped(first.workspace.name)}*."
    return [
        blocks.section(text),
        blocks.actions(
            *(
                # Buttons of one block need action_ids of their own.
                buttons.button(
                    f"Write to me in {one.workspace.name} instead",
                    f"{PREFER}_{one.workspace.id}",
                    str(one.workspace.id),
                )
                for one in others[:5]
            )
        ),
    ]


def where(known: Sequence[Linked]) -> Json | None:
    """The same as a message of its own; None for who is known in one workspace."""
    body = ways(known)
    return blocks.message(str(body[0]["text"]["text"]).replace("*", ""), body) if body else None


def _sure(told: Told) -> Json:
    what = f"Whoever it is will see what you see, and can answer in your name, in {told.workspace.name}."
    return buttons.sure("Is that you?", what, "Yes, that is me", "Not sure")


def _first(one: Linked) -> tuple[object, ...]:
    """As `members.PREFERRED` sorts."""
    chosen = -one.chosen_at.timestamp() if one.chosen_at else 0.0
    return one.chosen_at is None, chosen, one.identity_id
