"""Block Kit pieces that every feature uses, with the escaping and the lengths that Slack asks for. Pure."""

from collections.abc import Collection, Sequence
from datetime import date

from handlers.types import Json
from storage.models import Practice

SECTION_LIMIT = 3000
OPTION_LIMIT = 75
LINES_IN_SECTION = 20
ANSWERED, MISSED, PASSED = "▇", "▁", "–"
STEPS = "▁▂▃▄▅▆▇█"


def escaped(text: str) -> str:
    """What a person typed, safe in mrkdwn: `<!channel>` must not ring everybody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def channel(channel_id: str, elsewhere: str | None = None) -> str:
    """A channel to click on; one in another workspace, `elsewhere`, can only be spoken of."""
    return f"the channel in *{escaped(elsewhere)}*" if elsewhere else f"<#{channel_id}>"


def cut(text: str, limit: int) -> str:
    """A text that fits; a cut one ends in an ellipsis."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def section(text: str, *, accessory: Json | None = None) -> Json:
    """A paragraph of mrkdwn; user text in it must have gone through `escaped`."""
    block: Json = {"type": "section", "text": {"type": "mrkdwn", "text": cut(text, SECTION_LIMIT)}}
    return {**block, "accessory": accessory} if accessory else block


def context(text: str) -> Json:
    """Small gray print."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": cut(text, SECTION_LIMIT)}]}


def header(text: str) -> Json:
    return {"type": "header", "text": plain(text, 150)}


def divider() -> Json:
    return {"type": "divider"}


def actions(*buttons: Json, block_id: str | None = None) -> Json:
    block: Json = {"type": "actions", "elements": list(buttons)}
    return {**block, "block_id": block_id} if block_id else block


def packed(lines: Sequence[str]) -> list[Json]:
    """Lines as few sections, none of them longer than Slack takes."""
    packs: list[list[str]] = [[]]
    for line in lines:
        full = len(packs[-1]) >= LINES_IN_SECTION or sum(map(len, packs[-1])) + len(packs[-1]) + len(line) > 2900
        if full:
            packs.append([])
        packs[-1].append(cut(line, 2900))
    return [section("\n".join(pack)) for pack in packs if pack]


def turn_mark(*, answered: bool, declined: bool) -> str:
    """One turn in a small bar; the words beside the bar carry the numbers."""
    return ANSWERED if answered else PASSED if declined else MISSED


def level_bar(shares: Sequence[float]) -> str:
    """A small bar for each share (0 to 1), as high as the share is large."""
    return "".join(STEPS[min(len(STEPS) - 1, int(share * len(STEPS)))] for share in shares)


def message_address(domain: str, channel: str, ts: str) -> str:
    """The address of a message in the Slack workspace of this domain, as Slack forms it."""
    return f"https://{domain}.slack.com/archives/{channel}/p{ts.replace('.', '')}"


def plain(text: str, limit: int = OPTION_LIMIT) -> Json:
    return {"type": "plain_text", "text": cut(text, limit)}


def message(text: str, blocks: Sequence[Json] = ()) -> Json:
    """A message: `text` is the whole of it in one or two sentences, for notifications and screen readers."""
    return {"text": cut(text, 3900), "blocks": list(blocks)} if blocks else {"text": cut(text, 3900)}


def with_note(note: str, reply: Json) -> Json:
    """A message that begins with a remark, such as how the words were read."""
    noted = {**reply, "text": cut(f"{note.replace('*', '')} {reply['text']}", 3900)}
    return noted | {"blocks": [context(note), *(reply.get("blocks") or [section(reply["text"])])]}


def private(reply: Json) -> Json:
    """A message as the body of an ack: only the person who typed the command sees it."""
    return {"response_type": "ephemeral", **reply}


def option(text: str, value: str) -> Json:
    return {"text": plain(text), "value": value}


def text_input(
    block_id: str, label: str, *, value: str = "", hint: str = "", multiline: bool = False, optional: bool = False
) -> Json:
    """One input for text; its action_id is the block_id, so that readers need one name."""
    element: Json = {
        "type": "plain_text_input",
        "action_id": block_id,
        "multiline": multiline,
        "max_length": SECTION_LIMIT,
    }
    return field(
        block_id, label, {**element, "initial_value": value} if value else element, hint=hint, optional=optional
    )


def field(block_id: str, label: str, element: Json, *, hint: str = "", optional: bool = False) -> Json:
    """An input block around any element whose action_id is the block_id."""
    block: Json = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, 2000),
        "element": element,
        "optional": optional,
    }
    return {**block, "hint": plain(hint, 2000)} if hint else block


def select(
    block_id: str,
    label: str,
    options: Sequence[Json],
    *,
    chosen: str | None = None,
    hint: str = "",
    optional: bool = False,
) -> Json:
    """A menu of options; `chosen` is the value that stands in it at first."""
    element: Json = {"type": "static_select", "action_id": block_id, "options": list(options)}
    first = next((one for one in options if one["value"] == chosen), None)
    return field(
        block_id, label, {**element, "initial_option": first} if first else element, hint=hint, optional=optional
    )


def modal(
    callback_id: str, title: str, blocks: Sequence[Json], *, submit: str | None = None, private_metadata: str = ""
) -> Json:
    """A form; title and buttons are cut to 24 characters, as Slack takes no more."""
    view: Json = {"type": "modal", "callback_id": callback_id, "title": plain(title, 24), "blocks": list(blocks)}
    view |= {"close": plain("Cancel" if submit else "Close", 24), "private_metadata": private_metadata}
    return {**view, "submit": plain(submit, 24)} if submit else view


def date_picker(action_id: str, day: date | None) -> Json:
    """An element for a date; `day` stands in it at first."""
    element: Json = {"type": "datepicker", "action_id": action_id}
    return {**element, "initial_date": day.isoformat()} if day else element


def value_of(view: Json, block_id: str) -> str | None:
    """What stands in the input `block_id` of a submitted form; None when it is empty or absent."""
    state = view["state"]["values"].get(block_id, {}).get(block_id)
    if state is None:
        return None
    chosen = state.get("selected_option")
    if chosen:
        return str(chosen["value"])
    keys = ("value", "selected_date", "selected_time", "selected_channel", "selected_conversation", "selected_user")
    return next((str(state[key]) for key in keys if state.get(key)), None)


def values_of(view: Json, block_id: str) -> list[str]:
    """What is ticked in the checkboxes `block_id` of a form, or chosen in a menu that takes several."""
    state = view["state"]["values"].get(block_id, {}).get(block_id) or {}
    return [str(one["value"]) for one in state.get("selected_options") or []]


def checkboxes(
    block_id: str,
    label: str,
    options: Sequence[Json],
    *,
    ticked: Collection[str] = (),
    hint: str = "",
    optional: bool = True,
) -> Json:
    """Boxes to tick, ten at most; `ticked` are the values of those that are ticked at first."""
    element: Json = {"type": "checkboxes", "action_id": block_id, "options": list(options)}
    first = [one for one in options if one["value"] in ticked]
    return field(
        block_id, label, {**element, "initial_options": first} if first else element, hint=hint, optional=optional
    )


def practice_line(practice: Practice) -> str:
    """A practice by its number, with its title, and where and when it was done."""
    return f"*{practice.number} · {escaped(practice.title)}* — {escaped(where_and_when(practice))}"


def where_and_when(practice: Practice, most: int = 3) -> str:
    """Where it was done, of many places the first ones; and when, as people say it: "since 2018" for `2018-`."""
    some = [str(one) for one in practice.places]
    rest = len(some) - most
    return f"{'; '.join(some[:most])}{f' and {rest} more' if rest > 0 else ''}, {spoken_years(practice.years)}"


def spoken_years(years: str) -> str:
    if years.endswith("-"):
        since = years.rstrip("-").strip()
        return f"since {since.removeprefix('by ')} at the latest" if since.startswith("by ") else f"since {since}"
    return years.replace("-", "–") if years[:4].isdigit() else years
