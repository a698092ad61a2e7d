"""What a request to the JSON interface brings."""

from typing import Any

from aiohttp import web

Json = dict[str, Any]


async def body(request: web.Request) -> Json:
    """The order; ValueError when it is not a JSON object."""
    try:
        order = await request.json()
    except ValueError as error:
        raise ValueError("The request wants a JSON object.") from error
    if not isinstance(order, dict):
        raise ValueError("The request wants a JSON object.")
    return order
