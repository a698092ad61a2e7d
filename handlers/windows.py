"""A form or a message, put where the person is."""

from handlers import blocks
from handlers.types import Ack, Client, Json


async def open_from(client: Client, body: Json, view: Json) -> None:
    """Over the window in which a button was pressed; beside a message as a window of its own."""
    if (body.get("view") or {}).get("type") == "modal":
        await client.views_push(trigger_id=body["trigger_id"], view=view)
    else:
        await client.views_open(trigger_id=body["trigger_id"], view=view)


async def answer(ack: Ack, client: Client, command: Json, reply: Json) -> None:
    """What a command is answered with: a form opens, a message only the person who typed it sees."""
    if reply.get("type") == "modal":
        await client.views_open(trigger_id=command["trigger_id"], view=reply)
        await ack()
    else:
        await ack(blocks.private(reply))
